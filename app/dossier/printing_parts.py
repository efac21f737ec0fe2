"""The parts of one occurrence in the printed hồ sơ."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from app.dossier.model import CamePaper, Case, Dossier, Entry, NamedWeek, Numbered, Sent
from app.dossier.timeline import Step, fate_text, letter_text, steps
from app.dossier.words import NOTHING, channel_text, day_or_dash, moment_text
from letters import lines as letter_lines
from letters.report import Block, Facts, Quote, Table, Text
from notifications.fate import message_status
from plans.calendar import local_time
from plans.text import _, _n, day_text, two_digits, weekday_text


def summary(case: Case) -> Iterator[Block]:
    o = case.o
    sent = len({told.message for told in case.told})
    rows = [
        (_("Cơ quan"), case.agency),
        (_("Nhiệm vụ, kỳ"), case.title),
        (_("Kế hoạch"), case.plan),
        (_("Mã kỳ"), o.id),
        (_("Tình trạng khi in"), case.status),
        (_("Gửi chậm nhất"), weekday_text(o.last_day)),
        (_("Ngày cuối tính đúng hạn"), weekday_text(o.late_after)),
        (_("Ngày nhận văn bản"), day_or_dash(o.received_on)),
    ]
    if case.days_late:
        rows.append((_("Số ngày quá hạn"), _n("{n} ngày", case.days_late).format(n=case.days_late)))
    if o.missed_at is not None:
        said = _("hết ngày {day} (24:00); ghi nhận lúc {at}")
        rows.append((_("Quá hạn khi"), said.format(day=day_text(o.late_after), at=moment_text(o.missed_noticed_at))))
    told = _("{sent} thông báo, {letters} công văn có số, {calls} cuộc gọi")
    counts = told.format(
        sent=two_digits(sent), letters=two_digits(len(case.letters)), calls=two_digits(len(case.calls))
    )
    rows.append((_("Đã nhắc, đôn đốc"), counts))
    yield Facts(tuple(rows))


def deadline(case: Case) -> Iterator[Block]:
    o, why = case.o, case.reasons
    rows = [
        (_("Hạn trong kế hoạch"), _reasoned(o.due, why.due)),
        (_("Gửi chậm nhất"), _reasoned(o.last_day, why.last_day)),
        (_("Ngày cuối tính đúng hạn"), _reasoned(o.late_after, why.late_after)),
    ]
    if why.resend and o.resend_by:
        rows.append((_("Gửi lại chậm nhất"), _reasoned(o.resend_by, why.resend)))
    rows += [(_("Cách đọc: {what}").format(what=label), text) for label, text in case.reading]
    yield Facts(tuple(rows))
    if not case.moved:
        yield Text(_("Hạn chưa đổi lần nào từ khi theo dõi."))
        return
    head = (_("Lúc"), _("Từ ngày"), _("Đến ngày"), _("Nguyên nhân"), _("Văn bản"), _("Người ghi"))
    moved = tuple(
        (
            moment_text(each.at),
            day_or_dash(each.was),
            day_or_dash(each.to),
            each.cause,
            each.document or NOTHING,
            each.by,
        )
        for each in case.moved
    )
    yield Text(_("Các lần đổi hạn:"))
    yield Table(head, moved, widths=(29, 26, 26, 36, 30, 26), align=("center", "center", "center"))


def _reasoned(day: date, why: tuple[str, ...]) -> str:
    return "\n".join([weekday_text(day), *why])


def course(case: Case, dossier: Dossier) -> Iterator[Block]:
    found = steps(case, dossier)
    if not found:
        yield Text(_("Chưa có việc nào được ghi."))
        return
    head = (_("Lúc"), _("Việc"), _("Ai"), _("Tình trạng lúc đó"))
    rows = tuple((_when(step), step.text, step.by, step.status) for step in found)
    yield Table(head, rows, widths=(29, 80, 27, 37), align=("center",), note=_course_note())


def _course_note() -> str:
    return _("Số trong ngoặc vuông là dòng của sổ kiểm tra (Phụ lục 2).")


def _when(step: Step) -> str:
    return day_text(local_time(step.at).date()) if step.dated else moment_text(step.at)


# -- messages --


def messages(case: Case, dossier: Dossier) -> Iterator[Block]:
    if not case.told:
        yield Text(_("Không có thông báo nào được soạn."))
    else:
        head = (_("Số"), _("Mốc"), _("Tới ai, kênh"), _("Tiêu đề"), _("Soạn lúc"), _("Kết quả"))
        rows = tuple(_message_row(told.rung, dossier.messages[told.message]) for told in case.told)
        yield Table(head, rows, widths=(11, 28, 40, 45, 24, 34), align=("center",), small=True)
    if case.untold:
        yield Text(_("Các mốc không gửi, và vì sao:"))
        heads = (_("Ngày"), _("Mốc"), _("Gửi ai"), _("Vì sao không gửi"))
        told = tuple((day_text(each.day), each.rung, each.role, each.why) for each in case.untold)
        yield Table(heads, told, widths=(24, 50, 35, 64), align=("center",), small=True)


def _message_row(rung: str, sent: Sent) -> tuple[str, ...]:
    fate = f"{fate_text(sent)}, {moment_text(sent.settled_at)}" if sent.settled_at else fate_text(sent)
    if len(sent.attempts) > 1:
        fate += "; " + _n("{n} lần thử", len(sent.attempts)).format(n=len(sent.attempts))
    if sent.instead_of:
        fate += "; " + _("thay thông báo số {n}").format(n=sent.instead_of)
    return (
        str(sent.id), rung, f"{sent.person}, {channel_text(sent.channel)}", sent.subject,
        moment_text(sent.created_at), fate,
    )  # fmt: skip


def message_facts(sent: Sent) -> Facts:
    """Above the text of a message."""
    rows = [
        (_("Người nhận"), f"{sent.person} ({channel_text(sent.channel)}: {sent.address})"),
        (_("Người gửi"), sent.sender),
        (_("Tiêu đề"), sent.subject),
        (_("Soạn lúc"), moment_text(sent.created_at)),
        ("Message-ID", sent.message_id),
    ]
    tries = "\n".join(
        f"{moment_text(each.at)}: {each.outcome}" + (f" ({each.detail})" if each.detail else "")
        for each in sent.attempts
    )
    rows.append((_("Các lần gửi"), tries or message_status(sent.status)))
    return Facts(tuple(rows))


# -- letters --


def letters(case: Case, dossier: Dossier) -> Iterator[Block]:
    if not case.letters:
        yield Text(_("Chưa có công văn nào mang số nói về kỳ này."))
    for it in case.letters:
        yield from _letter(dossier.letters[it], case)


def _letter(numbered: Numbered, case: Case) -> Iterator[Block]:
    letter, content = numbered.letter, numbered.content
    yield Text(letter_text(letter), bold=True)
    if content is None:
        yield Text(_("Không đọc lại được nội dung đã lưu; xem bản lưu tại văn thư."), italic=True)
        return
    signature = " / ".join([*content.signature.lines, content.signature.name or ""]).strip(" /")
    yield Facts(
        (
            (_("Gửi"), "; ".join(content.addressees) or "; ".join(content.recipients)),
            (_("Trích yếu"), content.abstract),
            (_("Người ký"), signature or NOTHING),
        )
    )
    yield Quote("\n".join(each.text for each in letter_lines.body(content)))
    for annex in content.annexes:
        mine = [row for row in letter_lines.rows(annex) if any(_names(cell, case) for cell in row)]
        rows = mine or letter_lines.rows(annex)[:0]
        told = _n("{n} dòng", len(annex.table.rows)).format(n=two_digits(len(annex.table.rows)))
        yield Text(
            _("Phụ lục “{title}”: {rows}; dòng về cơ quan này:").format(title=annex.title, rows=told), small=True
        )
        if rows:
            yield Table(tuple(head.text for head in annex.table.heads), tuple(rows), small=True)
        else:
            yield Text(NOTHING, small=True)


def weeks(case: Case) -> Iterator[Block]:
    """The weekly pages on which the body was named as late."""
    if not case.weeks:
        return
    yield Text(_("Trang tuần gửi lãnh đạo có nêu cơ quan này quá hạn:"))
    head = (_("Tuần"), _("Số liệu đến"), _("Gửi lúc"), _("Nêu"))
    rows = tuple(
        (f"{each.week}/{each.year}", moment_text(each.frozen_at), moment_text(each.sent_at), _named(each))
        for each in case.weeks
    )
    yield Table(head, rows, widths=(20, 30, 30, 90), align=("center", "center", "center"))


def _named(each: NamedWeek) -> str:
    said = _n("{n} kỳ quá hạn, lâu nhất {days} ngày", each.number).format(n=two_digits(each.number), days=each.days)
    return f"{said}: {'; '.join(each.titles)}" if each.titles else said


def _names(cell: str, case: Case) -> bool:
    return any(name in cell for name in case.agency_names)


# -- papers, remarks --


def papers(case: Case) -> Iterator[Block]:
    if not case.papers:
        yield Text(_("Chưa nhận văn bản nào."))
    else:
        head = (_("Số, ngày"), _("Ngày nhận"), _("Nơi nhận"), _("Kết quả"), _("Ghi lúc, người ghi"), _("Tệp"))
        rows = tuple(_paper_row(each) for each in case.papers)
        yield Table(head, rows, widths=(34, 26, 30, 32, 34, 30), align=("left", "center"))
    if case.claim_files:
        names = "; ".join(each.name for each in case.claim_files)
        yield Text(_("Cơ quan gửi kèm khi báo đã gửi: {names}").format(names=names))


def _paper_row(paper: CamePaper) -> tuple[str, ...]:
    number = _("theo chế độ mật") if paper.secret else paper.number or _("không rõ số")
    if paper.dated:
        number = f"{number}, {day_text(paper.dated)}"
    return (
        number,
        day_text(paper.received_on),
        paper.received_by or NOTHING,
        paper.verdict,
        f"{moment_text(paper.recorded_at)}, {paper.recorded_by}",
        "; ".join(file.name for file in paper.files) or NOTHING,
    )


def remarks(case: Case) -> Iterator[Block]:
    rows = [
        *(_entry(each, each.title) for each in case.requests),
        *(_entry(each, each.title) for each in case.directions),
        *(_entry(each, _("Gọi {who}").format(who=each.title)) for each in case.calls),
    ]
    if not rows:
        yield Text(_("Chưa có."))
        return
    head = (_("Lúc"), _("Việc"), _("Nội dung"), _("Trả lời"), _("Người ghi"))
    rows.sort(key=lambda pair: pair[0])
    yield Table(head, tuple(row for _at, row in rows), widths=(29, 34, 58, 34, 26), align=("center",))


def _entry(each: Entry, title: str) -> tuple[datetime, tuple[str, ...]]:
    return each.at, (moment_text(each.at), title, each.text or NOTHING, each.answer or NOTHING, each.by)
