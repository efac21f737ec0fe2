"""Messages that wait in the outbox and are looked at again: left over from another day, closed meanwhile, or for an
address that has been taken away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import String, cast, delete, exists, literal, select, update
from sqlalchemy.engine import Connection, Row

from notifications.gather import Gatherer
from notifications.lead_notices import led_elsewhere
from notifications.posts import Posts, concerns, in_post
from notifications.relevance import MUTED, why_not
from notifications.sheets import EVENTS, digest_sheet, event_sheet
from notifications.short_text import render_for
from notifications.speaking import note_plans
from notifications.tables import contact, message, message_notice, notice, replacement
from notifications.waiting import hold_notices, settle, skip, still_waiting, wait_again
from notifications.weekly_page import RUNG as PAGE
from plans.calendar import local_day
from tasks.database import locked
from tasks.tables import occurrence

MOVED = "contact_removed"  # the address is no longer the one that this is to be told to


def release_stale(connection: Connection, *, now: datetime) -> None:
    """A digest that nobody took on its own day is not sent a day late beside the new one: its notices go into
    today's digest instead, unless a newer rung of the same occurrence and role is there. The next ``advance`` looks
    at what waits again: it may be closed by then, and nobody may be there to tell.

    So with a digest of a day that is still to come, composed under a clock since put back: that day is free again.
    """
    old = (message.c.kind == "digest") & (message.c.status == "queued") & (message.c.local_day != local_day(now))
    left_over = select(message.c.id).where(old).order_by(message.c.id)
    ids = [row.id for row in connection.execute(locked(left_over, connection))]
    told = select(message_notice.c.notice_id).join(message).where(old)
    subjects = select(notice.c.occurrence_id).where(notice.c.id.in_(told))
    theirs = select(occurrence.c.id).where(occurrence.c.id.in_(subjects)).order_by(occurrence.c.id)
    if ids:
        connection.execute(locked(theirs, connection)).all()
        hold_notices(connection, notice.c.id.in_(told))
    for start in range(0, len(ids), 500):
        chunk = ids[start : start + 500]
        linked = select(message_notice.c.notice_id).where(message_notice.c.message_id.in_(chunk))
        newer = notice.alias("newer")
        overtaken = exists(
            select(newer.c.id).where(
                newer.c.subject == notice.c.subject,
                newer.c.role == notice.c.role,
                newer.c.id > notice.c.id,
                newer.c.status != "skipped",
                newer.c.rung.not_in(EVENTS),
                newer.c.rung.not_like("press-%"),
            )
        ).correlate(notice)
        mine = notice.c.id.in_(linked) & (notice.c.status == "composed")
        connection.execute(update(notice).where(mine, overtaken).values(status="skipped", reason="superseded"))
        connection.execute(update(notice).where(mine, ~overtaken).values(status="queued"))
        waiting = select(notice.c.occurrence_id).where(notice.c.id.in_(linked), notice.c.status == "queued")
        connection.execute(update(occurrence).where(occurrence.c.id.in_(waiting)).values(next_check_at=now))
        connection.execute(delete(message_notice).where(message_notice.c.message_id.in_(chunk)))
        dropped = {"status": "dropped", "next_try_at": None, "detail": "superseded"}
        connection.execute(update(message).where(message.c.id.in_(chunk)).values(dropped))
        ahead = message.c.id.in_(chunk) & (message.c.local_day > local_day(now))
        free_key = literal("dropped:").concat(cast(message.c.id, String))
        connection.execute(update(message).where(ahead).values(key=free_key))


def rerender(gatherer: Gatherer, row: Row[Any]) -> str | None:
    """Writes a waiting message anew on a later day, where part of it is not to be told any more, or where the officer
    whom it names has another address.

    Returns why there is nothing left to send (``closed``, ``contact_removed``), None where there is. What is muted
    waits again, and so does what was for an address that has been taken away: it goes to the new one. What is closed
    or revised is skipped, unless somebody else was told of it.
    """
    connection = gatherer.connection
    notices = _linked(connection, row, gatherer.posts)
    untold = {n.id: why for n in notices if (why := why_not(gatherer, n) or (None if n.reached else MOVED))}
    today = gatherer.today
    answered = row.reply_to is None or gatherer.answers(row.reply_to)
    if not untold and row.local_day == today and answered:
        return None
    untold |= {n.id: MOVED for n in notices if n.id not in untold and led_elsewhere(gatherer, n)}
    live = [n for n in notices if n.id not in untold]
    over = row.kind == PAGE and bool(live) and all(n.rung != PAGE for n in live)
    if over:  # what the page carried goes into a digest
        untold |= {n.id: MOVED for n in live}
        live = []
    _take_back(connection, row.id, untold, gatherer.posts)
    if not live:
        if MOVED not in untold.values():
            return "closed"
        # the keys stay free, in case the address comes back
        for key in (row.id, *stands_for(connection, row.id)):
            connection.execute(update(message).where(message.c.id == key).values(key=f"dropped:{key}"))
        return "superseded" if over else MOVED
    write_anew(gatherer, row, live)
    return None


def write_anew(gatherer: Gatherer, row: Row[Any], live: Sequence[Row[Any]]) -> None:
    """Has a message say, today and in the way of its channel, what these notices tell its reader."""
    if row.kind in EVENTS:
        first, *besides = sorted(live, key=lambda n: n.rung != PAGE)  # a page comes before what it carries
        sheet = event_sheet(gatherer, first, row.person, besides)
    else:
        sheet = digest_sheet(gatherer, live, row.address, row.person)
    rendered = render_for(row.channel, row.address, sheet)
    values: dict[str, Any] = {
        "subject": rendered.subject,
        "text": rendered.text,
        "html": rendered.html,
        "fields": rendered.fields,
    }
    values |= {"local_day": gatherer.today, "reply_to": sheet.desk.address}
    connection = gatherer.connection
    connection.execute(update(message).where(message.c.id == row.id).values(values))
    note_plans(connection, {row.id: sheet})


def worth_repeating(gatherer: Gatherer, row: Row[Any]) -> bool:
    """Whether all that a message of unknown fate tells of is still true and for that address: it is repeated word for
    word or not at all."""
    return all(n.reached and not why_not(gatherer, n) for n in _linked(gatherer.connection, row, gatherer.posts))


def worth_telling(gatherer: Gatherer, row: Row[Any]) -> list[Row[Any]]:
    """What a message tells of that is still true and for that address."""
    return [n for n in _linked(gatherer.connection, row, gatherer.posts) if n.reached and not why_not(gatherer, n)]


def stands_for(connection: Connection, message_id: int) -> list[int]:
    """The messages whose place this one has taken, the newest first."""
    found: list[int] = []
    before = select(replacement.c.instead_of)
    key = connection.execute(before.where(replacement.c.message_id == message_id)).scalar_one_or_none()
    while key is not None:
        found.append(key)
        key = connection.execute(before.where(replacement.c.message_id == key)).scalar_one_or_none()
    return found


def _linked(connection: Connection, row: Row[Any], posts: Posts) -> Sequence[Row[Any]]:
    """The notices that a message tells of; ``reached``: whether they are still for its address.

    A message that went by the next channel is for whomever the first one was for, as long as its own address is used.
    """
    mine = (contact.c.channel == row.channel) & (contact.c.address == row.address)
    if before := stands_for(connection, row.id):
        used = select(contact.c.id).where(mine, in_post(posts.today)).limit(1)
        if connection.execute(used).first() is not None:
            first = (message.c.channel == contact.c.channel) & (message.c.address == contact.c.address)
            mine = mine | exists(select(message.c.id).where(message.c.id.in_(before), first).correlate(contact))
    reached = exists(select(contact.c.id).where(concerns(posts), mine).correlate(notice)).label("reached")
    linked = select(notice, reached).join(message_notice, message_notice.c.notice_id == notice.c.id)
    return connection.execute(linked.where(message_notice.c.message_id == row.id).order_by(notice.c.id)).all()


def _take_back(connection: Connection, message_id: int, untold: dict[int, str], posts: Posts) -> None:
    """Unties notices from a message that is not going to tell of them."""
    if not untold:
        return
    mine = message_notice.c.notice_id.in_(sorted(untold))
    connection.execute(delete(message_notice).where(message_notice.c.message_id == message_id, mine))
    others = select(message_notice.c.notice_id).where(mine)
    kept = {found.notice_id for found in connection.execute(others)}
    gone = {key: why for key, why in untold.items() if key not in kept}
    skip(connection, {key: why for key, why in gone.items() if why not in (MUTED, MOVED)})
    wait_again(connection, [key for key, why in untold.items() if why in (MUTED, MOVED)])
    # Somebody else was told, and nobody is left who was not.
    moved = {key for key, why in untold.items() if why == MOVED and key in kept}
    if moved:
        settle(connection, moved - still_waiting(connection, posts, moved))
