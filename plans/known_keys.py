"""Every field the format knows, by the kind of mapping it stands in: one table for the loader, the hints and the
test that plans/FORMAT.md documents them all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Key:
    """A field: an example of its value, and whether it must be there."""

    example: str
    required: bool = False


def _must(example: str) -> Key:
    return Key(example, required=True)


_LADDER = Key("{before: [7, 1], due: true, check: 1, overdue: [2, 5], lead: 3, head: [5, 10]}")
_CONSEQUENCE = Key('{section: II.6, quote: "phê bình"}')
_NOTE = Key("Bản gốc thiếu mục 8")

KEYS: Mapping[str, Mapping[str, Key]] = {
    "agencies": {
        "format": _must("1"),
        "unit": _must("son-la"),
        "place": Key("Tỉnh Sơn La"),
        "agencies": _must("[{id: so-tai-chinh, name: Sở Tài chính}]"),
    },
    "agency": {
        "id": _must("so-tai-chinh"),
        "name": _must("Sở Tài chính"),
        "aliases": Key("[Sở TC]"),
        "names": Key("[{name: Sở Tài chính - Vật giá, until: 2003-12-31}]"),
        "from": Key("2024-02-01"),
        "until": Key("2025-02-28"),
        "successor": Key("so-noi-vu"),
        "unlisted": Key("true"),
        "never_messaged": Key("true"),
        "note": _NOTE,
    },
    "earlier name": {
        "name": _must("Huyện Việt Yên"),
        "from": Key("2003-01-01"),
        "until": _must("2024-01-31"),
    },
    "plan": {
        "format": _must("1"),
        "plan": _must("son-la-2316-2023"),
        "title": _must("Triển khai Quyết định 22/2023/QĐ-TTg"),
        "short": _must("KH kèm QĐ 2316/QĐ-UBND"),
        "number": Key("2316/QĐ-UBND"),
        "issued": _must("2023-11-07"),
        "issuer": _must("Ủy ban nhân dân tỉnh Sơn La"),
        "level": _must("province"),
        "implements": Key("22/2023/QĐ-TTg"),
        "parent": Key("860/KH-UBND tỉnh Nghệ An"),
        "unit": _must("son-la"),
        "agencies": Key("[{id: so-tai-chinh, name: Sở Tài chính}]"),
        "lead": _must('{agency: cong-an-tinh, section: IV.2, quote: "theo dõi, đôn đốc"}'),
        "until": Key("2024-12-31"),
        "reading": Key("{before: named_day, weekend: next_working_day}"),
        "ladder": _LADDER,
        "consequence": _CONSEQUENCE,
        "sample": Key("true"),
        "note": _NOTE,
        "parties": Key('[{agency: mat-tran-to-quoc, relation: requested, ground: "III.9: Đề nghị"}]'),
        "groups": Key(
            '[{id: so-nganh, name: Các sở, relation: peer, members: [{agency: so-tai-chinh, ground: "III.5"}]}]'
        ),
        "targets": Key('[{id: tai-pham, section: II.2, text: Tỷ lệ tái phạm, unit: "%", below: 2.1}]'),
        "figures": Key("[{id: tiep-nhan, name: Người được tiếp nhận, kind: people, duties: [bao-cao-nam]}]"),
        "duties": _must("[{id: bao-cao-nam, title: Báo cáo năm, section: IV.1, responsible: [so-nganh], due: …}]"),
    },
    "lead": {
        "agency": _must("cong-an-tinh"),
        "section": _must("IV.2"),
        "quote": _must('"theo dõi, đôn đốc"'),
    },
    "reading": {
        "before": Key("named_day"),
        "weekend": Key("next_working_day"),
    },
    "ladder": {
        "before": Key("[7, 1]"),
        "due": Key("true"),
        "check": Key("1"),
        "overdue": Key("[2, 5]"),
        "lead": Key("3"),
        "head": Key("[5, 10]"),
    },
    "consequence": {
        "section": _must("II.6"),
        "quote": _must('"phê bình"'),
    },
    "party": {
        "agency": _must("mat-tran-to-quoc"),
        "relation": _must("requested"),
        "ground": _must('"III.9: Đề nghị"'),
    },
    "group": {
        "id": _must("so-nganh"),
        "name": _must("Các sở, ngành tỉnh"),
        "relation": Key("peer"),
        "members": _must('[{agency: so-tai-chinh, ground: "III.5"}]'),
    },
    "member": {
        "agency": _must("so-tai-chinh"),
        "relation": Key("peer"),
        "ground": _must('"III.5"'),
    },
    "target": {
        "id": _must("tai-pham"),
        "section": _must("II.2"),
        "text": _must("Tỷ lệ tái phạm tội trong năm"),
        "unit": _must('"%"'),
        "at_least": Key("100"),
        "at_most": Key("5"),
        "below": Key("2.1"),
    },
    "figure": {
        "id": _must("tiep-nhan"),
        "name": _must("Người được tiếp nhận"),
        "kind": _must("people"),
        "unit": Key("triệu đồng"),
        "duties": _must("[bao-cao-nam]"),
        "target": Key("tiep-nhan"),
        "cumulative": Key("true"),
        "numerator": Key("duoc-gioi-thieu"),
        "denominator": Key("co-nhu-cau"),
    },
    "duty": {
        "id": _must("bao-cao-nam"),
        "title": _must("Báo cáo năm"),
        "section": _must("IV.1"),
        "action": Key("Báo cáo kết quả cả năm"),
        "product": Key("Báo cáo kết quả 01 năm"),
        "responsible": _must("[so-nganh, ubnd-huyen]"),
        "cooperating": Key("[so-tu-phap]"),
        "due": _must('{kind: annual, quote: "trước ngày 10/12", boundary: before, month: 12, day: 10}'),
        "recipients": Key("[{agency: ubnd-tinh, role: main}]"),
        "feeds": Key("tong-hop-nam"),
        "no_file": Key("true"),
        "ladder": _LADDER,
        "consequence": _CONSEQUENCE,
        "note": _NOTE,
    },
    "responsible": {
        "agency": _must("cong-an-tinh"),
        "relation": Key("self"),
        "ground": Key('"II.1"'),
        "inferred": Key("true"),
    },
    "due": {
        "kind": _must("annual"),
        "quote": Key('"01 năm trước ngày 10/12"'),
        "reads": Key('"trước ngày 10/11/2023"'),
        "boundary": Key("before"),
        "on": Key("2023-11-15"),
        "day": Key("10"),
        "month": Key("12"),
        "days": Key("[{month: 6, day: 10}, {month: 12, day: 10}]"),
        "weekday": Key("5"),
        "dates": Key("[2024-03-01]"),
        "from": Key("2024-01-01"),
        "until": Key("2024-12-31"),
        "period": Key('"2024"'),
        "covers": Key("previous"),
        "window": Key("{from: 2023-11-15, to: 2024-05-14}"),
    },
    "day": {
        "day": _must("10"),
        "month": Key("6"),
    },
    "window": {
        "from": _must("2023-11-15"),
        "to": _must("2024-05-14"),
    },
    "window edge": {
        "day": _must("15"),
        "months_before": Key("1"),
    },
    "recipient": {
        "agency": _must("ubnd-tinh"),
        "role": Key("main"),
        "detail": Key("Phòng Cảnh sát thi hành án hình sự và hỗ trợ tư pháp"),
    },
}
