"""Takes large values out of what is stored and puts them back: each is kept once, under the hash of its JSON.

A stored value with large parts becomes `{"$large": [path, ...], "value": ...}`, a journal entry gets a key `bl`
with such paths; at each path stands `{"$blob": sha, "bytes": n, "head": "..."}`. Only the paths say where pointers
stand, so data that happens to look like one stays data.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID

from potok.engine.ports import Checkpoint, ClaimedRun, Json, NewEvent, Settled
from potok.engine.ports_blobs import Large, LargeKey, Needs
from potok.engine.values import Fragment, from_json, to_json

INLINE = 32 * 1024
"""Bytes of JSON up to which a value stays where it is, unless told otherwise."""
HEAD = 200
"""Characters of a value that its pointer shows."""
_DEPTH, _WIDE = 6, 64
"""How deep, and into how wide objects and lists, large parts are looked for; beyond, the whole is one value."""
_OPENING = '{"$large"'
_DIGITS = bytes(48 if 48 <= byte <= 57 else 32 for byte in range(256))
_LONG_NUMBER = b"0" * 16
_DAY = 86_400_000

Path = list[str | int]


class Piece(NamedTuple):
    """A value taken out: its hash, and its JSON. `needed`: a run that goes on reads it again."""

    sha: bytes
    raw: bytes
    needed: bool = True


def day_of(owner: UUID) -> UUID:
    """The first id of the UTC day in which a UUIDv7 was made: large values live and go with their owner's day."""
    moment = owner.int >> 80
    return UUID(int=(moment - moment % _DAY) << 80)


# taking out


def wrap(raw: bytes, limit: int) -> tuple[bytes, list[Piece]]:
    """The JSON to store instead of `raw`, and what was taken out of it. Raises ValueError for malformed JSON."""
    if len(raw) <= limit and not raw.startswith(_OPENING.encode()):
        return raw, []
    given = from_json(raw)
    pieces: list[Piece] = []
    paths: list[Path] = []
    if len(raw) <= limit or not _has_long_number(raw):  # else reading and writing it again might change it
        try:
            value = _shrink(given, limit, [], paths, pieces, True)
            return to_json({"$large": paths, "value": value}), pieces
        except (TypeError, RecursionError):  # too deep to be written again
            pieces = []
    return to_json({"$large": [[]], "value": _take(raw, given, True, pieces)}), pieces


def pack_entries(raw: bytes, limit: int) -> tuple[bytes, list[Piece]]:
    """The same for a list of journal entries, with their inputs and outputs."""
    if len(raw) <= limit:
        return raw, []
    entries: list[Json] = json.loads(raw) if _has_long_number(raw) else from_json(raw)
    pieces: list[Piece] = []
    for entry in entries:
        paths: list[Path] = []
        for part in ("i", "o"):
            if part in entry:
                needed = _needed(entry, part)
                entry[part] = _shrink(entry[part], limit, [part], paths, pieces, needed)
        if paths:
            entry["bl"] = paths
    return to_json(entries), pieces


def _has_long_number(raw: bytes) -> bool:
    """Perhaps: it also takes digits inside texts for numbers. (A regular expression takes 25 ms a megabyte.)"""
    return _LONG_NUMBER in raw.translate(_DIGITS)


def _needed(entry: Json, part: object) -> bool:
    """Whether a run that goes on reads this part: outputs, and what running steps were given."""
    return part == "o" or entry["s"] == "running"


def _shrink(
    value: Any, limit: int, path: Path, paths: list[Path], pieces: list[Piece], needed: bool, depth: int = 0
) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    raw = to_json(value)
    if len(raw) <= limit:
        return value
    if isinstance(value, dict | list) and len(value) <= _WIDE and depth < _DEPTH:
        found: list[Piece] = []
        places: list[Path] = []
        parts = value.items() if isinstance(value, dict) else enumerate(value)
        shrunk = {key: _shrink(part, limit, [*path, key], places, found, needed, depth + 1) for key, part in parts}
        small = shrunk if isinstance(value, dict) else list(shrunk.values())
        if places and len(to_json(small)) <= limit:
            paths += places
            pieces += found
            return small
    paths.append(path)
    return _take(raw, value, needed, pieces)


def _take(raw: bytes, value: Any, needed: bool, pieces: list[Piece]) -> Json:
    sha = hashlib.sha256(raw).digest()
    pieces.append(Piece(sha, raw, needed))
    head = value[:HEAD] if isinstance(value, str) else raw[:HEAD].decode(errors="ignore")
    return {"$blob": sha.hex(), "bytes": len(raw), "head": head}


# what the stores do with it


def pack_event(event: NewEvent, limit: int) -> tuple[NewEvent, list[Large]]:
    """An event with a large payload, as it is stored. It counts against the scenario it was meant for first."""
    stored, pieces = wrap(event.payload, limit)
    weight = sum({piece.sha: len(piece.raw) for piece in pieces}.values())
    charged = event.runs[0].scenario_id if event.runs else next(iter(event.stopped), None)
    holders = tuple(run.id for run in event.runs)
    larges = [
        Large(LargeKey(day_of(event.id), event.workspace_id, piece.sha), piece.raw, charged, holders)
        for piece in pieces
    ]
    return replace(event, payload=stored, weight=weight), larges


def is_large(made: Checkpoint, limit: int) -> bool:
    """Whether anything in it is to be taken out (or only looks as if it had been)."""
    return (
        (made.entries is not None and len(made.entries) > limit)
        or (made.result is not None and _concerns(made.result, limit))
        or (bool(made.receipts) and any(one.receipt and _concerns(one.receipt, limit) for one in made.receipts))
        or (bool(made.calls) and any(_concerns(call.payload, limit) for call in made.calls))
    )


def _concerns(raw: bytes, limit: int) -> bool:
    return len(raw) > limit or raw.startswith(_OPENING.encode())


def pack_checkpoint(made: Checkpoint, limit: int) -> tuple[Checkpoint, list[Large]]:
    """A checkpoint as it is stored. A run that ends needs nothing again; its caller needs its result."""
    larges: list[Large] = []
    goes_on = () if made.finished else (made.run_id,)
    caller = (made.parent,) if made.finished and made.parent is not None else ()

    def take(pieces: Sequence[Piece], owner: UUID, scenario: UUID, holders: tuple[UUID, ...]) -> None:
        day = day_of(owner)
        for piece in pieces:
            key = LargeKey(day, made.workspace_id, piece.sha)
            larges.append(Large(key, piece.raw, scenario, holders if piece.needed else ()))

    packed = replace(made)
    if made.entries is not None:
        packed.entries, pieces = pack_entries(made.entries, limit)
        take(pieces, made.run_id, made.scenario_id, goes_on)
    if made.result is not None:
        packed.result, pieces = wrap(made.result, limit)
        take(pieces, made.run_id, made.scenario_id, caller)
    receipts = []
    for receipt in made.receipts:
        if receipt.receipt is not None:
            stored, pieces = wrap(receipt.receipt, limit)
            take(pieces, made.run_id, made.scenario_id, goes_on)
            receipt = replace(receipt, receipt=stored)
        receipts.append(receipt)
    packed.receipts = receipts
    calls = []
    for call in made.calls:
        stored, pieces = wrap(call.payload, limit)
        take(pieces, call.event_id, call.run.scenario_id, (call.run.id,))
        calls.append(replace(call, payload=stored))
    packed.calls = calls
    return packed, larges


# putting back


def is_wrapped(stored: Any) -> bool:
    """Whether a stored value (its text, or read) was wrapped."""
    if isinstance(stored, str):
        return stored.startswith(_OPENING)
    return isinstance(stored, dict) and next(iter(stored), None) == "$large"


def pointers(value: Any, paths: Sequence[Path]) -> Iterator[Json]:
    """The pointers at these places."""
    for path in paths:
        found = value
        for key in path:
            found = found[key]
        yield found


def put_back(value: Any, paths: Sequence[Path], parts: Mapping[str, Any]) -> Any:
    """The value with the parts that are there in the places of their pointers; changes it."""
    for path in paths:
        holder: Any = None
        found = value
        for key in path:
            holder, found = found, found[key]
        part = parts.get(found["$blob"], found)
        if not path:
            value = part
        else:
            holder[path[-1]] = part
    return value


def keys_of(run: ClaimedRun, needs: Needs) -> list[LargeKey]:
    """Where the large values of a run are kept."""
    return [
        LargeKey(day_of(owner), run.workspace_id, bytes.fromhex(sha))
        for owner, shas in ((run.event_id, needs.of_event), (run.run_id, needs.of_run))
        for sha in shas
    ]


def needs_of(run: ClaimedRun) -> Needs | None:
    """None for the usual run, in which nothing is large."""
    found = Needs({}, {})
    if is_wrapped(run.payload):
        stored = from_json(run.payload)
        found.of_event = {one["$blob"]: one["bytes"] for one in pointers(stored["value"], stored["$large"])}
    for entry in run.journal:
        if "bl" in entry:
            paths = [path for path in entry["bl"] if _needed(entry, path[0])]
            found.of_run |= {one["$blob"]: one["bytes"] for one in pointers(entry, paths)}
    for settled in run.ledger.values():
        if is_wrapped(settled.receipt):
            stored = settled.receipt
            found.of_run |= {one["$blob"]: one["bytes"] for one in pointers(stored["value"], stored["$large"])}
    wrapped = is_wrapped(run.payload) or any(is_wrapped(one.receipt) for one in run.ledger.values())
    return found if wrapped or found.of_run else None


def fill_run(run: ClaimedRun, needs: Needs, kept: Mapping[bytes, bytes]) -> bool:
    """Put everything back a run needs; False when something is gone."""
    parts = {sha.hex(): raw for sha, raw in kept.items()}
    if not (needs.of_event | needs.of_run).keys() <= parts.keys():
        return False
    if is_wrapped(run.payload):
        stored = from_json(run.payload)
        pieces = {sha: Fragment(parts[sha]) for sha in needs.of_event}
        run.payload = to_json(put_back(stored["value"], stored["$large"], pieces)).decode()
    values = {sha: from_json(parts[sha]) for sha in needs.of_run}
    for entry in run.journal:
        if "bl" in entry:
            put_back(entry, [path for path in entry["bl"] if _needed(entry, path[0])], values)
    run.ledger = {key: _filled(settled, values) for key, settled in run.ledger.items()}
    return True


def _filled(settled: Settled, values: Mapping[str, Any]) -> Settled:
    stored = settled.receipt
    if not is_wrapped(stored):
        return settled
    return replace(settled, receipt=put_back(stored["value"], stored["$large"], values))
