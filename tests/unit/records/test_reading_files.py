"""Any table an office has is read as it is meant, and a file made to do harm is refused in words."""

import io
import json
import subprocess
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from potok.records.imports import limits
from potok.records.imports.convert import convert
from potok.records.imports.limits import Unreadable

PEOPLE = "Имя;Телефон\nАнна Ёлкина;+7 916\nБорис;8 800\n"


def read(tmp_path: Path, content: bytes) -> tuple[dict[str, Any], list[Any]]:
    source, target = tmp_path / "in", tmp_path / "out"
    source.write_bytes(content)
    found = convert(str(source), str(target))
    return found, [json.loads(line) for line in target.read_text("utf-8").splitlines()]


def refused(tmp_path: Path, content: bytes) -> str:
    with pytest.raises(Unreadable) as refusal:
        read(tmp_path, content)
    return refusal.value.code


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1251", "koi8-r", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found(tmp_path: Path, encoding: str, delimiter: str) -> None:
    found, lines = read(tmp_path, PEOPLE.replace(";", delimiter).encode(encoding))
    assert lines == [["Имя", "Телефон"], [2, ["Анна Ёлкина", "+7 916"]], [3, ["Борис", "8 800"]]]
    assert (found["source"]["encoding"], found["source"]["delimiter"]) == (encoding, delimiter)


@pytest.mark.parametrize(
    "text", ["ООО РОМАШКА;ИВАНОВ", "привет;мир и труд", "Санкт-Петербург;Невский проспект, д. 5"]
)
@pytest.mark.parametrize("encoding", ["cp1251", "koi8-r"])
def test_russian_is_told_from_its_likeness(tmp_path: Path, text: str, encoding: str) -> None:
    found, _ = read(tmp_path, f"Название;Имя\n{text}\n".encode(encoding))
    assert found["source"]["encoding"] == encoding


def test_a_letter_far_behind_decides_against_utf8(tmp_path: Path) -> None:
    text = "name\n" + "plain\n" * 30_000 + "Привет из конца файла\n"
    assert read(tmp_path, text.encode("cp1251"))[0]["source"]["encoding"] == "cp1251"
    assert read(tmp_path, text.encode())[0]["source"]["encoding"] == "utf-8"


def test_quoted_cells_hold_lines_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    _, lines = read(tmp_path, b'sep=;\nname;note\n\n"a";"two\nlines; ""quoted"""\nb;\n')
    assert lines == [["name", "note"], [4, ["a", 'two\nlines; "quoted"']], [5, ["b", ""]]]


def workbook(*rows: list[Any]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def test_a_workbook_is_read_as_people_see_it(tmp_path: Path) -> None:
    content = workbook(
        ["Name", "Sum", "Day", "Moment", "Yes", None],
        [79161234567, 0.1 + 0.2, date(2026, 11, 24), datetime(2026, 11, 24, 10, 30), True],  # noqa: DTZ001 - a sheet knows no zones
        [],
        ["last", 1e3],
    )
    found, lines = read(tmp_path, content)
    assert found["source"] == {"kind": "xlsx"}
    assert lines[1] == [2, ["79161234567", "0.3", "2026-11-24", "2026-11-24T10:30:00", "true"]]
    assert lines[2][0] == 4
    assert lines[2][1][:2] == ["last", "1000"]


def patched(content: bytes, name: str, change: Any) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.namelist():
            new.writestr(one, change(old.read(one)) if one == name else old.read(one))
    return held.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def test_a_formula_counts_as_the_value_it_had(tmp_path: Path) -> None:
    content = workbook(["Name", "Sum"], ["a", 42])
    formula = patched(content, SHEET, lambda xml: xml.replace(b"<v>42</v>", b"<f>40+2</f><v>42</v>"))
    assert read(tmp_path, formula)[1][1] == [2, ["a", "42"]]


def test_xml_that_reaches_out_is_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("top secret")
    head = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>'.encode()
    for name in (SHEET, "xl/workbook.xml"):
        harmful = patched(
            workbook(["Name"], ["a"]),
            name,
            lambda xml: head + xml.split(b"?>", 1)[-1].replace(b"<v>", b"<v>&e;"),
        )
        assert refused(tmp_path, harmful) == "record.import.unsafe_workbook"


def test_a_thousand_laughs_are_refused(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    head = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{entities}]>'.encode()
    harmful = patched(workbook(["Name"], ["a"]), SHEET, lambda xml: head + xml.split(b"?>", 1)[-1])
    assert refused(tmp_path, harmful) == "record.import.unsafe_workbook"


def test_a_zip_bomb_is_refused_unopened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = patched(workbook(["Name"], ["a"]), SHEET, lambda xml: xml + b" " * 30_000_000)
    assert len(bomb) < 100_000
    monkeypatch.setattr("potok.records.imports.workbook.UNPACKED", 20_000_000)
    assert refused(tmp_path, bomb) == "record.import.unpacks_too_large"


def test_a_member_that_unpacks_to_more_than_it_says_is_broken(tmp_path: Path) -> None:
    bomb = patched(workbook(["Name"], ["a"]), SHEET, lambda xml: xml + b" " * 3_000_000)
    with zipfile.ZipFile(io.BytesIO(bomb)) as archive:
        entry = archive.getinfo(SHEET)
    true, told = entry.file_size.to_bytes(4, "little"), (2_000).to_bytes(4, "little")
    assert refused(tmp_path, bomb.replace(true, told)) == "record.import.broken_workbook"


def test_a_row_far_below_costs_no_eternity(tmp_path: Path) -> None:
    far = patched(workbook(["Name"], ["a"]), SHEET, lambda xml: xml.replace(b'r="2"', b'r="2000000000"'))
    assert refused(tmp_path, far) == "record.import.too_many_rows"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "record.import.empty"),
        (b"only;a;header\n", "record.import.empty"),
        (b"\n\n", "record.import.empty"),
        (b"%PDF-1.7 ...", "record.import.not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500, "record.import.old_workbook"),
        (b"PK\x03\x04 broken", "record.import.broken_workbook"),
        (bytes(range(256)) * 20, "record.import.not_a_table"),
        (b'name\n"never closed' + b"x" * (limits.LONGEST_CELL + 10), "record.import.cell_too_long"),
        (";".join(f"c{n}" for n in range(301)).encode() + b"\n1\n", "record.import.too_many_columns"),
    ],
)
def test_what_is_no_table_is_refused_in_words(tmp_path: Path, content: bytes, code: str) -> None:
    assert refused(tmp_path, content) == code


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert refused(tmp_path, held.getvalue()) == "record.import.not_a_table"


def test_the_process_tells_its_refusal_as_json(tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(b"%PDF")
    command = [sys.executable, "-m", "potok.records.imports.convert", str(tmp_path / "in"), str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, check=True)
    assert json.loads(done.stdout) == {"problem": {"code": "record.import.not_a_table", "params": {}}}
