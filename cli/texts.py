"""``dondoc text``: what messages say, in an office's own words."""

from __future__ import annotations

import click
from sqlalchemy.engine import Connection

from cli import output
from cli.params import formats, group
from cli.session import session
from cli.settings import lead_option
from notifications.errors import BadText
from notifications.own_texts import ALL, TextKey, fields_of
from notifications.ready_texts import ready
from notifications.render import render
from notifications.text_check import checked
from notifications.text_desk import drop_text, save_text, texts_of
from notifications.text_examples import examples
from plans.text import _, language
from tasks.agencies import find_agency, load_register

key_argument = click.argument("key", metavar=_("LỜI"))


@group(
    _(
        "Lời văn của thông báo: xem, viết lại, xem trước, trở lại lời có sẵn. Tên mỗi lời gồm tình huống, quan hệ, "
        "phần, như overdue.peer.opening."
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
        own = texts_of(connection, _scope(connection, lead))
    lines = [
        {
            "key": str(key),
            "own": own.get(str(key), {}).get(language()),
            "ready": ready(key),
            "fields": fields_of(key.kind),
        }
        for key in ALL
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
        own = texts_of(connection, _scope(connection, lead)).get(str(chosen), {}).get(language())
    output.say(_("Lời riêng: {text}").format(text=own or _("chưa viết")))
    output.say(_("Lời có sẵn: {text}").format(text=ready(chosen) or "–"))
    output.say(_("Chỗ điền: {names}").replace("{names}", ", ".join(f"{{{name}}}" for name in fields_of(chosen.kind))))
    _say_example(chosen, own)


@text_command.command("set", help=_("Viết lại một lời; --preview: chỉ xem trước."), options_metavar=_("[TÙY-CHỌN]"))
@key_argument
@click.argument("words", metavar=_("CÂU"))
@lead_option
@click.option("--preview", is_flag=True, help=_("Chỉ xem, không ghi."))
def set_text_command(key: str, words: str, lead: str | None, preview: bool) -> None:
    chosen = _key(key)
    if preview:
        _say_example(chosen, checked(chosen, words))
        return
    with session() as opened, opened.writing() as connection:
        save_text(connection, _scope(connection, lead), chosen, words, now=opened.now, actor=opened.actor)
    output.say(_("Đã lưu. Thông báo soạn từ bây giờ dùng lời này."))


@text_command.command("reset", help=_("Trở lại lời có sẵn."), options_metavar=_("[TÙY-CHỌN]"))
@key_argument
@lead_option
def reset_text_command(key: str, lead: str | None) -> None:
    chosen = _key(key)
    with session() as opened, opened.writing() as connection:
        drop_text(connection, _scope(connection, lead), chosen, now=opened.now, actor=opened.actor)
    output.say(_("Đã trở lại lời có sẵn."))


def _scope(connection: Connection, lead: str | None) -> str:
    return find_agency(load_register(connection), lead).id if lead else ""


def _key(said: str) -> TextKey:
    """Raises BadText where there is no such text."""
    try:
        return TextKey.of(said)
    except ValueError:
        raise BadText(_("Không có lời nào tên “{name}”. Xem tên: dondoc text list").format(name=said[:60])) from None


def _say_example(key: TextKey, text: str | None) -> None:
    made = render(next(examples(key, text)))
    output.heading(made.subject)
    output.say(made.text)
