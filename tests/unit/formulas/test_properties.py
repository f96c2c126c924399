"""Properties: no text and no tree breaks anything, budgets hold, a tree survives being written and read."""

from contextlib import suppress
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.formulas.helping import DATA, NOW, STEPS, code

from potok.graph.formulas import Formula, FormulaError, Scope, check, dependencies, parse, to_plain, to_text
from potok.graph.formulas.assist import complete, signature
from potok.graph.formulas.editing import shown_names, to_shown, to_stored, translated
from potok.graph.formulas.functions import FUNCTIONS
from potok.graph.formulas.parser import BINDING
from potok.graph.formulas.syntax import (
    Binary,
    Call,
    Constant,
    Expr,
    Index,
    Items,
    Lambda,
    Member,
    Name,
    Percent,
    Step,
    Unary,
)
from potok.graph.formulas.types import of_value

PIECES = st.sampled_from(
    [
        *FUNCTIONS,
        *(one.name_ru for one in FUNCTIONS.values()),
        *"+-*/^&=<>%(){}[];,.",
        *(
            " ",
            "<=",
            "<>",
            "=>",
            '"',
            '""',
            "@hook",
            "@if-2",
            "deal",
            "item",
            "items",
            "sum",
            "[a b]",
            "__class__",
        ),
        *("1", "2,5", "1e5", "0", '"x"', '"2026-01-01"', '">1"', '"*"', "TRUE", "ПУСТО", "\n", "é", "🙂", "«"),
    ]
)
TEXTS = st.lists(PIECES, max_size=25).map("".join) | st.text(max_size=60)
WORDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=8)
NAMES = st.sampled_from(["deal", "item", "x", "a b", "true", "SUM", "]", "имя", "1a"]) | WORDS
NUMBERS = st.decimals(0, 10**25, allow_nan=False, allow_infinity=False, places=4)
LEAVES: st.SearchStrategy[Expr] = st.one_of(
    st.builds(Constant, NUMBERS | WORDS | st.booleans() | st.none()),
    st.builds(Step, st.sampled_from(["hook", "if-2", "a_b"])),
    st.builds(Name, NAMES),
    st.sampled_from([Name("deal"), Member(Name("deal"), "items"), Member(Name("deal"), "sum"), Name("item")]),
)
SIGNS = [sign for sign in BINDING if sign not in "%.["]


def grown(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    args = inner | st.builds(Lambda, NAMES, inner)
    return st.one_of(
        st.builds(Member, inner, NAMES),
        st.builds(Index, inner, inner),
        st.builds(Unary, st.sampled_from("+-"), inner),
        st.builds(Percent, inner),
        st.builds(Binary, st.sampled_from(SIGNS), inner, inner),
        st.builds(Items, st.lists(inner, max_size=3).map(tuple)),
        st.builds(Call, st.sampled_from(sorted(FUNCTIONS)), st.lists(args, max_size=4).map(tuple)),
    )


TREES: st.SearchStrategy[Expr] = st.recursive(LEAVES, grown, max_leaves=20)


def run(text: str, data: dict[str, Any] = DATA) -> Any:
    """The plain result, or None where it is refused."""
    with suppress(FormulaError):
        return to_plain(Formula(text).run(data, STEPS, NOW, max_steps=20_000, max_memory=200_000))
    return None


@settings(max_examples=1500, deadline=None)
@given(TEXTS)
def test_no_text_breaks_anything(text: str) -> None:
    assert code(text) is not None
    run(text)
    with suppress(FormulaError):
        tree = parse(text)
        for mistake in check(tree, Scope({"deal": of_value(DATA["deal"])})).mistakes:
            assert 0 <= mistake.start <= mistake.end <= len(text)
            assert mistake.words("ru").message
            assert mistake.words("en").message
        dependencies(tree)


@settings(max_examples=600, deadline=None)
@given(TEXTS, st.integers(0, 60))
def test_an_editor_gets_an_answer_for_any_text_and_caret(text: str, caret: int) -> None:
    scope = Scope({"deal": of_value(DATA["deal"])}, {"hook": of_value(STEPS["hook"])})
    for offer in complete(text, min(caret, len(text)), scope, "ru"):
        assert 0 <= offer.start <= len(text)
    signature(text, min(caret, len(text)))
    translated(text, "ru")


@settings(max_examples=1000, deadline=None)
@given(TREES)
def test_a_tree_survives_being_written_and_read(tree: Expr) -> None:
    assert parse(to_text(tree)) == tree
    assert parse(to_text(tree, "ru")) == tree


@settings(max_examples=1000, deadline=None)
@given(TREES)
def test_any_tree_gives_plain_data_or_a_refusal_the_same_in_both_languages(tree: Expr) -> None:
    assert run(to_text(tree)) == run(to_text(tree, "ru"))


@settings(max_examples=300, deadline=None)
@given(TREES)
def test_functions_named_in_another_language_leave_the_rest_as_it_is(tree: Expr) -> None:
    text = to_text(tree)
    assert translated(translated(text, "ru"), "en") == text
    assert parse(translated(text, "ru")) == tree


@settings(max_examples=300, deadline=None)
@given(TREES, st.lists(st.sampled_from(["Вебхук", "If (big)", "a]b", "", "item"]), min_size=3, max_size=3))
def test_steps_shown_by_title_come_back_as_ids(tree: Expr, titles: list[str]) -> None:
    names = shown_names(zip(("hook", "if-2", "a_b"), titles, strict=True))
    text = to_text(tree)
    clashing = any(name in to_text(tree) for name in names.values())
    shown = to_shown(text, names)
    assert clashing or to_stored(shown, names) == text


@settings(max_examples=300, deadline=None)
@given(st.decimals(-(10**15), 10**15, places=3), st.integers(-3, 3))
def test_rounding_is_half_away_from_zero(number: Decimal, digits: int) -> None:
    found = Formula("ROUND(x; d)").run({"x": number, "d": digits})
    step = Decimal(10) ** -digits
    assert abs(found - number) * 2 <= step
    assert abs(found) >= abs(number) or abs(found - number) * 2 < step


@settings(max_examples=300, deadline=None)
@given(st.lists(st.decimals(-(10**12), 10**12, places=2), max_size=30))
def test_sums_of_kopecks_are_exact(amounts: list[Decimal]) -> None:
    assert Formula("SUM(x)").run({"x": amounts}) == sum(amounts, Decimal(0))
    assert Formula("SUM(x)").run({"x": [str(one) for one in amounts]}) == sum(amounts, Decimal(0))
