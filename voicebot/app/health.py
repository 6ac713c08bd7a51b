"""How a bot's parts are now, measured for the operators."""

import asyncio
import shutil
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from voicebot import health
from voicebot.app.bot import Bot
from voicebot.app.loading import EMBEDDINGS
from voicebot.health import Part
from voicebot.storage.period import danish
from voicebot.storage.retention import last_done

PATIENCE = 2.0
"""Seconds that the database may take to answer before it counts as dead."""
LATELY = timedelta(days=1)


async def health_of(bot: Bot) -> Sequence[Part]:
    """All parts, those that callers notice first in front."""
    seconds, deleting = await asyncio.gather(_answers_after(bot), _deleting(bot))
    faults = bot.trouble.since(datetime.now(UTC) - LATELY)
    settings, content, engines = bot.settings, bot.answers.content, bot.engines
    kind = "PostgreSQL" if "postgresql" in settings.record_url else "SQLite"
    names = f"{settings.recogniser} hører, {EMBEDDINGS} forstår"
    return [
        health.carrier(bool(settings.twilio_auth_tokens), settings.insecure, faults),
        health.models(names, engines.stuck()),
        health.load(bot.admission.under_way, bot.admission.limit, engines.longest_wait()),
        health.voice(bot.voice.title, bot.voice.try_out),
        health.speech(bot.ahead.ready, bot.ahead.total),
        health.texts(content.version, len(content.library.answers), bot.answers.faults),
        health.database(kind, seconds),
        health.record(bot.recorder.waiting, bot.recorder.down, bot.recorder.lost),
        *deleting,
        health.disk(await asyncio.to_thread(_free, settings.data_dir)),
        health.version(),
    ]


async def _answers_after(bot: Bot) -> float | None:
    """Seconds the database took to answer; None where it does not."""
    began = time.monotonic()
    try:
        async with asyncio.timeout(PATIENCE), bot.recorder.sessions() as session:
            await session.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError, TimeoutError):
        return None
    return time.monotonic() - began


async def _deleting(bot: Bot) -> Sequence[Part]:
    """None while the database does not answer, for then it is told so."""
    try:
        async with asyncio.timeout(PATIENCE), bot.recorder.sessions() as session:
            last = await last_done(session)
    except (SQLAlchemyError, OSError, TimeoutError):
        return []
    return [health.deleting(last and danish(last), datetime.now(UTC))]


def _free(folder: object) -> int:
    return shutil.disk_usage(str(folder)).free
