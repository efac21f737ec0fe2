"""``dondoc user``: who may sign in, with a password that is said once and stands nowhere else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.bootstrap import bootstrap
from app.firstaccount import first_account
from app.settings import Settings
from people import passwords
from people.tables import account
from tasks.database import reading
from tasks.tables import audit_event
from tests.cli.conftest import MONDAY, Terminal

POLICE = "son-la.cong-an-tinh"


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2 with its weakest parameters: nobody attacks a test."""
    from argon2 import PasswordHasher

    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def password_in(said: str) -> str:
    found = re.search(r"mật khẩu dùng một lần: (\S+)", said)
    assert found, said
    return found[1]


def kept(home: Path) -> dict[str, str]:
    dondoc = bootstrap(Settings(home=home))
    with reading(dondoc.engine) as connection:
        rows = connection.execute(account.select()).all()
        trail = str([row.data for row in connection.execute(audit_event.select())])
    dondoc.close()
    return {row.login: row.password for row in rows} | {"trail": trail}


def test_a_person_is_added_with_a_post_and_listed(followed: Terminal, dondoc_home: Path) -> None:
    said = followed("user", "add", "An.NV", "--name", "Nguyễn Văn An", "--role", "coordinator", "--unit", POLICE).output
    password = password_in(said)
    [person] = followed.json("user", "list")
    assert (person["login"], person["must_change"], person["active"]) == ("an.nv", True, True)
    assert [(post["role"], post["unit"], post["held"]) for post in person["posts"]] == [("coordinator", POLICE, True)]
    assert "Cán bộ theo dõi, son-la.cong-an-tinh" in followed("user", "list").output
    held = kept(dondoc_home)
    assert passwords.matches(held["an.nv"], password)
    assert password not in held["trail"]
    assert password not in followed("user", "list").output


def test_a_wrong_person_is_not_added_at_all(followed: Terminal) -> None:
    assert "cơ quan" in followed("user", "add", "b.b", "--name", "B", "--role", "coordinator", code=1).output
    assert "--role" in followed("user", "add", "b.b", "--name", "B", "--unit", POLICE, code=1).output
    followed("user", "add", "c.c", "--name", "C", "--role", "head", "--unit", "khong-co", code=1)
    assert "không dấu" in followed("user", "add", "tên có dấu", "--name", "D", code=1).output
    followed("user", "add", "e.e", "--name", "E", "--role", "king", code=2)
    assert followed.json("user", "list") == []
    assert "Chưa có tài khoản nào" in followed("user", "list").output


def test_a_password_is_set_anew(followed: Terminal, dondoc_home: Path) -> None:
    first = password_in(followed("user", "add", "an.nv", "--name", "An").output)
    second = password_in(followed("user", "reset", "AN.NV").output)
    held = kept(dondoc_home)["an.nv"]
    assert passwords.matches(held, second)
    assert not passwords.matches(held, first)
    assert "dondoc user list" in followed("user", "reset", "nobody", code=1).output


def test_posts_begin_and_end(followed: Terminal) -> None:
    followed("user", "add", "an.nv", "--name", "An")
    followed(
        "user", "post", "add", "an.nv", "--role", "head", "--unit", POLICE, "--from", "01/01/2025", "--to", "31/12/2025"
    )
    [person] = followed.json("user", "list")
    [post] = person["posts"]
    assert (post["since"], post["until"], post["held"]) == ("2025-01-01", "2025-12-31", False)
    assert "từ 01/01/2025, đến 31/12/2025" in " ".join(followed("user", "list").output.split())
    followed("user", "post", "end", post["id"])
    assert followed.json("user", "list")[0]["posts"] == []
    followed("user", "post", "end", 99, code=1)
    followed("user", "post", "add", "an.nv", code=2)


def test_the_last_administrator_stays(followed: Terminal) -> None:
    followed("user", "add", "ada", "--name", "Ada", "--role", "administrator")
    [person] = followed.json("user", "list")
    assert "ít nhất một người quản trị" in followed("user", "close", "ada", code=1).output
    followed("user", "post", "end", person["posts"][0]["id"], code=1)
    followed("user", "add", "bob", "--name", "Bob", "--role", "administrator")
    followed("user", "close", "ada")
    assert "đã khóa" in followed("user", "list").output
    followed("user", "open", "ada")
    assert all(each["active"] for each in followed.json("user", "list"))


@pytest.mark.parametrize("works", [True, False])
def test_the_first_account_is_made_once(followed: Terminal, dondoc_home: Path, works: bool) -> None:
    dondoc = bootstrap(Settings(home=dondoc_home))
    said = first_account(dondoc, now=MONDAY, works=works)
    assert password_in(said[0])
    assert first_account(dondoc, now=MONDAY, works=works) == []
    dondoc.close()
    [person] = followed.json("user", "list")
    roles = {(post["role"], post["unit"]) for post in person["posts"]}
    assert roles == {("administrator", None)} | ({("coordinator", POLICE)} if works else set())
    assert person["must_change"]
