"""Whose duty it is: the words of a clause, the lines beside it, the headings above, the addressees of a letter."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from reader import doers
from reader.bodies import split
from reader.clause_text import ClauseText
from reader.draft import Body
from reader.folding import Folded
from reader.markers import Rank
from reader.outline import Clause, Outline, Zone
from reader.parties import Parties, as_written, distinct
from reader.receivers import receivers
from reader.times.expression import TimeExpression
from reader.times.prefixes import alone

SILENT = (Zone.BASES, Zone.CLOSING)
"""Zones in which nobody is told to do anything."""
KEYED = re.compile(
    r"(?P<lead>(?:co quan|don vi|can bo|bo phan|to chuc)?,? ?(?:don vi"
    r" |bo phan )?(?:chu tri|thuc hien|phu trach|chiu trach nhiem"
    r"|phan cong|tham muu|chiu trach nhiem chinh)"
    r"(?: (?:thuc hien|tham muu|chinh|chu tri|phu trach"
    r"|to chuc|trien khai|va|theo doi|don vi))*|phan cong(?: nhiem vu"
    r"| thuc hien)?|trach nhiem(?: thuc hien)?|(?:doi tuong|don vi|co quan)(?: phai| gui| thuc hien)? bao cao) ?[:-] "
    r"|(?P<with>(?:co quan|don vi)?(?: [a-z]+)? ?phoi hop(?: thuc hien)?) ?[:-] "
    r"|(?P<to>(?:noi|co quan|don vi|cap) (?:nhan|trinh)(?: bao cao)?|(?:noi gui|gui|trinh|bao cao)(?: ve)?) ?[:-] "
    r"|(?P<time>(?:thoi gian|thoi han|tien do|thoi diem|han)(?: [a-z]+){0,4}) ?[:-] "
    r"|(?P<product>(?:san pham|ket qua|san pham dau ra)(?: [a-z]+){0,3}) ?[:-] "
    r"|(?P<work>(?:noi dung|nhiem vu|cong viec)(?: [a-z]+){0,3}) ?[:-] "
)
_NEXT_WORK = re.compile(r"(?:noi dung|nhiem vu|cong viec)\b")
_LEAD_HEADING = re.compile(
    r"(?:co quan|don vi|bo phan)? ?(?:chu tri|thuc hien|phu trach)(?:,? (?:va )?(?:chu tri|thuc hien|phoi hop))*"
)
_LIST_MOST = 25  # lines between the heading of those who preside and the time
_KEYED_MOST = 4  # lines under a duty that say who, with whom, until when
_ADDRESSED = re.compile(r"kinh gui ?:?")
_OF_REPORT = re.compile(
    r"(?:dinh ky|ky|thoi (?:gian|han|diem))?(?: gui| nop| chot)? ?(?:bao cao|so lieu|danh sach|ho so)\b"
)
_RESULT = re.compile(r"(?:bao cao|ket qua|ho so|danh sach|van ban|san pham)\b")
_VAGUE = re.compile(r"(?:(?:quy|toan the|tat ca|cac|va|don vi|co quan|dia phuong|trung tam|doanh nghiep)[ ,]*)+")
"""Of a letter: "các đơn vị" are those to whom it is addressed."""
_ADDRESSEES_MOST = 30  # lines of a list of addressees
_LINES_MOST = 6
_GIVEN = re.compile(r"\b(?:gui|trinh|bao cao|nop|chuyen|tham muu|phoi hop|cua|cho|ve)\b")
_KEY_REACH = 30  # characters between "Chủ trì:" and the first body; farther off the words are a sentence


class Owners:
    """Finds who owes what to whom in one document; ``text_of`` gives the words of a clause with its times."""

    def __init__(self, text: str, outline: Outline, text_of: Callable[[Clause], ClauseText]) -> None:
        self._text = text
        self._outline = outline
        self._text_of = text_of
        self._addressees: tuple[Body, ...] | None = None
        self._labels: dict[int, Parties] = {}

    def parties(self, text: ClauseText, time: TimeExpression) -> Parties:
        """Everybody who has to do with one time expression."""
        part, end = text.part_at(time.start)
        sentence, sentence_end = text.sentence_at(time.start)
        keyed = self._keyed(text, time)
        agencies = keyed.agencies or _presiding(text, sentence_end)
        agencies = agencies or _named(text, time, (part, end), (sentence, sentence_end))
        above = addressed = False
        if not agencies:
            above = True
            agencies = self._above(text, sentence)
        if all(_VAGUE.fullmatch(Folded(body.name).text) for body in agencies) and self.addressees():
            agencies, addressed = self.addressees(), True
        main, via = self._receivers(text, time, keyed.recipients, agencies)
        main = tuple(b for b in main if b.name not in {a.name for a in agencies})
        together = (*doers.cooperating(text, sentence, sentence_end), *keyed.cooperating)
        return Parties(distinct(agencies), distinct(together), distinct(main), distinct(via), above, addressed)

    def before(self, clause: Clause) -> Iterator[Clause]:
        """The clauses in front, up to the parent's own words."""
        for at in range(clause.index - 1, max(-1, clause.index - 12), -1):
            other = self._outline.clauses[at]
            if other.zone in SILENT:
                return
            yield other
            if other.index == clause.parent:
                return

    def addressees(self) -> tuple[Body, ...]:
        """Of a letter: "Kính gửi: Sở Y tế; UBND các huyện", also as a list of lines."""
        if self._addressees is None:
            self._addressees = self._read_addressees()
        return self._addressees

    # -- who has to do it --

    def _above(self, text: ClauseText, sentence: int) -> tuple[Body, ...]:
        """Named in an earlier sentence of the clause, the line before, or the nearest heading that names bodies."""
        for start, end in reversed([each for each in text.sentences if each[0] < sentence]):
            if found := doers.subject(text, start, end) or doers.ordered(text, start, end):
                return found
        for clause in self._outline.ancestors(text.clause):
            if found := self._owner(clause):
                return found
        return self._beside_named(text) or self._told_before(text.clause)

    def _beside_named(self, text: ClauseText) -> tuple[Body, ...]:
        """Of a list under "… các sở gửi báo cáo như sau:", or the paragraph before in a text without numbers."""
        for clause in self.before(text.clause):
            other = self._text_of(clause)
            opens = other.words.rstrip(" *").endswith(":")
            if not (opens or (text.clause.rank is Rank.PLAIN and clause.zone is not Zone.HEAD)):
                continue
            for start, end in reversed(other.sentences):
                told = doers.ordered(other, start, end) if opens else ()
                if found := told or doers.subject(other, start, end) or doers.ordered(other, start, end):
                    return found
        return ()

    def _told_before(self, clause: Clause) -> tuple[Body, ...]:
        """Of the sentence before all items: "UBND tỉnh yêu cầu các sở, ngành thực hiện các nội dung sau:"."""
        above = {None, *(c.index for c in self._outline.ancestors(clause))}
        for other in reversed(self._outline.clauses[: clause.index]):
            if other.heading or other.rank is not Rank.PLAIN or other.parent not in above:
                continue
            text = self._text_of(other)
            opens = text.words.rstrip(" *").endswith(":") or other.zone is Zone.BASES
            if opens and (found := doers.ordered(text, 0, len(text.words))):
                return found
        return ()

    def _owner(self, clause: Clause) -> tuple[Body, ...]:
        text = self._text_of(clause)
        leads = clause.heading or text.words.rstrip().endswith(":")
        if leads and (found := split(self._text, clause.words) or doers.headed(text) or doers.people(text)):
            return found
        if clause.heading:
            return doers.subject(text, 0, len(text.words)) or doers.actor(text, 0, len(text.words))
        first = text.sentences[0] if text.sentences else (0, len(text.words))
        return doers.subject(text, *first) or doers.ordered(text, *first)

    def _read_addressees(self) -> tuple[Body, ...]:
        for clause in self._outline.clauses[:60]:
            words = self._text_of(clause).words
            if found := _ADDRESSED.match(words):
                rest = self._text_of(clause).span(found.end(), len(words)) if words[found.end() :].strip() else None
                named = split(self._text, rest) if rest else ()
                return named or self._list_from(clause.index + 1)
        return ()

    def _list_from(self, first: int) -> tuple[Body, ...]:
        """The bodies of the lines from that clause on, as long as they consist of bodies or have a bullet."""
        found: list[Body] = []
        for clause in self._outline.clauses[first : first + _ADDRESSEES_MOST]:
            named = split(self._text, clause.words)
            if not named and clause.rank not in (Rank.DASH, Rank.PLUS):
                break
            text = self._text_of(clause)
            found += named or (as_written(text, 0, len(text.words.rstrip(" .;,")), group=True),)
        return tuple(found)

    # -- who gets it --

    def _receivers(
        self, text: ClauseText, time: TimeExpression, keyed: tuple[Body, ...], agencies: tuple[Body, ...]
    ) -> tuple[tuple[Body, ...], tuple[Body, ...]]:
        part, sentence = text.part_at(time.start), text.sentence_at(time.start)
        via: tuple[Body, ...] = ()
        for start, end in (part, *_other_parts(text, part, sentence, agencies)):
            main, more = receivers(text, start, end, time.start)
            via = via or more
            if main := keyed or main:
                return main, via
        for main, more in (*self._of_other_sentences(text, sentence), self._receivers_above(text, time)):
            via = via or more
            if main:
                return main, via
        return (), via

    def _of_other_sentences(
        self, text: ClauseText, sentence: tuple[int, int]
    ) -> Iterator[tuple[tuple[Body, ...], tuple[Body, ...]]]:
        """ "… báo cáo UBND tỉnh. Thời hạn gửi báo cáo …"; "…, rà soát hằng quý. Kết quả báo cáo UBND tỉnh"."""
        reports = _OF_REPORT.match(text.words, sentence[0])
        for start, end in reversed([each for each in text.sentences if each[0] < sentence[0]]):
            if reports:
                yield receivers(text, start, end, end)
        for start, end in [each for each in text.sentences if each[0] > sentence[0]][:1]:
            if _RESULT.match(text.words[start:end].lstrip()):
                yield receivers(text, start, end, start)

    def _receivers_above(self, text: ClauseText, time: TimeExpression) -> tuple[tuple[Body, ...], tuple[Body, ...]]:
        """Of a list of dates under "… gửi báo cáo về Sở Nội vụ như sau:", or the paragraph over a line that only says
        until when."""
        reports = bool(_OF_REPORT.match(text.words))
        lone = alone(text.words, time.start, time.end)
        for at, clause in enumerate((*self.before(text.clause), *self._outline.ancestors(text.clause))):
            other = self._text_of(clause)
            told = lone and at == 0 and not clause.heading and not KEYED.match(other.words)
            if told or other.words.rstrip(" *").endswith(":") or (reports and (clause.heading or at < _LINES_MOST)):
                found = receivers(other, 0, len(other.words), len(other.words))
                if found[0] or not (reports or told):
                    return found
        return (), ()

    # -- labels: "Cơ quan chủ trì: …" --

    def _labelled(self, text: ClauseText) -> Parties:
        if text.clause.index not in self._labels:
            self._labels[text.clause.index] = _keyed_in(text)
        return self._labels[text.clause.index]

    def _keyed(self, text: ClauseText, time: TimeExpression) -> Parties:
        """From "Cơ quan chủ trì: …" in the clause or in the lines beside it."""
        said = self._labelled(text)
        if not said.agencies and not KEYED.match(text.words):
            said = self._keyed_below(text.clause) or said
        if (not said.agencies and KEYED.match(text.words)) or alone(text.words, time.start, time.end):
            for other in self._beside(text.clause):
                more = self._labelled(self._text_of(other))
                said = Parties(
                    said.agencies or more.agencies,
                    said.cooperating or more.cooperating,
                    said.recipients or more.recipients,
                )
        if not said.agencies and KEYED.match(text.words):
            said = Parties(self._under_lead_heading(text.clause), said.cooperating, said.recipients)
        return said

    def _under_lead_heading(self, clause: Clause) -> tuple[Body, ...]:
        """Of "2. Cơ quan chủ trì" with a list of bodies, in front of "3. Thời gian thực hiện: …"."""
        for head in reversed(self._outline.clauses[max(0, clause.index - _LIST_MOST) : clause.index]):
            if head.index == clause.parent or head.zone in SILENT:
                break
            if head.parent == clause.parent and _LEAD_HEADING.fullmatch(self._text_of(head).words.strip(" *:.")):
                return tuple(self._bodies_between(head.index, clause.index))
        return ()

    def _bodies_between(self, first: int, last: int) -> Iterator[Body]:
        for clause in self._outline.clauses[first + 1 : last]:
            text = self._text_of(clause)
            if re.match(r"(?:co quan|don vi)?(?: [a-z]+)? ?phoi hop", text.words):
                return
            yield from self._labelled(text).agencies or split(self._text, clause.words)

    def _keyed_below(self, clause: Clause) -> Parties | None:
        """Of the lines right under a duty: "Cơ quan chủ trì: …", "Đơn vị thực hiện: …"."""
        for other in self._outline.clauses[clause.index + 1 : clause.index + 1 + _KEYED_MOST]:
            words = self._text_of(other).words
            if other.parent not in (clause.index, clause.parent) or not KEYED.match(words) or _NEXT_WORK.match(words):
                break
            if (said := self._labelled(self._text_of(other))).agencies:
                return said
        return None

    def _beside(self, clause: Clause) -> Iterator[Clause]:
        """The lines of the same item, before and after."""
        clauses = self._outline.clauses
        for step in (-1, 1):
            for at in range(clause.index + step, clause.index + step * 7, step):
                if not 0 <= at < len(clauses) or clauses[at].parent != clause.parent or clauses[at].zone in SILENT:
                    break
                words = self._text_of(clauses[at]).folded.text
                if not KEYED.match(words) or (step == 1 and _NEXT_WORK.match(words)):
                    break
                yield clauses[at]


def _other_parts(
    text: ClauseText, own: tuple[int, int], sentence: tuple[int, int], agencies: tuple[Body, ...]
) -> Iterator[tuple[int, int]]:
    """The other parts of the sentence, but those in which somebody else acts."""
    at = sentence[0]
    while at < sentence[1]:
        start, end = text.part_at(at)
        others = doers.subject(text, start, end)
        if (start, end) != own and (not others or others == agencies):
            yield start, end
        at = max(end, at + 1)


def _named(
    text: ClauseText, time: TimeExpression, part: tuple[int, int], sentence: tuple[int, int]
) -> tuple[Body, ...]:
    return (
        doers.next_to(text, time.start, time.end)
        or doers.since(text, part[0], time.start)
        or doers.ordered(text, part[0], time.start)
        or doers.subject(text, *part)
        or doers.leading(text, *sentence)
        or doers.bound(text, *part)
        or doers.level(text, *part)
        or doers.ordered(text, sentence[0], time.start)
        or doers.subject(text, *sentence)
        or doers.actor(text, *part)
        or doers.bound(text, *sentence)
    )


def _presiding(text: ClauseText, start: int) -> tuple[Body, ...]:
    """Of the sentence right behind: "Từ ngày … tổ chức phúc tra. Ban Chỉ huy Quân sự xã chủ trì, phối hợp với …"."""
    for begin, end in text.sentences:
        if begin == start and not any(begin <= time.start < end for time in text.times):
            return doers.leading(text, begin, end) if doers.subject(text, begin, end) else ()
    return ()


def _keyed_in(text: ClauseText) -> Parties:
    lead: tuple[Body, ...] = ()
    together: tuple[Body, ...] = ()
    to: tuple[Body, ...] = ()
    found = [*KEYED.finditer(text.words)]
    for at, key in enumerate(found):
        end = found[at + 1].start() if at + 1 < len(found) else len(text.words)
        named = text.mentions_in(key.end(), end)
        between = text.words[key.end() : named[0].start] if named else ""
        far = len(between) > _KEY_REACH or _GIVEN.search(between)
        bodies = () if far else tuple(m.body for m in named)
        if key["lead"] and not lead:
            together = together or doers.cooperating(text, key.end(), end)
            lead = tuple(b for b in bodies if b not in together)
        elif key["with"] and not together:
            together = bodies
        elif key["to"] and not to and key.start() == 0:
            to = bodies
    return Parties(lead, together, to)
