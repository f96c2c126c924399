"""Every example of the reference is true, in both languages; the reference is what the code says."""

from pathlib import Path

import pytest
from tests.unit.formulas.helping import agrees

from potok.graph.formulas import Scope, check, parse
from potok.graph.formulas.functions import AREAS, FUNCTIONS, find, fold
from potok.graph.formulas.reference import pages
from potok.words import codes

DOCS = Path(__file__).parents[3] / "docs" / "formulas"
EXAMPLES = [(text, wanted) for function in FUNCTIONS.values() for text, wanted in function.examples]


@pytest.mark.parametrize(("text", "wanted"), EXAMPLES)
def test_an_example_is_true_in_both_languages(text: str, wanted: str) -> None:
    agrees(text, wanted)


@pytest.mark.parametrize(("text", "wanted"), [pair for pair in EXAMPLES if not pair[1].startswith("!")])
def test_the_check_finds_nothing_wrong_with_a_good_example(text: str, wanted: str) -> None:
    assert check(parse(text), Scope({})).mistakes == []


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_declared_wholly(name: str) -> None:
    function = FUNCTIONS[name]
    assert function.en.endswith(".")
    assert function.ru.endswith(".")
    assert function.examples
    assert all(param.name and param.name_ru for param in function.params)
    assert all(f"formula.kind.{param.kind}" in codes("en") for param in function.params)
    assert find(function.name.lower()) is find(function.name_ru.lower()) is function


def test_no_two_functions_share_a_name() -> None:
    names = [{fold(one.name), fold(one.name_ru), *map(fold, one.aliases)} for one in FUNCTIONS.values()]
    assert sum(map(len, names)) == len(set().union(*names))
    assert len(FUNCTIONS) == sum(len(area.functions) for area in AREAS) >= 120


def test_the_reference_is_what_the_code_says() -> None:
    stale = [name for name, text in pages().items() if (DOCS / name).read_text(encoding="utf-8") != text]
    assert stale == [], "run: python -m tools.formula_reference"
    assert {path.name for path in DOCS.glob("*.md")} == {*pages(), "README.md"}
