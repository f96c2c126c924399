"""What reading and writing records needs from outside: a database connection in somebody's transaction."""

from typing import Any, Protocol


class Connection(Protocol):
    """The part of asyncpg's connection that is used."""

    async def fetch(self, query: str, *args: Any) -> list[Any]:
        """Rows."""
        ...

    async def execute(self, query: str, *args: Any) -> str:
        """No rows."""
        ...
