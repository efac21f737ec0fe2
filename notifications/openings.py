"""The first sentences of a message, by relation and situation; the subjects stand in ``wording``."""

from __future__ import annotations

from notifications.facts import Item, Sheet
from notifications.headline import headline, nearest, plans_of
from notifications.phrases import (
    Situation,
    by_when,
    days_over,
    deadline,
    paper_name,
    received_paper,
    sentence,
    situation_of,
    thing,
)
from plans.model import Relation
from plans.text import _, _n, day_text, two_digits, weekday_text


def of_mine(sheet: Sheet, items: tuple[Item, ...]) -> str:
    """What is asked of the body, after its most urgent item."""
    item, others = headline(items, today=sheet.today)
    left = max(0, (deadline(item) - sheet.today).days)
    late = days_over(item, today=sheet.today)
    text = situation_text(situation_of(item, today=sheet.today), item.relation, late or left)
    return sentence(
        text.format(
            sender=sheet.desk.sender,
            plan=item.plan_short,
            report=thing(item, others=others),
            by=by_when(item),
            day=weekday_text(deadline(item)),
            today=day_text(sheet.today),
            left=two_digits(left),
            late=two_digits(late),
        )
    )


def situation_text(situation: Situation, relation: Relation, days: int) -> str:
    """The sentence before its parts are put in."""
    match situation:
        case Situation.OVERDUE:
            texts = {
                Relation.SUBORDINATE: _n(
                    "Đến ngày {today}, {sender} chưa nhận {report} theo {plan}, quá hạn {late} ngày. "
                    "Yêu cầu đơn vị gửi ngay; nếu đã gửi, cho biết số, ngày văn bản.",
                    days,
                ),
                Relation.PEER: _n(
                    "Đến ngày {today}, {sender} chưa nhận {report} theo {plan} (quá hạn {late} ngày). "
                    "Đề nghị Quý cơ quan sớm gửi, hoặc cho biết số, ngày văn bản nếu đã gửi.",
                    days,
                ),
                Relation.REQUESTED: _(
                    "Đến ngày {today}, {sender} chưa nhận {report} theo {plan}. Kính đề nghị Quý cơ quan phối hợp gửi, "
                    "hoặc cho biết số, ngày văn bản nếu đã gửi."
                ),
                Relation.SELF: _n(
                    "Đến ngày {today}, {report} do đơn vị thực hiện theo {plan} đã quá hạn {late} ngày.", days
                ),
            }
        case Situation.PASSED:
            texts = {
                Relation.SUBORDINATE: _(
                    "Hạn gửi {report} theo {plan} là {day}, đến nay chưa nhận. Yêu cầu đơn vị gửi ngay."
                ),
                Relation.PEER: _(
                    "Hạn gửi {report} theo {plan} là {day}, đến nay chưa nhận. Đề nghị Quý cơ quan sớm gửi."
                ),
                Relation.REQUESTED: _("{sender} kính đề nghị Quý cơ quan sớm gửi {report} theo {plan}."),
                Relation.SELF: _("Hạn hoàn thành {report} theo {plan} là {day}."),
            }
        case Situation.TODAY:
            texts = {
                Relation.SUBORDINATE: _(
                    "Hôm nay, {day}, là hạn gửi {report} theo {plan}. Yêu cầu đơn vị gửi trong hôm nay."
                ),
                Relation.PEER: _(
                    "Hôm nay, {day}, là hạn gửi {report} theo {plan}. Đề nghị Quý cơ quan gửi trong hôm nay."
                ),
                Relation.REQUESTED: _(
                    "{sender} kính đề nghị Quý cơ quan phối hợp gửi {report} theo {plan} trong hôm nay, {day}."
                ),
                Relation.SELF: _("Hôm nay, {day}, là hạn hoàn thành {report} theo {plan}."),
            }
        case Situation.LAST_WORKING_DAY:
            texts = {
                Relation.SUBORDINATE: _(
                    "Hạn gửi {report} theo {plan} là {day}, trùng ngày nghỉ; hôm nay là ngày làm việc cuối trước hạn. "
                    "Yêu cầu đơn vị gửi trong hôm nay."
                ),
                Relation.PEER: _(
                    "Hạn gửi {report} theo {plan} là {day}, trùng ngày nghỉ; hôm nay là ngày làm việc cuối trước hạn. "
                    "Đề nghị Quý cơ quan gửi trong hôm nay."
                ),
                Relation.REQUESTED: _(
                    "Thời hạn gửi {report} theo {plan} là {day}, trùng ngày nghỉ. "
                    "{sender} trân trọng đề nghị Quý cơ quan phối hợp gửi trong hôm nay."
                ),
                Relation.SELF: _(
                    "Hạn hoàn thành {report} theo {plan} là {day}, trùng ngày nghỉ; "
                    "hôm nay là ngày làm việc cuối trước hạn."
                ),
            }
        case Situation.REMINDER:
            texts = {
                Relation.SUBORDINATE: _n(
                    "Thực hiện {plan}, {sender} nhắc đơn vị gửi {report} chậm nhất {day} (còn {left} ngày).", days
                ),
                Relation.PEER: _n(
                    "Thực hiện {plan}, đề nghị Quý cơ quan gửi {report} chậm nhất {day} (còn {left} ngày).", days
                ),
                Relation.REQUESTED: _(
                    "Để phối hợp thực hiện {plan}, {sender} trân trọng đề nghị Quý cơ quan gửi {report} {by}."
                ),
                Relation.SELF: _n("Theo {plan}, đơn vị hoàn thành {report} chậm nhất {day} (còn {left} ngày).", days),
            }
        case _settled_or_claimed:
            return _("{report} theo {plan}: đã báo gửi, {sender} đang đối chiếu.")
    return texts[relation]


def of_assigned(sheet: Sheet) -> str:
    """What the plan orders of the body, and when the first of it is due."""
    day = weekday_text(nearest(sheet.mine, today=sheet.today))
    return sentence(
        assigned_text(sheet.relation).format(
            plan=plans_of(sheet.mine), n=two_digits(len(sheet.mine)), day=day, sender=sheet.desk.sender
        )
    )


def assigned_text(relation: Relation) -> str:
    """The sentence before its parts are put in."""
    texts = {
        Relation.SUBORDINATE: _(
            "Theo {plan}, đơn vị được giao {n} việc dưới đây, hạn gần nhất {day}. "
            "Yêu cầu đơn vị thực hiện, gửi kết quả đúng hạn."
        ),
        Relation.PEER: _(
            "{sender} thông báo các việc Quý cơ quan thực hiện theo {plan}: {n} việc, hạn gần nhất {day}. "
            "Đề nghị Quý cơ quan phân công thực hiện, gửi kết quả đúng hạn."
        ),
        Relation.REQUESTED: _(
            "{sender} trân trọng đề nghị Quý cơ quan phối hợp thực hiện {n} nội dung dưới đây theo {plan}."
        ),
        Relation.SELF: _("Theo {plan}, đơn vị thực hiện {n} việc dưới đây, hạn gần nhất {day}."),
    }
    return texts[relation]


def of_returned(item: Item, sender: str) -> str:
    """What is missing from the paper, and by when it is to come again."""
    return sentence(
        returned_text(item.relation).format(
            sender=sender,
            paper=received_paper(item),
            report=item.title,
            plan=item.plan_short,
            reason=item.returned_for or _("cần bổ sung"),
            day=weekday_text(deadline(item)),
        )
    )


def returned_text(relation: Relation) -> str:
    """The sentence before its parts are put in."""
    texts = {
        Relation.PEER: _(
            "{sender} đã nhận {paper} ({report} theo {plan}). Nội dung cần bổ sung: {reason}. "
            "Đề nghị Quý cơ quan hoàn thiện, gửi lại trước 17h00 {day}."
        ),
        Relation.REQUESTED: _(
            "{sender} đã nhận {paper} ({report} theo {plan}). Nội dung cần bổ sung: {reason}. "
            "Trân trọng đề nghị Quý cơ quan phối hợp hoàn thiện, gửi lại trước 17h00 {day}."
        ),
    }
    return texts.get(
        relation,
        _(
            "{sender} trả lại {paper} ({report} theo {plan}). Lý do: {reason}. Yêu cầu đơn vị hoàn thiện, "
            "gửi lại trước 17h00 {day}."
        ),
    )


def of_extended(item: Item, sender: str) -> str:
    """The new deadline and the document that gives it."""
    return sentence(
        extended_text(item.relation).format(
            sender=sender,
            report=thing(item),
            plan=item.plan_short,
            document=item.extended_by or "…",
            day=weekday_text(deadline(item)),
        )
    )


def extended_text(relation: Relation) -> str:
    """The sentence before its parts are put in."""
    texts = {
        Relation.PEER: _(
            "{sender} thông báo: thời hạn gửi {report} theo {plan} được điều chỉnh theo VB số {document}. "
            "Đề nghị Quý cơ quan gửi chậm nhất {day}."
        ),
        Relation.REQUESTED: _(
            "{sender} thống nhất thời gian gửi {report} theo {plan} là {day} (VB số {document}). "
            "Trân trọng đề nghị Quý cơ quan tiếp tục phối hợp."
        ),
        Relation.SELF: _("Thời hạn {report} theo {plan} được gia hạn đến {day} theo VB số {document}."),
    }
    return texts.get(
        relation,
        _("{report} theo {plan} được gia hạn theo VB số {document}. Yêu cầu đơn vị gửi chậm nhất {day}."),
    )


def of_correction(item: Item, sender: str) -> str:
    """Takes back a message that told the body off although the paper had come."""
    if item.received_on:
        known = _("đã nhận {paper} ngày {day} ({report} theo {plan})")
    else:
        known = _("{report} theo {plan} không còn phải gửi")
    return sentence(
        correction_text(item.relation).format(
            sender=sender,
            known=known.format(
                paper=paper_name(item) if item.number else _("văn bản"),
                report=item.title,
                plan=item.plan_short,
                day=day_text(item.received_on) if item.received_on else "",
            ),
        )
    )


def correction_text(relation: Relation) -> str:
    """The sentence before its parts are put in."""
    texts = {
        Relation.PEER: _(
            "{sender} xin thông báo lại: {known}. Thông báo quá hạn đã gửi trước đây không còn giá trị. "
            "Mong Quý cơ quan thông cảm."
        ),
        Relation.REQUESTED: _(
            "{sender} xin thông báo lại: {known}. Thông báo chưa nhận đã gửi trước đây không còn giá trị. "
            "Mong Quý cơ quan thông cảm."
        ),
    }
    return texts.get(relation, _("{sender} đính chính: {known}. Thông báo quá hạn đã gửi trước đây không còn giá trị."))
