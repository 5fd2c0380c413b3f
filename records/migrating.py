"""Bringing the schema up to date when a database is opened."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from base.errors import StoreError
from records import engines


def upgrade(connection: sa.Connection, create: bool) -> None:
    """Upgrade to the newest schema within the caller's transaction.

    Raises:
        InputError: there are no tables, and `create` is False.
        StoreError: written by a newer version of this program.
    """
    engines.lock_migrations(connection)
    config = Config()
    config.set_main_option("script_location", "records:migrations")
    config.attributes["connection"] = connection
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    present = MigrationContext.configure(connection).get_current_heads()
    if not present and not create:
        raise engines.no_database(connection.engine.url.database)
    if not known.issuperset(present):
        raise StoreError("the database was written by a newer version of huifang: use that version")
    command.upgrade(config, "head")
