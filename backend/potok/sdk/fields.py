"""Field(): how one parameter of a node looks in the form, and what the form may hold."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import pydantic

FieldKind = Literal[
    "text",
    "longtext",
    "template",
    "number",
    "boolean",
    "choice",
    "choices",
    "email",
    "emails",
    "url",
    "datetime",
    "duration",
    "timezone",
    "json",
    "pairs",
    "conditions",
    "cases",
    "schedule",
    "form",
    "secret",
    "code",
    "scenario",
    "answers",
    "calendar",
    "record_type",
    "record_field",
    "record_stage",
]
"""The editors the inspector knows. `form` is the list of questions a person answers when starting a run; `answers`
(pairs) are the answers to those of the scenario chosen in the block's field of the kind `scenario`."""

LISTED: frozenset[str] = frozenset({"scenario", "calendar", "record_type", "record_field", "record_stage"})
"""Kinds whose lists Potok itself offers, without any plugin's help. Fields and stages are those of the type chosen
in the block's parameter `type`."""

KINDS: frozenset[str] = frozenset(FieldKind.__args__)  # type: ignore[attr-defined]  # typing gives Literals no type


def Field(  # noqa: N802  # reads like pydantic's, which authors know
    *,
    kind: FieldKind | None = None,
    title: str | None = None,
    help: str | None = None,
    choices: Mapping[str, str] | None = None,
    show_if: Mapping[str, Sequence[Any]] | None = None,
    needed: bool = False,
    fields_of: str | None = None,
    placeholder: str | None = None,
    **limits: Any,
) -> Any:
    """Describe a parameter: `text: Annotated[str, Field(kind="template", title="Text")]`.

    `choices`: value -> label. `show_if`: {other field: values that show this one}. `needed`: although it has a
    default, it must be filled in whenever it is shown. `fields_of`: names of these pairs are fields of the type of
    record in that parameter. `limits` are pydantic's (ge, le, min_length, max_length,
    pattern ...). Titles and labels are the words of last resort: the plugin's `locales/*.json` come first.
    """
    extra: dict[str, Any] = {}
    if kind is not None:
        extra["x-kind"] = kind
    if choices is not None:
        extra["x-labels"] = dict(choices)
    if show_if is not None:
        extra["x-show-if"] = {name: list(values) for name, values in show_if.items()}
    if needed:
        extra["x-needed"] = True
    if fields_of is not None:
        extra["x-record-from"] = fields_of
    if placeholder is not None:
        extra["x-placeholder"] = placeholder
    return pydantic.Field(title=title, description=help, json_schema_extra=extra, **limits)
