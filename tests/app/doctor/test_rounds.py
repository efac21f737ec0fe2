"""The doctor on a real register, with Prefect dead: every check at work."""

from __future__ import annotations

from pathlib import Path

from app.clock_guard import PULSE
from app.doctor import Finding, Level
from app.doctor.rounds import rounds
from app.doctor.schedule import PrefectFacts
from app.settings import Settings
from tasks import hold, pulse
from tasks.database import make_engine, writing
from tests.support import Valley, at

NOW = at("2024-03-12 10:00")


def dead(_usable: bool) -> PrefectFacts:
    raise ConnectionError("nobody answers")


def examined(valley: Valley, home: Path, *, thorough: bool = False) -> dict[str, Finding]:
    settings = Settings(home=home)
    home.mkdir(exist_ok=True)
    found = rounds(settings, valley.engine, ask_prefect=dead, now=NOW, thorough=thorough)
    assert not [each for each in found if "Không khám được" in each.text], found
    return {each.check: each for each in found}


def test_a_followed_plan_with_everybody_s_address_is_well_but_for_prefect(valley: Valley, tmp_path: Path) -> None:
    valley.follow().advance("2024-03-12 09:00")
    for thorough in (False, True):
        found = examined(valley, tmp_path / "home", thorough=thorough)
        assert found["prefect"].level is Level.BROKEN
        assert "nobody answers" in found["prefect"].text
        for name in ("database", "hold", "clock", "planner", "outbox", "people", "calendar", "trail", "disk"):
            assert found[name].level is Level.OK, found[name]
        assert found["backup"].level is Level.BROKEN


def test_what_is_wrong_in_the_register_is_said(valley: Valley, tmp_path: Path) -> None:
    valley.follow(contacts=False)
    with writing(valley.engine) as c:
        hold.hold(c, why=hold.BY_HAND, now=NOW, actor="mai", data={"reason": "sai địa chỉ"})
        pulse.beat(c, "backup", now=NOW)
    found = examined(valley, tmp_path / "home")
    assert found["hold"].level is Level.BROKEN
    assert "mai yêu cầu: sai địa chỉ" in found["hold"].text
    assert found["planner"].level is Level.BROKEN, "nobody has looked since 01/02"
    assert found["people"].level in (Level.NOTICE, Level.BROKEN)
    assert found["backup"].level is Level.OK


def test_a_clock_two_years_ahead_is_said_with_both_moments(valley: Valley, tmp_path: Path) -> None:
    with writing(valley.engine) as c:
        pulse.beat(c, PULSE, now=at("2022-03-12 10:00"))
    found = examined(valley, tmp_path / "home")
    assert found["clock"].level is Level.BROKEN
    assert "10:00 12/03/2024" in found["clock"].text
    assert "10:00 12/03/2022" in found["clock"].text


def test_without_a_database_the_rest_is_still_examined_and_no_file_is_made(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'none.db'}")
    found = rounds(Settings(home=tmp_path), engine, ask_prefect=dead, now=NOW)
    engine.dispose()
    checks = {each.check: each.level for each in found}
    assert checks["database"] is Level.BROKEN
    assert checks["disk"] is not None
    assert "people" not in checks
    assert not (tmp_path / "none.db").exists()
