"""Python's cycle collector, tuned for a process that makes many short-lived dicts and hardly any cycles."""

import gc

_YOUNG, _MIDDLE, _OLD = 20_000, 50, 100


def calm_collector() -> None:
    """Keep what the start has loaded out of every later collection, and collect seldom.

    Measured on the executor: a third of the processor time per run went into collections that found nothing.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
