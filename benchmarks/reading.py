"""How long does it take to read a document?"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.context import Bench
from benchmarks.figures import Bar, Figure
from benchmarks.machine import ROOT
from reader.document import Document
from reader.reading import read

TITLE = "Reading documents"
HOW = (
    "A plan of 25 kB in our own words: sections of agencies with dates and reports. Read by `dondoc read` in a process "
    "of its own, with the start of Python and the making of all patterns, the program's modules being compiled, as "
    "they are from the second start on; then again in a process that has read before. The long document is the same "
    "text forty times over: one megabyte, about 300 pages, text only."
)
DATABASES = False
_RUNS = 5
_PAGES = 40  # times the plan

_HEAD = (
    "ỦY BAN NHÂN DÂN\nTỈNH AN SƠN\n\nSố: 05/KH-UBND\n\nAn Sơn, ngày 02 tháng 10 năm 2023\n\nKẾ HOẠCH\n"
    "Thực hiện công tác thử nghiệm năm 2024\n\nI. PHÂN CÔNG NHIỆM VỤ\n\n"
)
_BODIES = ("Sở Y tế", "Sở Tài chính", "Công an tỉnh", "Sở Tư pháp", "UBND các huyện, thành phố", "Sở Nội vụ")
_CLAUSE = """{n}. {body}

- Chủ trì, phối hợp với các đơn vị liên quan rà soát, bổ sung nội dung theo Quyết định số 12/QĐ-UBND ngày \
05/3/2023; bảo đảm đúng đối tượng, đúng quy định (hoàn thành trong quý II/2024).

- Xây dựng kế hoạch triển khai, gửi về Công an tỉnh trước ngày {d}/11/2023 để tổng hợp, theo dõi, đôn đốc.

- Định kỳ hằng tháng báo cáo kết quả (tính từ ngày 21 tháng trước đến ngày 20 của tháng báo cáo), gửi về Công an \
tỉnh trước ngày 25.
"""


def plan() -> str:
    """About 25 kB of UTF-8."""
    clauses = [_CLAUSE.format(n=n, body=_BODIES[n % len(_BODIES)], d=10 + n % 18) for n in range(1, 43)]
    return (
        _HEAD
        + "\n".join(clauses)
        + "\nII. TỔ CHỨC THỰC HIỆN\n\n1. Giao Công an tỉnh theo dõi, đôn đốc thực hiện Kế hoạch này.\n"
    )


def measure(bench: Bench) -> Iterator[Figure]:
    text = plan()
    size = len(text.encode())
    path = bench.folder / "plan.txt"
    path.write_text(text, encoding="utf-8")
    runs = 1 if bench.size.name == "tiny" else _RUNS
    _command(path)  # leaves the compiled modules
    whole = tuple(_command(path) for _ in range(runs))
    yield Figure("command", f"`dondoc read` of {size:,} bytes, start of Python included", "s", whole, Bar(1))
    document = Document(text)
    read(document)
    yield Figure(
        "again", "the same text in a process that has read before", "s", tuple(_read(document) for _ in range(runs))
    )
    times = 2 if bench.size.name == "tiny" else _PAGES
    long = Document(_HEAD + text * times)
    took = _read(long)
    bench.say(f"{len(long.text):,} characters in {took:.1f} s")
    yield Figure("long", f"{len(long.text):,} characters of it", "s", (took,), Bar(20))


def _command(path: Path) -> float:
    shell = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "cli", "read", "--format", "json", str(path)],
        cwd=ROOT,
        env=shell,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return time.perf_counter() - began


def _read(document: Document) -> float:
    began = time.perf_counter()
    read(document)
    return time.perf_counter() - began
