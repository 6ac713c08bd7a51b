"""What the operators' dashboard needs: figures of calls, turns, groups, people, published texts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    """To this revision."""
    _forbid_the_same_event_twice()
    _widen_calls()
    _create_turns()
    _create_people()
    _create_versions()


def _forbid_the_same_event_twice() -> None:
    op.execute("DELETE FROM events WHERE id NOT IN (SELECT min(id) FROM events GROUP BY call_id, seq)")
    op.drop_index("ix_events_call_id_seq", "events")
    op.create_index("ix_events_call_id_seq", "events", ["call_id", "seq"], unique=True)


def _widen_calls() -> None:
    """Column by column: SQLite makes a table anew by dropping the old one, which takes all events with it."""
    op.drop_index("ix_calls_started", "calls")
    for column in (
        sa.Column("caller_number", sa.String(20)),
        sa.Column("seconds", sa.Double),
        sa.Column("result", sa.String(16)),
        sa.Column("reason", sa.String(16)),
        sa.Column("topic", sa.String(64)),
        sa.Column("turns_count", sa.Integer),
        sa.Column("wait", sa.Double),
        sa.Column("confidence", sa.Double),
        sa.Column("slow", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("unsure", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("outside_hours", sa.Boolean),
        sa.Column("satisfied", sa.Boolean),
        sa.Column("mark", sa.String(8)),
        sa.Column("comment", sa.Text),
    ):
        op.add_column("calls", column)
    op.create_index("ix_calls_started", "calls", ["started", "id"])
    for name in ("municipality", "result", "topic", "reason", "mark", "satisfied", "slow", "unsure"):
        op.create_index(f"ix_calls_{name}", "calls", [name, "started", "id"])
    op.create_index("ix_calls_outside", "calls", ["outside_hours", "started", "id"])


def _create_turns() -> None:
    op.create_table(
        "groups",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("municipality", sa.String(64), nullable=False, index=True),
        sa.Column("label", sa.Text, nullable=False),
        sa.Column("centre", sa.LargeBinary, nullable=False),
        sa.Column("size", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("answer", sa.String(64)),
        sa.Column("created", _TIME, nullable=False),
    )
    op.create_table(
        "turns",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("call_id", sa.String(64), sa.ForeignKey("calls.id", ondelete="CASCADE"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("started", _TIME, nullable=False),
        sa.Column("municipality", sa.String(64), nullable=False),
        sa.Column("text", sa.Text),
        sa.Column("heard", sa.Double, nullable=False),
        sa.Column("decision", sa.String(16)),
        sa.Column("answer", sa.String(64)),
        sa.Column("confidence", sa.Double),
        sa.Column("wait", sa.Double),
        sa.Column("unanswered", sa.Boolean, nullable=False),
        sa.Column("group_id", sa.Integer, sa.ForeignKey("groups.id", ondelete="SET NULL")),
    )
    op.create_index("ix_turns_call_id_number", "turns", ["call_id", "number"])
    op.create_index("ix_turns_group_id", "turns", ["group_id", "started", "unanswered"])
    op.create_index("ix_turns_unanswered", "turns", ["unanswered", "started"])
    op.create_index("ix_turns_started", "turns", ["started"])
    op.create_table(
        "tallies",
        sa.Column("what", sa.String(16), nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("municipality", sa.String(64), nullable=False),
        sa.Column("hour", sa.Integer, nullable=False),
        sa.Column("of", sa.String(64), nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("what", "day", "municipality", "hour", "of", postgresql_include=["n"]),
    )


def _create_people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(64), nullable=False, unique=True),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("password", sa.String(256)),
        sa.Column("subject", sa.String(256), unique=True),
        sa.Column("must_change", sa.Boolean, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("created", _TIME, nullable=False),
        sa.Column("last_login", _TIME),
    )
    op.create_table(
        "logins",
        sa.Column("token", sa.LargeBinary(32), primary_key=True),
        sa.Column("person_id", sa.Integer, sa.ForeignKey("people.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("csrf", sa.String(64), nullable=False),
        sa.Column("created", _TIME, nullable=False),
        sa.Column("seen", _TIME, nullable=False),
    )
    op.create_table(
        "attempts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("key", sa.LargeBinary(32), nullable=False),
        sa.Column("at", _TIME, nullable=False),
    )
    op.create_index("ix_attempts_key", "attempts", ["key", "at"])
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", _TIME, nullable=False, index=True),
        sa.Column("who", sa.String(64), nullable=False, index=True),
        sa.Column("action", sa.String(32), nullable=False, index=True),
        sa.Column("object", sa.String(128), nullable=False, index=True),
        sa.Column("details", sa.JSON, nullable=False),
    )


def _create_versions() -> None:
    op.create_table(
        "versions",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("path", sa.String(200), nullable=False, index=True),
        sa.Column("text", sa.Text),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
    op.create_table(
        "choices",
        sa.Column("name", sa.String(64), primary_key=True),
        sa.Column("value", sa.JSON, nullable=False),
    )


def downgrade() -> None:
    """Back from this revision."""
    for table in ("choices", "versions", "audit", "attempts", "logins", "people", "tallies", "turns", "groups"):
        op.drop_table(table)
    for name in (
        "started",
        "municipality",
        "result",
        "topic",
        "reason",
        "mark",
        "satisfied",
        "slow",
        "unsure",
        "outside",
    ):
        op.drop_index(f"ix_calls_{name}", "calls")
    for column in (
        "caller_number", "seconds", "result", "reason", "topic", "turns_count", "wait", "confidence", "slow",
        "unsure", "outside_hours", "satisfied", "mark", "comment",
    ):  # fmt: skip
        op.drop_column("calls", column)
    op.create_index("ix_calls_started", "calls", ["started"])
    op.drop_index("ix_events_call_id_seq", "events")
    op.create_index("ix_events_call_id_seq", "events", ["call_id", "seq"])
