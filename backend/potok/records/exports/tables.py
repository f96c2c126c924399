"""CSV and XLSX written row by row: `begin`, `rows` and `end` answer the bytes there are so far.

What a spreadsheet would take for a formula stays text: in CSV behind an apostrophe, in XLSX as a string cell.
"""

import csv
import io
import zipfile
from collections.abc import Sequence
from typing import Protocol
from xml.sax.saxutils import escape

from potok.records.exports.cells import Cell

_STARTS = ("=", "+", "-", "@", "\t", "\r")
MOST_SHEET_ROWS = 1_048_576
"""A sheet has no more; so the list is refused rather than cut."""


class Table(Protocol):
    """A file that is being written."""

    media_type: str
    suffix: str

    def rows(self, rows: Sequence[Sequence[Cell]]) -> bytes:
        """More rows."""
        ...

    def end(self) -> bytes:
        """What is left."""
        ...


def guarded(text: str) -> str:
    """A text that no spreadsheet reckons."""
    return f"'{text}" if text.startswith(_STARTS) else text


class Csv:
    """CSV. Decimals have a comma where `;` separates: that is how spreadsheets with Russian settings read them."""

    media_type = "text/csv"
    suffix = "csv"

    def __init__(self, delimiter: str, encoding: str) -> None:
        self._encoding = encoding
        self._comma = delimiter == ";"
        self._held = io.StringIO()
        self._writer = csv.writer(self._held, delimiter=delimiter, lineterminator="\r\n")
        self._mark = "\ufeff" if encoding == "utf-8" else ""

    def rows(self, rows: Sequence[Sequence[Cell]]) -> bytes:
        """More rows."""
        self._writer.writerows([self._text(cell) for cell in row] for row in rows)
        text = self._mark + self._held.getvalue()
        self._mark = ""
        self._held.seek(0)
        self._held.truncate()
        return text.encode(self._encoding, "replace")

    def end(self) -> bytes:
        """Nothing more."""
        return b""

    def _text(self, cell: Cell) -> str:
        if cell.is_number:
            return cell.text.replace(".", ",") if self._comma else cell.text
        return guarded(cell.text)


class _Sink(io.RawIOBase):
    """What zipfile writes, taken away piece by piece; it cannot seek, so zipfile never wants back."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]  # any buffer, as RawIOBase has it
        self._held += piece
        return len(piece)

    def take(self) -> bytes:
        """Everything since the last time."""
        found = bytes(self._held)
        self._held.clear()
        return found


_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{to}"/>'
    "</Relationships>"
)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_BOOK = (
    f'<workbook xmlns="{_MAIN}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="{name}" sheetId="1" r:id="r1"/></sheets></workbook>'
)
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
_MOST_DIGITS = 15
"""Excel keeps no more of a number; a longer one stays a text."""


class Xlsx:
    """A workbook of one sheet with texts and numbers."""

    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    suffix = "xlsx"

    def __init__(self, name: str) -> None:
        self._sink = _Sink()
        self._zip = zipfile.ZipFile(self._sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1)
        book = _BOOK.replace("{name}", escape("".join(c for c in name if c not in "[]:*?/\\'\"")[:31] or "1"))
        self._zip.writestr("[Content_Types].xml", _HEAD + _TYPES)
        self._zip.writestr("_rels/.rels", _HEAD + _RELATIONS.format(kind="officeDocument", to="xl/workbook.xml"))
        self._zip.writestr("xl/workbook.xml", _HEAD + book)
        relations = _RELATIONS.format(kind="worksheet", to="worksheets/sheet1.xml")
        self._zip.writestr("xl/_rels/workbook.xml.rels", _HEAD + relations)
        self._sheet = self._zip.open("xl/worksheets/sheet1.xml", "w", force_zip64=True)
        self._sheet.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())

    def rows(self, rows: Sequence[Sequence[Cell]]) -> bytes:
        """More rows."""
        text = "".join(f"<row>{''.join(map(_xml, row))}</row>" for row in rows)
        self._sheet.write(text.encode("utf-8", "replace"))
        return self._sink.take()

    def end(self) -> bytes:
        """What is left."""
        self._sheet.write(b"</sheetData></worksheet>")
        self._sheet.close()
        self._zip.close()
        return self._sink.take()


_LOST = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])
"""Signs XML has no way to write."""


def _xml(cell: Cell) -> str:
    if not cell.text:
        return "<c/>"
    if cell.is_number and sum(map(str.isdigit, cell.text)) <= _MOST_DIGITS:
        return f"<c><v>{cell.text}</v></c>"
    text = escape(cell.text.translate(_LOST))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
