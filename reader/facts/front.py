"""The front of a document: everything before its first sentences, and where its kind and its abstract stand."""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from reader.document import Document, Span
from reader.folding import Folded

KIND = (
    r"(?:ke hoach(?: lien nganh| lien tich| phoi hop)?|quyet dinh|chi thi|cong dien|thong bao|huong dan"
    r"|chuong trinh(?: hanh dong| cong tac| phoi hop)?|phuong an|nghi quyet|de an|bao cao|quy che(?: phoi hop)?"
    r"|quy dinh|to trinh|ket luan|thong tu(?: lien tich)?|nghi dinh|the le"
    r"|phu luc(?: [ivx]{1,4}(?![a-z])| \d{1,2}(?!\d))?)"
)
CITED_KIND = (
    rf"(?:{KIND}|nghi dinh|thong tu(?: lien tich)?|luat|bo luat|phap lenh|lenh|cong van|van ban|thong tri|ke hoach"
    r"|hiep dinh|hop dong|giay moi|phieu \w+|mau|bieu|bieu mau|phu luc|dieu|khoan|muc|kem theo)"
)
_FRONT_MOST = 6000  # folded characters; the front of an act is one page
_TITLE_MOST = 700
_KIND = re.compile(rf"(?<![a-z]){KIND}(?![a-z])")
_HEADING = re.compile(
    r"(?<![a-z0-9./])(?:[i1l]\. |a\. |phan (?:thu )?(?:i|1|nhat|mot)\b|dieu 1[.:]|chuong [i1]\b|can cu |kinh gui)"
)
_HARD_END = re.compile(
    r"(?<![a-z0-9./])(?:(?:[ia1]\.|[i1]/|i - ) ?(?=[a-z])|dieu 1[.:]|phan (?:thu )?(?:i|nhat)\b|can cu |kinh gui"
    r"|theo de nghi"
    r"|\( ?(?:ban hanh )?kem theo|\(dinh kem)"
)
"""What never belongs to an abstract, wherever it stands; with a capital."""
_SOFT_END = re.compile(
    r"(?<![a-z])(?:thuc hien|trien khai thuc hien|tiep tuc|nham|xet de nghi|sau khi|thi hanh|quan triet"
    r"|chap hanh (?:nghi|quyet|chi|luat|ke)|de (?:trien khai|thuc hien|tiep tuc|tang cuong)|trong thoi gian"
    r"|thoi gian qua"
    r"|(?:uy ban nhan dan|ubnd) [^.;]{0,80}(?:ban hanh|xay dung|quyet dinh|de nghi)|giam doc |bo truong"
    r"|chu tich (?:uy ban|ubnd)|ngay \d|nhan dip|(?:thu tuong )?chinh phu(?= can cu)"
    r"|uy ban nhan dan [^.;]{0,60}?(?= can cu))"
)
"""What begins the first sentence, if a line begins there, or a capital without a line break near."""
_OPENING_MOST = 3500
_NUMBERED = re.compile(
    r"(?<![a-z0-9./])(?P<mark>(?:[ivxl1]{1,4}[./]|[a1]\.|dieu 1[.:]|phan (?:thu )?(?:i|1|nhat|mot)\b|[1i]/"
    r"|(?<=\n)[ivx]+ - ))"
    r"(?: ?(?P<word>[a-z])|$)"
)
_MARKS = str.maketrans("", "", "*#`")


@dataclass(frozen=True, slots=True)
class Title:
    """The kind of act ("ke hoach", empty for a letter) and its abstract, in the folded text."""

    kind: str
    kind_start: int
    start: int
    end: int


class Front:
    """Knows the whole text folded, once, and how to look back at the letters that were printed."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text
        self.folded = Folded(document.text)

    @cached_property
    def title(self) -> Title | None:
        """Kind and abstract; None where neither stands there."""
        return self._kind_title() or self._letter_title()

    @cached_property
    def end(self) -> int:
        """Where the front ends in the folded text: with the abstract, else with the first words of the text."""
        if self.title is not None and self.title.kind:
            return self.title.end
        return self._first_words(0)

    @cached_property
    def opening(self) -> tuple[int, int]:
        """The first sentences: from the end of the abstract to the first numbered heading; in the folded text."""
        start = self.title.end if self.title is not None else 0
        end = min(len(self.folded.text), start + _OPENING_MOST)
        for found in _NUMBERED.finditer(self.folded.text, start, end):
            at = found.start("mark")
            if (self.begins_line(at) or self.capital(at)) and (
                found["word"] is None or self.capital(found.start("word"))
            ):
                return start, at
        return start, end

    def span(self, start: int, end: int) -> Span:
        """The place in the document, with the combining marks of its last letter."""
        span = self.folded.span(start, end)
        stop = span.end
        while start < end and stop < len(self.text) and unicodedata.combining(self.text[stop]):
            stop += 1
        return Span(span.start, stop)

    def printed(self, start: int, end: int) -> str:
        """The words as they are printed: NFC, single blanks, without markdown."""
        return tidy(self.span(start, end).of(self.text))

    def capital(self, at: int) -> bool:
        """Whether a capital is printed there."""
        return self.span(at, at + 1).of(self.text)[:1].isupper()

    def capitals(self, start: int, end: int) -> bool:
        """Whether all letters between are capitals."""
        letters = [c for c in self.span(start, end).of(self.text) if c.isalpha()]
        return bool(letters) and sum(c.isupper() for c in letters) >= 0.85 * len(letters)

    def begins_line(self, at: int) -> bool:
        """Whether nothing but blanks, markdown and table bars stands before it on its line."""
        start = self.span(at, at).start if at < len(self.folded.text) else len(self.text)
        return not self.text[self.text.rfind("\n", 0, start) + 1 : start].strip(" \t*#_|>-\u00a0\ufeff")

    def ends_line(self, at: int) -> bool:
        """Whether nothing but blanks, markdown, a colon and table bars follow on its line."""
        start = self.span(at - 1, at).end
        stop = self.text.find("\n", start)
        return not self.text[start : len(self.text) if stop < 0 else stop].strip(" \t*#_|:.\u00a0")

    def _first_words(self, start: int) -> int:
        for found in _HEADING.finditer(self.folded.text, start, start + _FRONT_MOST):
            if self.capital(found.start()) or found[0][0] in "1l":
                return found.start()
        return min(len(self.folded.text), start + _FRONT_MOST // 2)

    def _kind_title(self) -> Title | None:
        best: tuple[int, re.Match[str]] | None = None
        for found in _KIND.finditer(self.folded.text, 0, _FRONT_MOST):
            weight = self._kind_weight(found)
            if weight and (best is None or weight > best[0]):
                best = (weight, found)
        if best is None:
            return None
        weight, found = best
        start = found.end()
        while start < len(self.folded.text) and self.folded.text[start] in ' :.-"|':
            start += 1
        end = self._title_end(start)
        if (
            weight == 1
            and not self.ends_line(found.end())
            and (line := self.text.find("\n", self.span(start, start).start)) > 0
        ):
            end = self._trimmed(start, min(end, self.folded.at(line)))  # a heading of a web page: its line
        return Title(found[0], found.start(), start, end)

    def _kind_weight(self, found: re.Match[str]) -> int:
        """3: capitals alone on a line. 2: capitals behind a date or beginning a line. 1: alone, or first of all."""
        before = self.folded.text[max(0, found.start() - 30) : found.start()]
        after = self.folded.text[found.end() : found.end() + 12]
        if re.match(r" va dau tu| ?:? ?dieu \d", after) or re.search(r"(?<![a-z])(?:so|ban|phong|hoi dong) $", before):
            return 0
        if self._in_opening_lines(found.start()):
            return 0
        alone = self.begins_line(found.start()) and self.ends_line(found.end())
        if not self.capitals(found.start(), found.end()):
            first = not self.folded.text[: found.start()].strip() and not re.match(r" so |: ", after)
            return 1 if (alone or first) and self.capital(found.start()) else 0
        if alone:
            return 3
        dated = re.search(r"(?:nam \d{4}|/[a-z]{2,4}-?[a-z0-9-]*|hanh phuc|viet nam) ?[-_*. ]*$", before)
        if dated or self.begins_line(found.start()):
            return 2
        word = re.search(r"[^ ]+ $", before)
        return 0 if word is None or self.capitals(found.start() - len(word[0]), found.start()) else 1

    def _in_opening_lines(self, at: int) -> bool:
        """Whether it is the heading that a web page repeats above the act ("KẾ HOẠCH SỐ 155/KH-UBND NĂM 2017 …")."""
        start = self.folded.at(self.text.rfind("\n", 0, self.span(at, at).start) + 1)
        numbered = rf"[ \d.|-]*(?:{KIND}|cong van) (?:so:? )?\d+ ?[/-]"
        return re.match(numbered, self.folded.text[start : start + 60]) is not None

    def _title_end(self, start: int) -> int:
        """With lines: until a blank line or a line that begins a sentence. Without: until a capital that begins one."""
        most = min(len(self.folded.text), start + _TITLE_MOST)
        loud = self.capitals(start, min(start + 25, most)) if start < most else False
        end = most
        for found in _HARD_END.finditer(self.folded.text, start + 4, most):
            if self.capital(found.start()) or found[0][0] in "(1":
                end = found.start()
                break
        for found in _SOFT_END.finditer(self.folded.text, start + 8, most):
            if found.start() >= end:
                break
            if not self.capital(found.start()):
                continue
            quiet = not self.capitals(found.start(), found.end())
            if self.begins_line(found.start()) or (quiet if loud else self._no_line_near(found.start())):
                end = found.start()
                break
        end = self._paragraph_end(start, end)
        if loud:
            end = self._loud_end(start, end)
        return self._trimmed(start, end)

    def _no_line_near(self, at: int) -> bool:
        """Whether the line breaks seem lost here: none within 250 characters before."""
        place = self.span(at, at).start
        return "\n" not in self.text[max(0, place - 250) : place].strip()

    def _paragraph_end(self, start: int, end: int) -> int:
        if start >= end:
            return end
        span = self.span(start, end)
        for gap in re.finditer(r"\n[ \t]*\n\s*", span.of(self.text)):
            rest = self.text[span.start + gap.end() :].lstrip("*_# ")
            if gap.start() >= 12 and not rest[:1].islower():
                return self.folded.at(span.start + gap.start())
        return end

    def _loud_end(self, start: int, end: int) -> int:
        """Where the capitals end: before the first of two words that are not in capitals."""
        words = list(re.finditer(r"[a-z]{2,}", self.folded.text[start:end]))
        for one, two in itertools.pairwise(words):
            if not any(self.capitals(start + w.start(), start + w.end()) for w in (one, two)):
                return start + one.start()
        return end

    def _trimmed(self, start: int, end: int) -> int:
        while end > start and self.folded.text[end - 1] in " -_.|:;,(":
            end -= 1
        return end

    def _letter_title(self) -> Title | None:
        """The abstract of a letter: "V/v …" under its number."""
        limit = self._first_words(0)
        found = re.compile(r"(?<![a-z])(?:v/ ?v:?|ve viec:?) ").search(self.folded.text, 0, limit)
        if found is None or not self.capital(found.start()):
            return None
        end = limit
        date = re.compile(r"[a-z. ]{2,30}, ?ngay\b|kinh gui|cong hoa xa hoi").search(
            self.folded.text, found.end(), limit
        )
        if date is not None:
            end = self._place_start(date)
        return Title("", found.start(), found.end(), self._trimmed(found.end(), self._paragraph_end(found.end(), end)))

    def _place_start(self, date: re.Match[str]) -> int:
        """Where the name of the place before a date begins: at the start of its line."""
        for at in range(date.end() - 1, date.start(), -1):
            if self.begins_line(at) and self.capital(at):
                return at
        return date.start()


def tidy(words: str) -> str:
    """NFC, single blanks, without markdown signs and quotes around."""
    plain = unicodedata.normalize("NFC", words).translate(_MARKS).replace("\u00a0", " ")
    return " ".join(plain.replace("_", " ").split()).strip(" |")
