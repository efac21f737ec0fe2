"""What several stories do and ask."""

from __future__ import annotations

from playwright.sync_api import Page
from sqlalchemy import select

from people import passwords
from people.tables import account
from tasks.database import reading, writing
from tasks.tables import occurrence
from tests.browser.place import REPORT, Place, slug
from tests.support import PLAN

PASSWORD = "mot-mat-khau-dai"


def of_commune(number: int) -> str:
    return f"{PLAN}/{REPORT}/{slug(number)}/once"


def knows_password(place: Place, login: str) -> None:
    with writing(place.valley.engine) as c:
        chosen = account.update().where(account.c.id == place.office.ids[login])
        c.execute(chosen.values(password=passwords.hashed(PASSWORD)))


def sign_in(page: Page, login: str) -> None:
    page.goto("/")
    page.get_by_label("Tên đăng nhập").fill(login)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()


def states(place: Place) -> dict[str, str]:
    with reading(place.valley.engine) as c:
        return {row.id: row.state for row in c.execute(select(occurrence.c.id, occurrence.c.state))}
