"""A small valid plan and agencies file, and what the tests do to them."""

from __future__ import annotations

from plans.agency_files import read_agencies
from plans.errors import PlanError, Problem
from plans.files import read_plan
from plans.model import Plan, Register

AGENCIES = """\
format: 1
unit: son-la
place: Tỉnh Sơn La
agencies:
  - id: cong-an-tinh
    name: Công an tỉnh Sơn La
    aliases: [Công an tỉnh]
  - id: so-tai-chinh
    name: Sở Tài chính
  - id: so-tu-phap
    name: Sở Tư pháp
    until: 2025-02-28
    successor: so-tai-chinh
  - id: mat-tran
    name: Ủy ban Mặt trận Tổ quốc tỉnh
"""

PLAN = """\
format: 1
plan: ke-hoach-thu
title: Kế hoạch thử
short: KH thử
issued: 2023-11-07
issuer: UBND tỉnh
level: province
unit: son-la
lead: {agency: cong-an-tinh, section: IV.2, quote: "theo dõi"}
until: 2026-12-31
parties:
  - {agency: mat-tran, relation: requested, ground: "III.9"}
groups:
  - id: so-nganh
    name: Các sở
    relation: peer
    members:
      - {agency: so-tai-chinh, ground: "III.5"}
      - {agency: so-tu-phap, ground: "III.6"}
targets:
  - {id: tai-pham, section: II.2, text: Tái phạm, unit: "%", below: 2.1}
duties:
  - id: ke-hoach
    title: Kế hoạch
    section: IV.1
    responsible: [so-nganh]
    due: {kind: once, quote: "trước 15/11", boundary: before, on: 2023-11-15}
    recipients: [cong-an-tinh]
  - id: bao-cao
    title: Báo cáo
    section: IV.1
    responsible: [so-tai-chinh]
    due: {kind: annual, quote: "trước 10/12", boundary: before, month: 12, day: 10}
    feeds: tong-hop
  - id: tong-hop
    title: Tổng hợp
    section: IV.2
    responsible: [cong-an-tinh]
    due: {kind: continuous, quote: "thường xuyên"}
"""

OTHER_UNIT = "format: 1\nunit: nghe-an\nagencies:\n  - {id: cong-an-tinh, name: Công an tỉnh Nghệ An}\n"


def register() -> Register:
    agencies = (*read_agencies(AGENCIES, file="son-la.yaml"), *read_agencies(OTHER_UNIT, file="nghe-an.yaml"))
    return Register({agency.id: agency for agency in agencies})


REGISTER = register()


def changed(old: str, new: str, text: str = PLAN) -> str:
    """The text with one thing changed; fails where that is not there exactly once."""
    assert text.count(old) == 1, old
    return text.replace(old, new)


def plan_of(text: str) -> Plan:
    return read_plan(text, file="thu.yaml", register=REGISTER).plan


def problems_of(data: bytes | str) -> tuple[Problem, ...]:
    """What is wrong with this plan file; empty where nothing is."""
    try:
        read_plan(data, file="thu.yaml", register=REGISTER)
    except PlanError as error:
        return error.problems
    return ()


ONCE = '{kind: once, quote: "trước 15/11", boundary: before, on: 2023-11-15}'
ANNUAL = '{kind: annual, quote: "trước 10/12", boundary: before, month: 12, day: 10}'


def due(text: str) -> str:
    """The plan with the second duty's ``due`` replaced."""
    return changed(ANNUAL, text)
