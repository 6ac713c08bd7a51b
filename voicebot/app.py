"""The parts put together: models loaded, routes laid, a server run. Nobody imports this but the command line."""

import asyncio
import ctypes
import errno
import gc
import logging
import os
import signal
import socket
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import psutil
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from voicebot import models
from voicebot.admission import Admission
from voicebot.answers import Library, load_library
from voicebot.asr import Recogniser
from voicebot.call import Call
from voicebot.content import Content
from voicebot.engines import Engines
from voicebot.errors import SettingsError
from voicebot.events import Event
from voicebot.line import CallInfo
from voicebot.matching import Index, Matcher, load_embedder
from voicebot.metrics import CONTENT_TYPE, Metrics
from voicebot.preparing import SpeechAhead
from voicebot.reloading import Reloader, in_turns
from voicebot.settings import Settings
from voicebot.storage import Recorder
from voicebot.telephony.media_stream import MediaStream
from voicebot.telephony.verification import check_telephony_settings
from voicebot.telephony.web_phone import phone_routes
from voicebot.telephony.webhook import Exchange, carrier_routes
from voicebot.tts import SpeechStore, Voice, load_voice
from voicebot.vad import SpeechDetector

log = logging.getLogger(__name__)

EMBEDDINGS = "multilingual-e5-small"
SHUTDOWN_SECONDS = 5
"""How long calls under way may take to be closed when the server stops."""
SWITCH_SECONDS = 0.001
"""After how long a thread that computes in Python lets the event loop go on. While 200 answers are read anew beside 16
calls, the loop is 37-85 ms late (p95) with Python's own 5 ms, 13-19 ms with this (2 cores, Silero on each call)."""

M_ARENA_MAX = -8
"""The number of that option of mallopt (glibc's malloc.h)."""

Reading = Callable[[int, int], None]
"""Told how many of the answers' new texts have been read, and how many there are."""


@dataclass
class Bot:
    """One municipality's bot, ready to take calls."""

    settings: Settings
    answers: Reloader
    voice: Voice
    engines: Engines
    ahead: SpeechAhead
    recorder: Recorder

    def __post_init__(self) -> None:
        self.admission, self.metrics = Admission(self.settings.calls), Metrics()
        self.metrics.watch_desks(self.engines.desks)
        self.metrics.show("calls_limit", "Calls that are taken at once.", lambda: self.admission.limit)
        self.metrics.show("speech_ready", "Pieces of speech that are ready-made.", lambda: self.ahead.ready)
        self.metrics.show("speech_pieces", "Pieces of speech that the answers consist of.", lambda: self.ahead.total)

    @property
    def library(self) -> Library:
        """The answers that new calls get."""
        return self.answers.content.library

    async def answer_call(
        self, stream: MediaStream, info: CallInfo, watch: Callable[[Event], None] = lambda _: None
    ) -> None:
        """Carry one call; watch: told every event beside the record."""

        def emit(event: Event) -> None:
            self.recorder.record(event)
            self.metrics.hear(event)
            watch(event)

        with self.admission.call(self.engines.longest_wait()) as admitted:
            content = self.answers.content
            await Call(info, stream, content, self.engines, emit, admitted=admitted).run(stream.events())


def load_index(settings: Settings, reading: Reading) -> Index:
    """Load the embedding model, and what is kept of the answers' texts; ModelError where the model is missing."""
    folder = models.model_path(settings.models_dir, EMBEDDINGS)
    weights = (folder / "model.safetensors").stat()
    file = settings.data_dir / "embeddings" / f"{EMBEDDINGS}-{weights.st_size}-{weights.st_mtime_ns}.npz"
    return Index(in_turns(load_embedder(folder)), file, reading)


def load_matcher(settings: Settings, library: Library, reading: Reading) -> Matcher:
    """Build the matcher over a library; ModelError where the embedding model is missing."""
    return Matcher(library, load_index(settings, reading))


def content_loader(settings: Settings, reading: Reading) -> Callable[[], Content]:
    """What reads the answers of the settings' municipality, each time anew, with one embedding model; ModelError.

    It raises ContentError with every fault, MatchingError.
    """
    index = load_index(settings, reading)

    def load() -> Content:
        library = load_library(settings.answers_dir, settings.municipality)
        return Content(library, Matcher(library, index))

    return load


def load_content(settings: Settings, reading: Reading) -> Content:
    """The answers of the municipality that the settings name, with their matcher; ContentError, ModelError."""
    return content_loader(settings, reading)()


def load_recogniser(settings: Settings) -> Recogniser:
    """Load the recogniser that the settings name; ModelError where it is missing."""
    return Recogniser(models.model_path(settings.models_dir, settings.recogniser))


def load_engines(settings: Settings) -> tuple[Engines, Voice]:
    """Load what hears and speaks; ModelError where a part is missing or broken."""
    voice = load_voice(settings.voice, settings.models_dir)
    detector = SpeechDetector(models.model_path(settings.models_dir, "silero-vad"))
    return Engines(detector, load_recogniser(settings), SpeechStore(settings.speech_dir, voice)), voice


def load_bot(settings: Settings, reading: Reading) -> Bot:
    """Load everything a bot needs; any VoicebotError says what is missing and what to do."""
    check_telephony_settings(settings)
    _share_one_heap()
    with ThreadPoolExecutor(1) as beside:  # its work is done outside Python, which imports the embedding model
        loading = beside.submit(load_engines, settings)
        load = content_loader(settings, reading)
        engines, voice = loading.result()
    gc.freeze()  # a million objects that stay: looking through them again and again would halt the calls
    gc.enable()
    log.info("Models loaded; reading the answers")
    answers = Reloader(settings.answers_dir, load)  # last, for it may take minutes
    _give_back_memory()
    ahead, recorder = SpeechAhead(answers, engines), Recorder(settings.record_url, settings.data_dir)
    return Bot(settings, answers, voice, engines, ahead, recorder)


def _share_one_heap() -> None:
    """Have glibc keep one heap, not one for each thread, 100 MB less at the peak; others know no such option."""
    option = getattr(ctypes.CDLL(None), "mallopt", None)
    if option:
        option(M_ARENA_MAX, 1)


def _give_back_memory() -> None:
    """What reading the models took and no longer needs, 120 MB, which glibc keeps; other C libraries do not."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim:
        trim(0)


def create_app(bot: Bot) -> Starlette:
    """Lay the routes of a bot."""

    def municipality(_: str) -> tuple[str, str]:
        its = bot.library.municipality
        return its.id, its.transfer_number

    exchange = Exchange(bot.settings, municipality, bot.answer_call)

    async def front(_: Request) -> Response:
        return RedirectResponse("/phone")

    async def alive(_: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(_: Request) -> Response:
        stuck = bot.engines.stuck()
        standing = {
            "status": f"hung: {', '.join(stuck)}; restart the bot" if stuck else "ok",
            "voice": bot.voice.title,
            "speech_ready": bot.ahead.ready,
            "speech": bot.ahead.total,
            "content": bot.answers.standing(),
        }
        return JSONResponse(standing, 503 if stuck else 200)

    async def metrics(_: Request) -> Response:
        return Response(bot.metrics.page(), media_type=CONTENT_TYPE)

    return Starlette(
        routes=[
            Route("/", front),
            Route("/healthz", alive),
            Route("/readyz", ready),
            Route("/metrics", metrics),
            *carrier_routes(exchange),
            *phone_routes(bot),
        ]
    )


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


async def serve(bot: Bot, listener: socket.socket, show: Callable[[int, int], None]) -> None:
    """Take calls until told to stop; show(ready, total) tells of the standing phrases being made first.

    SIGHUP has the answers read again at once.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    if not os.isatty(0):  # a terminal sends it when its window is closed, and then the bot is to stop
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, bot.answers.look_now)
    logging.getLogger("uvicorn.error").addFilter(_one_line)
    await bot.recorder.open()
    try:
        async with bot.engines.running():
            await bot.ahead.make_standing(show)
            beside = [asyncio.create_task(work) for work in (bot.ahead.keep_up(), bot.metrics.watch_loop())]
            config = uvicorn.Config(
                create_app(bot),
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
