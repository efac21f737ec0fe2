"""The whole register in one file that can be read in twenty years, and back: docs/backup.md."""
