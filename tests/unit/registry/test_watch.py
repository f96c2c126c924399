"""A saved plugin file is in the Catalog in less than a second."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.unit.registry.test_load import code

from potok.registry import Loaded, Loader
from potok.registry.watch import watch


@asynccontextmanager
async def watching(folder: Path) -> AsyncIterator["asyncio.Queue[Loaded]"]:
    loader, news, stop = Loader(folder), asyncio.Queue[Loaded](), asyncio.Event()
    await asyncio.to_thread(loader.load)
    task = asyncio.create_task(watch(loader, news.put, stop))
    await asyncio.sleep(0.3)  # until the system tells about changes
    try:
        yield news
    finally:
        stop.set()
        await task


async def test_a_new_file_a_changed_one_and_a_removed_one_are_noticed(tmp_path: Path) -> None:
    async with watching(tmp_path) as news:
        started = time.perf_counter()
        (tmp_path / "sms.py").write_text(code())
        loaded = await asyncio.wait_for(news.get(), 3)
        assert time.perf_counter() - started < 1
        assert [node.id for node in loaded.catalog] == ["sms.send"]

        (tmp_path / "sms.py").write_text("((")
        loaded = await asyncio.wait_for(news.get(), 3)
        assert loaded.plugins[0].error is not None
        assert len(loaded.catalog) == 0

        (tmp_path / "sms.py").unlink()
        assert (await asyncio.wait_for(news.get(), 3)).plugins == []


async def test_a_change_of_no_consequence_tells_nobody(tmp_path: Path) -> None:
    (tmp_path / "sms.py").write_text(code())
    async with watching(tmp_path) as news:
        (tmp_path / "sms.py").write_text(code())
        (tmp_path / "notes.txt").write_text("x")
        await asyncio.sleep(0.5)
        assert news.empty()


async def test_a_listener_that_fails_does_not_end_the_watching(tmp_path: Path) -> None:
    loader, stop, calls = Loader(tmp_path), asyncio.Event(), asyncio.Queue[int]()
    loader.load()

    async def fail(loaded: Loaded) -> None:
        await calls.put(len(loaded.catalog))
        raise RuntimeError("nobody listens")

    task = asyncio.create_task(watch(loader, fail, stop))
    await asyncio.sleep(0.3)
    (tmp_path / "a.py").write_text(code("a.x"))
    assert await asyncio.wait_for(calls.get(), 3) == 1
    (tmp_path / "b.py").write_text(code("b.x"))
    assert await asyncio.wait_for(calls.get(), 3) == 2
    stop.set()
    await task
