"""Numbers as lists write them: 1, 01, iv, IV, c, C."""

from __future__ import annotations

_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"),
    (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


def roman(number: int) -> str:
    """``IV``; above 3999 and below 1 plain digits."""
    if not 0 < number < 4000:
        return str(number)
    text = ""
    for value, letters in _ROMAN:
        while number >= value:
            text += letters
            number -= value
    return text


def letter(number: int) -> str:
    """A to Z, then AA, BB as Word counts; below 1 and beyond the ninth round plain digits."""
    if not 0 < number <= 26 * 9:
        return str(number)
    return chr(65 + (number - 1) % 26) * ((number - 1) // 26 + 1)


def written(number: int, form: str) -> str:
    """A number in one of Word's forms; a form of another script falls back to digits."""
    match form:
        case "upperRoman":
            return roman(number)
        case "lowerRoman":
            return roman(number).lower()
        case "upperLetter":
            return letter(number)
        case "lowerLetter":
            return letter(number).lower()
        case "decimalZero":
            return f"{number:02d}"
        case "none":
            return ""
    return str(number)
