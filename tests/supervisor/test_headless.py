"""Headless use, as scripts do it: owner, key, scenario, a real POST, the history; no browser anywhere."""

import json
import shutil
import signal
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.running import Potok, eventually
from tests.unit.cli.test_scenarios import ORDERS

pytestmark = pytest.mark.alone


@pytest.fixture(scope="module")
def potok() -> Iterator[Potok]:
    folder = Path(tempfile.mkdtemp(prefix="potok-"))
    made = Potok(folder / "data")
    made.start()
    owner = made.cli("setup", "--email", "boss@example.com", "--password-file", "-", text="a long secret 4242")
    assert owner.returncode == 0, owner.stderr
    yield made
    made.stop(signal.SIGTERM)
    shutil.rmtree(folder)


def post(url: str, body: object, **headers: str) -> tuple[int, dict[str, object]]:
    request = urllib.request.Request(
        url, json.dumps(body).encode(), {"content-type": "application/json"} | headers, method="POST"
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        told: dict[str, object] = json.loads(answer.read())
        return int(answer.status), told


def test_a_post_to_an_imported_scenario_becomes_a_finished_run(potok: Potok) -> None:
    imported = potok.cli("scenario", "import", "-", "--publish", "--json", text=ORDERS)
    assert imported.returncode == 0, imported.stderr
    told = json.loads(imported.stdout)
    status, answer = post(told["hooks"][0]["url"], {"amount": 5})
    assert status == 202

    def runs() -> list[dict[str, object]]:
        listed = potok.cli("runs", "list", "--scenario", str(told["id"]), "--json")
        assert listed.returncode == 0, listed.stderr
        found: list[dict[str, object]] = json.loads(listed.stdout)
        return found

    eventually("the run is done", lambda: [run["status"] for run in runs()] == ["succeeded"])
    assert [run["id"] for run in runs()] == answer["run_ids"]


def test_a_key_opens_graphql(potok: Potok) -> None:
    key = potok.cli("key", "create", "--name", "script", "--scope", "admin").stdout.strip()
    query = {"query": "{ scenarios { nodes { id title } } }"}
    status, answer = post(f"{potok.url}/graphql", query, authorization=f"Bearer {key}")
    assert status == 200
    assert "errors" not in answer


def test_doctor_is_content_with_a_running_potok(potok: Potok) -> None:
    report = json.loads(potok.cli("doctor", "--json").stdout)
    assert report["ok"] is True, report
    assert "potok" in {one["check"] for one in report["checks"]}


def test_the_setup_link_is_gone_once_there_is_an_owner(potok: Potok) -> None:
    refused = potok.cli("setup", "--link")
    assert refused.returncode == 1
    assert "already has an owner" in refused.stderr
