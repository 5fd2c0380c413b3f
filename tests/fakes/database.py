"""A real database that says whether it is at work, so that virtual time can wait for it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from records.database import Database


class CountedDatabase(Database):
    """Counts its open transactions."""

    def __init__(self, engine: AsyncEngine) -> None:
        super().__init__(engine)
        self.open_now = 0

    def busy(self) -> bool:
        return self.open_now > 0

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        self.open_now += 1
        try:
            async with super().begin() as connection:
                yield connection
        finally:
            self.open_now -= 1

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        self.open_now += 1
        try:
            async with super().read() as connection:
                yield connection
        finally:
            self.open_now -= 1
