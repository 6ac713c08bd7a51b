"""Recorded callers played to a bot in virtual time: whole calls, with all their sound, and nobody waits.

The bot's own call, stages and models, the web phone's own protocol; only the network and the clock are not real. What
takes time in a bot of its own takes a fixed time here, so that the same plan has the same result again.
"""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.applications import Starlette

from voicebot.answers import Library
from voicebot.asr import Recogniser
from voicebot.call import Call
from voicebot.content import Content
from voicebot.events import Event
from voicebot.line import CallInfo
from voicebot.rehearsal.engines import SteadyEngines
from voicebot.rehearsal.speech import NOBODY, EverReady, Unspoken
from voicebot.replay import CaseResult, Plan, replay
from voicebot.replay.sockets import inside
from voicebot.replay.virtual import run_virtually
from voicebot.telephony.media_stream import MediaStream
from voicebot.telephony.web_phone import phone_routes
from voicebot.tts import Voice
from voicebot.vad import SpeechDetector

__all__ = ["NOBODY", "EverReady", "Models", "Unspoken", "rehearse"]


@dataclass(frozen=True)
class Models:
    """What hears and speaks in a rehearsal; a bot under way may use the same ones."""

    detector: SpeechDetector
    recogniser: Recogniser
    voice: Voice
    speech: EverReady


def rehearse(
    plan: Plan,
    content: Content,
    models: Models,
    on_result: Callable[[CaseResult], None] = lambda _: None,
    pause: Callable[[], None] = lambda: None,
) -> tuple[CaseResult, ...]:
    """Play a plan to a bot that speaks from `content`, one call after the other, on this thread.

    on_result: told how each call went; pause: called some hundred times in a call's minute: it may let others go first,
    and end the rehearsal by raising.
    """
    bot = _Bot(content, models)
    return run_virtually(replay(plan, inside(Starlette(routes=phone_routes(bot))), on_result), pause)


class _Bot:
    """A bot that answers calls and keeps no record of them."""

    def __init__(self, content: Content, models: Models) -> None:
        self._content, self.voice = content, models.voice
        self._engines = SteadyEngines(models.detector, models.recogniser, models.speech)

    @property
    def library(self) -> Library:
        """The answers, and whose they are."""
        return self._content.library

    async def answer_call(self, stream: MediaStream, info: CallInfo, watch: Callable[[Event], None]) -> None:
        """Carry one call."""
        await Call(info, stream, self._content, self._engines, watch).run(stream.events())
