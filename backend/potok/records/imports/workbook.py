"""Rows of the first sheet of an XLSX file as texts. Formulas count as the values they had when it was saved.

openpyxl reads with defusedxml when that is there, which refuses entities and outside files; what it would unpack
is added up before: zipfile never reads more of a member than its entry announces.
"""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO

from defusedxml.common import DefusedXmlException
from openpyxl import DEFUSEDXML, load_workbook

from potok.records.imports.limits import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_FILES,
    MOST_ROWS,
    UNPACKED,
    UNPACKED_TEXTS,
    Unreadable,
)


def check_archive(path: str) -> None:
    """Raises Unreadable for a zip bomb, and for what is no workbook."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError):
        raise Unreadable("record.import.broken_workbook") from None
    names = {one.filename for one in members}
    if "xl/workbook.xml" not in names:
        raise Unreadable("record.import.not_a_table")
    texts = max(
        (one.file_size for one in members if one.filename.lower().endswith("sharedstrings.xml")), default=0
    )
    unpacked = sum(one.file_size for one in members)
    if len(members) > MOST_FILES or unpacked > UNPACKED or texts > UNPACKED_TEXTS:
        raise Unreadable("record.import.unpacks_too_large", most=UNPACKED)


def rows(path: str) -> Iterator[list[str]]:
    """All rows of the first sheet that has any, empty ones too. Raises Unreadable."""
    assert DEFUSEDXML, "openpyxl must not read without defusedxml"
    check_archive(path)
    with open(path, "rb") as file:  # by its name openpyxl would only take .xlsx
        yield from _sheet(file)


def _sheet(file: BinaryIO) -> Iterator[list[str]]:
    try:
        book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        for sheet in book.worksheets:
            sheet.reset_dimensions()
            empty = True
            for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
                if number > 2 * MOST_ROWS:
                    raise Unreadable("record.import.too_many_rows", most=MOST_ROWS)
                cells = [as_text(value) for value in row[:MOST_COLUMNS]]
                empty = empty and not any(cells)
                if any(row[MOST_COLUMNS:]):
                    raise Unreadable("record.import.too_many_columns", most=MOST_COLUMNS)
                yield cells
            if not empty:
                return
    except Unreadable:
        raise
    except MemoryError:
        raise Unreadable("record.import.unpacks_too_large", most=UNPACKED) from None
    except Exception as error:  # openpyxl says what is broken in a workbook by any kind of exception
        code = "unsafe_workbook" if _is_unsafe(error) else "broken_workbook"
        raise Unreadable(f"record.import.{code}") from error


def _is_unsafe(error: BaseException | None) -> bool:
    """openpyxl wraps what defusedxml refuses."""
    while error is not None and not isinstance(error, DefusedXmlException):
        error = error.__cause__ or error.__context__
    return error is not None


def as_text(value: Any) -> str:
    """A cell the way a person reads it; what Excel shows of a number are its 15 digits."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else format(value, ".15g")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)[:LONGEST_CELL]
