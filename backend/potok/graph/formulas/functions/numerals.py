"""Whole numbers and amounts in words, Russian and English."""

from decimal import Decimal

from potok.graph.formulas.mistakes import FormulaError

_RU_ONES = [
    "ноль",
    "один",
    "два",
    "три",
    "четыре",
    "пять",
    "шесть",
    "семь",
    "восемь",
    "девять",
    "десять",
    "одиннадцать",
    "двенадцать",
    "тринадцать",
    "четырнадцать",
    "пятнадцать",
    "шестнадцать",
    "семнадцать",
    "восемнадцать",
    "девятнадцать",
]
_RU_TENS = ("двадцать", "тридцать", "сорок", "пятьдесят", "шестьдесят", "семьдесят", "восемьдесят", "девяносто")
_RU_HUNDREDS = ("сто", "двести", "триста", "четыреста", "пятьсот", "шестьсот", "семьсот", "восемьсот", "девятьсот")
_RU_GROUPS = (
    ("", "", "", "m"),
    ("тысяча", "тысячи", "тысяч", "f"),
    ("миллион", "миллиона", "миллионов", "m"),
    ("миллиард", "миллиарда", "миллиардов", "m"),
    ("триллион", "триллиона", "триллионов", "m"),
)
_EN_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_EN_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_EN_GROUPS = ("", "thousand", "million", "billion", "trillion")
LIMIT = 10**15

_CURRENCIES = {
    "RUB": (
        ("рубль", "рубля", "рублей", "m"),
        ("копейка", "копейки", "копеек"),
        ("ruble", "rubles"),
        ("kopeck", "kopecks"),
    ),
    "USD": (
        ("доллар США", "доллара США", "долларов США", "m"),
        ("цент", "цента", "центов"),
        ("dollar", "dollars"),
        ("cent", "cents"),
    ),
    "EUR": (("евро", "евро", "евро", "m"), ("цент", "цента", "центов"), ("euro", "euros"), ("cent", "cents")),
    "KZT": (("тенге", "тенге", "тенге", "m"), ("тиын", "тиына", "тиынов"), ("tenge", "tenge"), ("tiyn", "tiyn")),
    "BYN": (
        ("белорусский рубль", "белорусских рубля", "белорусских рублей", "m"),
        ("копейка", "копейки", "копеек"),
        ("Belarusian ruble", "Belarusian rubles"),
        ("kopeck", "kopecks"),
    ),
    "CNY": (("юань", "юаня", "юаней", "m"), ("фэнь", "фэня", "фэней"), ("yuan", "yuan"), ("fen", "fen")),
    "GBP": (
        ("фунт стерлингов", "фунта стерлингов", "фунтов стерлингов", "m"),
        ("пенс", "пенса", "пенсов"),
        ("pound", "pounds"),
        ("penny", "pence"),
    ),
}


def plural(count: int, one: str, few: str, many: str) -> str:
    """The Russian form that goes with a number: 1 рубль, 2 рубля, 5 рублей."""
    last, tens = abs(count) % 10, abs(count) % 100
    if last == 1 and tens != 11:
        return one
    return few if last in (2, 3, 4) and tens not in (12, 13, 14) else many


def in_words(count: int, language: str, gender: str = "m") -> str:
    """A whole number below 10^15. gender (ru): m, f or n."""
    if abs(count) >= LIMIT:
        raise FormulaError("number_too_large")
    if language not in ("ru", "en"):
        raise FormulaError("bad_language", text=language)
    minus = {"ru": "минус ", "en": "minus "}[language] if count < 0 else ""
    return minus + (_russian(abs(count), gender) if language == "ru" else _english(abs(count)))


def _groups(count: int) -> list[tuple[int, int]]:
    """(power of a thousand, value below a thousand), from the highest, empty ones left out."""
    found, power = [], 0
    while count:
        count, part = divmod(count, 1000)
        if part:
            found.append((power, part))
        power += 1
    return found[::-1]


def _russian(count: int, gender: str) -> str:
    words = []
    for power, part in _groups(count):
        one, few, many, own = _RU_GROUPS[power]
        words += _russian_part(part, own if power else gender)
        if power:
            words.append(plural(part, one, few, many))
    return " ".join(words) or _RU_ONES[0]


def _russian_part(part: int, gender: str) -> list[str]:
    hundreds, rest = divmod(part, 100)
    words = [_RU_HUNDREDS[hundreds - 1]] if hundreds else []
    if rest >= 20:
        words.append(_RU_TENS[rest // 10 - 2])
        rest %= 10
    if rest:
        special = {("f", 1): "одна", ("f", 2): "две", ("n", 1): "одно"}.get((gender, rest))
        words.append(special or _RU_ONES[rest])
    return words


def _english(count: int) -> str:
    words = []
    for power, part in _groups(count):
        hundreds, rest = divmod(part, 100)
        if hundreds:
            words += [_EN_ONES[hundreds], "hundred"]
        if rest >= 20:
            tens, ones = divmod(rest, 10)
            words.append(_EN_TENS[tens - 2] + (f"-{_EN_ONES[ones]}" if ones else ""))
        elif rest:
            words.append(_EN_ONES[rest])
        if power:
            words.append(_EN_GROUPS[power])
    return " ".join(words) or _EN_ONES[0]


def money_in_words(amount: Decimal, currency: str, language: str) -> str:
    """`amount` has at most two digits after the point: Сто рублей 05 копеек; One hundred rubles 05 kopecks."""
    if abs(amount) >= LIMIT:
        raise FormulaError("number_too_large")
    if language not in ("ru", "en"):
        raise FormulaError("bad_language", text=language)
    if currency not in _CURRENCIES:
        raise FormulaError("bad_currency", text=currency)
    ru, ru_part, en, en_part = _CURRENCIES[currency]
    whole, cents = divmod(int(abs(amount) * 100), 100)
    if language == "ru":
        words = in_words(whole, "ru", ru[3])
        shown = f"{words} {plural(whole, *ru[:3])} {cents:02d} {plural(cents, *ru_part)}"
    else:
        shown = f"{in_words(whole, 'en')} {en[whole != 1]} {cents:02d} {en_part[cents != 1]}"
    minus = {"ru": "минус ", "en": "minus "}[language] if amount < 0 else ""
    shown = minus + shown
    return shown[:1].upper() + shown[1:]
