"""Which migrations this Potok has, in order, and which half of an upgrade each is; read without importing alembic.

before  it only adds: it may be applied while processes of the version before still run
after   it takes away or reshapes: it is applied when none of them runs any more

The rule behind it: Potok works on every schema from its own newest "before" revision on. So "after" revisions may
wait, and a newer Potok's "before" revisions may come early.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

from potok.settings import REPOSITORY

Half: TypeAlias = Literal["before", "after"]

_REVISION = re.compile(r'^revision(?:: str)? = "([^"]+)"', re.MULTILINE)
_DOWN = re.compile(r'^down_revision(?:: [^=]+)? = "([^"]+)"', re.MULTILINE)
_BEFORE = re.compile(r'^half = "before"(?:\s+#.*)?$', re.MULTILINE)
_TITLE = re.compile(r'\A"""(.+?)[.:;]?(?:"""|\n|[.:;] )')


class MigrationError(Exception):
    """The database and this Potok do not fit; the message says how to mend it."""


@dataclass(frozen=True, slots=True)
class Revision:
    """One migration."""

    id: str
    down: str | None
    half: Half
    title: str


def scripts() -> Path:
    """The folder of migrations: the checkout's, or the copy inside the wheel."""
    checkout = REPOSITORY / "alembic"
    return checkout if (checkout / "env.py").exists() else Path(__file__).parent / "_alembic"


def chain() -> tuple[Revision, ...]:
    """All of them, the first one first. Raises MigrationError unless each follows one other."""
    return _chain(scripts())


def head() -> str:
    """The newest revision. Raises MigrationError."""
    return chain()[-1].id


def known() -> set[str]:
    """Every revision this Potok has a migration for."""
    return {one.id for one in chain()}


@cache
def _chain(folder: Path) -> tuple[Revision, ...]:
    """Read once: the files under a running process may already be those of the next version."""
    found = list(_read(folder / "versions"))
    heads = {one.id for one in found} - {one.down for one in found}
    if len(heads) != 1:
        raise MigrationError(f"The migrations in {folder} must have one head, found: {sorted(heads) or 'none'}.")
    by_id = {one.id: one for one in found}
    ordered: list[Revision] = []
    step = by_id.get(heads.pop())
    while step is not None:
        ordered.append(step)
        step = by_id.get(step.down or "")
    return tuple(reversed(ordered))


def _read(folder: Path) -> Iterator[Revision]:
    for path in sorted(folder.glob("*.py")):
        text = path.read_text(encoding="utf-8")
        if (found := _REVISION.search(text)) is None:
            continue
        down, title = _DOWN.search(text), _TITLE.match(text)
        yield Revision(
            found.group(1),
            down.group(1) if down else None,
            "before" if _BEFORE.search(text) else "after",  # what does not say so is not trusted to be harmless
            title.group(1) if title else path.stem,
        )
