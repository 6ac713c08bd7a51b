"""Alembic's way into the record: the connection is given by whoever migrates."""

from alembic import context

from voicebot.storage import operators  # noqa: F401 - its tables belong to the same database
from voicebot.storage.tables import Base

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
