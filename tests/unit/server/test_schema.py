"""The printed schema is committed, documented and the same as what is served."""

from pathlib import Path

from graphql import build_schema

from potok.server.rules import root_fields, rule_of
from potok.server.schema import ROOTS, make_schema, printed

REPOSITORY = Path(__file__).parents[3]


def test_the_committed_schema_is_the_served_one() -> None:
    committed = (REPOSITORY / "frontend" / "schema.graphql").read_text(encoding="utf-8")
    assert committed == printed(), "run `python -m potok.server.schema > frontend/schema.graphql`"


def test_the_schema_is_valid_for_other_tools() -> None:
    assert build_schema(printed())


def test_every_root_field_is_documented_with_its_rule() -> None:
    page = (REPOSITORY / "docs" / "graphql.md").read_text(encoding="utf-8")
    make_schema()
    missing = [
        f"| `{_camel(field.python_name)}` | {rule_of(field)} |"
        for root in ROOTS
        for field in root_fields(root)
        if f"| `{_camel(field.python_name)}` | {rule_of(field)} |" not in page
    ]
    assert missing == []


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)
