"""What the lead unit's officer and head read: subjects, first sentences, counts of bodies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from notifications.facts import Item, PlanCount, Sheet, Trail, Unreached, Week
from notifications.ladder import REVIEW_AFTER
from notifications.lines import fitted
from notifications.phrases import bodies, day_month, thing, weekday_and_day
from plans.calendar import local_day, local_time
from plans.model import Relation
from plans.text import _, _n, day_text, two_digits
from tasks.seal import grouped

_NAMED = 3  # bodies of one report that are named in a line

# -- subjects --


def direction_subject(sheet: Sheet) -> str:
    """To the head: a request for direction."""
    own = [item for item in sheet.direction if item.relation is Relation.SELF]
    if len(own) == len(sheet.direction):
        worst = max(own, key=lambda item: item.days_late)
        report = thing(worst, others=len(own) - 1)
        text = _n("Xin ý kiến chỉ đạo: quá hạn {days} ngày, {report} của đơn vị", worst.days_late)
        return fitted(text, report, days=two_digits(worst.days_late))
    late = [item for item in sheet.direction if item.relation is not Relation.SELF]
    return fitted(_("Xin ý kiến chỉ đạo: chưa nhận {report} của {bodies}"), **_of_many(late, sheet.counts))


def lead_subject(sheet: Sheet) -> str:
    """To the officer and the stand-in: the escalation to the lead unit."""
    return fitted(_("Danh sách quá hạn: chưa nhận {report} của {bodies}"), **_of_many(sheet.lead, sheet.counts))


def check_subject(sheet: Sheet) -> str:
    """To the officer: who will be written to tomorrow."""
    n = two_digits(len({item.agency_name for item in sheet.check}))
    if sheet.entered_to is None:
        return _("Chờ kiểm tra trước khi nhắc quá hạn: {n} cơ quan").format(n=n)
    return _("Chờ kiểm tra trước khi nhắc quá hạn: {n} cơ quan; văn bản đến đã nhập đến ngày {day}").format(
        n=n, day=day_month(sheet.entered_to)
    )


def _of_many(items: Sequence[Item], counts: Iterable[PlanCount]) -> dict[str, str]:
    """The report most bodies owe, how many of them, and how many reports there are besides."""
    reports: dict[tuple[str, str], list[Item]] = {}
    for item in items:
        reports.setdefault((item.plan_short, item.title), []).append(item)
    first = max(reports.values(), key=len)
    others = len(reports) - 1
    many = how_many(first, counts)
    if others:
        many = _("{bodies}, và {n} nội dung khác").format(bodies=many, n=two_digits(others))
    return {"report": first[0].title, "bodies": many}  # not thing(): only some of them may have been sent back


def how_many(items: Sequence[Item], counts: Iterable[PlanCount]) -> str:
    """``07/30 cơ quan`` from the counts of that report, else the bodies in the list."""
    first = items[0]
    for count in counts:
        if (count.plan_short, count.title) == (first.plan_short, first.title):
            return bodies(count.missing, count.total)
    return bodies(len({item.agency_name for item in items}))


def review_subject(sheet: Sheet) -> str:
    """To the officer: papers that wait to be looked at."""
    return _n("Chờ xem: {n} văn bản đã nhận", len(sheet.review)).format(n=two_digits(len(sheet.review)))


def month_subject(sheet: Sheet) -> str:
    """To the officer: what of last month's duties is missing or came late."""
    missing = sum(line.missing for line in sheet.month_lines)
    return _("Tổng hợp tháng {month}: chưa nhận {missing}, gửi chậm {late}").format(
        month=f"{sheet.month:%m/%Y}", missing=two_digits(missing), late=two_digits(len(sheet.month_lines) - missing)
    )


def week_subject(week: Week) -> str:
    """To the officer and the stand-in: the weekly brief."""
    number = f"{week.first:%V/%G}"
    if not (week.overdue or week.due or week.review or week.unreached):
        return _("Tuần {week}: không có việc quá hạn, đến hạn hoặc chờ xem").format(week=number)
    text = _("Tuần {week}: quá hạn {overdue}, đến hạn {due}, chờ xem {review}")
    if week.unreached:
        text = _("Tuần {week}: quá hạn {overdue}, đến hạn {due}, chờ xem {review}, chưa liên hệ được {unreached}")
    return text.format(
        week=number,
        overdue=two_digits(len(week.overdue)),
        due=two_digits(len(week.due)),
        review=two_digits(len(week.review)),
        unreached=two_digits(len(week.unreached)),
    )


# -- first sentences --


def of_week(sheet: Sheet, week: Week) -> Iterator[str]:
    """How things stand, in figures."""
    yield _("Tình hình theo dõi, đôn đốc đến {time} ngày {day}; tuần từ {first} đến {last}.").format(
        time=_clock(week), day=day_text(sheet.today), first=day_text(week.first), last=day_text(week.last)
    )
    text = _("Không có việc quá hạn; đến hạn trong tuần {due} việc; chờ xem {review} văn bản.")
    if week.overdue:
        text = _("Quá hạn {n} việc của {bodies}; đến hạn trong tuần {due} việc; chờ xem {review} văn bản.")
    yield text.format(
        n=two_digits(len(week.overdue)),
        bodies=bodies(len({item.agency_name for item in week.overdue})),
        due=two_digits(len(week.due)),
        review=two_digits(len(week.review)),
    )
    if sheet.entered_to is None:
        yield _("Chưa có văn bản đến nào được nhập.")
    else:
        yield _("Văn bản đến đã nhập đến ngày {day}.").format(day=day_text(sheet.entered_to))


def of_agenda(day: date, items: Sequence[Item]) -> str:
    """``thứ Sáu 20/11 (Sở Tài chính, Sở Nội vụ)``, or how many bodies."""
    if items[0].relation is Relation.SELF:
        who = _("việc của đơn vị")
    elif len(items) <= _NAMED:
        who = ", ".join(item.agency_name for item in items)
    else:
        who = bodies(len(items))
    return f"{weekday_and_day(day)} ({who})"


def why_unreached(body: Unreached) -> str:
    """What stands between this body and its messages."""
    if body.address is None:
        return _("chưa có địa chỉ, thông báo đang chờ")
    if body.unknown:
        return _("thông báo gửi {address} không rõ đã đến hay chưa").format(address=body.address)
    return _("thông báo gửi {address} không đến được").format(address=body.address)


def of_trail(week: Week, trail: Trail) -> Iterator[tuple[str, str]]:
    """The head of the chain, to be kept outside the database, and how it is compared (docs/audit-trail.md)."""
    told = _("Sổ kiểm tra có {n} dòng. Mã đầu chuỗi lúc {time} ngày {day}:").format(
        n=trail.rows, time=_clock(week), day=day_text(local_day(week.at))
    )
    yield told, grouped(trail.head)
    keep = _(
        "Đề nghị giữ thư này. Muốn biết từ đầu đến thời điểm trên có dòng nào bị sửa, xóa hoặc chèn hay không, "
        "đối chiếu bằng lệnh:"
    )
    yield keep, f"dondoc audit verify --head {trail.head}"


def of_week_sender() -> str:
    """The last line: who gets this, and when."""
    return _("Thông báo tự động gửi cán bộ theo dõi và người làm thay vào ngày làm việc đầu tuần.")


def of_page_sender() -> str:
    """The last line of the head's page: who gets this, and when."""
    return _("Thông báo tự động gửi lãnh đạo đơn vị vào ngày làm việc đầu tuần; số liệu chốt cuối tuần trước.")


def _clock(week: Week) -> str:
    return f"{local_time(week.at):%Hh%M}"


def of_month(sheet: Sheet) -> list[str]:
    """What the list is and what it is good for."""
    if not sheet.month_lines:
        return [_("Không còn việc nào của tháng {month} quá hạn hoặc gửi chậm.").format(month=f"{sheet.month:%m/%Y}")]
    return [
        _(
            "Các việc đến hạn trong tháng {month} mà đến ngày {day} chưa nhận, hoặc nhận sau hạn. "
            "Đề nghị kiểm tra lại văn bản đến trước khi báo cáo lãnh đạo."
        ).format(month=f"{sheet.month:%m/%Y}", day=day_text(sheet.today))
    ]


def of_check(sheet: Sheet) -> list[str]:
    """What will happen to these bodies on the next working day, and what the officer can do before."""
    asked = _(
        "Các cơ quan dưới đây sẽ được gửi nhắc quá hạn vào ngày làm việc tiếp theo nếu đến khi đó "
        "chưa ghi nhận văn bản. "
        "Đề nghị kiểm tra văn bản đến, ghi nhận văn bản đã có; cơ quan nào cần hoãn thì tạm dừng nhắc."
    )
    if sheet.entered_to is None:
        return [asked, _("Chưa có văn bản đến nào được nhập.")]
    return [asked, _("Văn bản đến đã nhập đến ngày {day}.").format(day=day_text(sheet.entered_to))]


def of_lead(sheet: Sheet) -> list[str]:
    """The escalation to the lead unit."""
    return [
        _(
            "Đến ngày {day}, chưa nhận văn bản của các cơ quan dưới đây. Đề nghị liên hệ từng cơ quan, "
            "ghi nhận ngay văn bản đã có; việc chưa có kết quả sẽ được báo cáo, xin ý kiến lãnh đạo."
        ).format(day=day_text(sheet.today))
    ]


def of_review() -> list[str]:
    """Papers that wait for somebody to look at them."""
    return [
        _(
            "Các văn bản dưới đây đã nhận từ {n} ngày làm việc trở lên mà chưa xem. "
            "Đề nghị xem, chấp nhận hoặc trả lại."
        ).format(n=two_digits(REVIEW_AFTER))
    ]


def of_direction(sheet: Sheet) -> list[str]:
    """One sentence per report that bodies owe, one per duty of the unit itself, then the request."""
    reports: dict[tuple[str, str, bool], list[Item]] = {}
    for item in sheet.direction:
        reports.setdefault((item.plan_short, item.title, item.relation is Relation.SELF), []).append(item)
    today = day_text(sheet.today)
    told = []
    for (plan, title, own), items in reports.items():
        if own:
            days = max(item.days_late for item in items)
            text = _n("Đến ngày {today}, {report} do đơn vị thực hiện theo {plan} đã quá hạn {days} ngày.", days)
            told.append(text.format(today=today, report=title, plan=plan, days=two_digits(days)))
        else:
            text = _("Đến ngày {today}, chưa nhận {report} của {bodies} theo {plan}.")
            told.append(text.format(today=today, report=title, plan=plan, bodies=how_many(items, sheet.counts)))
    if sheet.letters:
        told.append(_("Đã có công văn đôn đốc: {letters}.").format(letters="; ".join(sheet.letters)))
    if sheet.drafted:
        told.append(_("Dự thảo công văn đôn đốc đã soạn, chờ ký."))
    return [*told, _("Kính đề nghị lãnh đạo cho ý kiến chỉ đạo.")]
