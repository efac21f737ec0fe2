"""What comes in and what becomes of it: record, claim, accept, return, correct, reopen."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from datetime import date, datetime

import click
from sqlalchemy.engine import Connection

from cli import output
from cli.commands import command
from cli.params import DAY, occurrences
from cli.session import Session, expand, session
from plans.text import _, _n, day_text
from tasks import moves, papers
from tasks.agencies import find_agency, load_plan, load_register
from tasks.errors import BadInput
from tasks.model import Occurrence, OccurrenceId
from tasks.moves import ReturnReason, reason_text
from tasks.office import office_of
from tasks.papers import Paper
from tasks.patterns import Meant, answerable
from tasks.status import status_text


def say_moved(moved: Iterable[Occurrence], *, today: date) -> None:
    """One line per occurrence: how it stands now, and its three dates."""
    for o in moved:
        output.say(
            _("{occurrence}: {status} · hạn {due} · gửi chậm nhất {last_day} · tính quá hạn sau {late_after}").format(
                occurrence=o.id,
                status=status_text(o, today=today),
                due=day_text(o.due),
                last_day=day_text(o.last_day),
                late_after=day_text(o.late_after),
            )
        )


@command(
    _(
        "Ghi nhận một văn bản đến cho một hoặc nhiều kỳ. Kỳ được chấp nhận ngay, trừ khi đơn vị chọn xem lại trước "
        "(dondoc setting set review yes) hoặc dùng --review. Văn bản mật chỉ ghi ngày nhận.\n\n"
        "Mẫu có dấu * chỉ lấy kỳ còn chờ văn bản, đã có kỳ số liệu, và khi không nêu rõ kỳ thì đến hạn trong vòng một "
        "tháng; các kỳ lấy và bỏ qua được liệt kê. Mẫu gồm nhiều báo cáo hoặc nhiều kỳ phải được xác nhận."
    ),
    "dondoc record son-la-2316-2023/bao-cao-nam/so-tai-chinh/2024 \\",
    "    --number 123/BC-STC --date 06/12/2024 --received 09/12/2024",
    "dondoc record 'son-la-2316-2023/*/so-tai-chinh/*' --number 123/BC-STC --yes",
)
@occurrences
@click.option("--number", metavar=_("SỐ"), help=_("Số, ký hiệu văn bản."))
@click.option("--date", "dated", type=DAY, help=_("Ngày văn bản."))
@click.option("--received", type=DAY, help=_("Ngày nhận; mặc định hôm nay."))
@click.option("--by", metavar=_("CƠ-QUAN"), help=_("Cơ quan đã nhận, nếu không phải đơn vị theo dõi."))
@click.option("--secret", is_flag=True, help=_("Nhận theo chế độ mật: chỉ ghi ngày."))
@click.option("--review/--accept", default=None, help=_("Chờ xem, hoặc chấp nhận ngay."))
@click.option("--yes", is_flag=True, help=_("Không hỏi lại khi mẫu gồm nhiều kỳ."))
def record_command(
    patterns: tuple[str, ...],
    number: str | None,
    dated: date | None,
    received: date | None,
    by: str | None,
    secret: bool,
    review: bool | None,
    yes: bool,
) -> None:
    if not secret and not number:
        raise click.UsageError(_("Thiếu --number (số, ký hiệu văn bản). Văn bản mật: dùng --secret."))
    with session() as opened:
        if any("*" in pattern for pattern in patterns):
            _confirm(opened, patterns, received or opened.today, yes)
        with opened.writing() as connection:
            receiver = find_agency(load_register(connection), by).id if by else None
            came = Paper(received or opened.today, number, dated, receiver, secret)
            moved: list[Occurrence] = []
            ids = list(_meant(connection, patterns, came.received_on, now=opened.now)[0])
            for reviewed, group in _by_review(connection, ids, review):
                moved += papers.record(connection, group, came, review=reviewed, now=opened.now, actor=opened.actor)
            say_moved(moved, today=opened.today)


def _meant(
    connection: Connection, patterns: Sequence[str], received: date, *, now: datetime
) -> tuple[dict[str, None], list[tuple[str, Meant]]]:
    """The occurrences to be recorded, each once, and what each pattern with ``*`` stands for."""
    ids: dict[str, None] = {}
    wide = []
    for pattern in patterns:
        if "*" not in pattern:
            ids |= dict.fromkeys(papers.matching(connection, pattern))
            continue
        meant = answerable(connection, pattern, received=received, now=now)
        ids |= dict.fromkeys(o.id for o in meant.taken)
        wide.append((pattern, meant))
    return ids, wide


def _confirm(opened: Session, patterns: Sequence[str], received: date, yes: bool) -> None:
    """Says what patterns take and leave out. More than one report is confirmed on a terminal, or with ``--yes``."""
    with opened.reading() as connection:
        ids, wide = _meant(connection, patterns, received, now=opened.now)
    for pattern, meant in wide:
        output.say(_n("{pattern}: {n} kỳ", len(meant.taken)).format(pattern=pattern, n=len(meant.taken)))
        _say_left(meant)
    if not ids:
        raise BadInput(_("Không có kỳ nào trong mẫu còn chờ văn bản."))
    reports = {report for _pattern, meant in wide for report in meant.reports}
    if yes or (len(reports) <= 1 and not sys.stdin.isatty()):
        return
    for _pattern, meant in wide:
        for o in meant.taken:
            output.say(_("  {occurrence} · hạn {due}").format(occurrence=o.id, due=day_text(o.due)))
    if not sys.stdin.isatty():
        raise click.UsageError(_("Mẫu gồm {n} báo cáo, kỳ khác nhau: xem lại, rồi thêm --yes.").format(n=len(reports)))
    click.confirm(_("Ghi nhận văn bản cho {n} kỳ này?").format(n=len(ids)), abort=True)


def _say_left(meant: Meant) -> None:
    reasons: dict[str, int] = {}
    for _occurrence, why in meant.left:
        reasons[why] = reasons.get(why, 0) + 1
    for why, count in reasons.items():
        output.say(_("  bỏ qua {n} kỳ: {why}").format(n=count, why=why))


def _by_review(connection: Connection, ids: Sequence[str], review: bool | None) -> list[tuple[bool, list[str]]]:
    """Splits by whether the office looks at papers before they count, unless the command says which."""
    groups: dict[bool, list[str]] = {}
    chosen: dict[str, bool] = {}
    for occurrence_id in ids:
        plan_id = OccurrenceId.parse(occurrence_id).plan
        if plan_id not in chosen:
            office = office_of(connection, load_plan(connection, plan_id).lead)
            chosen[plan_id] = office.review if review is None else review
        groups.setdefault(chosen[plan_id], []).append(occurrence_id)
    return list(groups.items())


@command(
    _(
        "Ghi cơ quan báo đã gửi (số, ngày nếu biết). Nhắc việc tạm dừng 3 ngày làm việc để đối chiếu; nếu vẫn chưa "
        "nhận thì nhắc tiếp."
    ),
    "dondoc claim son-la-2316-2023/bao-cao-nam/so-tai-chinh/2024 --number 123/BC-STC --date 06/12/2024",
)
@occurrences
@click.option("--number", metavar=_("SỐ"), help=_("Số, ký hiệu văn bản cơ quan báo."))
@click.option("--date", "dated", type=DAY, help=_("Ngày văn bản cơ quan báo."))
def claim_command(patterns: tuple[str, ...], number: str | None, dated: date | None) -> None:
    with session() as opened, opened.writing() as connection:
        say_moved(
            [
                moves.claim(connection, each, number=number, dated=dated, now=opened.now, actor=opened.actor)
                for each in expand(connection, patterns)
            ],
            today=opened.today,
        )


@command(
    _("Chấp nhận văn bản đã nhận, đang chờ xem. Đúng hạn hay không tính theo ngày nhận."),
    "dondoc accept 'son-la-2316-2023/bao-cao-nam/*/2024'",
)
@occurrences
def accept_command(patterns: tuple[str, ...]) -> None:
    with session() as opened, opened.writing() as connection:
        ids = expand(connection, patterns)
        moved = [moves.accept(connection, each, now=opened.now, actor=opened.actor) for each in ids]
        say_moved(moved, today=opened.today)


def _reasons() -> str:
    return "\n".join(f"  {reason.value:<15}{reason_text(reason)}" for reason in ReturnReason)


@command(
    _(
        "Trả lại văn bản để gửi lại. Gửi lại kịp ngày --by thì giữ kết quả của lần nhận đầu. Lý do là một mã dưới đây, "
        "hoặc ghi bằng lời:\n\n\b\n{reasons}"
    ).format(reasons=_reasons()),
    "dondoc return son-la-2316-2023/bao-cao-nam/so-tai-chinh/2024 --reason period --by 13/12/2024",
)
@occurrences
@click.option("--reason", required=True, metavar=_("MÃ|LÝ-DO"), help=_("Mã lý do hoặc lý do bằng lời."))
@click.option("--by", type=DAY, help=_("Gửi lại chậm nhất ngày này; mặc định sau 3 ngày làm việc."))
def return_command(patterns: tuple[str, ...], reason: str, by: date | None) -> None:
    with session() as opened, opened.writing() as connection:
        ids = expand(connection, patterns)
        say_moved(
            [moves.return_(connection, each, reason=reason, by=by, now=opened.now, actor=opened.actor) for each in ids],
            today=opened.today,
        )


@command(
    _(
        "Sửa văn bản đã ghi sai: trường nào không nêu thì giữ như cũ. Cả hai bản đều được lưu; kết quả của cơ quan "
        "tính theo bản đúng. --undo: văn bản không thuộc kỳ này, kỳ trở lại chưa nhận."
    ),
    "dondoc correct son-la-2316-2023/bao-cao-nam/so-tai-chinh/2024 --received 09/12/2024",
    "dondoc correct son-la-2316-2023/bao-cao-nam/so-tai-chinh/2024 --undo",
)
@occurrences
@click.option("--received", type=DAY, help=_("Ngày nhận đúng."))
@click.option("--number", metavar=_("SỐ"), help=_("Số, ký hiệu đúng."))
@click.option("--date", "dated", type=DAY, help=_("Ngày văn bản đúng."))
@click.option("--undo", is_flag=True, help=_("Bỏ ghi nhận này."))
def correct_command(
    patterns: tuple[str, ...], received: date | None, number: str | None, dated: date | None, undo: bool
) -> None:
    given = received is not None or number is not None or dated is not None
    if given == undo:
        raise click.UsageError(_("Nêu điều cần sửa (--received, --number, --date), hoặc chỉ --undo."))
    with session() as opened, opened.writing() as connection:
        moved: dict[str, Occurrence] = {}
        for each in expand(connection, patterns):
            if undo:
                moved[each] = papers.undo(connection, each, now=opened.now, actor=opened.actor)
            elif each not in moved:  # else put right already, together with another occurrence of the same paper
                came = _corrected(connection, each, received, number, dated)
                corrected = papers.correct(connection, each, came, now=opened.now, actor=opened.actor)
                moved |= {o.id: o for o in corrected}
        say_moved(moved.values(), today=opened.today)


def _corrected(
    connection: Connection, occurrence_id: str, received: date | None, number: str | None, dated: date | None
) -> Paper:
    """The newest paper of the occurrence with what the officer has put right."""
    live = [row for row in papers.papers_of(connection, occurrence_id) if row.verdict != "void"]
    if not live:
        raise BadInput(_("{occurrence} chưa có văn bản nào để sửa.").format(occurrence=occurrence_id))
    old = live[-1]
    return Paper(received or old.received_on, number or old.number, dated or old.dated, old.received_by, old.secret)


@command(
    _("Mở lại kỳ đã hoàn thành, đã miễn hoặc đã khép: cơ quan phải gửi lại từ đầu. Điều đã ghi vẫn lưu trong lịch sử."),
    "dondoc reopen son-la-2316-2023/bao-cao-nam/so-tai-chinh/2024",
)
@occurrences
def reopen_command(patterns: tuple[str, ...]) -> None:
    with session() as opened, opened.writing() as connection:
        _reopen(connection, opened, patterns)


def _reopen(connection: Connection, opened: Session, patterns: Sequence[str]) -> None:
    ids = expand(connection, patterns)
    moved = [moves.reopen(connection, each, now=opened.now, actor=opened.actor) for each in ids]
    say_moved(moved, today=opened.today)
