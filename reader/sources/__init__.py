"""From a file to its text: plain text, Word, PDF, scans and pictures, web pages. What each format gives stands in
docs/reader-formats.md.
"""

from reader.sources.errors import Reason, SourceError
from reader.sources.limits import USUAL, Limits
from reader.sources.reading import Progress, read_bytes, read_document

__all__ = ["USUAL", "Limits", "Progress", "Reason", "SourceError", "read_bytes", "read_document"]
