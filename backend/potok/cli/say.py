"""Errors for people: what happened and how to mend it, in the language of the terminal, never a traceback."""

import os
import sys
import traceback


class CliError(Exception):
    """A command cannot go on. `fix` says what to do about it."""

    def __init__(self, message: str, fix: str = "", *, code: int = 1) -> None:
        super().__init__(message)
        self.message, self.fix, self.code = message, fix, code


def locale() -> str:
    """`ru` when the terminal speaks Russian, else `en`."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "ru" if value.lower().startswith("ru") else "en"
    return "en"


def fail(error: CliError) -> None:
    """Print an error to the standard error stream."""
    print(f"potok: {error.message}", file=sys.stderr)
    if error.fix:
        print(f"       {error.fix}", file=sys.stderr)


def explain(error: Exception) -> CliError:
    """Words for an exception that no command expected. POTOK_DEBUG=1 adds the traceback, for a bug report."""
    if os.environ.get("POTOK_DEBUG"):
        traceback.print_exception(error)
    if problems := getattr(error, "problems", None):  # Refused, GraphRefused ...: services refuse with problems
        return refused(problems)
    name = type(error).__name__
    if isinstance(error, OSError | TimeoutError) or name in _DATABASE_AWAY:
        return CliError(
            f"The database or the queue does not answer: {error}.",
            "Is Potok running? `potok doctor` tells what is wrong.",
        )
    return CliError(
        f"Something went wrong that Potok did not expect: {name}: {error}",
        "Run the command again with POTOK_DEBUG=1 and report what it prints; that is a bug.",
    )


_DATABASE_AWAY = {"CannotConnectNowError", "ConnectionError", "InvalidCatalogNameError", "InterfaceError"}


def refused(problems: object) -> CliError:
    """Every problem a service found, each with its fix."""
    lines: list[str] = []
    for problem in problems if isinstance(problems, list | tuple) else []:
        words = problem.words(locale())
        where = ".".join(str(part) for part in getattr(problem, "path", ()) or ())
        lines.append(f"{where + ': ' if where else ''}{words.message} {words.fix}".strip())
    return CliError("\n       ".join(lines) or "Refused.")
