"""The console entry point: the list of commands, their loading on demand, and the end of every error."""

from __future__ import annotations

import errno
import gettext
import io
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.resources import files
from typing import Any

import click

from cli.commands import example
from cli.errors import INTERRUPTED, failure, logged_to_file
from plans.text import _, language


@dataclass(frozen=True, slots=True)
class Listed:
    """A command as the help lists it; its module is imported only when it is called."""

    name: str
    module: str
    help: str


def sections() -> list[tuple[str, list[Listed]]]:
    """All commands, in the order in which an office comes to need them."""
    return [
        (_("Kế hoạch"), [
            Listed("read", "cli.read", _("Đọc văn bản, in dự thảo kế hoạch.")),
            Listed("check", "cli.checking", _("Kiểm tra tệp kế hoạch, báo mọi chỗ cần sửa.")),
            Listed("add", "cli.plan_commands", _("Nạp kế hoạch hoặc danh mục cơ quan từ tệp.")),
            Listed("activate", "cli.plan_commands", _("Bắt đầu, theo dõi lại, sửa ngày bắt đầu.")),
            Listed("remove", "cli.plan_commands", _("Dừng theo dõi, hoặc bỏ bản nháp và kế hoạch MẪU.")),
            Listed("lead", "cli.leading", _("Giao đơn vị khác theo dõi kế hoạch.")),
            Listed("plans", "cli.plan_commands", _("Danh sách kế hoạch và tình trạng.")),
        ]),
        (_("Theo dõi"), [
            Listed("chain", "cli.chain", _("Kế hoạch cấp trên, cấp dưới; thiếu, muộn, hạn không khớp.")),
            Listed("due", "cli.due", _("Việc đến hạn: của ai, ngày nào, tình trạng.")),
            Listed("simulate", "cli.simulate", _("Xem trước lịch nhắc, nếu không ai làm gì.")),
            Listed("figures", "cli.figures", _("Số liệu các cơ quan báo cáo; nhập từ bảng tính.")),
            Listed("audit", "cli.audit", _("Việc quá hạn, gửi chậm và tỷ lệ đúng hạn.")),
            Listed("close", "cli.closing", _("Chốt sổ một tháng, in để ký.")),
            Listed("yearly", "cli.closing", _("Phiếu theo dõi năm của một cơ quan.")),
            Listed("state", "cli.dossier", _("Biểu tình hình gửi báo cáo của một kỳ.")),
            Listed("dossier", "cli.dossier", _("Hồ sơ theo dõi của một kỳ, hoặc cơ quan và năm.")),
        ]),
        (_("Văn bản đến và thay đổi"), [
            Listed("record", "cli.papers", _("Ghi nhận văn bản đến.")),
            Listed("claim", "cli.papers", _("Ghi cơ quan báo đã gửi, chờ đối chiếu.")),
            Listed("accept", "cli.papers", _("Chấp nhận văn bản đã nhận.")),
            Listed("return", "cli.papers", _("Trả lại văn bản, đề nghị gửi lại.")),
            Listed("correct", "cli.papers", _("Sửa văn bản đã ghi sai.")),
            Listed("reopen", "cli.papers", _("Mở lại kỳ đã khép.")),
            Listed("extend", "cli.moves", _("Gia hạn theo văn bản của cơ quan ban hành.")),
            Listed("promise", "cli.moves", _("Ghi hẹn gửi, hạn không đổi.")),
            Listed("hold", "cli.moves", _("Tạm dừng nhắc một cơ quan.")),
            Listed("waive", "cli.moves", _("Miễn kỳ này.")),
            Listed("transfer", "cli.moves", _("Chuyển cho cơ quan kế thừa.")),
            Listed("letter", "cli.letters", _("Công văn: soạn, ghi số, ngày, đã gửi, hủy.")),
        ]),
        (_("Thông báo"), [
            Listed("advance", "cli.outbox", _("Rà soát: ghi quá hạn, đưa nhắc việc đến hạn vào hàng gửi.")),
            Listed("deliver", "cli.outbox", _("Gửi các thông báo đang chờ.")),
            Listed("outbox", "cli.outbox", _("Đã gửi gì, sẽ gửi gì, vì sao không gửi.")),
            Listed("press", "cli.moves", _("Gửi nhắc ngay, có xem trước.")),
            Listed("channel", "cli.channel", _("Các cách gửi, gửi thử.")),
            Listed("relay", "cli.relay", _("Mạng kín: chuyển thông báo ra, đọc biên nhận về.")),
        ]),
        (_("Vận hành"), [
            Listed("up", "cli.up", _("Khởi động toàn bộ dondoc; Ctrl-C để dừng.")),
            Listed("server", "cli.processes", _("Riêng máy chủ Prefect, cho máy có systemd.")),
            Listed("worker", "cli.processes", _("Riêng một tiến trình thực hiện, trên máy này hay máy khác.")),
            Listed("backup", "cli.backup", _("Sao lưu toàn bộ vào một tệp.")),
            Listed("restore", "cli.backup", _("Khôi phục từ tệp sao lưu.")),
            Listed("user", "cli.users", _("Tài khoản bảng điều khiển và vai trò.")),
            Listed("contact", "cli.contacts", _("Địa chỉ nhận thông báo.")),
            Listed("calendar", "cli.calendar", _("Lịch ngày làm việc.")),
            Listed("setting", "cli.settings", _("Cách tính hạn, lịch nhắc, tên người gửi.")),
            Listed("text", "cli.texts", _("Lời văn của thông báo.")),
            Listed("doctor", "cli.doctor", _("Khám hệ thống: hỏng gì, sửa thế nào.")),
            Listed("pause", "cli.resume", _("Tạm dừng mọi việc gửi.")),
            Listed("resume", "cli.resume", _("Cho gửi tiếp, hoặc xác nhận ngày giờ của máy.")),
        ]),
    ]  # fmt: skip


def _listed() -> Iterator[Listed]:
    for _title, commands in sections():
        yield from commands


class RootGroup(click.Group):
    """Loads a command's module when it is called, and turns every error into one line and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [command.name for command in _listed()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        for listed in _listed():
            if listed.name == cmd_name:
                command = getattr(import_module(listed.module), f"{cmd_name}_command")
                assert isinstance(command, click.Command)  # noqa: S101 - a slip of ours, found by the tests
                return command
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, commands in sections():
            with formatter.section(title):
                formatter.write_dl([(command.name, command.help) for command in commands])

    def main(self, *args: Any, **extra: Any) -> Any:
        speak_our_language()
        with logged_to_file():
            return super().main(*args, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (KeyboardInterrupt, EOFError, click.Abort):
            click.echo(_("Đã dừng theo yêu cầu."), err=True)
            raise click.exceptions.Exit(INTERRUPTED) from None
        except (click.ClickException, click.exceptions.Exit):
            raise
        except Exception as error:
            if isinstance(error, OSError) and error.errno == errno.EPIPE:
                raise  # "| head" has seen enough: click ends quietly
            raise failure(error) from error


def speak_our_language() -> None:
    """click's own sentences come from the ``click`` catalogue; it has none for English, which click speaks anyway."""
    os.environ["LANGUAGE"] = language()
    gettext.bindtextdomain("click", str(files("plans").joinpath("locale")))
    gettext.textdomain("click")


@click.group(
    cls=RootGroup,
    name="dondoc",
    context_settings={"max_content_width": 100, "help_option_names": ["--help", "-h"]},
    help=_("dondoc theo dõi, đôn đốc việc thực hiện kế hoạch: nhắc đúng hạn, báo cáo quá hạn, không bỏ sót."),
    options_metavar=_("[TÙY-CHỌN]"),
    subcommand_metavar=_("LỆNH …"),
    epilog=example("dondoc up", "dondoc due --plan son-la-2316-2023 --from 2024-01-01"),
)
@click.version_option(package_name="dondoc", prog_name="dondoc", help=_("Hiện phiên bản rồi thoát."))
def dondoc() -> None:
    """The command itself does nothing; its subcommands do."""


def run() -> None:
    """The ``dondoc`` command. Exit codes: 0 done, 1 refused or failed, 2 wrong use, 130 interrupted."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.encoding.lower() not in ("utf-8", "utf8"):
            stream.reconfigure(encoding="utf-8")  # Vietnamese cannot be written otherwise
    dondoc(prog_name="dondoc")
