"""`potok audit verify` says whether the log is whole, and fails when it is not."""

import json

import asyncpg
import pytest
from tests.running import cli


@pytest.fixture
def servers(fresh_database_url: str, redis_url: str) -> dict[str, str]:
    """A Potok with an owner, and a key made on the command line."""
    named = {"database_url": fresh_database_url, "redis_url": redis_url}
    made = cli("setup", "--email", "boss@example.com", "--password-file", "-", text="a long secret 4242", **named)
    assert made.returncode == 0, made.stderr
    assert cli("key", "create", "--name", "Robot", **named).returncode == 0
    return named


async def test_the_log_is_verified_and_tampering_is_found(servers: dict[str, str]) -> None:
    [one] = json.loads(cli("audit", "verify", "--json", **servers).stdout)["chains"]
    assert (one["entries"], one["broken_at"]) == (2, None)
    noted = f"{one['entries']}:{one['head']}"
    good = cli("audit", "verify", "--expect", noted, **servers)
    assert (good.returncode, noted in good.stdout) == (0, True)
    assert cli("audit", "verify", "--expect", f"3:{one['head']}", **servers).returncode == 1
    connection = await asyncpg.connect(servers["database_url"])
    await connection.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_is_append_only")
    await connection.execute("UPDATE audit_entry SET subject = 'nobody' WHERE number = 2")
    await connection.close()
    bad = cli("audit", "verify", **servers)
    assert bad.returncode == 1
    assert "BROKEN at entry 2" in bad.stdout
    assert "changed, removed or added" in bad.stderr
