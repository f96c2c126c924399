"""Pages of loop items: what each item's steps got, gave and failed of, never all items at once."""

from collections.abc import Mapping
from typing import Any

import strawberry

from potok.gql import Info, PageInfo, query, read_id
from potok.pages import cursor, page_size, read_cursor
from potok.people.service import Permission
from potok.problems import refuse
from potok.runs import service
from potok.runs.graphql.loops import bodies_in
from potok.runs.graphql.types import Step, StepStatus, step_shown
from potok.scenarios.graphql.versions import graph_of

MOST_NESTED = 20


@strawberry.type
class StepItem:
    """One item of a loop, or one step done for it.

    `path`: the item's number from 0, in nested loops the outer one's first. `step`: of a loop, `input` is the item
    and `output` what came of it.
    """

    path: list[int]
    step: Step


@strawberry.type
class StepItemConnection:
    """A page of items, by number."""

    nodes: list[StepItem]
    page_info: PageInfo


@strawberry.type
class ItemsQuery:
    """Root fields about loop items."""

    @query(Permission.SEE)
    async def step_items(
        self,
        info: Info,
        run_id: strawberry.ID,
        node_id: strawberry.ID,
        status: StepStatus | None = None,
        path: list[int] | None = None,
        first: int = 50,
        after: str | None = None,
    ) -> StepItemConnection:
        """The items of a loop, or what a step inside one did for each: all, those in one state, or one."""
        wanted = read_id(run_id)
        async with info.context.db() as db:
            run = await service.find_run(db, info.context.who, wanted) if wanted else None
        if run is None:
            raise refuse("run_not_found", "runId")
        graph = await graph_of(info, run.version_id)
        bodies = bodies_in(info, graph)
        async with info.context.db() as db:
            page = await service.list_items(
                db,
                run.id,
                node_id,
                bodies,
                status=status.value if status else None,
                first=page_size(first),
                after=_place(after),
                only=tuple(path[:MOST_NESTED]) if path is not None else None,
            )
        types = {node["id"]: node for node in _nodes(graph)}
        nodes = [StepItem(path=list(one.path), step=step_shown(info, one.step, types)) for one in page.rows]
        end = cursor(".".join(map(str, page.rows[-1].path))) if page.rows else None
        return StepItemConnection(nodes=nodes, page_info=PageInfo(end_cursor=end, has_next_page=page.has_next))


def _nodes(graph: Mapping[str, Any]) -> list[dict[str, Any]]:
    return list(graph.get("nodes", []))


def _place(after: str | None) -> tuple[int, ...] | None:
    if after is None:
        return None
    try:
        return tuple(int(part) for part in read_cursor(after, 1)[0].split("."))
    except ValueError:
        raise refuse("cursor_invalid", "after") from None
