"""Giao việc, gia hạn, đính chính: what is owed, until when, and what was wrong."""

from __future__ import annotations

from letters import annexes
from letters.facts import Assigning, Correcting, Extending, Office
from letters.model import LetterKind
from letters.own_texts import DAY, DOCUMENT, GROUND, OFFICE, PLAN, PRODUCT, SUPERIOR, WORDS, LetterText, own
from letters.phrases import Texts, Wording, basis, contact, say
from plans.model import Relation
from plans.text import N_, _, day_text, two_digits

_ASSIGNING: Texts = {
    Relation.SUBORDINATE: N_("giao nhiệm vụ thực hiện {plan}"),
    Relation.PEER: N_("thông báo nhiệm vụ, thời hạn thực hiện {plan}"),
    Relation.REQUESTED: N_("đề nghị phối hợp thực hiện {plan}"),
}
_FOLLOWED_UP = N_("Thực hiện {plan}, {office} được giao theo dõi, đôn đốc việc thực hiện (mục {clause}).")
_FOLLOWED: Texts = {
    Relation.SUBORDINATE: _FOLLOWED_UP,
    Relation.PEER: _FOLLOWED_UP,
    Relation.REQUESTED: N_("Thực hiện {plan}, {office} được giao theo dõi việc thực hiện (mục {clause})."),
}
_ASSIGNED: Texts = {
    Relation.SUBORDINATE: N_("{office} giao các đơn vị thực hiện {n} nhiệm vụ nêu tại Phụ lục kèm theo."),
    Relation.PEER: N_(
        "{office} thông báo {n} nhiệm vụ, thời hạn thuộc trách nhiệm của quý cơ quan, địa phương nêu tại Phụ lục kèm "
        "theo."
    ),
    Relation.REQUESTED: N_(
        "{office} trân trọng đề nghị quý cơ quan phối hợp thực hiện {n} nội dung nêu tại Phụ lục kèm theo."
    ),
}
_ASSIGNED_END: Texts = {
    Relation.SUBORDINATE: N_(
        "Yêu cầu các đơn vị tổ chức thực hiện đúng nội dung, thời hạn; khó khăn, vướng mắc kịp thời báo cáo {office} "
        "để được hướng dẫn."
    ),
    Relation.PEER: N_(
        "Đề nghị quý cơ quan, địa phương quan tâm chỉ đạo thực hiện đúng nội dung, thời hạn; khó khăn, vướng mắc "
        "kịp thời trao đổi với {office} để phối hợp giải quyết."
    ),
    Relation.REQUESTED: N_("Rất mong nhận được sự quan tâm, phối hợp của quý cơ quan."),
}


def assigning(facts: Assigning, office: Office, relation: Relation) -> Wording:
    days = [each.last_day for each in facts.owed if each.last_day and each.last_day >= (facts.on or each.last_day)]
    nearest = _("Thời hạn gần nhất là ngày {day}.").format(day=day_text(min(days))) if days else ""
    given = _(_ASSIGNED[relation]).format(office=office.named, n=two_digits(len(facts.owed)))
    end = _(_ASSIGNED_END[relation]).format(office=office.named)
    body = say(
        _(_FOLLOWED[relation]).format(plan=facts.plan.full, office=office.named, clause=facts.clause),
        f"{given} {nearest}",
        own(office, LetterText.ASSIGNED, relation, end, {OFFICE: office.named, PLAN: facts.plan.brief}),
        contact(office),
    )
    abstract = _(_ASSIGNING[relation]).format(plan=facts.plan.brief)
    return Wording(LetterKind.ASSIGNING, abstract, body, (annexes.duties(facts.owed),))


_EXTENDING: Texts = {
    Relation.SUBORDINATE: N_("gia hạn gửi {product}"),
    Relation.PEER: N_("điều chỉnh thời hạn gửi {product}"),
    Relation.REQUESTED: N_("thống nhất thời gian gửi {product}"),
}
_KEEPING: Texts = {
    Relation.SUBORDINATE: N_("không gia hạn gửi {product}"),
    Relation.PEER: N_("đề nghị gia hạn gửi {product}"),
    Relation.REQUESTED: N_("trao đổi về thời gian gửi {product}"),
}
_EXTENDED: Texts = {
    Relation.SUBORDINATE: N_(
        "{ground}thời hạn gửi {product} được gia hạn đến hết ngày {day}. Yêu cầu đơn vị gửi đúng thời hạn mới."
    ),
    Relation.PEER: N_(
        "{ground}thời hạn gửi {product} được điều chỉnh đến hết ngày {day}. Đề nghị quý cơ quan, địa phương quan tâm "
        "thực hiện."
    ),
    Relation.REQUESTED: N_(
        "{ground}{office} thống nhất thời gian gửi {product} đến hết ngày {day}. Trân trọng cảm ơn sự phối hợp của "
        "quý cơ quan."
    ),
}
_KEPT: Texts = {
    Relation.SUBORDINATE: N_("{office} không gia hạn gửi {product}; thời hạn ({words}) không thay đổi."),
    Relation.PEER: N_(
        "{office} đã chuyển đề nghị đến {superior}; trong khi chờ ý kiến, thời hạn hiện nay ({words}) không thay đổi."
    ),
    Relation.REQUESTED: N_(
        "{office} đã tiếp nhận đề nghị của quý cơ quan và báo cáo {superior}; mong quý cơ quan tiếp tục phối hợp."
    ),
}


def extending(facts: Extending, office: Office, relation: Relation) -> Wording:
    product, until = facts.owed.product, facts.until
    ground = _("Theo {document}, ").format(document=facts.by.full) if facts.by else ""
    words = {"office": office.named, "product": product, "superior": office.superior, "words": facts.owed.words}
    values = {
        OFFICE: office.named,
        PRODUCT: product,
        GROUND: ground,
        WORDS: facts.owed.words,
        SUPERIOR: office.superior,
    }
    if until:
        decided = _(_EXTENDED[relation]).format(ground=ground, day=day_text(until), **words)
        decided = own(office, LetterText.EXTENDED, relation, decided, {**values, DAY: day_text(until)})
    else:
        decided = own(office, LetterText.KEPT, relation, _(_KEPT[relation]).format(**words), values)
    reason = _("Lý do: {reason}.").format(reason=facts.reason.rstrip(".")) if facts.reason else ""
    body = say(
        basis(facts.plan, facts.owed, office),
        _("{office} đã nhận {document}.").format(office=office.named, document=facts.asked.full) if facts.asked else "",
        decided[:1].upper() + decided[1:],
        reason,
        contact(office),
    )
    abstract = _((_EXTENDING if until else _KEEPING)[relation]).format(product=product)
    return Wording(LetterKind.EXTENSION, abstract, body)


_CORRECTED: Texts = {
    Relation.SUBORDINATE: N_(
        "{office} đính chính nội dung trên để các đơn vị biết, thực hiện. Nội dung đã nêu tại {document} không còn giá "
        "trị."
    ),
    Relation.PEER: N_(
        "{office} xin thông báo lại để quý cơ quan, địa phương biết. Nội dung đã nêu tại {document} không còn giá trị."
    ),
    Relation.REQUESTED: N_(
        "{office} xin thông báo lại, mong quý cơ quan thông cảm. Nội dung đã nêu tại {document} không còn giá trị."
    ),
}


def correcting(facts: Correcting, office: Office, relation: Relation) -> Wording:
    end = _(_CORRECTED[relation]).format(office=office.named, document=facts.wrong.brief)
    body = say(
        _("Tại {document}, {office} đã nêu: {said}.").format(
            document=facts.wrong.full, office=office.named, said=facts.said.rstrip(".")
        ),
        _("Qua đối chiếu: {right}.").format(right=facts.right.rstrip(".")),
        own(office, LetterText.CORRECTED, relation, end, {OFFICE: office.named, DOCUMENT: facts.wrong.brief}),
        contact(office),
    )
    return Wording(LetterKind.CORRECTION, _("đính chính {document}").format(document=facts.wrong.brief), body)


READY = {
    LetterText.ASSIGNED: _ASSIGNED_END,
    LetterText.EXTENDED: _EXTENDED,
    LetterText.KEPT: _KEPT,
    LetterText.CORRECTED: _CORRECTED,
}
