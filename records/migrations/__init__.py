"""Migrations of the schema (Alembic), run in process by `Database.open`."""
