"""Where steps run: the run itself is one frame, and each item of a loop is another inside it."""

from typing import Any

from potok.engine.plan import Phase, Route, State, begin, settle
from potok.engine.ports import Json
from potok.engine.program import Step

Path = tuple[int, ...]
"""Which item, loop by loop from the outermost; empty for the run itself."""
_OPEN = object()


class Frame:
    """One pass through a route. Data of the frames around it was copied into `outputs` when it began."""

    __slots__ = (
        "attempts",
        "dropped",
        "error",
        "first_try",
        "interrupted",
        "loop",
        "loops",
        "outputs",
        "path",
        "route",
        "slow",
        "state",
    )

    def __init__(self, route: Route, outputs: dict[str, Any], path: Path = (), loop: "Loop | None" = None) -> None:
        self.route = route
        self.state = State(route)
        self.outputs = outputs
        self.path = path
        self.loop = loop
        """The loop whose item this is."""
        self.attempts: dict[int, int] = {}
        self.first_try: dict[int, int] = {}
        """When the first attempt of a step began (ms), where a budget counts from there."""
        self.slow: set[int] = set()
        """Quick steps that turned out to await something."""
        self.interrupted: list[int] = []
        """Outward steps a crash caught in the act."""
        self.loops: dict[int, Loop] = {}
        """Loops under way, by node."""
        self.error: Json | None = None
        self.dropped = False
        """Nobody waits for it any more; what still runs in it counts for nothing but its receipts."""

    @property
    def stopping(self) -> bool:
        """A frame around it has failed, so nothing new may start here."""
        loop = self.loop
        while loop is not None:
            if loop.error is not None or loop.frame.state.failed:
                return True
            loop = loop.frame.loop
        return False


class Loop:
    """A loop under way: its items, what became of them, and the frames of those that have begun."""

    __slots__ = (
        "error",
        "failed",
        "frame",
        "items",
        "limit",
        "live",
        "nxt",
        "over",
        "results",
        "started",
        "step",
        "stops",
    )

    def __init__(self, step: Step, frame: Frame, items: list[Any], limit: int, stops: bool, started: int) -> None:
        self.step = step
        self.frame = frame
        """The frame the loop itself stands in."""
        self.items = items
        self.limit = limit
        self.stops = stops
        """Whether the first failed item ends the loop."""
        self.started = started
        self.nxt = 0
        self.over = 0
        self.results: list[Any] = [_OPEN] * len(items)
        self.failed: list[Json] = []
        self.live: dict[int, Frame] = {}
        self.error: Json | None = None
        """Why the loop ends early."""

    def begin(self, index: int, route: Route) -> Frame:
        """The frame of an item, entered."""
        frame = self.frame
        outputs = frame.outputs.copy()
        outputs[self.step.id] = {"item": self.items[index], "index": index}
        made = self.live[index] = Frame(route, outputs, (*frame.path, index), self)
        begin(made.state, route.entry)
        settle(route, made.state, route.entry, "item")
        return made

    def next_index(self) -> int | None:
        """The first item that has neither begun nor ended."""
        while self.nxt < len(self.items):
            index = self.nxt
            self.nxt += 1
            if self.results[index] is _OPEN and index not in self.live:
                return index
        return None

    def take(self, index: int, result: Any, error: Json | None) -> None:
        """An item is over."""
        self.live.pop(index, None)
        if self.results[index] is not _OPEN:
            return
        self.over += 1
        self.results[index] = result
        if error is not None:
            self.failed.append({"index": index, "error": plain_error(error)})
            if self.stops and self.error is None:
                self.error = error | {"params": error.get("params", {}) | {"item": index + 1}}

    @property
    def output(self) -> Json:
        """What the steps after the loop see."""
        failed = sorted(self.failed, key=lambda one: int(one["index"]))
        return {"items": self.results, "failed": failed, "count": len(self.items)}


def result_of(frame: Frame, ids: tuple[str, ...]) -> Any:
    """What an item yields: the output of the last of its steps (in the order of the graph) that was done."""
    phase = frame.state.phase
    for node in frame.route.backwards:
        if phase[node] == Phase.DONE:
            return frame.outputs.get(ids[node])
    return None


def plain_error(error: Json) -> Json:
    """An error as later steps may pick it."""
    return {key: error.get(key, "") for key in ("code", "message", "fix", "field", "details")}
