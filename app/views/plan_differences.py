"""What a new text of a plan changes, in words: what a person looks at before it is saved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.rule_words import date_words, rule_words
from app.views.plan import level_text, relation_text, role_text, target_text
from plans.figure_numbers import unit_word
from plans.model import BeforeReading, Duty, Figure, Party, Plan, Recipient, Register, WeekendReading
from plans.text import _, day_text, sort_key


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is not as it was. ``kind``: added, removed, changed."""

    kind: str
    what: str
    was: str = ""
    now: str = ""


@dataclass(frozen=True, slots=True)
class Differences:
    facts: tuple[Change, ...]
    bodies: tuple[Change, ...]
    duties: tuple[tuple[str, tuple[Change, ...]], ...]  # per duty that stays
    others: tuple[Change, ...]  # duties and figures that come or go

    def __bool__(self) -> bool:
        return bool(self.facts or self.bodies or self.duties or self.others)


def differences(old: Plan, new: Plan, register: Register) -> Differences:
    """Everything that differs between two texts of one plan."""
    before, after = ({duty.id: duty for duty in plan.duties} for plan in (old, new))
    changed = (
        (duty.title, tuple(_duty(before[duty.id], duty, before, after, register)))
        for duty in new.duties
        if duty.id in before
    )
    others = [
        *(Change("added", _("Nhiệm vụ"), now=_duty_words(d)) for d in new.duties if d.id not in before),
        *(Change("removed", _("Nhiệm vụ"), was=_duty_words(d)) for d in old.duties if d.id not in after),
        *_targets(old, new),
        *_figures(old, new),
    ]
    return Differences(
        tuple(_facts(old, new)),
        tuple(_bodies(old, new, register)),
        tuple((title, changes) for title, changes in changed if changes),
        tuple(others),
    )


def _compare(pairs: Iterable[tuple[str, str | None, str | None]]) -> Iterator[Change]:
    for what, was, now in pairs:
        if (was or "") != (now or ""):
            kind = "changed" if was and now else "added" if now else "removed"
            yield Change(kind, what, was or "", now or "")


def _facts(old: Plan, new: Plan) -> Iterator[Change]:
    def texts(plan: Plan) -> list[tuple[str, str | None]]:
        return [
            (_("Số"), plan.number),
            (_("Tên"), plan.title),
            (_("Gọi tắt"), plan.short),
            (_("Ngày ban hành"), date_words(plan.issued)),
            (_("Cơ quan ban hành"), plan.issuer),
            (_("Cấp"), level_text(plan.level)),
            (_("Văn bản được triển khai"), plan.implements),
            (_("Kế hoạch cấp trên"), plan.parent),
            (_("Đơn vị theo dõi, căn cứ"), f"{plan.lead} · {plan.lead_section}: {plan.lead_quote}"),
            (_("Thực hiện đến"), day_text(plan.until) if plan.until else None),
            (_("Cách tính “trước ngày”"), _before(plan)),
            (_("Hạn rơi vào ngày nghỉ"), _weekend(plan)),
            (_("Chế tài"), f"{plan.consequence.section}: {plan.consequence.quote}" if plan.consequence else None),
            (_("Lịch nhắc"), str(plan.ladder) if plan.ladder else None),
            (_("Ghi chú"), plan.note),
        ]

    return _compare((what, was, now) for (what, was), (_what, now) in zip(texts(old), texts(new), strict=True))


def _before(plan: Plan) -> str | None:
    return {
        BeforeReading.NAMED_DAY: _("nhận đúng ngày đó là đúng hạn"),
        BeforeReading.DAY_BEFORE: _("phải nhận trước ngày đó"),
        None: None,
    }[plan.reading.before]


def _weekend(plan: Plan) -> str | None:
    return {
        WeekendReading.NEXT_WORKING_DAY: _("tính đến ngày làm việc kế tiếp"),
        WeekendReading.KEEP: _("giữ nguyên"),
        None: None,
    }[plan.reading.weekend]


def _bodies(old: Plan, new: Plan, register: Register) -> Iterator[Change]:
    """Bodies by name with how they stand, wherever the plan names them."""

    def standing(plan: Plan) -> dict[tuple[str, str], Party]:
        found = {("", party.agency): party for party in plan.parties}
        return found | {(group.name, party.agency): party for group in plan.groups for party in group.members}

    before, after = standing(old), standing(new)
    for key in sorted(before.keys() | after.keys(), key=lambda key: (key[0], sort_key(register[key[1]].name))):
        was, now = (_party(found.get(key)) for found in (before, after))
        what = " · ".join(filter(None, (key[0], register[key[1]].name)))
        yield from _compare([(what, was, now)])


def _party(party: Party | None) -> str | None:
    return f"{relation_text(party.relation)}, {party.ground}" if party else None


def _duty(
    old: Duty, new: Duty, before: dict[str, Duty], after: dict[str, Duty], register: Register
) -> Iterator[Change]:
    def texts(duty: Duty, duties: dict[str, Duty]) -> list[tuple[str, str | None]]:
        fed = duties.get(duty.feeds or "")
        return [
            (_("Tên"), duty.title),
            (_("Mục"), duty.section),
            (_("Thời hạn"), rule_words(duty.rule)),
            (_("Cụm từ trong văn bản"), duty.rule.words),
            (_("Mốc số liệu"), str(duty.rule.window) if duty.rule.window else None),
            (_("Kỳ"), f"{duty.rule.period or ''}{_('kỳ trước') if duty.rule.covers_previous else ''}"),
            (_("Việc phải làm"), duty.action),
            (_("Sản phẩm"), duty.product),
            (_("Nơi nhận"), _recipients(duty.recipients, register)),
            (_("Gộp vào"), fed.title if fed else None),
            (_("Không đính kèm tệp"), _("có") if duty.no_file else None),
            (_("Chế tài"), f"{duty.consequence.section}: {duty.consequence.quote}" if duty.consequence else None),
            (_("Lịch nhắc"), str(duty.ladder) if duty.ladder else None),
            (_("Ghi chú"), duty.note),
        ]

    pairs = zip(texts(old, before), texts(new, after), strict=True)
    yield from _compare((what, was, now) for (what, was), (_what, now) in pairs)
    for what, was_bodies, now_bodies in (
        (_("Chủ trì"), old.responsible, new.responsible),
        (_("Phối hợp"), old.cooperating, new.cooperating),
    ):
        yield from _called(what, was_bodies, now_bodies, register)


def _called(what: str, old: Sequence[Party], new: Sequence[Party], register: Register) -> Iterator[Change]:
    before, after = ({party.agency for party in several} for several in (old, new))
    for kind, bodies in (("removed", before - after), ("added", after - before)):
        if bodies:
            names = "; ".join(sorted((register[body].name for body in bodies), key=sort_key))
            yield Change(kind, what, **{"was" if kind == "removed" else "now": names})


def _recipients(recipients: Sequence[Recipient], register: Register) -> str:
    return "; ".join(
        " · ".join(filter(None, (register[each.agency].name, each.detail, role_text(each.role)))) for each in recipients
    )


def _duty_words(duty: Duty) -> str:
    return f"{duty.title} ({duty.section}): {rule_words(duty.rule)}"


def _targets(old: Plan, new: Plan) -> Iterator[Change]:
    before, after = (
        {target.id: f"{target.section}: {target.text}, {target_text(target)}" for target in plan.targets}
        for plan in (old, new)
    )
    return _compare((_("Chỉ tiêu"), before.get(it), after.get(it)) for it in dict.fromkeys([*before, *after]))


def _figures(old: Plan, new: Plan) -> Iterator[Change]:
    before, after = ({figure.id: _figure_words(plan, figure) for figure in plan.figures} for plan in (old, new))
    return _compare((_("Số liệu"), before.get(it), after.get(it)) for it in dict.fromkeys([*before, *after]))


def _figure_words(plan: Plan, figure: Figure) -> str:
    """All that is said of it: name, unit, reports, what it is computed of and measured by."""
    titles = {duty.id: duty.title for duty in plan.duties}
    names = {each.id: each.name for each in plan.figures}
    texts = {target.id: target.text for target in plan.targets}
    parts = [
        f"{figure.name} ({unit_word(figure)})",
        _("lũy kế") if figure.cumulative else "",
        "; ".join(titles.get(each, each) for each in figure.duties),
    ]
    if figure.computed:
        of = (names.get(each or "", each or "") for each in (figure.numerator, figure.denominator))
        parts.append(" / ".join(of))
    if figure.target:
        parts.append(_("chỉ tiêu: {text}").format(text=texts.get(figure.target, figure.target)))
    return ", ".join(part for part in parts if part)
