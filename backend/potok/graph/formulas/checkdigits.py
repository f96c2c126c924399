"""Check digits of Russian numbers (INN, OGRN, SNILS), for formulas and for fields of records alike.

Rules: INN and OGRN by the orders of the Federal Tax Service, SNILS by the Pension Fund's control number.
"""

_LONGEST = 20
_INN10 = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN11 = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN12 = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)


def _digits(text: str) -> list[int]:
    text = text.strip()
    return [int(char) for char in text] if text.isascii() and text.isdigit() and len(text) <= _LONGEST else []


def _weighed(digits: list[int], weights: tuple[int, ...]) -> int:
    return sum(digit * weight for digit, weight in zip(digits, weights, strict=False)) % 11 % 10


def is_inn(text: str) -> bool:
    """A taxpayer number: 10 digits of a company, 12 of a person."""
    digits = _digits(text)
    if len(digits) == 10:
        return any(digits) and _weighed(digits, _INN10) == digits[9]
    if len(digits) != 12 or not any(digits):
        return False
    return _weighed(digits, _INN11) == digits[10] and _weighed(digits, _INN12) == digits[11]


def is_ogrn(text: str) -> bool:
    """A registration number: 13 digits of a company, 15 of an entrepreneur."""
    digits = _digits(text)
    if len(digits) not in (13, 15):
        return False
    number = int("".join(map(str, digits[:-1])))
    return number % (len(digits) - 2) % 10 == digits[-1]


def is_snils(text: str) -> bool:
    """A pension number: 11 digits, spaces and hyphens between them allowed."""
    digits = _digits(text[:30].replace("-", "").replace(" ", ""))
    if len(digits) != 11:
        return False
    total = sum(digit * (9 - place) for place, digit in enumerate(digits[:9]))
    return total % 101 % 100 == digits[9] * 10 + digits[10]
