"""The question about an unknown outcome, and each answer to it; with a real worker."""

import asyncio
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from tests.rooms.house import Api
from tests.rooms.test_control import (
    EFFECTS,
    OtherSide,
    Works,
    _lost_in_the_act,
    becomes,
    calling,
    control,
    other_side,
    started,
    worker,
)
from tests.rooms.test_scenarios import publish

__all__ = ["other_side", "worker"]

SETTLE = """mutation($key: ID!, $answer: EffectAnswer!) { settleEffect(key: $key, answer: $answer) {
  effect { key state answer } problems { code } } }"""


async def _question(api: Api, run_id: str) -> dict[str, Any]:
    [effect] = (await api(EFFECTS, id=run_id, state="UNKNOWN"))["effects"]["nodes"]
    return dict(effect)


async def test_an_unknown_outcome_is_asked_and_the_answer_sent_lets_the_run_go_on(
    builder: Api, viewer: Api, stranger: Api, worker: Works, other_side: OtherSide, db: AsyncSession
) -> None:
    run_id = await _lost_in_the_act(builder, db, worker, other_side)
    question = await _question(viewer, run_id)
    assert (question["nodeId"], question["preview"]) == ("call", f"POST {other_side.url}")
    assert await viewer.refused(SETTLE, key=question["key"], answer="SENT") == "forbidden"
    lost = (await stranger(SETTLE, key=question["key"], answer="SENT"))["settleEffect"]
    assert [one["code"] for one in lost["problems"]] == ["effect_not_found"]
    for _ in range(2):
        answer = (await builder(SETTLE, key=question["key"], answer="SENT"))["settleEffect"]
        assert answer["effect"] == {"key": question["key"], "state": "DONE", "answer": "SENT"}
    run = await becomes(builder, run_id, "SUCCEEDED", 2)
    assert other_side.calls == ["POST"]
    assert [one["action"] for one in run["controls"]] == ["answered:sent"]
    refused = (await builder(SETTLE, key=question["key"], answer="AGAIN"))["settleEffect"]
    assert [one["code"] for one in refused["problems"]] == ["effect_settled"]


async def test_send_again_repeats_once_with_the_same_key(
    builder: Api, worker: Works, other_side: OtherSide, db: AsyncSession
) -> None:
    run_id = await _lost_in_the_act(builder, db, worker, other_side)
    question = await _question(builder, run_id)
    await builder(SETTLE, key=question["key"], answer="AGAIN")
    async with asyncio.timeout(5):
        while len(other_side.calls) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    other_side.gate.set()
    run = await becomes(builder, run_id, "SUCCEEDED", 3)
    assert other_side.calls == ["POST", "POST"]
    assert {step["nodeId"]: step["attempt"] for step in run["steps"]}["call"] == 2
    [effect] = (await builder(EFFECTS, id=run_id))["effects"]["nodes"]
    assert (effect["state"], effect["attempts"]) == ("DONE", 2)


async def test_skip_goes_on_without_it(
    builder: Api, worker: Works, other_side: OtherSide, db: AsyncSession
) -> None:
    run_id = await _lost_in_the_act(builder, db, worker, other_side)
    question = await _question(builder, run_id)
    await builder(SETTLE, key=question["key"], answer="SKIP")
    await becomes(builder, run_id, "SUCCEEDED", 2)
    [effect] = (await builder(EFFECTS, id=run_id))["effects"]["nodes"]
    assert effect["state"] == "SKIPPED"
    assert other_side.calls == ["POST"]


async def test_a_question_answered_while_the_run_is_paused_counts_when_it_is_resumed(
    builder: Api, worker: Works, other_side: OtherSide, db: AsyncSession
) -> None:
    run_id = await _lost_in_the_act(builder, db, worker, other_side)
    assert await control(builder, "pauseRun", run_id) == "PAUSED"
    question = await _question(builder, run_id)
    await builder(SETTLE, key=question["key"], answer="SKIP")
    await becomes(builder, run_id, "PAUSED")
    await control(builder, "resumeRun", run_id)
    await becomes(builder, run_id, "SUCCEEDED", 3)


async def test_what_a_cancelled_run_had_on_its_way_is_unknown_until_its_receipt_or_a_person_tells(
    builder: Api, worker: Works, other_side: OtherSide
) -> None:
    worker.start()
    run_id = await started(builder, await publish(builder, calling(other_side.url)))
    await asyncio.wait_for(other_side.called.wait(), 10)
    assert await control(builder, "cancelRun", run_id) == "CANCELLED"
    question = await _question(builder, run_id)
    refused = (await builder(SETTLE, key=question["key"], answer="AGAIN"))["settleEffect"]
    assert [one["code"] for one in refused["problems"]] == ["effect_run_over"]
    answer = (await builder(SETTLE, key=question["key"], answer="SENT"))["settleEffect"]
    assert answer["effect"] == {"key": question["key"], "state": "DONE", "answer": "SENT"}
    await becomes(builder, run_id, "CANCELLED")
