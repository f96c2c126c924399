"""Sending signals, as the schema offers it."""

from datetime import timedelta

import strawberry
from strawberry.scalars import JSON

from potok.gql import Info, Problem, all_told, mutation
from potok.people.service import Permission
from potok.problems import Refused
from potok.runs import service


@strawberry.type
class SendSignalPayload:
    """How many runs got the signal, or why it was not sent."""

    woken: int
    duplicate: bool
    """It was sent before, so nothing was done."""
    problems: list[Problem]


@strawberry.type
class SignalsMutation:
    """Mutations about signals."""

    @mutation(Permission.BUILD)
    async def send_signal(
        self,
        info: Info,
        name: str,
        key: str = "",
        data: JSON | None = None,
        keep_seconds: int = 0,
        once: str = "",
    ) -> SendSignalPayload:
        """Wake every run that waits for this name and key. `keepSeconds`: also those that begin to wait so much
        later. `once`: a second signal with the same text does nothing for 30 days."""
        request = info.context
        try:
            async with request.change() as db:
                sent = await service.send_signal(
                    db,
                    request.who,
                    name=name,
                    key=key,
                    data=data,
                    keep=timedelta(seconds=keep_seconds),
                    once=once,
                )
        except Refused as refused:
            return SendSignalPayload(woken=0, duplicate=False, problems=all_told(refused, request))
        return SendSignalPayload(woken=sent.woken, duplicate=sent.duplicate, problems=[])
