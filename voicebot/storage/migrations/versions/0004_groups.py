"""Groups know since when they are dealt with; turns that wait for a group are found among many."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_UNGROUPED = "AND group_id IS NULL AND text IS NOT NULL"


def upgrade() -> None:
    """To this revision."""
    op.add_column("groups", sa.Column("decided", sa.DateTime(timezone=True)))
    op.drop_index("ix_turns_unanswered", "turns")
    op.create_index("ix_turns_unanswered", "turns", ["unanswered", "started", "group_id"])
    op.create_index(
        "ix_turns_waiting",
        "turns",
        ["id"],
        sqlite_where=sa.text(f"unanswered = 1 {_UNGROUPED}"),
        postgresql_where=sa.text(f"unanswered {_UNGROUPED}"),
    )


def downgrade() -> None:
    """Back from this revision."""
    op.drop_index("ix_turns_waiting", "turns")
    op.drop_index("ix_turns_unanswered", "turns")
    op.create_index("ix_turns_unanswered", "turns", ["unanswered", "started"])
    op.drop_column("groups", "decided")
