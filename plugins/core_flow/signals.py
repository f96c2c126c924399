"""Blocks that wait for a signal and send one."""

from datetime import timedelta
from typing import Annotated, Any

from potok.sdk import Ctx, Duration, Field, Model, Port, Signal, Text, UserError, Wait, action

LONGEST = timedelta(days=30)
"""How long a signal can be kept."""

_NAME = Field(kind="text", title="Signal", help="Its name, such as: paid.", min_length=1, max_length=200)
_KEY = Field(kind="text", title="Of what", help="Such as the number of the order. May be empty.", max_length=500)


@action(
    "flow.signal",
    icon="antenna",
    ports=[Port("out", "It came"), Port("deadline", "Time ran out")],
    output={},
    sample={},
)
async def signal(
    ctx: Ctx,
    name: Annotated[Text, _NAME],
    key: Annotated[Text, _KEY] = "",
    deadline: Annotated[
        Duration | None,
        Field(kind="duration", title="At the longest", help="Without it the run waits until the signal comes."),
    ] = None,
) -> Wait:
    """Wait for a signal. Holds the run back until another run or a program sends the signal; its data go on."""
    until = None if deadline is None else ctx.now() + deadline.delta
    return Wait(until, signal=Signal(name, key), port="out" if deadline is None else "deadline")


class Sent(Model):
    """The signal."""

    name: Annotated[str, Field(title="Signal")]
    key: Annotated[str, Field(title="Of what")] = ""


@action("flow.send_signal", effect="record", icon="broadcast", sample=Sent(name="paid", key="1042"))
async def send_signal(
    ctx: Ctx,
    name: Annotated[Text, _NAME],
    key: Annotated[Text, _KEY] = "",
    data: Annotated[Any, Field(kind="json", title="Data", help="What the waiting runs get.")] = None,
    keep_for: Annotated[
        Duration | None,
        Field(
            kind="duration",
            title="Keep it for",
            help="For runs that begin to wait only later. Without it: for those that wait now. At most 30 days.",
        ),
    ] = None,
    once: Annotated[
        Text,
        Field(
            kind="text",
            title="Only once per",
            help="Such as the id of the payment: a second signal with the same one does nothing for 30 days.",
            max_length=500,
        ),
    ] = "",
) -> Sent:
    """Send a signal. Wakes every run that waits for it."""
    keep = timedelta() if keep_for is None else keep_for.delta
    if keep > LONGEST:
        raise UserError(
            "keep_for",
            "A signal is kept for 30 days at most.",
            "Choose a shorter time.",
            code="kept_too_long",
        )
    ctx.signals.send(name, key, data, keep=keep, id=once)
    return Sent(name=name, key=key)
