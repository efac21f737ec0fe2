"""A second, independent computation of the chain agrees with dondoc's, and the guide prints exactly this one."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tasks import trail
from tasks.database import reading, writing
from tasks.seal_check import verify
from tests.support import Valley, at, opened
from tests.tasks import naive_chain
from tests.tasks.test_seal import ODD

ROOT = Path(__file__).resolve().parents[2]


def test_both_find_the_same_head(blank_sqlite: Path, tmp_path: Path) -> None:
    path = tmp_path / "register.db"
    with opened(blank_sqlite, path) as made:
        valley = Valley(made).follow()
        for morning in ("2024-03-08", "2024-03-18", "2024-03-19", "2024-03-20"):
            valley.run(f"{morning} 07:30")
        with writing(made) as c:
            entries = [trail.Entry("odd", data=ODD), trail.Entry("invented", sample=True), trail.Entry("empty")]
            trail.write(c, entries, now=at("2024-03-21 08:00").replace(microsecond=7))
        with reading(made) as c:
            verdict = verify(c)
        assert verdict.intact
        assert verdict.head is not None
        assert naive_chain.check(str(path)) == (verdict.rows, verdict.head.hash)

        raw = sqlite3.connect(path)
        raw.execute("DROP TRIGGER audit_event_no_update")
        raw.execute("UPDATE audit_event SET actor = 'x' WHERE id = (SELECT event_id FROM audit_seal WHERE place = 5)")
        raw.commit()
        raw.close()
        with pytest.raises(SystemExit, match="not intact at place 5"):
            naive_chain.check(str(path))
        with reading(made) as c:
            fault = verify(c).fault
        assert fault is not None
        assert fault.place == 5


def test_the_guide_prints_this_script() -> None:
    script = (ROOT / "tests/tasks/naive_chain.py").read_text(encoding="utf-8")
    guide = (ROOT / "docs/audit-trail.md").read_text(encoding="utf-8")
    assert f"```python\n{script}```\n" in guide
