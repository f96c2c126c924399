"""What services tell the rest of the house: collected in the transaction, sent by the edge after the commit."""

from sqlalchemy.ext.asyncio import AsyncSession

_KEY = "potok.announced"


def announce(db: AsyncSession, event: object) -> None:
    """Remember an event of this transaction (the same one twice counts once)."""
    events: list[object] = db.info.setdefault(_KEY, [])
    if event not in events:
        events.append(event)


def take_announced(db: AsyncSession) -> list[object]:
    """The events so far; forgets them."""
    events: list[object] = db.info.pop(_KEY, [])
    return events
