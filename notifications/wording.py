"""Subjects of messages, by relation and situation. All of it was checked by reading and stays editable here.

A subordinate is told, a peer is asked ("đề nghị"), a body that is only requested is asked politely and never told
off; an automatic message after the deadline is a "nhắc quá hạn", never a numbered "đôn đốc".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from notifications.facts import Item, PlanCount, Sheet
from notifications.phrases import (
    Situation,
    bodies,
    by_when,
    day_month,
    days_over,
    deadline,
    paper_name,
    situation_of,
    thing,
    weekday_and_day,
)
from plans.model import Relation
from plans.text import _, day_text, two_digits, weekday_text

SUBJECT_LIMIT = 150
_SHORTEST = 40  # what is left of a title at least, before the end of the subject is cut instead


def subject(sheet: Sheet) -> str:
    """The subject line, one line of at most 150 characters."""
    text = _digest(sheet) if sheet.kind == "digest" else _event(sheet)
    if is_sample(sheet):
        text = f"[{_('MẪU')}] {text}"
    return shortened(text, SUBJECT_LIMIT)


def is_sample(sheet: Sheet) -> bool:
    """Whether nothing in it is real."""
    items = [*sheet.mine, *sheet.check, *sheet.lead, *sheet.review, *sheet.direction]
    return sheet.sample or bool(items and all(item.sample for item in items))


def shortened(text: str, limit: int) -> str:
    """Cut after a word, with "…" where something is missing."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    head, space, _tail = cut.rpartition(" ")
    return (head if space and len(head) > limit // 2 else cut).rstrip(" ,;:(“") + "…"


def _fitted(text: str, report: str, **parts: object) -> str:
    """The text with its report, whose title gives way first: the date at the end matters more."""
    full = text.format(report=report, **parts)
    if len(full) > SUBJECT_LIMIT - 10:
        report = shortened(report, max(_SHORTEST, len(report) - (len(full) - SUBJECT_LIMIT + 10)))
        full = text.format(report=report, **parts)
    return full


# -- digests --


def _digest(sheet: Sheet) -> str:
    """By the most important role: head, lead officer, check, what the person's own body owes."""
    if sheet.direction:
        return _direction(sheet)
    if sheet.lead:
        return _lead(sheet)
    if sheet.check:
        return _check(sheet)
    if sheet.review and not any(item.rung for item in sheet.mine):
        return _("Chờ xem: {n} văn bản đã nhận").format(n=two_digits(len(sheet.review)))
    return _of_agency(sheet)


def _direction(sheet: Sheet) -> str:
    own = [item for item in sheet.direction if item.relation is Relation.SELF]
    if len(own) == len(sheet.direction):
        worst = max(own, key=lambda item: item.days_late)
        report = thing(worst, others=len(own) - 1)
        text = _("Xin ý kiến chỉ đạo: quá hạn {days} ngày, {report} của đơn vị")
        return _fitted(text, report, days=two_digits(worst.days_late))
    late = [item for item in sheet.direction if item.relation is not Relation.SELF]
    return _fitted(_("Xin ý kiến chỉ đạo: chưa nhận {report} của {bodies}"), **_of_many(late, sheet.counts))


def _lead(sheet: Sheet) -> str:
    return _fitted(_("Danh sách quá hạn: chưa nhận {report} của {bodies}"), **_of_many(sheet.lead, sheet.counts))


def _check(sheet: Sheet) -> str:
    n = two_digits(len({item.agency_name for item in sheet.check}))
    if sheet.entered_to is None:
        return _("Chờ kiểm tra trước khi nhắc quá hạn: {n} cơ quan").format(n=n)
    return _("Chờ kiểm tra trước khi nhắc quá hạn: {n} cơ quan; văn bản đến đã nhập đến ngày {day}").format(
        n=n, day=day_month(sheet.entered_to)
    )


def _of_many(items: Sequence[Item], counts: Iterable[PlanCount]) -> dict[str, str]:
    """The report most bodies owe, how many of them, and how many reports there are besides."""
    reports: dict[tuple[str, str], list[Item]] = {}
    for item in items:
        reports.setdefault((item.plan_short, item.title), []).append(item)
    first = max(reports.values(), key=len)
    others = len(reports) - 1
    many = how_many(first, counts)
    if others:
        many = _("{bodies}, và {n} nội dung khác").format(bodies=many, n=two_digits(others))
    return {"report": first[0].title, "bodies": many}  # not thing(): only some of them may have been sent back


def how_many(items: Sequence[Item], counts: Iterable[PlanCount]) -> str:
    """``07/30 cơ quan`` from the counts of that report, else the bodies in the list."""
    first = items[0]
    for count in counts:
        if (count.plan_short, count.title) == (first.plan_short, first.title):
            return bodies(count.missing, count.total)
    return bodies(len({item.agency_name for item in items}))


# -- what a body owes --


def headline(items: Sequence[Item], *, today: date) -> tuple[Item, int]:
    """The item a message is about, and how many more are in exactly its situation.

    Items whose rung fell due today come first: they are why the message is sent. For reminders only those of the
    same day are counted, since the subject names one day.
    """
    spoken = [item for item in items if item.rung] or list(items)
    first = max(spoken, key=lambda i: (situation_of(i, today=today), days_over(i, today=today), -deadline(i).toordinal()))
    situation = situation_of(first, today=today)
    others = [
        item
        for item in spoken
        if item is not first
        and item.relation is first.relation
        and situation_of(item, today=today) is situation
        and (situation in (Situation.OVERDUE, Situation.PASSED) or deadline(item) == deadline(first))
    ]
    return first, len(others)


def _of_agency(sheet: Sheet) -> str:
    if not sheet.mine:
        return _("Nhắc việc")
    item, others = headline(sheet.mine, today=sheet.today)
    text = _agency_text(situation_of(item, today=sheet.today), item.relation)
    if sheet.forward_for and item.relation is not Relation.SELF:
        text = _("Đề nghị chuyển tới {agency}: {subject}").replace("{subject}", text)
    left = (deadline(item) - sheet.today).days
    late = days_over(item, today=sheet.today)
    return _fitted(
        text, thing(item, others=others), days=two_digits(late if left < 0 else left), by=by_when(item),
        day=weekday_text(deadline(item)), on=day_month(deadline(item)), today=day_text(sheet.today),
        weekday=weekday_and_day(deadline(item)), agency=sheet.forward_for,
    )


def _agency_text(situation: Situation, relation: Relation) -> str:
    match situation:
        case Situation.OVERDUE:
            texts = {
                Relation.SUBORDINATE: _("Quá hạn {days} ngày: chưa nhận {report}"),
                Relation.PEER: _("Đến {today} chưa nhận {report}; đề nghị gửi hoặc cho biết số, ngày đã gửi"),
                Relation.REQUESTED: _("Chưa nhận {report}; kính đề nghị phối hợp"),
                Relation.SELF: _("Quá hạn {days} ngày: {report} của đơn vị"),
            }
        case Situation.PASSED:
            texts = {
                Relation.SUBORDINATE: _("Đã đến hạn {on}: chưa nhận {report}"),
                Relation.PEER: _("Đã đến hạn {on}: đề nghị gửi {report}"),
                Relation.REQUESTED: _("Kính đề nghị quan tâm gửi {report}"),
                Relation.SELF: _("Đã đến hạn {on}: {report} của đơn vị"),
            }
        case Situation.TODAY:
            texts = {
                Relation.SUBORDINATE: _("Đến hạn hôm nay {on}: {report}"),
                Relation.PEER: _("Hôm nay {on} đến hạn: đề nghị gửi {report}"),
                Relation.REQUESTED: _("Kính đề nghị quan tâm gửi {report} trong ngày {on}"),
                Relation.SELF: _("Đến hạn hôm nay {on}: {report} của đơn vị"),
            }
        case Situation.LAST_WORKING_DAY:
            texts = {
                Relation.SUBORDINATE: _("Hạn {weekday}; hôm nay là ngày làm việc cuối trước hạn: {report}"),
                Relation.PEER: _("Hạn {weekday}; hôm nay là ngày làm việc cuối trước hạn: đề nghị gửi {report}"),
                Relation.REQUESTED: _(
                    "Hạn {weekday}; hôm nay là ngày làm việc cuối trước hạn: trân trọng đề nghị gửi {report}"
                ),
                Relation.SELF: _("Hạn {weekday}; hôm nay là ngày làm việc cuối trước hạn: {report} của đơn vị"),
            }
        case Situation.CLAIMED | Situation.SETTLED:
            return _("Chờ đối chiếu: {report}")
        case Situation.REMINDER:
            texts = {
                Relation.SUBORDINATE: _("Nhắc việc, còn {days} ngày: {report}, gửi chậm nhất {day}"),
                Relation.PEER: _("Nhắc thời hạn: đề nghị gửi {report} chậm nhất {day}"),
                Relation.REQUESTED: _("Trân trọng đề nghị gửi {report} {by}"),
                Relation.SELF: _("Nhắc việc của đơn vị, còn {days} ngày: {report}, chậm nhất {day}"),
            }
    return texts[relation]


# -- events --


def _event(sheet: Sheet) -> str:
    if not sheet.mine:
        return _("Thông báo về nhiệm vụ theo dõi")
    match sheet.kind:
        case "assigned":
            text = _assigned(sheet)
        case "returned":
            text = _returned(sheet.mine[0])
        case "extended":
            text = _extended(sheet)
        case "correction":
            text = _correction(sheet)
        case _press:
            return _of_agency(sheet)
    if sheet.forward_for:
        text = _("Đề nghị chuyển tới {agency}: {subject}").format(agency=sheet.forward_for, subject=text)
    return text


def nearest(items: Iterable[Item], *, today: date) -> date:
    """The nearest deadline that is not over yet; where all are over, the first."""
    days = sorted(deadline(item) for item in items)
    return next((day for day in days if day >= today), days[0])


def plans_of(items: Sequence[Item]) -> str:
    """``KH kèm QĐ 2316/QĐ-UBND``, and how many plans more."""
    names = list(dict.fromkeys(item.plan_short for item in items))
    if len(names) == 1:
        return names[0]
    return _("{plan} và {n} kế hoạch khác").format(plan=names[0], n=two_digits(len(names) - 1))


def _assigned(sheet: Sheet) -> str:
    texts = {
        Relation.SUBORDINATE: _("Giao nhiệm vụ theo {report}: {n} việc, hạn gần nhất {day}"),
        Relation.PEER: _("Thông báo nhiệm vụ, thời hạn theo {report}: {n} việc, gần nhất {day}"),
        Relation.REQUESTED: _("Đề nghị phối hợp thực hiện {report}: {n} nội dung"),
        Relation.SELF: _("Nhiệm vụ của đơn vị theo {report}: {n} việc, hạn gần nhất {day}"),
    }
    day = day_text(nearest(sheet.mine, today=sheet.today))
    return _fitted(texts[sheet.relation], plans_of(sheet.mine), n=two_digits(len(sheet.mine)), day=day)


def _returned(item: Item) -> str:
    """The resend moment stands in the subject only where the body may be held to it."""
    reason = item.returned_for or _("đề nghị bổ sung")
    if item.relation is Relation.REQUESTED:
        return _fitted(_("Đề nghị phối hợp bổ sung {report}: {reason}"), paper_name(item), reason=reason)
    texts = {Relation.PEER: _("Đề nghị bổ sung, gửi lại {report}: {reason}; trước 17h00 ngày {day}")}
    text = texts.get(item.relation, _("Trả lại {report}: {reason}; gửi lại trước 17h00 ngày {day}"))
    return _fitted(text, paper_name(item), reason=shortened(reason, 70), day=day_month(deadline(item)))


def _extended(sheet: Sheet) -> str:
    item = sheet.mine[0]
    texts = {
        Relation.PEER: _("Thông báo: thời hạn {report} được điều chỉnh đến {day} theo VB số {document}"),
        Relation.REQUESTED: _("Thống nhất thời gian gửi {report}: {day}"),
    }
    text = texts.get(item.relation, _("Gia hạn {report} đến {day} theo VB số {document}"))
    report = thing(item, others=len(sheet.mine) - 1)
    return _fitted(text, report, day=day_text(deadline(item)), document=item.extended_by or "…")


def _correction(sheet: Sheet) -> str:
    item = sheet.mine[0]
    texts = {
        Relation.PEER: _(
            "Đính chính, {lead} xin thông báo lại: {report}; thông báo quá hạn đã gửi không còn giá trị"
        ),
        Relation.REQUESTED: _(
            "Đính chính, {lead} xin thông báo lại: {report}; thông báo chưa nhận đã gửi không còn giá trị"
        ),
    }
    text = texts.get(item.relation, _("Đính chính: {report}; thông báo quá hạn đã gửi không còn giá trị"))
    if item.received_on:
        report = _("đã nhận {paper} ngày {day}").format(paper=paper_name(item), day=day_month(item.received_on))
    else:
        report = item.title
    return _fitted(text, report, lead=sheet.desk.lead_name)
