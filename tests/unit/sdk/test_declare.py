"""A decorated function becomes a node type."""

import inspect
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel

from potok.sdk import (
    Branch,
    Ctx,
    DeclarationError,
    Declared,
    Duration,
    Emails,
    Field,
    Model,
    Port,
    Stop,
    UserError,
    Wait,
    action,
    bind,
    condition,
    trigger,
)
from potok.sdk.testing import fake_clock, run_node


class Sent(Model):
    """What was sent."""

    id: str
    when: datetime | None = None


@action("sms.send", version=2, effect="outward", net=["api.sms.example"], sample=Sent(id="1"), icon="message")
async def send(
    ctx: Ctx,
    to: Annotated[str, Field(kind="text", title="Phone", min_length=1)],
    text: Annotated[str, Field(kind="template", help="What to say")] = "",
    speed: Literal["slow", "fast"] = "slow",
    times: int = 1,
    late: bool = False,
    at: datetime | None = None,
    tags: list[Literal["a", "b"]] = [],  # noqa: B006  # as authors write it
    extra: Any = None,
) -> Sent:
    """Send one text message. It costs money.

    Only to phones.
    """
    return Sent(id=f"{to}:{text}:{times}")


@send.preview
def _(to: str, text: str) -> str:
    return f"SMS to {to}: {text}"


@send.migrate(1)
def _(params: dict[str, Any]) -> dict[str, Any]:
    return {"to": params["phone"]}


def test_the_signature_becomes_a_form() -> None:
    node = send.build()
    fields = node.input_schema["properties"]
    assert [fields[name]["x-order"] for name in fields] == list(range(8))
    assert {name: fields[name]["x-kind"] for name in fields} == {
        "to": "text",
        "text": "template",
        "speed": "choice",
        "times": "number",
        "late": "boolean",
        "at": "datetime",
        "tags": "choices",
        "extra": "json",
    }
    assert fields["to"]["title"] == "Phone"
    assert fields["times"]["title"] == "Times"
    assert fields["text"]["description"] == "What to say"
    assert fields["speed"]["x-labels"] == {"slow": "slow", "fast": "fast"}
    assert node.input_schema["required"] == ["to"]


def test_the_rest_is_read_from_the_docstring_the_return_type_and_the_options() -> None:
    node = send.build()
    assert (node.title, node.help) == ("Send one text message", "It costs money.\nOnly to phones.")
    assert set(node.output_schema["properties"]) == {"id", "when"}
    assert node.sample == {"id": "1", "when": None}
    assert (node.version, node.effect, node.net, node.icon, node.group) == (
        2,
        "outward",
        ("api.sms.example",),
        "message",
        "sms",
    )
    assert node.preview is not None
    assert node.preview(to="1", text="hi", speed="slow", times=1) == "SMS to 1: hi"
    assert node.migrations[1]({"phone": "5"}) == {"to": "5"}


async def test_the_decorated_function_can_still_be_called() -> None:
    assert (await send(None, "1", "a")).id == "1:a:1"


async def test_what_a_pill_brings_is_taken_as_it_comes() -> None:
    ran = await run_node(send, {"to": 79001234567, "text": None, "times": "3", "speed": None, "late": "true"})
    assert ran.output == {"id": "79001234567::3", "when": None}
    assert (await run_node(send, {"to": ["a"], "text": {"b": True}})).output["id"] == '["a"]:{"b": true}:1'


@pytest.mark.parametrize(
    ("params", "field", "code"),
    [
        ({}, "to", "param_missing"),
        ({"to": None}, "to", "param_missing"),
        ({"to": "1", "times": "many"}, "times", "param_number"),
        ({"to": "1", "speed": "x"}, "speed", "param_choice"),
        ({"to": "1", "late": "perhaps"}, "late", "param_boolean"),
        ({"to": "1", "at": "soon"}, "at", "param_datetime"),
        ({"to": "1", "tags": "a"}, "tags", "param_list"),
        ({"to": "1", "colour": 1}, "colour", "param_unknown"),
    ],
)
def test_a_value_that_does_not_fit_names_the_field(params: dict[str, Any], field: str, code: str) -> None:
    with pytest.raises(UserError) as caught:
        bind(send.build(), params)
    assert (caught.value.field, caught.value.code) == (field, code)


def test_addresses_come_as_text_or_list() -> None:
    @action("x.y")
    async def mail(to: Emails) -> None:
        """Mail."""

    def given(to: Any) -> Any:
        return bind(mail.build(), {"to": to})["to"]

    assert given("a@b, c@d;e@f\n") == ["a@b", "c@d", "e@f"]
    assert given(["a@b,c@d", None, "e@f"]) == ["a@b", "c@d", "e@f"]
    assert given(None) == []


def test_a_duration_has_a_length() -> None:
    assert Duration(amount=1.5, unit="hours").delta.total_seconds() == 5400


async def test_the_return_type_names_the_ways_out() -> None:
    @condition("number.above")
    async def above(value: float, limit: float = 10) -> bool:
        """Above?"""
        return value > limit

    @condition("size.of")
    def size(value: float) -> Literal["small", "very_large"]:
        """Which size?"""
        return "small" if value < 10 else "very_large"

    @condition("way.out", ports=[Port("left"), Port("right")], output={})
    async def way() -> Branch:
        """Which way?"""
        return Branch("right", {"why": Sent(id="1")})

    assert [port.id for port in above.build().ports] == ["true", "false"]
    assert [port.title for port in size.build().ports] == ["Small", "Very large"]
    assert above.build().output_schema == {"type": "boolean"}
    ran = await run_node(above, {"value": 11})
    assert (ran.port, ran.output) == ("true", True)
    ran = await run_node(size, {"value": 11})
    assert (ran.port, ran.output) == ("very_large", "very_large")
    ran = await run_node(way)
    assert (ran.port, ran.output) == ("right", {"why": {"id": "1", "when": None}})


async def test_wait_and_stop_come_through_with_plain_results() -> None:
    @action("x.wait")
    async def wait(ctx: Ctx) -> Wait | Sent:
        """Wait."""
        return Wait(ctx.now(), Sent(id="w"))

    @action("x.stop")
    async def stop() -> Stop:
        """Stop."""
        return Stop(False, "end", "why", Sent(id="s"))

    clock = fake_clock(datetime(2026, 5, 1, tzinfo=UTC))
    clock.move(hours=1)
    ran = await run_node(wait, clock=clock)
    assert ran.wait == Wait(datetime(2026, 5, 1, 1, tzinfo=UTC), {"id": "w", "when": None})
    assert "properties" in wait.build().output_schema
    ran = await run_node(stop)
    assert ran.stop == Stop(False, "end", "why", {"id": "s", "when": None})
    assert stop.build().output_schema == {}


def test_a_plain_function_stays_one_so_that_it_runs_in_a_thread() -> None:
    @action("x.slow")
    def slow(seconds: float) -> None:
        """Slow."""

    @action("x.quick")
    async def quick() -> None:
        """Quick."""

    slow_call, quick_call = slow.build().call, quick.build().call
    assert slow_call is not None
    assert quick_call is not None
    assert not inspect.iscoroutinefunction(slow_call)
    assert inspect.iscoroutinefunction(quick_call)


def test_triggers_have_no_call_and_take_their_hooks() -> None:
    @trigger.schedule("x.often", sample={})
    def often(minutes: int = 5) -> dict[str, Any]:
        """Often."""
        return {}

    @often.next_fire
    def _(after: datetime, minutes: int) -> datetime:
        return after.replace(minute=minutes)

    @often.accept
    def _(payload: Any) -> Any:
        return {"got": payload}

    node = often.build()
    settings = node.input.model_validate({})
    assert (node.kind, node.start, node.call) == ("trigger", "schedule", None)
    assert node.next_fire is not None
    assert node.next_fire(settings, datetime(2026, 1, 1, tzinfo=UTC)) == datetime(2026, 1, 1, 0, 5, tzinfo=UTC)
    assert node.accept is not None
    assert node.accept(settings, 1) == {"got": 1}
    with pytest.raises(DeclarationError, match="unknown options"):
        trigger.manual("x.z", effect="pure")


def test_the_effect_may_follow_the_settings() -> None:
    @action("x.call", effect="outward")
    async def call(method: Literal["GET", "POST"] = "GET", url: str = "") -> None:
        """Call."""

    call.preview(lambda url: url)
    call.effect_of(lambda method: "read" if method == "GET" else "outward")
    node = call.build()
    assert node.effect_of is not None
    assert node.effect_of(node.input.model_validate({})) == "read"
    assert node.effect_of(node.input.model_validate({"method": "POST"})) == "outward"


def broken() -> list[tuple[Declared, str]]:
    @action("x.a", effect="outward")
    async def no_preview() -> None:
        """Act."""

    @action("x.b")
    async def no_words() -> None: ...

    @action("x.c")
    async def no_type(value) -> None:  # type: ignore[no-untyped-def]
        """Act."""

    @action("x.d")
    async def starred(*values: int) -> None:
        """Act."""

    @action("x.e")
    async def odd_kind(value: Annotated[str, Field(kind="colour")]) -> None:
        """Act."""

    @condition("x.f", ports_from="cases")
    async def no_such_parameter() -> Branch:
        """Act."""
        return Branch("out")

    @action("x.g")
    async def missing_name(value: "Nowhere") -> None:  # type: ignore[name-defined]  # noqa: F821
        """Act."""

    @action("x.h", version=2)
    async def strange_step() -> None:
        """Act."""

    strange_step.migrate(2)(lambda params: params)

    @action("x.i")
    async def odd_return(ctx: Ctx) -> Ctx:
        """Act."""
        return ctx

    @action("NoDot")
    async def bad_id() -> None:
        """Act."""

    return [
        (no_preview, r"needs a preview: @no_preview\.preview"),
        (no_words, "write a docstring"),
        (no_type, "'value' needs a type"),
        (starred, "name every parameter"),
        (odd_kind, "unknown kind 'colour'"),
        (no_such_parameter, "no parameter 'cases'"),
        (missing_name, "Nowhere"),
        (strange_step, r"migrate\(2\) leads past version 2"),
        (odd_return, "no JSON Schema"),
        (bad_id, "an id looks like"),
    ]


@pytest.mark.parametrize(("declared", "words"), broken())
def test_a_wrong_declaration_says_what_to_change(declared: Declared, words: str) -> None:
    with pytest.raises(DeclarationError, match=words):
        declared.build()


def test_an_input_is_a_pydantic_model_that_refuses_unknown_keys() -> None:
    assert issubclass(send.build().input, BaseModel)
    assert send.build().input_schema["additionalProperties"] is False
