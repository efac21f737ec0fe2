"""The ``dondoc`` command: one file per group of commands. Nothing here decides; it asks and prints."""
