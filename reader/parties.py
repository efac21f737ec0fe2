"""Who has to do it, with whom, and who gets it: read from the words around a time expression."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from reader.clause_text import ClauseText, Mention
from reader.draft import Body

_ORDER = re.compile(
    r"(?P<word>yeu cau|de nghi|giao(?: nhiem vu cho"
    r"| trach nhiem cho)?|phan cong|chi dao|huong dan"
    r"|don doc|uy quyen|do|boi)(?: cho| cua)?"
    r"(?: [a-z]{1,4}:)?(?: (?:thu truong|giam doc"
    r"|truong|nguoi dung dau|lanh dao|chu tich|dong chi"
    r"|toan the|tat ca|tung|cac))*(?: [a-z]{1,3},?)?[ :]*$"
)
_NO_ORDER = re.compile(
    r"(?:ho so|van ban|theo|don|giay|y kien|dap ung"
    r"|khi co|co|nhu cau|tren co so|cac|nhung|noi dung"
    r"|duoc|su|viec|phu hop|ban|bien|tiep|chuyen|kien nghi) $"
)
_COMMANDS = re.compile(
    r",? ?(?:da |vua |tiep tuc |cung )?(?:yeu cau"
    r"|de nghi|nhan manh|thong bao|phan cong|giao "
    r"|co (?:cong van|van ban)|ban hanh (?:cong van"
    r"|van ban|chi thi|ke hoach so|quyet dinh so)"
    r"|chi dao (?:cac|so|ubnd|uy ban|thu truong))"
)
_DIRECTING = ("chi dao", "huong dan", "don doc")
_ASKING = re.compile(r"(?:de nghi|kinh de nghi)(?: cac dong chi)? *:?$")
_OPENER = re.compile(
    r"[ \-+*\"(]*(?:[a-z0-9]{1,2}[.)] *)?(?:[a-z ]{3,60}: *)?(?:(?:can"
    r" cu|tren co so|doi voi|truong hop|trong truong hop"
    r"|neu|theo|thuc hien|de|nham|sau khi|truoc khi"
    r"|khi|trong qua trinh|ngay sau|tu ket qua)\b[^,;:]{0,220}[,:] *)*"
    r"(?:(?:giao|yeu cau|de nghi|phan cong|dong thoi"
    r"|ngoai ra|dinh ky|hang nam|moi nam|truoc mat"
    r"|truoc het|dau tien|theo do|rieng|doi voi|trach nhiem cua"
    r"|thu truong|lanh dao|cac dong chi|dong chi|ca"
    r"|toan bo|cac"
    r"|nguoi dung dau|truong|pho truong|giam doc|chu tich"
    r"|chanh|cuc truong|chi cuc truong|hieu truong"
    r"|doi truong|vu truong|tong giam doc|bi thu)[ ,:]*)*[:, -]*"
)
_LEADS = re.compile(r",? ?(?:la co quan |la don vi |lam )?(?:chu tri|lam dau moi|dau moi|chiu trach nhiem chinh)")
_ACTOR = re.compile(
    r"[ -+*\"(•]*(?P<who>(?:cac |tung |moi |tat ca cac "
    r"|toan the |100% )?(?:sinh vien|hoc vien|hoc sinh"
    r"|giang vien|giao vien|can bo|cong chuc|vien chuc"
    r"|nguoi|ca nhan|truong|hieu truong|giam doc|thu truong"
    r"|lanh dao|lop|khoa|khoi|vien|to truong|nhom"
    r"|doi (?!voi)|bi thu|chu tich|pho (?:giam doc"
    r"|chu tich|truong|hieu truong)|thanh vien|nha truong"
    r"|bo phan"
    r"|sv|hv|hs|gv|gvcn|dai bieu|doanh nghiep|nha thau"
    r"|chu dau tu|to chuyen mon|ban can su|ban giam hieu"
    r"|phu huynh|dang vien|doan vien|van thu|ke toan"
    r"|don vi|co quan|cap (?:xa|huyen|tinh)|co so"
    r"|dang bo|chi bo|quy doanh nghiep)\b"
    r"(?: (?!co trach|phai|chiu|gui|nop|xay dung|hoan"
    r"|bao cao|to chuc|dang ky|lap\b|thuc hien|tien hanh"
    r"|cap nhat|tu danh|xem xet|tong hop|ra soat|trinh)[a-z,-]+){0,12}?)"
    r" (?:co trach nhiem|phai|thong ke|tra loi|chiu trach nhiem"
    r"|gui|nop|nap|xay dung|hoan thanh|hoan tat|bao cao"
    r"|to chuc|dang ky|lap|thuc hien|tien hanh|cap nhat"
    r"|tu danh gia|tu dang ky|xem|"
    r"giai quyet|thong bao|dang tai|niem yet|tong hop"
    r"|ra soat|trinh|duyet|phan hoi|nhan|de xuat|xac nhan"
    r"|viet|tham gia|chu dong|danh gia|kiem tra|chuan bi"
    r"|ban hanh|phe duyet|de nghi)\b"
)
_BETWEEN = re.compile(r"[ ,;/&-]*(?:va|cung|hoac|cung voi|,)?[ ,;]*(?:cac )?")
_WITH = re.compile(r"phoi hop(?: chat che)?(?: cung)?(?: voi)?[ :]*$")
_TO = re.compile(
    r"(?:gui|nop|chuyen|trinh|cung cap|bao cao|thong bao"
    r"|phan anh|tong hop)(?:(?: (?!qua\b)[a-z0-9]+){0,14} (?:ve"
    r"|cho|den|toi|len)"
    r"|(?: (?:bang van ban|ket qua|danh sach|bao cao"
    r"|ho so|ban mem|san pham|day du))?(?: (?:bao cao"
    r"|trinh|gui))?(?: (?:voi|lai|cac))?)[ :]*$"
)
_TO_ANY = re.compile(
    r"\b(?:gui|nop|trinh|bao cao|chuyen)(?: (?:ho so"
    r"|ket qua|bao cao|tien do|ban|ve|cho|den|toi"
    r"|len))* (?P<who>(?:thuong truc|uy ban|vp|lanh dao"
    r"|ban giam hieu|giam doc|"
    r"truong|hoi dong|to cong tac|bo phan|lop truong"
    r"|vien|phong|so|khoa|ban|thu tuong|chu tich|bi thu"
    r"|co quan|don vi|hieu truong|van phong|gvcn|giao vien)\b"
    r"(?: (?!de\b|truoc\b|theo\b|cham\b|xem\b|phe\b"
    r"|tong hop|vao\b|bang\b|qua\b|trong\b|hang\b"
    r"|dinh ky|va\b|ve\b|lam\b|sau\b)[a-z&/]+){0,8})"
)
_VIA = re.compile(r"\(? ?(?:thong )?qua[ :]*$")
_COPY = re.compile(r"(?:dong thoi|dong) gui(?: cho| ve)?[ :]*$")
_NEAR = 24  # characters between "Chỉ đạo Công an xã" and the day, for the body to be the doer


@dataclass(frozen=True, slots=True)
class Parties:
    """What a clause says about who."""

    agencies: tuple[Body, ...] = ()
    cooperating: tuple[Body, ...] = ()
    recipients: tuple[Body, ...] = ()
    via: tuple[Body, ...] = ()
    above: bool = False
    """The agencies are named in a heading or sentence above, not in the words themselves."""


def run_of(text: ClauseText, first: int) -> list[Mention]:
    """The bodies of one enumeration, from the mention with that index on."""
    found = [text.mentions[first]]
    for mention in text.mentions[first + 1 :]:
        if not _BETWEEN.fullmatch(text.words, found[-1].end, mention.start):
            break
        found.append(mention)
    return found


def subject(text: ClauseText, start: int, end: int, times_end: Callable[[int], int] | None = None) -> tuple[Body, ...]:
    """The bodies at the start of a sentence: "Các sở, ngành; UBND các huyện báo cáo …"."""
    for index, mention in enumerate(text.mentions):
        if not start <= mention.start < end or _within_time(text, mention):
            continue
        gap = _without_times(text, start, mention.start)
        if not _OPENER.fullmatch(gap):
            return ()
        run = run_of(text, index)
        if _COMMANDS.match(text.words, run[-1].end):
            return ()
        asked = bool(_ASKING.search(text.words[start : mention.start]))
        return tuple(_marked(m.body, requested=asked) for m in run if m.start < end)
    return ()


def actor(text: ClauseText, start: int, end: int) -> tuple[Body, ...]:
    """Who a sentence begins with where it is no body of the state: "Sinh viên nộp đơn …", "Trưởng phòng tổng hợp …"."""
    words = _without_times(text, start, end)
    found = _ACTOR.match(words) or _ACTOR.match(words, words.find(":") + 1)
    if not found:
        return ()
    span = text.span(start + found.start("who"), start + found.end("who"))
    return (Body(text.original(start + found.start("who"), start + found.end("who")), span, group=True),)


def ordered(text: ClauseText, start: int, place: int) -> tuple[Body, ...]:
    """The bodies behind the last "yêu cầu", "giao", "đề nghị" before the place; of "chỉ đạo" only right there."""
    for index in range(len(text.mentions) - 1, -1, -1):
        mention = text.mentions[index]
        if not start <= mention.start < place:
            continue
        before = text.words[start : mention.start]
        order = _ORDER.search(before)
        if not order or _NO_ORDER.search(before[: order.start("word")]):
            continue
        run = run_of(text, index)
        if order["word"] in _DIRECTING and place - run[-1].end > _NEAR:
            continue
        asked = bool(_ASKING.search(before))
        return tuple(_marked(m.body, requested=asked) for m in run)
    return ()


def leading(text: ClauseText, start: int, end: int) -> tuple[Body, ...]:
    """The bodies said to preside: "do Sở Tư pháp chủ trì", "Cơ quan chủ trì: Sở Tư pháp"."""
    for index, mention in enumerate(text.mentions):
        if start <= mention.start < end:
            run = run_of(text, index)
            before = text.words[max(0, mention.start - 40) : mention.start]
            if _LEADS.match(text.words, run[-1].end) or re.search(
                r"(?:chu tri|thuc hien|tham muu|phu trach) ?: *$", before
            ):
                return tuple(m.body for m in run)
    return ()


def cooperating(text: ClauseText, start: int, end: int) -> tuple[Body, ...]:
    """The bodies behind "phối hợp với"."""
    return tuple(b for run in _runs_behind(text, start, end, _WITH) for b in run)


def recipients(text: ClauseText, start: int, end: int, place: int) -> tuple[tuple[Body, ...], tuple[Body, ...]]:
    """Who gets it, and through whom: the group nearest to the place, one in front preferred."""
    groups: list[tuple[int, tuple[Body, ...]]] = []
    via: list[Body] = []
    for index, mention in enumerate(text.mentions):
        if not start <= mention.start < end:
            continue
        before = text.words[start : mention.start]
        if _VIA.search(before):
            via += [m.body for m in run_of(text, index)]
        elif _TO.search(before) and not _COPY.search(before):
            run = run_of(text, index)
            behind = mention.start > place
            distance = mention.start - place if behind else place - run[-1].end
            groups.append((distance + (40 if behind else 0), tuple(m.body for m in run)))
    nearest = min(groups, key=lambda each: each[0])[1] if groups else _any_recipient(text, start, end)
    return nearest, tuple(via)


def _any_recipient(text: ClauseText, start: int, end: int) -> tuple[Body, ...]:
    """Somebody inside the own house: "gửi Trưởng phòng", "trình Lãnh đạo Ban"."""
    found = _TO_ANY.search(text.words, start, end)
    if not found:
        return ()
    name = text.original(found.start("who"), found.end("who"))
    return (Body(name, text.span(found.start("who"), found.end("who"))),)


def _runs_behind(text: ClauseText, start: int, end: int, word: re.Pattern[str]) -> list[tuple[Body, ...]]:
    return [
        tuple(m.body for m in run_of(text, index))
        for index, mention in enumerate(text.mentions)
        if start <= mention.start < end and word.search(text.words[start : mention.start])
    ]


def _within_time(text: ClauseText, mention: Mention) -> bool:
    """ "kể từ ngày nhận được văn bản của Sở Y tế" names nobody who owes something."""
    return any(time.start <= mention.start < time.end for time in text.times)


def _without_times(text: ClauseText, start: int, end: int) -> str:
    words = list(text.words[start:end])
    for time in text.times:
        for at in range(max(start, time.start), min(end, time.end)):
            words[at - start] = " "
    return "".join(words).replace(" ,", "  ")


def _marked(body: Body, *, requested: bool) -> Body:
    return replace(body, requested=True) if requested and not body.requested else body


def distinct(bodies: Sequence[Body]) -> tuple[Body, ...]:
    """Each name once."""
    return tuple({body.name: body for body in reversed(bodies)}.values())[::-1]
