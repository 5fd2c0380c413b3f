"""How the schema's columns keep what Python has: times, text that others wrote; columns of many tables."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

from base.clock import SHANGHAI
from records.turns import NORMAL_RANK

metadata = sa.MetaData(
    naming_convention={
        "pk": "%(table_name)s_pk",
        "fk": "%(table_name)s_%(column_0_name)s_fk",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s",
        "ix": "%(table_name)s_%(column_0_N_name)s",
    }
)

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


class Instant(sa.types.TypeDecorator[datetime]):
    """An aware point in time: kept in UTC, handed out in Asia/Shanghai.

    SQLite keeps text of fixed width and PostgreSQL `timestamptz`; both sort and compare as time does.
    A naive datetime is refused (TypeError, which SQLAlchemy wraps in StatementError).
    """

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: sa.Dialect) -> datetime | None:
        """Aware in any zone to UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("a time without a zone cannot be kept")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: sa.Dialect) -> datetime | None:
        """UTC to Asia/Shanghai."""
        if value is None:
            return None
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(SHANGHAI)


class Words(sa.types.TypeDecorator[str]):
    """Text that others wrote, such as a far end's SIP. PostgreSQL cannot keep U+0000, so we keep none."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: sa.Dialect) -> str | None:
        """U+0000 to U+FFFD."""
        return value.replace("\0", "\ufffd") if value else value


def identity() -> sa.Column[int]:
    """The primary key `id`."""
    return sa.Column("id", Id, primary_key=True)


def text(name: str) -> sa.Column[str]:
    """Text, empty until it is known."""
    return sa.Column(name, Words, nullable=False, server_default="")


def switch(name: str) -> sa.Column[bool]:
    """A truth value, false until it is known."""
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())


def seconds(name: str) -> sa.Column[float]:
    """A number of seconds (or a share), 0 until it is known."""
    return sa.Column(name, sa.Double, nullable=False, server_default=sa.text("0"))


def amount(name: str) -> sa.Column[float]:
    """Yuan or a rate, 0 until it is known."""
    return sa.Column(name, sa.Double, nullable=False, server_default=sa.text("0"))


def instant(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    """A point in time."""
    return sa.Column(name, Instant, nullable=nullable)


def rank(name: str) -> sa.Column[int]:
    """Smaller is sooner."""
    return sa.Column(name, sa.SmallInteger, nullable=False, server_default=sa.text(str(NORMAL_RANK)))


def refers(name: str, target: str) -> sa.Column[int]:
    """The row of another table, "table.column"."""
    return sa.Column(name, Id, sa.ForeignKey(target), nullable=False)


def unique_where(name: str, condition: str, *columns: str) -> sa.Index:
    """An index that is unique among the rows of a condition (SQL)."""
    where = sa.text(condition)
    return sa.Index(name, *columns, unique=True, sqlite_where=where, postgresql_where=where)


def index_where(name: str, condition: str, *columns: str) -> sa.Index:
    """An index of the rows of a condition (SQL)."""
    where = sa.text(condition)
    return sa.Index(name, *columns, sqlite_where=where, postgresql_where=where)
