"""Random secrets and their fingerprints; the database only ever sees the fingerprint."""

import hashlib
import secrets

API_KEY_PREFIX = "potok_"


def new_token() -> str:
    """256 random bits, safe in a URL and in a cookie."""
    return secrets.token_urlsafe(32)


def new_api_key() -> str:
    """A key for programs. The prefix lets secret scanners recognise a leaked one."""
    return API_KEY_PREFIX + new_token()


def fingerprint(token: str) -> str:
    """SHA-256 in hex. Enough without salt, because the tokens themselves are random."""
    return hashlib.sha256(token.encode()).hexdigest()
