"""Numbers as Vietnamese offices write them: ``1.234,5``, ``1 234``, ``12,5%``, ``3,2 tỷ đồng``; read and written.

A point or a blank groups thousands, a comma begins the decimals. What could mean two numbers is refused. Values are
exact decimals with at most three places.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from plans.model import Figure, FigureKind
from plans.text import _, fold
from plans.values import Unreadable

PLACES = 3
MOST = 10**15  # of any number; the public budget of the country has fewer đồng
MOST_PERCENT = 1000  # nothing from here on; so that it never needs groups of thousands
_LONGEST = 100  # characters of a number with its words
_STEP = Decimal(1).scaleb(-PLACES)
_BLANKS = "\u00a0\u202f\u2009\u2007"  # between groups of digits, as programs write them
_DIGITS = re.compile("[0-9]+")
_GROUPED = re.compile(r"\d{1,3}([. ])\d{3}(?:\1\d{3})*", re.ASCII)
_DECIMALS = re.compile(r"(\d+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?: \d{3})+),(\d+)", re.ASCII)
_POINTED = re.compile(
    r"\d+\.\d{1,2}|\d+\.\d{4,}", re.ASCII
)  # a point with other than three digits behind it groups nothing
_HEAD = re.compile("([0-9][0-9., ]*)(.*)", re.DOTALL)
_TERM = re.compile(r"\s*([0-9](?:[0-9., ]*[0-9])?)\s*([^0-9]*)")
_SCALES: Mapping[str, int] = {"nghin": 10**3, "ngan": 10**3, "trieu": 10**6, "tr": 10**6, "ty": 10**9, "ti": 10**9}
_DONG = frozenset({"dong", "d", "vnd"})
_SAID = {FigureKind.PEOPLE: "nguoi", FigureKind.HOUSEHOLDS: "ho"}  # typed, whatever language the page has
_WHOLE = frozenset({FigureKind.PEOPLE, FigureKind.TIMES, FigureKind.HOUSEHOLDS, FigureKind.COUNT})


def unit_word(figure: Figure) -> str:
    """What stands behind a number: ``người``, ``lượt``, ``triệu đồng``, ``%``."""
    match figure.kind:
        case FigureKind.PEOPLE:
            return _("người")
        case FigureKind.HOUSEHOLDS:
            return _("hộ")
        case FigureKind.PERCENT:
            return "%"
        case _other:
            return figure.unit or ""


def is_whole(figure: Figure) -> bool:
    """Whether only whole numbers make sense."""
    return figure.kind in _WHOLE or figure.unit == "đồng"


# -- writing --


def number_text(value: Decimal) -> str:
    """``1.234,5``."""
    whole, _point, decimals = plain_text(value).partition(",")
    grouped = f"{int(whole):,}".replace(",", ".")
    return f"{grouped},{decimals}" if decimals else grouped


def plain_text(value: Decimal) -> str:
    """The same without groups, for a field to type into: ``1234,5``."""
    return f"{_trimmed(value):f}".replace(".", ",")


def value_text(value: Decimal, figure: Figure) -> str:
    """With its unit: ``1.234 người``, ``12,5%``."""
    word = unit_word(figure)
    return f"{number_text(value)}%" if word == "%" else f"{number_text(value)} {word}"


def rounded(value: Decimal, places: int = 1) -> Decimal:
    """Half up, as offices round."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _trimmed(value: Decimal) -> Decimal:
    """Without zeros at the end of the decimals, and without an exponent."""
    whole = value.to_integral_value()
    return whole.quantize(Decimal(1)) if value == whole else value.normalize()


# -- reading --


def read_number(typed: str, figure: Figure) -> Decimal:
    """What was typed, in the unit of the figure. Raises Unreadable, also where it could mean two numbers."""
    text = " ".join(_without_blanks(typed).split())
    if text in ("-", "–", "—"):
        raise Unreadable(_("“{text}” không phải là số").format(text=text), _blank_or_zero())
    if text.startswith(("-", "–", "−")):
        raise Unreadable(_("số liệu không thể âm"), _("Viết số từ 0 trở lên"))
    found = _HEAD.fullmatch(text)
    if found is None:
        raise Unreadable(_("“{text}” không phải là số").format(text=text[:40]), _example(figure))
    words = found[2].strip()
    if figure.kind is FigureKind.AMOUNT:
        return _checked(_amount(text, figure), figure, text)
    _check_unit(words, figure, text)
    return _checked(_bare(found[1].strip(), figure), figure, text)


def read_cell(value: float | Decimal, figure: Figure, *, percent: bool = False, headed: bool = False) -> Decimal:
    """A number that a spreadsheet holds as one. Raises Unreadable.

    ``percent``: the cell shows it with a %; ``headed``: the heading says that the column is in percent.
    """
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        raise Unreadable(_("“{text}” không phải là số").format(text=str(value)), _example(figure))
    if exact < 0:
        raise Unreadable(_("số liệu không thể âm"), _("Viết số từ 0 trở lên"))
    if exact >= MOST:
        raise _too_large(str(value))
    if figure.kind is FigureKind.PERCENT:
        if percent:
            exact *= 100
        elif 0 < exact <= 1 and not headed:
            shown, share = plain_text(_near(exact)), plain_text(_near(exact * 100))
            message = _("“{text}” là {text}% hay {share}%?").format(text=shown, share=share)
            raise Unreadable(message, _("Định dạng ô là phần trăm, hoặc viết kèm dấu %"))
        exact = _near(exact)
    elif percent:
        raise Unreadable(_("ô này là phần trăm, số liệu này tính bằng {unit}").format(unit=unit_word(figure)), "")
    elif not is_whole(figure):
        exact = _near(exact)
    return _checked(exact, figure, plain_text(exact))


def _near(value: Decimal) -> Decimal:
    """As many places as are kept: formulas leave more."""
    return value.quantize(_STEP, ROUND_HALF_UP)


def _without_blanks(typed: str) -> str:
    return typed.translate({ord(char): " " for char in _BLANKS})


def _check_unit(words: str, figure: Figure, text: str) -> None:
    """Behind the number may stand its own unit only."""
    said, own = fold(words.replace("%", " ")), unit_word(figure)
    if "%" in words and figure.kind is not FigureKind.PERCENT:
        raise Unreadable(_("“{text}” là tỷ lệ, số liệu này tính bằng {unit}").format(text=text[:40], unit=own), "")
    if (said and said not in (fold(own), _SAID.get(figure.kind))) or (words and not said and words != "%"):
        message = _("không hiểu “{words}”: số liệu này tính bằng {unit}").format(words=words[:30], unit=own)
        raise Unreadable(message, _("Chỉ viết số, ví dụ {example}").format(example=_sample(figure)))


def _bare(number: str, figure: Figure) -> Decimal:
    """Digits, groups and decimals alone."""
    if _DIGITS.fullmatch(number):
        return Decimal(number)
    if _GROUPED.fullmatch(number):
        if figure.kind is FigureKind.PERCENT:
            joined, comma = re.sub("[. ]", "", number), number.replace(".", ",").replace(" ", ",")
            message = _("“{text}%” là {joined} hay {comma} phần trăm?").format(text=number, joined=joined, comma=comma)
            raise Unreadable(message, _("Dùng dấu phẩy cho phần thập phân, ví dụ 12,5"))
        return Decimal(re.sub("[. ]", "", number))
    if _DECIMALS.fullmatch(number):
        return _with_comma(number, figure)
    if _POINTED.fullmatch(number) and not is_whole(figure):
        return Decimal(number)
    raise Unreadable(_("“{text}” không phải là số").format(text=number[:40]), _example(figure))


def _with_comma(number: str, figure: Figure) -> Decimal:
    whole, _comma, decimals = number.partition(",")
    if is_whole(figure) and len(decimals) == PLACES and int(decimals):
        joined, unit = number.replace(",", "").replace(".", ""), unit_word(figure)
        message = _("“{text}” là {joined} {unit} hay số lẻ?").format(text=number, joined=joined, unit=unit)
        raise Unreadable(message, _("Dấu phẩy chỉ dùng cho phần thập phân: viết {joined}").format(joined=joined))
    return Decimal(f"{whole.replace('.', '').replace(' ', '')}.{decimals}")


def _amount(text: str, figure: Figure) -> Decimal:
    """``3,2 tỷ``, ``1 tỷ 200 triệu đồng``, ``450``: in the unit of the figure."""
    base = Decimal(10**6 if figure.unit == "triệu đồng" else 1)
    total, last, rest = Decimal(0), None, text
    while rest:
        found = _TERM.match(rest)
        if found is None:
            raise Unreadable(_("“{text}” không phải là số tiền").format(text=text[:40]), _example(figure))
        scale = _scale(found[2], figure)
        alone = last is None and found.end() == len(rest)
        if scale is None and not alone:
            raise Unreadable(_("“{text}” không phải là số tiền").format(text=text[:40]), _example(figure))
        worth = Decimal(scale) if scale is not None else base
        if last is not None and worth >= last:
            raise Unreadable(_("“{text}” không phải là số tiền").format(text=text[:40]), _example(figure))
        total += _bare(found[1], figure if scale is None else _ANY_AMOUNT) * worth
        last, rest = worth, rest[found.end() :]
    return total / base


_ANY_AMOUNT = Figure("", "", FigureKind.AMOUNT, (), unit="triệu đồng")  # decimals are allowed before "tỷ"


def _scale(words: str, figure: Figure) -> int | None:
    """What the words behind a number multiply it by, in đồng; None where there are none."""
    known = fold(words).split()
    if not known and words.strip():
        known = ["?"]
    if not known:
        return None
    scale = 1
    for word in known:
        if word in _SCALES:
            scale *= _SCALES[word]
        elif word not in _DONG:
            unit = unit_word(figure)
            message = _("không hiểu “{words}”: số liệu này tính bằng {unit}")
            raise Unreadable(message.format(words=words.strip()[:30], unit=unit), _example(figure))
    return scale


def _checked(value: Decimal, figure: Figure, text: str) -> Decimal:
    if len(text) > _LONGEST:
        raise _too_large(text)
    if is_whole(figure) and value != value.to_integral_value():
        message = _("“{text}” không phải là số nguyên").format(text=text[:40])
        raise Unreadable(message, _("Số {unit} phải là số nguyên").format(unit=unit_word(figure)))
    if value >= (MOST_PERCENT if figure.kind is FigureKind.PERCENT else MOST):
        raise _too_large(text)
    if value != value.quantize(_STEP):
        hint = _("Viết tối đa {n} chữ số sau dấu phẩy").format(n=PLACES)
        raise Unreadable(_("“{text}” có quá nhiều chữ số thập phân").format(text=text[:40]), hint)
    return _trimmed(value)


def _too_large(text: str) -> Unreadable:
    return Unreadable(_("“{text}” quá lớn").format(text=text[:40]), _("Kiểm tra lại số và đơn vị tính"))


def _blank_or_zero() -> str:
    return _("Không phát sinh thì viết 0; chưa có số liệu thì để trống")


def _sample(figure: Figure) -> str:
    return "1.234" if is_whole(figure) else "12,5" if figure.kind is FigureKind.PERCENT else "1.234,5"


def _example(figure: Figure) -> str:
    if figure.kind is FigureKind.AMOUNT:
        return _("Ví dụ: {example} hoặc 3,2 tỷ").format(example=_sample(figure))
    return _("Ví dụ: {example}").format(example=_sample(figure))
