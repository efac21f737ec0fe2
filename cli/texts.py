"""``dondoc text``: what messages say, in an office's own words."""

from __future__ import annotations

import click
from sqlalchemy.engine import Connection

from app import own_words
from app.own_words import Key
from cli import output
from cli.commands import group
from cli.params import formats
from cli.session import session
from cli.settings import lead_option
from notifications.errors import BadText
from plans.text import _
from tasks.agencies import find_agency, load_register

key_argument = click.argument("key", metavar=_("LỜI"))


@group(
    _(
        "Lời văn của thông báo, công văn: xem, viết lại, xem trước, trở lại lời có sẵn. Tên mỗi lời gồm tình huống, "
        "quan hệ, phần, như overdue.peer.opening; của công văn như letter.urged.peer."
    ),
    "dondoc text list",
    "dondoc text show overdue.peer.opening",
    "dondoc text set overdue.peer.opening 'Đến {hôm nay} chưa nhận {nội dung}; đề nghị Quý cơ quan gửi.'",
    "dondoc text reset overdue.peer.opening --lead son-la.cong-an-tinh",
)
def text_command() -> None:
    """Only holds its subcommands."""


@text_command.command("list", help=_("Mọi lời; lời nào đã viết lại thì có dấu *."), options_metavar=_("[TÙY-CHỌN]"))
@lead_option
@formats("table", "json")
def list_texts_command(lead: str | None, form: str) -> None:
    with session() as opened, opened.reading() as connection:
        scope = _scope(connection, lead)
        lines = [
            {
                "key": str(key),
                "own": own_words.own_of(connection, scope, key),
                "ready": own_words.ready_of(key),
                "fields": own_words.fields_in(key),
            }
            for key in own_words.every_key()
        ]
    if form == "json":
        output.write_json(lines)
        return
    for line in lines:
        mark = "*" if line["own"] is not None else " "
        output.say(f"{mark} {line['key']:<36} {line['own'] or line['ready'] or '–'}")


@text_command.command("show", help=_("Một lời, chỗ điền được phép và thông báo mẫu."), options_metavar=_("[TÙY-CHỌN]"))
@key_argument
@lead_option
def show_text_command(key: str, lead: str | None) -> None:
    chosen = _key(key)
    with session() as opened, opened.reading() as connection:
        own = own_words.own_of(connection, _scope(connection, lead), chosen)
    output.say(_("Lời riêng: {text}").format(text=own or _("chưa viết")))
    output.say(_("Lời có sẵn: {text}").format(text=own_words.ready_of(chosen) or "–"))
    output.say(
        _("Chỗ điền: {names}").replace("{names}", ", ".join(f"{{{name}}}" for name in own_words.fields_in(chosen)))
    )
    output.say()
    output.say(own_words.example(chosen, own))


@text_command.command("set", help=_("Viết lại một lời; --preview: chỉ xem trước."), options_metavar=_("[TÙY-CHỌN]"))
@key_argument
@click.argument("words", metavar=_("CÂU"))
@lead_option
@click.option("--preview", is_flag=True, help=_("Chỉ xem, không ghi."))
def set_text_command(key: str, words: str, lead: str | None, preview: bool) -> None:
    chosen = _key(key)
    if preview:
        output.say(own_words.example(chosen, words))
        return
    with session() as opened, opened.writing() as connection:
        own_words.save(connection, _scope(connection, lead), chosen, words, now=opened.now, actor=opened.actor)
    output.say(_("Đã lưu. Văn bản soạn từ bây giờ dùng lời này."))


@text_command.command("reset", help=_("Trở lại lời có sẵn."), options_metavar=_("[TÙY-CHỌN]"))
@key_argument
@lead_option
def reset_text_command(key: str, lead: str | None) -> None:
    chosen = _key(key)
    with session() as opened, opened.writing() as connection:
        own_words.drop(connection, _scope(connection, lead), chosen, now=opened.now, actor=opened.actor)
    output.say(_("Đã trở lại lời có sẵn."))


def _scope(connection: Connection, lead: str | None) -> str:
    return find_agency(load_register(connection), lead).id if lead else ""


def _key(said: str) -> Key:
    """Raises BadText where there is no such text."""
    try:
        return own_words.key_of(said)
    except ValueError:
        raise BadText(_("Không có lời nào tên “{name}”. Xem tên: dondoc text list").format(name=said[:60])) from None
