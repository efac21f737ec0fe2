"""The form that writes plans: what is typed, as the document of a plan file, and back."""
