"""``dondoc read``: a document becomes a draft plan."""

from __future__ import annotations

import gc
import json
import sys
from pathlib import Path

import click

from cli.commands import command
from plans.text import _


@command(
    _(
        "Đọc một văn bản (.docx, .pdf, .txt, .md, .html, bản quét) và in dự thảo kế hoạch: mỗi nhiệm vụ kèm thời hạn, "
        "cơ quan, câu gốc và chỗ cần người xem lại. Không thay đổi gì trong sổ."
    ),
    "dondoc read ke-hoach.docx",
    "dondoc read --format json ban-quet.pdf",
)
@click.argument("file", metavar=_("TỆP"), type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["yaml", "json"]), default="yaml", help=_("Dạng kết quả."))
def read_command(file: Path, form: str) -> None:
    gc.set_threshold(100_000)  # making the patterns makes many objects and no garbage: looking for it takes a sixth
    from reader.reading import read
    from reader.sources import read_document

    document = read_document(file, progress=_progress if sys.stderr.isatty() else None)
    draft = read(document)
    if form == "json":
        from reader.as_json import as_json

        click.echo(json.dumps(as_json(draft, document), ensure_ascii=False, indent=1))
    else:
        from reader.as_plan import as_plan

        click.echo(as_plan(draft, document), nl=False)


def _progress(done: int, pages: int) -> None:
    click.echo("\r" + _("Đã đọc {done}/{pages} trang").format(done=done, pages=pages), err=True, nl=done >= pages)
