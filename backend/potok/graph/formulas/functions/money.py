"""Money: exact amounts of a currency, VAT, discounts, amounts in words."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from potok.graph.formulas.coerce import amount as as_amount
from potok.graph.formulas.coerce import currency as as_currency
from potok.graph.formulas.declare import Area, amount_of
from potok.graph.formulas.env import Env
from potok.graph.formulas.functions.numerals import in_words, money_in_words, plural
from potok.graph.formulas.functions.rounding import rounded
from potok.graph.formulas.functions.shared import only_whole
from potok.graph.formulas.mistakes import FormulaError
from potok.graph.formulas.operators import divide, multiply, subtract
from potok.graph.formulas.values import CONTEXT, ONE, Money

area = Area("money", "Money", "Деньги")

Amount = Decimal | Money


@area.function(
    "MONEY ДЕНЬГИ",
    "amount|сумма: amount",
    'currency|валюта: text = "RUB"',
    returns="money",
    en="An amount of a currency; it is not rounded.",
    ru="Сумма в валюте; не округляется.",
    examples=(
        'MONEY(1500.5; "RUB") -> MONEY(1500.50)',
        'MONEY(1; "rubles") -> !bad_currency',
        'MONEY(MONEY(1; "USD"); "RUB") -> !two_currencies',
    ),
)
def _money(env: Env, amount: Amount, currency: str) -> Money:
    code = as_currency(currency)
    if isinstance(amount, Money):
        if amount.currency != code:
            raise FormulaError("two_currencies", first=amount.currency, second=code)
        return amount
    return Money(amount, code)


@area.function(
    "AMOUNT СУММАБЕЗВАЛЮТЫ",
    "money|деньги: amount",
    returns="number",
    en="The number of an amount of money.",
    ru="Число из денежной суммы.",
    examples=('AMOUNT(MONEY(12.5; "USD")) -> 12.5', "AMOUNT(3) -> 3"),
)
def _amount(env: Env, money: Amount) -> Decimal:
    return money.amount if isinstance(money, Money) else money


@area.function(
    "CURRENCY ВАЛЮТА",
    "money|деньги: amount",
    returns="text",
    en="The currency of an amount; nothing of a plain number.",
    ru="Валюта денежной суммы; пусто для простого числа.",
    examples=('CURRENCY(MONEY(1; "usd")) -> "USD"', 'CURRENCY(1) -> ""'),
)
def _currency(env: Env, money: Amount) -> str:
    return money.currency if isinstance(money, Money) else ""


@area.function(
    "EXCHANGE ОБМЕН",
    "money|деньги: amount",
    "rate|курс: number",
    "currency|валюта: text",
    returns="money",
    en="The amount times a rate, as money of another currency, rounded to its hundredths.",
    ru="Сумма, умноженная на курс, в другой валюте, с округлением до сотых.",
    examples=('EXCHANGE(MONEY(10; "USD"); 92.135; "RUB") -> MONEY(921.35; "RUB")',),
)
def _exchange(env: Env, money: Amount, rate: Decimal, currency: str) -> Money:
    found = CONTEXT.multiply(money.amount if isinstance(money, Money) else money, rate)
    return Money(rounded(found, 2, ROUND_HALF_UP), as_currency(currency))


def _rounded(value: Any) -> Amount:
    """To hundredths."""
    found = as_amount(value)
    if isinstance(found, Money):
        return Money(rounded(found.amount, 2, ROUND_HALF_UP), found.currency)
    return rounded(found, 2, ROUND_HALF_UP)


def _share(rate: Decimal) -> Decimal:
    """A rate such as 20%; 20 alone is surely a slip."""
    if not 0 <= rate <= 1:
        raise FormulaError("rate_as_percent")
    return rate


@area.function(
    "VAT НДС",
    "amount|сумма: amount",
    "rate|ставка: number",
    returns=amount_of,
    en="The tax to add to an amount, rounded to hundredths; the rate is written 20%.",
    ru="Налог сверх суммы с округлением до копеек; ставка пишется 20%.",
    examples=(
        "VAT(100; 20%) -> 20",
        'VAT(MONEY(99.99); 20%) -> MONEY(20; "RUB")',
        "VAT(100; 20) -> !rate_as_percent",
    ),
)
def _vat(env: Env, amount: Amount, rate: Decimal) -> Amount:
    return _rounded(multiply(amount, _share(rate)))


@area.function(
    "VATINCLUDED НДСВТОМЧИСЛЕ",
    "amount|сумма: amount",
    "rate|ставка: number",
    returns=amount_of,
    en="The tax contained in an amount, rounded to hundredths.",
    ru="Налог в составе суммы с округлением до копеек.",
    examples=("VATINCLUDED(120; 20%) -> 20", "VATINCLUDED(100; 22%) -> 18.03"),
)
def _vatincluded(env: Env, amount: Amount, rate: Decimal) -> Amount:
    return _rounded(divide(multiply(amount, _share(rate)), CONTEXT.add(ONE, rate)))


@area.function(
    "DISCOUNT СКИДКА",
    "amount|сумма: amount",
    "rate|размер: number",
    returns=amount_of,
    en="The amount less a discount (written 10%), the discount rounded to hundredths.",
    ru="Сумма за вычетом скидки (пишется 10%); скидка округляется до копеек.",
    examples=(
        "DISCOUNT(1000; 10%) -> 900",
        "DISCOUNT(99.99; 15%) -> 84.99",
        "DISCOUNT(1; 10) -> !rate_as_percent",
    ),
)
def _discount(env: Env, amount: Amount, rate: Decimal) -> Any:
    return subtract(amount, _rounded(multiply(amount, _share(rate))))


@area.function(
    "AMOUNTINWORDS СУММАПРОПИСЬЮ",
    "amount|сумма: amount",
    'language|язык: text = "ru"',
    'currency|валюта: text = "RUB"',
    returns="text",
    en="An amount in words, as papers want it; rounded to hundredths.",
    ru="Сумма прописью, как в документах; с округлением до копеек.",
    examples=(
        'AMOUNTINWORDS(1234.5) -> "Одна тысяча двести тридцать четыре рубля 50 копеек"',
        'AMOUNTINWORDS(MONEY(21; "USD")) -> "Двадцать один доллар США 00 центов"',
        'AMOUNTINWORDS(101.01; "en") -> "One hundred one rubles 01 kopeck"',
        "AMOUNTINWORDS(1000000000000000) -> !number_too_large",
    ),
)
def _amountinwords(env: Env, amount: Amount, language: str, currency: str) -> str:
    money = amount if isinstance(amount, Money) else Money(amount, as_currency(currency))
    return money_in_words(rounded(money.amount, 2, ROUND_HALF_UP), money.currency, language)


@area.function(
    "NUMBERINWORDS ЧИСЛОПРОПИСЬЮ",
    "number|число: number",
    'language|язык: text = "ru"',
    returns="text",
    en="A whole number in words.",
    ru="Целое число прописью.",
    examples=(
        'NUMBERINWORDS(2001) -> "две тысячи один"',
        'NUMBERINWORDS(-12; "en") -> "minus twelve"',
        "NUMBERINWORDS(1.5) -> !not_whole",
    ),
)
def _numberinwords(env: Env, number: Decimal, language: str) -> str:
    if abs(number) >= 10**15:
        raise FormulaError("number_too_large")
    return in_words(int(only_whole(number)), language)


@area.function(
    "PLURAL СКЛОНЕНИЕ",
    "number|число: whole",
    "one|один: text",
    "few|два: text",
    "many|пять: text",
    returns="text",
    en="The Russian form that goes with a number: 1 день, 2 дня, 5 дней.",
    ru="Форма слова при числе: 1 день, 2 дня, 5 дней.",
    examples=(
        'PLURAL(21; "день"; "дня"; "дней") -> "день"',
        'PLURAL(12; "день"; "дня"; "дней") -> "дней"',
        'PLURAL(3; "день"; "дня"; "дней") -> "дня"',
    ),
)
def _plural(env: Env, number: int, one: str, few: str, many: str) -> str:
    return plural(number, one, few, many)
