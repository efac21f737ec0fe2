"""The chain over the trail: sealed in the same transaction, and every way of tampering is found."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, timedelta, timezone
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, event, func, insert, select, text, update
from sqlalchemy.engine import Connection, Row
from sqlalchemy.exc import OperationalError

from app.database import migrate
from tasks import seal, seal_check, trail
from tasks.database import before_commit, make_engine, reading, trying, writing
from tasks.seal_check import Problem, Verdict, verify
from tasks.seal_form import FACTS, GENESIS, canonical_v1, hash_v1
from tasks.tables import audit_event, audit_seal
from tests.support import DATABASES, Valley, at, opened

NOON = at("2024-03-12 12:00")
# What comes back changed from a careless store: numbers that JSONB writes out, zeros, letters beyond the basic plane.
ODD: dict[str, Any] = {
    "z": [1e23, 1e-7, -0.0, 1.0, 0.1, 2**70, -12, True, False, None],
    "Ổ": {"b": 'quote " backslash \\ tab \t line \n del \x7f sep \u2028', "a": "Quá hạn 😀 e\u0301"},
    "": {},
    "e": [],
}
ODD_BYTES = (
    '{"actor":"Nguyễn Văn A","agency_id":null,"at":"2024-03-12T05:00:00.000000+00:00","data":{"":{},"e":[],"z":'
    "[100000000000000000000000,0.0000001,0,1,0.1,1180591620717411303424,-12,true,false,null],"
    '"Ổ":{"a":"Quá hạn 😀 e\u0301","b":"quote \\" backslash \\\\ tab \\t line \\n del \x7f sep \u2028"}},'
    '"id":ID,"kind":"odd","occurrence_id":"p/d/a/2024","plan_id":"p"}'
)


def write(c: Connection, *kinds: str, sample: bool = False) -> None:
    entries = [trail.Entry(kind, "p", data={"n": number}, sample=sample) for number, kind in enumerate(kinds)]
    trail.write(c, entries, now=NOON, actor="test")


def chain(engine: Engine) -> list[Row[Any]]:
    with reading(engine) as c:
        joined = select(audit_seal, audit_event.c.kind).join(audit_event, audit_event.c.id == audit_seal.c.event_id)
        return list(c.execute(joined.order_by(audit_seal.c.place)))


def check(engine: Engine, asked: str | None = None) -> Verdict:
    with reading(engine) as c:
        return verify(c, asked=asked)


# -- the form --


def test_the_form_of_a_row_never_changes() -> None:
    """These bytes and hashes are in the registers and mails of offices: a change here is a mistake."""
    assert GENESIS == "d4f3d00247c3c255fa9b27c8a8fceb1f20aef32b6933eb4c0022c8b89dc2557c"
    facts = {
        "id": 7, "at": NOON, "actor": "Nguyễn Văn A", "kind": "odd", "plan_id": "p", "occurrence_id": "p/d/a/2024",
        "agency_id": None, "data": ODD, "sample": False,
    }  # fmt: skip
    wanted = ODD_BYTES.replace("ID", "7").encode()
    assert canonical_v1(facts) == wanted
    first = hash_v1(GENESIS, facts)
    assert first == sha256(GENESIS.encode() + wanted).hexdigest()
    assert first == "6c1c11437267328521fd8413923c62d23cfcac5cf54ed22dca38dfd66f6210e9"
    assert hash_v1(first, facts) == "702d6688215f3601c4af6a179b27c8fd2865e9d4e15012b89123a6c4d390d1b9"


def test_a_row_has_the_same_bytes_out_of_either_database(engine: Engine) -> None:
    with writing(engine) as c:
        entry = trail.Entry("odd", "p", "p/d/a/2024", data=ODD)
        trail.write(c, [entry], now=NOON.astimezone(timezone(timedelta(hours=-9))), actor="Nguyễn Văn A")
    with reading(engine) as c:
        row = c.execute(select(*(audit_event.c[name] for name in FACTS))).one()
    assert canonical_v1(row._asdict()).decode() == ODD_BYTES.replace("ID", str(row.id))
    assert check(engine).intact


_LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
_JSON = st.recursive(_LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@given(_JSON)
def test_the_form_is_json_of_the_same_value(value: Any) -> None:
    facts = dict.fromkeys(FACTS) | {"at": NOON, "data": value}
    told = canonical_v1(facts).decode("utf-8", "surrogatepass")
    assert json.loads(told, parse_int=Decimal, parse_float=Decimal)["data"] == _exact(value)
    assert canonical_v1(facts | {"data": json.loads(told)["data"]}).decode("utf-8", "surrogatepass") == told


def _exact(value: Any) -> Any:
    match value:
        case list():
            return [_exact(item) for item in value]
        case dict():
            return {key: _exact(item) for key, item in value.items()}
        case float():
            return Decimal(repr(value))
        case _:
            return value


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_cannot_be_sealed(value: float) -> None:
    with pytest.raises(ValueError, match="not a number"):
        canonical_v1(dict.fromkeys(FACTS) | {"at": NOON, "data": [value]})


def test_what_json_has_no_form_for_cannot_be_sealed() -> None:
    with pytest.raises(TypeError, match="set"):
        canonical_v1(dict.fromkeys(FACTS) | {"at": NOON, "data": {1}})


# -- sealing --


def test_rows_are_sealed_in_the_order_of_their_transactions_without_a_gap(engine: Engine) -> None:
    with writing(engine) as c:
        write(c, "a", "b")
        write(c, "c")
    with writing(engine) as c:
        write(c, "d")
    found = chain(engine)
    assert [row.kind for row in found] == ["a", "b", "c", "d"]
    assert [row.place for row in found] == [1, 2, 3, 4]
    with reading(engine) as c:
        newest = seal.head(c)
    assert newest == (4, found[-1].hash, NOON.astimezone(UTC))


def test_rows_of_the_sample_stay_outside_the_chain(engine: Engine) -> None:
    with writing(engine) as c:
        write(c, "real")
        write(c, "invented", sample=True)
        write(c, "real too")
    assert [row.kind for row in chain(engine)] == ["real", "real too"]
    with writing(engine) as c:
        c.execute(delete(audit_event).where(audit_event.c.sample.is_(True)))
    assert check(engine).intact


def test_more_rows_than_a_batch(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seal, "BATCH", 3)
    with writing(engine) as c:
        write(c, *"abcdefgh")
    verdict = check(engine)
    assert (verdict.intact, verdict.rows) == (True, 8)


def test_a_trail_outside_a_writing_transaction_is_refused(engine: Engine) -> None:
    with pytest.raises(RuntimeError, match=r"tasks\.database\.writing"), engine.begin() as c:
        write(c, "a")
    assert check(engine).head is None


def test_what_is_written_after_the_sealing_is_refused_with_all_the_rest(engine: Engine) -> None:
    def late() -> None:
        with writing(engine) as c:
            write(c, "a")
            before_commit(c, "later", lambda connection: write(connection, "b"))

    with pytest.raises(RuntimeError, match="sealed already"):
        late()
    assert check(engine) == Verdict(0, None)


def test_a_transaction_that_cannot_be_sealed_is_undone_whole(valley: Valley, monkeypatch: pytest.MonkeyPatch) -> None:
    valley.follow()
    before = valley.events()

    def broken(_previous: str, _facts: object) -> str:
        raise OSError("no hash today")

    with monkeypatch.context() as patch:
        patch.setattr(seal, "hash_v1", broken)
        with pytest.raises(OSError, match="no hash"):
            valley.waive("thung-lung/ke-hoach/so-tai-chinh/once")
    assert valley.events() == before
    assert valley.occurrence("thung-lung/ke-hoach/so-tai-chinh/once").state == "open"
    assert check(valley.engine).intact


def test_a_trial_leaves_no_seal(engine: Engine) -> None:
    with trying(engine) as c:
        write(c, "a")
    assert check(engine) == Verdict(0, None)


def test_what_went_with_a_savepoint_is_not_sealed(engine: Engine) -> None:
    with writing(engine) as c:
        write(c, "a")
        inner = c.begin_nested()
        write(c, "b")
        inner.rollback()
        write(c, "c")
    assert [row.kind for row in chain(engine)] == ["a", "c"]
    assert check(engine).intact


def test_a_life_of_a_plan_is_sealed_whole(valley: Valley) -> None:
    valley.follow().run("2024-02-01 08:10")
    for morning in ("2024-03-08", "2024-03-18", "2024-03-19", "2024-03-20"):
        valley.run(f"{morning} 07:30")
    valley.record("thung-lung/ke-hoach/so-tai-chinh/once", received="2024-03-20")
    verdict = check(valley.engine)
    assert verdict.intact
    assert verdict.rows == len(valley.events()) > 10


# -- tampering, by whoever owns the database --


def _unguard(c: Connection) -> None:
    """What only the owner can: no triggers, no foreign key, no unique place."""
    if c.dialect.name == "postgresql":
        c.execute(text("ALTER TABLE audit_event DISABLE TRIGGER USER"))
        c.execute(text("ALTER TABLE audit_seal DISABLE TRIGGER USER"))
        c.execute(text("ALTER TABLE audit_seal DROP CONSTRAINT fk_audit_seal_event_id_audit_event"))
        return
    for name in c.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all():
        c.execute(text(f"DROP TRIGGER {name}"))


def tamper(engine: Engine, work: Callable[[Connection], None]) -> None:
    with engine.connect() as c:
        if c.dialect.name == "sqlite":
            c.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        with c.begin():
            _unguard(c)
            work(c)


@pytest.fixture(params=DATABASES)
def seven(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """Seven rows in three transactions, in a database that nobody uses again."""
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path / 'seven.db'}"
        if request.param == "postgresql":
            url = stack.enter_context(request.getfixturevalue("postgresql").copied())
        made = make_engine(url)
        stack.callback(made.dispose)
        migrate(made)
        for kinds in ("abc", "de", "fg"):
            with writing(made) as c:
                write(c, *kinds)
        yield made


def _id(c: Connection, place: int) -> int:
    return int(c.execute(select(audit_seal.c.event_id).where(audit_seal.c.place == place)).scalar_one())


def _set(place: int, **values: Any) -> Callable[[Connection], None]:
    def work(c: Connection) -> None:
        c.execute(update(audit_event).where(audit_event.c.id == _id(c, place)).values(**values))

    return work


def _sql(statement: str) -> Callable[[Connection], None]:
    def work(c: Connection) -> None:
        c.exec_driver_sql(statement)

    return work


def _drop_row(c: Connection) -> None:
    c.execute(delete(audit_event).where(audit_event.c.id == _id(c, 4)))


def _drop_row_and_seal(c: Connection) -> None:
    row = _id(c, 4)
    c.execute(delete(audit_seal).where(audit_seal.c.place == 4))
    c.execute(delete(audit_event).where(audit_event.c.id == row))


def _drop_first(c: Connection) -> None:
    c.execute(delete(audit_seal).where(audit_seal.c.place == 1))


def _close_the_gap(c: Connection) -> None:
    _drop_row_and_seal(c)
    for place in (5, 6, 7):
        c.execute(update(audit_seal).where(audit_seal.c.place == place).values(place=place - 1))


def _exchange(c: Connection) -> None:
    first, second = _id(c, 2), _id(c, 4)
    for place, row in ((2, -1), (4, first), (2, second)):
        c.execute(update(audit_seal).where(audit_seal.c.place == place).values(event_id=row))


def _other_hash(c: Connection) -> None:
    c.execute(update(audit_seal).where(audit_seal.c.place == 4).values(hash="0" * 64))


def _foreign_seal(c: Connection) -> None:
    c.execute(insert(audit_seal).values(place=8, event_id=999, hash="0" * 64))


def _slip_in(c: Connection) -> None:
    values = {"at": NOON, "actor": "x", "kind": "slipped in", "data": {}, "sample": False}
    c.execute(insert(audit_event).values(**values))


def _slip_in_sealed(c: Connection) -> None:
    """With a seal that is right by itself, but not in the chain."""
    _slip_in(c)
    row = c.execute(select(func.max(audit_event.c.id))).scalar_one()
    facts = c.execute(select(*(audit_event.c[n] for n in FACTS)).where(audit_event.c.id == row)).one()._asdict()
    c.execute(insert(audit_seal).values(place=8, event_id=row, hash=hash_v1(GENESIS, facts)))


@pytest.mark.parametrize(
    ("work", "problem", "place", "kind"),
    [
        (_set(4, actor="somebody else"), Problem.ALTERED, 4, "d"),
        (_set(4, data={"n": 1}), Problem.ALTERED, 4, "d"),
        (_set(4, data={"n": 0, "m": None}), Problem.ALTERED, 4, "d"),
        (_set(4, kind="e"), Problem.ALTERED, 4, "e"),
        (_set(4, at=NOON + timedelta(microseconds=1)), Problem.ALTERED, 4, "d"),
        (_set(4, plan_id=None), Problem.ALTERED, 4, "d"),
        (_set(4, agency_id="u.x"), Problem.ALTERED, 4, "d"),
        (_set(4, occurrence_id="p/d/a/once"), Problem.ALTERED, 4, "d"),
        (_set(7, sample=True), Problem.ALTERED, 7, "g"),
        (_set(7, id=4711), Problem.ROW_GONE, 7, None),
        (_drop_row, Problem.ROW_GONE, 4, None),
        (_drop_row_and_seal, Problem.GAP, 4, None),
        (_drop_first, Problem.GAP, 1, None),
        (_close_the_gap, Problem.ALTERED, 4, "e"),
        (_exchange, Problem.ALTERED, 2, "d"),
        (_other_hash, Problem.ALTERED, 4, "d"),
        (_foreign_seal, Problem.ROW_GONE, 8, None),
        (_slip_in, Problem.NOT_SEALED, None, "slipped in"),
        (_slip_in_sealed, Problem.ALTERED, 8, "slipped in"),
    ],
    ids=[
        "actor", "data", "key", "kind", "moment", "plan", "agency", "occurrence", "called sample", "number", "row gone",
        "row and seal gone", "first seal gone", "gap closed", "exchanged", "hash", "foreign seal", "slipped in",
        "slipped in with a seal",
    ],
)  # fmt: skip
def test_tampering_is_found_at_its_place(
    seven: Engine, work: Callable[[Connection], None], problem: Problem, place: int | None, kind: str | None
) -> None:
    assert check(seven).intact
    tamper(seven, work)
    verdict = check(seven)
    assert not verdict.intact
    assert verdict.fault is not None
    assert (verdict.fault.problem, verdict.fault.place) == (problem, place)
    assert (verdict.fault.event or {}).get("kind") == kind
    assert verdict.rows == (7 if place is None else place - 1)


def test_rows_that_nobody_can_read_are_found_too(blank_sqlite: Path, tmp_path: Path) -> None:
    """SQLite keeps anything in any column."""
    with opened(blank_sqlite, tmp_path / "odd.db") as made:
        for column, value in (("at", "yesterday"), ("data", "{not json"), ("data", "[NaN]"), ("actor", b"\x00")):
            with writing(made) as c:
                write(c, *"abc")
            place = len(chain(made)) - 1

            def spoil(c: Connection, column: str = column, value: object = value, place: int = place) -> None:
                row = _id(c, place)
                c.exec_driver_sql(f"UPDATE audit_event SET {column} = ? WHERE id = ?", (value, row))  # noqa: S608

            tamper(made, spoil)
            verdict = check(made)
            assert verdict.fault is not None
            assert (verdict.fault.problem, verdict.fault.place) == (Problem.ALTERED, place)
            tamper(made, _forget_all)


@pytest.mark.parametrize(
    "what",
    [
        "actor = CAST(x'ff41' AS TEXT)", "kind = CAST(x'c328' AS TEXT)", "data = CAST(x'7bff7d' AS TEXT)",
        "at = CAST(x'ff' AS TEXT)", "at = 5", "actor = x'ff41'", "data = replace(hex(zeroblob(50000)), '00', '[')",
        """data = '{"a": "\\ud800"}'""",
    ],
)  # fmt: skip
@pytest.mark.parametrize("place", [2, 3])
def test_bytes_that_are_no_text_are_found_at_their_row(
    blank_sqlite: Path, tmp_path: Path, what: str, place: int
) -> None:
    """SQLite hands them over or refuses them, as it likes; the newest row is the head as well."""
    with opened(blank_sqlite, tmp_path / "odd.db") as made:
        with writing(made) as c:
            write(c, *"abc")
        tamper(made, _sql(f"UPDATE audit_event SET {what} WHERE id = {place}"))  # noqa: S608
        _altered_at(made, place)
        with reading(made) as c:
            newest = seal.head(c)
        assert newest is not None
        assert newest.place == 3


@pytest.mark.parametrize("value", ["CAST(x'ff' AS TEXT)", "x'ff'"])
@pytest.mark.parametrize("place", [2, 3])
def test_a_seal_that_is_no_text_is_found_at_its_place(
    blank_sqlite: Path, tmp_path: Path, value: str, place: int
) -> None:
    with opened(blank_sqlite, tmp_path / "odd.db") as made:
        with writing(made) as c:
            write(c, *"abc")
        tamper(made, _sql(f"UPDATE audit_seal SET hash = {value} WHERE place = {place}"))  # noqa: S608
        _altered_at(made, place)
        with reading(made) as c:
            assert (seal.head(c) is None) == (place == 3)


def _altered_at(engine: Engine, place: int) -> None:
    with reading(engine) as c:
        for fault in (
            verify(c).fault,
            seal_check.verify_newest(c, 100),
            seal_check.verify_newest(c, 1) if place == 3 else None,
        ):
            if fault is not None:
                assert (fault.problem, fault.place) == (Problem.ALTERED, place)
                json.dumps(fault.event, default=str).encode()  # it can be printed, whatever stands there
        assert verify(c).fault is not None
        assert seal_check.verify_newest(c, 100) is not None


def test_a_database_that_fails_is_not_taken_for_a_row_that_cannot_be_read() -> None:
    class Fails:
        """A connection to a disk that is broken."""

        def execute(self, *_asked: Any) -> None:
            raise OperationalError("SELECT", {}, Exception("disk I/O error"))

    with pytest.raises(OperationalError, match="disk"):
        seal_check._rows(Fails(), [1, 2])  # type: ignore[arg-type]
    with pytest.raises(OperationalError, match="disk"):
        seal.head(Fails())  # type: ignore[arg-type]


def _forget_all(c: Connection) -> None:
    c.execute(delete(audit_seal))
    c.execute(delete(audit_event))


# -- what only a head kept elsewhere shows --


def _cut_off(c: Connection) -> None:
    rows = [_id(c, 6), _id(c, 7)]
    c.execute(delete(audit_seal).where(audit_seal.c.place > 5))
    c.execute(delete(audit_event).where(audit_event.c.id.in_(rows)))


def _compute_anew(c: Connection) -> None:
    """Somebody who knows the form alters a row and seals it and all after it anew."""
    _set(4, actor="somebody else")(c)
    last = c.execute(select(audit_seal.c.hash).where(audit_seal.c.place == 3)).scalar_one()
    for place in (4, 5, 6, 7):
        chosen = select(*(audit_event.c[name] for name in FACTS)).where(audit_event.c.id == _id(c, place))
        last = hash_v1(last, c.execute(chosen).one()._asdict())
        c.execute(update(audit_seal).where(audit_seal.c.place == place).values(hash=last))


@pytest.mark.parametrize("work", [_cut_off, _compute_anew])
def test_a_head_from_a_mail_finds_what_cannot_be_seen_from_inside(
    seven: Engine, work: Callable[[Connection], None]
) -> None:
    mailed = [row.hash for row in chain(seven)]
    tamper(seven, work)
    assert check(seven).intact, "the forger was careful"
    assert not check(seven, asked=mailed[6]).intact
    assert check(seven, asked=mailed[6]).found is None
    early = check(seven, asked=mailed[2])
    assert early.intact
    assert early.found is not None
    assert early.found.place == 3


def test_a_cut_off_tail_is_found_also_after_new_rows(seven: Engine) -> None:
    mailed = chain(seven)[-1].hash
    tamper(seven, _cut_off)
    with writing(seven) as c:
        write(c, "f", "g")
    assert check(seven).intact
    assert not check(seven, asked=mailed).intact


@pytest.mark.parametrize("digits", [12, 32, 64])
def test_the_first_digits_of_a_head_find_its_place_and_moment(seven: Engine, digits: int) -> None:
    place = chain(seven)[4]
    verdict = check(seven, asked=place.hash[:digits])
    assert verdict.found == (5, place.hash, NOON.astimezone(UTC))


def test_a_head_behind_the_first_bad_place_proves_nothing(seven: Engine) -> None:
    mailed = chain(seven)[6].hash
    tamper(seven, _set(4, actor="somebody else"))
    verdict = check(seven, asked=mailed)
    assert verdict.found is None
    assert verdict.head is not None
    assert verdict.head.hash == mailed


# -- cost --


def test_a_check_reads_in_batches_whatever_the_number_of_rows(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seal_check, "BATCH", 10)
    with writing(engine) as c:
        write(c, *(str(n) for n in range(45)))
    most: list[int] = []

    @event.listens_for(engine, "after_cursor_execute")
    def counted(_c: object, _cursor: object, statement: str, parameters: Any, *_more: object) -> None:
        if "audit_event" in statement and " IN (" in statement:
            most.append(len(parameters))

    assert check(engine).rows == 45
    assert len(most) == 5
    assert max(most) == 10


def test_a_transaction_is_sealed_with_three_statements_however_often_it_writes(engine: Engine) -> None:
    said: list[str] = []
    with writing(engine) as c:
        for kind in "abcdefghij":
            write(c, kind)

        @event.listens_for(engine, "before_cursor_execute")
        def noted(_c: object, _cursor: object, statement: str, *_more: object) -> None:
            said.append(statement)

    sealing = [statement for statement in said if "pg_advisory_xact_lock" not in statement]
    assert len(sealing) == 3
