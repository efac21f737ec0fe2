"""``dondoc audit verify`` and its contract."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select, text, update

from app.settings import Settings
from app.verifying import last_checked
from tasks.database import make_engine, reading, writing
from tasks.tables import audit_event, audit_seal
from tests.cli.conftest import PLAN, YEARLY, Terminal


@pytest.fixture
def forged(followed: Terminal) -> Terminal:
    """The owner of the database has altered the first row."""
    engine = make_engine(Settings().url)
    with writing(engine) as c:
        if engine.dialect.name == "postgresql":
            c.execute(text("ALTER TABLE audit_event DISABLE TRIGGER USER"))
        else:
            c.execute(text("DROP TRIGGER audit_event_no_update"))
        first = select(audit_seal.c.event_id).where(audit_seal.c.place == 1).scalar_subquery()
        c.execute(update(audit_event).where(audit_event.c.id == first).values(actor="ai đó"))
        if engine.dialect.name == "postgresql":
            c.execute(text("ALTER TABLE audit_event ENABLE TRIGGER USER"))
    engine.dispose()
    return followed


def test_what_commands_write_is_intact(followed: Terminal) -> None:
    before = followed.json("audit", "verify")
    followed("waive", YEARLY, "--reason", "VB 3")
    followed("advance")
    after = followed.json("audit", "verify")
    assert set(after) == {"as_of", "intact", "rows", "head", "fault", "not_sealed", "asked"}
    assert (after["intact"], after["fault"], after["not_sealed"], after["asked"]) == (True, None, 0, None)
    assert after["rows"] == after["head"]["place"] > before["rows"] > 0
    assert len(after["head"]["hash"]) == 64
    assert after["head"]["hash"] != before["head"]["hash"]
    assert after["head"]["at"].endswith("+07:00")


def test_it_says_so_in_words(followed: Terminal) -> None:
    said = followed("audit", "verify").output
    assert said.startswith("Sổ kiểm tra nguyên vẹn: ")
    assert "Mã đầu chuỗi: " in said
    assert max(map(len, said.splitlines())) <= 100


def test_a_fresh_home_has_an_empty_trail(run: Terminal) -> None:
    assert run.json("audit", "verify")["head"] is None
    assert "0 dòng" in run("audit", "verify").output


@pytest.mark.parametrize("grouped", [False, True])
def test_a_head_from_a_mail_is_found_as_it_is_printed(followed: Terminal, grouped: bool) -> None:
    head = followed.json("audit", "verify")["head"]
    followed("waive", YEARLY, "--reason", "VB 3")
    digits = head["hash"][:32]
    typed = " ".join(digits[n : n + 4] for n in range(0, 32, 4)).upper() + " …" if grouped else digits
    found = followed.json("audit", "verify", "--head", typed)
    assert found["intact"]
    assert found["asked"] == {"head": digits, "found": head}
    assert "sổ đúng như khi gửi thư" in " ".join(followed("audit", "verify", "--head", typed).output.split())


def test_a_head_that_is_not_in_the_chain_is_a_failure(followed: Terminal) -> None:
    said = followed("audit", "verify", "--head", "0123456789ab", code=1).output
    assert said.startswith("SỔ KIỂM TRA KHÔNG KHỚP VỚI THƯ")
    assert "nguyên vẹn:" not in said


@pytest.mark.parametrize("typed", ["0123456789a", "g" * 12, "0" * 65, "…"])
def test_what_cannot_be_a_head_is_refused(followed: Terminal, typed: str) -> None:
    assert "không phải mã đầu chuỗi" in followed("audit", "verify", "--head", typed, code=2).output


def test_an_altered_row_is_named_with_its_facts(forged: Terminal) -> None:
    said = forged("audit", "verify", code=1).output
    assert said.startswith("SỔ KIỂM TRA KHÔNG CÒN NGUYÊN VẸN.")
    assert "dòng thứ 1 của chuỗi không khớp mã" in said
    assert "actor: ai đó" in said


def test_the_json_form_names_the_fault(forged: Terminal) -> None:
    found = json.loads(forged("audit", "verify", "--format", "json", code=1).stdout)
    assert (found["intact"], found["rows"]) == (False, 0)
    assert (found["fault"]["problem"], found["fault"]["place"]) == ("altered", 1)
    assert found["fault"]["event"]["actor"] == "ai đó"
    assert found["fault"]["event"]["at"].endswith("+07:00")


@pytest.mark.parametrize("form", ["table", "json"])
@pytest.mark.parametrize("value", ["CAST(x'ff41' AS TEXT)", "x'ff41'"])
def test_bytes_that_are_no_text_are_told_and_do_not_stop_the_command(followed: Terminal, form: str, value: str) -> None:
    if not Settings().url.startswith("sqlite"):
        pytest.skip("only SQLite keeps bytes that are no text")
    engine = make_engine(Settings().url)
    with writing(engine) as c:
        c.execute(text("DROP TRIGGER audit_event_no_update"))
        c.execute(text(f"UPDATE audit_event SET actor = {value} WHERE id = 2"))  # noqa: S608
    engine.dispose()
    said = followed("audit", "verify", "--format", form, code=1).stdout
    if form == "json":
        assert json.loads(said)["fault"]["place"] == 2
    else:
        assert "dòng thứ 2 của chuỗi không khớp mã" in said


def test_the_list_of_the_missed_stays_what_it_was(followed: Terminal) -> None:
    assert set(followed.json("audit", "--plan", PLAN)) == {"as_of", "missed", "rates"}


def test_the_page_shows_when_the_command_last_looked(followed: Terminal) -> None:
    rows = followed.json("audit", "verify")["rows"]
    engine = make_engine(Settings().url)
    with reading(engine) as c:
        seen = last_checked(c)
    engine.dispose()
    assert seen is not None
    assert (seen.intact, seen.whole, seen.rows, seen.problem) == (True, True, rows, None)


def test_a_fault_that_the_command_found_is_shown_as_well(forged: Terminal) -> None:
    forged("audit", "verify", code=1)
    engine = make_engine(Settings().url)
    with reading(engine) as c:
        seen = last_checked(c)
    engine.dispose()
    assert seen is not None
    assert (seen.intact, seen.problem, seen.place) == (False, "altered", 1)
