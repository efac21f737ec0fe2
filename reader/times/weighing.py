"""Whether a time expression is a deadline: its own words, and the words around that speak against it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from reader.draft import Due, Kind
from reader.times.atoms import Atom
from reader.times.grammar import Sort
from reader.times.prefixes import Prefix, Strength, alone
from reader.times.sentences import Sentence, Years

_RECURRING = (Sort.MONTHLY, Sort.QUARTERLY, Sort.WEEKLY, Sort.DAILY)
_WINDOW = re.compile(
    r"(?:thoi diem|ngay) (?:bao cao|chot|thong ke|lay so lieu)(?: so lieu)?[a-z ]{0,20}:? $"
    r"|(?:so lieu|moc|thoi diem|ky bao cao|chot|tinh"
    r"|lay)[^.;()]{0,60}(?:tinh )?tu $|(?:so lieu"
    r"|tinh)(?: tinh)? (?:den|tu)(?: het)? $"
    r"|chot so lieu(?: bao cao)?(?: la| tu| den| vao)?(?: ngay)?:? $"
    r"|so lieu (?:bao cao )?(?:duoc )?(?:tinh|lay)(?: tu"
    r"| den)?(?: het)? $"
    r"|tinh (?:tu|den)(?: thoi diem| het)? $"
)
_COUNTED_FROM = re.compile(r"(?:so lieu|tinh|moc thoi gian|ky bao cao)[^.;()]{0,40}$")
_ANNIVERSARY = 20  # years; "(03/02/1930 - 03/02/2025)" is no time to work
_CITED = re.compile(
    r"(?:\d[\w.]*(?: ?[/-] ?[\w()&.]+)+|luat[^.;()]{0,80}"
    r"|phap lenh[^.;()]{0,60}|nghi quyet|thong bao"
    r"|quyet dinh|ket luan|chi thi"
    r"|cong van|to trinh),? ?\(?(?:ky |ban hanh |de )?$"
)
_PAST = re.compile(
    r"\b(?:da|duoc (?:ban hanh|ky|phe duyet|thong qua"
    r"|sua doi|cap)|co hieu luc|sinh|ban hanh (?:tu"
    r"|vao)) (?:[a-z]+ ){0,3}$"
)
_CONDITION = re.compile(
    r"(?:sinh|ban hanh|phat sinh|co hieu luc|hieu luc"
    r"|thanh lap|phe duyet|xay ra|ky ket|duoc (?:cap"
    r"|ban hanh|ky|phe duyet)|ton tai"
    r"|tu (?:khi|sau)|chuyen tiep|vi pham)(?: [a-z]+)? ?$"
)
_HOLIDAY = re.compile(
    r"(?:nghi le|dip le|nghi tet|ky niem|ngay truyen thong"
    r"|ngay thanh lap|quoc khanh|ngay quoc te|nghi le 30/4 va"
    r"|nghi le 30/4 -)[a-z ]{0,30}\(?$"
)
_TOLD = re.compile(
    r",? [^.;]{0,90}\b(?:da|co cong van|co van ban|banh? (?:hanh )?cong van|ban hanh|ky|vua|cong bo|to chuc hop)\b"
)
_STAMP = re.compile(
    r"(?:^|[^a-z ] ?|> )(?:ngay|ngay (?:ban hanh|ky"
    r"|hieu luc|dang|cap nhat|den|nhan|co hieu luc"
    r"|van ban)|den ngay) ?: ?$"
)
_EFFECT = re.compile(r"hieu luc[^.;]{0,40}$")
_FINISHED = re.compile(
    r"\b(?:hoan thanh|ket thuc|hoan tat|giai quyet|xong|so ket|tong ket|ban hanh|phe duyet|trinh)\b[^.;]{0,60}$"
)
_ENDS_THEN = re.compile(r",?(?: [a-z]+){0,4} (?:tong ket|so ket|hoan thanh|hoan tat)\b")
_YEAR_FIRST = re.compile(r":|,? (?:hoan thanh|hoan tat|trinh|ban hanh|tong ket|so ket|xay dung|ra soat)\b")
_TIME_OF_WORK = re.compile(r"(?:thoi gian|tien do|thoi han)[^.;()]{0,30}: ?$")
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
    tail = sentence.folded[max(0, lead.start - 90) : lead.start]
    if _only_told(atom, read, sentence, years, tail):
        return Strength.NONE
    strength = _by_sort(atom, read, sentence, years)
    if strength >= Strength.LIKELY and atom.sort not in _RECURRING and (_CONDITION.search(tail) or _PAST.search(tail)):
        return Strength.WEAK
    return strength


def _only_told(atom: Atom, read: Reading, sentence: Sentence, years: Years, tail: str) -> bool:
    """Dates of cited documents, stamps, holidays, anniversaries, what has begun to apply, and the past."""
    bare = read.lead.boundary is None
    if (_CITED.search(tail) and bare) or _HOLIDAY.search(tail) or _STAMP.search(tail):
        return True
    if bare and atom.sort is Sort.DATE and sentence.opens(read.lead.start) and _TOLD.match(sentence.folded, atom.end):
        return True
    if atom.sort in (Sort.RELATIVE, Sort.DATE) and _EFFECT.search(sentence.before(read.lead.start)):
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
            sure = strength >= Strength.LIKELY or "dinh ky" in atom.words
            return (
                Strength.LIKELY if sure or not sentence.before(read.lead.start, 999).strip(" -+*(") else Strength.WEAK
            )
        case Sort.MONTHLY | Sort.QUARTERLY | Sort.WEEKLY | Sort.DAILY:
            return max(strength, Strength.LIKELY)
        case Sort.RELATIVE:
            return _relative(atom, strength)
        case Sort.RANGE:
            return _range(atom, read, sentence)
        case Sort.DATE if strength is Strength.NONE:
            again = read.kind is not Kind.ONCE and bool(sentence.kinds)
            return (
                Strength.LIKELY if again or (sentence.opens(read.lead.start) and _ahead(read.due, years)) else strength
            )
        case Sort.YEAR if strength is Strength.LIKELY and not alone(sentence.folded, read.lead.start, atom.end):
            return Strength.LIKELY if _finishes(atom, sentence) else Strength.WEAK
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
    return Strength.STRONG if labelled else Strength.WEAK


def _relative(atom: Atom, strength: Strength) -> Strength:
    days = atom.groups["unit"] in ("ngay", "ngay lam viec")
    counted = days and (_COUNTED.match(atom.groups.get("event", "")) or " cham nhat " in atom.words)
    return max(strength, Strength.LIKELY) if strength or counted else Strength.WEAK


def _range(atom: Atom, read: Reading, sentence: Sentence) -> Strength:
    """ "từ … đến …" is a time to work; a bare range is one where nothing follows it, or where it opens the sentence."""
    if read.strength >= Strength.LIKELY:
        return read.strength
    said = sentence.before(read.lead.start).rstrip()
    opens = sentence.opens(read.lead.start) or said.endswith((":", ";"))
    if "d2" not in atom.groups:
        return Strength.LIKELY if opens and atom.words.startswith("tu ") else Strength.WEAK
    last = not re.search(r"[a-z]", atom.words) and not sentence.folded[atom.end :].strip(" .;")
    return Strength.LIKELY if opens or last or atom.words.startswith("tu ") else Strength.WEAK


def _ahead(due: Due, years: Years) -> bool:
    """After the day of signing, where that is printed."""
    signed = years.signed
    return isinstance(due, str) and signed is not None and len(signed) == 10 and due > signed


def _over(due: Due, years: Years) -> bool:
    """Told of the past: before the document was signed."""
    end = due if isinstance(due, str) else due.get("to") if isinstance(due, dict) else None
    if years.signed is None or not isinstance(end, str):
        return False
    if "Q" in end:
        end = f"{end[:4]}-{int(end[-1]) * 3:02d}"
    reach = min(len(end), len(years.signed))
    return end[:reach] < years.signed[:reach]
