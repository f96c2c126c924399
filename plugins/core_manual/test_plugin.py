"""The questions before a run."""

from pathlib import Path
from typing import Any

import pytest

from potok.sdk import UserError
from potok.sdk.testing import load_nodes

STARTED = load_nodes(Path(__file__).parent)["manual.started"]


def answered(questions: list[dict[str, Any]], payload: Any) -> Any:
    assert STARTED.accept is not None
    return STARTED.accept(STARTED.input.model_validate({"fields": questions}), payload)


def test_answers_are_read_by_the_kind_of_the_question() -> None:
    questions = [
        {"name": "sum", "kind": "number"},
        {"name": "rate", "kind": "number"},
        {"name": "ok", "kind": "boolean"},
        {"name": "when", "kind": "datetime"},
        {"name": "name"},
        {"name": "nothing"},
    ]
    given = {"sum": "5", "rate": 1.5, "ok": "true", "when": "2026-01-01T10:00:00Z", "name": 7, "other": 1}
    assert answered(questions, given) == {
        "sum": 5,
        "rate": 1.5,
        "ok": True,
        "when": "2026-01-01T10:00:00+00:00",
        "name": "7",
        "nothing": None,
        "other": 1,
    }
    assert answered([], None) == {}


@pytest.mark.parametrize(
    ("question", "payload", "code"),
    [
        ({"name": "a", "title": "Sum", "required": True}, {}, "answer_missing"),
        ({"name": "a", "required": True}, {"a": "  "}, "answer_missing"),
        ({"name": "a", "kind": "number"}, {"a": "many"}, "answer_number"),
        ({"name": "a", "kind": "boolean"}, {"a": "perhaps"}, "answer_boolean"),
        ({"name": "a", "kind": "datetime"}, {"a": "soon"}, "answer_datetime"),
    ],
)
def test_an_answer_that_does_not_fit_names_its_question(question: dict[str, Any], payload: Any, code: str) -> None:
    with pytest.raises(UserError) as caught:
        answered([question], payload)
    assert (caught.value.field, caught.value.code) == ("a", code)
