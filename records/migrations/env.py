"""Runs migrations on the connection that `Database.open` hands over, inside its transaction."""

from __future__ import annotations

from alembic import context

from records.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
context.run_migrations()
