"""Starts a scenario when a person presses "Run now", after asking what it needs to know."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import TypeAdapter, ValidationError

from potok.sdk import Field, Model, UserError, text_of, trigger

Answer = Literal["text", "longtext", "number", "boolean", "datetime", "email"]
_READERS: dict[str, TypeAdapter[Any]] = {
    "number": TypeAdapter(int | float),
    "boolean": TypeAdapter(bool),
    "datetime": TypeAdapter(datetime),
}


class Question(Model):
    """One field of the form that is shown before the run."""

    name: Annotated[str, Field(pattern=r"^[^\s.$][^.$]{0,63}$")]
    title: str = ""
    kind: Answer = "text"
    required: bool = False


@trigger.manual(
    "manual.started",
    icon="hand-click",
    group="trigger",
    output={"type": "object", "x-keys-from": "fields"},
    sample={},
)
def started(
    fields: Annotated[
        list[Question],
        Field(kind="form", title="Ask for", help="Questions to answer before the run. None: it starts at once."),
    ] = [],
) -> dict[str, Any]:
    """When started by hand. A person presses "Run now" and, if you wish, answers questions first."""
    raise NotImplementedError("a trigger's body is never called")


@started.accept
def _(fields: list[Question], payload: Any) -> dict[str, Any]:
    given = payload if isinstance(payload, dict) else {}
    return {**given, **{question.name: _read(question, given.get(question.name)) for question in fields}}


def _read(question: Question, answer: Any) -> Any:
    if answer is None or (isinstance(answer, str) and not answer.strip()):
        if question.required:
            raise UserError(
                question.name,
                f"“{question.title or question.name}” must be answered.",
                "Fill it in and start again.",
                code="answer_missing",
                question=question.title or question.name,
            )
        return None
    reader = _READERS.get(question.kind)
    if reader is None:
        return text_of(answer)
    try:
        value = reader.validate_python(answer)
    except ValidationError as error:
        raise UserError(
            question.name,
            f"“{question.title or question.name}” does not fit: {error.errors()[0]['msg']}",
            "Correct the answer and start again.",
            code=f"answer_{question.kind}",
            question=question.title or question.name,
        ) from error
    return value.isoformat() if isinstance(value, datetime) else value
