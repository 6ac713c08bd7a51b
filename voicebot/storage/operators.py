"""The tables of those who run the bot: people, log-ins, what they looked at and changed, published texts."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from voicebot.storage.tables import Base, UtcTime


class Person(Base):
    """Somebody who may log in. password: an Argon2 hash; subject: who they are in the municipality's own directory."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    role: Mapped[str] = mapped_column(String(16))
    """'se', 'rediger' or 'administrer'."""
    password: Mapped[str | None] = mapped_column(String(256))
    subject: Mapped[str | None] = mapped_column(String(256), unique=True)
    must_change: Mapped[bool] = mapped_column(default=False)
    """Whether somebody else made the password, so that it lets in only to choose another."""
    active: Mapped[bool] = mapped_column(default=True)
    created: Mapped[datetime] = mapped_column(UtcTime)
    last_login: Mapped[datetime | None] = mapped_column(UtcTime)


class Login(Base):
    """A session of somebody who has logged in. token: sha256 of what the browser's cookie holds; ended by deletion."""

    __tablename__ = "logins"

    token: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    created: Mapped[datetime] = mapped_column(UtcTime)
    seen: Mapped[datetime] = mapped_column(UtcTime)
    person: Mapped[Person] = relationship(lazy="joined")


class Attempt(Base):
    """A log-in that failed. key: sha256 of the name or of the address it came from."""

    __tablename__ = "attempts"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary(32))
    at: Mapped[datetime] = mapped_column(UtcTime)

    __table_args__ = (Index("ix_attempts_key", "key", "at"),)


class AuditEntry(Base):
    """What somebody looked at or changed. who: their name, kept also when they are gone; action: like 'call.seen'."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcTime, index=True)
    who: Mapped[str] = mapped_column(String(64), index=True)
    action: Mapped[str] = mapped_column(String(32), index=True)
    object: Mapped[str] = mapped_column(String(128), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(JSON)


class Version(Base):
    """A published text of one file of `answers/`. text: all of the file; None: as it lies in the folder again.

    path: within the folder, with / between, as in common/pas/pas-mistet.yaml; the newest of a path is in use.
    """

    __tablename__ = "versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(String(200), index=True)
    text: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(UtcTime)
    who: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text)


class Choice(Base):
    """Something an administrator chose in the dashboard, over the default; see `storage.choices`."""

    __tablename__ = "choices"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
