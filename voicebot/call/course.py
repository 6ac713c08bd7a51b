"""One call: what comes from the line goes through the stages in order and comes back as speech.

Time is audio time, in seconds of the caller's sound: a line that carries sound is the call's only clock.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import UTC, datetime

from voicebot import dialogue, events
from voicebot.audio import AudioChunk
from voicebot.call.hearing import Ear, Turn
from voicebot.call.speaking import Speaker
from voicebot.call.thinking import Guess, Thought, how_complete
from voicebot.call.watching import Alarm, Doing, Moment, alarm
from voicebot.call.working import Work
from voicebot.content import Content
from voicebot.dialogue import Decision, Kind, Pressed, Silent
from voicebot.endpointing import Completeness, Signal
from voicebot.engines import Engines
from voicebot.line import CallInfo, Digit, HungUp, Line, LineEvent, Played, Sound
from voicebot.speech_text import clauses

log = logging.getLogger(__name__)

NOISE_SECONDS = 1.0
"""A turn shorter than this in which no word was heard is noise, not a question."""


class Call:
    """A call from its first sound to its record.

    emit: told every event, must return at once. admitted: False for a caller who is put through to a human at once.
    """

    def __init__(  # noqa: PLR0913 - all that a call has to do with
        self,
        info: CallInfo,
        line: Line,
        content: Content,
        engines: Engines,
        emit: Callable[[events.Event], None],
        *,
        admitted: bool = True,
    ) -> None:
        self._info, self._line, self._engines, self._emit = info, line, engines, emit
        self._library = content.library
        self._ear = Ear(engines, content, self._how_complete)
        self._fillers = self._library.phrases.filler, self._library.phrases.still_working
        self._speaker = Speaker(line, engines, self._now, self._saying, self._said, fillers=self._fillers)
        self._work = Work(info.call_id, self._fail)
        self._talk, self._greeting = (dialogue.opening if admitted else dialogue.turned_away)(self._library)
        self._state = ""
        self._reply_since = 0.0
        self._waiting: tuple[events.TurnTimed, Turn] | None = None
        self._listening_since = 0.0
        self._closing = False
        self._outcome: str | None = None
        self._over = False

    def _now(self) -> float:
        return self._ear.now

    def _when(self) -> tuple[str, float]:
        return self._info.call_id, round(self._ear.now, 3)

    async def run(self, line_events: AsyncIterator[LineEvent]) -> None:
        """Carry the call from greeting to end; always leaves a CallStarted and a CallEnded."""
        info = self._info
        started = datetime.now(UTC).isoformat(timespec="seconds")
        self._emit(events.CallStarted(*self._when(), info.channel, info.municipality, info.caller, started))
        try:
            async with self._engines.call_under_way():
                self._work.start(self._decide, self._greeting)
                async for event in line_events:
                    await self._take(event)
                    if self._over:
                        break
        except Exception as fault:  # one call's fault never reaches another, nor the caller's ear as a dead line
            log.error("call %s: %s", info.call_id, type(fault).__name__)
            self._emit(events.Failed(*self._when(), "call", "call.fault"))
            await self._hand_over("fault")
        except asyncio.CancelledError:
            self._outcome = self._outcome or "shutdown"
            raise
        finally:
            self._ear.forget()
            await self._work.drop()
            self._emit(events.CallEnded(*self._when(), self._outcome or "fault"))
            self._ear.close()

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
        for signal in self._ear.listen(chunk, lambda: self._speaker.busy):
            turn = self._ear.turn
            match signal:
                case Signal.TURN_STARTED | Signal.INTERRUPTED if not self._closing:
                    await self._turn_started()
                case Signal.TURN_MAY_HAVE_ENDED if turn is not None:
                    self._ear.guess(turn)
                case Signal.TURN_RESUMED:
                    self._ear.goes_on()
                case Signal.TURN_ENDED if turn is not None:
                    guess = self._ear.end(turn)
                    self._emit(events.SpeechEnded(*self._when(), round(turn.end, 3)))
                    self._work.start(self._answer, turn, guess)
        self._speaker.settle_lost_marks()
        await self._watch()

    async def _turn_started(self) -> None:
        """The caller speaks: what the bot is saying stops, what it was still working out is thrown away."""
        await self._work.drop()
        cut = await self._speaker.stop()
        if cut is not None and cut.text:
            self._emit(events.Interrupted(*self._when(), cut.text, cut.heard))
        self._ear.begin(self._talk, cut)
        self._emit(events.SpeechStarted(*self._when()))
        self._be("listening")

    async def _press(self, digit: str) -> None:
        if self._closing:
            return
        expected = digit == "0" or (self._talk.options and digit.isdigit() and int(digit) <= len(self._talk.options))
        self._emit(events.DigitPressed(*self._when(), digit if expected else "•"))
        await self._fall_silent()
        self._react(Pressed(digit))

    async def _fall_silent(self) -> None:
        """Drop whatever is heard, thought or said at the moment."""
        self._ear.forget()
        await self._work.drop()
        await self._speaker.stop()

    # Watching: whatever hangs, the caller hears something true, and the call moves on

    async def _watch(self) -> None:
        match alarm(self._moment()):
            case Alarm.FILL:
                await self._speaker.fill()
            case Alarm.GIVE_UP:
                await self._fall_silent()
                if self._closing:
                    await self._hand_over("fault")
                else:
                    self._work.start(self._fail, "call.timeout")
            case Alarm.ASK:
                self._react(Silent())
            case Alarm.CLOSE:
                await self._fall_silent()
                self._closing, goodbye = True, clauses(self._library.phrases.goodbye)
                self._work.start(self._decide, Decision(Kind.SMALLTALK, None, 1.0, (), goodbye, "hang_up", "goodbye"))

    def _moment(self) -> Moment:
        now, turn, plays_until = self._ear.now, self._ear.turn, self._speaker.plays_until
        if turn is not None:
            doing, since = (Doing.THINKING if turn.over else Doing.HEARING), turn.end
        elif plays_until > now or (self._speaker.busy and not self._work.under_way):
            doing, since = Doing.SPEAKING, now
        elif self._work.under_way:
            doing, since = Doing.MAKING, max(self._reply_since, plays_until)
        else:
            doing, since = Doing.LISTENING, self._listening_since
        return Moment(now, doing, since, max(since, plays_until), self._closing)

    # Thinking

    def _how_complete(self, turn: Turn, thought: Thought) -> Completeness:
        if self._takes_up(turn, thought) is not None:
            return Completeness.COMPLETE
        return how_complete(thought, turn.before, turn.spoken)

    def _takes_up(self, turn: Turn, thought: Thought) -> Decision | None:
        """The reply that goes on, because what interrupted it is nothing that should stop it: a cough, a "mm"."""
        reply, heard = self._speaker.reply, thought.heard.text
        if reply is None or turn.cut is None:
            return None
        if turn.thought is not None:  # it went on, but no word has come to it
            more = heard not in ("", turn.thought.heard.text)
        else:
            more = not dialogue.goes_on(heard, turn.cut.saying, len(reply.pieces), turn.before)
        return None if more else reply

    async def _answer(self, turn: Turn, guess: Guess) -> None:
        """From a turn that is over to the reply."""
        self._be("thinking")
        thought = await guess.thought()
        self._ear.understood()
        heard, reply, before = thought.heard, self._takes_up(turn, thought), turn.thought
        if heard.text and not (reply and before):
            self._emit(events.Transcribed(*self._when(), heard.text, heard.confidence, round(thought.seconds, 3)))
        if reply is not None:
            return await self._say(reply)
        if not heard.text and turn.spoken < NOISE_SECONDS:
            return self._listen_on()
        self._emit(events.Matched(*self._when(), tuple((c.answer, c.confidence) for c in heard.candidates)))
        self._talk = thought.state
        self._ear.answered(turn, thought)
        known, decided = turn.passed(thought.at), turn.passed(_clock())
        timed = events.TurnTimed(*self._when(), round(turn.end, 3), round(turn.waited, 3), known, decided, decided)
        self._waiting = timed, turn
        await self._decide(thought.decision)

    def _react(self, heard: Pressed | Silent) -> None:
        self._talk, decision = dialogue.decide(self._library, self._talk, heard)
        self._work.start(self._decide, decision)

    # Speaking

    async def _decide(self, decision: Decision) -> None:
        kind, reply = decision.kind.value, decision.reply
        if decision.satisfied is not None:
            self._emit(events.Rated(*self._when(), decision.satisfied))
        self._emit(events.Decided(*self._when(), kind, decision.answer, decision.confidence, decision.options, reply))
        await self._say(decision)

    async def _say(self, reply: Decision) -> None:
        self._closing = self._closing or reply.then == "transfer"
        self._reply_since = self._ear.now
        self._be("speaking")
        await self._speaker.say(reply)

    def _saying(self, text: str) -> None:
        self._emit(events.Saying(*self._when(), text))
        if self._waiting is not None and text not in self._fillers:
            (timed, turn), self._waiting = self._waiting, None
            self._emit(replace(timed, at=self._when()[1], sounded=turn.passed(_clock())))

    def _said(self, text: str) -> None:
        self._emit(events.Said(*self._when(), text))
        if text not in self._fillers:
            self._ear.reply_heard()

    async def _after_speaking(self) -> None:
        """Once all of a reply has been heard: listen, hand over or hang up."""
        reply = None if self._over else self._speaker.finished()
        if reply is None:
            return
        if reply.then == "listen":
            self._listen_on()
        elif reply.then == "transfer":
            await self._hand_over(reply.reason)
        else:
            self._outcome, self._over = reply.reason, True
            await self._line.hang_up()

    def _listen_on(self) -> None:
        self._listening_since = self._ear.now
        self._be("listening")

    async def _hand_over(self, reason: str) -> None:
        number = self._library.municipality.transfer_number
        self._emit(events.Transferred(*self._when(), number, reason))
        self._outcome, self._over = "transferred", True
        await self._line.transfer(number)

    def _be(self, state: str) -> None:
        if state != self._state:
            self._state = state
            self._emit(events.StateChanged(*self._when(), state))

    async def _fail(self, code: str) -> None:
        """A stage failed or hangs: say so, if that speech is ready, and hand over to a human."""
        log.warning("call %s: %s", self._info.call_id, code)
        self._emit(events.Failed(*self._when(), code.partition(".")[0], code))
        self._ear.forget()
        pieces = tuple(p for p in clauses(self._library.phrases.fault) if self._engines.speech.get(p))
        await self._say(Decision(Kind.TRANSFER, None, 1.0, (), pieces, "transfer", "fault"))


def _clock() -> float:
    return asyncio.get_running_loop().time()
