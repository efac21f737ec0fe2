"""Đôn đốc and báo cáo UBND: who has not sent what, and what follows."""

from __future__ import annotations

from letters import annexes
from letters.facts import Document, Office, Owed, Reporting, State, Urging
from letters.lines import clean
from letters.model import Form, LetterKind, Paragraph
from letters.own_texts import DAY, OFFICE, PLAN, PRODUCT, LetterText, own
from letters.phrases import Texts, Wording, basis, contact, criticises, say, urged_before
from plans.model import Consequence, Relation
from plans.text import N_, _, day_text, two_digits

_URGING: Texts = {
    Relation.SUBORDINATE: N_("đôn đốc{turn} gửi {product} theo {plan}"),
    Relation.PEER: N_("đôn đốc gửi {product} theo {plan}{turn}"),
    Relation.REQUESTED: N_("đề nghị phối hợp gửi {product}"),
}
URGED: Texts = {
    Relation.SUBORDINATE: N_(
        "{office} yêu cầu các đơn vị chưa gửi khẩn trương hoàn thành, gửi {product} chậm nhất ngày {day}. Trường hợp "
        "đã gửi, báo cáo số, ngày văn bản để đối chiếu."
    ),
    Relation.PEER: N_(
        "{office} đề nghị các cơ quan, đơn vị chưa gửi quan tâm chỉ đạo, gửi {product} chậm nhất ngày {day}. Trường "
        "hợp đã gửi, đề nghị cho biết số, ngày văn bản để đối chiếu."
    ),
    Relation.REQUESTED: N_(
        "{office} trân trọng đề nghị quý cơ quan quan tâm, phối hợp gửi {product} trong thời gian đến ngày {day}. "
        "Trường hợp đã gửi, kính mong quý cơ quan cho biết số, ngày văn bản để đối chiếu."
    ),
}


_ALONE: Texts = {
    Relation.SUBORDINATE: N_(
        "Đến hết ngày {day}, {office} chưa nhận được {product} của đơn vị (gửi chậm nhất ngày {last_day})."
    ),
    Relation.PEER: N_(
        "Đến hết ngày {day}, {office} chưa nhận được {product} của quý cơ quan, địa phương (gửi chậm nhất ngày "
        "{last_day})."
    ),
}
_URGED_ALONE: Texts = {
    Relation.SUBORDINATE: N_(
        "{office} yêu cầu đơn vị khẩn trương hoàn thành, gửi {product} chậm nhất ngày {day}. Trường hợp đã gửi, báo "
        "cáo số, ngày văn bản để đối chiếu."
    ),
    Relation.PEER: N_(
        "{office} đề nghị quý cơ quan, địa phương quan tâm chỉ đạo, gửi {product} chậm nhất ngày {day}. Trường hợp đã "
        "gửi, đề nghị cho biết số, ngày văn bản để đối chiếu."
    ),
}


def urging(facts: Urging, office: Office, relation: Relation) -> Wording:
    asked = relation is Relation.REQUESTED
    turn = _(" (lần {n})").format(n=facts.turn) if facts.turn > 1 else ""
    product = facts.owed.product
    alone = facts.alone and not asked
    body = say(
        basis(facts.plan, facts.owed, office),
        _not_received(facts, office, relation),
        "" if asked else urged_before(facts.earlier, office),
        _request(facts, office, relation, alone=alone),
        "" if asked else _after_that(facts.plan, facts.consequence, office),
        contact(office),
    )
    abstract = _(_URGING[relation]).format(product=product, plan=facts.plan.brief, turn=turn)
    listed = () if asked or alone or not facts.state.late else (annexes.late_agencies(facts.state.late),)
    return Wording(LetterKind.URGING, abstract, body, listed)


def _request(facts: Urging, office: Office, relation: Relation, *, alone: bool) -> str:
    """What is asked for, and by when."""
    day = day_text(facts.resend_by)
    texts = _URGED_ALONE if alone else URGED
    said = _(texts[relation]).format(office=office.named, product=facts.owed.product, day=day)
    values = {OFFICE: office.named, PRODUCT: facts.owed.product, DAY: day, PLAN: facts.plan.brief}
    return own(office, LetterText.URGED, relation, said, values)


def _not_received(facts: Urging, office: Office, relation: Relation) -> str:
    """What has not come: of the one body, of all who are late against those who have sent, or of some of them."""
    state = facts.state
    words = {"day": day_text(state.on), "office": office.named, "product": facts.owed.product}
    if relation is Relation.REQUESTED:
        said = _("Đến ngày {day}, {office} chưa nhận được {product} của quý cơ quan.")
        return said.format(**words)
    if facts.alone:
        return _(_ALONE[relation]).format(**words, last_day=day_text(state.late[0].last_day))
    late = two_digits(len(state.late))
    if not facts.whole:
        said = _(
            "Đến hết ngày {day}, {office} chưa nhận được {product} của {late} cơ quan, đơn vị (danh sách tại Phụ lục "
            "kèm theo)."
        )
        return said.format(**words, late=late)
    said = _(
        "Đến hết ngày {day}, {office} đã nhận {product} của {received}/{owing} cơ quan, đơn vị; còn {late} cơ quan, "
        "đơn vị chưa gửi (danh sách tại Phụ lục kèm theo)."
    )
    return said.format(**words, received=two_digits(state.received), owing=two_digits(state.owing), late=late)


def _after_that(plan: Document, consequence: Consequence | None, office: Office) -> str:
    """What follows: a report to the superior; criticism only in the plan's own words."""
    if consequence is None:
        said = _("Sau thời hạn trên, {office} tổng hợp, báo cáo {superior}.")
        return said.format(office=office.named, superior=office.superior)
    if criticises(consequence):
        said = _(
            "Sau thời hạn trên, {office} tổng hợp, báo cáo {superior} xem xét, phê bình theo mục {section} {plan} "
            "(“{quote}”)."
        )
    else:
        said = _("Sau thời hạn trên, {office} tổng hợp, báo cáo {superior} theo mục {section} {plan} (“{quote}”).")
    return said.format(
        office=office.named,
        superior=office.superior,
        section=consequence.section,
        plan=plan.brief,
        quote=clean(consequence.quote).rstrip("."),
    )


def reporting(facts: Reporting, office: Office) -> Wording:
    late = tuple(each for _owed, state in facts.states for each in state.late)
    day = day_text(facts.on)
    body = (
        *say(
            _("Thực hiện {plan}, {office} báo cáo tình hình gửi văn bản đến hết ngày {day} như sau:").format(
                plan=facts.plan.full, office=office.named, day=day
            )
        ),
        Paragraph(_("I. Tình hình thực hiện"), Form.PART),
        *say(*(_one_state(at, *pair) for at, pair in enumerate(facts.states, start=1))),
        Paragraph(_("II. Công tác đôn đốc"), Form.PART),
        *say(urged_before(facts.earlier, office) or _("Chưa có văn bản đôn đốc.")),
        Paragraph(_("III. Đề xuất, kiến nghị"), Form.PART),
        *say(*_proposals(facts, office)),
        *say(_("{office} kính báo cáo {superior}.").format(office=office.named, superior=office.superior)),
    )
    abstract = _("Tình hình thực hiện {plan} đến ngày {day}").format(plan=facts.plan.brief, day=day)
    return Wording(LetterKind.REPORT, abstract, body, (annexes.late_agencies(late),) if late else ())


def _one_state(at: int, owed: Owed, state: State) -> str:
    said = _(
        "{at}. {product} (mục {clause}, {words}): đã nhận của {received}/{owing} cơ quan, đơn vị; quá hạn chưa nhận: "
        "{late}."
    )
    return said.format(
        at=at,
        product=owed.product,
        clause=owed.clause,
        words=owed.words,
        received=two_digits(state.received),
        owing=two_digits(state.owing),
        late=two_digits(len(state.late)),
    )


def _proposals(facts: Reporting, office: Office) -> tuple[str, ...]:
    """What the office typed; else that the superior tells the late ones to send, and what the plan threatens."""
    late = [each for _owed, state in facts.states for each in state.late]
    if facts.proposals or not late:
        return facts.proposals or (_("Không."),)
    ordered = [each for each in late if each.relation is not Relation.REQUESTED]
    said = _(
        "Đề nghị {superior} xem xét, chỉ đạo các cơ quan, đơn vị nêu tại Phụ lục gửi văn bản chậm nhất ngày {day}."
    ).format(superior=office.superior, day=day_text(facts.resend_by))
    threat = facts.consequence
    if threat is None or not ordered or not criticises(threat):
        return (said,)
    if len(ordered) == len(late):
        asked = _(
            "Đề nghị {superior} xem xét, phê bình các cơ quan, đơn vị quá hạn theo mục {section} {plan} (“{quote}”)."
        )
    else:
        asked = _(
            "Đề nghị {superior} xem xét, phê bình các cơ quan, đơn vị quá hạn theo mục {section} {plan} (“{quote}”), "
            "trừ các cơ quan được đề nghị phối hợp."
        )
    quote = clean(threat.quote).rstrip(".")
    words = {"superior": office.superior, "section": threat.section, "plan": facts.plan.brief, "quote": quote}
    return said, asked.format(**words)
