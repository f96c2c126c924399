"""The list of contents that a backup carries, by which it is checked before and after it is restored."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

FORMAT = "potok-backup/1"
_IGNORED = ("__pycache__",)


@dataclass(frozen=True, slots=True)
class Plugin:
    """A plugin folder as it was; `digest` covers the names and bytes of its files."""

    id: str
    digest: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """`tables`: name -> [rows, digest]. `database_sha256` is that of the joined pieces, compressed as they are."""

    potok: str
    revision: str
    made_at: str
    server: str
    """The version of PostgreSQL."""
    tables: dict[str, list[Any]]
    database_bytes: int
    database_sha256: str
    secrets_sha256: str
    """Empty when the secrets were left out."""
    plugins: list[Plugin]
    format: str = FORMAT

    @property
    def rows(self) -> int:
        """Of all tables."""
        return sum(rows for rows, _ in self.tables.values())

    def to_json(self) -> bytes:
        """As it stands in the file."""
        return json.dumps(asdict(self), indent=1).encode() + b"\n"

    @classmethod
    def from_json(cls, text: bytes) -> "Manifest":
        """The way back. Raises ValueError for anything but a manifest of this format."""
        try:
            found = json.loads(text)
            if found["format"] != FORMAT:
                raise ValueError(f"its format is {found['format']!r}, this Potok reads {FORMAT!r}")
            return cls(**(found | {"plugins": [Plugin(**one) for one in found["plugins"]]}))
        except (KeyError, TypeError, json.JSONDecodeError) as error:
            raise ValueError(f"its manifest is malformed: {error}") from None


def plugins_in(folder: Path) -> list[Plugin]:
    """The plugin folders, in the order of their names; what Python made beside the sources does not count."""
    if not folder.is_dir():
        return []
    return [
        Plugin(one.name, _digest(one))
        for one in sorted(folder.iterdir())
        if one.is_dir() and one.name not in _IGNORED and not one.name.startswith(".")
    ]


def _digest(folder: Path) -> str:
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not any(part in _IGNORED for part in path.parts):
            total.update(f"{path.relative_to(folder)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()
