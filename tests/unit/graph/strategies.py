"""Random documents: valid ones for the text format, and wild ones for the validator."""

from typing import Any

from hypothesis import strategies as st

from potok.graph import Edge, Graph, Node, Position

CHARACTERS = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
_WORDS = ["no", "yes", "on", "Null", "~", "1e3", "0x1F", "1_000", "012", "12:30", "2026-01-01", "1.5", "", " "]
_SIGNS = [
    "-",
    "- a",
    "? b",
    "#c",
    "a: b",
    "a #b",
    " x",
    "x ",
    "|",
    ">",
    "=",
    "<<",
    "%x",
    "@a",
    "`a`",
    "&a",
    "*a",
    "!a",
]
_BRACKETS = ["{a}", "[a]", "a,b", "'", '"', "a, b", "a?", "a!", "$x", "$"]
_LINES = [
    "a\nb\n\n",
    "a\n b\n",
    "\n",
    "\n\na",
    "a\n",
    "a\r\nb",
    "\u2028a\nb",
    "\x85",
    "\ufeff",
    "a\tb",
    "tab\t\nnext",
]
TRICKY = st.sampled_from([*_WORDS, *_SIGNS, *_BRACKETS, *_LINES, "привет, мир", "🙂", "…", "x" * 300])
TEXTS = st.text(CHARACTERS, max_size=20) | TRICKY
KEYS = TEXTS.filter(lambda key: not key.startswith("$"))
NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
LITERALS: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
IDS = st.sampled_from(["a", "b", "c", "d", "e", "f", "g", "hook", "Z9_-"])
TRIGGERS = ["webhook.received", "manual.started", "schedule.fired"]
CONDITIONS = ["logic.if", "logic.switch", "logic.filter"]
ACTIONS = ["data.set_fields", "data.text", "flow.wait", "flow.succeed", "http.request", "mail.send", "notice.send"]
TYPES = st.sampled_from([*TRIGGERS, *CONDITIONS, *ACTIONS, "nobody.knows", "test.old"])
REFS: st.SearchStrategy[Any] = st.builds(
    lambda node, keys: {"$ref": [node, *keys]}, IDS, st.lists(TEXTS | st.integers(-2, 5), max_size=3)
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS | REFS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            TEXTS | st.sampled_from(["$ref", "$text", "rules", "match", "op", "left"]), inner, max_size=4
        )
        | st.builds(lambda parts: {"$text": parts}, st.lists(TEXTS | REFS, max_size=3))
    ),
    max_leaves=12,
)
NAMES = st.sampled_from(
    [
        "conditions",
        "cases",
        "fields",
        "text",
        "to",
        "subject",
        "url",
        "timeout",
        "duration",
        "until",
        "mode",
        "schedule",
    ]
)
POSITIONS = st.builds(Position, x=st.floats(-1e6, 1e6), y=st.integers(-1000, 1000))


def nodes(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Node]:
    return st.builds(
        Node,
        id=IDS,
        type=TYPES,
        version=st.integers(1, 3),
        title=st.text(CHARACTERS, max_size=30),
        position=POSITIONS,
        disabled=st.booleans(),
        params=st.dictionaries(NAMES | KEYS, values, max_size=4),
    )


def graphs(values: st.SearchStrategy[Any] = VALUES) -> st.SearchStrategy[Graph]:
    return st.builds(
        Graph,
        title=st.text(CHARACTERS, max_size=30),
        nodes=st.lists(nodes(values), max_size=7),
        edges=st.lists(
            st.builds(Edge, source=IDS, port=st.sampled_from(["out", "true", "false", "else", "c1"]), target=IDS),
            max_size=10,
        ),
    )
