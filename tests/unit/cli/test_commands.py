"""The command line speaks to people: it helps fast, refuses in words, and keeps standard output for programs."""

import json
import stat
import time
from pathlib import Path

import pytest
from tests.running import cli

VERBS = ("up", "serve", "worker", "migrate", "doctor", "backup", "restore", "setup", "key", "scenario", "runs")


def test_help_names_every_command() -> None:
    shown = cli("--help")
    assert shown.returncode == 0
    assert all(f" {verb} " in shown.stdout for verb in VERBS)


@pytest.mark.alone
def test_help_answers_in_half_a_second() -> None:
    def took() -> float:
        started = time.perf_counter()
        cli("--help")
        return time.perf_counter() - started

    assert min(took() for _ in range(3)) < 0.5


def test_every_command_is_described_in_the_docs() -> None:
    page = (Path(__file__).parents[3] / "docs" / "cli.md").read_text(encoding="utf-8")
    groups = {"key": ["create"], "scenario": ["import", "export", "list"], "runs": ["list", "prune"]}
    for verb in VERBS:
        for command in [f"{verb} {sub}" for sub in groups[verb]] if verb in groups else [verb]:
            assert f"## potok {command}\n" in page


@pytest.mark.parametrize(
    "arguments",
    [
        ("runs", "list"),
        ("runs", "prune"),
        ("scenario", "list"),
        ("key", "create", "--name", "robot"),
        ("setup", "--email", "a@example.com", "--password-file", "/dev/null"),
        ("migrate",),
    ],
)
def test_without_a_running_potok_commands_say_how_to_start_it(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    refused = cli(*arguments, data=str(tmp_path / "data"))
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert "No Potok is running" in refused.stderr
    assert "potok up" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_password_file_that_is_not_there_is_said_in_words(
    tmp_path: Path, fresh_database_url: str, redis_url: str
) -> None:
    refused = cli(
        *("setup", "--email", "a@example.com", "--password-file", str(tmp_path / "none")),
        database_url=fresh_database_url,
        redis_url=redis_url,
    )
    assert refused.returncode == 2
    assert "cannot be read" in refused.stderr


def test_setup_then_key_from_the_command_line(tmp_path: Path, fresh_database_url: str, redis_url: str) -> None:
    servers = {"database_url": fresh_database_url, "redis_url": redis_url}
    early = cli("key", "create", "--name", "robot", **servers)
    assert early.returncode == 1
    assert "Traceback" not in early.stderr

    owner = ("setup", "--email", "boss@example.com", "--password-file", "-", "--workspace", "Office")
    weak = cli(*owner, text="short\n", **servers)
    assert weak.returncode == 1
    assert "password" in weak.stderr.lower()
    made = cli(*owner, text="a long enough secret 42\n", **servers)
    assert made.returncode == 0, made.stderr
    assert "Office" in made.stdout
    again = cli(*owner, text="a long enough secret 42\n", **servers)
    assert again.returncode == 1
    assert "already has an owner" in again.stderr

    key = cli("key", "create", "--name", "robot", "--scope", "admin", **servers)
    assert key.returncode == 0
    assert key.stdout.startswith("potok_")
    assert len(key.stdout.split()) == 1
    wrong = cli("key", "create", "--name", "robot", "--scope", "king", **servers)
    assert wrong.returncode == 1
    assert "admin" in wrong.stderr


def test_a_setup_link_can_be_asked_for(fresh_database_url: str, redis_url: str) -> None:
    servers = {"database_url": fresh_database_url, "redis_url": redis_url, "public_url": "https://potok.example"}
    shown = cli("setup", "--link", **servers)
    assert shown.stdout.startswith("https://potok.example/setup?token=")


def test_migrate_needs_the_database_only(empty_database_url: str) -> None:
    first = cli("migrate", database_url=empty_database_url)
    assert first.stdout.startswith("Migrated to revision")
    second = cli("migrate", database_url=empty_database_url)
    assert second.stdout.startswith("Already at revision")


def test_doctor_finds_all_well_with_good_servers(tmp_path: Path, fresh_database_url: str, redis_url: str) -> None:
    checked = cli(
        *("doctor", "--json"), data=str(tmp_path), port="0", database_url=fresh_database_url, redis_url=redis_url
    )
    report = json.loads(checked.stdout)
    assert checked.returncode == 0, report
    assert report["ok"] is True
    assert {"python", "data", "database", "migrations", "queue", "plugins"} <= {
        one["check"] for one in report["checks"]
    }


def test_doctor_names_what_is_wrong_and_how_to_mend_it(tmp_path: Path, empty_database_url: str) -> None:
    plugins = tmp_path / "plugins"
    plugins.mkdir()
    (plugins / "broken.py").write_text("def (:\n")
    data = tmp_path / "data"
    data.mkdir()
    (data / "secrets.json").write_text("{}")
    (data / "secrets.json").chmod(0o644)
    checked = cli(
        *("doctor", "--json"),
        data=str(data),
        port="0",
        plugins=str(plugins),
        database_url=empty_database_url,
        redis_url=f"unix://{tmp_path}/nobody.sock",
    )
    assert checked.returncode == 1
    bad = {one["check"]: one for one in json.loads(checked.stdout)["checks"] if not one["ok"]}
    assert {"secrets", "migrations", "queue", "plugins"} <= set(bad)
    assert "broken" in bad["plugins"]["message"]
    assert all(one["fix"] for one in bad.values())
    assert stat.S_IMODE((data / "secrets.json").stat().st_mode) == 0o644  # it looks, it does not touch


def test_a_wrong_id_is_said_in_words(fresh_database_url: str, redis_url: str) -> None:
    refused = cli("scenario", "export", "seven", database_url=fresh_database_url, redis_url=redis_url)
    assert refused.returncode == 2
    assert "seven" in refused.stderr
