"""The weekly page of a lead unit's head: what it shows, how it fits one sheet, when it is frozen and sent."""
