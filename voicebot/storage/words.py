"""Words found in what callers said: a tsvector index in PostgreSQL, FTS5 in SQLite (migration 0003)."""

import re

from sqlalchemy import ColumnElement, Select, column, func, literal_column, select, table
from sqlalchemy.sql import text

from voicebot.storage.tables import Turn

_MOST = 8
"""Words that are searched for at once."""
_SIMPLE: ColumnElement[str] = literal_column("'simple'::regconfig")
"""As in the index: words as they stand, for Danish endings are cut worse than beginnings are typed."""
_IN_POSTGRESQL: ColumnElement[str] = literal_column("turns.turn_words")
_IN_SQLITE = table("turn_words", column("rowid"))


def containing(words: str, dialect: str) -> Select[str]:
    """Ids of the calls in which the caller said words that begin with all of `words` in one go; none without any."""
    asked = re.findall(r"[^\W_]+", words.lower())[:_MOST]
    turns = select(Turn.call_id)
    if not asked:
        return turns.where(literal_column("1") == 0)
    if dialect == "postgresql":
        query = func.to_tsquery(_SIMPLE, " & ".join(f"{word}:*" for word in asked))
        return turns.where(_IN_POSTGRESQL.bool_op("@@")(query))
    match = text("turn_words MATCH :asked").bindparams(asked=" ".join(f'"{word}"*' for word in asked))
    return turns.where(Turn.id.in_(select(_IN_SQLITE.c.rowid).where(match)))
