"""A block that runs a few lines of Python in a sandbox: no files, no network, limits on time and memory."""

import json
import keyword
import threading
from typing import Annotated, Any

import pydantic_monty
from pydantic_monty import CollectString, Monty, MontyCrashedError, MontyError, MontyRuntimeError, MontySyntaxError

from potok.sdk import Field, Model, Pairs, UserError, action

SECONDS = 10.0
MEMORY = 64 * 1024 * 1024
LONGEST = 20_000
_PRINTED = 20_000
_LONGEST_RESULT = 8 * 1024 * 1024


class Computed(Model):
    """What the code came to."""

    result: Annotated[Any, Field(title="Result")] = None
    printed: Annotated[str, Field(title="What it printed")] = ""


class _Pool:
    """Sandbox processes, begun with the first code of this worker and used again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pool: Monty | None = None

    def get(self) -> Monty:
        """The pool, entered for the life of the process; its children end with it."""
        with self._lock:
            if self._pool is None:
                made = Monty(min_processes=0, max_processes=4, max_checkouts_per_worker=200)
                self._pool = made.__enter__()
            return self._pool


_POOL = _Pool()


@action("code.python", icon="code", group="data", sample=Computed(result={}), timeout=60)
def python(
    code: Annotated[
        str,
        Field(
            kind="code",
            title="Python",
            help="The value of the last line is the result. No files, no network; 10 seconds and 64 MB at most.",
            min_length=1,
            max_length=LONGEST,
        ),
    ],
    inputs: Annotated[
        Pairs, Field(kind="pairs", title="Input", help="Names that the code may use, and their values.")
    ] = [],
) -> Computed:
    """Python. Computes something with a few lines of Python, in a sandbox."""
    given = {pair.name: pair.value for pair in inputs}
    for name in given:
        if not name.isidentifier() or keyword.iskeyword(name):
            raise UserError(
                "inputs",
                f"“{name}” cannot be a name in Python.",
                "Use letters, digits and _, a letter first.",
                code="bad_name",
                name=name,
            )
    limits = pydantic_monty.ResourceLimits(
        max_feed_duration_secs=SECONDS, max_memory=MEMORY, max_recursion_depth=500, max_suspensions=1
    )
    printed = CollectString(_PRINTED)
    try:
        with _POOL.get().checkout(limits=limits) as session:
            result = session.feed_run(code, inputs=given, print_callback=printed)
    except MontySyntaxError as error:
        raise UserError(
            "code", f"This is not Python: {error}", "Correct that place.", code="syntax", reason=str(error)
        ) from None
    except MontyCrashedError as error:
        raise UserError(
            "code", f"The sandbox ended: {error}", "Let the code need less.", code="crashed", reason=str(error)
        ) from None
    except MontyRuntimeError as error:
        raise _failed(error) from None
    except MontyError as error:
        raise UserError(
            "inputs",
            f"A value cannot be handed over: {error}",
            "Pass plain data.",
            code="value",
            reason=str(error),
        ) from None
    return Computed(result=_plain(result), printed=printed.output)


def _failed(error: MontyRuntimeError) -> UserError:
    inner = error.exception()
    reason = error.display("type-msg")
    if isinstance(inner, TimeoutError):
        return UserError(
            "code",
            f"The code took longer than {SECONDS:g} seconds.",
            "Let it do less, or less often.",
            code="too_slow",
            seconds=int(SECONDS),
        )
    if isinstance(inner, MemoryError):
        return UserError(
            "code",
            f"The code needed more than {MEMORY // 1024 // 1024} MB.",
            "Let it keep less at a time.",
            code="too_large",
            megabytes=MEMORY // 1024 // 1024,
        )
    frames = error.traceback()
    line = frames[-1].line if frames else 0
    return UserError(
        "code",
        f"Line {line}: {reason}",
        "Correct the code, or the data it gets.",
        code="failed",
        line=line,
        reason=reason,
    )


def _plain(result: Any) -> Any:
    """The result as JSON data; dates and exact numbers become text."""
    try:
        text = json.dumps(result, default=_readable, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise UserError(
            "code",
            f"The result is no plain data: {error}",
            "Let the last line be text, a number, yes or no, a list or an object.",
            code="result",
            reason=str(error),
        ) from None
    if len(text) > _LONGEST_RESULT:
        raise UserError("code", "The result is larger than 8 MB.", "Let it return less.", code="result_too_large")
    return json.loads(text)


def _readable(value: Any) -> Any:
    if isinstance(value, set | frozenset | tuple):
        return list(value)
    if type(value).__module__ in ("datetime", "decimal", "fractions"):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not plain data")
