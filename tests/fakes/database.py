"""A real database that says whether it is at work, so that virtual time can wait for it."""

from __future__ import annotations

from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from records.database import Database, Work

T = TypeVar("T")


class CountedDatabase(Database):
    """Counts its open transactions."""

    def __init__(self, writer: sa.Engine, reader: AsyncEngine) -> None:
        super().__init__(writer, reader)
        self.open_now = 0

    def busy(self) -> bool:
        return self.open_now > 0

    async def write(self, work: Work[T], *, contended: bool = False) -> T:
        self.open_now += 1
        try:
            return await super().write(work, contended=contended)
        finally:
            self.open_now -= 1

    async def read(self, work: Work[T]) -> T:
        self.open_now += 1
        try:
            return await super().read(work)
        finally:
            self.open_now -= 1
