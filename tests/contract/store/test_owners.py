"""A worker whose session has ended is noticed by the others; one that lives is left alone."""

import asyncio

from tests.bench.seed import PURE_GRAPH, seed
from tests.contract.store.conftest import Bench

from potok.adapters.store_postgres import PostgresStore, engine_pool
from potok.adapters.store_postgres.owners import PREFIX, Owners


async def test_the_runs_of_a_dead_worker_are_free_after_two_looks_and_those_of_the_living_are_not(
    fresh_database_url: str,
) -> None:
    pools = [await engine_pool(fresh_database_url) for _ in range(3)]
    store = PostgresStore(pools[0])
    bench = Bench(store, await seed(fresh_database_url, PURE_GRAPH), pools[0])
    watcher, living, dying = (Owners(pool, f"{PREFIX}{number}") for number, pool in enumerate(pools))
    tasks = [asyncio.create_task(owner._hold_loop()) for owner in (living, dying)]
    await asyncio.gather(living.held.wait(), dying.held.wait())
    events = [bench.event() for _ in range(30)]
    await store.ingest(events)
    ids = [event.runs[0].id for event in events]
    await store.claim(living.name, 600, 10, ids[:10])
    await store.claim(dying.name, 600, 10, ids[10:20])
    await store.claim("unlocked", 600, 10, ids[20:])

    assert await watcher.look(0) == set()
    pools[2].terminate()
    while await pools[0].fetchval("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'") > 1:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    assert await watcher.look(600) == set(), "just after its start the database says nothing about the living"
    assert await watcher.look(0) == set(), "one look may be a broken connection"
    assert await watcher.look(0) == {dying.name}
    freed = await store.claim("next", 600, 30, None)
    assert {run.run_id for run in freed} == set(ids[10:20])
    assert await store.claim("next", 600, 30, ids) == []
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for pool in pools[:2]:
        await pool.close()


async def test_a_worker_whose_session_was_ended_takes_its_lock_again(fresh_database_url: str) -> None:
    pool = await engine_pool(fresh_database_url)
    owner = Owners(pool, f"{PREFIX}back")
    task = asyncio.create_task(owner._hold_loop())
    await owner.held.wait()
    await pool.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
    )
    async with asyncio.timeout(5):
        while owner.held.is_set():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await owner.held.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await pool.close()
