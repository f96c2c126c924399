"""Types and fields changed after they were made: names, order, settings; records keep what they hold."""

from typing import Any

import pytest
from tests.rooms.house import Api
from tests.rooms.test_records import CREATE, INSTALL, LIST, create, fresh

CHANGE_TYPE = """mutation ($change: ObjectTypeChange!) { updateObjectType(key: "deal", change: $change) {
  type { plural icon titleField } problems { code } } }"""
CHANGE = """mutation ($type: String! = "deal", $key: String!, $change: ObjectFieldChange!) {
  updateObjectField(type: $type, key: $key, change: $change) {
  type { fields { key name required unique default settings } } problems { code } } }"""
ADD = """mutation ($field: ObjectFieldInput!) { addObjectField(type: "deal", field: $field) {
  problems { code } } }"""


ONLY = {"id": "x", "names": {"en": "X"}, "value": 1}


async def change(api: Api, key: str, **wanted: Any) -> Any:
    return (await api(CHANGE, key=key, change=wanted))["updateObjectField"]


def field(answer: Any, key: str) -> Any:
    assert answer["problems"] == []
    return next(one for one in answer["type"]["fields"] if one["key"] == key)


async def test_a_type_gets_another_name_and_picture(builder: Api) -> None:
    await builder(INSTALL)
    names = {"en": {"one": "Order", "many": "Orders"}}
    answer = (await builder(CHANGE_TYPE, change={"names": names, "icon": "box"}))["updateObjectType"]
    assert answer["type"] == {"plural": "Orders", "icon": "box", "titleField": "title"}
    refused = (await builder(CHANGE_TYPE, change={"titleField": "nothing"}))["updateObjectType"]
    assert [one["code"] for one in refused["problems"]] == ["record.title_field_unknown"]
    refused = (await builder(CHANGE_TYPE, change={"names": {"en": " "}}))["updateObjectType"]
    assert [one["code"] for one in refused["problems"]] == ["record.name_missing"]


async def test_a_field_is_renamed_moved_and_required(builder: Api) -> None:
    await builder(INSTALL)
    answer = await change(builder, "amount", names={"en": "Price"}, required=True, default="5", position=0)
    assert answer["type"]["fields"][0]["key"] == "amount"
    changed = field(answer, "amount")
    assert (changed["name"], changed["required"], changed["default"]) == ("Price", True, "5")
    assert field(await change(builder, "amount", required=False), "amount")["default"] == "5"
    assert field(await change(builder, "amount", default=None), "amount")["default"] is None


async def test_a_changed_formula_is_worked_out_for_the_records_there_are(builder: Api) -> None:
    await builder(INSTALL)
    await create(builder, "deal", title="one", amount=100)
    await builder(ADD, field=fresh("formula", "twice", formula="amount * 2", result="money"))
    assert await twice(builder) == "200"
    settings = {"formula": "amount * 3", "result": "money"}
    field(await change(builder, "twice", settings=settings), "twice")
    assert await twice(builder) == "300"


async def twice(api: Api) -> str:
    [edge] = (await api(LIST, type="deal"))["records"]["edges"]
    return str(edge["node"]["values"]["twice"]["amount"])


@pytest.mark.parametrize(
    ("key", "wanted", "code"),
    [
        (
            "discount",
            {"settings": {"options": [{"id": "x", "names": {"en": "X"}, "value": 1}]}},
            "record.option_gone",
        ),
        ("contact", {"settings": {"target": "company"}}, "record.setting_fixed"),
        ("total", {"settings": {"formula": "amount", "result": "text"}}, "record.setting_fixed"),
        ("total", {"settings": {"formula": "1 +", "result": "money"}}, "record.formula_wrong"),
        ("amount", {"settings": {"surprise": 1}}, "record.settings_invalid"),
        ("amount", {"unique": True}, "record.unique_impossible"),
        ("amount", {"names": {"en": ""}}, "record.name_missing"),
        ("nothing", {"required": True}, "record.no_such_field"),
    ],
)
async def test_a_change_that_would_spoil_values_is_refused(
    builder: Api, key: str, wanted: dict[str, Any], code: str
) -> None:
    await builder(INSTALL)
    answer = await change(builder, key, **wanted)
    assert [one["code"] for one in answer["problems"]] == [code]


async def test_a_field_becomes_unique_only_while_it_is_empty(builder: Api) -> None:
    await builder(INSTALL)
    assert field(await change(builder, "title", unique=True), "title")["unique"]
    await create(builder, "deal", title="one")
    again = (await builder(CREATE, type="deal", values={"title": "One"}))["createRecord"]
    assert [one["code"] for one in again["problems"]] == ["record.value.taken"]
    assert not field(await change(builder, "title", unique=False), "title")["unique"]
    await create(builder, "deal", title="one")
    answer = await change(builder, "title", unique=True)
    assert [one["code"] for one in answer["problems"]] == ["record.unique_too_late"]


async def test_who_may_not_build_changes_no_type_and_sees_colleagues_by_name(builder: Api, viewer: Api) -> None:
    await builder(INSTALL)
    assert await viewer.refused(CHANGE_TYPE, change={"icon": "box"}) == "forbidden"
    assert await viewer.refused(CHANGE, key="amount", change={"required": True}) == "forbidden"
    people = (await viewer("{ recordPeople { id name } }"))["recordPeople"]
    assert all(one["id"] and one["name"] for one in people)
    assert people


async def test_a_formula_without_a_value_says_why_in_the_readers_language(builder: Api) -> None:
    await builder(INSTALL)
    await builder(ADD, field=fresh("formula", "part", formula='100 / LEN("")', result="number"))
    deal = await create(builder, "deal", title="one", amount=100)
    query = 'query ($id: ID!) { record(type: "deal", id: $id) { errors explained } }'
    found = (await builder(query, id=deal["id"]))["record"]
    assert set(found["errors"]) == {"part"}
    assert found["explained"]["part"].strip()
