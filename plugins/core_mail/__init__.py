"""Sends e-mail through the Outbox."""

import re
from typing import Annotated

from potok.sdk import Ctx, Emails, Field, Model, UserError, action

_ADDRESS = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]+")
_NAMED = re.compile(r"[^<>\r\n]*<([^<>]+)>")


class Letter(Model):
    """What went to the Outbox."""

    to: Annotated[list[str], Field(title="To")]
    subject: Annotated[str, Field(title="Subject")]


@action(
    "mail.send",
    effect="outward",
    unknown="retry",  # the Outbox takes one letter per effect key
    icon="mail",
    group="messages",
    sample=Letter(to=["anna@example.com"], subject="Hello"),
)
async def send(
    ctx: Ctx,
    to: Annotated[Emails, Field(kind="emails", title="To", min_length=1)],
    subject: Annotated[str, Field(kind="template", title="Subject", min_length=1)],
    text: Annotated[str, Field(kind="template", title="Text")] = "",
) -> Letter:
    """Send an e-mail. The letter goes to the Outbox, and from there out as soon as there is a mail connection."""
    addresses = [_address(one) for one in to]
    line = " ".join(subject.split())
    ctx.outbox.email(addresses, line, text)
    return Letter(to=addresses, subject=line)


@send.preview
def _(to: list[str], subject: str) -> str:
    return f"E-mail to {', '.join(to)}: {subject}"


def _address(text: str) -> str:
    named = _NAMED.fullmatch(text)
    if _ADDRESS.fullmatch(named.group(1).strip() if named else text) and len(text) <= 320:
        return text
    raise UserError(
        "to",
        f"“{text}” is not an e-mail address.",
        "Write addresses like anna@example.com, or pick data that holds one.",
        code="bad_address",
        address=text,
    )
