"""Who has to do it, and with whom: read from the words of a clause."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reader.clause_text import ClauseText
from reader.draft import Body
from reader.parties import as_written, joined, marked, run_of, within_time, without_times

_ORDER = re.compile(
    r"\b(?P<word>yeu cau|de nghi|giao(?: nhiem vu cho"
    r"| trach nhiem cho)?|phan cong|chi dao|huong dan"
    r"|don doc|uy quyen|do|boi|quy dinh(?= cho))(?: cho)?"
    r"(?: [a-z]{1,4}:)?(?: (?:thu truong|giam doc"
    r"|truong|nguoi dung dau|lanh dao|chu tich|dong chi"
    r"|toan the|tat ca|tung|cac))*(?: (?!ve|den|toi|len|qua|tai|cua)[a-z]{1,3},?)?[ :]*$"
)
_NO_ORDER = re.compile(
    r"(?:ho so|(?<!hanh )(?<!co )van ban|theo|don|giay|y kien|dap ung"
    r"|khi co|co|nhu cau|tren co so|cac|nhung|noi dung"
    r"|duoc|su|viec|phu hop|(?<!van )ban|bien|tiep|chuyen|kien nghi|bao cao,?|trinh) $"
)
_COMMANDS = re.compile(
    r",? ?(?:da |vua |tiep tuc |cung |co )*(?:yeu cau"
    r"|de nghi|nhan manh|thong bao(?! (?:ket qua|cong khai|danh sach|lich|ke hoach|diem|cho|den|bang van ban))"
    r"|phan cong(?! (?:nguoi|can bo|cong chuc|vien chuc|giao vien|nhan su|lanh dao|truc|dau moi|don vi dau moi))"
    r"|giao (?!du toan|chi tieu|von|kinh phi|ban)"
    r"|tran trong de nghi|kinh de nghi|y kien|ket luan|cong van|van ban|ban hanh (?:cong van"
    r"|van ban|chi thi|ke hoach so|quyet dinh so)"
    r"|(?<=da )chi dao|(?<=vua )chi dao)"
)
_DIRECTING = ("chi dao", "huong dan", "don doc")
_TOLD = re.compile(r"\b(?:da|vua) $")
_BY = frozenset(("do", "bởi", "bơi", "boi"))
_ASKING = re.compile(r"(?:de nghi|kinh de nghi)(?: cac dong chi)? *:?$")
_OPENER = re.compile(
    r"[ \-+*\"(]*(?:[a-z0-9]{1,2}[.)] *)?(?:(?:ve [a-z ,-]{3,90}|[a-z ]{3,60}): *(?:[a-z][.)] *)?)?"
    r"(?:(?:(?:trong )?truong hop|neu|can cu|tren co so)\b[^;:]{0,220}(?:,| thi) *|(?:"
    r"doi voi|theo|thuc hien|de|nham|sau khi|truoc khi"
    r"|khi|trong do|theo do|trong qua trinh|trong thoi gian|ngay sau|tu ket qua)\b[^,;:]{0,220}(?:[,:]| thi) *)*"
    r"(?:(?:giao|yeu cau|de nghi|phan cong|dong thoi|dai hoi(?: dai bieu)?"
    r"|ngoai ra|dinh ky|(?:hang|moi) (?:nam|quy|thang|tuan|ngay)|truoc mat"
    r"|truoc het|dau tien|theo do|cu the|rieng|doi voi|trach nhiem cua|thoi (?:han|gian)"
    r"|thu truong|lanh dao|cac dong chi|dong chi|ca"
    r"|toan bo|cac"
    r"|nguoi dung dau|truong|pho truong|giam doc|chu tich"
    r"|chanh|cuc truong|chi cuc truong|hieu truong"
    r"|doi truong|vu truong|tong giam doc|bi thu)[ ,:]*)*[:, -]*"
)
_RECEIVES = re.compile(r"\b(?:gui|nop)(?: (?:ve|den|toi))?[ :]*$")
_LEADS = re.compile(r",? ?(?:la |la co quan |la don vi |lam )?(?:chu tri|lam dau moi|dau moi|chiu trach nhiem chinh)")
_SOON = re.compile(r" ?[,;:-] ?")
_KEY_OF_DOER = re.compile(r"(?:chu tri|thuc hien|tham muu|phu trach) ?: *$")
_BEGINS = re.compile(r"(?:^|[.:;)]) *(?:[a-z0-9]{1,2}[.)] *)?$")
_COMMA = re.compile(r" ?, ?(?:thi )?(?:cac )?")
_BOUND = re.compile(r",? (?:phai|co trach nhiem|chiu trach nhiem|co nhiem vu)\b")
_FREE = re.compile(r"(?:^|[,;:.)]|\bthi|\brieng|\btheo do|  )[ \"]*$")
_REPORT_OF = re.compile(r"bao cao(?: [a-z0-9]+){0,5} cua(?: cac)? $")
_SENDS = re.compile(r",? (?:gui|nop|chuyen)\b")
_WITH = re.compile(r"phoi hop(?: chat che)?(?: cung)?(?: voi)?[ :]*$")
_NEAR = 24  # characters between "Chỉ đạo Công an xã" and the day, for the body to be the doer

_SOMEBODY = (
    r"(?:cac |tung |moi |tat ca cac |toan the |100% |quy |dong chi )*(?:sinh vien|hoc vien|hoc sinh"
    r"|giang vien|giao vien|can bo|cong chuc|vien chuc"
    r"|nguoi|ca nhan|truong|hieu truong|giam doc|thu truong"
    r"|lanh dao|ld ban|lop|khoa|khoi|vien|to truong|nhom"
    r"|doi(?! voi)|to(?! (?:chuc|trinh|khai))|bi thu|chu tich|pho (?:giam doc"
    r"|chu tich|truong|hieu truong)|thanh vien|nha truong"
    r"|bo phan|chap hanh vien|kiem sat vien|dieu tra vien|thanh tra vien|cong dan"
    r"|sv|hv|hs|gv|gvcn|dai bieu|doanh nghiep|nha thau"
    r"|chu dau tu|to chuyen mon|ban can su|ban giam hieu"
    r"|phu huynh|dang vien|doan vien|van thu|ke toan"
    r"|don vi|co quan|(?:cap|tuyen) (?:xa|huyen|tinh|co so|trung uong)|co so"
    r"|dang bo|chi bo|quy doanh nghiep|thi sinh|chu rung|nhan vien|uy vien|hop tac xa)\b"
)
_DEED = (
    r"(?:co trach nhiem|phai|thong ke|tra loi|chiu trach nhiem"
    r"|gui|nop|nap|xay dung|hoan thanh|hoan tat|bao cao"
    r"|to chuc|dang ky|lap|thuc hien|tien hanh|cap nhat"
    r"|tu danh gia|tu dang ky|xem|kiem tra|(?<!co quan )cap\b(?= (?:giay|phep|kinh))"
    r"|giai quyet|thong bao|dang tai|niem yet|tong hop"
    r"|ra soat|trinh|duyet|phan hoi|nhan|de xuat|xac nhan"
    r"|viet|tham gia|chu dong|danh gia|chuan bi"
    r"|ban hanh|phe duyet|de nghi|tham muu|theo doi|chu tri|don doc|phoi hop|(?<!duoc )phan cong|ban giao|cung cap"
    r"|trien khai|khac phuc)\b"
)
_ACTOR = re.compile(
    rf"(?P<who>{_SOMEBODY}(?:"
    r"(?: [a-z,-]+){0,24}?(?=(?: noi(?: [a-z]+){1,9})? (?:co trach nhiem|phai|chiu trach nhiem)\b)"
    r"|(?: (?!co trach|phai|chiu|gui|nop|xay dung|hoan"
    r"|bao cao|to chuc|dang ky|lap\b|thuc hien|tien hanh"
    rf"|cap nhat|tu danh|xem xet|tong hop|ra soat|trinh"
    rf"|tham muu|theo doi|chu tri|don doc|phoi hop)[a-z,-]+){{0,12}}?(?= {_DEED}|  |$)))"
)
_DOUBLES = {"to": "tổ", "khoi": "khối", "doi": "đội", "lop": "lớp", "vien": "viện", "khoa": "khoa", "nhom": "nhóm"}
_DOUBLE = re.compile("|".join(_DOUBLES) + r"\b")
_ACTS = re.compile(rf"(?: noi(?: [a-z]+){{1,9}})? {_DEED}")
_LEVELS = r"(?:cap|tuyen) (?:xa|huyen|tinh|co so|trung uong)"
_LEVEL = re.compile(
    rf"[ -]*(?:(?:doi voi|o|tai) )?(?P<who>(?:cac )?{_LEVELS}"
    rf"(?:(?:,| va|, va) (?:{_LEVELS}|xa|huyen|tinh|co so))*) ?[:,]"
)
_AS_FOR = re.compile(r"[ -]*(?:rieng )?doi voi(?: cac)? *")
_PEOPLE = re.compile(
    r"(?P<who>(?:cac |toan the )?(?:giao vien|giang vien|sinh vien|hoc vien|hoc sinh|can bo|cong chuc|vien chuc"
    r"|thi sinh|nhan vien|ke toan|van thu|phu huynh|cha me|hieu truong|pho hieu truong|to truong"
    r"|truong (?:thon|phong|khoa|ban)|chu dau tu|nha thau|doanh nghiep)\b(?: [a-z-]+){0,6}) *[:.]? *"
)
_FOR_WHOM = re.compile(rf"[ -]*doi voi (?P<who>{_SOMEBODY}(?: [a-z]+){{0,8}}) ?:")
_FOR = re.compile(
    rf"(?:doi voi|trach nhiem(?: cua)?|nhiem vu cua) (?P<who>(?:thu do|{_SOMEBODY})(?: [a-z]+){{0,8}}) *[:.]? *"
)


def subject(text: ClauseText, start: int, end: int) -> tuple[Body, ...]:
    """The bodies at the start of a sentence, also behind a condition: "Căn cứ …, các sở, ngành báo cáo …"."""
    refused = False
    for index, mention in enumerate(text.mentions):
        if not start <= mention.start < end or within_time(text, mention):
            continue
        run = run_of(text, index)
        before = without_times(text, start, mention.start)
        if (
            _RECEIVES.search(before)
            or not _OPENER.fullmatch(before)
            or (refused and joined(text, index) and len(run) > 1)
        ):
            refused = True
            continue
        if _COMMANDS.match(text.words, run[-1].end):
            return ()
        asked = bool(_ASKING.search(text.words[start : mention.start]))
        return tuple(marked(m.body, requested=asked) for m in run if m.start < end)
    return ()


def next_to(text: ClauseText, start: int, end: int) -> tuple[Body, ...]:
    """The bodies right behind a time with which a sentence or item begins: "e) Trong vòng 05 ngày, Sở Y tế …"."""
    if not _BEGINS.search(text.words[:start]):
        return ()
    for index, mention in enumerate(text.mentions):
        if mention.start >= end:
            run = run_of(text, index)
            right = _COMMA.fullmatch(text.words, end, mention.start) and not _COMMANDS.match(text.words, run[-1].end)
            return tuple(m.body for m in run) if right else ()
    return ()


def since(text: ClauseText, start: int, place: int) -> tuple[Body, ...]:
    """The bodies behind the time before: "Các sở gửi trước ngày 15, Công an tỉnh tổng hợp trước ngày 20"."""
    ends = [time.end for time in text.times if start <= time.start and time.end < place]
    for index, mention in enumerate(text.mentions):
        if ends and max(ends) <= mention.start < place:
            run = run_of(text, index)
            acts = _COMMA.fullmatch(text.words, max(ends), mention.start) and _ACTS.match(text.words, run[-1].end)
            return tuple(m.body for m in run) if acts else ()
    return _somebody_since(text, max(ends), place) if ends else ()


def _somebody_since(text: ClauseText, start: int, place: int) -> tuple[Body, ...]:
    """The same of no body of the state: "…, cấp huyện hoàn thành trước ngày 20"."""
    comma = _COMMA.match(text.words, start, place)
    found = _ACTOR.match(text.blanked, comma.end()) if comma else None
    if not found or found.end() > place or not _person(text, found.start("who")):
        return ()
    if text.blanked[found.end() : place].strip() and not _ACTS.match(text.blanked, found.end()):
        return ()
    return (as_written(text, found.start("who"), found.end("who"), group=True),)


def bound(text: ClauseText, start: int, end: int) -> tuple[Body, ...]:
    """The bodies of "…, Công an cấp xã phải …", and whose report is sent: "Báo cáo của các sở gửi về …"."""
    for index, mention in enumerate(text.mentions):
        if not start <= mention.start < end or within_time(text, mention):
            continue
        run = run_of(text, index)
        before = without_times(text, start, mention.start)
        if (_FREE.search(before) and _BOUND.match(text.words, run[-1].end)) or (
            _REPORT_OF.search(before) and _SENDS.match(text.words, run[-1].end)
        ):
            return tuple(m.body for m in run)
    return ()


def actor(text: ClauseText, start: int, end: int) -> tuple[Body, ...]:
    """Who a sentence begins with where it is no body of the state: "Sinh viên nộp đơn …", "Trưởng phòng tổng hợp …"."""
    words = without_times(text, start, end)
    for begin in _beginnings(words):
        found = _ACTOR.match(words, begin)
        if not found or not _person(text, start + found.start("who")):
            continue
        acts = _ACTS.match(words, found.end()) or _ACTS.match(text.words, start + found.end())
        if not (acts or found["who"].startswith(("cap ", "tuyen ", "cac cap "))):
            continue  # "quán triệt đến đảng viên (tháng 6)"
        if _BOUND.match(words, found.end()) or _OPENER.fullmatch(words, 0, begin):
            return (as_written(text, start + found.start("who"), start + found.end("who"), group=True),)
    return ()


def _person(text: ClauseText, at: int) -> bool:
    """Without their marks also other words: "khối" as "khởi", "đội" as "đối"; the document's own letters tell."""
    found = _DOUBLE.match(text.words, at)
    return not found or text.original(at, found.end()).lower() in (found.group(), _DOUBLES[found.group()])


def _beginnings(words: str) -> Iterator[int]:
    """Where the subject of a sentence can stand: at its start, behind a sign or a time."""
    for found in re.finditer(r"(?:^|[,:;.)]|\bthi |\brieng |\bdai hoi |  )[ \-+*\"(•]*(?=[a-z1])", words):
        yield found.end()


def level(text: ClauseText, start: int, end: int) -> tuple[Body, ...]:
    """Of "Đối với cấp xã: trước ngày 10/6", "Đối với cán bộ diện …:": the body, level or people it is said of."""
    for index, mention in enumerate(text.mentions):
        if start <= mention.start < end:
            run = run_of(text, index)
            if _AS_FOR.fullmatch(text.words, start, mention.start) and _SOON.match(text.words, run[-1].end):
                return tuple(m.body for m in run)
            break
    found = _LEVEL.match(text.words[:end], start) or _FOR_WHOM.match(text.words[:end], start)
    return (as_written(text, found.start("who"), found.end("who"), group=True),) if found else ()


def people(text: ClauseText) -> tuple[Body, ...]:
    """Of a heading that names only people of a house: "2. Giáo viên bộ môn"."""
    found = _PEOPLE.fullmatch(text.words)
    return (as_written(text, found.start("who"), found.end("who"), group=True),) if found else ()


def headed(text: ClauseText) -> tuple[Body, ...]:
    """Of a heading "Đối với chủ đầu tư:"."""
    found = _FOR.fullmatch(text.words)
    return (as_written(text, found.start("who"), found.end("who"), group=True),) if found else ()


def ordered(text: ClauseText, start: int, place: int) -> tuple[Body, ...]:
    """The bodies behind the last "yêu cầu", "giao", "đề nghị" before the place; of "chỉ đạo" only right there."""
    for index in range(len(text.mentions) - 1, -1, -1):
        mention = text.mentions[index]
        if not start <= mention.start < place:
            continue
        before = text.words[start : mention.start]
        order = _ORDER.search(before)
        if not order or _NO_ORDER.search(before[: order.start("word")]) or not _meant(text, start, order):
            continue
        run = run_of(text, index)
        told = _TOLD.search(before[: order.start("word")])
        if order["word"] in _DIRECTING and place - run[-1].end > _NEAR and not told:
            continue
        asked = bool(_ASKING.search(before))
        return tuple(marked(m.body, requested=asked) for m in run)
    return ()


def _meant(text: ClauseText, start: int, order: re.Match[str]) -> bool:
    """Without its marks "do" (by) looks like "độ" of "tiến độ"; the document's own letters tell."""
    if order["word"] not in ("do", "boi"):
        return True
    return text.original(start + order.start("word"), start + order.end("word")).lower() in _BY


def leading(text: ClauseText, start: int, end: int) -> tuple[Body, ...]:
    """The bodies said to preside: "do Sở Tư pháp chủ trì", "Cơ quan chủ trì: Sở Tư pháp"."""
    for index, mention in enumerate(text.mentions):
        if start <= mention.start < end:
            run = run_of(text, index)
            before = text.words[max(0, mention.start - 40) : mention.start]
            if (
                _LEADS.match(text.words, run[-1].end)
                or _KEY_OF_DOER.search(before)
                or (before.endswith("(") and any(_SOON.fullmatch(text.words, run[-1].end, t.start) for t in text.times))
            ):
                return tuple(m.body for m in run)
    return ()


def cooperating(text: ClauseText, start: int, end: int) -> tuple[Body, ...]:
    """The bodies behind "phối hợp với"."""
    return tuple(
        member.body
        for index, mention in enumerate(text.mentions)
        if start <= mention.start < end and _WITH.search(text.words[start : mention.start])
        for member in run_of(text, index)
    )
