"""How quick the records room is with 100,000 deals: importing them, a list, a board, sums, the search.

`python -m tests.bench.records [rows]` prints medians; the goals stand beside them. The deals are those of the CRM
pack with a pipeline, so every one has formulas, relations and stages.
"""

import asyncio
import csv
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from typing import Any

from tests.contract.records.conftest import Office, open_office

from potok.adapters.embedded.postgres import Postgres
from potok.migrate import migrate_now
from potok.records.imports.convert import convert
from potok.records.query import Sort
from potok.records.reading import Wish
from potok.records.service import imports, packs, pipelines, records
from potok.records.service.importing import step
from potok.records.service.pipelines import NewPipeline, NewStage
from potok.server.indexing import look

ROWS = 100_000
TIMES = 9
STAGES = ("New", "Talks", "Offer", "Contract", "Won", "Lost")
GOALS = {
    "list: two filters, a sort": 100,
    "list: the sum": 100,
    "board: groups with sums": 300,
    "board: groups and 20 of each stage": 300,
    "search over everything, a word of one record": 100,
    "search over everything, a word of many records": 100,
}


async def bench(url: str, rows: int, folder: Path) -> dict[str, float]:
    """{what: milliseconds, or seconds for the import}."""
    office = await open_office(url)
    try:
        await prepare(office)
        found = {"import, s": await brought(office, rows, folder)}
        await office.fetch("ANALYZE record")
        found["indexes, s"] = await indexed(office)
        for name, ask in questions(office).items():
            found[name] = await timed(ask)
        return found
    finally:
        await office.engine.dispose()


async def indexed(office: Office) -> float:
    """Seconds a worker needs for the indexes of what has become large."""
    began = time.perf_counter()
    await look(office.engine, 1_000)
    return time.perf_counter() - began


async def prepare(office: Office) -> None:
    """The pack, a pipeline and some contacts."""
    async with office.session() as db, db.begin():
        await packs.install_pack(db, office.caller, "crm")
        stages = [NewStage({"en": name}) for name in STAGES]
        await pipelines.save_pipeline(db, office.caller, "deal", NewPipeline({"en": "Sales"}, stages))
    await office.write("contact", *({"name": f"Contact {number}"} for number in range(1_000)))


def write_deals(path: Path, rows: int) -> None:
    """A table as an office has it."""
    chance = random.Random(6)
    words = ("ремонт", "квартира", "офис", "доставка", "окна", "кухня", "design", "support")
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter=";")
        table.writerow(["title", "amount", "contact", "close_date", "stage", "note"])
        for number in range(rows):
            table.writerow(
                [
                    f"Deal {number} {chance.choice(words)}",
                    f"{chance.randrange(100_000_000) / 100:.2f}".replace(".", ","),
                    f"Contact {chance.randrange(1_000)}",
                    f"{chance.randrange(1, 29):02}.{chance.randrange(1, 13):02}.2026",
                    chance.choice(STAGES),
                    " ".join(chance.choices(words, k=12)),
                ]
            )


async def brought(office: Office, rows: int, folder: Path) -> float:
    """Seconds from the file to the last record, the dry run left out."""
    source, lines = folder / "deals.csv", folder / "rows"
    write_deals(source, rows)
    began = time.perf_counter()
    found = await asyncio.to_thread(convert, str(source), str(lines))
    async with office.session() as db, db.begin():
        made = await imports.take_file(db, office.caller, "deal", "deals.csv", found, lines)
    read = time.perf_counter() - began
    async with office.session() as db, db.begin():
        columns = {int(place): key for place, key in made.plan["columns"].items()}
        await imports.check(db, office.caller, made.id, columns, [], "add")
    while await step(office.session):
        pass
    began = time.perf_counter()
    async with office.session() as db, db.begin():
        await imports.start(db, office.caller, made.id)
    while await step(office.session):
        pass
    seconds = read + time.perf_counter() - began
    async with office.session() as db:
        done = await imports.get_import(db, office.caller, made.id)
    assert done.report["created"] == rows, json.dumps(done.report)[:2000]
    return seconds


Ask = Callable[[], Awaitable[Any]]


def questions(office: Office) -> dict[str, Ask]:
    """What screens ask, by name."""
    rules = [
        {"field": "amount", "op": "gte", "value": 100_000},
        {"field": "close_date", "op": "gte", "value": "2026-06-01"},
    ]
    wish = Wish({"rules": rules}, [Sort("amount", True)])

    async def asked(ask: Callable[..., Awaitable[Any]], *args: Any) -> Any:
        async with office.session() as db:
            return await ask(db, office.caller, *args)

    async def board() -> None:
        groups = await asked(records.groups_of, "deal", Wish(), "stage", ["amount"])
        for group in groups:
            of_stage = {"rules": [{"field": "stage", "op": "eq", "value": group.value}]}
            await asked(records.list_records, "deal", Wish(of_stage), 20, None)

    return {
        "list: two filters, a sort": lambda: asked(records.list_records, "deal", wish, 50, None),
        "list: the sum": lambda: asked(records.sums_of, "deal", wish, ["amount"]),
        "board: groups with sums": lambda: asked(records.groups_of, "deal", Wish(), "stage", ["amount"]),
        "board: groups and 20 of each stage": board,
        "search over everything, a word of one record": lambda: asked(records.search_everything, "77777", 20),
        "search over everything, a word of many records": lambda: asked(records.search_everything, "ремонты", 20),
    }


async def timed(ask: Ask) -> float:
    """Median in milliseconds."""
    times = []
    for _ in range(TIMES):
        began = time.perf_counter()
        await ask()
        times.append((time.perf_counter() - began) * 1_000)
    return median(times)


def main(rows: int) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        server = Postgres(folder / "postgres", folder / "run", folder / "postgres.log")
        server.start()
        try:
            migrate_now(server.dsn())
            found = asyncio.run(bench(server.dsn(), rows, folder))
        finally:
            server.stop()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{rows:,} deals; this process took {memory} MB at most")
    for name, value in found.items():
        goal = f"(goal {GOALS[name]})" if name in GOALS else ""
        print(f"{name:50} {value:8.1f} {goal}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
