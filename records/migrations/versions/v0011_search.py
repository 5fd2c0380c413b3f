"""One index for words and sounds, of current transcripts only, beside what a search filters by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from records import search_index

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_CHUNK = 500

_CURRENT = sa.select(sa.column("id", sa.BigInteger)).select_from(sa.table("transcript")).where(sa.text("is_current"))

# Contentless: the text stays in `searchable`. No positions and no sizes: only "which rows hold these tokens" is asked.
_INDEX = """
    CREATE VIRTUAL TABLE searchable_tokens USING fts5(
        tokens, content = '', detail = none, columnsize = 0, tokenize = 'ascii'
    )
"""

# Tokens are never read: out of line they leave the rows small, and few pages to look through for a count.
# Many statistics: few bigrams are common, and the planner must know which.
_COLUMN = (
    "ALTER TABLE searchable ADD COLUMN tokens tsvector NOT NULL",
    "ALTER TABLE searchable ALTER COLUMN tokens SET STORAGE EXTERNAL",
    "ALTER TABLE searchable ALTER COLUMN tokens SET STATISTICS 1000",
    "ALTER TABLE searchable SET (toast_tuple_target = 256)",
    "CREATE INDEX searchable_tokens ON searchable USING gin (tokens)",
)


def upgrade() -> None:
    """Build, fill, and drop the two indexes of before."""
    op.create_table(
        "searchable",
        sa.Column("id", _ID, sa.ForeignKey("utterance.id", name="searchable_id_fk"), autoincrement=False),
        _refers("transcript", nullable=False),
        _refers("attempt", nullable=True),
        _refers("campaign", nullable=True),
        _refers("customer", nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.Text(), server_default="", nullable=False) for name in ("party", "disposition")),
        sa.Column("talked_s", sa.Double(), server_default=sa.text("0"), nullable=False),
        *(sa.Column(name, sa.Text(), server_default="", nullable=False) for name in ("words", "sounds")),
        sa.PrimaryKeyConstraint("id", name="searchable_pk"),
    )
    op.create_index("searchable_at", "searchable", ["at", "transcript_id", "id"])
    op.create_index("searchable_transcript", "searchable", ["transcript_id"])
    op.create_index("searchable_customer", "searchable", ["customer_id"])
    bind = op.get_bind()
    for statement in (_INDEX,) if bind.dialect.name == "sqlite" else _COLUMN:
        op.execute(statement)
    ids = list(bind.scalars(_CURRENT))
    for start in range(0, len(ids), _CHUNK):
        search_index.add(bind, ids[start : start + _CHUNK])
    for name in ("utterance_words", "utterance_sounds"):
        op.drop_table(name)


def _refers(table: str, *, nullable: bool) -> sa.Column[int]:
    name = f"{table}_id"
    return sa.Column(name, _ID, sa.ForeignKey(f"{table}.id", name=f"searchable_{name}_fk"), nullable=nullable)
