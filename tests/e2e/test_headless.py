"""The main job without a browser, on a real `potok up`: set up, import, publish, POST, look at the history."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.e2e.conftest import running
from tests.e2e.office import ORDERS, PASSWORD, Answer, post
from tests.running import Potok, eventually


class Headless:
    """A set-up Potok with an admin key."""

    def __init__(self, potok: Potok, folder: Path) -> None:
        self.potok = potok
        secret = folder / "password"
        secret.write_text(PASSWORD)
        self.command("setup", "--email", "Owner@Example.com", "--password-file", str(secret), "--name", "Ольга")
        self.key = self.command("key", "create", "--name", "tests", "--scope", "admin").strip()

    def command(self, *arguments: str, text: str | None = None) -> str:
        """A command that must succeed; its standard output."""
        done = self.potok.cli(*arguments, text=text)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def import_orders(self, *options: str) -> dict[str, Any]:
        """The acceptance scenario: webhook, if, e-mail, set fields."""
        made: dict[str, Any] = json.loads(self.command("scenario", "import", str(ORDERS), "--json", *options))
        return made

    def wait_for_runs(self, scenario: str, count: int) -> None:
        """Until this many runs exist and every one has succeeded."""
        eventually(
            f"{count} runs have succeeded",
            lambda: self.statuses(scenario) == ["SUCCEEDED"] * count,
            seconds=30,
        )

    def statuses(self, scenario: str) -> list[str]:
        """How its runs stand, newest first."""
        query = "query($id: ID!) { runs(scenarioId: $id) { nodes { status } } }"
        return [run["status"] for run in self.graphql(query, id=scenario)["runs"]["nodes"]]

    def graphql(self, query: str, **variables: Any) -> dict[str, Any]:
        """A query by API key; fails on errors."""
        answer = post(
            f"{self.potok.url}/graphql",
            {"query": query, "variables": variables},
            authorization=f"Bearer {self.key}",
        )
        assert answer.status == 200, answer.body
        assert not answer.body.get("errors"), answer.body
        data: dict[str, Any] = answer.body["data"]
        return data


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Headless]:
    """One office for the file, set up and used by commands alone."""
    with running() as potok:
        yield Headless(potok, tmp_path_factory.mktemp("office"))


def test_a_scenario_goes_in_and_comes_back_byte_for_byte(office: Headless, tmp_path: Path) -> None:
    made = office.import_orders("--publish")
    assert made["published"]
    assert len(made["hooks"]) == 1
    back = tmp_path / "back.yaml"
    office.command("scenario", "export", made["id"], "--output", str(back))
    assert back.read_bytes() == ORDERS.read_bytes()


def test_two_posts_take_both_branches_and_one_letter_lies_in_the_outbox(office: Headless) -> None:
    made = office.import_orders("--publish")
    hook = made["hooks"][0]["url"]
    big = post(hook, {"amount": 1000.01, "client": {"name": "Анна \u0000 <b>"}})
    small = post(hook, {"amount": "1000"})
    assert (big.status, small.status) == (202, 202)
    office.wait_for_runs(made["id"], 2)

    steps = {
        name: {
            step["nodeId"]: (step["status"], step["output"])
            for step in office.graphql(
                "query($id: ID!) { run(id: $id) { steps { nodeId status output } } }", id=answer.body["run_ids"][0]
            )["run"]["steps"]
        }
        for name, answer in (("big", big), ("small", small))
    }
    assert steps["big"]["letter"][0] == "DONE"
    assert steps["big"]["note"][0] == "SKIPPED"
    assert steps["small"]["letter"][0] == "SKIPPED"
    assert steps["small"]["note"] == ("DONE", {"size": "no", "amount": "1000"})

    letters = office.graphql("{ outbox { nodes { recipients subject body state } } }")["outbox"]["nodes"]
    assert [(one["recipients"], one["subject"], one["state"]) for one in letters] == [
        (["head@example.com"], "Заказ на 1000.01", "held")
    ]
    assert "Сумма: 1000.01" in letters[0]["body"]


def test_the_history_is_there_for_scripts_too(office: Headless) -> None:
    made = office.import_orders("--publish")
    answer = post(made["hooks"][0]["url"], {"amount": 7})
    office.wait_for_runs(made["id"], 1)
    [run] = json.loads(office.command("runs", "list", "--scenario", made["id"], "--json"))
    assert (run["id"], run["status"]) == (answer.body["run_ids"][0], "succeeded")


def test_a_delivery_that_comes_twice_starts_one_run(office: Headless) -> None:
    made = office.import_orders("--publish")
    hook = made["hooks"][0]["url"]
    first = post(hook, {"amount": 5}, webhook_id="msg-1")
    again = post(hook, {"amount": 5}, webhook_id="msg-1")
    other = post(hook, {"amount": 5}, webhook_id="msg-2")
    assert (first.status, again.status, other.status) == (202, 200, 202)
    assert again.body["event_id"] == first.body["event_id"] != other.body["event_id"]
    office.wait_for_runs(made["id"], 2)


def test_what_cannot_be_accepted_is_refused_with_words_and_the_next_one_works(office: Headless) -> None:
    made = office.import_orders("--publish")
    hook = made["hooks"][0]["url"]

    def refusal(answer: Answer) -> tuple[int, str]:
        assert answer.body["error"]["message"]
        assert answer.body["error"]["fix"]
        return answer.status, answer.body["error"]["code"]

    assert refusal(post(hook, b'{"amount": ')) == (400, "malformed_json")
    assert refusal(post(hook, b'{"a": "' + b"x" * 11 * 1024 * 1024 + b'"}')) == (413, "body_too_large")
    assert refusal(post(f"{office.potok.url}/h/no-such-hook", {})) == (404, "unknown_hook")
    russian = post(f"{office.potok.url}/h/no-such-hook", {}, accept_language="ru-RU,ru;q=0.9")
    assert any("а" <= letter <= "я" for letter in russian.body["error"]["message"])

    switch = (
        "mutation($id: ID!, $on: Boolean!) { setScenarioEnabled(id: $id, enabled: $on) { problems { code } } }"
    )
    office.graphql(switch, id=made["id"], on=False)
    assert refusal(post(hook, {"amount": 1})) == (409, "scenario_disabled")
    office.graphql(switch, id=made["id"], on=True)
    assert post(hook, {"amount": 1}).status == 202
    draft = office.import_orders()
    assert refusal(post(draft["hooks"][0]["url"], {"amount": 1})) == (409, "not_published")
    office.wait_for_runs(made["id"], 1)


def test_what_was_accepted_before_a_stop_is_there_after_it(office: Headless) -> None:
    made = office.import_orders("--publish")
    hook = made["hooks"][0]["url"]
    answers = [post(hook, {"amount": number}) for number in range(30)]
    assert {answer.status for answer in answers} == {202}
    assert office.potok.stop() == 0
    office.potok.start()
    office.wait_for_runs(made["id"], 30)
