r"""The grammar of time expressions, as patterns over folded text (lower case, no diacritics, single blanks).

Written bottom up: numbers, days, months, quarters, halves, years, hours; then dates, ranges, recurring days, relative
terms, and words without a day. ``(?P<…>)`` groups carry the values. A blank in the text may stand or be missing around
signs, since scans and broken lines add and lose them.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Sort(StrEnum):
    """What a stretch of text says about time."""

    DATE = "date"  # a day with or without its year
    MONTHS = "months"  # one or several months
    QUARTERS = "quarters"
    HALF = "half"  # 6 tháng đầu năm
    YEAR = "year"
    RANGE = "range"  # từ … đến …
    MONTHLY = "monthly"  # a day of every month
    QUARTERLY = "quarterly"  # a day of a month of every quarter
    WEEKLY = "weekly"
    DAILY = "daily"
    DAY = "day"  # "ngày 16" and nothing else
    EVERY = "every"  # how often, without a day
    RELATIVE = "relative"
    CONTINUOUS = "continuous"
    HOUR = "hour"
    WINDOW = "window"  # whose data a report covers, as days of months


_SPELT = r"(?: ?\((?:(?:mot|hai|ba|bon|tu|nam|sau|bay|tam|chin|muoi|lam|nhat|linh) ?)+\))?"  # 06 (sáu)
D = rf"(?:3[01]|[12]\d|0?[1-9]){_SPELT}"
M = rf"(?:1[0-2]|0?[1-9]){_SPELT}"
Y = r"(?:(?:19|20)\d\d)"
_NOT_BEFORE = r"(?<![\d/.,-])(?<!\d )"
_NOT_AFTER = r"(?![\d%])(?!,\d)(?! ?[/.-] ?\d)(?! ?[/-] ?[a-z]{2})"
_DAY_WORD = r"(?:(?:cac )?ngay (?:mung |mong )?|(?:mung|mong) )"
_EVERY = r"(?:hang|moi|tung|cac|cua moi|cua hang|trong)"
ROMAN_QUARTER = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
SCANNED_QUARTER = {"l": 1, "ll": 2, "il": 2, "li": 2, "11": 2, "i1": 2, "1i": 2, "lv": 4, "1v": 4}
_Q = r"(?:i{1,3}(?!\w)|iv(?!\w)|[il1|]{2,3}(?!\w)|[1l|]v(?!\w)|0?[1-4](?!\w)|[lij](?!\w))"
_COUNT = r"(?:\d{1,3}|mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi|muoi lam|hai muoi|ba muoi)"
NUMBERS = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "tu": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10,
    "muoi lam": 15, "hai muoi": 20, "ba muoi": 30,
}  # fmt: skip
WEEKDAYS = {
    "hai": 1, "2": 1, "ba": 2, "3": 2, "tu": 3, "4": 3, "nam": 4, "5": 4, "sau": 5, "6": 5, "bay": 6, "7": 6,
}  # fmt: skip
HOUR = r"(?P<hour>[01]?\d|2[0-4]) ?(?:gio|h|g|:)(?: ?(?P<minute>[0-5]\d)(?: ?(?:phut|p|'))?)?(?!\w)"
_OF_DAY = rf"(?:{HOUR},? ?(?:(?:cua|vao|trong) )?)?(?:(?:sang|chieu|trua|toi) )?"
_YEAR_AFTER = rf"(?: ?[/.-] ?|,? (?:cua )?nam |, ?)(?P<y>{Y})"
_PART = (
    r"(?:(?P<part>(?:dau|giua|cuoi|trung tuan|tuan (?:\d|thu [a-z]+|dau|cuoi)|\d{1,2} ngay (?:dau|cuoi)),?(?: cua)?) )?"
)
"""Which part of a month or quarter: it is due within all of it."""
_EACH_YEAR = (
    r",? (?:cua )?(?:(?:hang|moi|cac|tung) nam|nam (?:sau"
    r"|truoc|lien ke|ke tiep|tiep theo|bao cao|do)(?: lien ke)?"
    r"|nam hoc(?! \d))(?! \d)"
)
MONTH_LIST = rf"{M}(?:(?:, ?| va |, ?va | ?- ?| den | den thang |,? thang | va thang ){M})*"
_OCR_WORD = r"[a-z]{3,6}"


def _year(group: str) -> str:
    """A sign or the word "năm", and the year."""
    return rf"(?: ?[/.-] ?| nam )(?P<{group}>{Y})"


def _rules() -> list[tuple[Sort, str]]:
    date = rf"(?P<d>{D}) ?(?:[/.-]|,? ?thang) ?(?P<m>{M})"
    span_date = rf"{_DAY_WORD}?(?P<d1>{D})(?: ?(?:[/.-]|thang) ?(?P<m1>{M})(?:{_year('y1')})?)?"
    to_date = rf"{_DAY_WORD}?(?P<d2>{D}) ?(?:[/.-]|thang) ?(?P<m2>{M})(?:,?{_year('y2')})?"
    to = r",? ?(?:den|toi|-|cho den)(?: het)? ?(?:\d{1,2} ?(?:gio|h|g)(?: ?\d{2})?(?: ?phut)?,? )?(?:ngay )?"
    days = rf"(?:ngay )?(?P<d>{D})(?P<more>(?:(?:, ?| va |, ngay | va ngay | ?- ?){D})*)"
    last = r"(?P<last>ngay (?:lam viec )?cuoi(?: cung)?)"
    # an event ends where the sentence goes on: "kể từ ngày ban hành | để tổng hợp", "… và 05 ngày"
    rest = r"(?:(?! va \d| de (?:tong|theo|bao|lam|xem|chi)| phai | thi )[^.;:(),])"
    event = (
        rf"(?P<event>(?:ke |tinh )?tu(?: khi| ngay)?\b{rest}{{0,140}}|(?:tiep theo )?ngay sau\b{rest}{{3,140}}"
        rf"|(?:sau khi|sau|khi|truoc khi|truoc ngay|truoc|so voi)\b(?! (?:ngay |thang |quy )?\d){rest}{{0,140}})"
    )
    count = (
        rf"(?P<n>{_COUNT})(?: ?\((?:[a-z]+(?: [a-z]+)?"
        r"|\d+)\))? ?(?P<unit>ngay lam viec|ngay|gio(?! ?\d"
        r"| ngay| cac| cua| hang|,)|tuan|thang)(?! \d)"
    )
    return [
        (
            Sort.WINDOW,
            rf"(?:tinh )?tu (?:ngay )?{D} (?:cua )?thang (?:truoc"
            rf"|lien truoc|bao cao)[^.;()]{{0,30}}? den (?:het )?(?:ngay )?(?:{D}"
            rf"|cuoi|het)(?: (?:cua )?thang[^.;(),]{{0,30}})?",
        ),
        (
            Sort.WINDOW,
            r"(?:tinh )?tu (?:ngay )?15\b[^.;()]{0,70}? den (?:het )?(?:ngay )?14\b(?!"
            r" ?gio)(?:[/ -]?\d{1,2}/\d{4}|[^.;,()]{0,40})",
        ),
        (Sort.WINDOW, r"tu (?:0?0|24) ?(?:gio|h)[^.;()]{0,70}? den (?:het )?(?:24|23) ?(?:gio|h)[^.;,()]{0,50}"),
        (Sort.RANGE, rf"(?:tu |ke tu )?{_NOT_BEFORE}{span_date}{to}{to_date}{_NOT_AFTER}"),
        (
            Sort.RANGE,
            rf"(?:tu )?(?:dau |giua |cuoi )?thang (?P<m1>{M})(?:{_year('y1')})?"
            rf"(?:,? ?(?:den|toi)(?: het)?(?: dau| giua| cuoi)?(?: thang)?| ?-(?: ?thang)?|,? va thang) ?(?P<m2>{M})"
            rf"(?:{_year('y2')})?{_NOT_AFTER}",
        ),
        (
            Sort.RANGE,
            rf"(?:tu )?qu[yi] (?P<q1>{_Q})(?:{_year('y1')})?(?:,?"
            rf" ?(?:den|toi)(?: het)?| ?-) ?(?:qu[yi] )?(?P<q2>{_Q})"
            rf"(?:(?: ?[/.-] ?| nam |,? )(?P<y2>{Y}))?",
        ),
        (
            Sort.RANGE,
            rf"{_NOT_BEFORE}(?P<d1>{D})/(?P<m1>{M})/(?P<y1>{Y}) (?P<d2>{D})/(?P<m2>{M})/(?P<y2>{Y})(?!\d)",
        ),
        (
            Sort.RANGE,
            rf"(?:cac )?(?:ngay )?{_NOT_BEFORE}(?P<d1>{D})(?:, ?{D})* va (?:ngay"
            rf" )?(?P<d2>{D}) ?(?:thang|/) ?(?P<m2>{M}){_year('y2')}(?!\d)",
        ),
        (
            Sort.RANGE,
            rf"qu[yi] (?P<q1>{_Q}) ?[/.-] ?(?P<y1>{Y}),(?: va)? qu[yi] (?P<q2>{_Q}) ?[/.-] ?(?P<y2>{Y})(?!\d)",
        ),
        (Sort.RANGE, rf"(?:tu )?nam (?P<y1>{Y}) ?(?:den|-|toi)(?: het)?(?: nam)? ?(?P<y2>{Y})(?!\d)"),
        (Sort.DATE, rf"{_OF_DAY}{_DAY_WORD}?{_NOT_BEFORE}{date}{_YEAR_AFTER}(?!\d)"),
        (Sort.DATE, rf"{HOUR},? ?(?:ngay )?{date}{_YEAR_AFTER}(?!\d)"),
        (Sort.DATE, rf"{_OF_DAY}{_DAY_WORD}?{_NOT_BEFORE}{date}(?P<each>{_EACH_YEAR})"),
        (Sort.DATE, rf"{_OF_DAY}{_DAY_WORD}{_NOT_BEFORE}{date}{_NOT_AFTER}"),
        (
            Sort.DATE,
            rf"{_NOT_BEFORE}(?P<d>{D}) ?(?:/|thang) ?(?P<m>{M}){_NOT_AFTER}(?! (?:ngay|buoi|so|nguoi|gio|dien tich))",
        ),
        (
            Sort.QUARTERLY,
            rf"(?:{_OF_DAY}{days}|{last}),? (?:cua |vao )?(?:thang )?(?P<which>cuoi(?:"
            r" cung)?|dau(?: tien)?|thu (?:nhat|hai|ba|1|2"
            r"|3))"
            rf"(?: cua)?(?: {_EVERY})?(?: cua)? quy(?: (?:bao cao"
            rf"|sau|tiep theo|ke tiep|lien ke|do|tiep sau)(?: lien ke)?)?(?! {_Q})",
        ),
        (Sort.QUARTERLY, rf"{last}(?: cua)?(?: {_EVERY})? quy(?! {_Q})"),
        (Sort.QUARTERLY, r"(?P<last>cuoi) (?:moi |hang |cac )quy"),
        (
            Sort.MONTHLY,
            rf"(?:{_OF_DAY}ngay (?:mung )?(?P<d>{D})(?P<more>(?:(?:, ?| va |, ngay | va ngay ){D})*)|{last}),?"
            rf" (?:cua )?(?:{_EVERY} thang(?! \d)|thang (?:sau"
            r"|ke tiep|tiep theo|ke sau|lien ke|bao cao|lien sau"
            r"|do)(?: lien ke)?"
            r"|(?:cua )?thang(?! \d| cuoi| dau| thu))",
        ),
        (
            Sort.MONTHLY,
            rf"(?:vao )?{_EVERY} thang,? (?:vao |truoc |cham nhat "
            rf"|vao cac |cac )*(?:la )?ngay (?:mung )?(?P<d>{D})(?!\d"
            r"| ?[/.-] ?\d| thang \d)",
        ),
        (Sort.MONTHLY, rf"ngay (?P<d>{D}) {_OCR_WORD} thang(?! \d| cuoi| dau| thu)"),
        (Sort.MONTHLY, rf"{HOUR},? {last} (?:cua )?(?:{_EVERY} )?thang(?! \d| cuoi| dau| thu)"),
        (Sort.MONTHLY, r"(?P<last>cuoi) (?:moi |hang |cac )thang"),
        (Sort.MONTHLY, rf"tu (?:ngay )?{D} (?:den|-)(?: het)? ?(?:ngay )?(?P<d>{D}) (?:cua )?{_EVERY} thang(?! \d)"),
        (
            Sort.MONTHLY,
            rf"(?P<d>{D}) ngay dau(?: tien)? (?:cua )?(?:{_EVERY} )?thang(?! \d)(?: (?:tiep theo|sau|ke tiep))?",
        ),
        (
            Sort.MONTHLY,
            rf"{_OF_DAY}(?P<first>ngay (?:lam viec )?dau(?: tien)?) (?:cua )?(?:{_EVERY}"
            r" )?thang(?! \d)(?: (?:tiep theo|sau|ke tiep"
            r"|moi))?",
        ),
        (
            Sort.WEEKLY,
            rf"{_OF_DAY}(?:ngay |vao )*(?:thu (?P<w>hai|ba|tu|nam|sau|bay|[2-7])|(?P<sunday>chu nhat))(?! \d),?"
            r" (?:cua |trong )?(?:hang|moi|cac) ?tuan(?: (?:sau|ke tiep))?(?! (?:thu|dau|cuoi|le|\d|truoc))",
        ),
        (
            Sort.WEEKLY,
            r"(?:dinh ky )?(?:hang|moi) tuan,? ?\(?(?:vao |truoc |cham nhat |la )*"
            rf"{_OF_DAY}(?:ngay |vao )*(?:thu (?P<w>hai|ba|tu|nam|sau|bay|[2-7])|(?P<sunday>chu nhat))(?! \d)",
        ),
        (
            Sort.WEEKLY,
            r"bao cao tuan(?: gui)?,? ?\(?(?:vao |truoc |cham nhat |la )*"
            rf"{_OF_DAY}(?:ngay |vao )*(?:thu (?P<w>hai|ba|tu|nam|sau|bay|[2-7])|(?P<sunday>chu nhat))(?! \d)",
        ),
        (Sort.DAILY, rf"{HOUR},? (?:cua )?(?:hang|moi) ?ngay"),
        (Sort.DAILY, rf"(?:hang|moi) ngay,? ?\(?(?:vao |truoc |cham nhat |luc |la )*{HOUR}"),
        (
            Sort.HALF,
            r"(?P<months>0?6|0?9|0?3) (?:thang )?(?P<half>dau"
            rf"|cuoi)(?: cua)?(?: nam)?(?:(?: nam| ?/)? ?(?P<y>{Y})(?!\d))?",
        ),
        (
            Sort.MONTHS,
            rf"{_PART}(?:cac )?thang (?P<list>{MONTH_LIST})(?P<each>{_EACH_YEAR})",
        ),
        (
            Sort.MONTHS,
            rf"{_PART}(?:cac )?(?:thang "
            rf"|t)(?P<list>{MONTH_LIST})(?: ?[/.-] ?|,? (?:cua )?nam )(?P<y>{Y})(?!\d)",
        ),
        (Sort.MONTHS, rf"{_PART}(?:cac )?thang (?P<list>{MONTH_LIST}){_NOT_AFTER}"),
        (Sort.MONTHS, rf"{_NOT_BEFORE}(?P<list>{M}) ?/ ?(?P<y>{Y})(?!\d)"),
        (
            Sort.QUARTERS,
            rf"(?:(?P<part>dau|giua|cuoi) )?(?:cac )?qu[yi] (?P<list>{_Q}(?:(?:,"
            rf" ?| va |, ?va |,? quy | va quy |; ?){_Q})*)"
            rf"(?:(?: ?[/.-] ?|,? (?:cua )?nam |,? )(?P<y>{Y})(?!\d))?(?P<each>{_EACH_YEAR})?",
        ),
        (Sort.YEAR, rf"(?:(?P<part>dau|giua|cuoi) )?nam (?:hoc )?(?P<y>{Y})(?!\d)"),
        (Sort.YEAR, rf"(?<=truoc )(?P<y>{Y})(?![\d/])"),
        (
            Sort.RELATIVE,
            rf"(?P<event>sau (?:khi |ngay )?[a-z][^.;:()\d]{{2,60}}?) (?:cham nhat (?:la )?|toi da |khong qua )?"
            rf"(?P<n>{_COUNT}) (?P<unit>ngay lam viec|ngay|tuan)(?! \d| nay)",
        ),
        (Sort.RELATIVE, rf"{count},? {event}"),
        (
            Sort.RELATIVE,
            rf"(?<=sau ){count} (?P<event>(?:ket thuc|hoan thanh|ban hanh|nhan|to chuc|khai mac|be mac)\b"
            rf"{rest}{{0,90}})",
        ),
        (
            Sort.RELATIVE,
            rf"(?<=truoc )(?P<ahead>){count} (?!lam viec)(?P<event>(?!ke"
            rf"|tinh|tu |sau|truoc|nhan)[a-z][^.;:(),]{{3,100}})",
        ),
        (Sort.RELATIVE, rf"(?:(?<=vong )|(?<=han )|(?<=toi da )|(?<=nhat )|(?<=nhat la )){count}"),
        (
            Sort.RELATIVE,
            rf"(?P<before>truoc (?:khi |ngay )?[^.;:()\d]{{3,90}}?) (?:it nhat"
            rf" |toi thieu |truoc )?(?P<n>{_COUNT}) (?P<unit>ngay lam viec"
            r"|ngay|tuan)(?! \d| nay)",
        ),
        (
            Sort.DAY,
            rf"{_OF_DAY}ngay (?:mung )?(?P<d>{D})(?P<more>(?: va (?:ngay )?{D}|, ?ngay {D})*){_NOT_AFTER}(?! thang \d)",
        ),
        (
            Sort.EVERY,
            r"(?:dinh ky )?(?:hang|moi) (?P<every>(?:tuan|thang|quy|nam|6 thang|06 thang|nua nam)"
            r"(?:(?:, ?| va | hoac | ?/ ?)(?:hang )?(?:thang"
            r"|quy|0?6 thang|0?9 thang|nam|01 nam|1 nam)(?! \d))*)(?! \d)",
        ),
        (
            Sort.EVERY,
            r"dinh ky(?: (?:theo|vao|bao cao|theo dinh ky))? ?\(?(?P<every>(?:\d{1,2} )?(?:tuan|thang|quy|nam)"
            r"(?:(?:, ?| va | hoac | ?/ ?)(?:\d{1,2} )?(?:thang|quy|nam))*)(?! \d)",
        ),
        (
            Sort.EVERY,
            r"(?P<times>\d{1,2}|mot|hai|ba) ?(?:lan|dot|ky"
            r"|bai|buoi|tin)? ?(?:/|tren|trong|moi) ?(?P<every>tuan"
            r"|thang|quy|nam)(?: mot lan)?(?! \d)",
        ),
        (Sort.EVERY, r"(?P<every>(?:\d{1,2} )?(?:tuan|thang|quy|nam)) ?/ ?(?:\d{1,2} ?|mot )?lan"),
        (
            Sort.CONTINUOUS,
            r"thuong xuyen(?:,? (?:lien tuc|hang nam|hang ngay"
            r"|hang thang))?|lien tuc|khi co (?:yeu cau|phat sinh"
            r"|vu viec)[^.;,)]{0,30}|trong suot[^.;,)]{0,40}"
            r"|ca nam|dot xuat|kip thoi",
        ),
        (Sort.HOUR, HOUR),
    ]


RULES: tuple[tuple[Sort, re.Pattern[str]], ...] = tuple(
    (sort, re.compile(rf"(?<!\w){pattern}" if not pattern.startswith("(?<") else pattern)) for sort, pattern in _rules()
)
