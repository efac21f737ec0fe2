"""Where the installation lives and what wins over what."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import settings as module
from app.settings import Settings, default_home


def test_the_database_and_the_outbox_lie_in_the_home(dondoc_home: Path) -> None:
    chosen = Settings()
    assert chosen.home == dondoc_home
    assert chosen.url == f"sqlite:///{dondoc_home / 'dondoc.db'}"
    assert chosen.outbox_folder == dondoc_home / "outbox"


def test_the_environment_wins_over_the_file_and_a_word_of_the_program_over_both(
    dondoc_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dondoc_home.mkdir()
    (dondoc_home / "dondoc.toml").write_text('language = "en"\nprefect_port = 4300\n', encoding="utf-8")
    monkeypatch.setenv("DONDOC_PREFECT_PORT", "4400")
    chosen = Settings(dashboard_port=9000)
    assert (chosen.language, chosen.prefect_port, chosen.dashboard_port) == ("en", 4400, 9000)


def test_a_home_named_by_the_program_brings_its_own_file(tmp_path: Path) -> None:
    (tmp_path / "dondoc.toml").write_text('language = "en"\n', encoding="utf-8")
    assert Settings(home=tmp_path).language == "en"
    assert Settings().language == "vi"


def test_secrets_are_never_shown_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DONDOC_DATABASE_URL", "postgresql+psycopg://dondoc:rat-bi-mat@db/dondoc")
    chosen = Settings()
    assert "rat-bi-mat" not in repr(chosen)
    assert "rat-bi-mat" not in str(chosen.model_dump())
    assert chosen.url.endswith("rat-bi-mat@db/dondoc")


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_postgresql_is_one_setting_in_the_forms_that_administrators_write(
    monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    monkeypatch.setenv("DONDOC_DATABASE_URL", f"  {scheme}://dondoc:m%40t@db:5433/dondoc?sslmode=require ")
    assert Settings().url == "postgresql+psycopg://dondoc:m%40t@db:5433/dondoc?sslmode=require"


def test_settings_do_not_change_while_running() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings().language = "en"  # type: ignore[misc]


def test_a_checkout_keeps_to_itself_and_an_installation_to_the_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert default_home() == module._CHECKOUT / "var"
    monkeypatch.setattr(module, "_CHECKOUT", tmp_path)
    assert default_home() == Path.home() / ".local" / "share" / "dondoc"
