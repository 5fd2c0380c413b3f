"""How the schema's columns keep what Python has: times, and text that others wrote."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

from base.clock import SHANGHAI


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
