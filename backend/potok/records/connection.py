"""What writing records needs from outside: a database connection in a transaction, and the types."""

from typing import Any, Protocol

from potok.records.shape import Shape


class Connection(Protocol):
    """The part of asyncpg's connection that is used."""

    async def fetch(self, query: str, *args: Any) -> list[Any]:
        """Rows."""
        ...

    async def execute(self, query: str, *args: Any) -> str:
        """No rows."""
        ...


class Shapes(Protocol):
    """The types of a workspace."""

    def by_key(self, key: str) -> Shape | None:
        """The type of this key."""
        ...
