"""One municipality's bot: everything a call needs, and what is told of the calls."""

import ctypes
import gc
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from voicebot.admission import Admission
from voicebot.answers import Library
from voicebot.app.loading import Reading, load_answers, load_engines, load_index
from voicebot.call import Call
from voicebot.dashboard.directory import check_directory_settings
from voicebot.dashboard.live import WATCHED, Live
from voicebot.engines import Engines
from voicebot.events import Event
from voicebot.line import CallInfo
from voicebot.matching import Index
from voicebot.metrics import Metrics
from voicebot.preparing import SpeechAhead
from voicebot.reloading import Reloader
from voicebot.settings import Settings
from voicebot.storage import Recorder
from voicebot.storage.notices import EVENT, PUBLISHED, Notices, told
from voicebot.storage.period import danish
from voicebot.telephony.media_stream import MediaStream
from voicebot.telephony.trouble import Trouble
from voicebot.telephony.verification import check_telephony_settings
from voicebot.tts import Voice

log = logging.getLogger(__name__)

M_ARENA_MAX = -8
"""The number of that option of mallopt (glibc's malloc.h)."""


@dataclass
class Bot:
    """One municipality's bot, ready to take calls."""

    settings: Settings
    answers: Reloader
    voice: Voice
    engines: Engines
    ahead: SpeechAhead
    recorder: Recorder
    index: Index

    def __post_init__(self) -> None:
        self.admission, self.metrics, self.trouble = Admission(self.settings.calls), Metrics(), Trouble()
        self.live, self.notices = Live(), Notices(self.settings.record_url)
        self.notices.listen(EVENT, self.live.hear_notice)
        self.notices.listen(PUBLISHED, lambda _: self.answers.look_now())
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
        tell = partial(self.tell, watch)
        with self.admission.call(self.engines.longest_wait()) as admitted:
            content = self.answers.content
            await Call(info, stream, content, self.engines, tell, admitted=admitted).run(stream.events())

    def tell(self, watch: Callable[[Event], None], event: Event) -> None:
        """Tell all who are to know of an event; a fault of theirs is logged by its type, and the call goes on."""
        for heard in (self.recorder.record, self.metrics.hear, self._notify, watch):
            try:
                heard(event)
            except Exception as fault:
                log.error("An event (%s) was not taken in (%s).", type(event).__name__, type(fault).__name__)

    def _notify(self, event: Event) -> None:
        if isinstance(event, WATCHED):
            self.notices.tell(EVENT, told(event))


def load_bot(settings: Settings, reading: Reading) -> Bot:
    """Load everything a bot needs; any VoicebotError says what is missing and what to do."""
    check_telephony_settings(settings)
    check_directory_settings(settings)
    _share_one_heap()
    with ThreadPoolExecutor(1) as beside:  # its work is done outside Python, which imports the embedding model
        loading = beside.submit(load_engines, settings)
        index = load_index(settings, reading)
        engines, voice = loading.result()
    gc.freeze()  # a million objects that stay: looking through them again and again would halt the calls
    gc.enable()
    log.info("Models loaded; reading the answers")
    answers = load_answers(settings, index)  # last, for it may take minutes
    _give_back_memory()
    return Bot(settings, answers, voice, engines, SpeechAhead(answers, engines), _recorder(settings, answers), index)


def _recorder(settings: Settings, answers: Reloader) -> Recorder:
    def is_open(municipality: str, moment: datetime) -> bool | None:
        its = answers.content.library.municipality
        return its.is_open(danish(moment)) if its.id == municipality else None

    whole = settings.caller_numbers == "whole"
    return Recorder(settings.record_url, settings.data_dir, whole_numbers=whole, open_at=is_open)


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
