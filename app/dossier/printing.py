"""The hồ sơ as a printed report: parts in the order in which an inspection asks."""

from __future__ import annotations

from collections.abc import Iterator

from app.dossier import printing_parts as parts
from app.dossier.chain import NOTED
from app.dossier.model import Case, Dossier
from app.dossier.words import moment_text
from letters.report import Block, Facts, Heading, PageBreak, Quote, Report, Table, Text
from plans.text import _, _n, day_text, two_digits
from tasks.seal import grouped

_SHORT = 16  # hexadecimal digits of the head in the footer


def as_report(dossier: Dossier) -> Report:
    """Facts first, then one part for each occurrence, then the texts of the messages, then the chain."""
    return Report(
        title=_("HỒ SƠ THEO DÕI"),
        subtitle=dossier.subject,
        head=(dossier.lead,),
        blocks=tuple(_blocks(dossier)),
        footer=_footer(dossier),
    )


def _footer(dossier: Dossier) -> str:
    said = _("In lúc {at} · hồ sơ {name}").format(at=moment_text(dossier.at), name=dossier.name)
    if dossier.head is None:
        return said
    return said + " · " + _("mã đầu chuỗi {head}…").format(head=grouped(dossier.head.hash[:_SHORT]))


def _blocks(dossier: Dossier) -> Iterator[Block]:
    if dossier.sample:
        yield Text(_("MẪU: kế hoạch, cơ quan và thông báo trong hồ sơ này chỉ để giới thiệu."), bold=True)
    several = dossier.year is not None
    if several:
        yield from _contents(dossier)
    if dossier.body_events:
        yield Heading(_("Tên gọi, thời gian hoạt động của cơ quan"), 2)
        yield from (Text(f"{moment_text(e.at)}: {e.text} ({e.by})") for e in dossier.body_events)
    for number, case in enumerate(dossier.cases, 1):
        if several and nothing_yet(case, dossier):
            continue
        if several:
            yield PageBreak()
            yield Heading(_("Kỳ {n}. {title}").format(n=number, title=f"{case.title} ({case.plan})"))
        yield from _case(case, dossier, level=2 if several else 1)
    yield from _texts(dossier)
    yield from _chain(dossier)


def nothing_yet(case: Case, dossier: Dossier) -> bool:
    """Not due, and nothing has happened but that its body was told of it: the list of the year says enough."""
    happened = any(event.kind != NOTED for event in case.events)
    return case.o.last_day > dossier.today and not (happened or case.papers or case.calls or case.letters)


def _contents(dossier: Dossier) -> Iterator[Block]:
    """The occurrences of the year, each in one line."""
    yield Text(
        _n("{n} kỳ đến hạn trong năm; tình trạng tính đến ngày {day}.", len(dossier.cases)).format(
            n=two_digits(len(dossier.cases)), day=day_text(dossier.today)
        )
    )
    head = (_("Kỳ"), _("Nhiệm vụ"), _("Kế hoạch"), _("Hạn gửi"), _("Ngày nhận"), _("Tình trạng"))
    rows = tuple(
        (
            str(number), case.title, case.plan, day_text(case.o.last_day),
            day_text(case.o.received_on) if case.o.received_on else "", case.status,
        )
        for number, case in enumerate(dossier.cases, 1)
    )  # fmt: skip
    note = _("Kỳ chưa đến hạn và chưa có việc gì chỉ nêu trong bảng này.")
    short = note if any(nothing_yet(case, dossier) for case in dossier.cases) else ""
    widths = (9, 40, 32, 26, 26, 36)
    yield Table(head, rows, widths=widths, align=("center", "left", "left", "center", "center"), note=short)


def _case(case: Case, dossier: Dossier, *, level: int) -> Iterator[Block]:
    told: tuple[tuple[str, tuple[Block, ...]], ...] = (
        (_("Tóm tắt"), tuple(parts.summary(case))),
        (_("Căn cứ"), (Facts(case.ground),)),
        (_("Thời hạn, và vì sao là ngày này"), tuple(parts.deadline(case))),
        (_("Diễn biến"), tuple(parts.course(case, dossier))),
        (_("Thông báo"), tuple(parts.messages(case, dossier))),
        (_("Công văn, trang tuần của lãnh đạo"), (*parts.letters(case, dossier), *parts.weeks(case))),
        (_("Văn bản đến"), tuple(parts.papers(case))),
        (_("Đề nghị của cơ quan, ý kiến chỉ đạo, cuộc gọi"), tuple(parts.remarks(case))),
    )
    for number, (title, blocks) in enumerate(told, 1):
        yield Heading(f"{number}. {title}", level)
        yield from blocks


def _texts(dossier: Dossier) -> Iterator[Block]:
    """Every message once, word for word, but for the links by which somebody could answer."""
    if not dossier.messages:
        return
    yield PageBreak()
    yield Heading(_("Phụ lục 1. Nguyên văn thông báo"))
    yield Text(_("Nguyên văn như đã soạn; liên kết trả lời không được lưu và không in."), small=True)
    for sent in sorted(dossier.messages.values(), key=lambda each: each.id):
        yield Heading(_("Thông báo số {n}").format(n=sent.id), 2)
        yield parts.message_facts(sent)
        if sent.shared:
            yield Text(_("Thông báo này cũng nói về kế hoạch của đơn vị khác, nên không in nguyên văn."), italic=True)
        else:
            yield Quote(sent.text)


def _chain(dossier: Dossier) -> Iterator[Block]:
    """Where each row stands in the sealed trail, and the head of this moment."""
    events = {e.id: e for case in dossier.cases for e in case.events} | {e.id: e for e in dossier.body_events}
    yield Heading(_("Phụ lục 2. Sổ kiểm tra: dòng và mã"))
    if dossier.head is None:
        yield Text(_("Các dòng này nằm ngoài chuỗi mã (kế hoạch MẪU), hoặc sổ chưa có dòng nào được niêm phong."))
    else:
        yield Facts(
            (
                (_("Mã đầu chuỗi"), grouped(dossier.head.hash)),
                (_("Dòng mới nhất"), _("thứ {n}, ghi lúc {at}").format(
                    n=dossier.head.place, at=moment_text(dossier.head.at)
                )),
                (_("Cách đối chiếu"), _(
                    "Trên máy chủ chạy: dondoc audit verify --head {head}. Mã của từng dòng tính lại được từ tệp "
                    "nhat-ky.jsonl trong hồ sơ dạng zip; docs/audit-trail.md nói cách tính."
                ).format(head=dossier.head.hash[:32])),
            )
        )  # fmt: skip
    if not events:
        return
    head = (_("Dòng"), _("Lúc"), _("Người làm"), _("Thứ tự trong chuỗi"), _("Mã của dòng (SHA-256)"))
    rows = tuple(
        (
            str(e.id), moment_text(e.at), e.actor, str(e.place) if e.place else _("ngoài chuỗi"),
            grouped(e.hash) if e.hash else "",
        )
        for e in sorted(events.values(), key=lambda each: each.id)
    )  # fmt: skip
    yield Table(head, rows, widths=(13, 30, 24, 20, 88), align=("center", "center", "left", "center"), small=True)
