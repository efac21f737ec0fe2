"""The Tesseract of the tests, with Vietnamese: ``python -m tools.tesseract`` finds it or installs it.

Installed are Debian's packages, as root. Elsewhere it says which they are; the tests that need it skip and say so.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from reader.sources import recognition
from reader.sources.errors import INSTALL

ADVICE = f"no Tesseract with Vietnamese: run `make tesseract` as root, or {INSTALL}"
_PACKAGES = ("tesseract-ocr", "tesseract-ocr-vie")
_PATIENCE = 600


def is_there() -> bool:
    """Whether pictures of Vietnamese pages can be read."""
    recognition.languages.cache_clear()
    return recognition.is_there()


def install() -> None:
    """Takes Debian's packages, where that can be done without asking anybody."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["-q", "update"], ["-qy", "install", "--no-install-recommends", *_PACKAGES]):
        print("tesseract:", "apt-get", *words, file=sys.stderr, flush=True)
        try:
            subprocess.run([apt, *words], env=environment, stdin=subprocess.DEVNULL, timeout=_PATIENCE, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            print("tesseract:", error, file=sys.stderr)


def main() -> int:
    if not is_there():
        install()
    print("tesseract:", shutil.which("tesseract") if is_there() else ADVICE, file=sys.stderr)
    return 0  # tests without it are worth running; whether they may be skipped, tests/conftest.py decides


if __name__ == "__main__":
    sys.exit(main())
