"""Money, dates, durations, lists and empty values: what may stand for what, exactly."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.unit.formulas.helping import agrees, value

from potok.graph.formulas import FormulaError, Money, evaluate, to_plain

ROWS = [
    # coercion (the table in coerce.py)
    ('"5" + 1', "6"),
    ("TRUE + 1", "2"),
    ("EMPTY + 1", "1"),
    ('"" + 1', "!bad_text"),
    ('"1,5" + 1', "!bad_text"),
    ("deal.price * 2", "25"),
    ("deal.rate * 3", "0.3"),
    ('1 & EMPTY & "x"', '"1x"'),
    ("1.50 & TRUE", '"1.5TRUE"'),
    ('1e20 & ""', '"100000000000000000000"'),
    ('{1} & "x"', "!wrong_kind"),
    ("deal.contact & 1", "!wrong_kind"),
    ('IF("да"; 1; 2)', "1"),
    ('IF("maybe"; 1; 2)', "!bad_text"),
    ("IF(0; 1; 2)", "2"),
    ("IF(deal.contact; 1; 2)", "!wrong_kind"),
    ("LENGTH(EMPTY)", "0"),
    ("LENGTH(5)", "!wrong_kind"),
    ("LEN(12.50)", "4"),
    ("LEFT(2026; 2)", '"20"'),
    ('ROUND("2.345"; "2")', "2.35"),
    # comparing
    ('"5" = 5', "TRUE"),
    ('"5.0" = "5"', "FALSE"),
    ('"Анна" = "АННА"', "TRUE"),
    ("EMPTY = 0", "TRUE"),
    ('EMPTY = ""', "TRUE"),
    ("EMPTY = FALSE", "FALSE"),
    ("TRUE = 1", "FALSE"),
    ('"a" < "B"', "TRUE"),
    ('"10" < "9"', "TRUE"),
    ('"10" < 9', "FALSE"),
    ('1 < "x"', "!no_order"),
    ("{1} < {2}", "!no_order"),
    ("TRUE > FALSE", "TRUE"),
    ("{1; {2}} = {1; {2}}", "TRUE"),
    ("{1} = {1; 2}", "FALSE"),
    ('RECORD("a"; 1) = RECORD("a"; "1")', "TRUE"),
    ("deal.contact = deal.contact", "TRUE"),
    ('"2026-01-02" > DATE(2026; 1; 1)', "TRUE"),
    # money
    ('MONEY(10; "RUB") + MONEY(0.5; "RUB")', 'MONEY(10.5; "RUB")'),
    ('MONEY(10; "RUB") + 5', 'MONEY(15; "RUB")'),
    ('5 - MONEY(2; "RUB")', 'MONEY(3; "RUB")'),
    ('MONEY(10; "RUB") + MONEY(1; "USD")', "!two_currencies"),
    ('MONEY(10; "RUB") > MONEY(1; "USD")', "!two_currencies"),
    ('MONEY(10; "RUB") = MONEY(10; "USD")', "FALSE"),
    ('MONEY(10; "RUB") > 5', "TRUE"),
    ('MONEY(10; "RUB") * 3 / 4', 'MONEY(7.5; "RUB")'),
    ('MONEY(10; "RUB") / MONEY(4; "RUB")', "2.5"),
    ('10 / MONEY(4; "RUB")', "!sign_mismatch"),
    ('MONEY(2; "RUB") * MONEY(2; "RUB")', "!sign_mismatch"),
    ('-MONEY(2; "RUB")', 'MONEY(-2; "RUB")'),
    ('MONEY(2.5; "RUB") & ""', '"2.5 RUB"'),
    ("deal.paid + 0.1", 'MONEY(100; "RUB")'),
    ("deal.paid = 99.9", "TRUE"),
    ('SUM({MONEY(1.1; "RUB"); deal.paid})', 'MONEY(101; "RUB")'),
    ('ROUND(MONEY(1.005; "RUB"); 2)', 'MONEY(1.01; "RUB")'),
    ('SQRT(MONEY(4; "RUB"))', "!wrong_kind"),
    ('AVERAGE({MONEY(1; "RUB"); MONEY(2; "RUB")})', 'MONEY(1.5; "RUB")'),
    ("VAT(1000; 22%)", "220"),
    ("1000 + VAT(1000; 22%)", "1220"),
    ("DISCOUNT(deal.paid; 5%)", 'MONEY(94.9; "RUB")'),
    # dates, moments, durations
    ("DATE(2026; 1; 31) + 1", "DATE(2026; 2; 1)"),
    ("1 + DATE(2026; 1; 31)", "DATE(2026; 2; 1)"),
    ("DATE(2026; 3; 1) - 1", "DATE(2026; 2; 28)"),
    ("DATE(2026; 3; 1) - DATE(2026; 2; 1)", "28"),
    ("deal.closed + 10", "DATE(2026; 11; 30)"),
    ("TODAY() - deal.closed", "4"),
    ('DATE(2026; 1; 1) + DURATION(2; "days")', "DATE(2026; 1; 3)"),
    ('DATE(2026; 1; 1) + DURATION(2; "hours")', "!date_without_time"),
    ('ATTIME(DATE(2026; 1; 1); "22:00") + DURATION(4; "hours")', "DATETIME(2026; 1; 2; 2)"),
    ('DATEVALUE("2026-01-02T00:00:00Z") - DATEVALUE("2026-01-01T12:00:00Z")', "TIME(12)"),
    ('DATEVALUE("2026-01-01T12:00:00+03:00") = DATEVALUE("2026-01-01T09:00:00Z")', "TRUE"),
    ("TIME(1; 30) * 2", "TIME(3)"),
    ("TIME(3) / TIME(1; 30)", "2"),
    ("TIME(1) + 1", "!sign_mismatch"),
    ("DATE(2026; 1; 1) * 2", "!sign_mismatch"),
    ("-DATE(2026; 1; 1)", "!wrong_kind"),
    ("DATE(9999; 12; 31) + 1", "!date_out_of_range"),
    ("DATE(0; 1; 1)", "!date_out_of_range"),
    ("YEAR(EMPTY)", "!empty_value"),
    ('YEAR("2026-02-30")', "!bad_text"),
    ('NOW() & ""', '"2026-11-24T10:30:00+03:00"'),
    ('TIME(26; 5) & ""', '"P1DT2H5M"'),
    ("HOUR(NOW())", "10"),
    ('WORKDAY(TODAY(); 3; "2026-11-25")', "DATE(2026; 11; 30)"),
    ("WORKDAY(DATE(2026; 11; 28); -1)", "DATE(2026; 11; 27)"),
    ('DATEADD(DATE(2024; 2; 29); 1; "год")', "DATE(2025; 2; 28)"),
    ('ATTIME(WORKDAY(TODAY(); 1); "10:00")', "DATETIME(2026; 11; 25; 10)"),
    # S3 and S4 of the acceptance suite: a room, and exact kopecks
    ("CEILING(5 * 6; 1)", "30"),
    ("(5 + 6) * 2 * 3", "66"),
    ("SUM(MAP(deal.items; ROUND(item.price * item.quantity; 2)))", "3101.99"),
    ('ROUND(SUM(FILTER(deal.items; CONTAINS(item.name; "СТ")).price) * 0.85; 2)', "1062.97"),
    ('TEXTJOIN(", "; TRUE; MAP(SORT(deal.items; item.price); item.name))', '"Лампа, Стул, Стол"'),
    ('SUMIF(deal.items.name; "Ст*"; deal.items.quantity)', "6"),
    ('SUM({1; "2"; ""; EMPTY; TRUE})', "3"),
    ('SUM({1; "два"})', "!bad_text"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), ROWS)
def test_values_are_taken_as_the_table_says(text: str, wanted: str) -> None:
    agrees(text, wanted)


@pytest.mark.parametrize(
    ("found", "plain"),
    [
        (Decimal("2.50"), 2.5),
        (Decimal("3.00"), 3),
        (Decimal(2) ** 60, str(2**60)),
        (Decimal("0.1234567890123456789"), "0.1234567890123456789"),
        (Money(Decimal("12.50"), "RUB"), {"amount": "12.5", "currency": "RUB"}),
        (date(2026, 1, 2), "2026-01-02"),
        (datetime(2026, 1, 2, 3, tzinfo=UTC), "2026-01-02T03:00:00+00:00"),
        (timedelta(hours=2), {"amount": 2, "unit": "hours"}),
        (timedelta(days=14), {"amount": 2, "unit": "weeks"}),
        (timedelta(milliseconds=1500), {"amount": 1.5, "unit": "seconds"}),
        (timedelta(0), {"amount": 0, "unit": "seconds"}),
        ([Decimal(1), {"a": Decimal("0.5"), "b": None}], [1, {"a": 0.5, "b": None}]),
    ],
)
def test_a_result_reaches_a_step_as_plain_data(found: Any, plain: Any) -> None:
    made = to_plain(found)
    assert made == plain
    assert type(made) is type(plain)


def test_a_duration_in_data_is_reckoned_with() -> None:
    wait = {"amount": 2, "unit": "days"}
    assert evaluate("DATE(2026; 1; 1) + wait", {"wait": wait}) == date(2026, 1, 3)


def test_a_day_of_the_calendar_keeps_the_hour_and_a_duration_does_not() -> None:
    """The clocks of Berlin go forward on 29 March 2026."""
    start = 'INZONE("2026-03-28T11:00:00Z"; "Europe/Berlin")'
    assert value(f"HOUR({start} + 1)") == 12
    assert value(f'HOUR({start} + DURATION(24; "hours"))') == 13
    assert value(f"{start} + 1 - {start}") == timedelta(hours=23)


def test_without_a_given_moment_nobody_asks_the_clock() -> None:
    with pytest.raises(FormulaError) as caught:
        evaluate("NOW()")
    assert caught.value.code == "no_clock"
