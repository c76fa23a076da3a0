"""Tokens and passwords. Of a token only its SHA-256 is stored, of a password only its Argon2id hash."""

from __future__ import annotations

import hashlib
import secrets

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.errors import Invalid

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 256

hasher = PasswordHash((Argon2Hasher(),))
"""Argon2id at the library's defaults; tests put a cheaper one here."""


def new_token(mark: str = "") -> tuple[str, str]:
    """A fresh token of 256 bits for a link, a cookie or a program, beginning with `mark`, and the hash to store."""
    token = mark + secrets.token_urlsafe(32)
    return token, token_hash(token)


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def password_hash(password: str, *, email: str) -> str:
    """The hash of a new password. Raises Invalid; never repeats what was typed."""
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid({"password": f"Use at least {SHORTEST_PASSWORD} characters."})
    if len(password) > LONGEST_PASSWORD:
        raise Invalid({"password": f"Use at most {LONGEST_PASSWORD} characters."})
    if password.casefold() in email or len(set(password)) < 4:
        raise Invalid({"password": "This one is too easy to guess."})
    return hasher.hash(password)


def password_fits(password: str, stored: str | None) -> bool:
    """Whether the password is the stored one. Without a stored one it takes as long and says no."""
    if len(password) > LONGEST_PASSWORD:
        return False
    if stored is None:
        hasher.verify(password, _nobody())
        return False
    return hasher.verify(password, stored)


_nobodys_hash: dict[int, str] = {}


def _nobody() -> str:
    """A hash that no one has, made once for the hasher in use."""
    if id(hasher) not in _nobodys_hash:
        _nobodys_hash[id(hasher)] = hasher.hash(secrets.token_urlsafe(16))
    return _nobodys_hash[id(hasher)]
