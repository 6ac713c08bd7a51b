"""The tables of the record: calls, what happened in them, and what can be counted of them."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Text,
    false,
    literal,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator


class UtcTime(TypeDecorator[datetime]):
    """A moment, in UTC where the database keeps no zone (SQLite)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Moments are stored in UTC."""
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Moments come back in UTC, with their zone."""
        return value and (value if value.tzinfo else value.replace(tzinfo=UTC))


class Base(DeclarativeBase):
    """The tables of this database."""


class Call(Base):
    """One call. Of the caller's number a keyed hash and its last two digits are kept, all of it only where chosen.

    What follows `outcome` is worked out of the call's events when it is over (`storage.story`).
    """

    __tablename__ = "calls"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    municipality: Mapped[str] = mapped_column(String(64))
    caller_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    caller_last_two: Mapped[str | None] = mapped_column(String(2))
    caller_number: Mapped[str | None] = mapped_column(String(20))
    started: Mapped[datetime] = mapped_column(UtcTime)
    ended: Mapped[datetime | None] = mapped_column(UtcTime)
    outcome: Mapped[str | None] = mapped_column(String(32))
    seconds: Mapped[float | None] = mapped_column(Double)
    result: Mapped[str | None] = mapped_column(String(16))
    """See `storage.story.Result`."""
    reason: Mapped[str | None] = mapped_column(String(16))
    """Of `Transferred`."""
    topic: Mapped[str | None] = mapped_column(String(64))
    """The first answer that was given."""
    turns_count: Mapped[int | None]
    wait: Mapped[float | None] = mapped_column(Double)
    """The longest wait for a reply, in seconds."""
    confidence: Mapped[float | None] = mapped_column(Double)
    """The lowest of all decisions on what the caller said, 0..1."""
    slow: Mapped[bool] = mapped_column(default=False, server_default=false())
    unsure: Mapped[bool] = mapped_column(default=False, server_default=false())
    outside_hours: Mapped[bool | None]
    satisfied: Mapped[bool | None]
    mark: Mapped[str | None] = mapped_column(String(8))
    """What an operator says of it: 'right' or 'wrong'."""
    comment: Mapped[str | None] = mapped_column(Text)
    events: Mapped[list["CallEvent"]] = relationship(order_by="CallEvent.seq", cascade="all, delete-orphan")
    turns: Mapped[list["Turn"]] = relationship(order_by="Turn.number", cascade="all, delete-orphan")

    __table_args__ = (
        Index("ix_calls_started", "started", "id"),
        *(
            Index(f"ix_calls_{name}", name, "started", "id")
            for name in ("municipality", "result", "topic", "reason", "mark", "satisfied", "slow", "unsure")
        ),
        Index("ix_calls_outside", "outside_hours", "started", "id"),
    )


class CallEvent(Base):
    """One event of a call; seq rises with time, at: seconds since the call began, data: the event's other fields."""

    __tablename__ = "events"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"))
    seq: Mapped[int]
    at: Mapped[float] = mapped_column(Double)
    type: Mapped[str] = mapped_column(String(32))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)

    __table_args__ = (Index("ix_events_call_id_seq", "call_id", "seq", unique=True),)


FAILED = CallEvent.type == literal("Failed", literal_execute=True)
"""Of the few events that are faults; written out in queries, for SQLite does not see through a parameter."""
Index("ix_events_failed", CallEvent.call_id, sqlite_where=FAILED, postgresql_where=FAILED)


class Turn(Base):
    """Something a caller said, and what was done about it; text: None once it was too old to be kept.

    at: seconds since the call began, started: the moment; heard: the recogniser's confidence, confidence: the
    decision's, both 0..1; wait: seconds from the last word to the first sound of the reply.
    """

    __tablename__ = "turns"

    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("calls.id", ondelete="CASCADE"))
    number: Mapped[int]
    at: Mapped[float] = mapped_column(Double)
    started: Mapped[datetime] = mapped_column(UtcTime)
    municipality: Mapped[str] = mapped_column(String(64))
    text: Mapped[str | None] = mapped_column(Text)
    heard: Mapped[float] = mapped_column(Double)
    decision: Mapped[str | None] = mapped_column(String(16))
    answer: Mapped[str | None] = mapped_column(String(64))
    confidence: Mapped[float | None] = mapped_column(Double)
    wait: Mapped[float | None] = mapped_column(Double)
    unanswered: Mapped[bool] = mapped_column(default=False)
    """Not understood, or asked back about in vain."""
    group_id: Mapped[int | None] = mapped_column(ForeignKey("groups.id", ondelete="SET NULL"))

    __table_args__ = (
        Index("ix_turns_call_id_number", "call_id", "number"),
        Index("ix_turns_group_id", "group_id", "started", "unanswered"),
        Index("ix_turns_unanswered", "unanswered", "started", "group_id"),
        Index("ix_turns_started", "started"),
    )


_WAITING = Turn.unanswered & Turn.group_id.is_(None) & Turn.text.is_not(None)
Index("ix_turns_waiting", Turn.id, sqlite_where=_WAITING, postgresql_where=_WAITING)
Index("ix_turns_worded", Turn.started, sqlite_where=Turn.text.is_not(None), postgresql_where=Turn.text.is_not(None))
"""What no group has been found for yet: a few turns of many."""


class Group(Base):
    """Unanswered turns that mean the same. label: the one nearest to the centre, '' once its words are deleted.

    centre: mean of their unit vectors, float32 little endian, empty until it is worked out; answer: the id of the
    answer the group was given to; decided: when its state became what it is now.
    """

    __tablename__ = "groups"

    id: Mapped[int] = mapped_column(primary_key=True)
    municipality: Mapped[str] = mapped_column(String(64), index=True)
    label: Mapped[str] = mapped_column(Text)
    centre: Mapped[bytes] = mapped_column(LargeBinary)
    size: Mapped[int]
    """Turns that were ever put into it."""
    state: Mapped[str] = mapped_column(String(16))
    """See `storage.groups.State`."""
    answer: Mapped[str | None] = mapped_column(String(64))
    created: Mapped[datetime] = mapped_column(UtcTime)
    decided: Mapped[datetime | None] = mapped_column(UtcTime)


class Tally(Base):
    """How often something was the case in one hour: figures without persons, which outlive the calls they count.

    day and hour: of Danish time; what and of: see `storage.tallies`; hour is -1 where only days are counted.
    """

    __tablename__ = "tallies"

    what: Mapped[str] = mapped_column(String(16))
    day: Mapped[date]
    municipality: Mapped[str] = mapped_column(String(64))
    hour: Mapped[int]
    of: Mapped[str] = mapped_column(String(64))
    n: Mapped[int]

    __table_args__ = (
        PrimaryKeyConstraint("what", "day", "municipality", "hour", "of", postgresql_include=["n"]),  # read by itself
    )
