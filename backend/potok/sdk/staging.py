"""Writes a node asks for, kept aside until the engine stores them together with the step's checkpoint."""

from dataclasses import dataclass, field


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


def without_nul(text: str) -> str:
    """No letter can carry a NUL and no text column can hold one, while a webhook's JSON may well bring it."""
    return text.replace("\0", "")


Staged = OutboxWrite | NoticeWrite


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
