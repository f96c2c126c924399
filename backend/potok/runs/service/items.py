"""Loop items of a run: how many stand how, and pages of them, never all at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from potok.pages import Page, page_of
from potok.runs import repository_items
from potok.runs.repository_items import Open, Path, Tally
from potok.runs.service.steps import Step, step_of, time_of

STANDS = ("running", "waiting", "failed", "done")
"""What a step done for many items is said to be: the first of these that any of them is."""
Bodies = Mapping[str, frozenset[str]]
"""Loop -> the nodes done for each of its items."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Of a loop: its items. Of a step inside a loop: the items that came to it."""

    items: int
    done: int
    failed: int
    running: int


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a loop, or one step done for it. `path`: numbers from 0, the outermost loop's first."""

    path: Path
    step: Step


async def entries_of(db: AsyncSession, run_ids: Sequence[UUID]) -> dict[UUID, list[repository_items.Entry]]:
    """Journals without the items of loops. Give it only ids of runs the caller may see."""
    return await repository_items.outer(db, run_ids)


async def inside_of(db: AsyncSession, run_ids: Sequence[UUID], bodies: Bodies) -> dict[UUID, list[Step]]:
    """What happened inside loops: one step for each node, the loops themselves too, with its counts."""
    found: dict[UUID, list[Step]] = {}
    rows = await repository_items.tallies(db, run_ids)
    under_way = await repository_items.open_steps(db, run_ids)
    loops = set(bodies)
    for run_id in run_ids:
        mine = [row for row in rows if row.run_id == run_id]
        names = dict.fromkeys(row.node_id for row in mine)
        steps = [_tallied(name, [row for row in mine if row.node_id == name], name in loops) for name in names]
        for place, step in enumerate(steps):
            if step.node_id in bodies and step.counts is not None:
                live = [one for one in under_way if one.run_id == run_id]
                running = len(_items_under_way(live, step.node_id, bodies))
                steps[place] = replace(step, counts=replace(step.counts, running=running))
        found[run_id] = steps
    return found


def _items_under_way(live: Iterable[Open], loop: str, bodies: Bodies) -> set[Path]:
    """Items of a loop of which some step runs or waits."""
    depth = depth_of(loop, bodies) + 1
    # A loop among steps that undo has their mark (-1) before its own numbers.
    return {one.path[: depth + (one.path[0] < 0)] for one in live if one.node_id in bodies[loop]}


def depth_of(node_id: str, bodies: Bodies) -> int:
    """Inside how many loops a node stands."""
    return sum(node_id in body for body in bodies.values())


def _tallied(node_id: str, rows: Sequence[Tally], is_loop: bool) -> Step:
    own = [row for row in rows if row.over is is_loop]
    count = {row.status: row.items for row in own}
    states = {row.status for row in rows if not row.over}
    busy = count.get("running", 0) + count.get("waiting", 0)
    items = count.get("items", 0) if is_loop else sum(count.values()) - count.get("skipped", 0)
    began = [row.began for row in rows if row.began is not None]
    ended = [row.ended for row in rows if row.ended is not None]
    status = next((one for one in STANDS if one in states), "skipped")
    return Step(
        node_id=node_id,
        node_type="",
        status=status,
        port=None,
        attempt=1,
        input=None,
        output=None,
        error=None,
        started_at=time_of(min(began, default=None)),
        finished_at=None if status in ("running", "waiting") else time_of(max(ended, default=None)),
        waits_until=None,
        counts=Counts(items, count.get("done", 0), count.get("failed", 0), busy),
    )


async def list_items(
    db: AsyncSession,
    run_id: UUID,
    node_id: str,
    bodies: Bodies,
    *,
    status: str | None,
    first: int,
    after: Path | None,
    only: Path | None,
) -> Page[Item]:
    """A page of a loop's items, or of a step's inside a loop, by number. Only for runs the caller may see."""
    is_loop = node_id in bodies
    entries = await repository_items.item_entries(
        db, run_id, node_id, over=is_loop, status=status, after=after, only=only, limit=first + 1
    )
    found = {path: Item(path, step_of(node_id, lines)) for path, lines in entries.items()}
    if is_loop:
        found = await _with_open(db, run_id, node_id, bodies, found, status, after, only)
    page = page_of([found[path] for path in sorted(found)], first)
    if not is_loop or not page.rows:
        return page
    depth = depth_of(node_id, bodies) + 1
    times = await repository_items.item_times(db, run_id, sorted(bodies[node_id]), depth)
    values = await _values(db, run_id, node_id, depth == 1)
    return Page([_complete(item, times.get(item.path), values) for item in page.rows], page.has_next)


async def _with_open(
    db: AsyncSession,
    run_id: UUID,
    loop: str,
    bodies: Bodies,
    found: dict[Path, Item],
    status: str | None,
    after: Path | None,
    only: Path | None,
) -> dict[Path, Item]:
    """Items that are not over have no entry of their own: their steps tell of them."""
    if status not in (None, "running"):
        return found
    live = _items_under_way(await repository_items.open_steps(db, [run_id]), loop, bodies)
    wanted = [path for path in live if (after is None or path > after) and only in (None, path)]
    begun = {path: Item(path, step_of(loop, [{"n": loop, "s": "running"}])) for path in wanted}
    return begun | found


async def _values(db: AsyncSession, run_id: UUID, loop: str, outermost: bool) -> list[Any]:
    """The list an outermost loop went through; of inner ones each item has its own."""
    if not outermost:
        return []
    lines = (await repository_items.outer(db, [run_id])).get(run_id, [])
    given = next((one["i"].get("items") for one in lines if one["n"] == loop and one.get("i")), None)
    if isinstance(given, dict):
        return [{"key": key, "value": value} for key, value in given.items()]
    return given if isinstance(given, list) else []


def _complete(item: Item, times: tuple[float | None, float | None] | None, values: Sequence[Any]) -> Item:
    number = item.path[-1]
    began, ended = times or (None, None)
    step = replace(
        item.step,
        input=values[number] if number < len(values) else None,
        started_at=time_of(began),
        finished_at=None if item.step.status == "running" else time_of(ended),
    )
    return Item(item.path, step)
