"""Runs migrations with the async driver the application uses, and writes down their halves; offline prints SQL."""

import asyncio
from typing import Any

from alembic import context
from alembic.runtime.migration import MigrationContext, MigrationInfo
from sqlalchemy import Connection, pool, text
from sqlalchemy.ext.asyncio import create_async_engine

from potok.tables import declared, metadata


def _write_down(ctx: MigrationContext, step: MigrationInfo, heads: set[str], run_args: dict[str, Any]) -> None:
    """In the migration's own transaction: older processes read there whether they may go on."""
    assert ctx.connection is not None
    if not ctx.connection.execute(text("SELECT to_regclass('migration_half') IS NOT NULL")).scalar_one():
        return  # before 20261124_1930
    values = {"revision": step.up_revision_id}
    ctx.connection.execute(text("DELETE FROM migration_half WHERE revision = :revision"), values)
    if step.is_upgrade:
        values["half"] = getattr(step.up_revision.module, "half", "after")
        ctx.connection.execute(
            text("INSERT INTO migration_half (revision, half, applied_at) VALUES (:revision, :half, now())"),
            values,
        )


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        compare_type=True,
        include_name=declared,
        on_version_apply=_write_down,
    )
    with context.begin_transaction():
        context.run_migrations()


async def _online(url: str) -> None:
    engine = create_async_engine(url, poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(_migrate)
    await engine.dispose()


def main() -> None:
    """Use the connection handed over by the caller, else connect to `sqlalchemy.url`."""
    url = context.config.get_main_option("sqlalchemy.url") or ""
    if context.is_offline_mode():
        context.configure(url=url, target_metadata=metadata, literal_binds=True)
        with context.begin_transaction():
            context.run_migrations()
    elif (connection := context.config.attributes.get("connection")) is not None:
        _migrate(connection)
    else:
        asyncio.run(_online(url))


main()
