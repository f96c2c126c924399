"""Removes what is remembered no longer: old signals, things seen long ago, answers to steps of ended runs."""

from potok.adapters.history.connection import Connection
from potok.memory.statements import FORGET as FORGET_MEMORY
from potok.runs.signal_statements import FORGET as FORGET_SIGNALS


async def forget(connection: Connection) -> int:
    """In small transactions, until nothing is left; how many rows."""
    total = 0
    for statement in (*FORGET_MEMORY, FORGET_SIGNALS):
        while changed := int((await connection.execute(statement)).split()[-1]):
            total += changed
    return total
