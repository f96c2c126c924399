"""Scenarios that live on records: changes through the API start them, a worker plays them, records show it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest_asyncio
from tests.rooms.graphs import Json, graph, node
from tests.rooms.house import Api, House, Place
from tests.rooms.test_control import Works
from tests.rooms.test_records import ADD_FIELD, INSTALL, LIST, PIPELINE, UPDATE, create
from tests.rooms.test_scenarios import publish

DELETE = 'mutation ($ids: [ID!]!) { deleteRecords(type: "deal", ids: $ids) { done } }'
TIMELINE = """query ($type: String!, $id: ID!) { recordTimeline(type: $type, id: $id) {
  nodes { what actor { scenario } } } }"""
RECORD = {"$ref": ["start", "record"]}


def pairs(**values: Any) -> list[Json]:
    """Settings of fields."""
    return [{"name": name, "value": value} for name, value in values.items()]


def formula(text: str) -> Json:
    """A formula as a value."""
    return {"$formula": text}


@dataclass
class Office:
    """The CRM pack, a worker, and a look at the database."""

    api: Api
    house: House
    place: Place

    async def records(self, type_key: str) -> list[Json]:
        """All of a type, the oldest first."""
        found = await self.api(LIST, type=type_key)
        return [edge["node"] for edge in reversed(found["records"]["edges"])]

    async def change(self, type_key: str, record: Json, **values: Any) -> Json:
        """Change one that must be fine."""
        answer = (await self.api(UPDATE, type=type_key, id=record["id"], values=values))["updateRecord"]
        assert answer["problems"] == []
        found: Json = answer["record"]
        return found

    async def rows(self, query: str) -> list[Any]:
        """Behind the API's back; $1 is the workspace."""
        async with self.house.session() as db:
            pooled = await (await db.connection()).get_raw_connection()
            assert pooled.driver_connection is not None
            found: list[Any] = await pooled.driver_connection.fetch(query, self.place.id)
            return found

    async def settled(self) -> None:
        """Return when every change was told and every run is over."""
        quiet = """SELECT (SELECT count(*) FROM record_change WHERE workspace_id = $1 AND NOT announced)
          + (SELECT count(*) FROM run WHERE workspace_id = $1 AND status IN ('queued', 'running'))"""
        async with asyncio.timeout(20):
            while (await self.rows(quiet))[0][0]:  # noqa: ASYNC110 (the database cannot call us)
                await asyncio.sleep(0.02)

    async def runs(self) -> list[str]:
        """How all runs ended."""
        rows = await self.rows("SELECT status, error FROM run WHERE workspace_id = $1 ORDER BY id")
        return [row[0] if row[1] is None else f"{row[0]}: {row[1]['code']}" for row in rows]

    async def events(self) -> list[Json]:
        """What was told of changes."""
        rows = await self.rows(
            "SELECT payload, considered FROM event WHERE workspace_id = $1 AND kind = 'record' ORDER BY id"
        )
        return [{**row[0], "considered": row[1]} for row in rows]


@pytest_asyncio.fixture(loop_scope="session")
async def works(house: House) -> AsyncIterator[Works]:
    """A worker at work."""
    found = Works(house.settings)
    found.start()
    yield found
    await found.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def office(works: Works, house: House, place: Place, builder: Api) -> Office:
    """Ready to begin."""
    await builder(INSTALL)
    return Office(builder, house, place)


async def test_a_new_contact_opens_a_request_and_the_second_another(office: Office) -> None:
    await publish(
        office.api,
        graph(
            node("start", "record.created", type="contact"),
            node(
                "ask",
                "record.create",
                type="request",
                values=pairs(
                    title={"$text": ["Request of ", {"$ref": ["start", "record", "title"]}]},
                    contact=RECORD,
                    source={"$ref": ["start", "record", "source"]},
                ),
            ),
            edges=[("start", "out", "ask")],
            title="New request",
        ),
    )
    anna = await create(office.api, "contact", name="Anna", source="site")
    await create(office.api, "contact", name="Boris")
    await office.settled()
    first, second = await office.records("request")
    assert (first["title"], second["title"]) == ("Request of Anna", "Request of Boris")
    assert first["refs"] == [{"id": anna["id"], "type": "contact", "title": "Anna"}]
    assert first["values"]["source"] == "site"
    [line] = (await office.api(TIMELINE, type="request", id=first["id"]))["recordTimeline"]["nodes"]
    assert line["what"] == "CREATED"
    assert line["actor"]["scenario"]
    told = (await office.events())[0]
    assert (told["what"], told["record"]["name"], told["old"]) == ("created", "Anna", {})
    assert "run_id" in told["considered"][0]


ROOM = (("length", 5), ("width", 6), ("height", 3))


async def test_a_room_of_5_by_6_by_3_fills_the_deal_exactly_by_every_duplicate_rule(office: Office) -> None:
    for name, _ in ROOM:
        added = {"key": name, "kind": "number", "names": {"en": name}}
        assert (await office.api(ADD_FIELD, type="deal", field=added))["addObjectField"]["problems"] == []
    for name, price in (("Laminate", "899.99"), ("Wallpaper", "450.05"), ("Labour", "10000")):
        await create(office.api, "product", name=name, price=price, vat="v20")
    floor = "@start.record.length * @start.record.width"
    walls = "2 * (@start.record.length + @start.record.width) * @start.record.height"
    lines = pairs(Laminate=formula(floor), Wallpaper=formula(walls), Labour=1)
    items = {"parent": RECORD, "lines": lines}
    await publish(
        office.api,
        graph(
            node("start", "record.created", type="deal"),
            *(node(rule, "record.add_items", **items, same=rule) for rule in ("add", "skip", "sum", "replace")),
            edges=[
                ("start", "out", "add"), ("add", "out", "skip"), ("skip", "out", "sum"), ("sum", "out", "replace")
            ],
        ),
    )  # fmt: skip
    deal = await create(office.api, "deal", title="Turnkey", **dict(ROOM))
    await office.settled()
    assert await office.runs() == ["succeeded"]
    found = {one["values"]["name"]: one["values"] for one in await office.records("line_item")}
    assert {name: one["quantity"] for name, one in found.items()} == {"Laminate": 30, "Wallpaper": 66, "Labour": 1}
    assert found["Wallpaper"]["price"]["amount"] == "450.05"
    exact = Decimal("899.99") * 30 + Decimal("450.05") * 66 + 10_000
    [kept] = await office.records("deal")
    assert Decimal(kept["values"]["items_sum"]["amount"]) == exact == Decimal("66703.00")
    rows = await office.rows(
        "SELECT changes->'quantity' FROM record_change WHERE workspace_id = $1 AND what = 'changed'"
        " AND changes ? 'quantity' ORDER BY id"
    )
    assert sorted(row[0][1] for row in rows) == [1, 2, 30, 60, 66, 132], "added up, then replaced"
    assert deal["id"] == kept["id"]


async def test_a_discount_takes_five_percent_to_the_kopeck_and_goes_back(office: Office) -> None:
    wanted = [("start", "out", "give")]
    await publish(
        office.api,
        graph(
            node("start", "record.changed", type="deal", fields="note"),
            node(
                "give",
                "record.update",
                type="deal",
                id=RECORD,
                values=pairs(discount=formula('IF(@start.record.note = "yes"; "five"; "none")')),
            ),
            edges=wanted,
        ),
    )
    deal = await create(office.api, "deal", title="D", amount="1999.99", discount="none")
    for word, total in (("yes", "1899.99"), ("no", "1999.99")):
        await office.change("deal", deal, note=word)
        await office.settled()
        [kept] = await office.records("deal")
        assert kept["values"]["total"]["amount"] == total
    assert await office.runs() == ["succeeded"] * 2


async def test_a_threshold_fires_once_for_each_crossing_also_when_many_write_at_once(office: Office) -> None:
    shown = await publish(
        office.api,
        graph(
            node("start", "record.threshold", type="deal", field="amount", value=500_000, direction="up"),
            node("mark", "record.update", type="deal", id=RECORD, values=pairs(note="key client")),
            edges=[("start", "out", "mark")],
        ),
    )
    deal = await create(office.api, "deal", title="D", amount=100)
    for wave in ((499_999, 500_000, 700_000, 600_000), (10,), (500_001,)):
        await asyncio.gather(*(office.change("deal", deal, amount=amount) for amount in wave))
        if wave[0] == 499_999:  # whatever their order was, it ends above, then goes down, then up again
            await office.change("deal", deal, amount=600_000)
    await office.settled()
    changes = await office.rows(
        "SELECT changes->'amount' FROM record_change WHERE workspace_id = $1 AND changes ? 'amount' ORDER BY id"
    )
    amounts = [[Decimal(one["amount"]) if one else Decimal(0) for one in row[0]] for row in changes]
    crossings = sum(before < 500_000 <= after for before, after in amounts)
    assert crossings >= 2
    assert await office.runs() == ["succeeded"] * crossings
    assert shown["id"]


async def test_a_stage_starts_a_scenario_that_moves_on_and_stamps_the_next_working_day(office: Office) -> None:
    stages = [{"names": {"en": name}} for name in ("New", "Contract", "Service")]
    made = (await office.api(PIPELINE, pipeline={"names": {"en": "Sales"}, "stages": stages}))["savePipeline"]
    contract = made["type"]["pipelines"][0]["stages"][1]["id"]
    deal_of = {"type": "deal", "id": RECORD}
    next_year = {"amount": 1, "unit": "years", "day": "working"}
    await publish(
        office.api,
        graph(
            node("start", "record.stage", type="deal", stage=contract),
            node("date", "record.stamp_date", **deal_of, field="contract_date"),
            node("next", "record.stamp_date", **deal_of, field="service_date", **next_year),
            node("move", "record.move_stage", **deal_of, stage="Service"),
            edges=[("start", "out", "date"), ("date", "out", "next"), ("next", "out", "move")],
        ),
    )  # fmt: skip
    deal = await create(office.api, "deal", title="D")
    await office.change("deal", deal, stage="Contract")
    await office.settled()
    assert await office.runs() == ["succeeded"]
    [kept] = await office.records("deal")
    assert kept["values"]["stage"] == made["type"]["pipelines"][0]["stages"][2]["id"]
    signed, service = kept["values"]["contract_date"], kept["values"]["service_date"]
    assert signed
    assert int(service[:4]) >= int(signed[:4]) + 1
    reasons = [one["considered"][0].get("stopped_by") for one in await office.events()]
    assert reasons == ["record_other_stage", None, "record_other_stage"]


async def test_scenarios_that_start_one_another_end_and_say_why(office: Office) -> None:
    await publish(
        office.api,
        graph(
            node("start", "record.changed", type="deal", fields="note"),
            node(
                "again",
                "record.update",
                type="deal",
                id=RECORD,
                values=pairs(note={"$text": [{"$ref": ["start", "record", "note"]}, "x"]}),
            ),
            edges=[("start", "out", "again")],
        ),
    )
    deal = await create(office.api, "deal", title="D")
    await office.change("deal", deal, note="x")
    await office.settled()
    assert await office.runs() == ["succeeded"] * 11
    [kept] = await office.records("deal")
    assert kept["values"]["note"] == "x" * 12
    assert (await office.events())[-1]["considered"][0]["stopped_by"] == "record_circles"


async def test_what_is_wrong_with_a_record_is_said_in_the_readers_language_and_names_the_field(
    office: Office,
) -> None:
    await publish(
        office.api,
        graph(
            node("start", "record.created", type="deal"),
            node("make", "record.create", type="contact", values=pairs(phone="+7 916 123-45-67")),
            edges=[("start", "out", "make")],
        ),
    )
    await create(office.api, "deal", title="D")
    await office.settled()
    assert await office.runs() == ["failed: record.value.required"]
    assert await office.records("contact") == []
    query = "{ runs(first: 1) { nodes { error { code message } } } }"
    response = await office.api.raw(query, {"Accept-Language": "ru"})
    [shown] = response.json()["data"]["runs"]["nodes"]
    assert shown["error"]["message"] == "Поле «Имя» обязательное."


async def test_two_runs_that_look_for_the_same_create_it_once(office: Office) -> None:
    found = {"$ref": ["find", "record"]}
    await publish(
        office.api,
        graph(
            node("start", "record.created", type="deal"),
            node(
                "up",
                "record.upsert",
                type="contact",
                by=pairs(name={"$ref": ["start", "record", "title"]}),
                values=pairs(position="head"),
            ),
            node("find", "record.find", type="contact", by=pairs(position="head")),
            node("link", "record.update", type="deal", id=RECORD, values=pairs(contact=found)),
            edges=[("start", "out", "up"), ("up", "out", "find"), ("find", "found", "link")],
        ),
    )  # fmt: skip
    await asyncio.gather(*(create(office.api, "deal", title="Same") for _ in range(8)))
    await office.settled()
    assert await office.runs() == ["succeeded"] * 8
    [contact] = await office.records("contact")
    assert {one["refs"][0]["id"] for one in await office.records("deal")} == {contact["id"]}


async def test_changes_nobody_listens_to_leave_no_event(office: Office) -> None:
    deal = await create(office.api, "deal", title="D")
    await office.api(DELETE, ids=[deal["id"]])
    await office.settled()
    assert await office.events() == []


async def test_an_event_shows_nothing_of_a_field_that_is_hidden_from_its_reader(
    office: Office, viewer: Api
) -> None:
    hide = """mutation ($key: String!) {
      setFieldRights(type: "contact", key: $key, rights: {viewer: "none"}) { problems { code } } }"""
    for key in ("name", "source"):
        assert (await office.api(hide, key=key))["setFieldRights"]["problems"] == []
    await publish(
        office.api,
        graph(
            node("start", "record.changed", type="contact"),
            node("end", "flow.succeed"),
            edges=[("start", "out", "end")],
        ),
    )
    contact = await create(office.api, "contact", name="Secret", source="site", position="head")
    await office.change("contact", contact, name="Secrets", source="mail", position="chief")
    await office.settled()
    query = "{ events(filter: {kind: RECORD}, first: 1) { nodes { payload } } }"
    [told] = (await office.api(query))["events"]["nodes"]
    assert (told["payload"]["record"]["name"], told["payload"]["old"]["shown"]["source"]) == (
        "Secrets",
        "Web site",
    )
    [seen] = (await viewer(query))["events"]["nodes"]
    assert "Secret" not in str(seen)
    assert "source" not in str(seen)
    assert (seen["payload"]["changed"], seen["payload"]["record"]["position"]) == (["position"], "chief")
