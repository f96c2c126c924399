"""What the triggers listen to, and what the actions do to records, without a database."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from potok.sdk import RecordChange, UserError
from potok.sdk.testing import fake_calendars, fake_clock, fake_records, load_nodes, run_node

NODES = load_nodes(Path(__file__).parent)
WON = {"shown": {"stage": "Won"}}
FRIDAY = datetime(2026, 1, 9, 10, 30, tzinfo=UTC)


def asked(node: str, settings: dict[str, Any], what: Any, old: dict[str, Any], new: dict[str, Any]) -> str | None:
    """What a trigger answers to a change."""
    node_type = NODES[node]
    assert node_type.match is not None
    changed = tuple(key for key in {**old, **new} if old.get(key) != new.get(key))
    model = node_type.input.model_validate({"type": "deal", **settings})
    return node_type.match(model, RecordChange(what, "deal", new, old, changed))


@pytest.mark.parametrize(
    ("node", "settings", "what", "old", "new", "answer"),
    [
        ("record.created", {}, "created", {}, {"a": 1}, None),
        ("record.created", {}, "changed", {"a": 1}, {"a": 2}, ""),
        ("record.created", {}, "restored", {}, {"a": 1}, ""),
        ("record.deleted", {}, "deleted", {"a": 1}, {"a": 1}, None),
        ("record.deleted", {}, "changed", {"a": 1}, {"a": 2}, ""),
        ("record.changed", {}, "changed", {"a": 1}, {"a": 2}, None),
        ("record.changed", {}, "created", {}, {"a": 2}, ""),
        ("record.changed", {"fields": "b, a"}, "changed", {"a": 1}, {"a": 2}, None),
        ("record.changed", {"fields": "b"}, "changed", {"a": 1}, {"a": 2}, "record_other_fields"),
        ("record.stage", {}, "created", {}, {"stage": "s1"}, None),
        ("record.stage", {"stage": "s2"}, "changed", {"stage": "s1"}, {"stage": "s2"}, None),
        ("record.stage", {"stage": "Won"}, "changed", {"stage": "s1"}, {"stage": "s2", **WON}, None),
        ("record.stage", {"stage": "s3"}, "changed", {"stage": "s1"}, {"stage": "s2"}, "record_other_stage"),
        ("record.stage", {}, "changed", {"stage": "s1", "a": 1}, {"stage": "s1", "a": 2}, ""),
        ("record.stage", {}, "deleted", {"stage": "s1"}, {"stage": "s1"}, ""),
    ],
)  # fmt: skip
def test_a_trigger_wants_its_own_changes(
    node: str, settings: dict[str, Any], what: Any, old: dict[str, Any], new: dict[str, Any], answer: str | None
) -> None:
    assert asked(node, settings, what, old, new) == answer


@pytest.mark.parametrize(
    ("old", "new", "ways"),
    [
        (99, 100, "up both"),
        (100, 101, ""),
        (101, 100, ""),
        (100, 99, "down both"),
        (None, 100, "up both"),
        (100, None, "down both"),
        ("99.99", "100.00", "up both"),
        ({"amount": "99.99", "currency": "RUB"}, {"amount": "500", "currency": "RUB"}, "up both"),
    ],
)
def test_a_threshold_is_crossed_where_the_value_was_on_the_other_side_before(
    old: Any, new: Any, ways: str
) -> None:
    for direction in ("up", "down", "both"):
        settings = {"field": "sum", "value": 100, "direction": direction}
        answer = asked("record.threshold", settings, "changed", {"x": 1, "sum": old}, {"x": 1, "sum": new})
        assert (answer is None) == (direction in ways.split()), direction
    settings = {"field": "other", "value": 100}
    assert asked("record.threshold", settings, "changed", {"sum": old}, {"sum": new}) == ""


def test_a_record_that_is_created_above_has_crossed_and_one_below_has_not() -> None:
    settings = {"field": "sum", "value": 100, "direction": "both"}
    assert asked("record.threshold", settings, "created", {}, {"sum": 100}) is None
    assert asked("record.threshold", settings, "created", {}, {"sum": 5}) == "record_not_crossed"


async def test_a_record_is_created_once_however_often_the_step_is_repeated() -> None:
    records = fake_records(contact="name phone")
    params = {"type": "contact", "values": [{"name": "name", "value": "Anna"}, {"name": "", "value": 1}]}
    first = await run_node(NODES["record.create"], params, records=records)
    again = await run_node(NODES["record.create"], params, records=records)
    assert first.output == again.output
    assert first.output["record"]["title"] == "Anna"
    assert len(records.records) == 1


async def test_records_are_found_changed_and_deleted() -> None:
    records = fake_records(contact="name phone")
    by = [{"name": "name", "value": "Anna"}]
    missing = await run_node(NODES["record.find"], {"type": "contact", "by": by}, records=records)
    assert (missing.port, missing.output) == ("none", {"record": None, "records": [], "count": 0})
    for key, phone in (("1", "+7"), ("2", "+8")):
        params = {"type": "contact", "by": by, "values": [{"name": "phone", "value": phone}]}
        ran = await run_node(NODES["record.upsert"], params, records=records, effect_key=key)
        assert (ran.output["created"], ran.output["record"]["phone"]) == (key == "1", phone)
    found = await run_node(NODES["record.find"], {"type": "contact", "by": by}, records=records)
    assert (found.port, found.output["count"]) == ("found", 1)
    params = {"type": "contact", "id": found.output["record"], "values": [{"name": "phone", "value": None}]}
    await run_node(NODES["record.update"], params, records=records, effect_key="3")
    params = {"type": "contact", "id": found.output["record"]["id"]}
    gone = await run_node(NODES["record.delete"], params, records=records, effect_key="4")
    assert gone.output["record"]["phone"] is None
    assert records.records == {}


@pytest.mark.parametrize(
    ("rule", "counts", "quantities"),
    [("add", (2, 0, 0), [2, 3, 4]), ("skip", (1, 0, 1), [2, 4]),
     ("sum", (1, 1, 0), [5, 4]), ("replace", (1, 1, 0), [3, 4])],
)  # fmt: skip
async def test_line_items_follow_the_duplicate_rule(
    rule: str, counts: tuple[int, ...], quantities: list[int]
) -> None:
    records = fake_records(line_item="deal product quantity")
    items: dict[str, Any] = {"parent": "deal-1", "lines": [{"name": "Lime", "value": 2}]}
    await run_node(NODES["record.add_items"], items, records=records, effect_key="1")
    more = {"parent": {"id": "deal-1"}, "lines": [{"name": "Lime", "value": 3}], "same": rule}
    more["items"] = [{"product": "Sand", "quantity": 4}]
    ran = await run_node(NODES["record.add_items"], more, records=records, effect_key="2")
    assert tuple(ran.output[key] for key in ("added", "changed", "skipped")) == counts
    assert [one["quantity"] for one in records.records.values()] == quantities


@pytest.mark.parametrize(
    ("amount", "unit", "day", "stamped"),
    [
        (0, "days", "any", "2026-01-09T10:30:00+00:00"),
        (90, "minutes", "any", "2026-01-09T12:00:00+00:00"),
        (1, "days", "any", "2026-01-10T10:30:00+00:00"),
        (1, "days", "working", "2026-01-13T10:30:00+00:00"),
        (3, "working_days", "any", "2026-01-15T10:30:00+00:00"),
        (1, "years", "any", "2027-01-09T10:30:00+00:00"),
        (1, "years", "working", "2027-01-11T10:30:00+00:00"),
        (-11, "months", "any", "2025-02-09T10:30:00+00:00"),
        (-2, "weeks", "any", "2025-12-26T10:30:00+00:00"),
    ],
)
async def test_a_date_is_stamped_so_much_later_on_a_working_day_if_wished(
    amount: int, unit: str, day: str, stamped: str
) -> None:
    records = fake_records(deal="name until")
    deal = await run_node(NODES["record.create"], {"type": "deal"}, records=records)
    params = {"type": "deal", "id": deal.output["record"], "field": "until"}
    ran = await run_node(
        NODES["record.stamp_date"],
        params | {"amount": amount, "unit": unit, "day": day},
        records=records,
        clock=fake_clock(FRIDAY),
        calendars=fake_calendars(date(2026, 1, 12)),
        effect_key="2",
    )
    assert ran.output["record"]["until"] == ran.output["date"] == stamped


async def test_the_last_of_a_month_stays_the_last() -> None:
    records = fake_records(deal="name until")
    deal = await run_node(NODES["record.create"], {"type": "deal"}, records=records)
    params = {"type": "deal", "id": deal.output["record"], "field": "until", "amount": 1, "unit": "months"}
    clock = fake_clock(datetime(2026, 1, 31, 9, tzinfo=UTC))
    ran = await run_node(NODES["record.stamp_date"], params, records=records, clock=clock, effect_key="2")
    assert ran.output["date"] == "2026-02-28T09:00:00+00:00"


@pytest.mark.parametrize(
    ("node", "params", "code"),
    [
        ("record.update", {"type": "contact", "id": None}, "no_record"),
        ("record.delete", {"type": "contact", "id": {}}, "no_record"),
        ("record.delete", {"type": "contact", "id": "x"}, "record.not_found"),
        ("record.create", {"type": "boat"}, "record.type_not_found"),
        ("record.create", {"type": "contact", "values": [{"name": "colour"}]}, "record.no_such_field"),
        ("record.add_items", {"parent": "d", "items": "Lime"}, "no_items"),
        ("record.add_items", {"parent": "d", "items": [{}] * 1001}, "too_many_items"),
        ("record.stamp_date", {"type": "contact", "id": "x", "field": "name", "amount": 99999, "unit": "years"},
         "no_such_day"),
    ],
)  # fmt: skip
async def test_what_cannot_be_done_is_said(node: str, params: dict[str, Any], code: str) -> None:
    records = fake_records(contact="name", line_item="deal product quantity")
    with pytest.raises(UserError) as refused:
        await run_node(NODES[node], params, records=records)
    assert refused.value.code == code
