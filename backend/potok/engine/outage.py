"""Why the database cannot serve at present, read from the SQLSTATE that its error carries.

away         it does not answer (stopped, starting, unreachable), or another cause
connections  it has none left (53300)
disk_full    its disk is full (53100)
read_only    it takes no changes (25006)
"""

from typing import Final

WORDS: Final = {
    "away": "unavailable",
    "connections": "database_connections",
    "disk_full": "database_disk_full",
    "read_only": "database_read_only",
}
"""The code of the sentences that say it."""
_BY_STATE = {"53300": "connections", "53100": "disk_full", "25006": "read_only"}
_DEEPEST = 8


def why(error: BaseException | None) -> str:
    """The cause, looked for in the error and in those it came from (drivers wrap them)."""
    for _ in range(_DEEPEST):
        if error is None:
            break
        state = getattr(getattr(error, "orig", None) or error, "sqlstate", None)
        if state in _BY_STATE:
            return _BY_STATE[state]
        error = error.__cause__ or error.__context__
    return "away"
