"""Show a notice."""

from pathlib import Path

from potok.sdk import NoticeWrite
from potok.sdk.testing import load_nodes, run_node


async def test_a_line_for_everyone() -> None:
    send = load_nodes(Path(__file__).parent)["notice.send"]
    ran = await run_node(send, {"title": "Новая заявка", "text": "Сумма 5"})
    assert ran.notices == [NoticeWrite("Новая заявка", "Сумма 5", None)]
    assert ran.output == {"title": "Новая заявка"}
