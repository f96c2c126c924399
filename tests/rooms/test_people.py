"""People: the first owner by a one-time link, sign-in that resists guessing, members, keys, notices."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlmodel import col
from tests.rooms.house import PASSWORD, Api, House, Place, serve
from uuid_utils.compat import uuid7

from potok.migrate import async_url
from potok.people import service, throttle
from potok.people.models import ApiKey, Role, Session, SignInAttempt
from potok.people.passwords import password_problems
from potok.people.tokens import fingerprint
from potok.problems import Refused

SETUP = """mutation($input: SetupInput!) {
  setup(input: $input) { viewer { user { email } workspace { name timeZone } role } problems { code path } } }"""
SIGN_IN = """mutation($e: String!, $p: String!) {
  signIn(email: $e, password: $p) { viewer { user { email } role } problems { code message fix } } }"""
WHO = "{ viewer { user { email locale } role apiKeyName workspace { name } } }"


@pytest_asyncio.fixture(autouse=True, loop_scope="session")
async def forgiven(db: AsyncSession) -> None:
    """All tests come from one address; what others guessed wrong must not slow this one."""
    await db.execute(delete(SignInAttempt))
    await db.commit()


def _setup(token: str, **changes: Any) -> dict[str, Any]:
    given = {"token": token, "name": "Ann", "email": "Ann@Example.com", "password": PASSWORD}
    return given | {"workspaceName": "Office", "timeZone": "Europe/Moscow"} | changes


async def test_the_setup_link_makes_the_owner_once(fresh_database_url: str, redis_url: str) -> None:
    async with serve(fresh_database_url, redis_url) as house, house.api() as browser, house.session() as db:
        assert (await browser("{ install { needsSetup } }"))["install"]["needsSetup"]
        first = await service.issue_setup_token(db)
        token = await service.issue_setup_token(db)
        await db.commit()
        replaced = (await browser(SETUP, input=_setup(first)))["setup"]
        assert [one["code"] for one in replaced["problems"]] == ["setup_link_invalid"]
        weak = (await browser(SETUP, input=_setup(token, password="short", email="x", name=" ")))["setup"]
        assert {tuple(one["path"]) for one in weak["problems"]} == {("name",), ("email",), ("password",)}
        made = (await browser(SETUP, input=_setup(token)))["setup"]
        assert made["viewer"] == {
            "user": {"email": "ann@example.com"},
            "workspace": {"name": "Office", "timeZone": "Europe/Moscow"},
            "role": "OWNER",
        }
        assert (await browser(WHO))["viewer"]["user"]["email"] == "ann@example.com"
        again = (await browser(SETUP, input=_setup(token, email="eve@example.com")))["setup"]
        assert [one["code"] for one in again["problems"]] == ["already_set_up"]
        assert not (await browser("{ install { needsSetup } }"))["install"]["needsSetup"]
        with pytest.raises(Refused):
            await service.issue_setup_token(db)


async def test_two_setups_at_once_make_one_owner(fresh_database_url: str, redis_url: str) -> None:
    async with serve(fresh_database_url, redis_url) as house, house.session() as db:
        token = await service.issue_setup_token(db)
        await db.commit()

        async def attempt(number: int) -> bool:
            async with house.api() as browser:
                made = await browser(SETUP, input=_setup(token, email=f"p{number}@example.com"))
                return made["setup"]["viewer"] is not None

        assert sum(await asyncio.gather(*(attempt(number) for number in range(4)))) == 1


async def test_an_expired_setup_link_is_refused(fresh_database_url: str) -> None:
    engine = create_async_engine(async_url(fresh_database_url))
    async with AsyncSession(engine) as db:
        token = await service.issue_setup_token(db)
        from potok.people.models import SetupToken  # the only test that ages one

        await db.execute(update(SetupToken).values(expires_at=datetime.now(UTC) - timedelta(seconds=1)))
        with pytest.raises(Refused, match="not valid any more"):
            await service.set_up(db, token, service.Owner("Ann", "a@example.com", PASSWORD), session_days=1)
    await engine.dispose()


async def test_headless_setup_leaves_no_valid_link(fresh_database_url: str) -> None:
    engine = create_async_engine(async_url(fresh_database_url))
    async with AsyncSession(engine, expire_on_commit=False) as db:
        token = await service.issue_setup_token(db)
        made = await service.setup_headless(db, email="ann@example.com", password=PASSWORD)
        assert made.name == "My workspace"
        assert not await service.needs_setup(db)
        with pytest.raises(Refused):
            await service.set_up(db, token, service.Owner("Eve", "e@example.com", PASSWORD), session_days=1)
    await engine.dispose()


async def test_signing_in_and_out(house: House, place: Place, db: AsyncSession) -> None:
    async with house.api() as browser:
        signed = await browser.raw(SIGN_IN, e=place.emails[Role.BUILDER].upper(), p=PASSWORD)
        assert signed.json()["data"]["signIn"]["viewer"]["role"] == "BUILDER"
        cookie = signed.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
        assert "secure" not in cookie
        token = browser.client.cookies["potok_session"]
        stored = (
            await db.execute(select(Session).where(col(Session.token_hash) == fingerprint(token)))
        ).scalar_one()
        assert token not in stored.model_dump().values()
        assert (await browser(WHO))["viewer"]["role"] == "BUILDER"
        assert (await browser("mutation { signOut { done } }"))["signOut"]["done"]
        browser.client.cookies.set("potok_session", token)
        assert (await browser(WHO))["viewer"] is None


async def test_the_cookie_is_secure_when_people_come_by_https(database_url: str, redis_url: str) -> None:
    url = "https://potok.example"
    async with serve(database_url, redis_url, public_url=url) as house, house.api() as browser:
        place = await house.place()
        signed = await browser.raw(SIGN_IN, headers={"Origin": url}, e=place.emails[Role.OWNER], p=PASSWORD)
        assert "secure" in signed.headers["set-cookie"].lower()
        assert signed.headers["strict-transport-security"]


async def test_signing_in_again_rotates_the_session(house: House, place: Place) -> None:
    async with house.api() as browser:
        await browser(SIGN_IN, e=place.emails[Role.OWNER], p=PASSWORD)
        first = browser.client.cookies["potok_session"]
        await browser(SIGN_IN, e=place.emails[Role.OWNER], p=PASSWORD)
        assert browser.client.cookies["potok_session"] != first
    async with house.api() as thief:
        thief.client.cookies.set("potok_session", first)
        assert (await thief(WHO))["viewer"] is None


async def test_a_session_slides_and_expires(house: House, place: Place, db: AsyncSession) -> None:
    async with house.api() as browser:
        await browser(SIGN_IN, e=place.emails[Role.OWNER], p=PASSWORD)
        mine = col(Session.token_hash) == fingerprint(browser.client.cookies["potok_session"])
        assert "set-cookie" not in (await browser.raw(WHO)).headers
        old = datetime.now(UTC) - timedelta(days=3)
        await db.execute(update(Session).where(mine).values(last_seen_at=old, expires_at=old + timedelta(days=4)))
        await db.commit()
        assert "max-age=2592000" in (await browser.raw(WHO)).headers["set-cookie"].lower()
        row = (await db.execute(select(Session).where(mine))).scalar_one()
        assert row.expires_at > datetime.now(UTC) + timedelta(days=29)
        await db.execute(update(Session).where(mine).values(expires_at=old))
        await db.commit()
        assert (await browser(WHO))["viewer"] is None


async def test_a_wrong_password_and_an_unknown_email_get_the_same_answer(house: House, place: Place) -> None:
    async with house.api() as browser:
        wrong = (await browser(SIGN_IN, e=place.emails[Role.OWNER], p="wrong"))["signIn"]
        unknown = (await browser(SIGN_IN, e=f"{uuid7()}@example.com", p="wrong"))["signIn"]
    assert wrong == unknown
    assert wrong["problems"][0]["code"] == "sign_in_failed"


async def test_guessing_at_one_email_is_slowed_even_in_parallel(
    house: House, place: Place, db: AsyncSession
) -> None:
    email = place.emails[Role.OWNER]

    async def guess(number: int) -> str:
        async with house.api() as browser:
            answer = await browser(SIGN_IN, e=email, p=f"guess {number}")
            return str(answer["signIn"]["problems"][0]["code"])

    codes = await asyncio.gather(*(guess(number) for number in range(12)))
    assert codes.count("sign_in_failed") == throttle.FREE_PER_EMAIL
    async with house.api() as browser:
        later = datetime.now(UTC) + timedelta(minutes=1)
        await db.execute(update(SignInAttempt).values(blocked_until=later))
        await db.commit()
        right = (await browser(SIGN_IN, e=email, p=PASSWORD))["signIn"]
        assert right["problems"][0]["code"] == "sign_in_slowed"
        await db.execute(update(SignInAttempt).values(blocked_until=None))
        await db.commit()
        assert (await browser(SIGN_IN, e=email, p=PASSWORD))["signIn"]["viewer"]
    left = await db.execute(select(SignInAttempt).where(col(SignInAttempt.subject) == f"email:{email}"))
    assert left.first() is None


def test_the_pause_grows_and_ends() -> None:
    pauses = [throttle.pause_after(failures, 5).total_seconds() for failures in (0, 4, 5, 6, 8, 200)]
    assert pauses == [0, 0, 1, 2, 8, 300]


async def test_one_address_cannot_try_many_emails(db: AsyncSession) -> None:
    now = datetime.now(UTC)
    address = str(uuid7())
    waits = [
        await throttle.reserve(db, throttle.subjects(f"{number}@{address}", address), now)
        for number in range(throttle.FREE_PER_ADDRESS + 1)
    ]
    assert not any(waits[:-1])
    assert waits[-1] > timedelta(0)
    await throttle.forgive(db, f"0@{address}", address)
    assert await throttle.reserve(db, throttle.subjects(f"x@{address}", address), now) == timedelta(0)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short", "password_short"),
        ("x" * 2000, "password_long"),
        ("aaaaaaaaaaaa", "password_guessable"),
        ("ann.smith@example.com", "password_guessable"),
        ("correct horse", None),
        ("пароль из слов", None),
    ],
)
def test_password_rules(password: str, code: str | None) -> None:
    assert [one.code for one in password_problems(password, "ann.smith@example.com")] == ([code] if code else [])


ADD = """mutation($input: MemberInput!) { addMember(input: $input) {
  member { user { id email name } role } problems { code path message } } }"""
ROLE = """mutation($id: ID!, $role: Role!) { setMemberRole(userId: $id, role: $role) {
  member { role } problems { code } } }"""
REMOVE = "mutation($id: ID!) { removeMember(userId: $id) { done problems { code } } }"


async def test_a_member_is_added_promoted_and_removed(house: House, owner: Api) -> None:
    email = f"new-{uuid7()}@example.com"
    new = {"name": "New", "email": email, "password": PASSWORD, "role": "VIEWER"}
    added = (await owner(ADD, input=new))["addMember"]
    user_id = added["member"]["user"]["id"]
    twice = (await owner(ADD, input=new))["addMember"]
    assert twice["problems"][0]["code"] == "email_taken"
    async with house.api() as browser:
        assert (await browser(SIGN_IN, e=email, p=PASSWORD))["signIn"]["viewer"]["role"] == "VIEWER"
        assert (await owner(ROLE, id=user_id, role="BUILDER"))["setMemberRole"]["member"]["role"] == "BUILDER"
        assert (await browser(WHO))["viewer"]["role"] == "BUILDER"
        assert (await owner(REMOVE, id=user_id))["removeMember"]["done"]
        assert (await browser(WHO))["viewer"] is None
        assert (await browser(SIGN_IN, e=email, p=PASSWORD))["signIn"]["problems"][0]["code"] == "sign_in_failed"
    back = (await owner(ADD, input=new | {"name": "Back"}))["addMember"]
    assert back["member"]["user"] == {"id": user_id, "email": email, "name": "Back"}


async def test_the_last_owner_stays(owner: Api, place: Place) -> None:
    user_id = str(place.callers[Role.OWNER].user_id)
    builder_id = str(place.callers[Role.BUILDER].user_id)
    assert (await owner(REMOVE, id=user_id))["removeMember"]["problems"][0]["code"] == "last_owner"
    assert (await owner(ROLE, id=user_id, role="VIEWER"))["setMemberRole"]["problems"][0]["code"] == "last_owner"
    await owner(ROLE, id=builder_id, role="OWNER")
    results = await asyncio.gather(owner(REMOVE, id=user_id), owner(REMOVE, id=builder_id))
    assert sorted(one["removeMember"]["done"] for one in results) == [False, True]


async def test_members_of_another_workspace_are_not_found(stranger: Api, place: Place) -> None:
    user_id = str(place.callers[Role.VIEWER].user_id)
    assert (await stranger(REMOVE, id=user_id))["removeMember"]["problems"][0]["code"] == "member_not_found"
    assert (await stranger(ROLE, id=user_id, role="OWNER"))["setMemberRole"]["problems"][0]["code"] == (
        "member_not_found"
    )
    listed = (await stranger("{ members { user { email } } }"))["members"]
    assert not {one["user"]["email"] for one in listed} & set(place.emails.values())


async def test_a_stranger_cannot_take_over_an_account_by_adding_it(
    stranger: Api, house: House, place: Place
) -> None:
    email = place.emails[Role.OWNER]
    new = {"name": "Eve", "email": email, "password": "another password", "role": "VIEWER"}
    assert (await stranger(ADD, input=new))["addMember"]["problems"][0]["code"] == "email_taken"
    async with house.api() as browser:
        assert (await browser(SIGN_IN, e=email, p=PASSWORD))["signIn"]["viewer"]


async def test_a_key_is_shown_once_and_revoked(house: House, owner: Api, stranger: Api, db: AsyncSession) -> None:
    create = """mutation { createApiKey(name: "CI", scope: BUILD) {
      apiKey { id hint scope } secret problems { code } } }"""
    revoke = "mutation($id: ID!) { revokeApiKey(id: $id) { done problems { code } } }"
    made = (await owner(create))["createApiKey"]
    row = await db.get(ApiKey, made["apiKey"]["id"])
    assert row is not None
    assert made["secret"].startswith("potok_")
    assert made["secret"] not in row.model_dump().values()
    async with house.api(made["secret"]) as program:
        who = (await program(WHO))["viewer"]
        assert (who["apiKeyName"], who["role"], who["user"]) == ("CI", "BUILDER", None)
        assert await program.refused("{ members { role } }") == "forbidden"
        problem = (await stranger(revoke, id=made["apiKey"]["id"]))["revokeApiKey"]["problems"][0]
        assert problem["code"] == "api_key_not_found"
        assert (await owner(revoke, id=made["apiKey"]["id"]))["revokeApiKey"]["done"]
        assert (await program(WHO))["viewer"] is None
    keys = (await owner("{ apiKeys { id lastUsedAt revokedAt } }"))["apiKeys"]
    mine = next(key for key in keys if key["id"] == made["apiKey"]["id"])
    assert mine["lastUsedAt"]
    assert mine["revokedAt"]


async def test_words_follow_the_chosen_language(house: House, place: Place) -> None:
    async with house.api(**{"Accept-Language": "ru-RU,ru;q=0.9,en;q=0.5"}) as browser:
        failed = (await browser(SIGN_IN, e="x@example.com", p="y"))["signIn"]["problems"][0]
        assert failed["message"] == "Неверная почта или пароль."
        await browser(SIGN_IN, e=place.emails[Role.OWNER], p=PASSWORD)
        change = (
            "mutation($l: String!) { setLocale(locale: $l) { viewer { user { locale } } problems { message } }}"
        )
        assert (await browser(change, l="ru"))["setLocale"]["viewer"]["user"]["locale"] == "ru"
        refused = (await browser(change, l="xx"))["setLocale"]["problems"][0]["message"]
        assert refused == "Язык «xx» неизвестен."
