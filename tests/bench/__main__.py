"""Runs every benchmark on embedded servers over loopback, prints a table, writes build/bench.json."""

import json
import platform
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import uvloop
from tests.bench.executor import executor_alone
from tests.bench.growth import BACKLOG, growing, shared_backlog
from tests.bench.loop import loop_items
from tests.bench.processes import end, environment, free_port, start, wait_ready
from tests.bench.profiled import where_time_goes
from tests.bench.up import starts_and_idle
from tests.bench.webhook import first_action, under_load

from potok.adapters.embedded.postgres import Postgres
from potok.adapters.embedded.valkey import Valkey
from potok.migrate import migrate_now

RESULT = Path("build/bench.json")
LOADS = ((1, 1_500), (10, 6_000), (50, 15_000))
EXECUTOR_RUNS = 20_000
ROUNDS = 60

# name, path into the result, unit, floor, goal, whether more is better
TABLE = (
    ("runs/s, 1 connection", ("webhook", "1", "runs_per_second"), "/s", None, None, True),
    ("runs/s, 10 connections", ("webhook", "10", "runs_per_second"), "/s", None, None, True),
    ("runs/s, 50 connections", ("webhook", "50", "runs_per_second"), "/s", 1_000, 3_000, True),
    ("answer p50, 10 connections", ("webhook", "10", "answer_p50_ms"), "ms", 10, 4, False),
    ("answer p99, 10 connections", ("webhook", "10", "answer_p99_ms"), "ms", 60, 20, False),
    ("answer p50, 50 connections", ("webhook", "50", "answer_p50_ms"), "ms", None, None, False),
    ("answer p99, 50 connections", ("webhook", "50", "answer_p99_ms"), "ms", None, None, False),
    ("first action p50, idle", ("first_action", "p50_ms"), "ms", 25, 10, False),
    ("first action p99, idle", ("first_action", "p99_ms"), "ms", 100, 50, False),
    ("executor alone", ("executor", "runs_per_second"), "/s", 10_000, 20_000, True),
    (f"backlog of {BACKLOG:,}, 1 worker", ("workers", "1"), "/s", None, None, True),
    (f"backlog of {BACKLOG:,}, 2 workers", ("workers", "2"), "/s", None, None, True),
    ("one run of 10,000 loop items", ("loop", "seconds"), "s", 5, 2, False),
    ("its memory at the peak", ("loop", "peak_mb"), "MB", None, None, False),
    ("warm start", ("up", "warm_start_s"), "s", 5, 2.5, False),
    ("first start ever", ("up", "first_start_s"), "s", None, None, False),
    ("idle memory, all processes", ("up", "idle_pss_mb"), "MB", 400, 250, False),
    ("idle processor time", ("up", "idle_cpu_percent"), "%", None, None, False),
)


@contextmanager
def servers(folder: Path) -> Iterator[tuple[str, str]]:
    """Embedded PostgreSQL (commits on disk, as shipped) and Valkey."""
    postgres = Postgres(folder / "postgres", folder / "run", folder / "postgres.log")
    valkey = Valkey(folder / "valkey", folder / "run", folder / "valkey.log")
    postgres.start()
    try:
        valkey.start()
        try:
            migrate_now(postgres.dsn())
            yield postgres.dsn(), valkey.url()
        finally:
            valkey.stop()
    finally:
        postgres.stop()


@contextmanager
def stack(database_url: str, redis_url: str, folder: Path) -> Iterator[int]:
    """One API process and one worker; the port."""
    port = free_port()
    env = environment(database_url, redis_url, port)
    processes = [start(part, env, folder / f"{part}.log") for part in ("serve", "worker")]
    try:
        wait_ready(port)
        time.sleep(1)
        yield port
    finally:
        for process in processes:
            end(process)


def measure() -> dict[str, Any]:
    """Everything."""
    with tempfile.TemporaryDirectory(prefix="potok-bench-") as name:
        folder = Path(name)
        result: dict[str, Any] = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": {
                "processor": platform.processor() or platform.machine(),
                "cores": psutil.cpu_count(),
                "python": platform.python_version(),
                "load_before": psutil.getloadavg()[0],
            },
        }
        with servers(folder) as (database_url, redis_url):
            with stack(database_url, redis_url, folder) as port:
                result["first_action"] = uvloop.run(first_action(database_url, port, ROUNDS))
                result["webhook"] = {
                    str(connections): uvloop.run(under_load(database_url, port, connections, count))
                    for connections, count in LOADS
                }
            rate = uvloop.run(executor_alone(database_url, EXECUTOR_RUNS))
            result["executor"] = {"runs": EXECUTOR_RUNS, "runs_per_second": round(rate, 1)}
            seconds, peak = uvloop.run(loop_items(database_url))
            result["workers"] = {
                str(count): round(uvloop.run(shared_backlog(database_url, redis_url, count, folder)), 1)
                for count in (1, 2)
            }
            result["loop"] = {"seconds": round(seconds, 3), "peak_mb": round(peak, 1)}
            result["growth"] = growing(database_url)
            RESULT.parent.mkdir(exist_ok=True)
            result["profile"] = where_time_goes(database_url, RESULT.parent)
        result["up"] = starts_and_idle(folder)
        return result


def main() -> None:
    """Measure, write, print."""
    result = measure()
    RESULT.write_text(json.dumps(result, indent=2) + "\n")
    print(f"{'what':<30}{'measured':>14}{'floor':>10}{'goal':>10}")
    for name, path, unit, floor, goal, more in TABLE:
        value: Any = result
        for key in path:
            value = value[key]
        verdict = _verdict(float(value), floor, goal, more)
        print(f"{name:<30}{value:>10} {unit:<3}{floor or '':>10}{goal or '':>10}  {verdict}")
    _print_growth(result["growth"])
    _print_profile(result["profile"])


def _print_growth(sizes: list[dict[str, float]]) -> None:
    """Time against the smallest size, which would be 1.0 everywhere if growth were perfectly linear."""
    print("\ngrowth: runs, seconds, per run against the smallest, memory before and at the peak")
    first = sizes[0]["seconds"] / sizes[0]["runs"]
    for one in sizes:
        ratio = one["seconds"] / one["runs"] / first
        memory = f"{one['memory_mb']} -> {one['peak_mb']} MB"
        print(f"{one['runs']:>10,}{one['seconds']:>10} s{ratio:>8.2f}   {memory}")


def _print_profile(profile: dict[str, Any]) -> None:
    print(f"\nwhere the executor's time goes, {profile['runs']:,} runs (whole tree: build/profile.html)")
    for kind in ("parts", "functions"):
        for name, percent in profile[kind].items():
            print(f"{percent:>7} %  {name}")
        print()


def _verdict(value: float, floor: float | None, goal: float | None, more: bool) -> str:
    if floor is None or goal is None:
        return ""
    if (value >= goal) if more else (value <= goal):
        return "goal"
    return "floor" if ((value >= floor) if more else (value <= floor)) else "MISSED"


if __name__ == "__main__":
    main()
