"""The message catalogues of plans/locale: collect the texts, merge them into the catalogues, compile, check.

``python tools/messages.py update`` does the first three, ``check`` says what ``update`` would change and which
texts have no translation. The files hold no dates and no line numbers, so that only changed texts change them.
"""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click as click_library
from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "plans" / "locale"
PACKAGES = ("plans", "reader", "letters", "tasks", "people", "notifications", "app", "flows", "web", "cli")
TEMPLATE = LOCALE / "dondoc.pot"

# ``N_`` marks a text that is looked up later (``_(_WEEKDAYS[n])``); see plans/locale/README.md.
# ``_n`` names its one Vietnamese form once; the other language has as many as it needs.
KEYWORDS = {"_": None, "N_": None, "_n": (1, 1), "gettext": None, "ngettext": (1, 2)}
_METHODS = [("**.py", "python"), ("templates/**", "jinja2")]
_HEADERS = ("Language", "Plural-Forms", "MIME-Version", "Content-Type", "Content-Transfer-Encoding")
_NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)  # the compiled form must hold one; always the same


@dataclass(frozen=True)
class Translation:
    """One catalogue: a language of one domain."""

    domain: str
    language: str

    @property
    def po(self) -> Path:
        return LOCALE / self.language / "LC_MESSAGES" / f"{self.domain}.po"

    @property
    def mo(self) -> Path:
        return self.po.with_suffix(".mo")

    def read(self) -> Catalog:
        """The catalogue as it stands in the .po file."""
        with self.po.open("rb") as file:
            return read_po(file, locale=self.language, domain=self.domain, abort_invalid=True)


ENGLISH = Translation("dondoc", "en")
CLICK = Translation("click", "vi")  # the command line library speaks only English by itself


def product_texts() -> Catalog:
    """Every text that the code and the templates of the product hand to gettext."""
    texts = Catalog(project="dondoc", domain="dondoc", charset="utf-8")
    for package in PACKAGES:
        _collect(texts, ROOT / package, shown_below=ROOT)
    return texts


def click_texts() -> Catalog:
    """Every text of the installed click that it hands to gettext."""
    texts = Catalog(project="click", domain="click", charset="utf-8")
    folder = Path(click_library.__file__).parent
    _collect(texts, folder, shown_below=folder.parent)
    return texts


def _collect(texts: Catalog, folder: Path, *, shown_below: Path) -> None:
    found = extract_from_dir(folder, _METHODS, {"templates/**": {"silent": "false"}}, KEYWORDS)
    for name, _line, text, comments, context in found:
        place = (folder / name).relative_to(shown_below).as_posix()
        texts.add(text, None, [(place, 0)], auto_comments=comments, context=context)


def as_po(catalogue: Catalog) -> bytes:
    """The text of a .po or .pot file: sorted by text, with file names but no line numbers, without dates."""
    out = io.BytesIO()
    write_po(out, catalogue, width=120, sort_output=True, ignore_obsolete=True, include_lineno=False)
    lines = out.getvalue().decode().lstrip().splitlines(keepends=True)
    head, body = _split_header(lines)
    kept = [line for line in head if line.startswith(("msgid", "msgstr")) or _is_kept_header(line)]
    return "".join([*kept, *body]).rstrip().encode() + b"\n"


def _split_header(lines: list[str]) -> tuple[list[str], list[str]]:
    end = lines.index("\n") if "\n" in lines else len(lines)
    return lines[:end], lines[end:]


def _is_kept_header(line: str) -> bool:
    return line.startswith(tuple(f'"{name}:' for name in _HEADERS))


def as_mo(catalogue: Catalog) -> bytes:
    """The compiled form of a catalogue; texts without a translation are left out and shown as written."""
    catalogue.creation_date = catalogue.revision_date = _NO_DATE
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def merged(translation: Translation, texts: Catalog) -> Catalog:
    """The catalogue with exactly these texts: new ones untranslated, gone ones dropped, nothing guessed."""
    catalogue = translation.read() if translation.po.exists() else Catalog(translation.language, translation.domain)
    catalogue.update(texts, no_fuzzy_matching=True)
    return catalogue


def wanted_files() -> dict[Path, bytes]:
    """Every file of plans/locale that is made by a machine, with what it should hold."""
    texts = product_texts()
    files = {TEMPLATE: as_po(texts)}
    for translation, source in ((ENGLISH, texts), (CLICK, click_texts())):
        catalogue = merged(translation, source)
        files[translation.po] = as_po(catalogue)
        # Compiled from what the file says, not from memory, so that .po and .mo cannot differ.
        files[translation.mo] = as_mo(read_po(io.BytesIO(files[translation.po]), locale=translation.language))
    return files


def untranslated(translation: Translation) -> list[str]:
    """The texts of a catalogue that have no translation yet."""
    return [str(message.id) for message in translation.read() if message.id and not _is_done(message.string)]


def _is_done(string: object) -> bool:
    return all(string) if isinstance(string, tuple) else bool(string)


def update() -> None:
    """Writes what is not as it should be."""
    for path, content in wanted_files().items():
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            print(f"written: {path.relative_to(ROOT)}")
    for translation in (ENGLISH, CLICK):
        print(f"{translation.po.relative_to(ROOT)}: {len(untranslated(translation))} without translation")


def problems() -> list[str]:
    """What ``update`` would change, and what a person still has to translate."""
    stale = [
        f"{path.relative_to(ROOT)} is not current: make messages"
        for path, content in wanted_files().items()
        if not path.exists() or path.read_bytes() != content
    ]
    empty = [
        f"{translation.po.relative_to(ROOT)}: no translation for {text!r}"
        for translation in (ENGLISH, CLICK)
        if translation.po.exists()
        for text in untranslated(translation)
    ]
    return stale + empty


def main(arguments: list[str]) -> int:
    """Runs ``update`` or ``check``; answers with the exit code."""
    if arguments == ["update"]:
        update()
        return 0
    if arguments == ["check"]:
        found = problems()
        print(*found, sep="\n", end="\n" if found else "")
        return 1 if found else 0
    print("usage: python tools/messages.py update|check", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
