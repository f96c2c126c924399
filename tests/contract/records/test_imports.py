"""A file becomes records: tried first, written in parts, taken back; whoever is there already is recognised."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest
from tests.contract.records.conftest import Office, field

from potok.problems import Refused
from potok.records.models_imports import RecordImport
from potok.records.reading import Wish
from potok.records.service import imports
from potok.records.service.importing import step


async def bring(
    office: Office, tmp_path: Path, type_key: str, text: str | bytes, name: str = "x.csv"
) -> RecordImport:
    """The file as the upload route takes it."""
    source, rows = tmp_path / "source", tmp_path / "rows"
    source.write_bytes(text if isinstance(text, bytes) else text.encode())
    command = [sys.executable, "-m", "potok.records.imports.convert", str(source), str(rows)]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, check=True)
    async with office.session() as db, db.begin():
        return await imports.take_file(db, office.caller, type_key, name, json.loads(done.stdout), rows)


async def go_on(office: Office, made: RecordImport) -> RecordImport:
    """Until nothing is left to do."""
    while await step(office.session):
        pass
    async with office.session() as db:
        return await imports.get_import(db, office.caller, made.id)


async def tried(
    office: Office, made: RecordImport, match: list[str] | None = None, mode: str = "add", **columns: int
) -> RecordImport:
    """The dry run; without columns as guessed."""
    chosen = {place: key for key, place in columns.items()} or {int(k): v for k, v in made.plan["columns"].items()}
    async with office.session() as db, db.begin():
        await imports.check(db, office.caller, made.id, chosen, match or [], mode)
    return await go_on(office, made)


async def imported(office: Office, made: RecordImport) -> RecordImport:
    async with office.session() as db, db.begin():
        await imports.start(db, office.caller, made.id)
    return await go_on(office, made)


async def undone(office: Office, made: RecordImport) -> RecordImport:
    async with office.session() as db, db.begin():
        await imports.undo(db, office.caller, made.id)
    return await go_on(office, made)


async def everything(office: Office, type_key: str = "contact") -> dict[str, Any]:
    return {one.title: one.data for one in await office.page(type_key, Wish(), 1000)}


def counts(made: RecordImport) -> dict[str, int]:
    return {name: count for name, count in made.report.items() if isinstance(count, int) and count}


async def test_what_was_tried_is_what_happens(office: Office, tmp_path: Path) -> None:
    await office.put("contact", name="Anna", phone="+79160000001")
    text = "Name;Phone;Discount\nAnna B;8 916 000 00 01;5\nBoris;8 916 000 00 02;7,5\n;89160000003;1\nVera;12;2\n"
    made = await bring(office, tmp_path, "contact", text)
    assert made.plan["columns"] == {"0": "name", "1": "phone", "2": "discount"}
    done = await tried(office, made, ["phone"], "update")
    assert done.state == "checked"
    assert counts(done) == {"created": 1, "updated": 1, "failed": 2}
    assert {(one["row"], one["column"], one["code"]) for one in done.report["problems"]} == {
        (4, "Name", "record.value.required"),
        (5, "Phone", "record.value.not_phone"),
    }
    assert set(await everything(office)) == {"Anna"}, "a try writes nothing"
    done = await imported(office, made)
    assert done.state == "done"
    assert counts(done) == {"created": 1, "updated": 1, "failed": 2}
    found = await everything(office)
    assert set(found) == {"Anna B", "Boris"}
    assert str(found["Boris"]["discount"]) == "7.5"


@pytest.mark.parametrize(
    ("mode", "names", "expected"),
    [
        ("skip", {"Anna"}, {"skipped": 3}),
        ("update", {"Anna C"}, {"updated": 3}),
        ("add", {"Anna"}, {"failed": 3}),
    ],
)
async def test_who_is_there_already_is_skipped_changed_or_added(
    office: Office, tmp_path: Path, mode: str, names: set[str], expected: dict[str, int]
) -> None:
    await office.put("contact", name="Anna", phone="+79160000001")
    text = "name,phone\nAnna A,+7 916 000-00-01\nAnna B,89160000001\nAnna C,9160000001\n"
    made = await bring(office, tmp_path, "contact", text)
    assert counts(await tried(office, made, ["phone"], mode)) == expected
    assert counts(await imported(office, made)) == expected
    assert set(await everything(office)) == names


async def test_a_value_that_comes_again_parts_later_is_known(office: Office, tmp_path: Path) -> None:
    rows = [f"c{n},+7916{n % 1_200:07}" for n in range(2_300)]
    made = await bring(office, tmp_path, "contact", "name,phone\n" + "\n".join(rows))
    assert made.parts == 3
    assert counts(await tried(office, made, ["phone"], "skip")) == {"created": 1_200, "skipped": 1_100}
    assert counts(await imported(office, made)) == {"created": 1_200, "skipped": 1_100}
    again = await bring(office, tmp_path, "contact", "name,phone\n" + "\n".join(rows))
    assert counts(await tried(office, again)) == {"failed": 2_300}
    assert len(again.report.get("problems", [])) <= 100


async def test_cells_name_records_by_title_and_by_what_is_unique(office: Office, tmp_path: Path) -> None:
    anna = await office.put("contact", name="Anna", phone="+79160000001")
    for _ in range(2):
        await office.put("contact", name="Twin")
    lines = [
        "title\tcontact\tamount\tclose\tvip",
        "a\tanna\t1 234,50 ₽\t24.11.2026\tда",
        "b\t+79160000001\t5\t\t",
        "c\tTwin",
        "d\tNobody",
    ]
    text = "\n".join(lines)
    made = await bring(office, tmp_path, "deal", text)
    done = await tried(office, made)
    assert {(one["row"], one["code"]) for one in done.report["problems"]} == {
        (4, "record.import.ambiguous"),
        (5, "record.value.no_such_record"),
    }
    await imported(office, made)
    found = await everything(office, "deal")
    assert found["a"]["contact"] == found["b"]["contact"] == str(anna)
    assert found["a"]["amount"] == {"amount": "1234.5", "currency": "RUB"}
    assert (found["a"]["close"], found["a"]["vip"]) == ("2026-11-24", True)


async def test_an_undone_import_leaves_what_people_did_since(office: Office, tmp_path: Path) -> None:
    old = await office.put("contact", name="Anna", phone="+79160000001", discount=1)
    late = await office.put("contact", name="Vera", phone="+79160000002", discount=1)
    text = "name,phone,discount\nAnna B,+79160000001,5\nVera B,+79160000002,5\nNew,+79160000003,5\n"
    made = await bring(office, tmp_path, "contact", text)
    await tried(office, made, ["phone"], "update")
    await imported(office, made)
    await office.put("contact", id=late, name="Vera C")
    done = await undone(office, made)
    assert done.state == "undone"
    assert done.report["undo"] == {"removed": 1, "restored": 2, "kept": 1}
    found = await everything(office)
    assert {title: str(data["discount"]) for title, data in found.items()} == {"Anna": "1", "Vera C": "1"}
    assert [one.title for one in await office.page("contact", Wish(trash=True))] == ["New"]
    with pytest.raises(Refused, match=r"."):
        await undone(office, made)
    assert (await office.get("contact", old)).title == "Anna"


async def test_a_crash_between_parts_loses_and_doubles_nothing(office: Office, tmp_path: Path) -> None:
    made = await bring(office, tmp_path, "contact", "name\n" + "\n".join(f"c{n}" for n in range(2_500)))
    await tried(office, made)
    async with office.session() as db, db.begin():
        await imports.start(db, office.caller, made.id)
    assert await step(office.session)
    dying = asyncio.create_task(step(office.session))
    await asyncio.sleep(0.02)
    dying.cancel()
    await asyncio.wait([dying])
    done = await go_on(office, made)
    assert (done.state, counts(done)) == ("done", {"created": 2_500})
    [[count]] = await office.fetch("SELECT count(*) FROM record WHERE type_id = $1", made.type_id)
    assert count == 2_500


async def test_memory_does_not_grow_with_the_file(office: Office, tmp_path: Path) -> None:
    await office.add_type("thing", field("name", "text"), field("note", "text"), title="name")
    filling = "x" * 300
    text = "name,note\n" + "\n".join(f"c{n},{filling}{n}" for n in range(12_000))
    made = await bring(office, tmp_path, "thing", text)
    await tried(office, made)
    async with office.session() as db, db.begin():
        await imports.start(db, office.caller, made.id)
    for _ in range(4):
        await step(office.session)
    before = psutil.Process().memory_info().rss
    done = await go_on(office, made)
    assert counts(done) == {"created": 12_000}
    assert psutil.Process().memory_info().rss - before < 8 * 1024 * 1024


@pytest.mark.parametrize(
    ("columns", "match", "mode", "code"),
    [
        ({}, [], "add", "record.import.plan_invalid"),
        ({7: "name"}, [], "add", "record.import.plan_invalid"),
        ({0: "name"}, [], "merge", "record.import.plan_invalid"),
        ({0: "name", 1: "name"}, [], "add", "record.import.field_twice"),
        ({0: "moon"}, [], "add", "record.no_such_field"),
        ({0: "name"}, [], "update", "record.import.match_missing"),
        ({0: "name"}, ["phone"], "skip", "record.import.match_unmapped"),
    ],
)
async def test_a_plan_that_makes_no_sense_is_refused(
    office: Office, tmp_path: Path, columns: dict[int, str], match: list[str], mode: str, code: str
) -> None:
    made = await bring(office, tmp_path, "contact", "name,phone\na,\n")
    async with office.session() as db:
        with pytest.raises(Refused) as refused:
            await imports.check(db, office.caller, made.id, columns, match, mode)
        assert [one.code for one in refused.value.problems] == [code]
