"""Whether a time expression is a deadline: its own words, and the words around that speak against it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reader.draft import Due, Kind
from reader.times.atoms import Atom
from reader.times.grammar import Sort
from reader.times.prefixes import Prefix, Strength, alone
from reader.times.sentences import Sentence, Years

RECURRING = (Sort.MONTHLY, Sort.QUARTERLY, Sort.WEEKLY, Sort.DAILY)
_COUNT = (
    r"(?:(?<!ban )(?<!toan )(?<!cap )(?<!ubnd )(?<!dan )(?<!trong )(?<!cua )(?<!cac )(?<!an )(?<!so )(?<!ngoai )tinh)"
)
"""("tính"): without its marks also the province, "trên địa bàn tỉnh từ ngày …"."""
_WINDOW = re.compile(
    r"(?:thoi diem|ngay) (?:bao cao|chot|thong ke|lay so lieu)(?: so lieu)?[a-z ]{0,20}:? $"
    rf"|(?:so lieu|moc|thoi diem|ky bao cao|chot|{_COUNT}"
    r"|lay)[^.;()]{0,60}(?:tinh )?tu $|(?:so lieu"
    rf"|{_COUNT})(?: tinh)? (?:den|tu)(?: het)? $"
    r"|chot so lieu(?: bao cao)?(?: la| tu| den| vao)?(?: ngay)?:? $"
    r"|so lieu (?:bao cao )?(?:duoc )?(?:tinh|lay)(?: tu"
    r"| den)?(?: het)? $"
    rf"|{_COUNT} (?:tu|den)(?: thoi diem| het)? $"
)
_COUNTED_FROM = re.compile(rf"(?:(?:so lieu|moc thoi gian|ky bao cao)[^.;()]{{0,40}}|\b{_COUNT} )$")
_TAIL = 90  # characters in front that tell what a date is
_ANNIVERSARY = 20  # years; "(03/02/1930 - 03/02/2025)" is no time to work
_CITED = re.compile(
    r"(?:\d[\w.]*(?: ?[/-] ?[\w()&.]+)+|luat[^.;()]{0,80}"
    r"|phap lenh[^.;()]{0,60}|nghi quyet|thong bao"
    r"|quyet dinh|ket luan|chi thi"
    r"|cong van|to trinh),? ?\(?(?:ky |ban hanh |de )?$"
)
_PAST = re.compile(
    r"\b(?:da(?! nang\b| dang\b| phan\b| bong\b| so\b)|duoc (?:ban hanh|ky|phe duyet|thong qua"
    r"|sua doi|cap)|co hieu luc|ban hanh (?:tu|vao)) (?:[a-z]+ ){0,3}$"
)
_CONDITION = re.compile(
    r"(?:\b(?:nguoi|tre|tre em|em|chau|cong dan|nam|nu|duoc|co ngay) sinh|phat sinh|co hieu luc|xay ra|ton tai"
    r"|\bda duoc [a-z]+|\bduoc (?:cap|giao|ky|ban hanh|phe duyet)|qua han|tu (?:khi|sau)|chuyen tiep)(?: [a-z]+)? ?$"
)
"""What it is said of, not until when it has to be done: "hồ sơ phát sinh trước ngày …"."""
_DECIDED = re.compile(r"(?:ban hanh|thanh lap|phe duyet|ky ket|vi pham)(?: [a-z]+)? ?$")
"""The same of a day that was ("văn bản ban hành trước …"); of one to come an order ("trình … ban hành trước …")."""
_DONE_BY = re.compile(r"\(?(?:xong|hoan thanh|hoan tat)\b")
_HOLIDAY = re.compile(
    r"(?:nghi le|dip le|nghi tet|ky niem|ngay truyen thong"
    r"|ngay thanh lap|quoc khanh|ngay quoc te|nghi le 30/4 va"
    r"|nghi le 30/4 -)[a-z ]{0,30}\(?$"
)
_TOLD = re.compile(
    r",? [^.;]{0,90}\b(?:da|co cong van|co van ban|banh? (?:hanh )?cong van|ban hanh|ky|vua|cong bo|to chuc hop)\b"
)
_REIGN = re.compile(r"\b(?:nhiem ky|giai doan|thoi ky|lai suat|muc thu)(?: la)?:? $")
_STAMP = re.compile(
    r"(?:^|[^a-z ] ?|> )(?:ngay|ngay (?:ban hanh|ky"
    r"|hieu luc|dang|cap nhat|den|nhan|co hieu luc"
    r"|van ban)|den ngay) ?: ?$"
)
_EFFECT = re.compile(r"(?:\bco hieu luc|hieu luc (?:thi hanh|ke tu|tinh tu|tu|vao|den))[^.;]{0,40}$")
_FINISHED = re.compile(
    r"\b(?:hoan thanh|ket thuc|hoan tat|giai quyet|xong|so ket|tong ket|ban hanh|phe duyet|trinh)\b[^.;]{0,60}$"
)
_TILL = re.compile(r"(?:ke )?tu nay(?: cho)? (?:den|toi) nam\b")
"""A programme's period: "Đề án … từ nay đến năm 2030"."""
_ENDS_THEN = re.compile(r",?(?: [a-z]+){0,4} (?:tong ket|so ket|hoan thanh|hoan tat)\b")
_YEAR_FIRST = re.compile(r":(?! ?\d)|,? (?:hoan thanh|hoan tat|trinh|ban hanh|tong ket|so ket|xay dung|ra soat)\b")
_LISTED = re.compile(r" ?:(?! ?\d)")
"""Of a list of days: "Quý I: kiện toàn Ban Chỉ đạo"."""
_TIME_OF_WORK = re.compile(r"(?:thoi gian|tien do|thoi han)[^.;()]{0,30}: ?$")
_GOES_ON = re.compile(r"\b(?:dien ra|to chuc|tien hanh|thuc hien|trien khai|mo dot cao diem)$")
_OPEN_HOURS = re.compile(r"\d ?(?:(?:gio|h|g|:|phut)[ \d]*(?:phut)? ?)?(?:den|toi|-|/) ?$")
"""Of working hours, "từ 7h00 đến 22h00 hằng ngày"."""
_DOES = re.compile(r"(?:^|[,;.(] ?)(?:thuc hien|tien hanh|trien khai|to chuc|duoc thuc hien) $")
_ENDS = re.compile(r" ?(?:[.;)]|$)")
_AT_LEAST = re.compile(r" (?:cham nhat|it nhat|toi thieu) ")
_AFTER_THAT = re.compile(r"(?:sau|truoc) khi ")
_COUNTED = re.compile(r"(?:ke|tinh) tu|tiep theo ngay sau|ngay sau")


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood so far."""

    lead: Prefix
    strength: Strength
    kind: Kind
    due: Due


def is_window(atom: Atom, lead: Prefix, sentence: Sentence) -> bool:
    """Whether it says whose data a report covers (mốc số liệu)."""
    said = sentence.before(atom.start)
    if atom.sort not in (Sort.RANGE, Sort.DATE, Sort.DAY, Sort.MONTHLY, Sort.MONTHS):
        return False
    if _WINDOW.search(sentence.before(lead.start)) or _WINDOW.search(said):
        return True
    return atom.sort is Sort.RANGE and atom.words.startswith("tu ") and bool(_COUNTED_FROM.search(said))


def weighed(atom: Atom, read: Reading, sentence: Sentence, years: Years) -> Strength:
    """How far it is a deadline, all words considered."""
    lead = read.lead
    tail = sentence.folded[max(0, lead.start - _TAIL) : lead.start]
    if _only_told(atom, read, sentence, years, tail):
        return Strength.NONE
    strength = _by_sort(atom, read, sentence, years)
    if strength >= Strength.LIKELY and atom.sort not in RECURRING and _conditional(atom, read, sentence, years):
        return Strength.WEAK
    return strength


def _conditional(atom: Atom, read: Reading, sentence: Sentence, years: Years) -> bool:
    """Whether the day says which ones are meant: "hồ sơ phát sinh trước ngày …", "đã ban hành trước ngày …"."""
    start = read.lead.start
    if _DONE_BY.match(sentence.folded, start):
        return False
    tail = sentence.folded[max(0, start - _TAIL) : start]
    if _CONDITION.search(tail):
        return True
    if read.kind is not Kind.ONCE or atom.sort is Sort.RELATIVE or _ahead(read.due, years):
        return False
    return bool(_DECIDED.search(tail) or _PAST.search(tail))


def _only_told(atom: Atom, read: Reading, sentence: Sentence, years: Years, tail: str) -> bool:
    """Dates of cited documents, stamps, holidays, anniversaries, what has begun to apply, and the past."""
    bare = read.lead.boundary is None
    if (_CITED.search(tail) and bare) or _HOLIDAY.search(sentence.before(atom.start)) or _STAMP.search(tail):
        return True
    first = sentence.opens(read.lead.start) or sentence.folded.startswith(",", atom.end)
    if bare and first and atom.sort is Sort.DATE and _TOLD.match(sentence.folded, atom.end):
        return True
    if atom.sort in (Sort.RELATIVE, Sort.DATE) and _EFFECT.search(sentence.before(read.lead.start)):
        return True
    if atom.sort is Sort.RANGE and _REIGN.search(tail):
        return True
    if atom.sort is Sort.RANGE and (atom.number("y2") or 0) - (atom.number("y1") or 9999) >= _ANNIVERSARY:
        return True
    return read.kind is Kind.ONCE and _over(read.due, years)


def _by_sort(atom: Atom, read: Reading, sentence: Sentence, years: Years) -> Strength:
    strength = read.strength
    match atom.sort:
        case Sort.CONTINUOUS:
            return _continuous(atom, read, sentence)
        case Sort.EVERY:
            sure = strength >= Strength.LIKELY or "dinh ky" in atom.words or _carried_out(atom, sentence)
            return (
                Strength.LIKELY if sure or not sentence.before(read.lead.start, 999).strip(" -+*(") else Strength.WEAK
            )
        case Sort.DAILY if _OPEN_HOURS.search(sentence.before(atom.start)):
            return Strength.WEAK
        case Sort.MONTHLY | Sort.QUARTERLY | Sort.WEEKLY | Sort.DAILY:
            return max(strength, Strength.LIKELY)
        case Sort.RELATIVE:
            return _relative(atom, strength, sentence.opens(read.lead.start))
        case Sort.RANGE:
            return _range(atom, read, sentence)
        case Sort.DATE if strength is Strength.NONE:
            again = read.kind is not Kind.ONCE and bool(sentence.kinds)
            opens = sentence.opens(read.lead.start) and not sentence.folded.startswith(" la ", atom.end)
            told = atom.year is not None and "ngay" in atom.words  # "họp ngày 25/6/2024", but no code "25-6/2024/HS"
            ahead = _ahead(read.due, years) and (opens or (told and not sentence.opens(read.lead.start)))
            listed = opens and years.signed is None and _LISTED.match(sentence.folded, atom.end)
            return Strength.LIKELY if again or ahead or listed else strength
        case Sort.MONTHS | Sort.QUARTERS | Sort.HALF if strength is Strength.NONE and sentence.opens(read.lead.start):
            goes_on = "part" in atom.groups or sentence.folded.startswith(",", atom.end)
            ahead = atom.year is not None and goes_on and _ahead(read.due, years)
            return Strength.LIKELY if ahead or _LISTED.match(sentence.folded, atom.end) else strength
        case Sort.YEAR if strength is Strength.STRONG and _TILL.match(sentence.folded, read.lead.start):
            return strength if sentence.opens(read.lead.start) or _finishes(atom, sentence) else Strength.WEAK
        case Sort.YEAR if strength is Strength.LIKELY and not alone(sentence.folded, read.lead.start, atom.end):
            labelled = _TIME_OF_WORK.search(sentence.before(atom.start))
            return Strength.LIKELY if labelled or _finishes(atom, sentence) else Strength.WEAK
        case Sort.YEAR if strength is Strength.NONE and sentence.opens(read.lead.start):
            return Strength.LIKELY if _YEAR_FIRST.match(sentence.folded, atom.end) else strength
        case _:
            return strength


def _finishes(atom: Atom, sentence: Sentence) -> bool:
    """ "hoàn thành … trong năm 2024", "trong năm 2024 tổng kết": a year is a deadline where something ends in it."""
    return bool(_FINISHED.search(sentence.before(atom.start)) or _ENDS_THEN.match(sentence.folded, atom.end))


def _continuous(atom: Atom, read: Reading, sentence: Sentence) -> Strength:
    said = sentence.before(atom.start, 999)
    labelled = alone(sentence.folded, read.lead.start, atom.end) or _TIME_OF_WORK.search(said)
    if labelled or _carried_out(atom, sentence):
        return Strength.STRONG
    opens = atom.words.startswith("thuong xuyen") and said.strip(" -+*(") in ("", "thuc hien")
    return Strength.LIKELY if opens else Strength.WEAK


def _carried_out(atom: Atom, sentence: Sentence) -> bool:
    """Of "…; thực hiện thường xuyên.": nothing else is said behind the last comma."""
    return bool(_DOES.search(sentence.before(atom.start)) and _ENDS.match(sentence.folded, atom.end))


def _relative(atom: Atom, strength: Strength, opens: bool) -> Strength:
    days = atom.groups["unit"] in ("ngay", "ngay lam viec")
    said = _COUNTED.match(atom.groups.get("event", "")) or _AT_LEAST.search(atom.words)
    counted = days and (said or (opens and _AFTER_THAT.match(atom.words)))
    return max(strength, Strength.LIKELY) if strength or counted else Strength.WEAK


def _range(atom: Atom, read: Reading, sentence: Sentence) -> Strength:
    """ "từ … đến …" is a time to work; a bare range is one where nothing follows it, or where it opens the sentence."""
    if read.strength >= Strength.LIKELY:
        return read.strength
    said = sentence.before(read.lead.start).rstrip()
    opens = sentence.opens(read.lead.start) or said.endswith((":", ";"))
    if "d2" not in atom.groups:
        return Strength.LIKELY if atom.words.startswith("tu ") and (opens or _GOES_ON.search(said)) else Strength.WEAK
    last = not re.search(r"[a-z]", atom.words) and not sentence.folded[atom.end :].strip(" .;")
    return Strength.LIKELY if opens or last or atom.words.startswith("tu ") else Strength.WEAK


def _ahead(due: Due, years: Years) -> bool:
    """After the day of signing, where that is printed: a month, quarter or year that has not ended by then."""
    end, signed = _last(due), years.signed
    if end is None or signed is None or len(signed) < len("2024-01-15"):
        return False
    return end > signed or (len(end) < len(signed) and signed.startswith(end))


def _last(due: Due) -> str | None:
    """Its last day, or the month or year in which it lies; a quarter by its last month."""
    end = due if isinstance(due, str) else due.get("to") if isinstance(due, dict) else None
    if not isinstance(end, str):
        return None
    return f"{end[:4]}-{int(end[-1]) * 3:02d}" if "Q" in end else end


def _over(due: Due, years: Years) -> bool:
    """Told of the past: before the document was signed."""
    end = _last(due)
    if years.signed is None or end is None:
        return False
    reach = min(len(end), len(years.signed))
    return end[:reach] < years.signed[:reach]
