"""``python -m cli`` is the same as ``dondoc``."""

from cli.main import run

run()
