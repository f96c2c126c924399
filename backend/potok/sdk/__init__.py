"""What plugin authors import; the only potok module a plugin may touch."""

from potok.sdk.bind import answer, bind, bind_model
from potok.sdk.choices import Option, Options
from potok.sdk.conditions import holds
from potok.sdk.ctx import Ctx, HttpClient, Response, RunInfo
from potok.sdk.declare import Declared, action, condition, trigger
from potok.sdk.fields import Field, FieldKind
from potok.sdk.invalid import Invalid
from potok.sdk.memory import MAX_VALUE, Memory, MemoryRefused, Seen, plain_number
from potok.sdk.model import Case, Cases, Conditions, Duration, Emails, Model, Pair, Pairs, Text
from potok.sdk.node import Effect, Kind, NodeType, Port, Unknown
from potok.sdk.outcome import AuthExpired, Branch, NodeError, RateLimited, Retry, Signal, Stop, UserError, Wait
from potok.sdk.records import AddItems, RecordChange, RecordRefused
from potok.sdk.signature import DeclarationError
from potok.sdk.staging import NoticeWrite, OutboxWrite, SignalWrite, Staged
from potok.sdk.text import text_of
from potok.sdk.working import Calendars, WorkingTime, WorkingWait

__all__ = [
    "MAX_VALUE",
    "AddItems",
    "AuthExpired",
    "Branch",
    "Calendars",
    "Case",
    "Cases",
    "Conditions",
    "Ctx",
    "DeclarationError",
    "Declared",
    "Duration",
    "Effect",
    "Emails",
    "Field",
    "FieldKind",
    "HttpClient",
    "Invalid",
    "Kind",
    "Memory",
    "MemoryRefused",
    "Model",
    "NodeError",
    "NodeType",
    "NoticeWrite",
    "Option",
    "Options",
    "OutboxWrite",
    "Pair",
    "Pairs",
    "Port",
    "RateLimited",
    "RecordChange",
    "RecordRefused",
    "Response",
    "Retry",
    "RunInfo",
    "Seen",
    "Signal",
    "SignalWrite",
    "Staged",
    "Stop",
    "Text",
    "Unknown",
    "UserError",
    "Wait",
    "WorkingTime",
    "WorkingWait",
    "action",
    "answer",
    "bind",
    "bind_model",
    "condition",
    "holds",
    "plain_number",
    "text_of",
    "trigger",
]
