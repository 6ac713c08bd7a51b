"""The parts put together: models loaded, routes laid, a server run. Nobody imports this but the command line."""

from voicebot.app.bot import Bot, load_bot
from voicebot.app.loading import (
    EMBEDDINGS,
    load_content,
    load_index,
    load_matcher,
    load_recogniser,
    load_rehearsal,
)
from voicebot.app.serving import bind, bot_routes, create_app, serve

__all__ = [
    "EMBEDDINGS",
    "Bot",
    "bind",
    "bot_routes",
    "create_app",
    "load_bot",
    "load_content",
    "load_index",
    "load_matcher",
    "load_recogniser",
    "load_rehearsal",
    "serve",
]
