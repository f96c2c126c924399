"""Forwarding headers: believed from the proxies the admin named, and from nobody else."""

import pytest
import pytest_asyncio
from pydantic import ValidationError
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col
from tests.rooms.house import PASSWORD, Api, Place, serve

from potok.people.models import Role, SignInAttempt
from potok.people.throttle import FREE_PER_ADDRESS
from potok.server.proxies import caller_of
from potok.settings import Settings, read_networks

SIGN_IN = """mutation($e: String!, $p: String!) {
  signIn(email: $e, password: $p) { viewer { role } problems { code } } }"""
PROXY = "127.0.0.1"


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def forgiven(db: AsyncSession) -> None:
    """What other tests guessed wrong must not slow these."""
    await db.execute(delete(SignInAttempt))
    await db.commit()


@pytest.fixture
def proxies() -> str:
    """What the admin set; the tests' client is the proxy."""
    return f"10.0.0.0/8, {PROXY}"


async def _sign_in(api: Api, place: Place, **headers: str) -> list[str]:
    """The `set-cookie` headers of a sign-in with the right password."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = await api.raw(SIGN_IN, named, e=place.emails[Role.OWNER], p=PASSWORD)
    assert answer.json()["data"]["signIn"]["viewer"], answer.text
    return answer.headers.get_list("set-cookie")


async def _guess(api: Api, address: str) -> None:
    await api.raw(SIGN_IN, {"x-forwarded-for": address}, e="nobody@example.com", p="wrong")


async def _counted(db: AsyncSession) -> set[str]:
    subjects = (await db.execute(select(col(SignInAttempt.subject)))).scalars()
    return {subject for subject in subjects if subject.startswith("address:")}


async def test_a_trusted_proxy_says_where_a_guess_comes_from(
    database_url: str, redis_url: str, proxies: str, db: AsyncSession
) -> None:
    async with serve(database_url, redis_url, trusted_proxies=proxies) as house, house.api() as api:
        await _guess(api, "203.0.113.9")
        await _guess(api, "198.51.100.1, 203.0.113.7, 10.1.2.3")
    assert await _counted(db) == {"address:203.0.113.9", "address:203.0.113.7"}


async def test_without_a_trusted_proxy_nobody_can_claim_another_address(
    database_url: str, redis_url: str, db: AsyncSession
) -> None:
    for trusted in ("", "192.0.2.0/24"):
        async with serve(database_url, redis_url, trusted_proxies=trusted) as house, house.api() as api:
            await _guess(api, "203.0.113.9")
    assert await _counted(db) == {f"address:{PROXY}"}


async def test_people_behind_one_proxy_do_not_slow_each_other(
    database_url: str, redis_url: str, proxies: str, place: Place
) -> None:
    async with serve(database_url, redis_url, trusted_proxies=proxies) as house, house.api() as api:
        for number in range(FREE_PER_ADDRESS + 1):
            wrong = {"x-forwarded-for": "203.0.113.9"}
            await api.raw(SIGN_IN, wrong, e=f"nobody{number}@example.com", p="wrong")
        slowed = await api.raw(SIGN_IN, {"x-forwarded-for": "203.0.113.9"}, e="x@example.com", p="wrong")
        assert slowed.json()["data"]["signIn"]["problems"] == [{"code": "sign_in_slowed"}]
        assert await _sign_in(api, place, x_forwarded_for="203.0.113.10")


@pytest.mark.parametrize(("trusted", "secure"), [(PROXY, True), ("", False), ("192.0.2.1", False)])
async def test_the_cookie_is_secure_when_a_trusted_proxy_was_reached_by_https(
    database_url: str, redis_url: str, place: Place, trusted: str, secure: bool
) -> None:
    async with serve(database_url, redis_url, trusted_proxies=trusted) as house, house.api() as api:
        [cookie] = await _sign_in(api, place, x_forwarded_proto="https")
    assert ("Secure" in cookie) is secure


@pytest.mark.parametrize(
    ("forwarded", "caller"),
    [
        ([], None),
        (["203.0.113.9"], "203.0.113.9"),
        (["6.6.6.6", "203.0.113.9"], "203.0.113.9"),
        (["203.0.113.9", "10.0.0.1", "10.0.0.2"], "203.0.113.9"),
        (["10.0.0.1", "10.0.0.2"], "10.0.0.1"),
        (["unknown", "10.0.0.2"], "10.0.0.2"),
        (["unknown"], None),
        (["203.0.113.9:4711"], "203.0.113.9"),
        (["[2001:db8::1]:443"], "2001:db8::1"),
        (["::ffff:203.0.113.9"], "203.0.113.9"),
    ],
)
def test_the_caller_is_the_nearest_address_that_is_no_proxy(forwarded: list[str], caller: str | None) -> None:
    assert caller_of(forwarded, read_networks("10.0.0.0/8")) == caller


def test_a_setting_that_is_no_network_is_refused_by_name() -> None:
    with pytest.raises(ValidationError, match="'my-proxy' is neither an address nor a network"):
        Settings(trusted_proxies="10.0.0.1, my-proxy")
