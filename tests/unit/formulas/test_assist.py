"""What an editor offers: completion, the signature around the caret, titles for ids."""

import pytest
from tests.unit.formulas.helping import DATA

from potok.graph.formulas import Scope, of_value
from potok.graph.formulas.assist import complete, signature
from potok.graph.formulas.editing import shown_names, to_shown, to_stored, translated

SCOPE = Scope({"deal": of_value(DATA["deal"]), "Новый заказ": of_value({"Сумма заказа": 5})})


def labels(text: str, locale: str = "en") -> list[str]:
    """`|` is the caret."""
    caret = text.index("|")
    return [offer.label for offer in complete(text.replace("|", ""), caret, SCOPE, locale)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("de|", "deal"),
        ("1 + ROU|", "ROUND"),
        ("deal.|", "sum"),
        ("deal.con|", "contact"),
        ("deal.contact.|", "name"),
        ("deal.items[1].pr|", "price"),
        ("SUM(deal.items.qu|", "quantity"),
        ("MAP(deal.items; item.|", "name"),
        ("MAP(FILTER(deal.items; item.pr|", "price"),
        ("FILTER(deal.items; item.price > 1 & item.t|", "tags"),
        ("[Новый заказ].|", "Сумма заказа"),
        ("окр|", "ROUND"),
    ],
)
def test_what_may_stand_at_the_caret_is_offered(text: str, first: str) -> None:
    assert labels(text)[0] == first


def test_an_offer_says_what_to_insert_and_what_it_is() -> None:
    offer = complete("1 + Нов", 7, SCOPE, "ru")[0]
    assert (offer.insert, offer.start, offer.detail) == ("[Новый заказ]", 4, "запись")
    offer = complete("sumi", 4, SCOPE, "ru")[0]
    assert (offer.label, offer.insert) == ("СУММЕСЛИ", "СУММЕСЛИ(")
    assert offer.detail == "СУММЕСЛИ(список; условие; [значения])"


@pytest.mark.parametrize("text", ['"de|', 'IF(a; "su|', "deal.nothing.|", "deal.sum.|"])
def test_nothing_is_offered_where_nothing_can_stand(text: str) -> None:
    assert labels(text) == []


@pytest.mark.parametrize(
    ("text", "name", "active"),
    [
        ("ROUND(|", "ROUND", 0),
        ("ROUND(1; |", "ROUND", 1),
        ("IF(ROUND(1; 2) > 1; |", "IF", 1),
        ("IF(ROUND(1; |", "ROUND", 1),
        ("SUM({1; 2; |", "SUM", 0),
        ("IFS(a; 1; b|", "IFS", 0),
        ('CONCAT("a(;"; |', "CONCAT", 0),
        ("ОКРУГЛ(1, |", "ROUND", 1),
    ],
)
def test_the_call_around_the_caret_is_explained(text: str, name: str, active: int) -> None:
    found = signature(text.replace("|", ""), text.index("|"))
    assert found is not None
    assert (found.name, found.active) == (name, active)
    assert found.help


def test_outside_of_calls_there_is_no_signature() -> None:
    assert signature("ROUND(1; 2) + ", 14) is None
    assert signature("(1 + ", 5) is None


def test_titles_are_shown_and_ids_are_kept() -> None:
    names = shown_names(
        [("hook", "Новая заявка"), ("mail", "Письмо"), ("mail2", "Письмо"), ("x", ""), ("i", "item")]
    )
    assert names == {"hook": "Новая заявка", "mail": "Письмо", "mail2": "Письмо 2", "x": "x", "i": "item 2"}
    stored = "IF(@hook.body.sum>1;  @mail2.ok;@x) & @gone.y"
    shown = "IF([Новая заявка].body.sum>1;  [Письмо 2].ok;x) & @gone.y"
    assert to_shown(stored, names) == shown
    assert to_stored(shown, names) == stored
    assert to_shown(stored, names | {"hook": "Заказ"}).startswith("IF(Заказ.body")


def test_only_the_beginning_of_a_path_is_a_step() -> None:
    names = {"hook": "body", "f": "SUM", "i": "x"}
    assert to_stored("body.body + SUM(SUM) + MAP(a; x => x)", names) == "@hook.body + SUM(@f) + MAP(a; x => x)"
    assert to_stored('body & "body', names) == 'body & "body', "what cannot be read is kept"


def test_functions_change_their_language_and_nothing_else() -> None:
    assert translated("if( a >1,sum(b) ;", "ru") == "ЕСЛИ( a >1,СУММ(b) ;"
