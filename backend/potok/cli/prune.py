"""`potok runs prune`: what a worker does each hour, now; or what it would do."""

import asyncio
import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from potok.cli.options import Data, Json, settings
from potok.cli.running import running
from potok.cli.say import CliError

if TYPE_CHECKING:
    from potok.adapters.history import Plan, Report


def prune(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    as_json: Json = False,
    data: Data = None,
) -> None:
    """Remove runs that are older, more or larger than their workspace keeps."""
    from sqlalchemy import pool  # half a second, not for `potok --help`
    from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine

    from potok.adapters import history
    from potok.migrate import async_url

    url = running(data, need_queue=False).database_url
    days = settings().dedupe_days

    async def work() -> "tuple[Plan | None, Report | None]":
        engine = create_async_engine(async_url(url), poolclass=pool.NullPool)
        try:
            if dry_run:
                return await history.plan(url, lambda: AsyncSession(engine)), None
            return None, await history.keep(url, lambda: AsyncSession(engine), dedupe_days=days)
        finally:
            await engine.dispose()

    plan, report = asyncio.run(work())
    if plan is not None:
        _say(_planned(plan), as_json, _plan_lines(plan))
    elif report is None:
        raise CliError("Another process is pruning just now.", "Try again in a minute.")
    else:
        freed = report.bytes_before - report.bytes_after
        told = {"partitions": report.dropped, "runs": report.runs, "bytes": freed, "complete": not report.busy}
        lines = [f"{len(report.dropped)} partitions dropped, {report.runs} single runs removed."]
        lines.append(f"The history takes {_size(report.bytes_after)}; {_size(freed)} were given back.")
        if report.busy:
            lines.append("Some partitions were in use without a gap; the next hour tries again.")
        _say(told, as_json, lines)


def _planned(plan: "Plan") -> dict[str, Any]:
    return {
        "partitions": [{"name": name, "bytes": size} for name, size in plan.partitions],
        "workspaces": [
            {"name": name, "runs": found.runs, "open": found.open, "border": str(found.border)}
            for name, found in plan.workspaces
        ],
    }


def _plan_lines(plan: "Plan") -> list[str]:
    lines = [f"{name}: dropped, {_size(size)}" for name, size in plan.partitions]
    for name, found in plan.workspaces:
        stays = f"; {found.open} old ones stay, they have not ended" if found.open else ""
        lines.append(f"{name}: {found.runs} runs would go{stays}")
    return lines


def _say(told: dict[str, Any], as_json: bool, lines: list[str]) -> None:
    typer.echo(json.dumps(told, ensure_ascii=False) if as_json else "\n".join(lines))


def _size(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"
