"""Every kind of field keeps what people type in one form, exactly, and refuses the rest with words."""

from decimal import Decimal
from typing import Any

import pytest

from potok.records.kinds import KINDS, Bad, options_of
from potok.words import LOCALES, say

VAT = {"options": [{"id": "v20", "names": {"en": "20 %", "ru": "20 процентов"}, "value": "0.2"}]}
COLORS = {
    "options": [{"id": "red", "names": {"en": "Red", "ru": "Красный"}}, {"id": "blue", "names": {"en": "Blue"}}]
}
ANNA = "01a20eb3-d25e-7594-bba4-7848d3ab9d7a"

KEPT = [
    ("text", {}, "  Anna   Maria ", "Anna Maria"),
    ("text", {}, "a\0b", "ab"),
    ("text", {}, 12, "12"),
    ("text", {"mask": "AA-000"}, "AA-123", "AA-123"),
    ("text", {"check": "inn"}, "7707083893", "7707083893"),
    ("longtext", {}, "one\n\n two ", "one\n\n two"),
    ("number", {}, "1 234,50", Decimal("1234.50")),
    ("number", {}, "1\u00a0234\u202f567", Decimal(1234567)),
    ("number", {}, "\u22125", Decimal(-5)),
    ("number", {}, 0.1, Decimal("0.1")),
    ("number", {"scale": 2}, "2.345", Decimal("2.35")),
    ("number", {}, "1e3", Decimal(1000)),
    ("money", {}, "1 999,99", {"amount": "1999.99", "currency": "RUB"}),
    ("money", {"fixed": False}, {"amount": "10", "currency": "eur"}, {"amount": "10", "currency": "EUR"}),
    ("money", {}, {"amount": None, "currency": "RUB"}, None),
    ("boolean", {}, "Да", True),
    ("boolean", {}, "no", False),
    ("date", {}, "24.11.2026", "2026-11-24"),
    ("date", {}, "2026-11-24T23:30:00+03:00", "2026-11-24"),
    ("datetime", {}, "2026-11-24T23:30:00+03:00", "2026-11-24T20:30:00Z"),
    ("choice", COLORS, "красный", "red"),
    ("choices", COLORS, ["blue", "Red", "red"], ["red", "blue"]),
    ("choices", COLORS, "red, blue", ["red", "blue"]),
    ("calculated", VAT, "20 %", "v20"),
    ("phone", {}, "8 (916) 123-45-67", "+79161234567"),
    ("email", {}, " Anna@Example.COM ", "anna@example.com"),
    ("link", {}, "example.com/x", "https://example.com/x"),
    ("relation", {"target": "contact"}, {"id": ANNA, "name": "Anna"}, ANNA),
    ("relation", {"target": "contact", "many": True}, [ANNA, ANNA], [ANNA]),
    ("person", {}, ANNA, ANNA),
]


@pytest.mark.parametrize(("kind", "settings", "typed", "kept"), KEPT)
def test_what_is_typed_is_kept_in_one_form(kind: str, settings: dict[str, Any], typed: Any, kept: Any) -> None:
    found = KINDS[kind]
    options = options_of(found, settings)
    assert found.store(typed, options) == kept
    assert found.store(kept, options) == kept, "storing what is stored changes nothing"


REFUSED = [
    ("text", {"mask": "000"}, "12a", "mask"),
    ("text", {"mask": "000"}, "1234", "mask"),
    ("text", {"max_length": 3}, "four", "too_long"),
    ("text", {"check": "inn"}, "7707083894", "check.inn"),
    ("text", {}, {"a": 1}, "not_text"),
    ("number", {}, "twelve", "not_number"),
    ("number", {}, "1,2,3", "not_number"),
    ("number", {}, float("nan"), "not_number"),
    ("number", {}, True, "not_number"),
    ("number", {}, "1e30", "number_too_large"),
    ("number", {"least": 1}, 0, "below"),
    ("number", {"most": 1}, 2, "above"),
    ("money", {}, {"amount": 1, "currency": "EUR"}, "other_currency"),
    ("money", {"fixed": False}, {"amount": 1, "currency": "€"}, "not_currency"),
    ("boolean", {}, "maybe", "not_yes_no"),
    ("date", {}, "31.02.2026", "not_date"),
    ("date", {}, "tomorrow", "not_date"),
    ("datetime", {}, "soon", "not_moment"),
    ("choice", COLORS, "green", "no_such_option"),
    ("phone", {}, "12345", "not_phone"),
    ("email", {}, "anna@", "not_email"),
    ("link", {}, "javascript:alert(1)", "not_link"),
    ("link", {}, "data:text/html,x", "not_link"),
    ("link", {}, "https://", "not_link"),
    ("relation", {"target": "contact"}, "Anna", "not_record"),
    ("relation", {"target": "contact"}, [ANNA, ANNA.replace("0", "1")], "only_one"),
    ("relation", {"target": "contact", "many": True}, [f"{n:032x}" for n in range(201)], "too_many"),
    ("autonumber", {}, "D-1", "computed"),
]


@pytest.mark.parametrize(("kind", "settings", "typed", "code"), REFUSED)
def test_what_does_not_fit_is_refused_with_words(
    kind: str, settings: dict[str, Any], typed: Any, code: str
) -> None:
    found = KINDS[kind]
    with pytest.raises(Bad) as caught:
        found.store(typed, options_of(found, settings))
    assert caught.value.code == code
    for locale in LOCALES:
        words = say(f"record.value.{code}", locale, **{**caught.value.params, "field": "x"})
        assert words.message
        assert words.fix


@pytest.mark.parametrize("kind", [one for one in KINDS if not KINDS[one].computed])
@pytest.mark.parametrize("nothing", [None, ""])
def test_nothing_is_kept_as_nothing(kind: str, nothing: Any) -> None:
    needed: dict[str, dict[str, Any]] = {
        "choice": COLORS,
        "choices": COLORS,
        "calculated": VAT,
        "relation": {"target": "contact"},
    }
    assert KINDS[kind].store(nothing, options_of(KINDS[kind], needed.get(kind, {}))) is None


@pytest.mark.parametrize("kind", KINDS)
def test_a_setting_nobody_knows_is_refused(kind: str) -> None:
    with pytest.raises(ValueError, match="surprise"):
        options_of(KINDS[kind], {"surprise": 1})
