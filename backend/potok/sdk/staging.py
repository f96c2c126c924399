"""Writes a node asks for, kept aside until the engine stores them together with the step's checkpoint."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class OutboxWrite:
    """One message for the Outbox."""

    channel: str
    recipients: tuple[str, ...]
    subject: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class NoticeWrite:
    """One line in the inbox; `user_id` empty means everyone in the workspace."""

    title: str
    body: str = ""
    user_id: str | None = None


@dataclass(frozen=True, slots=True)
class SignalWrite:
    """A signal for the runs that wait for it. `data` is plain JSON; `id` makes a repeated send do nothing."""

    name: str
    key: str = ""
    data: Any = None
    keep: timedelta = timedelta()
    id: str = ""


def without_nul(text: str) -> str:
    """No letter can carry a NUL and no text column can hold one, while a webhook's JSON may well bring it."""
    return text.replace("\0", "")


Staged = OutboxWrite | NoticeWrite | SignalWrite


@dataclass(frozen=True, slots=True)
class Outbox:
    """`ctx.outbox`: messages that leave through the workspace's connections, or are held until there is one."""

    _staged: list[Staged] = field(default_factory=list)

    def email(self, recipients: list[str], subject: str, body: str) -> None:
        """Put one e-mail to these addresses into the Outbox."""
        self._staged.append(OutboxWrite("email", tuple(recipients), without_nul(subject), without_nul(body)))


@dataclass(frozen=True, slots=True)
class Notices:
    """`ctx.notices`: lines in people's inbox."""

    _staged: list[Staged] = field(default_factory=list)

    def add(self, title: str, body: str = "", user_id: str | None = None) -> None:
        """Show a line to one person, or to everyone in the workspace."""
        self._staged.append(NoticeWrite(without_nul(title), without_nul(body), user_id))


@dataclass(frozen=True, slots=True)
class Signals:
    """`ctx.signals`: wakes the runs of the workspace that wait for a signal."""

    _staged: list[Staged] = field(default_factory=list)

    def send(
        self, name: str, key: str = "", data: Any = None, *, keep: timedelta = timedelta(), id: str = ""
    ) -> None:
        """Send it to every run that waits for this name and key, and for `keep` to those that begin to wait.

        Raises TypeError or ValueError for data that are not JSON: here, where it harms this step only.
        """
        json.dumps(data, ensure_ascii=False).encode()
        self._staged.append(SignalWrite(without_nul(name), without_nul(key), data, keep, without_nul(id)))
