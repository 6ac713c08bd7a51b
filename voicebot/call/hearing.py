"""The ear of one call: from the caller's sound to turns, and to a guess at each of them as soon as it may be over."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from voicebot.audio import AudioChunk, Tape
from voicebot.call.speaking import Cut
from voicebot.call.thinking import Guess, Thought
from voicebot.content import Content
from voicebot.dialogue import State
from voicebot.endpointing import Completeness, Endpointer, Signal
from voicebot.engines import Engines

MARGIN = 0.3
"""Seconds of sound kept before and after a turn, for the soft sounds at its edges."""
GOES_ON_WITHIN = 1.6
"""Seconds after the last word of a turn within which more speech belongs to it, if none of the reply was heard: callers
pause for up to 1.3 s inside a sentence, and what was decided on half of one is taken back."""


@dataclass
class Turn:
    """What a caller says until they wait for a reply.

    start: where its sound begins; end: where its last word ended, in seconds of the call. before: the conversation
    before it. cut: where the bot was when it began, if the bot spoke. over: whether it was taken for over; then
    clock is the event-loop time of its last word, and waited the seconds from there to the end of the turn. thought:
    what was replied to, should it have gone on after that.
    """

    start: float
    before: State
    cut: Cut | None = None
    end: float = 0.0
    over: bool = False
    clock: float = 0.0
    waited: float = 0.0
    thought: Thought | None = None

    @property
    def spoken(self) -> float:
        """Seconds of speech, with the pauses in it."""
        return self.end - self.start - MARGIN

    def passed(self, clock: float) -> float:
        """Seconds from the last word to an event-loop time."""
        return round(clock - self.clock, 3)


class Ear:
    """Hears one call. complete(turn, thought): how complete what has been said up to now is."""

    def __init__(self, engines: Engines, content: Content, complete: Callable[[Turn, Thought], Completeness]) -> None:
        self._engines, self._content, self._complete = engines, content, complete
        self._tape = Tape()
        self._vad = engines.detector.stream()
        self._endpointer = Endpointer()
        self._guess: Guess | None = None
        self._answered: Turn | None = None
        self.turn: Turn | None = None
        """The turn under way, until it is understood."""

    @property
    def now(self) -> float:
        """Seconds of sound since the call began."""
        return self._tape.now

    def listen(self, chunk: AudioChunk, bot_speaking: Callable[[], bool]) -> Iterator[Signal]:
        """Hear more of the caller, at 8 kHz; what became of their turn, frame by frame."""
        self._tape.append(chunk)
        for probability in self._vad.feed(chunk):
            signal = self._endpointer.hear(probability, bot_speaking=bot_speaking())
            if signal is not None:
                yield signal

    def begin(self, talk: State, cut: Cut | None) -> None:
        """A turn begins, or one goes on that seemed to be over.

        talk: the conversation up to now, cut: where the bot has just been interrupted.
        """
        self._drop_guess()
        start = self._endpointer.speech_start
        answered, self._answered = self._answered, None
        if self.turn is not None:
            self.turn = replace(self.turn, over=False)
        elif answered is not None and start - answered.end <= GOES_ON_WITHIN:
            self.turn = replace(answered, over=False, cut=cut)
        else:
            self.turn = Turn(start - MARGIN, talk, cut)

    def guess(self, turn: Turn) -> Guess:
        """Work out what the turn means as far as it has come, without a trace should it go on."""
        self._drop_guess()
        turn.end = self._endpointer.speech_end

        def ready(thought: Thought) -> None:
            if self.turn is turn and not turn.over:
                self._endpointer.expect(self._complete(turn, thought))

        sound = self._tape.cut(turn.start, turn.end + MARGIN)
        self._guess = Guess(self._engines, self._content, turn.before, sound, ready)
        return self._guess

    def goes_on(self) -> None:
        """The caller speaks on: what was guessed is thrown away."""
        self._drop_guess()

    def end(self, turn: Turn) -> Guess:
        """The turn is over: what was guessed last is what it means, and somebody waits for it."""
        turn.over = True
        guess = self._guess
        if guess is None or guess.turned_away:
            guess = self.guess(turn)
        now = asyncio.get_running_loop().time()
        turn.waited = self.now - turn.end
        turn.clock = now - turn.waited
        guess.need.at, guess.need.final = now, True
        return guess

    def understood(self) -> None:
        """The turn has come to its end."""
        self._drop_guess()
        self.turn = None

    def answered(self, turn: Turn, thought: Thought) -> None:
        """The turn is replied to; it may yet turn out to go on."""
        turn.thought = thought
        self._answered = turn

    def reply_heard(self) -> None:
        """The caller has heard some of the reply: what they say now is a new turn."""
        self._answered = None

    def forget(self) -> None:
        """Drop the turn under way and all that was thought of it."""
        self._drop_guess()
        self.turn = self._answered = None

    def close(self) -> None:
        """Let go of the caller's sound: nothing is heard after this."""
        self.forget()
        self._tape = Tape(0.0)

    def _drop_guess(self) -> None:
        if self._guess is not None:
            self._guess.drop()
        self._guess = None
