"""Subjects of messages, by relation and situation. All of it was checked by reading and stays editable here.

A subordinate is told, a peer is asked ("đề nghị"), a body that is only requested is asked politely and never told
off; an automatic message after the deadline is a "nhắc quá hạn", never a numbered "đôn đốc".
"""

from __future__ import annotations

from notifications import office_wording, own_texts
from notifications.facts import Item, Sheet
from notifications.headline import headline, nearest, plans_of
from notifications.lines import SUBJECT_LIMIT, fitted, shortened
from notifications.phrases import (
    Situation,
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
from plans.text import _, _n, day_text, two_digits, weekday_text


def subject(sheet: Sheet) -> str:
    """The subject line, one line of at most 150 characters."""
    text = _digest(sheet) if sheet.kind == "digest" else _event(sheet)
    if is_sample(sheet):
        text = _("[MẪU] {text}").format(text=text)
    return shortened(text, SUBJECT_LIMIT)


def is_sample(sheet: Sheet) -> bool:
    """Whether nothing in it is real."""
    items = [*sheet.mine, *sheet.check, *sheet.lead, *sheet.review, *sheet.direction]
    return sheet.sample or bool(items and all(item.sample for item in items))


# -- digests --


def _digest(sheet: Sheet) -> str:
    """By the most important role: head, lead officer, check, what the person's own body owes."""
    if sheet.direction:
        return office_wording.direction_subject(sheet)
    if sheet.lead:
        return office_wording.lead_subject(sheet)
    if sheet.check:
        return office_wording.check_subject(sheet)
    if sheet.review and not any(item.rung for item in sheet.mine):
        return office_wording.review_subject(sheet)
    return _of_agency(sheet)


# -- what a body owes --


def _of_agency(sheet: Sheet) -> str:
    if not sheet.mine:
        return _("Nhắc việc")
    item, others = headline(sheet.mine, today=sheet.today)
    if (own := own_texts.subject(sheet)) is not None:
        return _forwarded(sheet, own) if item.relation is not Relation.SELF else own
    left = (deadline(item) - sheet.today).days
    days = days_over(item, today=sheet.today) if left < 0 else left
    text = situation_subject(situation_of(item, today=sheet.today), item.relation, days)
    if sheet.forward_for and item.relation is not Relation.SELF:
        text = _("Đề nghị chuyển tới {agency}: {subject}").replace("{subject}", text)
    return fitted(
        text,
        thing(item, others=others),
        days=two_digits(days),
        by=by_when(item),
        day=weekday_text(deadline(item)),
        on=day_month(deadline(item)),
        today=day_text(sheet.today),
        weekday=weekday_and_day(deadline(item)),
        agency=sheet.forward_for,
    )


def situation_subject(situation: Situation, relation: Relation, days: int) -> str:
    """The line before its parts are put in."""
    match situation:
        case Situation.OVERDUE:
            texts = {
                Relation.SUBORDINATE: _n("Quá hạn {days} ngày: chưa nhận {report}", days),
                Relation.PEER: _("Đến {today} chưa nhận {report}; đề nghị gửi hoặc cho biết số, ngày đã gửi"),
                Relation.REQUESTED: _("Chưa nhận {report}; kính đề nghị phối hợp"),
                Relation.SELF: _n("Quá hạn {days} ngày: {report} của đơn vị", days),
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
        case Situation.REMINDER:
            texts = {
                Relation.SUBORDINATE: _n("Nhắc việc, còn {days} ngày: {report}, gửi chậm nhất {day}", days),
                Relation.PEER: _("Nhắc thời hạn: đề nghị gửi {report} chậm nhất {day}"),
                Relation.REQUESTED: _("Trân trọng đề nghị gửi {report} {by}"),
                Relation.SELF: _n("Nhắc việc của đơn vị, còn {days} ngày: {report}, chậm nhất {day}", days),
            }
        case _claimed_or_settled:
            return _("Chờ đối chiếu: {report}")
    return texts[relation]


# -- events --


def _event(sheet: Sheet) -> str:
    if sheet.kind == "month":
        return office_wording.month_subject(sheet)
    if sheet.week:
        return office_wording.week_subject(sheet.week)
    if sheet.page:
        return sheet.page.subject
    if not sheet.mine:
        return _("Thông báo về nhiệm vụ theo dõi")
    if sheet.kind != "press" and (own := own_texts.subject(sheet)) is not None:
        return _forwarded(sheet, own)
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
    return _forwarded(sheet, text)


def _forwarded(sheet: Sheet, text: str) -> str:
    """A level without an address of its own is reached through somebody who passes the message on."""
    if not sheet.forward_for:
        return text
    return _("Đề nghị chuyển tới {agency}: {subject}").format(agency=sheet.forward_for, subject=text)


def _assigned(sheet: Sheet) -> str:
    day = day_text(nearest(sheet.mine, today=sheet.today))
    n = len(sheet.mine)
    return fitted(assigned_subject(sheet.relation, n), plans_of(sheet.mine), n=two_digits(n), day=day)


def assigned_subject(relation: Relation, n: int) -> str:
    """The line before its parts are put in; its report is the plan."""
    texts = {
        Relation.SUBORDINATE: _("Giao nhiệm vụ theo {report}: {n} việc, hạn gần nhất {day}"),
        Relation.PEER: _("Thông báo nhiệm vụ, thời hạn theo {report}: {n} việc, gần nhất {day}"),
        Relation.REQUESTED: _n("Đề nghị phối hợp thực hiện {report}: {n} nội dung", n),
        Relation.SELF: _("Nhiệm vụ của đơn vị theo {report}: {n} việc, hạn gần nhất {day}"),
    }
    return texts[relation]


def _returned(item: Item) -> str:
    """The resend moment stands in the subject only where the body may be held to it."""
    reason = item.returned_for or _("đề nghị bổ sung")
    if item.relation is not Relation.REQUESTED:
        reason = shortened(reason, 70)
    text = returned_subject(item.relation)
    return fitted(text, paper_name(item), reason=reason, day=day_month(deadline(item)))


def returned_subject(relation: Relation) -> str:
    """The line before its parts are put in; its report is the paper."""
    texts = {
        Relation.PEER: _("Đề nghị bổ sung, gửi lại {report}: {reason}; trước 17h00 ngày {day}"),
        Relation.REQUESTED: _("Đề nghị phối hợp bổ sung {report}: {reason}"),
    }
    return texts.get(relation, _("Trả lại {report}: {reason}; gửi lại trước 17h00 ngày {day}"))


def _extended(sheet: Sheet) -> str:
    item = sheet.mine[0]
    report = thing(item, others=len(sheet.mine) - 1)
    text = extended_subject(item.relation)
    return fitted(text, report, day=day_text(deadline(item)), document=item.extended_by or "…")


def extended_subject(relation: Relation) -> str:
    """The line before its parts are put in."""
    texts = {
        Relation.PEER: _("Thông báo: thời hạn {report} được điều chỉnh đến {day} theo VB số {document}"),
        Relation.REQUESTED: _("Thống nhất thời gian gửi {report}: {day}"),
    }
    return texts.get(relation, _("Gia hạn {report} đến {day} theo VB số {document}"))


def _correction(sheet: Sheet) -> str:
    item = sheet.mine[0]
    told = item.told_off_on
    day = _("ngày {day}").format(day=day_month(told)) if told else _("đã gửi")
    if item.received_on:
        report = _("đã nhận {paper} ngày {day}").format(paper=paper_name(item), day=day_month(item.received_on))
    else:
        report = item.title
    return fitted(correction_subject(item.relation), report, lead=sheet.desk.lead_name, day=day)


def correction_subject(relation: Relation) -> str:
    """The line before its parts are put in; its report is what is right."""
    texts = {
        Relation.PEER: _("Đính chính, {lead} xin thông báo lại: {report}; thông báo quá hạn {day} không còn giá trị"),
        Relation.REQUESTED: _(
            "Đính chính, {lead} xin thông báo lại: {report}; thông báo chưa nhận {day} không còn giá trị"
        ),
    }
    return texts.get(relation, _("Đính chính: {report}; thông báo quá hạn {day} không còn giá trị"))
