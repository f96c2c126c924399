"""Password rules and argon2id, computed off the event loop on few threads because each takes 64 MiB."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from potok.problems import Problem

MIN_LENGTH = 10
MAX_LENGTH = 1024
"""Hashing cost grows with length; nobody types more."""

_hasher = PasswordHasher()
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="argon2")


def password_problems(password: str, email: str, *path: str) -> list[Problem]:
    """What is wrong with a new password; empty when it is acceptable."""
    if len(password) < MIN_LENGTH:
        return [Problem("password_short", {"min": MIN_LENGTH, "length": len(password)}, path)]
    if len(password) > MAX_LENGTH:
        return [Problem("password_long", {"max": MAX_LENGTH}, path)]
    plain = password.casefold()
    if len(set(plain)) < 4 or plain in {email.casefold(), email.casefold().partition("@")[0]}:
        return [Problem("password_guessable", {}, path)]
    return []


async def hash_password(password: str) -> str:
    """The argon2id hash with its parameters and salt."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _hasher.hash, password)


async def verify_password(stored: str | None, password: str) -> bool:
    """Whether the password fits. Without a stored hash it works as long, so that timing tells nothing."""
    loop = asyncio.get_running_loop()
    fits = await loop.run_in_executor(_threads, _fits, stored, password if len(password) <= MAX_LENGTH else "")
    return fits and stored is not None


def needs_rehash(stored: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored)


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")


def _fits(stored: str | None, password: str) -> bool:
    try:
        return _hasher.verify(stored or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
