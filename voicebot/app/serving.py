"""A bot served: its routes, its port, its work beside the calls, until it is told to stop."""

import asyncio
import errno
import gc
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable

import psutil
import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from voicebot.app.bot import Bot
from voicebot.app.office import open_office, standing_work
from voicebot.dashboard import Office, dashboard_routes
from voicebot.dashboard.faults import fault_page
from voicebot.dashboard.headers import Safety
from voicebot.errors import SettingsError
from voicebot.metrics import CONTENT_TYPE
from voicebot.settings import Settings
from voicebot.storage.people import first_administrator
from voicebot.telephony.web_phone import phone_routes
from voicebot.telephony.webhook import Exchange, carrier_routes

log = logging.getLogger(__name__)

SHUTDOWN_SECONDS = 5
"""How long calls under way may take to be closed when the server stops."""
SWITCH_SECONDS = 0.001
"""After how long a thread that computes in Python lets the event loop go on. While 200 answers are read anew beside 16
calls, the loop is 37-85 ms late (p95) with Python's own 5 ms, 13-19 ms with this (2 cores, Silero on each call)."""


def create_app(bot: Bot, its: Office) -> Starlette:
    """The whole server: a bot's routes, and the operators' pages of its office."""
    app = Starlette(
        routes=[*bot_routes(bot), *dashboard_routes()],
        middleware=[Middleware(Safety)],
        exception_handlers={HTTPException: fault_page},
    )
    app.state.office = its
    return app


def bot_routes(bot: Bot) -> list[BaseRoute]:
    """Where callers, the carrier and those who watch over machines come in, without a log-in."""

    def municipality(_: str) -> tuple[str, str]:
        its = bot.library.municipality
        return its.id, its.transfer_number

    exchange = Exchange(bot.settings, municipality, bot.answer_call, trouble=bot.trouble)

    async def alive(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(_: Request) -> Response:
        stuck = bot.engines.stuck()
        standing = {
            "status": f"hung: {', '.join(stuck)}; restart the bot" if stuck else "ok",
            "recogniser": bot.settings.recogniser,
            "voice": bot.voice.title,
            "speech_ready": bot.ahead.ready,
            "speech": bot.ahead.total,
            "content": bot.answers.standing(),
        }
        return JSONResponse(standing, 503 if stuck else 200)

    async def metrics(_: Request) -> Response:
        return Response(bot.metrics.page(), media_type=CONTENT_TYPE)

    return [
        Route("/healthz", alive),
        Route("/readyz", ready),
        Route("/metrics", metrics),
        *carrier_routes(exchange),
        *phone_routes(bot),
    ]


def bind(settings: Settings) -> socket.socket:
    """Take the port before anything is loaded; SettingsError where it is taken or not ours."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as fault:
        listener.close()
        remedy = "Choose an address and a port of this machine's own: --host, --port."
        if fault.errno == errno.EADDRINUSE:
            remedy = f"Stop what runs there, or choose another: voicebot serve --port {settings.port + 1}"
        text = f"Cannot listen on {settings.host}:{settings.port} ({fault.strerror}). {remedy}"
        raise SettingsError("settings.port", text) from None
    return listener


def _one_line(record: logging.LogRecord) -> bool:
    """Keep the server's tracebacks out of the log: they may hold a caller's bytes."""
    record.exc_info = None
    return True


class _Server(uvicorn.Server):
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        gc.freeze()
        born = psutil.Process().create_time() - psutil.boot_time()  # psutil knows the boot to a second only
        log.info("Ready after %.1f s", time.clock_gettime(time.CLOCK_BOOTTIME) - born)


async def serve(
    bot: Bot, listener: socket.socket, show: Callable[[int, int], None], welcome: Callable[[str | None], None]
) -> None:
    """Take calls until told to stop; SIGHUP has the answers read again at once.

    show(ready, total): told of the standing phrases being made first; welcome(password): told before the first call,
    with the password of the first administrator where nobody could log in before.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    if not os.isatty(0):  # a terminal sends it when its window is closed, and then the bot is to stop
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, bot.answers.look_now)
    logging.getLogger("uvicorn.error").addFilter(_one_line)
    await bot.recorder.open()
    try:
        async with bot.engines.running():
            password = await first_administrator(bot.recorder.sessions)
            await bot.ahead.make_standing(show)
            welcome(password)
            beside = standing_work(bot)
            config = uvicorn.Config(
                create_app(bot, open_office(bot)),
                log_config=None,
                access_log=False,
                ws_max_size=1 << 16,
                ws_per_message_deflate=False,
                timeout_graceful_shutdown=SHUTDOWN_SECONDS,
            )
            await _Server(config).serve(sockets=[listener])
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
    finally:
        await bot.recorder.close()
