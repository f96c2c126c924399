"""An office at work on a running Potok: an owner with a key, colleagues with sessions, POSTs from outside."""

import json
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext
from tests.running import Potok, eventually

from potok.adapters.embedded.places import postgres_binaries
from potok.supervisor.folder import read_note

ORDERS = Path(__file__).with_name("orders.potok.yaml")
PASSWORD = "correct horse battery"
SETUP = "mutation($input: SetupInput!) { setup(input: $input) { problems { message } } }"
SIGN_IN = "mutation($email: String!, $password: String!) { signIn(email: $email, password: $password) %s }"
ADD = "mutation($input: MemberInput!) { addMember(input: $input) { problems { message } } }"
KEY = 'mutation { createApiKey(name: "tests", scope: ADMIN) { secret problems { message } } }'
IMPORT = "mutation($text: String!) { importScenario(text: $text) { scenario { %s } problems { message } } }"
PUBLISH = "mutation($id: ID!, $revision: Int!) { publishScenario(id: $id, revision: $revision) %s }"


@dataclass
class Answer:
    """What the server answered."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str]


def post(url: str, body: bytes | dict[str, Any], **headers: str) -> Answer:
    """One POST from outside; objects travel as JSON."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {"content-type": "application/json"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    request = urllib.request.Request(url, data=data, method="POST", headers=named)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return Answer(answer.status, json.loads(answer.read()), dict(answer.headers))
    except urllib.error.HTTPError as error:
        return Answer(error.code, json.loads(error.read()), dict(error.headers))


@dataclass
class Made:
    """A scenario as the server gave it."""

    id: str
    hook: str


class Office:
    """Olga owns it and speaks English; Анна is an owner too and speaks Russian; Vera only looks."""

    def __init__(self, potok: Potok) -> None:
        self.potok = potok
        self.url = potok.url
        self._sessions: dict[str, str] = {}
        token = urllib.parse.parse_qs(urllib.parse.urlsplit(potok.setup_url).query)["token"][0]
        owner = {"token": token, "name": "Olga", "email": "olga@example.com", "password": PASSWORD}
        self._sessions["olga"] = _cookie(self._ask(SETUP, {"input": owner | {"workspaceName": "Office"}}))
        made = self._ask(KEY, {}, cookie=f"potok_session={self._sessions['olga']}", origin=self.url)
        self.key: str = made.body["data"]["createApiKey"]["secret"]
        self.add_person("anna", "OWNER")
        self.as_person("anna", 'mutation { setLocale(locale: "ru") { problems { message } } }')

    def graphql(self, query: str, **variables: Any) -> dict[str, Any]:
        """A query by API key; fails on errors."""
        answer = self._ask(query, variables, authorization=f"Bearer {self.key}")
        assert answer.status == 200, answer.body
        assert not answer.body.get("errors"), answer.body
        data: dict[str, Any] = answer.body["data"]
        return data

    def add_person(self, name: str, role: str) -> None:
        """A colleague who signs in as NAME@example.com."""
        person = {"name": name, "email": f"{name}@example.com", "password": PASSWORD, "role": role}
        assert self.graphql(ADD, input=person)["addMember"]["problems"] == []

    def add_once(self, name: str, role: str) -> None:
        """The same, unless they are here already."""
        query = "{ members { user { name } } }"
        if name not in [member["user"]["name"] for member in self.graphql(query)["members"]]:
            self.add_person(name, role)

    def session(self, name: str) -> str:
        """The cookie of a colleague, who signs in once."""
        if name not in self._sessions:
            query = SIGN_IN % "{ problems { message } }"
            self._sessions[name] = _cookie(
                self._ask(query, {"email": f"{name}@example.com", "password": PASSWORD})
            )
        return self._sessions[name]

    def let_in(self, context: BrowserContext, name: str) -> None:
        """Sign a browser in."""
        context.add_cookies([{"name": "potok_session", "value": self.session(name), "url": self.url}])

    def as_person(self, name: str, query: str, **variables: Any) -> Answer:
        """What the server answers to the browser of a colleague."""
        return self._ask(query, variables, cookie=f"potok_session={self.session(name)}", origin=self.url)

    def make(self, text: str, publish: bool = True) -> Made:
        """A scenario from its text."""
        answer = self.graphql(IMPORT % "id draftRevision hooks { url }", text=text)["importScenario"]
        assert answer["problems"] == [], answer
        made = answer["scenario"]
        if publish:
            query = PUBLISH % "{ problems { message severity } }"
            done = self.graphql(query, id=made["id"], revision=made["draftRevision"])["publishScenario"]
            assert done["problems"] == [], done
        hooks = made["hooks"]
        return Made(made["id"], urllib.parse.urljoin(self.url, hooks[0]["url"]) if hooks else "")

    def make_orders(self, publish: bool = True) -> Made:
        """The acceptance scenario: webhook, if, e-mail, set fields."""
        return self.make(ORDERS.read_text(), publish)

    def draft(self, scenario: str) -> dict[str, Any]:
        """The draft's graph, as the server keeps it."""
        found = self.graphql("query($id: ID!) { scenario(id: $id) { draft } }", id=scenario)["scenario"]["draft"]
        assert isinstance(found, dict)
        return found

    def runs(self, scenario: str) -> list[dict[str, Any]]:
        """Id and status of its runs, newest first."""
        query = "query($id: ID!) { runs(scenarioId: $id) { nodes { id status } } }"
        found: list[dict[str, Any]] = self.graphql(query, id=scenario)["runs"]["nodes"]
        return found

    def wait_for_runs(self, scenario: str, count: int, status: str = "SUCCEEDED") -> None:
        """Until this many runs exist and every one has this status."""
        eventually(
            f"{count} runs are {status}",
            lambda: [run["status"] for run in self.runs(scenario)] == [status] * count,
            seconds=30,
        )

    def timers(self, scenario: str) -> list[datetime]:
        """Planned moments of a scenario, from the database: no screen shows them yet."""
        note = read_note(self.potok.data)
        assert note is not None
        sql = f"select fire_at from timer where scenario_id = '{scenario}' and state = 'planned'"
        psql = str(postgres_binaries() / "psql")
        done = subprocess.run(
            [psql, note["database_url"], "-Atc", sql], capture_output=True, text=True, check=True
        )
        return [datetime.fromisoformat(line) for line in done.stdout.split("\n") if line]

    def _ask(self, query: str, variables: dict[str, Any], **headers: str) -> Answer:
        return post(f"{self.url}/graphql", {"query": query, "variables": variables}, **headers)


def _cookie(answer: Answer) -> str:
    """The session that an answer sets."""
    given = next(value for name, value in answer.headers.items() if name.lower() == "set-cookie")
    assert given.startswith("potok_session="), answer.body
    return given.removeprefix("potok_session=").split(";")[0]
