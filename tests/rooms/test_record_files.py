"""Tables brought to and taken from a served Potok: by whom, how large, and nothing in them runs as a formula."""

import io
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook
from tests.rooms.house import Api, House, Place
from tests.rooms.test_records import INSTALL, create, listed

from potok.records.service.importing import step

SHOW = """state file kind encoding delimiter rows progress mode match
  columns { index name samples field }
  report { created updated same skipped failed problems { row column problem { code message fix path } } }
  undo { removed restored kept } problem { code }"""
ONE = f"query ($id: ID!) {{ recordImport(id: $id) {{ {SHOW} }} }}"
CHECK = f"""mutation ($id: ID!, $columns: [RecordImportColumnInput!]!, $match: [String!]!,
  $mode: RecordImportMode!) {{
  checkRecordImport(id: $id, columns: $columns, match: $match, mode: $mode) {{
    recordImport {{ {SHOW} }} problems {{ code }} }} }}"""
RUN = "mutation ($id: ID!) { runRecordImport(id: $id) { recordImport { state } problems { code } } }"
UNDO = "mutation ($id: ID!) { undoRecordImport(id: $id) { recordImport { state } problems { code } } }"
DISCARD = "mutation ($id: ID!) { discardRecordImport(id: $id) { done problems { code } } }"


async def post(api: Api, content: bytes, type: str = "contact", **headers: str) -> httpx.Response:
    query = {"type": type, "name": "../people.csv"}
    return await api.client.post("/records/import", params=query, content=content, headers=api.headers | headers)


async def worked(house: House) -> None:
    """What the worker does in the background."""
    while await step(house.session):
        pass


async def chosen(api: Api, import_id: str) -> list[dict[str, Any]]:
    found = (await api(ONE, id=import_id))["recordImport"]
    return [{"index": one["index"], "field": one["field"]} for one in found["columns"] if one["field"]]


async def test_a_table_from_windows_becomes_contacts_and_can_be_taken_back(house: House, builder: Api) -> None:
    await builder(INSTALL)
    content = "Имя;Мобильный;Эл. почта;Заметка\nАнна;8 916 000-00-01;ANNA@example.com;x\nБорис;12;;\n".encode(
        "cp1251"
    )
    answer = await post(builder, content)
    assert answer.status_code == 201, answer.text
    import_id = answer.json()["id"]
    found = (await builder(ONE, id=import_id))["recordImport"]
    assert (found["file"], found["kind"], found["encoding"], found["delimiter"]) == (
        "people.csv",
        "csv",
        "cp1251",
        ";",
    )
    assert [one["field"] for one in found["columns"]] == ["name", "phone", "email", None]
    assert found["columns"][1]["samples"] == ["8 916 000-00-01", "12"]
    columns = await chosen(builder, import_id)
    begun = (await builder(CHECK, id=import_id, columns=columns, match=["phone"], mode="UPDATE"))[
        "checkRecordImport"
    ]
    assert (begun["recordImport"]["state"], begun["problems"]) == ("CHECKING", [])
    await worked(house)
    found = (await builder(ONE, id=import_id))["recordImport"]
    assert (found["state"], found["report"]["created"], found["report"]["failed"]) == ("CHECKED", 1, 1)
    [problem] = found["report"]["problems"]
    assert (problem["row"], problem["column"], problem["problem"]["code"]) == (
        3,
        "Мобильный",
        "record.value.not_phone",
    )
    await builder(RUN, id=import_id)
    await worked(house)
    assert await listed(builder, type="contact") == ["Анна"]
    lines = (await builder('query { recordImports(type: "contact") { state progress } }'))["recordImports"]
    assert lines == [{"state": "DONE", "progress": 1.0}]
    assert (await builder(RUN, id=import_id))["runRecordImport"]["problems"] == [{"code": "record.import.not_now"}]
    await builder(UNDO, id=import_id)
    await worked(house)
    found = (await builder(ONE, id=import_id))["recordImport"]
    assert (found["state"], found["undo"]) == ("UNDONE", {"removed": 1, "restored": 0, "kept": 0})
    assert await listed(builder, type="contact") == []
    assert await listed(builder, type="contact", trash=True) == ["Анна"]


async def test_only_who_works_with_records_brings_files(
    builder: Api, viewer: Api, nobody: Api, stranger: Api
) -> None:
    await builder(INSTALL)
    content = b"name\na\n"
    assert (await post(nobody, content)).status_code == 401
    assert (await post(viewer, content)).status_code == 403
    import_id = (await post(builder, content)).json()["id"]
    assert (await post(stranger, content)).json()["error"]["code"] == "record.type_not_found"
    assert (await stranger(ONE, id=import_id))["recordImport"] is None
    assert await viewer.refused(ONE, id=import_id) == "forbidden"
    assert (await stranger(DISCARD, id=import_id))["discardRecordImport"]["done"] is False
    assert (await builder(DISCARD, id=import_id))["discardRecordImport"]["done"] is True
    assert (await builder(ONE, id=import_id))["recordImport"] is None


async def test_another_sites_page_brings_nothing(house: House, place: Place) -> None:
    headers = {"Origin": "https://evil.example", "Cookie": "potok_session=x"}
    async with house.client(**headers) as client:
        assert (await client.post("/records/import?type=contact", content=b"name\na\n")).status_code == 403
        assert (await client.get("/records/export?type=contact")).status_code == 403


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"%PDF-1.7", "record.import.not_a_table"), (b"PK\x03\x04x", "record.import.broken_workbook")],
)
async def test_what_is_no_table_is_refused_in_words(builder: Api, content: bytes, code: str) -> None:
    await builder(INSTALL)
    answer = await post(builder, content, **{"Accept-Language": "ru"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)
    assert answer.json()["error"]["fix"].startswith(("Сохраните", "Откройте"))


async def test_a_file_beyond_the_limit_is_refused_and_a_large_one_is_taken(
    house: House, builder: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    await builder(INSTALL)
    row = b"x" * 1_000 + b"\n"
    large = await post(builder, b"name\n" + row * 11_000)
    assert large.status_code == 201, "more than other bodies may have"

    async def much() -> Any:
        for _ in range(101):
            yield b"x" * 1024 * 1024

    announced = {"content-length": str(101 * 1024 * 1024)}
    answer = await builder.client.post(
        "/records/import?type=contact", content=much(), headers=builder.headers | announced
    )
    assert answer.status_code == 413


async def export(api: Api, **query: Any) -> httpx.Response:
    return await api.client.get("/records/export", params=query, headers=api.headers)


async def test_an_export_has_the_lists_filter_order_and_columns(builder: Api) -> None:
    await builder(INSTALL)
    anna = await create(builder, "contact", name="Анна")
    for title, amount in (("=1+1", "1234.5"), ("-2", "-5"), ('Three; "quoted"', "7"), ("other", "1")):
        await create(builder, "deal", title=title, amount=amount, contact=anna["id"], close_date="2026-11-24")
    query = {
        "type": "deal",
        "filter": '{"rules": [{"field": "title", "op": "ne", "value": "other"}]}',
        "sort": "-amount",
        "field": ["title", "amount", "contact", "close_date"],
    }
    answer = await export(builder, **query)
    assert answer.headers["content-disposition"] == 'attachment; filename="deal.csv"'
    lines = answer.content.decode("utf-8-sig").split("\r\n")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert lines[1:] == [
        "'=1+1;1234,5;Анна;2026-11-24",
        '"Three; ""quoted""";7;Анна;2026-11-24',
        "'-2;-5;Анна;2026-11-24",
        "",
    ]
    plain = await export(builder, **query, delimiter=",", encoding="cp1251")
    assert plain.content.decode("cp1251").split("\r\n")[1] == "'=1+1,1234.5,Анна,2026-11-24"
    book = load_workbook(io.BytesIO((await export(builder, **query, format="xlsx")).content))
    assert book.active is not None
    rows = list(book.active.iter_rows())
    assert [cell.value for cell in rows[1]] == ["=1+1", 1234.5, "Анна", "2026-11-24"]
    assert [cell.data_type for cell in rows[1]] == ["s", "n", "s", "s"]


async def test_what_was_exported_can_be_imported_again(house: House, builder: Api) -> None:
    await builder(INSTALL)
    await create(builder, "contact", name="@Anna", phone="89160000001")
    content = (await export(builder, type="contact", field=["name", "phone"])).content
    assert b"'+79160000001" in content
    import_id = (await post(builder, content)).json()["id"]
    columns = await chosen(builder, import_id)
    await builder(CHECK, id=import_id, columns=columns, match=["phone"], mode="UPDATE")
    await worked(house)
    report = (await builder(ONE, id=import_id))["recordImport"]["report"]
    assert (report["same"], report["failed"], report["problems"]) == (1, 0, [])


async def test_an_export_of_many_pages_has_every_record_once(house: House, builder: Api) -> None:
    await builder(INSTALL)
    content = b"name\n" + b"".join(b"c%d\n" % number for number in range(2_100))
    import_id = (await post(builder, content)).json()["id"]
    await builder(CHECK, id=import_id, columns=await chosen(builder, import_id), match=[], mode="ADD")
    await worked(house)
    await builder(RUN, id=import_id)
    await worked(house)
    lines = (await export(builder, type="contact", field="name")).text.split("\r\n")[1:-1]
    assert sorted(lines) == sorted(f"c{number}" for number in range(2_100))


async def test_an_export_is_refused_like_its_list(builder: Api, nobody: Api, stranger: Api) -> None:
    await builder(INSTALL)
    assert (await export(nobody, type="deal")).status_code == 401
    assert (await export(stranger, type="deal")).json()["error"]["code"] == "record.type_not_found"
    for query, code in (
        ({"field": "moon"}, "record.no_such_field"),
        ({"filter": "{"}, "record.filter_invalid"),
        ({"filter": '{"rules": [{"field": "moon"}]}'}, "record.no_such_field"),
        ({"sort": "moon"}, "record.no_such_field"),
        ({"format": "exe"}, "record.export.invalid"),
        ({"encoding": "utf-7"}, "record.export.invalid"),
    ):
        answer = await export(builder, type="deal", **query)
        assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)
