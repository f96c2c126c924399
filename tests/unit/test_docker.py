"""Images cannot be built everywhere, so this reads them: paths exist, commands are real, settings are known."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.running import cli

from potok.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
DOCKER = ROOT / "docker"
VERBS = {"up", "serve", "worker", "migrate"}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((DOCKER / "compose.yml").read_text(encoding="utf-8"))
    return loaded


def potok_commands(compose: dict[str, Any]) -> dict[str, list[str]]:
    commands = {name: service.get("command", []) for name, service in compose["services"].items()}
    return {name: command for name, command in commands.items() if command[:1] == ["potok"]}


def test_everything_copied_into_the_image_exists() -> None:
    text = (DOCKER / "Dockerfile").read_text(encoding="utf-8")
    copied = [
        source for line in re.findall(r"^COPY (?!--from)(.+)$", text, re.MULTILINE) for source in line.split()[:-1]
    ]
    assert "backend" in copied
    assert [source for source in copied if not (ROOT / source).exists()] == []


def test_the_image_runs_as_an_ordinary_user() -> None:
    lines = (DOCKER / "Dockerfile").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line.startswith("USER ")] == ["USER potok"]


def test_every_potok_command_of_the_services_exists(compose: dict[str, Any]) -> None:
    commands = potok_commands(compose)
    assert {command[1] for command in commands.values()} == VERBS - {"up"}
    for _, verb, *options in commands.values():
        shown = cli(verb, "--help").stdout
        assert all(option in shown for option in options if option.startswith("--"))


def test_every_service_waits_for_what_it_needs_and_reports_its_health(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= set(services), name
    assert all("test" in services[name]["healthcheck"] for name in ("postgres", "valkey"))
    assert "HEALTHCHECK" in (DOCKER / "Dockerfile").read_text(encoding="utf-8")  # serve has the image's own


def test_every_setting_given_to_potok_is_one(compose: dict[str, Any]) -> None:
    known = {f"POTOK_{name.upper()}" for name in Settings.model_fields}
    given = {name for service in compose["services"].values() for name in service.get("environment", {})}
    image = re.findall(r"\b(POTOK_[A-Z_]+)=", (DOCKER / "Dockerfile").read_text(encoding="utf-8"))
    assert {name for name in {*given, *image} if name.startswith("POTOK_")} <= known


def test_the_volume_of_the_database_is_declared(compose: dict[str, Any]) -> None:
    used = {
        volume.split(":")[0] for service in compose["services"].values() for volume in service.get("volumes", [])
    }
    assert used == set(compose["volumes"])
