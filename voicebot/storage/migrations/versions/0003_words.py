"""Words in what callers said can be found quickly."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_SQLITE = (
    "CREATE VIRTUAL TABLE turn_words USING fts5(text, content='turns', content_rowid='id', "
    "tokenize='unicode61 remove_diacritics 0', prefix='2 3')",
    "INSERT INTO turn_words (turn_words) VALUES ('rebuild')",
    "CREATE TRIGGER turns_inserted AFTER INSERT ON turns WHEN new.text IS NOT NULL BEGIN "
    "INSERT INTO turn_words (rowid, text) VALUES (new.id, new.text); END",
    "CREATE TRIGGER turns_deleted AFTER DELETE ON turns WHEN old.text IS NOT NULL BEGIN "
    "INSERT INTO turn_words (turn_words, rowid, text) VALUES ('delete', old.id, old.text); END",
    "CREATE TRIGGER turns_reworded AFTER UPDATE OF text ON turns BEGIN "
    "INSERT INTO turn_words (turn_words, rowid, text) SELECT 'delete', old.id, old.text WHERE old.text IS NOT NULL; "
    "INSERT INTO turn_words (rowid, text) SELECT new.id, new.text WHERE new.text IS NOT NULL; END",
)
_POSTGRESQL = (
    "ALTER TABLE turns ADD COLUMN turn_words tsvector "
    "GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, text)) STORED",
    "CREATE INDEX ix_turns_words ON turns USING gin (turn_words)",
)


def upgrade() -> None:
    """To this revision."""
    worded = sa.text("text IS NOT NULL")
    op.create_index("ix_turns_worded", "turns", ["started"], sqlite_where=worded, postgresql_where=worded)
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Back from this revision."""
    op.drop_index("ix_turns_worded", "turns")
    if op.get_bind().dialect.name != "sqlite":
        return op.execute("ALTER TABLE turns DROP COLUMN turn_words")
    for trigger in ("turns_inserted", "turns_deleted", "turns_reworded"):
        op.execute(f"DROP TRIGGER {trigger}")
    op.execute("DROP TABLE turn_words")
