"""Send an e-mail."""

from pathlib import Path
from typing import Any

import pytest

from potok.sdk import OutboxWrite, UserError
from potok.sdk.testing import load_nodes, run_node

SEND = load_nodes(Path(__file__).parent)["mail.send"]


async def test_a_letter_goes_to_the_outbox() -> None:
    params = {"to": ["a@b.ru, Анна <c@d.ru>"], "subject": "Заявка\r\nBcc: x@y.z", "text": "Привет"}
    ran = await run_node(SEND, params)
    assert ran.letters == [OutboxWrite("email", ("a@b.ru", "Анна <c@d.ru>"), "Заявка Bcc: x@y.z", "Привет")]
    assert ran.output == {"to": ["a@b.ru", "Анна <c@d.ru>"], "subject": "Заявка Bcc: x@y.z"}


@pytest.mark.parametrize("address", ["anna", "a@b", "a b@c.ru", "<a@b.ru", "x" * 400 + "@b.ru", "a@b.ru\nBcc: c"])
async def test_what_is_no_address_is_refused_by_name(address: str) -> None:
    with pytest.raises(UserError) as caught:
        await run_node(SEND, {"to": [address], "subject": "a"})
    assert (caught.value.field, caught.value.code) == ("to", "bad_address")


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"to": None, "subject": "a"}, "to"),
        ({"to": [""], "subject": "a"}, "to"),
        ({"to": ["a@b.ru"], "subject": None}, "subject"),
    ],
)
async def test_data_that_is_missing_names_the_field(params: dict[str, Any], field: str) -> None:
    with pytest.raises(UserError) as caught:
        await run_node(SEND, params)
    assert (caught.value.field, caught.value.code) == (field, "param_missing")


def test_the_preview_says_to_whom_and_what() -> None:
    assert SEND.preview is not None
    assert SEND.preview(to=["a@b.ru"], subject="Hi", text="x") == "E-mail to a@b.ru: Hi"
