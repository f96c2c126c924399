"""What the supervisor was asked to do; made by `potok up` from Settings and handed over as JSON."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


class StartError(Exception):
    """Potok cannot start; the message says why and how to mend it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """An empty `database_url` or `redis_url` means the embedded server; port 0 means any free port."""

    data: str
    host: str
    port: int
    public_url: str
    database_url: str
    redis_url: str
    workers: int
    log_json: bool = False

    @property
    def folder(self) -> Path:
        """The data folder, absolute."""
        return Path(self.data).resolve()

    def to_json(self) -> str:
        """The plan as text. It holds addresses with passwords: for the environment, not for a command line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Plan":
        """The way back."""
        return cls(**json.loads(text))
