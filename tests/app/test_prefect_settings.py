from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.prefect_settings import UnsafeAddress, api_url, auth_headers, prefect_environment, refuse_unsafe


@dataclass
class Place:
    home: Path = Path("/srv/dondoc")
    prefect_host: str = "127.0.0.1"
    prefect_port: int = 4300


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.53", "::1", "localhost"])
def test_this_machine_needs_no_password(host: str) -> None:
    refuse_unsafe(host, {})


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "may-chu"])  # noqa: S104
def test_an_open_address_needs_a_password(host: str) -> None:
    with pytest.raises(UnsafeAddress, match="PREFECT_SERVER_API_AUTH_STRING"):
        refuse_unsafe(host, {})
    refuse_unsafe(host, {"PREFECT_SERVER_API_AUTH_STRING": "quan-tri:mat-khau"})


def test_address_is_one_that_can_be_opened() -> None:
    assert api_url(Place()) == "http://127.0.0.1:4300/api"
    assert api_url(Place(prefect_host="0.0.0.0")) == "http://127.0.0.1:4300/api"  # noqa: S104
    assert api_url(Place(prefect_host="::1")) == "http://[::1]:4300/api"


def test_everything_lives_in_the_home_and_nothing_is_sent_home() -> None:
    environment = prefect_environment(Place(), {})
    assert environment["PREFECT_HOME"] == "/srv/dondoc/prefect"
    assert environment["PREFECT_SERVER_DATABASE_CONNECTION_URL"] == "sqlite+aiosqlite:////srv/dondoc/prefect/prefect.db"
    assert environment["PREFECT_SERVER_UI_API_URL"] == "http://127.0.0.1:4300/api"
    assert environment["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert environment["DO_NOT_TRACK"] == "1"
    assert environment["DONDOC_HOME"] == "/srv/dondoc"


def test_the_shell_cannot_lead_the_processes_elsewhere() -> None:
    shell = {
        "PREFECT_API_URL": "https://elsewhere.example/api",
        "PREFECT_API_KEY": "secret",
        "PREFECT_PROFILE": "cloud",
        "PREFECT_HOME": "/home/someone/.prefect",
        "DONDOC_HOME": "/elsewhere",
    }
    environment = prefect_environment(Place(), shell)
    assert environment["PREFECT_API_URL"] == "http://127.0.0.1:4300/api"
    assert environment["PREFECT_HOME"] == "/srv/dondoc/prefect"
    assert environment["DONDOC_HOME"] == "/srv/dondoc"
    assert not {"PREFECT_API_KEY", "PREFECT_PROFILE"} & set(environment)


def test_the_administrators_server_settings_stay() -> None:
    database = "postgresql+asyncpg://prefect@db/prefect"
    shell = {"PREFECT_SERVER_DATABASE_CONNECTION_URL": database, "PREFECT_WORKER_QUERY_SECONDS": "1", "LANG": "vi_VN"}
    environment = prefect_environment(Place(), shell)
    assert {name: environment[name] for name in shell} == shell


def test_runs_are_started_by_the_python_that_dondoc_is_installed_in() -> None:
    environment = prefect_environment(Place(), {"PATH": "/usr/bin"})
    assert environment["PATH"].split(":") == [str(Path(sys.executable).parent), "/usr/bin"]


def test_a_proxy_is_not_asked_for_this_machine() -> None:
    environment = prefect_environment(Place(), {"NO_PROXY": "ubnd.example,localhost"})
    assert environment["NO_PROXY"] == "ubnd.example,localhost,127.0.0.1,::1"


def test_a_password_of_the_server_is_given_to_its_clients() -> None:
    environment = prefect_environment(Place(), {"PREFECT_SERVER_API_AUTH_STRING": "a:b"})
    assert environment["PREFECT_API_AUTH_STRING"] == "a:b"
    assert auth_headers(environment) == {"Authorization": "Basic YTpi"}
    assert auth_headers({}) == {}
