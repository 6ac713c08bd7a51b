"""The operators' office of a bot: its pages' way to the record, the calls and the answers; and its standing work."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial

from voicebot.app.bot import Bot
from voicebot.app.health import health_of
from voicebot.dashboard import Office
from voicebot.grouping import describing, keep_grouping
from voicebot.standing import standing
from voicebot.storage.notices import PUBLISHED
from voicebot.storage.retention import keep_forgetting
from voicebot.storage.versions import published
from voicebot.studio import Studio
from voicebot.studio.playing import playing


def open_office(bot: Bot) -> Office:
    """The office of a bot whose record is open."""
    sessions = bot.recorder.sessions

    async def texts() -> Mapping[str, str | None]:
        async with sessions() as session:
            return await published(session)

    async def tell() -> None:
        bot.notices.tell(PUBLISHED, "")

    studio = Studio(bot.settings, bot.answers, bot.index, bot.engines, texts, tell, playing(bot.engines))
    return Office(bot.settings, sessions, bot.live, studio, lambda: bot.library, partial(health_of, bot))


def standing_work(bot: Bot) -> list[asyncio.Task[None]]:
    """What is done beside the calls until it is cancelled."""
    describe = describing(lambda: bot.answers.content.matcher)
    sessions, numbers = bot.recorder.sessions, bot.settings.caller_numbers == "hidden"
    return [
        standing(keep_grouping(sessions, describe, bot.engines.wait_for_quiet), "grouping"),
        standing(keep_forgetting(sessions, lambda: datetime.now(UTC), numbers=numbers), "deleting"),
        standing(bot.notices.keep_up(), "notices"),
        standing(bot.ahead.keep_up(), "speech in advance"),
        standing(bot.metrics.watch_loop(), "metrics"),
    ]
