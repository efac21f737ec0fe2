"""``dondoc letter``: official letters, from a draft to the number that the registry gave."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import click
from sqlalchemy.engine import Connection

from app.letters import beginning, drafting
from app.letters.drafting import Known
from app.letters.printing import TYPES, file_name, printed
from app.views import letters
from app.views.letters import Filters, Line
from cli import output
from cli.commands import group
from cli.params import DAY, formats, plan_option
from cli.session import Session, session
from plans.text import _, day_text
from tasks import letter_desk
from tasks.errors import BadInput
from tasks.letter_model import Letter, LetterKind, LetterState
from tasks.letter_store import load_letter

_URGING = "urging"
_KINDS = ("assigning", _URGING, "report", "extension", "correction")
_FIELDS = ("letter", "kind", "state", "number", "dated", "sent_on", "turn", "plan", "duty", "period", "about")


@group(
    _(
        "Công văn: giao việc, đôn đốc, báo cáo cấp trên, gia hạn, đính chính. Phần đầu văn bản và người ký đặt bằng "
        "dondoc setting set letterhead."
    ),
    "dondoc letter draft urging son-la-2316-2023/bao-cao-nam/so-tai-chinh/2024 --all",
    "dondoc letter save 7 --to du-thao.docx",
    "dondoc letter number 7 --number 41 --date 13/12/2024",
)
def letter_command() -> None:
    """Only holds its subcommands."""


@letter_command.command(
    "draft",
    help=_(
        "Soạn dự thảo.\n\n\b\n"
        "assigning   giao việc: CỦA là kế hoạch, hoặc một kỳ để gửi riêng cơ quan đó\n"
        "urging      đôn đốc: CỦA là một kỳ; --all: mọi cơ quan quá hạn cùng kỳ\n"
        "report      báo cáo cấp trên: CỦA là kế hoạch\n"
        "extension   gia hạn, trả lời đề nghị gia hạn: CỦA là một kỳ\n"
        "correction  đính chính: CỦA là số thứ tự của công văn đã ban hành"
    ),
    options_metavar=_("[TÙY-CHỌN]"),
)
@click.argument("kind", type=click.Choice(_KINDS), metavar=_("LOẠI"))
@click.argument("of", metavar=_("CỦA"))
@click.option("--all", "everybody", is_flag=True, help=_("Đôn đốc mọi cơ quan quá hạn cùng kỳ."))
@click.option("--on", type=DAY, help=_("Số liệu đến hết ngày; mặc định hôm nay."))
def draft_command(kind: str, of: str, everybody: bool, on: date | None) -> None:
    if everybody and kind != _URGING:
        raise click.UsageError(_("--all chỉ dùng với urging."))
    with session() as opened, opened.writing() as connection:
        if on is not None and on > opened.today:
            raise BadInput(_("Ngày của số liệu còn ở phía trước."))
        for made in _draft(connection, opened, kind, of, everybody, on or opened.today):
            _say(connection, made)


def _draft(connection: Connection, opened: Session, kind: str, of: str, everybody: bool, on: date) -> list[Letter]:
    known = Known(on=on, now=opened.now, actor=opened.actor)
    match kind:
        case "assigning" if "/" in of:
            return beginning.begin_assigning_to(connection, of, **known)
        case "assigning":
            return beginning.begin_assigning(connection, of, **known)
        case "urging":
            return beginning.begin_urging(connection, of, everybody=everybody, **known)
        case "report":
            return [beginning.begin_report(connection, of, **known)]
        case "extension":
            return [beginning.begin_extension(connection, of, **known)]
        case _correction:
            if not of.isascii() or not of.isdecimal():
                raise BadInput(_("Đính chính: nêu số thứ tự của công văn. Xem: dondoc letter list"))
            return [beginning.begin_correction(connection, int(of), **known)]


@letter_command.command("list", help=_("Danh sách công văn, mới soạn trước."), options_metavar=_("[TÙY-CHỌN]"))
@plan_option
@click.option("--kind", type=click.Choice(_KINDS), help=_("Chỉ một loại."))
@click.option("--state", type=click.Choice([each.value for each in LetterState]), help=_("Chỉ một tình trạng."))
@formats("table", "json")
def list_command(plan_id: str | None, kind: str | None, state: str | None, form: str) -> None:
    filters = Filters(
        plan=plan_id or "", kind=LetterKind(kind) if kind else None, state=LetterState(state) if state else None
    )
    with session() as opened, opened.reading() as connection:
        found: list[tuple[Letter, Line]] = []
        page = 1
        while True:
            listing = letters.listing(connection, None, replace(filters, page=page))
            found += zip(listing.letters, listing.lines, strict=True)
            if page >= listing.pages:
                break
            page += 1
    if form == "json":
        output.write_json([_document(each, line) for each, line in found])
        return
    rows = [(line.id, line.reference, line.dated, line.title, line.about, line.status) for _each, line in found]
    heads = (_("TT"), _("Số"), _("Ngày"), _("Công văn"), _("Về"), _("Tình trạng"))
    output.table(heads, [(a, b, day_text(c) if c else "", *rest) for a, b, c, *rest in rows], right={0})


def _document(each: Letter, line: Line) -> dict[str, Any]:
    values = (
        each.id,
        each.kind,
        each.state,
        each.reference or None,
        each.dated,
        each.sent_on,
        each.turn,
        each.plan_id,
        each.duty_id,
        each.period,
        line.about,
    )
    return dict(zip(_FIELDS, values, strict=True))


@letter_command.command(
    "number", help=_("Ghi số, ngày do văn thư cấp: công văn được tính từ đó."), options_metavar=_("[TÙY-CHỌN]")
)
@click.argument("letter_id", type=int, metavar=_("TT"))
@click.option("--number", "given", metavar=_("SỐ"), required=True, help=_("Số công văn, ví dụ 41."))
@click.option("--date", "dated", type=DAY, required=True, help=_("Ngày công văn."))
def number_command(letter_id: int, given: str, dated: date) -> None:
    with session() as opened, opened.writing() as connection:
        made = drafting.give_number(connection, letter_id, given=given, dated=dated, now=opened.now, actor=opened.actor)
        _say(connection, made)


@letter_command.command("sent", help=_("Ghi ngày đã gửi công văn."), options_metavar=_("[TÙY-CHỌN]"))
@click.argument("letter_id", type=int, metavar=_("TT"))
@click.option("--on", type=DAY, help=_("Ngày gửi; mặc định hôm nay."))
def sent_command(letter_id: int, on: date | None) -> None:
    with session() as opened, opened.writing() as connection:
        day = on or opened.today
        _say(connection, letter_desk.mark_sent(connection, letter_id, on=day, now=opened.now, actor=opened.actor))


@letter_command.command(
    "void", help=_("Hủy công văn hoặc bỏ dự thảo: không được tính nữa."), options_metavar=_("[TÙY-CHỌN]")
)
@click.argument("letter_id", type=int, metavar=_("TT"))
@click.option("--reason", metavar=_("LÝ-DO"), required=True, help=_("Lý do."))
def void_command(letter_id: int, reason: str) -> None:
    with session() as opened, opened.writing() as connection:
        _say(connection, letter_desk.void(connection, letter_id, reason=reason, now=opened.now, actor=opened.actor))


@letter_command.command("save", help=_("Ghi công văn ra tệp .docx hoặc .pdf."), options_metavar=_("[TÙY-CHỌN]"))
@click.argument("letter_id", type=int, metavar=_("TT"))
@click.option("--to", "target", type=click.Path(path_type=Path), metavar=_("TỆP"), help=_("Tên tệp; đuôi là dạng."))
@click.option("--format", "form", type=click.Choice(tuple(TYPES)), help=_("Dạng tệp; mặc định docx."))
def save_command(letter_id: int, target: Path | None, form: str | None) -> None:
    with session() as opened, opened.reading() as connection:
        stored, letter = load_letter(connection, letter_id), drafting.letter_of(connection, letter_id)
    chosen = form or (target.suffix.lstrip(".").lower() if target else "docx")
    if chosen not in TYPES:
        raise click.UsageError(_("Tên tệp phải có đuôi .docx hoặc .pdf."))
    path = target or Path(file_name(stored, chosen))
    path.write_bytes(printed(letter, chosen))
    output.say(_("Đã ghi {file}.").format(file=path))


def _say(connection: Connection, made: Letter) -> None:
    """One line: which letter, what it is about, how it stands."""
    [line] = letters.as_lines(connection, [made])
    named = f"{line.title} · {line.about}" if line.about else line.title
    if made.reference and made.dated:
        said = _("{id}: {letter}, số {number} ngày {day}: {status}")
        output.say(
            said.format(
                id=made.id,
                letter=named,
                number=made.reference,
                day=day_text(made.dated),
                status=letters.status_text(made),
            )
        )
        return
    said = _("{id}: {letter}: {status}")
    output.say(said.format(id=made.id, letter=named, status=letters.status_text(made)))
