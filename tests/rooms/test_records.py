"""The records room through the API: types made by clicking, records written and found, and who may do what."""

from typing import Any

import pytest
from tests.rooms.house import Api

FIELDS = "id key kind name required unique operators shownAs summed computed settings"
INSTALL = 'mutation { installPack(name: "crm") { added problems { code } } }'
ADD_TYPE = f"""mutation ($type: ObjectTypeInput!) {{ addObjectType(type: $type) {{
  type {{ id key name plural fields {{ {FIELDS} }} }} problems {{ code message path }} }} }}"""
ADD_FIELD = f"""mutation ($type: String!, $field: ObjectFieldInput!) {{
  addObjectField(type: $type, field: $field) {{
  type {{ fields {{ {FIELDS} }} }} problems {{ code message path }} }} }}"""
RECORD = "id title values errors version deletedAt refs { id type title }"
CREATE = f"""mutation ($type: String!, $values: JSON!) {{ createRecord(type: $type, values: $values) {{
  record {{ {RECORD} }} problems {{ code message path }} }} }}"""
UPDATE = f"""mutation ($type: String!, $id: ID!, $values: JSON!, $version: Int) {{
  updateRecord(type: $type, id: $id, values: $values, version: $version) {{
  record {{ {RECORD} }} problems {{ code message path }} }} }}"""
LIST = f"""query ($type: String!, $filter: JSON, $sort: [RecordSort!], $search: String! = "",
  $trash: Boolean! = false, $first: Int! = 50, $after: String) {{
  records(type: $type, filter: $filter, sort: $sort, search: $search, trash: $trash,
    first: $first, after: $after) {{
    edges {{ cursor node {{ {RECORD} }} }} pageInfo {{ endCursor hasNextPage }} }} }}"""
SUMS = """query ($type: String!, $filter: JSON) { recordSums(type: $type, fields: ["amount"], filter: $filter) {
  count sums } recordGroups(type: $type, by: "discount", fields: ["amount"]) { value count sums } }"""
TIMELINE = """query ($id: ID!) { recordTimeline(type: "deal", id: $id) { nodes { what changes
  actor { user key scenario } } } }"""
EQUIPMENT = {
    "key": "equipment",
    "names": {"en": {"one": "Equipment", "many": "Equipment"}, "ru": "Оборудование"},
    "titleField": "name",
    "fields": [
        {"key": "name", "kind": "text", "names": {"en": "Name", "ru": "Название"}, "required": True},
        {"key": "bought", "kind": "date", "names": {"en": "Bought"}},
        {"key": "owner_contact", "kind": "relation", "names": {"en": "Owner"}, "settings": {"target": "contact"}},
        {"key": "guarantee", "kind": "formula", "names": {"en": "Guarantee until"},
         "settings": {"formula": "EDATE(bought; 12)", "result": "date"}},
    ],
}  # fmt: skip


async def create(api: Api, type_key: str, **values: Any) -> Any:
    answer = (await api(CREATE, type=type_key, values=values))["createRecord"]
    assert answer["problems"] == []
    return answer["record"]


async def listed(api: Api, **variables: Any) -> list[str]:
    found = await api(LIST, **variables)
    return [edge["node"]["title"] for edge in found["records"]["edges"]]


async def test_a_type_with_a_date_a_formula_and_a_relation_works_without_restart(builder: Api) -> None:
    await builder(INSTALL)
    answer = (await builder(ADD_TYPE, type=EQUIPMENT))["addObjectType"]
    assert answer["problems"] == []
    fields = {one["key"]: one for one in answer["type"]["fields"]}
    assert fields["guarantee"]["shownAs"] == "date"
    assert "gte" in fields["guarantee"]["operators"]
    anna = await create(builder, "contact", name="Anna")
    drill = await create(builder, "equipment", name="Drill", bought="24.11.2026", owner_contact=anna["id"])
    assert drill["values"]["guarantee"] == "2027-11-24"
    assert drill["refs"] == [{"id": anna["id"], "type": "contact", "title": "Anna"}]
    wish = {"rules": [{"field": "guarantee", "op": "gte", "value": "2027-01-01"}]}
    assert await listed(builder, type="equipment", filter=wish) == ["Drill"]


async def test_everything_wrong_with_a_record_is_told_at_once_in_the_readers_language(builder: Api) -> None:
    await builder(INSTALL)
    values = {"name": "", "phone": "12", "email": "x", "colour": 1}
    response = await builder.raw(CREATE, {"Accept-Language": "ru"}, type="contact", values=values)
    answer = response.json()["data"]["createRecord"]
    assert answer["record"] is None
    assert {problem["path"][0]: problem["code"] for problem in answer["problems"]} == {
        "name": "record.value.required",
        "phone": "record.value.not_phone",
        "email": "record.value.not_email",
        "colour": "record.no_such_field",
    }
    assert "телефон" in str([problem["message"] for problem in answer["problems"]])


async def test_pages_go_on_where_they_ended_whatever_the_sort(builder: Api) -> None:
    await builder(INSTALL)
    for number in range(7):
        await create(builder, "deal", title=f"d{number}", amount=number % 3)
    seen: list[str] = []
    after = None
    while True:
        sort = [{"field": "amount", "descending": True}]
        found = (await builder(LIST, type="deal", sort=sort, first=3, after=after))["records"]
        seen += [edge["node"]["title"] for edge in found["edges"]]
        after = found["pageInfo"]["endCursor"]
        if not found["pageInfo"]["hasNextPage"]:
            break
    assert sorted(seen) == [f"d{number}" for number in range(7)]
    assert [int(title[1]) % 3 for title in seen] == [2, 2, 1, 1, 0, 0, 0]
    assert await builder.refused(LIST, type="deal", after="nonsense") == "cursor_invalid"


async def test_sums_are_exact_texts(builder: Api) -> None:
    await builder(INSTALL)
    for amount, discount in (("0.10", "five"), ("0.20", "five"), ("1999.99", "none")):
        await create(builder, "deal", title="x", amount=amount, discount=discount)
    found = await builder(SUMS, type="deal")
    assert found["recordSums"] == {"count": 3, "sums": {"amount": "2000.29"}}
    groups = {one["value"]: (one["count"], one["sums"]["amount"]) for one in found["recordGroups"]}
    assert groups == {"five": (2, "0.3"), "none": (1, "1999.99")}


async def test_somebody_faster_is_told(builder: Api) -> None:
    await builder(INSTALL)
    deal = await create(builder, "deal", title="one")
    await builder(UPDATE, type="deal", id=deal["id"], values={"title": "two"}, version=1)
    answer = await builder(UPDATE, type="deal", id=deal["id"], values={"title": "three"}, version=1)
    assert [one["code"] for one in answer["updateRecord"]["problems"]] == ["record.changed_meanwhile"]


async def test_the_timeline_tells_what_was_and_what_is(builder: Api) -> None:
    await builder(INSTALL)
    deal = await create(builder, "deal", title="one", amount=100)
    await builder(UPDATE, type="deal", id=deal["id"], values={"amount": "250,50", "discount": "10 %"})
    lines = (await builder(TIMELINE, id=deal["id"]))["recordTimeline"]["nodes"]
    assert [line["what"] for line in lines] == ["CHANGED", "CREATED"]
    assert lines[0]["changes"]["amount"] == [
        {"amount": "100", "currency": "RUB"},
        {"amount": "250.5", "currency": "RUB"},
    ]
    assert lines[0]["changes"]["total"][1] == {"amount": "225.45", "currency": "RUB"}
    assert lines[0]["actor"]["key"]


async def test_the_trash_gives_back_what_was_thrown_away(builder: Api) -> None:
    await builder(INSTALL)
    deal = await create(builder, "deal", title="gone")
    binned = 'mutation ($ids: [ID!]!) { deleteRecords(type: "deal", ids: $ids) { done problems { code } } }'
    assert (await builder(binned, ids=[deal["id"]]))["deleteRecords"]["done"]
    assert await listed(builder, type="deal") == []
    assert await listed(builder, type="deal", trash=True) == ["gone"]
    back = binned.replace("deleteRecords", "restoreRecords")
    assert (await builder(back, ids=[deal["id"]]))["restoreRecords"]["done"]
    assert await listed(builder, type="deal") == ["gone"]
    assert not (await builder(back, ids=["nonsense"]))["restoreRecords"]["done"]


async def test_the_search_finds_in_every_type(builder: Api) -> None:
    await builder(INSTALL)
    await create(builder, "contact", name="Анна Смирнова", phone="89167654321")
    await create(builder, "deal", title="Ремонт квартиры для Анны")
    query = "query ($text: String!) { searchRecords(text: $text) { type title } }"
    found = (await builder(query, text="анна"))["searchRecords"]
    assert {one["type"] for one in found} == {"contact", "deal"}
    assert [one["title"] for one in (await builder(query, text="+79167654321"))["searchRecords"]] == [
        "Анна Смирнова"
    ]


def fresh(kind: str, key: str = "x", name: str = "x", **options: Any) -> dict[str, Any]:
    own = {"unique": options.pop("unique")} if "unique" in options else {}
    return {"key": key, "kind": kind, "names": {"en": name}, "settings": options, **own}


@pytest.mark.parametrize(
    ("field", "code"),
    [
        (fresh("formula", formula="1 +"), "record.formula_wrong"),
        (fresh("formula", formula="nothing"), "record.formula_wrong"),
        (fresh("formula", formula="x"), "record.formula_cycle"),
        (fresh("formula"), "record.settings_invalid"),
        (fresh("text", surprise=1), "record.settings_invalid"),
        (fresh("relation", target="moon"), "record.target_missing"),
        (fresh("magic"), "record.kind_unknown"),
        (fresh("text", "title"), "record.field_key_taken"),
        (fresh("date", "created_at"), "record.key_invalid"),
        (fresh("text", "Имя"), "record.key_invalid"),
        (fresh("text", name=" "), "record.name_missing"),
        (fresh("boolean", unique=True), "record.unique_impossible"),
    ],
)
async def test_a_field_that_makes_no_sense_is_refused(builder: Api, field: dict[str, Any], code: str) -> None:
    await builder(INSTALL)
    answer = (await builder(ADD_FIELD, type="deal", field=field))["addObjectField"]
    assert [problem["code"] for problem in answer["problems"]] == [code]


PIPELINE = """mutation ($pipeline: PipelineInput!) { savePipeline(type: "deal", pipeline: $pipeline) {
  type { pipelines { id name sumMode stages { id name outcome probability required reasons { id name } } } }
  problems { code } } }"""


async def test_a_pipeline_is_made_changed_and_followed(builder: Api) -> None:
    await builder(INSTALL)
    wanted: dict[str, Any] = {
        "names": {"en": "Sales", "ru": "Продажи"},
        "stages": [
            {"names": {"en": "New"}},
            {"names": {"en": "Lost"}, "outcome": "LOST", "reasons": [{"id": "price", "names": {"ru": "Дорого"}}]},
        ],
    }
    answer = (await builder(PIPELINE, pipeline=wanted))["savePipeline"]
    [pipeline] = answer["type"]["pipelines"]
    assert [stage["outcome"] for stage in pipeline["stages"]] == ["OPEN", "LOST"]
    deal = await create(builder, "deal", title="x")
    assert deal["values"]["stage"] == pipeline["stages"][0]["id"]
    values = {"stage": pipeline["stages"][1]["id"]}
    refused = (await builder(UPDATE, type="deal", id=deal["id"], values=values))["updateRecord"]
    assert [one["code"] for one in refused["problems"]] == ["record.stage_needs_reason"]
    values["close_reason"] = "price"
    moved = (await builder(UPDATE, type="deal", id=deal["id"], values=values))["updateRecord"]["record"]
    assert moved["values"]["outcome"] == "lost"
    wish = {"rules": [{"field": "stage", "op": "eq", "value": "Lost"}]}
    assert await listed(builder, type="deal", filter=wish) == ["x"]
    shorter = {"id": pipeline["id"], "names": {"en": "Sales"}, "stages": wanted["stages"][:1]}
    refused = (await builder(PIPELINE, pipeline=shorter))["savePipeline"]
    assert [one["code"] for one in refused["problems"]] == ["record.stage_in_use"]


async def test_a_viewer_reads_and_writes_nothing(builder: Api, viewer: Api) -> None:
    await builder(INSTALL)
    deal = await create(builder, "deal", title="one")
    assert await listed(viewer, type="deal") == ["one"]
    assert await viewer.refused(CREATE, type="deal", values={"title": "x"}) == "forbidden"
    assert await viewer.refused(UPDATE, type="deal", id=deal["id"], values={"title": "x"}) == "forbidden"
    assert await viewer.refused(INSTALL) == "forbidden"
    assert await viewer.refused(ADD_TYPE, type=EQUIPMENT) == "forbidden"


async def test_anonymous_gets_nothing(nobody: Api) -> None:
    assert await nobody.refused(LIST, type="deal") == "unauthenticated"
    assert await nobody.refused("{ objectTypes { key } }") == "unauthenticated"


async def test_another_workspace_sees_nothing(builder: Api, stranger: Api) -> None:
    await builder(INSTALL)
    deal = await create(builder, "deal", title="secret")
    assert (await stranger("{ objectTypes { key } }"))["objectTypes"] == []
    assert await stranger.refused(LIST, type="deal") == "record.type_not_found"
    await stranger(INSTALL)
    assert await listed(stranger, type="deal") == []
    one = 'query ($id: ID!) { record(type: "deal", id: $id) { title } }'
    assert (await stranger(one, id=deal["id"]))["record"] is None
    assert (await stranger(TIMELINE, id=deal["id"]))["recordTimeline"]["nodes"] == []
    answer = await stranger(UPDATE, type="deal", id=deal["id"], values={"title": "mine"})
    assert [one["code"] for one in answer["updateRecord"]["problems"]] == ["record.not_found"]
    found = await stranger('{ searchRecords(text: "secret") { title } }')
    assert found["searchRecords"] == []
