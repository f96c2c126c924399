"""Starts a scenario when another program calls its address."""

from typing import Annotated, Any, Literal

from potok.sdk import Field, Model, trigger

Method = Literal["POST", "GET", "PUT", "PATCH", "DELETE"]


class Request(Model):
    """What was sent."""

    body: Annotated[Any, Field(title="Body")] = None
    query: Annotated[dict[str, str], Field(title="Address parameters")] = {}
    headers: Annotated[dict[str, str], Field(title="Headers")] = {}
    method: Annotated[str, Field(title="Method")] = "POST"


_SAMPLE = Request(
    body={"name": "Anna", "email": "anna@example.com", "amount": 1500},
    query={"source": "site"},
    headers={"content-type": "application/json"},
)


@trigger.webhook("webhook.received", icon="webhook", group="trigger", sample=_SAMPLE)
def received(
    reply: Annotated[
        Literal["accepted", "result"],
        Field(
            title="Answer",
            help="What the caller gets back.",
            choices={"accepted": "At once: accepted", "result": "When the run is over: its result"},
        ),
    ] = "accepted",
    methods: Annotated[list[Method], Field(kind="choices", title="Methods", min_length=1)] = ["POST"],
) -> Request:
    """When a webhook is called. Another program sends data to an address of its own and the scenario starts."""
    raise NotImplementedError("a trigger's body is never called")
