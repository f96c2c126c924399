"""Rows of a CSV file, whatever separates them: , ; tab or |. Quoted cells may hold line ends."""

import csv
import io
from collections import Counter
from collections.abc import Iterator

from potok.records.imports.limits import LONGEST_CELL, Unreadable

DELIMITERS = (";", ",", "\t", "|")
_SAMPLE_ROWS = 50
_SAMPLE_SIGNS = 64 * 1024


def find_delimiter(sample: str) -> str:
    """What cuts most lines into the same number of cells."""
    first = sample.split("\n", 1)[0].strip()
    if first.lower().startswith("sep=") and first[4:] in DELIMITERS:
        return first[4:]
    return max(DELIMITERS, key=lambda one: _evenness(sample, one))


def _evenness(sample: str, delimiter: str) -> tuple[int, int]:
    lengths: Counter[int] = Counter()
    try:
        for number, row in enumerate(csv.reader(io.StringIO(sample), delimiter=delimiter)):
            if number >= _SAMPLE_ROWS:
                break
            if row:
                lengths[len(row)] += 1
    except csv.Error:
        return (0, 0)
    if not lengths:
        return (0, 0)
    width, times = max(lengths.items(), key=lambda pair: (pair[1], pair[0]))
    return (times, width) if width > 1 else (0, 0)


def look(path: str, encoding: str) -> str:
    """The delimiter of a file."""
    with open(path, encoding=encoding, errors="replace", newline="") as file:
        return find_delimiter(file.read(_SAMPLE_SIGNS))


def rows(path: str, encoding: str, delimiter: str) -> Iterator[list[str]]:
    """All rows, empty ones too, so that their numbers are those a spreadsheet shows. Raises Unreadable."""
    csv.field_size_limit(LONGEST_CELL)
    number = 1
    with open(path, encoding=encoding, errors="replace", newline="") as file:
        reader = csv.reader(file, delimiter=delimiter)
        try:
            for number, row in enumerate(reader, 1):
                if number == 1 and len(row) <= 2 and row and row[0].lower().startswith("sep="):
                    yield []
                else:
                    yield row
        except (csv.Error, UnicodeError):
            raise Unreadable("record.import.cell_too_long", row=number + 1, most=LONGEST_CELL) from None
