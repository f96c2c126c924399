"""How large an imported file may be, and how it is refused."""

from typing import Any

MOST_ROWS = 500_000
MOST_COLUMNS = 300
LONGEST_CELL = 200_000
UNPACKED = 1024 * 1024 * 1024
"""Bytes of a workbook when unpacked."""
UNPACKED_TEXTS = 256 * 1024 * 1024
"""Bytes of its table of texts, which is held in memory."""
MOST_FILES = 5_000
"""Files within a workbook."""
MEMORY = 1536 * 1024 * 1024
"""Bytes the process that reads a file may take."""
SECONDS = 300
"""Processor time it may take."""
SAMPLES = 5
"""Values shown of a column."""


class Unreadable(Exception):
    """The file cannot be taken. `code` names the words."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
