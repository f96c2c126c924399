"""Python in the sandbox: what it can do, and what it cannot."""

import threading
from pathlib import Path
from typing import Any

import pytest

from potok.sdk import UserError
from potok.sdk.testing import load_nodes, run_node

PYTHON = load_nodes(Path(__file__).parent)["code.python"]


async def _run(code: str, **inputs: Any) -> Any:
    pairs = [{"name": name, "value": value} for name, value in inputs.items()]
    return (await run_node(PYTHON, {"code": code, "inputs": pairs})).output


async def test_the_last_line_is_the_result_and_prints_are_kept() -> None:
    code = "print('rows', len(rows))\nsum(row['price'] * row['count'] for row in rows)"
    output = await _run(code, rows=[{"price": 10, "count": 2}, {"price": 1.5, "count": 4}])
    assert output == {"result": 26.0, "printed": "rows 2\n"}


async def test_code_without_a_last_value_yields_nothing() -> None:
    assert (await _run("x = 1"))["result"] is None


async def test_dates_and_sets_become_plain_data() -> None:
    output = await _run("from datetime import date\n[date(2026, 1, 5), (1, 2)]")
    assert output["result"] == ["2026-01-05", [1, 2]]


@pytest.mark.parametrize(
    "code",
    [
        "open('/etc/passwd').read()",
        "import os\nos.listdir('/')",
        "import os\nos.environ['PATH']",
        "import socket",
        "import subprocess",
        "__import__('os').system('id')",
        "().__class__.__base__.__subclasses__()",
        "from pathlib import Path\nPath('/tmp/x').write_text('x')",
    ],
)
async def test_nothing_outside_can_be_reached(code: str) -> None:
    with pytest.raises(UserError) as caught:
        await _run(code)
    assert caught.value.code in ("failed", "syntax")


async def test_the_environment_of_the_worker_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POTOK_SECRET_OF_TEST", "secret")
    with pytest.raises(UserError):
        await _run("import os\nos.environ['POTOK_SECRET_OF_TEST']")


async def test_what_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    assert PYTHON.call is not None
    monkeypatch.setitem(PYTHON.call.__wrapped__.__globals__, "SECONDS", 0.2)  # type: ignore[attr-defined]
    with pytest.raises(UserError) as caught:
        await _run("while True: pass")
    assert caught.value.code == "too_slow"


@pytest.mark.parametrize("code", ["'x' * 10**9", "x = [0]\nwhile True: x = x + x"])
async def test_what_needs_too_much_memory_is_ended(code: str) -> None:
    with pytest.raises(UserError) as caught:
        await _run(code)
    assert caught.value.code == "too_large"


@pytest.mark.parametrize(
    ("code", "expected"), [("def f(:", "syntax"), ("x = 1\n1 / 0", "failed"), ("float('nan')", "result")]
)
async def test_a_mistake_in_the_code_names_its_kind(code: str, expected: str) -> None:
    with pytest.raises(UserError) as caught:
        await _run(code)
    assert (caught.value.code, caught.value.field) == (expected, "code")


async def test_a_mistake_names_its_line() -> None:
    with pytest.raises(UserError, match="Line 2: ZeroDivisionError"):
        await _run("x = 1\nx / 0")


async def test_an_input_must_have_a_name_of_python() -> None:
    with pytest.raises(UserError) as caught:
        await run_node(PYTHON, {"code": "1", "inputs": [{"name": "two words", "value": 1}]})
    assert caught.value.code == "bad_name"


async def test_one_code_sees_nothing_of_another() -> None:
    await _run("kept = 5")
    with pytest.raises(UserError, match="NameError"):
        await _run("kept")


def test_several_threads_may_run_code_at_once() -> None:
    assert PYTHON.call is not None
    results: list[Any] = []

    def one(number: int) -> None:
        results.append(PYTHON.call(None, code="n * 2", inputs=[_pair(number)]).result)  # type: ignore[misc, union-attr]

    threads = [threading.Thread(target=one, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert sorted(results) == [number * 2 for number in range(12)]


def _pair(number: int) -> Any:
    return PYTHON.input.model_validate({"code": "1", "inputs": [{"name": "n", "value": number}]}).inputs[0]  # type: ignore[attr-defined]
