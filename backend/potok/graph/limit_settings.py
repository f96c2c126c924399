"""The limits a scenario and its steps may set: how much at once, and how often."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

_STRICT = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
LONGEST = 31_536_000
"""Seconds a rate may look back: a year."""


class Concurrency(BaseModel):
    """At most so many runs at once; with a `key` (a value of the trigger's data) so many for each of its values.

    when_full: `wait` puts further runs into a queue, first come first served; `skip` ends them at once.
    """

    model_config = _STRICT

    at_most: int = Field(ge=1, le=10_000)
    key: Any = None
    when_full: Literal["wait", "skip"] = "wait"


class Rate(BaseModel):
    """At most so many runs begin within any `per_seconds`; `key` and `when_full` as for the number at once."""

    model_config = _STRICT

    at_most: int = Field(ge=1, le=100_000)
    per_seconds: float = Field(gt=0, le=LONGEST)
    key: Any = None
    when_full: Literal["wait", "skip"] = "wait"


class RunLimits(BaseModel):
    """How many runs of the scenario go on at once, and how many begin within a time."""

    model_config = _STRICT

    concurrency: Concurrency | None = None
    rate: Rate | None = None


class StepLimits(BaseModel):
    """How many of a step are under way at once (`at_once`), how many begin (`at_most` within `per_seconds`).

    Steps of a workspace that carry the same `name` share the limit. Without a name it is the host that a step
    calls, else its type.
    """

    model_config = _STRICT

    name: str = Field(default="", max_length=200)
    at_once: int | None = Field(default=None, ge=1, le=10_000)
    at_most: int | None = Field(default=None, ge=1, le=100_000)
    per_seconds: float | None = Field(default=None, gt=0, le=LONGEST)
