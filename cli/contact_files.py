"""``dondoc contact import``, ``export``, ``away``, ``wait``: spreadsheets, who stands in, how long to wait."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from app import contact_import, contact_table
from app.contact_import import Fate, Line
from app.sheet_files import as_csv, as_xlsx
from cli import output
from cli.params import DAY
from cli.session import session
from notifications.absences import note_absence
from notifications.contacts import Contact, contacts_of
from notifications.errors import BadContact
from notifications.next_channel import MOST_HOURS, SETTING, hours_to_wait
from plans.text import _, _n, day_text, fold
from tasks.agencies import find_agency, load_register
from tasks.errors import BadInput
from tasks.finding import bodies
from tasks.office import choose


@click.command(
    "import",
    help=_(
        "Nạp địa chỉ từ tệp Excel (.xlsx) hoặc CSV có các cột Cơ quan, Người nhận, Địa chỉ và nếu cần Vai trò, "
        "Điện thoại, Thứ tự, Cách gửi, Từ ngày, Đến hết ngày. Có dòng sai thì không nạp dòng nào."
    ),
    options_metavar=_("[TÙY-CHỌN]"),
)
@click.argument("file", metavar=_("TỆP"), type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help=_("Chỉ nói từng dòng sẽ thêm, sửa gì; không ghi."))
def import_command(file: Path, dry_run: bool) -> None:
    rows = contact_table.file(file)
    with session() as opened, opened.writing() as connection:
        lines = contact_import.check(connection, rows, None, today=opened.today)
        if dry_run:
            _show(lines)
            return
        wrong = [f"{file}:{line.row.line}: {line.why}" for line in lines if line.fate is Fate.WRONG]
        if wrong:
            raise BadInput("\n".join(wrong))
        done = contact_import.apply(connection, lines, now=opened.now, actor=opened.actor)
    number = done.added + done.changed
    output.say(_n("Đã nạp {n} địa chỉ.", number).format(n=number))


def _show(lines: tuple[Line, ...]) -> None:
    words = {Fate.NEW: _("thêm"), Fate.CHANGED: _("sửa"), Fate.SAME: _("giữ nguyên"), Fate.WRONG: _("SAI")}
    headers = [_("Dòng"), _("Sẽ làm"), _("Cơ quan"), _("Người nhận"), _("Địa chỉ"), _("Nội dung")]
    rows = [
        (
            line.row.line,
            words[line.fate],
            line.agency or line.row.agency,
            line.row.name,
            line.given.address if line.given else line.row.address,
            line.why or "; ".join(line.changes),
        )
        for line in lines
    ]
    output.table(headers, rows, right=(0,))


@click.command(
    "export",
    help=_("Ghi các địa chỉ đang dùng ra tệp .xlsx hoặc .csv, đúng dạng mà “import” đọc; địa chỉ kín không ghi ra."),
    options_metavar=_("[TÙY-CHỌN]"),
)
@click.argument("file", metavar=_("TỆP"), type=click.Path(path_type=Path))
def export_command(file: Path) -> None:
    if file.suffix.lower() not in (".xlsx", ".csv"):
        raise BadInput(_("Tệp xuất phải có đuôi .xlsx hoặc .csv."))
    with session() as opened, opened.reading() as connection:
        labels = {each.id: each.label for each in bodies(load_register(connection).agencies.values())}
        found = contacts_of(connection)
    sheet = contact_table.sheet_of(found, labels)
    if file.suffix.lower() == ".csv":
        file.write_bytes(b"".join(as_csv(sheet)))
    else:
        with as_xlsx([sheet]) as made:
            file.write_bytes(made.read())
    output.say(_n("Đã ghi {n} địa chỉ ra {file}.", len(found)).format(n=len(found), file=file))


@click.command(
    "away",
    help=_("Ghi một người vắng mặt: trong những ngày đó thông báo gửi cho người làm thay."),
    options_metavar=_("[TÙY-CHỌN]"),
)
@click.argument("agency", metavar=_("CƠ-QUAN"))
@click.option("--person", required=True, metavar=_("TÊN"), help=_("Người vắng mặt, như ghi ở danh sách địa chỉ."))
@click.option("--stand-in", required=True, metavar=_("TÊN"), help=_("Người làm thay."))
@click.option("--from", "since", type=DAY, required=True, help=_("Ngày đầu vắng mặt."))
@click.option("--to", "until", type=DAY, required=True, help=_("Ngày cuối vắng mặt."))
def away_command(agency: str, person: str, stand_in: str, since: date, until: date) -> None:
    with session() as opened, opened.writing() as connection:
        body = find_agency(load_register(connection), agency)
        known = contacts_of(connection, body.id)
        away, instead = _named(known, person), _named(known, stand_in)
        marks = {"person": away.person, "stand_in": instead.person}
        note_absence(connection, body.id, **marks, since=since, until=until, now=opened.now, actor=opened.actor)
    said = _("{name} vắng từ {since} đến hết {until}; {stand_in} nhận thay.")
    days = {"since": day_text(since), "until": day_text(until)}
    output.say(said.format(name=away.name, stand_in=instead.name, **days))


def _named(known: list[Contact], name: str) -> Contact:
    """The one person of that name. Raises BadContact."""
    found = {each.person: each for each in known if fold(each.name) == fold(name)}
    if len(found) != 1:
        raise BadContact(
            _("Cơ quan có {n} người nhận tên “{name}”. Xem: dondoc contact list").format(n=len(found), name=name)
        )
    return next(iter(found.values()))


@click.command(
    "wait",
    help=_("Sau bao nhiêu giờ làm việc chưa gửi được thì dùng cách gửi tiếp theo của người nhận; không ghi số: xem."),
    options_metavar=_("[TÙY-CHỌN]"),
)
@click.argument("hours", metavar=_("[GIỜ]"), type=click.IntRange(1, MOST_HOURS), required=False)
def wait_command(hours: int | None) -> None:
    with session() as opened, opened.writing() as connection:
        if hours is not None:
            choose(connection, "", SETTING, hours, now=opened.now, actor=opened.actor)
        chosen = hours_to_wait(connection)
    output.say(_n("Chờ {n} giờ làm việc rồi dùng cách gửi tiếp theo.", chosen).format(n=chosen))
