"""Where the executor's time goes: the same runs under pyinstrument, summed up by part of the house."""

from collections import defaultdict
from pathlib import Path
from typing import Any

import uvloop
from pyinstrument import Profiler
from pyinstrument.frame import Frame
from tests.bench.executor import executor_alone

RUNS = 10_000
_PARTS = (
    ("/potok/engine/plan", "plan"),
    ("/potok/engine/committer", "checkpoints: gather"),
    ("/potok/engine", "engine: run steps, journal"),
    ("/potok/adapters/store_postgres/claim", "store: claim"),
    ("/potok/adapters/store_postgres/commit", "store: checkpoint"),
    ("/potok/adapters/store_postgres/ingest", "ingest (preparation, outside of the figure)"),
    ("/potok/adapters/store_postgres", "store: other"),
    ("/potok/graph", "values and conditions"),
    ("/plugins", "the steps themselves"),
    ("/asyncpg", "asyncpg: encode, decode, protocol"),
    ("/pydantic", "parameter models (pydantic)"),
    ("/tests/bench", "the benchmark itself"),
    ("/asyncio/", "event loop, waiting for the database"),
    ("/orjson", "JSON"),
    ("<", "Python's built-ins"),
)
"""Part of a path -> how the table calls it; the first that fits counts."""


def where_time_goes(database_url: str, folder: Path) -> dict[str, Any]:
    """Percent of the processor time by part, and the ten costliest functions. A flame page goes to the folder."""
    profiler = Profiler(interval=0.001, async_mode="disabled")
    profiler.start()
    uvloop.run(executor_alone(database_url, RUNS))
    session = profiler.stop()
    (folder / "profile.html").write_text(profiler.output_html(), "utf-8")
    root = session.root_frame()
    parts: dict[str, float] = defaultdict(float)
    functions: dict[str, float] = defaultdict(float)
    if root is not None:
        _add(root, parts, functions)
    total = sum(parts.values()) or 1.0
    return {
        "runs": RUNS,
        "parts": {name: round(100 * seconds / total, 1) for name, seconds in _costliest(parts)},
        "functions": {name: round(100 * seconds / total, 1) for name, seconds in _costliest(functions)[:10]},
    }


def _costliest(times: dict[str, float]) -> list[tuple[str, float]]:
    return sorted(times.items(), key=lambda pair: -pair[1])


def _add(frame: Frame, parts: dict[str, float], functions: dict[str, float]) -> None:
    inner = [child for child in frame.children if not child.is_synthetic]
    own = frame.time - sum(child.time for child in inner)
    path = (frame.file_path or "").replace("\\", "/")
    if own > 0:
        parts[_part(path)] += own
        functions["/".join(path.split("/")[-2:]) + f" {frame.function}"] += own
    for child in inner:
        _add(child, parts, functions)


def _part(path: str) -> str:
    return next((name for start, name in _PARTS if start in path), "other libraries")
