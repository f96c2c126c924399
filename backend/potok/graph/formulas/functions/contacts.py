"""Phones, e-mail addresses, names, and the check digits of Russian numbers."""

import re
from typing import Any

from potok.graph.formulas.checkdigits import is_inn, is_ogrn, is_snils
from potok.graph.formulas.declare import Area
from potok.graph.formulas.env import Env
from potok.graph.formulas.mistakes import FormulaError

area = Area("contacts", "Phones, e-mail, requisites", "Телефоны, почта, реквизиты")

_LONGEST = 100
_EXTENSION = re.compile(r"(?i)\s*(?:доб\.?|ext\.?|#|;ext=)\s*\d+\s*$")
_PHONE = re.compile(r"\+?[0-9()\s\u00a0.\-–—/]+")
_EMAIL = re.compile(
    r"[^\s@<>,;:\"()\[\]\\]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_](?:[\w-]{0,61}[^\W_])?"
)


def normal_phone(text: str, country: str) -> str | None:
    """E.164 of a phone, None if it is none. Russia and Kazakhstan: +7 and ten digits; others only with +."""
    if country.upper() not in ("RU", "KZ"):
        raise FormulaError("bad_country", text=country)
    shown = _EXTENSION.sub("", text[:_LONGEST].strip()) if len(text) <= _LONGEST else ""
    if not _PHONE.fullmatch(shown):
        return None
    digits = re.sub(r"[^0-9]", "", shown)
    if shown.startswith("+") or digits.startswith("810") or (digits.startswith("00") and len(digits) > 11):
        digits = digits if shown.startswith("+") else digits[3 if digits.startswith("810") else 2 :]
    elif len(digits) == 11 and digits[0] in "78":
        digits = f"7{digits[1:]}"
    elif len(digits) == 10:
        digits = f"7{digits}"
    else:
        return None
    if digits.startswith("7"):
        return f"+{digits}" if len(digits) == 11 and digits[1] in "346789" else None
    return f"+{digits}" if 8 <= len(digits) <= 15 and digits[0] != "0" else None


def _needed(text: str, country: str) -> str:
    found = normal_phone(text, country)
    if found is None:
        raise FormulaError("not_a_phone", text=text)
    return found


@area.function(
    "PHONE ТЕЛЕФОН",
    "text|текст: text",
    'country|страна: text = "RU"',
    returns="text",
    en="A phone in one form for all (E.164), so that equal ones are equal.",
    ru="Телефон в едином виде (E.164), чтобы одинаковые совпадали.",
    examples=(
        'PHONE("8 (916) 123-45-67") -> "+79161234567"',
        'PHONE("916 123 45 67 доб. 12") -> "+79161234567"',
        'PHONE("+49 30 1234567") -> "+49301234567"',
        'PHONE("12345") -> !not_a_phone',
    ),
)
def _phone(env: Env, text: str, country: str) -> str:
    return _needed(text, country)


@area.function(
    "PHONEFORMAT ФОРМАТТЕЛЕФОНА",
    "text|текст: text",
    'country|страна: text = "RU"',
    returns="text",
    en="A phone as people read it: +7 916 123-45-67.",
    ru="Телефон в удобном виде: +7 916 123-45-67.",
    examples=('PHONEFORMAT("89161234567") -> "+7 916 123-45-67"', 'PHONEFORMAT("+49301234567") -> "+49301234567"'),
)
def _phoneformat(env: Env, text: str, country: str) -> str:
    phone = _needed(text, country)
    if not phone.startswith("+7"):
        return phone
    return f"+7 {phone[2:5]} {phone[5:8]}-{phone[8:10]}-{phone[10:]}"


@area.function(
    "ISPHONE ЕТЕЛЕФОН",
    "text|текст: any",
    'country|страна: text = "RU"',
    returns="boolean",
    en="Whether it can be a phone.",
    ru="Может ли это быть телефоном.",
    examples=('ISPHONE("+7 916 123-45-67") -> TRUE', 'ISPHONE("abc") -> FALSE'),
)
def _isphone(env: Env, text: Any, country: str) -> bool:
    return normal_phone(_written(text), country) is not None


@area.function(
    "EMAIL ПОЧТА",
    "text|текст: text",
    returns="text",
    en="An e-mail address in one form for all: without spaces, in small letters.",
    ru="Адрес почты в едином виде: без пробелов, строчными буквами.",
    examples=('EXACT(EMAIL(" Anna@Example.COM "); "anna@example.com") -> TRUE', 'EMAIL("anna@") -> !not_an_email'),
)
def _email(env: Env, text: str) -> str:
    found = text.strip().lower()
    if not is_email(found):
        raise FormulaError("not_an_email", text=text)
    return found


def is_email(text: str) -> bool:
    """Whether it has the shape of an address."""
    return len(text) <= 254 and _EMAIL.fullmatch(text) is not None


@area.function(
    "ISEMAIL ЕПОЧТА",
    "text|текст: any",
    returns="boolean",
    en="Whether it can be an e-mail address.",
    ru="Может ли это быть адресом почты.",
    examples=(
        'ISEMAIL("anna@example.com") -> TRUE',
        'ISEMAIL("anna@example") -> FALSE',
        'ISEMAIL("анна@почта.рф") -> TRUE',
    ),
)
def _isemail(env: Env, text: Any) -> bool:
    return is_email(_written(text).strip())


def _written(value: Any) -> str:
    """A text or a whole number as it is written; anything else is none of these."""
    return value if isinstance(value, str) else str(value) if isinstance(value, int) and value < 10**30 else ""


@area.function(
    "ISINN ЕИНН",
    "text|текст: any",
    returns="boolean",
    en="Whether it is a Russian taxpayer number (10 or 12 digits) with right check digits.",
    ru="Верен ли ИНН (10 или 12 цифр) по контрольным цифрам.",
    examples=(
        'ISINN("7707083893") -> TRUE',
        'ISINN("7707083894") -> FALSE',
        'ISINN("500100732259") -> TRUE',
        'ISINN("123") -> FALSE',
    ),
)
def _isinn(env: Env, text: Any) -> bool:
    return is_inn(_written(text))


@area.function(
    "ISOGRN ЕОГРН",
    "text|текст: any",
    returns="boolean",
    en="Whether it is a Russian registration number (13 or 15 digits) with a right check digit.",
    ru="Верен ли ОГРН или ОГРНИП (13 или 15 цифр) по контрольной цифре.",
    examples=('ISOGRN("1027700132195") -> TRUE', 'ISOGRN("1027700132196") -> FALSE'),
)
def _isogrn(env: Env, text: Any) -> bool:
    return is_ogrn(_written(text))


@area.function(
    "ISSNILS ЕСНИЛС",
    "text|текст: any",
    returns="boolean",
    en="Whether it is a Russian pension number (11 digits) with right check digits.",
    ru="Верен ли СНИЛС (11 цифр) по контрольному числу.",
    examples=('ISSNILS("112-233-445 95") -> TRUE', 'ISSNILS("112-233-445 96") -> FALSE'),
)
def _issnils(env: Env, text: Any) -> bool:
    return is_snils(_written(text))


@area.function(
    "INITIALS ИНИЦИАЛЫ",
    "name|имя: text",
    returns="text",
    en="A full name with initials: Иванов И. И.",
    ru="Полное имя с инициалами: Иванов И. И.",
    examples=('INITIALS("Иванов Иван Иванович") -> "Иванов И. И."', 'INITIALS("Анна") -> "Анна"'),
)
def _initials(env: Env, name: str) -> str:
    words = name.split()
    return " ".join([*words[:1], *(f"{word[0]}." for word in words[1:])])
