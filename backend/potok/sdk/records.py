"""`ctx.records`: the office's own data. Each change is made once, however often a step is repeated."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from potok.sdk.outcome import UserError

Values = Mapping[str, Any]
"""{field key: value}, as people type them."""
Entry = dict[str, Any]
"""A record as steps see it: its values by field key, with `id`, `type` and `title`."""
Same = Literal["add", "skip", "sum", "replace"]
"""What becomes of a line item that is there already: add another, leave it, add up the quantities, replace it."""


@dataclass(frozen=True, slots=True)
class CreateRecord:
    """A new record."""

    type: str
    values: Values


@dataclass(frozen=True, slots=True)
class ChangeRecord:
    """The fields that are named get these values. `add`: relations keep what they point to."""

    type: str
    id: str
    values: Values
    add: bool = False


@dataclass(frozen=True, slots=True)
class DeleteRecord:
    """Into the trash."""

    type: str
    id: str


@dataclass(frozen=True, slots=True)
class GetRecord:
    """By its id."""

    type: str
    id: str


@dataclass(frozen=True, slots=True)
class FindRecords:
    """Those whose fields have these values, the newest first."""

    type: str
    values: Values
    limit: int = 1


@dataclass(frozen=True, slots=True)
class UpsertRecord:
    """Change the newest record that has `by`, or create one that has both."""

    type: str
    by: Values
    values: Values


@dataclass(frozen=True, slots=True)
class AddItems:
    """Line items of a record. `relation`: the field of an item that points to it.

    Two items are the same when their field `key` is; `quantity` is the field that is added up. Where `key` is a
    relation, text that is no id means the record of that title, and what an item leaves open (name, price, VAT) is
    taken from the record it points to.
    """

    type: str
    relation: str
    parent: str
    items: Sequence[Values]
    same: Same = "add"
    key: str = "product"
    quantity: str = "quantity"


Reading = GetRecord | FindRecords
Writing = CreateRecord | ChangeRecord | DeleteRecord | UpsertRecord | AddItems
RecordQuestion = Reading | Writing
AskRecords = Callable[[str, RecordQuestion], Awaitable[Any]]
"""(effect key, question) -> the answer as plain JSON. Raises RecordRefused."""


class RecordRefused(UserError):
    """The records room will not do it: a value does not fit, something is gone. `code` is one of its words."""

    def __init__(
        self, place: str, message: str, fix: str = "", *, code: str, params: Values | None = None
    ) -> None:
        super().__init__(place, message, fix, code=code)
        self.params = dict(params or {})


@dataclass(frozen=True, slots=True)
class RecordChange:
    """A change of a record, as a trigger's `.match` sees it."""

    what: Literal["created", "changed", "deleted", "restored"]
    type: str
    record: Entry
    """As it is after the change."""
    old: Entry
    """As it was before; empty when it is new."""
    changed: tuple[str, ...] = ()
    """Keys of the fields that have other values now."""
    actor: Mapping[str, Any] = field(default_factory=dict)


class Records:
    """Asks the store; a change and its answer are one transaction, kept under the step's effect key."""

    __slots__ = ("_ask", "_asked", "_key")

    def __init__(self, ask: AskRecords | None, key: Callable[[], str]) -> None:
        self._ask = ask
        self._key = key
        self._asked = ("", 0)

    async def create(self, type: str, values: Values) -> Entry:
        """A new record."""
        return await self._change(CreateRecord(type, values))

    async def update(self, type: str, id: str, values: Values) -> Entry:
        """Give these fields other values."""
        return await self._change(ChangeRecord(type, id, values))

    async def relate(self, type: str, id: str, field: str, other: str) -> Entry:
        """Let a relation point to another record too; one that takes a single record points to this instead."""
        return await self._change(ChangeRecord(type, id, {field: other}, add=True))

    async def delete(self, type: str, id: str) -> Entry:
        """Put it into the trash."""
        return await self._change(DeleteRecord(type, id))

    async def upsert(self, type: str, by: Values, values: Values) -> tuple[Entry, bool]:
        """Change the record that has `by`, or create it: the record, and whether it is new."""
        told = await self._write(UpsertRecord(type, by, values))
        return told["record"], told["created"]

    async def add_items(self, wanted: AddItems) -> dict[str, Any]:
        """Line items of a record: {added, changed, skipped (numbers), items (ids)}."""
        return await self._change(wanted)

    async def get(self, type: str, id: str) -> Entry | None:
        """One record; None when there is none, or it is in the trash."""
        found: Entry | None = await self._read(GetRecord(type, id))
        return found

    async def find(self, type: str, values: Values, *, limit: int = 1) -> list[Entry]:
        """Records whose fields have these values, the newest first."""
        found: list[Entry] = await self._read(FindRecords(type, values, limit))
        return found

    async def _read(self, question: Reading) -> Any:
        ask = await self._asking()
        return await ask(self._key(), question)

    async def _change(self, question: Writing) -> dict[str, Any]:
        found: dict[str, Any] = await self._write(question)
        return found

    async def _write(self, question: Writing) -> Any:
        ask = await self._asking()
        key = self._key()
        number = self._asked[1] + 1 if self._asked[0] == key else 0
        self._asked = (key, number)
        return await ask(f"{key}.r{number}", question)

    async def _asking(self) -> AskRecords:
        if self._ask is None:
            raise RuntimeError("only a step of a run touches records")
        # A step that was begun without the event loop is begun again with it: here, before anything is asked.
        await asyncio.sleep(0)
        return self._ask
