"""What failed in calls is found among many events."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this revision."""
    failed = sa.text("type = 'Failed'")
    op.create_index("ix_events_failed", "events", ["call_id"], sqlite_where=failed, postgresql_where=failed)


def downgrade() -> None:
    """Back from this revision."""
    op.drop_index("ix_events_failed", "events")
