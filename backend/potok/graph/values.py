"""Values in a node's params: literals, `{"$ref": [node, key, ...]}` pills, `{"$text": [part, ...]}`, formulas."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from potok.graph.formula_values import compile_formula, formula_refs, is_formula
from potok.sdk.text import text_of

Path = tuple[str | int, ...]
Outputs = Mapping[str, Any]
Resolver = Callable[[Outputs], Any]


def is_ref(value: Any) -> bool:
    """A pill of the right shape: a node id and keys (texts) or positions (whole numbers)."""
    if not isinstance(value, dict) or len(value) != 1:
        return False
    steps = value.get("$ref")
    if not isinstance(steps, list) or not steps or not isinstance(steps[0], str):
        return False
    return all(isinstance(step, str) or (isinstance(step, int) and not isinstance(step, bool)) for step in steps)


def is_text(value: Any) -> bool:
    """A text mixture of the right shape: texts, pills and formulas."""
    if not isinstance(value, dict) or len(value) != 1 or not isinstance(value.get("$text"), list):
        return False
    return all(isinstance(part, str) or is_ref(part) or is_formula(part) for part in value["$text"])


def is_dynamic(value: Any) -> bool:
    """Whether the value itself is a pill, a mixture or a formula (whatever it holds inside)."""
    return isinstance(value, dict) and ("$ref" in value or "$text" in value or "$formula" in value)


def is_constant(value: Any) -> bool:
    """Whether the value is the same whatever earlier steps yielded (a formula without data counts as moving)."""
    return _compile(value, ()) is None


def refs(value: Any, path: Path = ()) -> Iterator[tuple[Path, list[str | int]]]:
    """Every pill inside, and all data its formulas read, with the place: `(path, [node id, key, ...])`."""
    stack: list[tuple[Path, Any]] = [(path, value)]
    while stack:
        place, item = stack.pop()
        if is_ref(item):
            yield place, item["$ref"]
        elif is_formula(item):
            yield from (((*place, "$formula"), found) for found in formula_refs(item))
        elif isinstance(item, dict):
            stack.extend(((*place, key), inner) for key, inner in reversed(item.items()))
        elif isinstance(item, list):
            stack.extend(((*place, index), item[index]) for index in range(len(item) - 1, -1, -1))


def compile_value(value: Any) -> Resolver:
    """A closure that resolves the value against the outputs of earlier steps.

    Compile once, call for every run. A value without pills comes back as the very same object: do not change it.
    A pill to a missing key gives None, in a text nothing. A malformed pill gives None. A formula that has no value
    raises `sdk.UserError` with words and the place in its text.
    """
    found = _compile(value, ())
    return found if found is not None else lambda outputs: value


def resolve(value: Any, outputs: Outputs) -> Any:
    """The value with every pill replaced. Raises UserError as `compile_value` says."""
    found = _compile(value, ())
    return found(outputs) if found is not None else value


def _compile(value: Any, place: Path) -> Resolver | None:
    """None where nothing has to be resolved."""
    if isinstance(value, dict):
        if "$ref" in value:
            return _compile_ref(value["$ref"]) if is_ref(value) else lambda outputs: None
        if "$text" in value:
            return (
                _compile_text(value["$text"], place) if isinstance(value["$text"], list) else lambda outputs: None
            )
        if "$formula" in value:
            return compile_formula(value, place) if is_formula(value) else lambda outputs: None
        return _compile_object(value, place)
    if isinstance(value, list):
        return _compile_list(value, place)
    return None


def _compile_ref(steps: list[str | int]) -> Resolver:
    node, *keys = steps
    if not keys:
        return lambda outputs: outputs.get(node)  # type: ignore[arg-type]  # is_ref: the first step is a text
    if len(keys) == 1:
        only = keys[0]
        return lambda outputs: _take(outputs.get(node), only)  # type: ignore[arg-type]

    def follow(outputs: Outputs) -> Any:
        found = outputs.get(node)  # type: ignore[arg-type]
        for key in keys:
            found = _take(found, key)
            if found is None:
                return None
        return found

    return follow


def _take(holder: Any, key: str | int) -> Any:
    if isinstance(holder, dict):
        return holder.get(key if isinstance(key, str) else str(key))
    if isinstance(holder, list):
        if isinstance(key, str):
            if not (key.isascii() and key.isdigit() and len(key) < 10):
                return None
            key = int(key)
        return holder[key] if 0 <= key < len(holder) else None
    return None


def _compile_text(parts: list[Any], place: Path) -> Resolver:
    pieces = [
        part if isinstance(part, str) else (_compile(part, place) or (lambda outputs, p=part: p)) for part in parts
    ]

    def join(outputs: Outputs) -> str:
        return "".join([p if isinstance(p, str) else text_of(p(outputs)) for p in pieces])

    return join


def _compile_object(value: dict[str, Any], place: Path) -> Resolver | None:
    moving = [
        (key, found) for key, inner in value.items() if (found := _compile(inner, (*place, key))) is not None
    ]
    if not moving:
        return None

    def fill(outputs: Outputs) -> dict[str, Any]:
        filled = value.copy()
        for key, found in moving:
            filled[key] = found(outputs)
        return filled

    return fill


def _compile_list(value: list[Any], place: Path) -> Resolver | None:
    moving = [
        (at, found) for at, inner in enumerate(value) if (found := _compile(inner, (*place, at))) is not None
    ]
    if not moving:
        return None

    def fill(outputs: Outputs) -> list[Any]:
        filled = value.copy()
        for index, found in moving:
            filled[index] = found(outputs)
        return filled

    return fill
