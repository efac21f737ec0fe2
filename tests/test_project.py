"""The frame of the project: pins, layout, texts and documents that must not drift apart."""

from __future__ import annotations

import io
import re
import subprocess
import tomllib
import unicodedata
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tools import messages

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("plans", "reader", "letters", "tasks", "people", "notifications", "app", "flows", "web", "cli")
LOCKS = ("dev.lock", "run.lock")


@cache
def pyproject() -> dict[str, dict[str, object]]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def project() -> dict[str, object]:
    return pyproject()["project"]


def name_of(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found, requirement
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def names_of(group: str) -> set[str]:
    if group == "dependencies":
        requirements = project()["dependencies"]
    else:
        extras = project()["optional-dependencies"]
        assert isinstance(extras, dict)
        requirements = extras[group]
    assert isinstance(requirements, list)
    return {name_of(requirement) for requirement in requirements}


@cache
def pins(lock: str) -> dict[str, str]:
    text = (ROOT / "requirements" / lock).read_text("utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==([^\s;]+)", text, re.MULTILINE))


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


@cache
def files_in_git() -> tuple[Path, ...]:
    """Tracked files; in a copy without git, all files outside hidden folders."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
        names = [name for name in listed.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        names = [str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if path.is_file()]
        names = [name for name in names if not name.startswith((".venv", ".git/")) and "__pycache__" not in name]
    return tuple(ROOT / name for name in names if (ROOT / name).is_file())


@cache
def texts_in_git() -> dict[str, str]:
    texts = {}
    for path in files_in_git():
        content = path.read_bytes()
        if b"\0" not in content:
            texts[path.relative_to(ROOT).as_posix()] = content.decode("utf-8")
    return texts


# --- Dependencies -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address_and_no_folder(lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text("utf-8")
    assert not re.search(r"://|index-url|find-links| @ |/tmp|/home|/root|[A-Z]:\\", text)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_of_a_lock_has_a_hash(lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text("utf-8")
    entries = re.split(r"^(?=[a-z0-9-]+==)", text, flags=re.MULTILINE)[1:]
    assert len(entries) > 50
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_the_combination_that_schedules_runs_is_pinned(lock: str) -> None:
    # Newer FastAPI: Prefect does not start. SQLAlchemy 2.1: it starts and never schedules (docs/dependencies.md).
    pinned = pins(lock)
    assert pinned["prefect"] == "3.8.8"
    assert (0, 150) <= numbers(pinned["fastapi"]) < (0, 151), "0.151 refuses the nulls that prefect deploy sends"
    assert (2, 0, 44) <= numbers(pinned["sqlalchemy"]) < (2, 1)


def test_pyproject_forbids_the_combinations_that_break_prefect() -> None:
    requirements = project()["dependencies"]
    assert isinstance(requirements, list)
    assert {"prefect==3.8.8", "fastapi>=0.150,<0.151", "sqlalchemy>=2.0.44,<2.1"} <= set(requirements)


def test_what_runs_is_what_was_tested() -> None:
    assert pins("run.lock").items() <= pins("dev.lock").items()


@pytest.mark.parametrize(
    ("lock", "groups"), [("run.lock", ("dependencies", "build")), ("dev.lock", ("dependencies", "dev", "build"))]
)
def test_a_lock_holds_every_dependency_of_pyproject(lock: str, groups: tuple[str, ...]) -> None:
    assert set().union(*map(names_of, groups)) - pins(lock).keys() == set()


def test_every_dependency_is_explained_and_nothing_else() -> None:
    text = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    explained = {name_of(title) for title in re.findall(r"^### (.+)$", text, re.MULTILINE)}
    assert explained == names_of("dependencies") | names_of("dev") | names_of("build")


def test_the_explained_versions_are_the_pinned_ones() -> None:
    text = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    told = {name_of(name): version for name, version in re.findall(r"^### (\S+)\n+Version (\S+) ", text, re.MULTILINE)}
    expected = names_of("dependencies") | names_of("dev") | names_of("build")
    assert told == {name: version for name, version in pins("dev.lock").items() if name in expected}


# --- Layout -----------------------------------------------------------------------------------------------------


def test_every_folder_of_tests_is_a_package() -> None:
    folders = {path.parent for path in (ROOT / "tests").rglob("*.py")}
    assert [str(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_folder_of_a_package_with_code_is_a_package(package: str) -> None:
    # Alembic loads its migrations by path, so that folder alone need not be one.
    folders = {path.parent for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts}
    assert folders
    assert [str(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_no_flow_module_hides_a_package() -> None:
    # A path entrypoint of Prefect puts flows/ first on the import path.
    names = {path.stem for path in (ROOT / "flows").iterdir()}
    assert names & set(PACKAGES) == set()


def test_the_changelog_begins_with_the_version_of_the_project() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    first = re.search(r"^## (\S+)", text, re.MULTILINE)
    assert first
    assert first[1] == project()["version"]


def test_links_between_documents_lead_somewhere() -> None:
    broken = []
    for name, text in texts_in_git().items():
        if name.endswith(".md"):
            for target in re.findall(r"\]\(([^)#\s]+)", text):
                if "://" not in target and not target.startswith("mailto:"):
                    there = (ROOT / name).parent / target
                    broken += [] if there.exists() else [f"{name}: {target}"]
    assert broken == []


# --- Texts ------------------------------------------------------------------------------------------------------


def test_every_test_that_the_bad_days_name_is_there() -> None:
    named = re.findall(r"`(test_\w+)`", (ROOT / "docs" / "bad-days.md").read_text("utf-8"))
    there = {
        found
        for file in (ROOT / "tests" / "baddays").glob("test_*.py")
        for found in re.findall(r"^def (test_\w+)", file.read_text("utf-8"), re.M)
    }
    assert len(named) > 30
    assert set(named) <= there


def test_every_text_file_is_nfc() -> None:
    # Vietnamese letters have two spellings in Unicode; mixed, the same word is not found.
    wrong = [name for name, text in texts_in_git().items() if not unicodedata.is_normalized("NFC", text)]
    assert wrong == []


def test_no_text_file_names_a_folder_of_somebodys_machine() -> None:
    # Put together here, so that this file does not find itself.
    machine = re.compile(r"(?<![\w.])/(?:" + "|".join(["wo" + "rk", "ro" + "ot", "home/[a-z]", "Us" + "ers"]) + r")/")
    found = [f"{name}: {hit[0]}" for name, text in texts_in_git().items() if (hit := machine.search(text))]
    assert found == []


def test_the_collected_texts_are_those_of_the_code() -> None:
    stale = [path.name for path, content in messages.wanted_files().items() if path.read_bytes() != content]
    assert stale == [], "run: make messages"


@pytest.mark.parametrize("translation", [messages.ENGLISH, messages.CLICK], ids=lambda t: f"{t.domain}-{t.language}")
def test_a_compiled_catalogue_is_its_source(translation: messages.Translation) -> None:
    source = read_po(io.BytesIO(translation.po.read_bytes()), locale=translation.language)
    assert translation.mo.read_bytes() == messages.as_mo(source)


@pytest.mark.parametrize("translation", [messages.ENGLISH, messages.CLICK], ids=lambda t: f"{t.domain}-{t.language}")
def test_every_text_is_translated(translation: messages.Translation) -> None:
    assert messages.untranslated(translation) == []


@pytest.mark.parametrize("translation", [messages.ENGLISH, messages.CLICK], ids=lambda t: f"{t.domain}-{t.language}")
def test_a_translation_uses_only_the_fields_of_its_text(translation: messages.Translation) -> None:
    wrong = []
    for message in translation.read():
        known = set().union(*map(fields, variants(message.id)))
        strange = set().union(*map(fields, variants(message.string))) - known
        wrong += [f"{message.id}: {strange}"] if message.id and strange else []
    assert wrong == []


def test_an_english_text_keeps_the_fields_line_breaks_and_edges_of_its_vietnamese() -> None:
    # A field left out would silently drop a date or a name from a message.
    changed = [
        message.id
        for message in messages.ENGLISH.read()
        for form in variants(message.string)
        if message.id and shape(variants(message.id)[0]) != shape(form)
    ]
    assert changed == []


def test_english_counts_in_forms_and_not_in_brackets() -> None:
    # "1 day", "2 days": a text that counts is written with ``_n``.
    forms = [form for message in messages.ENGLISH.read() for form in variants(message.string)]
    assert [form for form in forms if "(s)" in form or "(es)" in form] == []


def shape(text: str) -> tuple[list[str], int, bool, bool]:
    """The fields with their formats, how many lines, whether a space begins or ends it."""
    return sorted(re.findall(r"\{[^{}]*\}", text)), text.count("\n"), text[:1] == " ", text[-1:] == " "


def variants(text: object) -> tuple[str, ...]:
    """A text, or its forms for one and for many."""
    return tuple(map(str, text)) if isinstance(text, list | tuple) else (str(text or ""),)


def fields(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)", text)) | set(re.findall(r"%\((\w+)\)", text))
