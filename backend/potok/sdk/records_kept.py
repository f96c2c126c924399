"""Records without a database, for tests of plugins: plain dictionaries, small but with the rooms' manners."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from potok.sdk.records import (
    AddItems,
    ChangeRecord,
    CreateRecord,
    DeleteRecord,
    FindRecords,
    GetRecord,
    Reading,
    RecordQuestion,
    RecordRefused,
    UpsertRecord,
    Values,
)


@dataclass(slots=True)
class KeptRecords:
    """`types`: {key of a type: {keys of its fields}}. Values are kept as given; the title is `title_field`."""

    types: Mapping[str, frozenset[str]]
    title_field: str = "name"
    records: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)

    async def ask(self, key: str, question: RecordQuestion) -> Any:
        """The answer; the one given before where this key has changed something already. Raises RecordRefused."""
        if isinstance(question, Reading):
            return self._read(question)
        if key not in self.answers:
            self.answers[key] = self._write(question)
        return self.answers[key]

    def _read(self, question: GetRecord | FindRecords) -> Any:
        if isinstance(question, GetRecord):
            return self._living(question.type).get(question.id)
        return self._having(question.type, question.values)[: question.limit]

    def _write(self, question: RecordQuestion) -> Any:
        if isinstance(question, CreateRecord):
            return self._create(question.type, question.values)
        if isinstance(question, ChangeRecord):
            return self._change(question.type, question.id, question.values)
        if isinstance(question, DeleteRecord):
            self._one(question.type, question.id)
            return self.records.pop(question.id)
        if isinstance(question, UpsertRecord):
            found = self._having(question.type, question.by)
            if found:
                return {
                    "record": self._change(question.type, found[0]["id"], question.values),
                    "created": False,
                }
            return {"record": self._create(question.type, {**question.by, **question.values}), "created": True}
        assert isinstance(question, AddItems)
        return self._items(question)

    def _items(self, wanted: AddItems) -> dict[str, Any]:
        done: dict[str, Any] = {"added": 0, "changed": 0, "skipped": 0, "items": []}
        for values in wanted.items:
            whole = {**values, wanted.relation: wanted.parent}
            by = {wanted.relation: wanted.parent, wanted.key: values.get(wanted.key)}
            there = self._having(wanted.type, by) if wanted.same != "add" else []
            if not there:
                done["added"] += 1
                done["items"].append(self._create(wanted.type, whole)["id"])
            elif wanted.same == "skip":
                done["skipped"] += 1
            else:
                if wanted.same == "sum":
                    before, more = there[0].get(wanted.quantity) or 0, values.get(wanted.quantity) or 0
                    whole = {wanted.quantity: float(Decimal(str(before)) + Decimal(str(more)))}
                done["changed"] += 1
                done["items"].append(self._change(wanted.type, there[0]["id"], whole)["id"])
        return done

    def _living(self, type_key: str) -> dict[str, dict[str, Any]]:
        if type_key not in self.types:
            raise RecordRefused("type", "There is no such type of record.", code="record.type_not_found")
        return {key: one for key, one in self.records.items() if one["type"] == type_key}

    def _having(self, type_key: str, values: Values) -> list[dict[str, Any]]:
        self._known(type_key, values)
        living = reversed(self._living(type_key).values())
        return [one for one in living if all(one.get(key) == value for key, value in values.items())]

    def _known(self, type_key: str, values: Values) -> None:
        self._living(type_key)
        for key in values:
            if key not in self.types[type_key]:
                said = f"There is no field “{key}” here."
                raise RecordRefused("values", said, code="record.no_such_field", params={"field": key})

    def _create(self, type_key: str, values: Values) -> dict[str, Any]:
        self._known(type_key, values)
        made = {"id": f"{type_key}-{len(self.records) + 1}", "type": type_key, **values}
        made["title"] = values.get(self.title_field, "")
        self.records[made["id"]] = made
        return made

    def _change(self, type_key: str, record_id: str, values: Values) -> dict[str, Any]:
        self._known(type_key, values)
        one = self._one(type_key, record_id)
        one.update(values)
        one["title"] = one.get(self.title_field, "")
        return one

    def _one(self, type_key: str, record_id: str) -> dict[str, Any]:
        found = self._living(type_key).get(record_id)
        if found is None:
            raise RecordRefused("id", "There is no such record.", code="record.not_found")
        return found
