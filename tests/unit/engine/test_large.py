"""What is taken out of stored values comes back exactly, and data that looks like a pointer stays data."""

from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from uuid_utils.compat import uuid7

from potok.engine.large import day_of, is_wrapped, pack_entries, pointers, put_back, wrap
from potok.engine.values import from_json, to_json

LIMIT = 400
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text(max_size=9).map(lambda text: text * 90),
    lambda inner: (
        st.lists(inner, max_size=6)
        | st.dictionaries(st.sampled_from(["a", "b", "$blob", "$large", "value", "bytes"]), inner, max_size=4)
    ),
    max_leaves=20,
)


def back(stored: bytes, pieces: Any) -> Any:
    parts = {piece.sha.hex(): from_json(piece.raw) for piece in pieces}
    found = from_json(stored)
    return put_back(found["value"], found["$large"], parts) if is_wrapped(found) else found


@given(values)
def test_a_wrapped_value_comes_back_as_it_was(value: Any) -> None:
    stored, pieces = wrap(to_json(value), LIMIT)
    assert back(stored, pieces) == value
    if not pieces and not stored.startswith(b'{"$large"'):
        assert stored == to_json(value)


@given(values, values)
def test_journal_entries_come_back_as_they_were(given_: Any, made: Any) -> None:
    entry = {"n": "a", "s": "done", "i": {"x": given_}, "o": made}
    stored, pieces = pack_entries(to_json([entry]), LIMIT)
    (found,) = from_json(stored)
    parts = {piece.sha.hex(): from_json(piece.raw) for piece in pieces}
    put_back(found, found.pop("bl", []), parts)
    assert found == entry


def test_a_small_value_is_stored_byte_for_byte() -> None:
    raw = b'{"a": 1.50, "b" :"x"}'
    assert wrap(raw, LIMIT) == (raw, [])


def test_a_value_that_looks_like_a_pointer_is_not_followed() -> None:
    forged = {"$large": [["value"]], "value": {"$blob": "00" * 32, "bytes": 9, "head": ""}}
    stored, pieces = wrap(to_json(forged), 10_000)
    assert pieces == []
    assert back(stored, pieces) == forged
    assert list(pointers(from_json(stored)["value"], from_json(stored)["$large"])) == []


def test_the_same_value_in_many_places_is_one_piece() -> None:
    big = "x" * 5_000
    event, first = wrap(to_json({"body": {"text": big}, "method": "POST"}), 1_000)
    entries = [
        {"n": f"s{number}", "s": "done", "i": {"fields": [{"name": "t", "value": big}]}, "o": {"t": big}}
        for number in range(10)
    ]
    packed, pieces = pack_entries(to_json(entries), 1_000)
    assert {piece.sha for piece in [*first, *pieces]} == {first[0].sha}
    assert len(event) < 500
    assert len(packed) < 10_000


def test_a_pointer_tells_the_size_and_the_beginning() -> None:
    stored, _ = wrap(to_json({"body": "abc" * 500}), 1_000)
    (pointer,) = pointers(from_json(stored)["value"], from_json(stored)["$large"])
    assert pointer["bytes"] == 1_502
    assert pointer["head"] == ("abc" * 500)[:200]


def test_long_numbers_keep_every_digit() -> None:
    raw = (
        b'{"body":{"id":123456789012345678901234567890,"price":1.000000000000000000001,"t":"' + b"x" * 500 + b'"}}'
    )
    _, pieces = wrap(raw, LIMIT)
    assert [piece.raw for piece in pieces] == [raw]


def test_a_very_deep_or_wide_value_is_taken_out_whole() -> None:
    deep: Any = "x" * 500
    for _ in range(200):
        deep = [deep]
    wide = [{"text": "y" * 200}] * 1_000
    for value in (deep, wide):
        stored, pieces = wrap(to_json({"body": value}), LIMIT)
        assert back(stored, pieces) == {"body": value}
        assert len(pieces) == 1


def test_a_value_too_deep_to_be_written_again_is_kept_byte_for_byte() -> None:
    raw = b'{"body":' + b"[" * 900 + b"]" * 900 + b"}"
    stored, pieces = wrap(raw, LIMIT)
    assert [piece.raw for piece in pieces] == [raw]
    assert is_wrapped(stored.decode())


def test_only_what_a_run_reads_again_is_needed() -> None:
    entries = [
        {"n": "a", "s": "done", "i": {"t": "i" * 500}, "o": {"t": "o" * 500}},
        {"n": "b", "s": "running", "i": {"t": "r" * 500}},
    ]
    _, pieces = pack_entries(to_json(entries), LIMIT)
    assert [(piece.raw[:2], piece.needed) for piece in pieces] == [(b'"i', False), (b'"o', True), (b'"r', True)]


def test_a_day_begins_with_the_first_id_of_its_owners_day() -> None:
    owner: UUID = uuid7()
    day = day_of(owner)
    assert day <= owner < UUID(int=day.int + (86_400_000 << 80))
    assert day_of(day) == day
