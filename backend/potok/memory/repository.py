"""Every query of variables by people; steps of runs ask the engine's store."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import delete, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from potok.memory.models import Variable
from potok.memory.statements import SET


async def page(
    db: AsyncSession, workspace_id: UUID, scope: str | None, after: tuple[str, str] | None, limit: int
) -> list[Variable]:
    """Variables by name, of one scope or all."""
    query = select(Variable).where(col(Variable.workspace_id) == workspace_id)
    if scope is not None:
        query = query.where(col(Variable.scope) == scope)
    if after is not None:
        query = query.where(tuple_(col(Variable.name), col(Variable.scope)) > after)
    query = query.order_by(col(Variable.name), col(Variable.scope)).limit(limit)
    return list((await db.execute(query)).scalars())


async def variable(db: AsyncSession, workspace_id: UUID, scope: str, name: str) -> Variable | None:
    """One of them."""
    query = select(Variable).where(
        col(Variable.workspace_id) == workspace_id, col(Variable.scope) == scope, col(Variable.name) == name
    )
    return (await db.execute(query.execution_options(populate_existing=True))).scalar_one_or_none()


async def put(
    db: AsyncSession,
    place: tuple[UUID, str, str],
    kind: str,
    value: str | None,
    number: Decimal | None,
    user_id: UUID | None,
) -> None:
    """Let it hold this: JSON text, or a number."""
    connection = await db.connection()
    await connection.exec_driver_sql(SET, (*place, kind, value, number, None, user_id))


async def remove(db: AsyncSession, workspace_id: UUID, scope: str, name: str) -> bool:
    """Whether there was one."""
    done = await db.execute(
        delete(Variable)
        .where(
            col(Variable.workspace_id) == workspace_id, col(Variable.scope) == scope, col(Variable.name) == name
        )
        .returning(col(Variable.name))
    )
    return done.first() is not None
