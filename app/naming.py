"""Plans and rungs as flows, commands and pages call them."""

from __future__ import annotations

from plans.model import Plan
from plans.text import _, _n


def plan_name(plan: Plan) -> str:
    """The plan's number, or how messages call it where the number is blank; the sample says that it is one."""
    name = plan.number or plan.short
    return _("MẪU · {name}").format(name=name) if plan.sample else name


def rung_label(rung: str) -> str:
    """A rung in words: "nhắc trước 7 ngày"."""
    name, _dash, number = rung.partition("-")
    words = {
        "before": _n("nhắc trước {n} ngày", int(number) if number.isdigit() else 0),
        "due": _("ngày cuối"),
        "check": _("kiểm tra trước khi nhắc quá hạn"),
        "overdue": _("nhắc quá hạn lần {n}"),
        "lead": _("báo cáo đơn vị theo dõi"),
        "head": _("xin ý kiến lãnh đạo lần {n}"),
        "review": _("văn bản chờ xem"),
        "assigned": _("giao nhiệm vụ"),
        "returned": _("trả lại"),
        "extended": _("gia hạn"),
        "correction": _("đính chính"),
        "press": _("gửi nhắc ngay"),
        "month": _("tổng hợp tháng"),
        "week": _("báo cáo tuần"),
        "page": _("trang tuần của lãnh đạo"),
    }
    return words.get(name, rung).format(n=number)
