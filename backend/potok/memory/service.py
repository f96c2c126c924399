"""What may be asked of the memory room: the variables of a workspace, for its administrators."""

import json
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from potok.memory import repository
from potok.memory.models import Variable
from potok.pages import Page, page_of
from potok.people.service import Caller, record
from potok.problems import refuse
from potok.scenarios.service import get_scenario
from potok.sdk.memory import MAX_DIGITS, MAX_VALUE, digits_of

MAX_NAME = 100
VariablePage = Page[Variable]


async def list_variables(
    db: AsyncSession, caller: Caller, *, scenario_id: UUID | None, first: int, after: tuple[str, str] | None
) -> VariablePage:
    """A page of the workspace's variables by name; with a scenario those of that scenario only."""
    scope = None if scenario_id is None else str(scenario_id)
    return page_of(await repository.page(db, caller.workspace_id, scope, after, first + 1), first)


async def set_variable(
    db: AsyncSession, caller: Caller, *, name: str, kind: str, value: Any, scenario_id: UUID | None
) -> Variable:
    """Let it hold this. Raises Refused."""
    if not name.strip() or len(name) > MAX_NAME or "\0" in name:
        raise refuse("variable_name", "name", limit=MAX_NAME)
    scope = await _scope(db, caller, scenario_id)
    number = _number(value) if kind == "number" else None
    fits = {"number": number is not None, "text": isinstance(value, str), "boolean": isinstance(value, bool)}
    if not fits.get(kind, True):
        raise refuse(f"variable_{kind}", "value")
    text = None if kind == "number" else json.dumps(value, ensure_ascii=False)
    if len((text or "").encode()) > MAX_VALUE or (number is not None and digits_of(number) > MAX_DIGITS):
        raise refuse("variable_large", "value", limit=MAX_VALUE // 1024, digits=MAX_DIGITS)
    await repository.put(db, (caller.workspace_id, scope, name), kind, text, number, caller.user_id)
    await record(db, caller, "variable_set", subject_id=scenario_id, subject=name)
    found = await repository.variable(db, caller.workspace_id, scope, name)
    assert found is not None
    return found


async def delete_variable(db: AsyncSession, caller: Caller, *, name: str, scenario_id: UUID | None) -> None:
    """Remove it; who reads it then finds none. Raises Refused."""
    scope = "" if scenario_id is None else str(scenario_id)
    if not await repository.remove(db, caller.workspace_id, scope, name):
        raise refuse("variable_not_found", "name", name=name[:MAX_NAME])
    await record(db, caller, "variable_deleted", subject_id=scenario_id, subject=name)


async def _scope(db: AsyncSession, caller: Caller, scenario_id: UUID | None) -> str:
    return "" if scenario_id is None else str((await get_scenario(db, caller, scenario_id)).id)


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
