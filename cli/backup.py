"""``dondoc backup`` and ``dondoc restore``: everything in one file, and back."""

from __future__ import annotations

from pathlib import Path

import click

from app.backup.check import check
from app.backup.dump import back_up
from app.backup.keep import default_name
from app.backup.load import restore
from app.backup.manifest import Manifest
from app.bootstrap import actor, clock
from app.settings import Settings
from app.supervisor import AlreadyUp, only_one
from cli import output
from cli.commands import command
from cli.session import session
from plans.calendar import local_day, local_time
from plans.text import _, day_text, use_language
from tasks.database import make_engine

FILE = click.Path(path_type=Path, dir_okay=False)


@command(
    _(
        "Sao lưu toàn bộ sổ theo dõi vào một tệp, kể cả khi dondoc đang chạy. Không nêu tên thì tệp nằm trong thư mục "
        "sao lưu, tên theo ngày giờ. Tệp được đọc lại để kiểm tra trước khi mang tên chính thức; không ghi đè tệp nào. "
        "Tệp có địa chỉ liên hệ, hãy giữ như giữ sổ."
    ),
    "dondoc backup",
    "dondoc backup /media/usb/dondoc.zip",
    "dondoc backup --check /media/usb/dondoc.zip",
)
@click.argument("path", metavar=_("[TỆP]"), type=FILE, required=False)
@click.option("--check", "only_check", is_flag=True, help=_("Chỉ kiểm tra tệp sao lưu này, không sao lưu."))
def backup_command(path: Path | None, only_check: bool) -> None:
    if only_check:
        if path is None:
            raise click.UsageError(_("Hãy nêu tệp cần kiểm tra."))
        _say_content(_("Bản sao lưu {file} đọc được, đủ và đúng.").format(file=path), check(path))
        return
    with session() as opened:
        settings = opened.dondoc.settings
        target = path or settings.backups / default_name(opened.now)
        made = back_up(opened.engine, target, home=settings.home, now=opened.now)
    said = _("Đã sao lưu vào {file} ({size}).")
    _say_content(said.format(file=made.path, size=_size(made.bytes)), made.manifest)
    for name in made.left_out:
        click.echo(_("Bỏ ngoài bản sao lưu, tên tệp không dùng được: {file}").format(file=name))
    click.echo(_("Không gồm dondoc.toml vì tệp đó có mật khẩu: hãy giữ riêng một bản."))


@command(
    _(
        "Khôi phục toàn bộ sổ theo dõi từ tệp sao lưu vào một nơi còn trống (SQLite hoặc PostgreSQL): hoặc đủ, hoặc "
        "không gì cả. Khôi phục xong chưa gửi gì, vì sổ không biết đã gửi gì sau lúc sao lưu; xác nhận gửi tiếp bằng "
        "dondoc resume."
    ),
    "dondoc restore /media/usb/dondoc.zip",
)
@click.argument("path", metavar=_("TỆP"), type=FILE)
def restore_command(path: Path) -> None:
    settings = Settings()
    use_language(settings.language)
    settings.home.mkdir(parents=True, exist_ok=True)
    engine = make_engine(settings.url)  # not opened by bootstrap: the tables are built at the backup's own revision
    try:
        with only_one(settings.home):
            done = restore(engine, path, home=settings.home, now=clock(), actor=actor())
    except AlreadyUp as error:
        raise click.ClickException(str(error)) from error
    finally:
        engine.dispose()
    _say_content(_("Đã khôi phục từ {file}.").format(file=path), done.manifest)
    if not done.chain.intact:
        click.echo(_("Chuỗi xác thực nhật ký không khớp, đã như vậy từ lúc sao lưu. Xem: dondoc audit verify"))
    if done.unknown:
        said = _(
            "{n} thông báo đang chờ gửi lúc sao lưu nay là “chưa rõ kết quả”, không tự gửi lại. Xem: dondoc outbox"
        )
        click.echo(said.format(n=done.unknown))
    click.echo(_("Đang tạm dừng gửi. Ghi nhận văn bản đến sau lúc sao lưu, rồi xác nhận gửi tiếp: dondoc resume"))
    click.echo(_("Tệp dondoc.toml (máy chủ thư, mật khẩu) không nằm trong bản sao lưu: hãy chép lại nếu chưa có."))


def _say_content(first: str, manifest: Manifest) -> None:
    output.say(first)
    at = local_time(manifest.made_at)
    said = _("Sao lưu lúc {time} ngày {day}, dondoc {version} ({database}): {rows} bản ghi, {files} tệp kèm theo.")
    output.say(
        said.format(
            time=f"{at:%H:%M}",
            day=day_text(local_day(manifest.made_at)),
            version=manifest.dondoc,
            database=manifest.database,
            rows=manifest.rows,
            files=len(manifest.files),
        )
    )


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB".replace(".", ",") if count >= 1_000_000 else f"{-(-count // 1000)} kB"
