"""`potok up` on real processes: one Potok per folder, crashed children come back, nothing is left behind."""

import contextlib
import os
import shutil
import signal
import socket
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from tests.running import Potok, cli, eventually

pytestmark = pytest.mark.alone


@pytest.fixture
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="potok-"))
    yield made
    shutil.rmtree(made)


@pytest.fixture
def potok(folder: Path) -> Iterator[Potok]:
    made = Potok(folder / "data")
    made.start()
    yield made
    if made.process is not None and made.process.poll() is None:
        made.stop(signal.SIGTERM)


def gone(processes: list[psutil.Process]) -> bool:
    return not [one for one in processes if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]


def test_it_says_where_it_is_and_answers_there(potok: Potok) -> None:
    assert potok.get("/healthz") == 200
    assert potok.get("/readyz") == 200
    assert potok.setup_url.startswith(f"{potok.url}/setup?token=")
    assert stat.S_IMODE((potok.data / "secrets.json").stat().st_mode) == 0o600
    assert stat.S_IMODE((potok.data / "running.json").stat().st_mode) == 0o600


def test_ctrl_c_ends_every_process_with_exit_code_0(potok: Potok) -> None:
    family = potok.family()
    assert len(family) >= 4  # PostgreSQL, Valkey, API, worker
    assert potok.stop(signal.SIGINT) == 0
    assert gone(family)
    assert potok.output.rstrip().endswith("Potok has stopped.")
    assert not (potok.data / "running.json").exists()


def test_a_second_start_on_the_same_folder_refuses_and_names_the_first(potok: Potok) -> None:
    assert potok.process is not None
    second = cli("up", data=str(potok.data), port="0")
    assert second.returncode == 1
    assert f"process {potok.process.pid}" in second.stderr
    assert potok.url in second.stderr
    assert "Traceback" not in second.stderr
    assert potok.get("/readyz") == 200


@pytest.mark.parametrize("name", ["potok.cli.serve", "potok.cli.worker", "postgres", "valkey-server"])
def test_a_killed_child_is_started_again_and_potok_gets_ready(potok: Potok, name: str) -> None:
    before = potok.child(name)
    before.kill()
    eventually("a new one", lambda: [one.pid for one in potok.children(name)] not in ([], [before.pid]))
    eventually("ready again", lambda: potok.get("/readyz") == 200, seconds=30)


def test_kill_9_of_the_supervisor_leaves_nothing_and_the_next_start_is_clean(potok: Potok) -> None:
    family = potok.family()
    potok.kill()
    eventually("all children end", lambda: gone(family))
    potok.start()
    assert potok.get("/readyz") == 200
    assert potok.stop() == 0


def test_kill_9_of_everything_at_once_starts_clean(potok: Potok) -> None:
    assert potok.process is not None
    for one in [psutil.Process(potok.process.pid), *potok.family()]:
        with contextlib.suppress(psutil.NoSuchProcess):  # it died of the one before
            one.kill()
    potok.process.wait(10)
    potok.start()
    assert potok.get("/readyz") == 200
    assert potok.stop() == 0


def test_sighup_starts_api_and_worker_again_and_nothing_else(potok: Potok) -> None:
    assert potok.process is not None
    modules, servers = ("potok.cli.serve", "potok.cli.worker"), ("postgres", "valkey-server")
    old = {potok.child(module).pid for module in modules}
    kept = [potok.child(name) for name in servers]
    potok.process.send_signal(signal.SIGHUP)

    def renewed() -> bool:
        now = {one.pid for module in modules for one in potok.children(module)}
        return len(now) == 2 and not now & old

    eventually("new children", renewed)
    eventually("ready again", lambda: potok.get("/readyz") == 200)
    assert [potok.child(name) for name in servers] == kept


def test_a_taken_port_is_said_in_words(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        refused = cli("up", data=str(folder / "data"), port=str(number))
    assert refused.returncode == 1
    assert f"Port {number} on 127.0.0.1 is taken" in refused.stderr
    assert "POTOK_PORT" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_setting_that_cannot_be_is_said_in_words(folder: Path) -> None:
    refused = cli("up", data=str(folder / "data"), port="seventy")
    assert refused.returncode == 2
    assert "POTOK_PORT" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_given_servers_are_used_and_left_alone(
    folder: Path, fresh_database_url: str, fresh_redis_url: str
) -> None:
    potok = Potok(folder / "data", "--workers", "2", database_url=fresh_database_url, redis_url=fresh_redis_url)
    potok.start()
    assert potok.children("postgres") + potok.children("valkey-server") == []
    assert len(potok.children("potok.cli.worker")) == 2
    assert potok.stop() == 0


def test_a_database_that_is_not_there_is_said_in_words(folder: Path, fresh_redis_url: str) -> None:
    missing = f"postgresql://postgres@/nowhere?host={folder}"
    potok = Potok(folder / "data", database_url=missing, redis_url=fresh_redis_url)
    potok.launch()
    assert potok.process is not None
    assert potok.process.wait(60) == 1
    assert "The database cannot be prepared" in potok.output
    assert "Traceback" not in potok.output


def test_the_supervisor_itself_stays_small(potok: Potok) -> None:
    assert potok.process is not None
    text = (
        Path(f"/proc/{potok.process.pid}/smaps_rollup").read_text()
        if os.path.exists("/proc/self/smaps_rollup")
        else ""
    )
    if not text:
        pytest.skip("this system does not tell a process's proportional memory")
    kilobytes = next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    assert kilobytes < 25_000
