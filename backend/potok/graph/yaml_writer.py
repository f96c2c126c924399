"""Writes plain values as YAML in one fixed way; texts get quotes only where a reader could mistake them."""

import json
import re
from typing import Any

_SAFE = re.compile(r"\$?[^\W\d_][\w .;/()+=@!?%«»“”…–—№-]*", re.UNICODE)
_RISKY = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_LONG_KEY = 100
_INLINE = 100
"""A list or object of few plain values stands on one line up to this many characters."""


def write_yaml(document: dict[str, Any]) -> str:
    """The text, ending with a line break. Raises ValueError for what JSON does not have."""
    lines: list[str] = []
    _object(document, 0, lines)
    return "\n".join(lines) + "\n"


def _object(value: dict[str, Any], indent: int, lines: list[str]) -> None:
    for key, inner in value.items():
        if len(key) > _LONG_KEY:  # YAML looks for the colon of a plain key within 1,024 characters only
            lines.append(f"{' ' * indent}? {_quoted(key)}")
            _entry(f"{' ' * indent}:", inner, indent, lines)
        else:
            _entry(f"{' ' * indent}{_text(key)}:", inner, indent, lines)


def _entry(head: str, value: Any, indent: int, lines: list[str]) -> None:
    """`head value` on one line where it fits, else the value below."""
    flow = _flow(value, alone=True)
    if flow is not None and (not isinstance(value, dict | list) or not value or len(head) + len(flow) < _INLINE):
        lines.append(f"{head} {flow}")
    elif isinstance(value, str):
        _block_text(head, value, indent + 2, lines)
    elif isinstance(value, dict):
        lines.append(head)
        _object(value, indent + 2, lines)
    else:
        lines.append(head)
        _list(value, indent + 2, lines)


def _list(value: list[Any], indent: int, lines: list[str]) -> None:
    for item in value:
        flow = _flow(item)
        if isinstance(item, dict) and (flow is None or len(flow) + indent + 2 >= _INLINE or _is_wide(item)):
            start = len(lines)
            _object(item, indent + 2, lines)
            lines[start] = f"{' ' * indent}- {lines[start].lstrip(' ')}"
        elif isinstance(item, list) and flow is None:
            lines.append(f"{' ' * indent}-")
            _list(item, indent + 2, lines)
        else:
            _entry(f"{' ' * indent}-", item, indent, lines)


def _is_wide(item: dict[str, Any]) -> bool:
    """Nodes read better with one key a line, however short."""
    return "id" in item and "type" in item


def _flow(value: Any, *, alone: bool = False) -> str | None:
    """The value on one line, or None when it does not read well there."""
    if isinstance(value, str):
        return None if _wants_block(value) else _text(value, alone=alone)
    if isinstance(value, dict):
        parts = [_flow(inner) for inner in value.values()]
        if (
            any(part is None for part in parts)
            or _nesting(value) > 3
            or any(len(key) > _LONG_KEY for key in value)
        ):
            return None
        return "{" + ", ".join(f"{_text(key)}: {part}" for key, part in zip(value, parts, strict=True)) + "}"
    if isinstance(value, list):
        parts = [_flow(inner) for inner in value]
        if any(part is None for part in parts) or _nesting(value) > 3 or any(map(_is_record, value)):
            return None
        return "[" + ", ".join(part for part in parts if part is not None) + "]"
    return _number_or_word(value)


def _is_record(item: Any) -> bool:
    """An object other than a pill: a list of such reads better with one a line."""
    return isinstance(item, dict) and "$ref" not in item


def _nesting(value: Any) -> int:
    if isinstance(value, dict | list):
        inner = value.values() if isinstance(value, dict) else value
        return 1 + max(map(_nesting, inner), default=0)
    return 0


def _number_or_word(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        shown = json.dumps(value, allow_nan=False)
        mantissa, e, exponent = shown.partition("e")
        return f"{mantissa if '.' in mantissa else mantissa + '.0'}{e}{exponent}"
    raise ValueError(f"{type(value).__name__} is no value of a document")


def _wants_block(text: str) -> bool:
    """Several lines, and nothing a block would lose or a reader could not see."""
    lines = text.split("\n")
    if len(lines) < 2 or not text.strip() or text[0] in "\n ":
        return False
    if any(line != line.rstrip() for line in lines):
        return False
    return all(char == "\n" or char.isprintable() for char in text)


def _block_text(head: str, text: str, indent: int, lines: list[str]) -> None:
    body = text.rstrip("\n")
    endings = len(text) - len(body)
    lines.append(f"{head} |{('-', '')[endings] if endings < 2 else '+'}")
    lines.extend(f"{' ' * indent}{line}" if line else "" for line in body.split("\n"))
    lines.extend("" for _ in range(endings - 1))


def _text(text: str, *, alone: bool = False) -> str:
    """Plain where no reader can mistake it. `alone`: not in brackets, where PyYAML trips over a question mark."""
    if not _SAFE.fullmatch(text) or text[-1] == " " or text.lower() in _RISKY or not text.isprintable():
        return _quoted(text)
    return text if alone or "?" not in text else _quoted(text)


def _quoted(text: str) -> str:
    """As JSON writes it, with everything invisible escaped."""
    shown = json.dumps(text, ensure_ascii=False)
    return "".join(char if char.isprintable() else _escaped(char) for char in shown)


def _escaped(char: str) -> str:
    code = ord(char)
    return f"\\U{code:08X}" if code > 0xFFFF else f"\\u{code:04X}"
