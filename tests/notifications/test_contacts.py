"""Addresses: which are taken, how they are changed, and whom a notice is for."""

from __future__ import annotations

import pytest

from notifications.contacts import ContactRole, add_contact, contacts_of, remove_contact
from notifications.errors import BadContact
from tasks.database import reading, writing
from tests.support import ANSWERABLE, FINANCE, INTERIOR, LEAD, Valley


def _add(v: Valley, address: str, *, channel: str = "email", name: str = "Văn thư", body: str = FINANCE) -> None:
    with writing(v.engine) as c:
        add_contact(c, body, role=ContactRole.AGENCY, name=name, address=address, channel=channel, phone="024 1",
                    now=v.now, actor="test")  # fmt: skip


def _addresses(v: Valley, body: str | None = None) -> list[str]:
    with reading(v.engine) as c:
        return [found.address for found in contacts_of(c, body)]


@pytest.mark.parametrize("address", ["a@b.vn", "van-thu.stc@son-la.gov.vn", "  a@b.vn  "])
def test_an_email_address_is_taken(valley: Valley, address: str) -> None:
    valley.follow(contacts=False)
    _add(valley, address)
    assert _addresses(valley) == [address.strip()]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "a",
        "a@b",
        "@b.vn",
        "a@b.",
        "a@b.vn, c@d.vn",
        "a b@c.vn",
        "a@b.vn\nBcc: c@d.vn",
        "<a@b.vn>",
        "a@@b.vn",
        'a"@b.vn',
    ],
)
def test_what_is_no_email_address_is_refused(valley: Valley, address: str) -> None:
    valley.follow(contacts=False)
    with pytest.raises(BadContact, match="không đúng dạng"):
        _add(valley, address)
    assert _addresses(valley) == []


def test_a_name_is_needed_and_an_apprise_url_is_a_url(valley: Valley) -> None:
    valley.follow(contacts=False)
    with pytest.raises(BadContact, match="họ tên"):
        _add(valley, "a@b.vn", name="  ")
    with pytest.raises(BadContact, match="không phải URL"):
        _add(valley, "tgram:token", channel="url")
    _add(valley, "tgram://token/1", channel="url")


def test_the_same_address_again_changes_name_and_phone_only(valley: Valley) -> None:
    valley.follow(contacts=False)
    _add(valley, "a@b.vn")
    _add(valley, "a@b.vn", name="Bà  Lan")
    with reading(valley.engine) as c:
        [found] = contacts_of(c, FINANCE)
    assert (found.name, found.phone) == ("Bà Lan", "024 1")


def test_a_removed_address_is_written_to_no_more_and_can_come_back(valley: Valley) -> None:
    valley.follow()
    with writing(valley.engine) as c:
        [found] = contacts_of(c, FINANCE)
        remove_contact(c, found.id, now=valley.now, actor="test")
    assert _addresses(valley, FINANCE) == []
    assert found.address not in [letter.address for letter in valley.run("2024-02-01 08:10")]
    valley.contact(FINANCE, "agency")
    assert [letter.address for letter in valley.run("2024-02-01 08:20")] == [found.address]


def test_an_unknown_number_is_refused(valley: Valley) -> None:
    with pytest.raises(BadContact, match="99"), writing(valley.engine) as c:
        remove_contact(c, 99, now=valley.now, actor="test")


def test_each_change_stands_in_the_trail_without_the_address(valley: Valley) -> None:
    valley.follow(contacts=False)
    _add(valley, "a@b.vn")
    [event] = valley.events("contact_added")
    assert (event.agency_id, event.data["role"]) == (FINANCE, "agency")
    assert "a@b.vn" not in str(event.data)


def test_a_body_s_own_people_are_nobody_else_s(valley: Valley) -> None:
    valley.follow(contacts=False)
    valley.contact(INTERIOR, "agency")
    valley.contact(FINANCE, "officer")  # an officer of a body that leads nothing
    valley.contact(LEAD, "agency")  # an agency's contact of the lead unit
    valley.run("2024-02-01 08:10")
    for day in ("2024-03-08", "2024-03-15", "2024-03-19", "2024-03-20", "2024-03-21", "2024-03-25"):
        valley.run(f"{day} 07:30")
    assert {letter.address for letter in valley.channel.letters} == {"agency@so-noi-vu.example"}
    assert valley.told(ANSWERABLE)["head-1"] == "no_contact"
