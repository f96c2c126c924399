"""A field that is hidden from a role leaves no trace for it, wherever the room answers."""

import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from tests.rooms.house import Api, House, Place
from tests.rooms.test_record_files import chosen, export, post
from tests.rooms.test_records import CREATE, INSTALL, LIST, UPDATE, create, listed

from potok.people.models import Role

SECRET = "Zanzibar"
RIGHTS = """mutation ($type: String!, $key: String!, $rights: JSON!) {
  setFieldRights(type: $type, key: $key, rights: $rights) { problems { code } } }"""
WALK = """query ($id: ID!, $contact: ID!) {
  objectTypes { key titleField fields { key name settings rights writable } pipelines { name sumField } count }
  records(type: "contact") { edges { cursor node { id title values errors refs { title type } } } }
  deals: records(type: "deal") { edges { node { title values errors refs { title } } } }
  found: records(type: "contact", search: "Zanzibar") { edges { node { id } } }
  begun: records(type: "contact", search: "Zanzi") { edges { node { id } } }
  record(type: "contact", id: $contact) { title values errors refs { title } }
  deal: record(type: "deal", id: $id) { title values refs { title } }
  recordTimeline(type: "contact", id: $contact) { nodes { what changes } }
  dealTimeline: recordTimeline(type: "deal", id: $id) { nodes { what changes } }
  searchRecords(text: "Zanzibar") { title values }
  beginnings: searchRecords(text: "Zanzi") { title values }
  inside: searchRecords(text: "anziba") { title values }
}"""


@pytest_asyncio.fixture(loop_scope="session")
async def member(house: House, place: Place) -> AsyncIterator[Api]:
    """A key that works with records."""
    async with house.api(place.keys[Role.MEMBER]) as api:
        yield api


@pytest_asyncio.fixture(loop_scope="session")
async def ids(builder: Api) -> dict[str, str]:
    """A contact with a secret note and an e-mail, and a deal that points to it."""
    await builder(INSTALL)
    contact = await create(builder, "contact", name="Anna", note="plain")
    await builder(
        UPDATE, type="contact", id=contact["id"], values={"note": SECRET, "email": f"{SECRET}@example.com"}
    )
    deal = await create(builder, "deal", title="Flat", contact=contact["id"])
    for key in ("note", "email"):
        rights = {"member": "none", "viewer": "none"}
        answer = await builder(RIGHTS, type="contact", key=key, rights=rights)
        assert answer["setFieldRights"]["problems"] == []
    return {"id": deal["id"], "contact": contact["id"]}


@pytest.mark.parametrize("who", ["member", "viewer"])
async def test_no_answer_of_the_room_has_the_secret(
    who: str, member: Api, viewer: Api, builder: Api, ids: dict[str, str]
) -> None:
    api = {"member": member, "viewer": viewer}[who]
    everything = await builder(WALK, **ids)
    assert json.dumps(everything).count(SECRET) >= 5, "who builds sees it everywhere"
    seen = await api(WALK, **ids)
    assert SECRET.lower() not in json.dumps(seen).lower()
    assert seen["found"]["edges"] == seen["begun"]["edges"] == seen["searchRecords"] == seen["inside"] == []
    assert [one["what"] for one in seen["recordTimeline"]["nodes"]] == ["CREATED"]
    contact = next(one for one in seen["objectTypes"] if one["key"] == "contact")
    assert not {"note", "email"} & {one["key"] for one in contact["fields"]}
    table = await export(api, type="contact")
    assert table.status_code == 200
    assert SECRET.lower() not in table.text.lower()
    assert (await export(api, type="contact", field="note")).json()["error"]["code"] == "record.no_such_field"


async def test_nothing_can_be_asked_of_a_hidden_field(member: Api, ids: dict[str, str]) -> None:
    wish = {"rules": [{"field": "note", "op": "contains", "value": "Z"}]}
    assert await member.refused(LIST, type="contact", filter=wish) == "record.no_such_field"
    assert await member.refused(LIST, type="contact", sort=[{"field": "email"}]) == "record.no_such_field"
    groups = '{ recordGroups(type: "contact", by: "email", fields: []) { value } }'
    assert await member.refused(groups) == "record.no_such_field"
    assert (
        await member.refused('{ recordSums(type: "contact", fields: ["note"]) { sums } }')
        == "record.no_such_field"
    )
    answer = await member(UPDATE, type="contact", id=ids["contact"], values={"note": "x"})
    assert [one["code"] for one in answer["updateRecord"]["problems"]] == ["record.no_such_field"]
    answer = await member(UPDATE, type="contact", id=ids["contact"], values={"position": "Head"})
    assert SECRET not in json.dumps(answer)
    assert await listed(member, type="contact") == ["Anna"]


async def test_a_hidden_name_leaves_records_without_title(builder: Api, member: Api, ids: dict[str, str]) -> None:
    await builder(RIGHTS, type="contact", key="name", rights={"member": "none"})
    seen = await member(WALK, **ids)
    assert "Anna" not in json.dumps(seen)
    assert seen["deal"]["refs"] == [{"title": ""}]
    assert (await member('{ searchRecords(text: "Anna") { id } }'))["searchRecords"] == []
    assert await member.refused(LIST, type="contact", sort=[{"field": "title"}]) == "record.no_such_field"
    assert "Anna" not in (await export(member, type="deal")).text
    answer = await member(CREATE, type="contact", values={"position": "x"})
    assert answer["createRecord"]["problems"] == [], "what cannot be filled is not demanded"


async def test_a_field_to_look_at_is_not_filled(builder: Api, member: Api, ids: dict[str, str]) -> None:
    await builder(RIGHTS, type="contact", key="position", rights={"member": "read"})
    answer = await member(UPDATE, type="contact", id=ids["contact"], values={"position": "x"})
    assert [one["code"] for one in answer["updateRecord"]["problems"]] == ["record.read_only"]
    import_id = (await post(member, b"name,position,email\na,b,c@d.ru\n")).json()["id"]
    assert [one["field"] for one in await chosen(member, import_id)] == ["name"]


async def test_who_builds_nothing_sees_only_their_own_files(
    builder: Api, member: Api, ids: dict[str, str]
) -> None:
    import_id = (await post(builder, f"name,note\na,{SECRET}\n".encode())).json()["id"]
    assert (await member("query ($id: ID!) { recordImport(id: $id) { file } }", id=import_id))[
        "recordImport"
    ] is None
    assert (await member('{ recordImports(type: "contact") { file } }'))["recordImports"] == []


@pytest.mark.parametrize(
    "rights", [{"owner": "none"}, {"builder": "read"}, {"member": "all"}, {"moon": "none"}, []]
)
async def test_rights_that_make_no_sense_are_refused(builder: Api, ids: dict[str, str], rights: Any) -> None:
    answer = await builder(RIGHTS, type="contact", key="note", rights=rights)
    assert [one["code"] for one in answer["setFieldRights"]["problems"]] == ["record.rights_invalid"]
