"""What flags were weighed by, other texts that were heard, calls that cannot be judged; replaced flags stay."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("transcript", _text("doubt"))
    op.add_column("utterance", sa.Column("held", sa.JSON(), server_default="[]", nullable=False))
    op.add_column("flag", _text("phrase"))
    op.add_column("flag", sa.Column("features", sa.JSON(), server_default="{}", nullable=False))
    op.add_column("flag", _text("weights"))
    op.add_column("flag", sa.Column("is_current", sa.Boolean(), server_default=sa.true(), nullable=False))


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)
