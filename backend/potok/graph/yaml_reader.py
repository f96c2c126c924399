"""Reads the strict part of YAML that Potok writes: no aliases, tags or keys given twice; bounded size and depth.

Plain words are texts except true, false, null, ~ (nothing) and numbers written as in JSON with a point before an
exponent; so `no`, `12:30`, `2026-01-01` and `1e3` stay texts, unlike in YAML 1.1.
"""

import re
from collections.abc import Iterator
from typing import Any

import yaml

from potok.graph.problems import Problem
from potok.words import DEFAULT, Words

MAX_TEXT = 8 * 1024 * 1024
MAX_DEPTH = 120
_INTEGER = re.compile(r"-?(0|[1-9]\d{0,4000})", re.ASCII)
_FLOAT = re.compile(r"-?(0|[1-9]\d*)\.\d+([eE][+-]?\d+)?", re.ASCII)
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

Marks = dict[tuple[str, ...], tuple[int, int]]
"""Path -> line and column (from 1) of every value."""


class TextError(Exception):
    """The text cannot be read; `line` and `column` count from 1."""

    def __init__(self, code: str, line: int = 1, column: int = 1, **params: Any) -> None:
        self.code = code
        self.line = line
        self.column = column
        self.params = params
        super().__init__(self.words().message)

    def words(self, locale: str = DEFAULT) -> Words:
        """What is wrong, and how to mend it."""
        return Problem(self.code, params={"line": self.line, "column": self.column, **self.params}).words(locale)


def read_yaml(text: str) -> tuple[Any, Marks]:
    """The one value in the text, and where each part of it stands. Raises TextError."""
    if len(text) > MAX_TEXT:
        raise TextError("text_too_large", limit=MAX_TEXT // 1024 // 1024)
    marks: Marks = {}
    try:
        return _Reader(yaml.parse(text, Loader=_Loader), marks).document(), marks
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
        raise TextError("text_syntax", line, column, reason=error.problem or error.context or "") from error
    except yaml.reader.ReaderError as error:
        before = text[: error.position] if isinstance(error.position, int) else ""
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise TextError("text_syntax", line, column, reason=error.reason) from error
    except UnicodeEncodeError as error:
        before = text[: error.start]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise TextError("text_syntax", line, column, reason="half of a surrogate pair") from error


class _Reader:
    """Builds plain values from the parser's events."""

    def __init__(self, events: Iterator[Any], marks: Marks) -> None:
        self._events = events
        self._marks = marks

    def document(self) -> Any:
        value: Any = None
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _error("text_syntax", event, reason="a second document begins")
                value = self._value(next(self._events), ())
        return value

    def _value(self, event: Any, path: tuple[str, ...]) -> Any:
        self._refuse(event, path)
        self._marks[path] = (event.start_mark.line + 1, event.start_mark.column + 1)
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(path)
        return self._object(path)

    def _refuse(self, event: Any, path: tuple[str, ...]) -> None:
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise _error("text_alias", event)
        if event.tag is not None:
            raise _error("text_tag", event)
        if len(path) > MAX_DEPTH:
            raise _error("text_too_deep", event, limit=MAX_DEPTH)

    def _list(self, path: tuple[str, ...]) -> list[Any]:
        found: list[Any] = []
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            found.append(self._value(event, (*path, str(len(found)))))
        return found

    def _object(self, path: tuple[str, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            self._refuse(event, path)
            if not isinstance(event, yaml.ScalarEvent) or not isinstance(_scalar(event), str):
                raise _error("text_key", event)
            if event.value in found:
                raise _error("text_duplicate_key", event, key=event.value)
            found[event.value] = self._value(next(self._events), (*path, event.value))
        return found


def _error(code: str, event: Any, **params: Any) -> TextError:
    return TextError(code, event.start_mark.line + 1, event.start_mark.column + 1, **params)


def _scalar(event: Any) -> Any:
    text: str = event.value
    if event.style is not None and event.style != "":  # quoted or block: always a text
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text
