"""Passwords: hashed by argon2id, in a thread, a few at once (each takes 64 MB for a tenth of a second)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from base.errors import InputError

T = TypeVar("T")

SHORTEST = 10
LONGEST = 200
_AT_ONCE = 2


class Passwords:
    """Hashes and checks."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._threads = ThreadPoolExecutor(_AT_ONCE, "huifang-argon2")
        self._nobodys = self._hasher.hash("")

    async def hashed(self, password: str) -> str:
        """What is kept of a password."""
        return await self._run(self._hasher.hash, password)

    async def is_right(self, hashed: str, password: str) -> bool:
        """Whether it is the password; of nobody ("") it never is, and to find out takes as long."""

        def look(kept: str, said: str) -> bool:
            try:
                return self._hasher.verify(kept, said)
            except (VerificationError, InvalidHashError):
                return False

        right = await self._run(look, hashed or self._nobodys, password[: LONGEST + 1])
        return right and bool(hashed)

    async def _run(self, work: Callable[..., T], *arguments: str) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)


def is_good(password: str, number: str) -> bool:
    """Long enough, not all of a few characters, and without the staff number."""
    return SHORTEST <= len(password) <= LONGEST and len(set(password)) > 4 and number not in password


def check(password: str, number: str) -> None:
    """Raises InputError for a password that cannot be taken."""
    if not is_good(password, number):
        remedy = f"take {SHORTEST} characters or more, five different ones, without the staff number"
        raise InputError("is too short or easily guessed", where="the password", remedy=remedy)
