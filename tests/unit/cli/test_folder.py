"""The data folder: one holder, a private note for other commands, secrets made once."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from potok.supervisor.folder import DataFolder, held, read_note
from potok.supervisor.logs import LineLog
from potok.supervisor.plan import Plan, StartError
from potok.supervisor.servers import shown


def test_a_second_holder_is_refused_and_told_who_holds_it(tmp_path: Path) -> None:
    first, second = DataFolder(tmp_path), DataFolder(tmp_path)
    first.take()
    first.announce({"url": "http://127.0.0.1:1"})
    with pytest.raises(StartError, match=rf"process {os.getpid()}, http://127\.0\.0\.1:1"):
        second.take()
    first.leave()
    second.take()
    second.leave()


def test_the_note_counts_only_while_its_writer_lives(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.take()
    folder.announce({"url": "here"})
    assert held(tmp_path)
    assert read_note(tmp_path)["url"] == "here"
    folder.note.rename(tmp_path / "kept")
    folder.leave()
    (tmp_path / "kept").rename(folder.note)  # as after kill -9
    assert read_note(tmp_path) == {}


def test_a_killed_holder_frees_the_folder(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from potok.supervisor.folder import DataFolder;"
        "DataFolder(Path(sys.argv[1])).take(); print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(StartError):
            DataFolder(tmp_path).take()
        other.kill()
        other.wait()
    folder = DataFolder(tmp_path)
    folder.take()
    folder.leave()


def test_secrets_are_made_once_and_stay_private(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.make_secrets()
    first = folder.secrets.read_text()
    folder.secrets.chmod(0o644)
    folder.make_secrets()
    assert folder.secrets.read_text() == first
    assert stat.S_IMODE(folder.secrets.stat().st_mode) == 0o600


def test_a_folder_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StartError, match="POTOK_DATA"):
        DataFolder(tmp_path / "file" / "data").take()


def test_logs_keep_whole_lines_and_do_not_grow_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("potok.supervisor.logs.MAX_BYTES", 100)
    log = LineLog("worker", tmp_path / "worker.log")
    log.feed(b"begin")
    log.feed(b"ning\n" + b"x" * 120 + b"\nnext\nunfinished")
    log.close()
    assert (tmp_path / "worker.log.1").read_text().startswith("beginning\n")
    assert (tmp_path / "worker.log").read_text() == "unfinished\n"
    assert "worker   | beginning\n" in capsys.readouterr().err


def test_a_plan_survives_its_way_to_the_supervisor() -> None:
    plan = Plan("data", "127.0.0.1", 0, "", "postgresql://u:p@h/d", "", 2)
    assert Plan.from_json(plan.to_json()) == plan


def test_messages_show_no_password() -> None:
    assert shown("postgresql://potok:secret@db:5432/potok") == "postgresql://db:5432/potok"
    assert shown("unix:///run/valkey.sock?db=0") == "unix:///run/valkey.sock?db=0"
