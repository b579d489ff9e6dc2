"""Passwords: Argon2id in a small pool of threads, one cost for known and unknown alike."""

import asyncio
import os
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from app.identity.errors import PasswordRuleError, SignInsCrowdedError

#: OWASP Password Storage Cheat Sheet: Argon2id with 19 MiB, two passes, one lane (24 ms here;
#: the library's own default takes 183 ms).
_HASHER: Final = PasswordHash([Argon2Hasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)])

#: Random bytes in the shape of a hash: what an unknown address is checked against, at full cost.
_NOBODY: Final = (
    "$argon2id$v=19$m=19456,t=2,p=1$KzGrx6XSdVp6VZY/IPJAiQ"
    "$eSZpAKIFRJ+5k2WolesHnM+UI+ZEfoh5SGqpUF+hhf4"
)

MIN_LENGTH: Final = 10
MAX_LENGTH: Final = 256

#: Threads hash beside the event loop (the C code lets go of the GIL); each holds 19 MiB.
_THREADS: Final = min(4, os.cpu_count() or 1)
_pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="passwords")

#: Beyond so many, a person would wait longer than a browser does: better to say so at once.
MAX_WAITING: Final = 400
_waiting = 0

#: The first guesses of everyone, past ten characters (NIST SP 800-63B, 5.1.1.2).
_FIRST_GUESSES: Final = (
    "password",
    "passwort",
    "qwerty",
    "1234567890",
    "letmein",
    "iloveyou",
    "alongside",
    "sidebyside",
)

_Answer = TypeVar("_Answer")


def check(password: str, *, email: str, display_name: str = "", pointer: str = "/password") -> None:
    """The rules for a new password; raises PasswordRuleError."""
    if len(password) > MAX_LENGTH:
        raise PasswordRuleError(
            f"It is too long. Please use at most {MAX_LENGTH} characters.", pointer=pointer
        )
    if len(password) < MIN_LENGTH or not _is_text(password):
        raise PasswordRuleError(pointer=pointer)
    plain = password.casefold().strip()
    known = {email.casefold(), email.partition("@")[0].casefold(), display_name.casefold()}
    if plain in known or len(set(plain)) < 4 or _is_first_guess(plain):
        raise PasswordRuleError(
            "Others would guess this one. Three words that don't belong together work well.",
            pointer=pointer,
        )


def _is_first_guess(plain: str) -> bool:
    """A common word with nothing but digits and signs around it."""
    return any(
        guess in plain and not any(map(str.isalpha, plain.replace(guess, "")))
        for guess in _FIRST_GUESSES
    )


def _is_text(password: str) -> bool:
    return "\x00" not in password and not any("\ud800" <= sign <= "\udfff" for sign in password)


async def hash_(password: str) -> str:
    """The hash to store."""
    return await _beside(lambda: _HASHER.hash(_normal(password)))


async def verify(password: str, stored: str | None) -> bool:
    """Whether it is the password. Without a stored hash the same work is done for nothing."""
    given = _normal(password)
    is_right = await _beside(lambda: _HASHER.verify(given, stored or _NOBODY))
    return is_right and stored is not None


def _normal(password: str) -> bytes:
    """The same word typed on another keyboard is the same password (NIST SP 800-63B, 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password[:MAX_LENGTH]).encode("utf-8", "surrogatepass")


async def _beside(work: Callable[[], _Answer]) -> _Answer:
    global _waiting
    if _waiting >= MAX_WAITING:
        raise SignInsCrowdedError(retry_after_seconds=5)
    _waiting += 1
    try:
        return await asyncio.get_running_loop().run_in_executor(_pool, work)
    finally:
        _waiting -= 1
