"""One call: what comes from the line goes through the stages in order and comes back as speech.

Time is audio time, in seconds of the caller's sound: a line that carries sound is the call's only clock.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import replace
from datetime import UTC, datetime

from voicebot import dialogue
from voicebot.audio import AudioChunk, Tape
from voicebot.content import Content
from voicebot.dialogue import Decision, Kind, Pressed, Silent
from voicebot.endpointing import Endpointer, Signal
from voicebot.engines import Engines, Need
from voicebot.errors import VoicebotError
from voicebot.events import (
    CallEnded,
    CallStarted,
    Decided,
    DigitPressed,
    Event,
    Failed,
    Interrupted,
    Matched,
    Said,
    Saying,
    SpeechEnded,
    SpeechStarted,
    StateChanged,
    Transcribed,
    Transferred,
)
from voicebot.line import CallInfo, Digit, HungUp, Line, LineEvent, Played, Sound
from voicebot.masking import mask_cpr
from voicebot.speaking import Speaker
from voicebot.speech_text import sentences

log = logging.getLogger(__name__)

SILENCE_LIMIT = 7.0
"""Seconds a caller may be silent before being asked whether they are there."""
FILLER_AFTER = 1.6
"""Seconds after the caller's last word at which a slow answer is announced; silence must stay under 2 s."""
THINKING_LIMIT = 8.0
"""Seconds an utterance may take to be understood before a human takes over."""
SLOW_PAUSE = 0.9
"""Seconds between the sentences for a caller who has asked for it slower: time enough to write one down in part."""
CALL_LIMIT = 900.0
"""Seconds after which a call is closed politely."""
MARGIN = 0.3
"""Seconds of sound kept before and after a turn, for the soft sounds at its edges."""
NOISE_SECONDS = 1.0
"""A turn shorter than this in which no word was heard is noise, not a question."""


class Call:
    """A call from its first sound to its record. emit: told every event, must return at once."""

    def __init__(
        self, info: CallInfo, line: Line, content: Content, engines: Engines, emit: Callable[[Event], None]
    ) -> None:
        self._info, self._line, self._content, self._engines, self._emit = info, line, content, engines, emit
        self._library = content.library
        self._tape = Tape()
        self._vad = engines.detector.stream()
        self._endpointer = Endpointer()
        self._speaker = Speaker(
            line,
            engines,
            lambda: self._tape.now,
            lambda text: emit(Saying(*self._when(), text)),
            self._said,
        )
        self._talk, self._greeting = dialogue.opening(self._library)
        self._state = ""
        self._task: asyncio.Task[None] | None = None
        self._deciding = False
        self._reply: Decision | None = None
        self._sent = False
        self._turn_start: float | None = None
        self._turn_end = 0.0
        self._filled = False
        self._listening_since = 0.0
        self._closing = False
        self._outcome: str | None = None
        self._over = False

    def _when(self) -> tuple[str, float]:
        return self._info.call_id, round(self._tape.now, 3)

    async def run(self, events: AsyncIterator[LineEvent]) -> None:
        """Carry the call from greeting to end; always leaves a CallStarted and a CallEnded."""
        info = self._info
        started = datetime.now(UTC).isoformat(timespec="seconds")
        self._emit(CallStarted(*self._when(), info.channel, info.municipality, info.caller, started))
        try:
            async with self._engines.call_under_way():
                self._start(self._decide(self._greeting))
                async for event in events:
                    await self._take(event)
                    if self._over:
                        break
        except Exception as fault:  # one call's fault never reaches another, nor the caller's ear as a dead line
            log.error("call %s: %s", info.call_id, type(fault).__name__)
            self._emit(Failed(*self._when(), "call", "call.fault"))
            await self._hand_over("fault")
        except asyncio.CancelledError:
            self._outcome = self._outcome or "shutdown"
            raise
        finally:
            await self._stop_task()
            self._emit(CallEnded(*self._when(), self._outcome or "fault"))

    async def _take(self, event: LineEvent) -> None:
        match event:
            case Sound(chunk):
                await self._listen(chunk)
            case Digit(digit):
                await self._press(digit)
            case Played(mark):
                self._speaker.played(mark)
            case HungUp(reason):
                self._outcome = self._outcome or {"caller": "caller_hung_up"}.get(reason, reason)
                self._over = True
        await self._after_speaking()

    # Hearing

    async def _listen(self, chunk: AudioChunk) -> None:
        self._tape.append(chunk)
        for probability in self._vad.feed(chunk):
            signal = self._endpointer.hear(probability, bot_speaking=self._speaker.busy)
            if signal in (Signal.TURN_STARTED, Signal.INTERRUPTED) and not self._closing:
                await self._turn_started()
            elif signal is Signal.TURN_ENDED and self._turn_start is not None:
                self._turn_ended(self._turn_start)
        self._speaker.settle_lost_marks()
        await self._mind_the_limits()

    async def _turn_started(self) -> None:
        """The caller speaks: what the bot is saying stops, what it was still working out is thrown away."""
        goes_on = self._deciding
        await self._stop_task()
        if self._speaker.busy:
            await self._speaker.stop()
            self._sent = False
            self._emit(Interrupted(*self._when()))
        if not goes_on or self._turn_start is None:
            self._turn_start = self._endpointer.speech_start - MARGIN
        self._emit(SpeechStarted(*self._when()))
        self._be("listening")

    def _turn_ended(self, start: float) -> None:
        self._turn_end = self._endpointer.speech_end
        self._filled, self._deciding = False, True
        self._emit(SpeechEnded(*self._when(), round(self._turn_end, 3)))
        self._start(self._answer(self._tape.cut(start, self._turn_end + MARGIN), self._turn_end - start - MARGIN))

    async def _press(self, digit: str) -> None:
        if self._closing:
            return
        expected = digit == "0" or (self._talk.options and digit.isdigit() and int(digit) <= len(self._talk.options))
        self._emit(DigitPressed(*self._when(), digit if expected else "•"))
        await self._stop_task()
        if self._speaker.busy:
            await self._speaker.stop()
        self._turn_start = None
        self._react(Pressed(digit))

    async def _mind_the_limits(self) -> None:
        now = self._tape.now
        if self._closing:
            return
        if self._deciding and not self._filled and now - self._turn_end > FILLER_AFTER:
            self._filled = True
            await self._speaker.fill(self._library.phrases.filler)
        if now > CALL_LIMIT:
            await self._stop_task()
            await self._speaker.stop()
            goodbye = sentences(self._library.phrases.goodbye)
            self._start(self._decide(Decision(Kind.SMALLTALK, None, 1.0, (), goodbye, "hang_up", "goodbye")))
        elif self._idle and now - self._listening_since > SILENCE_LIMIT:
            self._react(Silent())

    @property
    def _idle(self) -> bool:
        return self._task is None and not self._speaker.busy and self._turn_start is None

    # Thinking

    async def _answer(self, sound: AudioChunk, spoken: float) -> None:
        """From an utterance to the reply; spoken: seconds of speech in it."""
        self._be("thinking")
        async with asyncio.timeout(THINKING_LIMIT):
            need = Need(asyncio.get_running_loop().time())
            understood = await self._engines.understand(sound, need, self._content, self._talk)
        self._deciding = False
        self._turn_start = None
        transcript, heard = understood.transcript, understood.heard
        if not transcript.text and spoken < NOISE_SECONDS:
            return await self._go_on()
        text = mask_cpr(transcript.text)
        self._emit(Transcribed(*self._when(), text, transcript.confidence, round(sound.seconds, 3)))
        self._emit(Matched(*self._when(), tuple((c.answer, c.confidence) for c in heard.candidates)))
        self._talk, decision = dialogue.decide(self._library, self._talk, replace(heard, text=text))
        await self._decide(decision)

    async def _go_on(self) -> None:
        """Nothing was said: take up the reply that a noise has cut off, or listen on."""
        if self._reply is None:
            self._be("listening")
        else:
            await self._say(self._reply)

    def _react(self, heard: Pressed | Silent) -> None:
        self._talk, decision = dialogue.decide(self._library, self._talk, heard)
        self._start(self._decide(decision))

    # Speaking

    async def _decide(self, decision: Decision) -> None:
        kind, reply = decision.kind.value, decision.reply
        self._emit(Decided(*self._when(), kind, decision.answer, decision.confidence, decision.options, reply))
        await self._say(decision)

    async def _say(self, decision: Decision) -> None:
        self._reply, self._sent = decision, False
        self._closing = decision.then == "transfer" or self._tape.now > CALL_LIMIT
        self._be("speaking")
        pause = SLOW_PAUSE if decision.slow else 0.0
        await self._speaker.say(decision.pieces, self._library.phrases.filler, pause)
        self._sent = True

    def _said(self, text: str) -> None:
        """Keep of the reply what the caller has not heard yet."""
        self._emit(Said(*self._when(), text))
        if self._reply is not None and self._reply.pieces[:1] == (text,):
            self._reply = replace(self._reply, pieces=self._reply.pieces[1:])

    async def _after_speaking(self) -> None:
        """Once all of a reply has been heard: listen, hand over or hang up."""
        if self._reply is None or not self._sent or self._speaker.busy or self._over:
            return
        reply, self._reply = self._reply, None
        if reply.then == "listen":
            self._listening_since = self._tape.now
            self._be("listening")
        elif reply.then == "transfer":
            await self._hand_over(reply.reason)
        else:
            self._outcome, self._over = reply.reason, True
            await self._line.hang_up()

    async def _hand_over(self, reason: str) -> None:
        number = self._library.municipality.transfer_number
        self._emit(Transferred(*self._when(), number, reason))
        self._outcome, self._over = "transferred", True
        await self._line.transfer(number)

    def _be(self, state: str) -> None:
        if state != self._state:
            self._state = state
            self._emit(StateChanged(*self._when(), state))

    # The one task of a call: at most one utterance is thought about, or one reply sent, at a time

    def _start(self, work: Coroutine[None, None, None]) -> None:
        self._task = asyncio.create_task(self._guarded(work))

    async def _stop_task(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        self._deciding = False

    async def _guarded(self, work: Coroutine[None, None, None]) -> None:
        try:
            await work
        except VoicebotError as fault:
            await self._fail(fault.code)
        except TimeoutError:
            await self._fail("call.timeout")
        except Exception as fault:  # a stage's bug ends in a human, not in silence
            log.error("call %s: %s", self._info.call_id, type(fault).__name__)
            await self._fail("call.fault")
        self._task = None

    async def _fail(self, code: str) -> None:
        """A stage failed: say so, if that speech is ready, and hand over to a human."""
        log.warning("call %s: %s", self._info.call_id, code)
        self._emit(Failed(*self._when(), code.partition(".")[0], code))
        self._deciding, self._turn_start = False, None
        pieces = tuple(p for p in sentences(self._library.phrases.fault) if self._engines.speech.get(p))
        await self._say(Decision(Kind.TRANSFER, None, 1.0, (), pieces, "transfer", "fault"))
