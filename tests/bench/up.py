"""`potok up` as a person starts it: time to the first answer, memory and processor time when nothing happens."""

import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
from tests.bench.memory import cpu_seconds, family, pss
from tests.bench.processes import end, free_port, wait_ready

_SETTLE = 3.0
_IDLE = 5.0


def start_up(data: Path, port: int) -> "tuple[subprocess.Popen[bytes], float]":
    """The supervisor, and the seconds until the web server was ready."""
    began = time.perf_counter()
    with (data.parent / "up.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "potok.cli", "up", "--data", str(data), "--port", str(port)],
            env={name: value for name, value in os.environ.items() if not name.startswith("POTOK_")},
            stdout=log,
            stderr=log,
        )
    wait_ready(port, 60)
    return process, time.perf_counter() - began


def starts_and_idle(folder: Path) -> dict[str, float]:
    """First start (with initdb and migrations), warm start, idle memory and processor share."""
    data = folder / "data"
    process, first = start_up(data, free_port())
    end(process)
    process, warm = start_up(data, free_port())
    try:
        time.sleep(_SETTLE)
        processes = family(psutil.Process(process.pid))
        before, began = cpu_seconds(processes), time.perf_counter()
        time.sleep(_IDLE)
        share = (cpu_seconds(processes) - before) / (time.perf_counter() - began) * 100
        return {
            "first_start_s": round(first, 2),
            "warm_start_s": round(warm, 2),
            "idle_pss_mb": round(pss(processes), 1),
            "idle_cpu_percent": round(share, 1),
            "processes": len(processes),
        }
    finally:
        end(process)
