"""The table of promises names tests that exist, and leaves no promise out."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TABLE = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.split("|")[1:-1]] for line in TABLE.splitlines() if line.startswith("| ")]
NAMED = [one for _, _, shown in ROWS for one in re.findall(r"`([\w/]+\.py(?:::\w+)?)`", shown)]


def _tests_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in tree.body if isinstance(node, kinds) and node.name.startswith("test_")}


def test_promises_1_to_11_are_there_in_order() -> None:
    assert [int(number) for number, _, _ in ROWS if number.isdigit()] == list(range(1, 12))


def test_every_line_names_a_test() -> None:
    assert [words for _, words, shown in ROWS[1:] if ".py" not in shown] == []


@pytest.mark.parametrize("named", NAMED)
def test_a_named_test_exists(named: str) -> None:
    path, _, test = named.partition("::")
    assert (ROOT / path).is_file(), f"no file {path}"
    found = _tests_of(ROOT / path)
    assert found
    assert not test or test in found, f"{path} has no {test}"
