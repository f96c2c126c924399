"""A process of its own that turns a foreign file into JSON lines: `python -m ...convert IN OUT`.

Its memory and processor time are limited: whatever a file does when it is read, it does not do it to the server.
The first line is the header, each other one `[row number, [cells]]`; what was found out is printed as JSON.
"""

import json
import resource
import sys
from collections.abc import Iterator
from typing import Any

from potok.records.imports import delimited, workbook
from potok.records.imports.encodings import by_mark, find_encoding
from potok.records.imports.limits import MEMORY, MOST_COLUMNS, MOST_ROWS, SAMPLES, SECONDS, Unreadable

_ZIP = b"PK\x03\x04"
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_OTHERS = (
    b"%PDF",
    b"{\\rtf",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
    b"\x7fELF",
)
_SAMPLED = 200
"""Rows in which samples are looked for."""


def sniff(path: str) -> tuple[dict[str, str], Iterator[list[str]]]:
    """What the file is by its content, whatever it is called, and its rows. Raises Unreadable."""
    with open(path, "rb") as file:
        head = file.read(4096)
    if head.startswith(_ZIP):
        return {"kind": "xlsx"}, workbook.rows(path)
    if head.startswith(_OLD_OFFICE):
        raise Unreadable("record.import.old_workbook")
    if head.startswith(_OTHERS) or (b"\0" in head and by_mark(head) is None):
        raise Unreadable("record.import.not_a_table")
    encoding = find_encoding(path)
    delimiter = delimited.look(path, encoding)
    found = {"kind": "csv", "encoding": encoding, "delimiter": delimiter}
    return found, delimited.rows(path, encoding, delimiter)


def convert(source: str, target: str) -> dict[str, Any]:
    """Write the rows; what was found out about the file. Raises Unreadable."""
    found, rows = sniff(source)
    numbered = ((number, [cell.strip() for cell in row]) for number, row in enumerate(rows, 1))
    filled = ((number, row) for number, row in numbered if any(row))
    _, header = next(filled, (0, []))
    if not header:
        raise Unreadable("record.import.empty")
    while header and not header[-1]:
        header.pop()
    if len(header) > MOST_COLUMNS:
        raise Unreadable("record.import.too_many_columns", most=MOST_COLUMNS)
    samples: list[list[str]] = [[] for _ in header]
    count = 0
    with open(target, "w", encoding="utf-8") as out:
        out.write(json.dumps(header, ensure_ascii=False) + "\n")
        for number, row in filled:
            count += 1
            if count > MOST_ROWS:
                raise Unreadable("record.import.too_many_rows", most=MOST_ROWS)
            cells = row[: len(header)]
            if count <= _SAMPLED:
                for place, cell in enumerate(cells):
                    if cell and len(samples[place]) < SAMPLES and cell not in samples[place]:
                        samples[place].append(cell[:200])
            out.write(json.dumps([number, cells], ensure_ascii=False) + "\n")
    if not count:
        raise Unreadable("record.import.empty")
    columns = [{"name": name[:200], "samples": samples[place]} for place, name in enumerate(header)]
    return {"source": found, "columns": columns, "rows": count}


def main(source: str, target: str) -> None:
    """Convert within the limits and print the outcome."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    try:
        answer = convert(source, target)
    except Unreadable as refusal:
        answer = {"problem": {"code": refusal.code, "params": refusal.params}}
    except MemoryError:
        answer = {"problem": {"code": "record.import.unpacks_too_large", "params": {"most": MEMORY}}}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
