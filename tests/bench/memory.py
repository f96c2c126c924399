"""Memory of processes as people pay for it: proportional set size, shared pages divided among those who share."""

from collections.abc import Iterable

import psutil


def pss(processes: Iterable[psutil.Process]) -> float:
    """MB of all of them together."""
    total = 0
    for process in processes:
        try:
            total += process.memory_full_info().pss
        except psutil.NoSuchProcess:
            continue
    return total / 1024 / 1024


def family(process: psutil.Process) -> list[psutil.Process]:
    """The process and all its descendants."""
    return [process, *process.children(recursive=True)]


def cpu_seconds(processes: Iterable[psutil.Process]) -> float:
    """Processor time they have used so far."""
    total = 0.0
    for process in processes:
        try:
            times = process.cpu_times()
            total += times.user + times.system
        except psutil.NoSuchProcess:
            continue
    return total
