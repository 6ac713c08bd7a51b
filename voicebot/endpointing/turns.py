"""When a caller's turn begins, pauses, goes on and ends: arithmetic on speech probabilities, in audio seconds."""

from collections import deque
from dataclasses import dataclass
from enum import Enum

from voicebot.endpointing.completeness import Completeness

FRAME_SECONDS = 0.032
"""Seconds of sound behind one probability (Silero VAD: 256 samples at 8 kHz)."""


@dataclass(frozen=True)
class Timing:
    """How much speech begins a turn and how much silence ends it; probabilities 0 to 1, else seconds."""

    speech: float = 0.5
    """Sound is speech from this probability (Silero's own default, without its lower threshold for an end: that finds
    the end 0.05 s later at p95 and spares one pause in 96 utterances)."""
    start: float = 0.1
    """Speech that begins a turn, or takes it up again: longer than a click, shorter than a "ja"."""
    start_window: float = 0.2
    """The stretch within which `start` must be heard."""
    interrupt: float = 0.16
    """Speech that begins a turn while the bot speaks: as much as can be heard within 0.3 s of the first sound.

    Measured: 0.17 s after the onset of 96 utterances, p95 0.25 s; no click of up to 60 ms does it.
    """
    interrupt_window: float = 0.25
    """The stretch within which `interrupt` must be heard."""
    may_end: float = 0.1
    """Silence after which the turn may be over, so that recognition can begin.

    Silero lets speech end 0.11 s after its sound (median), so 0.21 s of silence have passed: longer than a stop
    consonant. 104 fluent utterances hold nine such pauses inside.
    """
    complete: float = 0.32
    """Silence that ends a turn in which all has been said, at the earliest: a caller has been silent for 0.43 s."""
    unknown: float = 0.8
    """Silence that ends a turn of which nothing is known yet: the recogniser is slow."""
    open: float = 1.12
    """Silence that ends a turn which may go on."""
    hanging: float = 1.28
    """Silence that ends a turn in the middle of a sentence: nine in ten pauses inside one are shorter than 1.1 s."""
    longest: float = 30.0
    """A turn ends here though speech goes on: the recogniser hears no more than 30 s."""


class Signal(Enum):
    """What became of the caller's turn in a frame."""

    TURN_STARTED = "turn_started"
    TURN_MAY_HAVE_ENDED = "turn_may_have_ended"
    TURN_RESUMED = "turn_resumed"
    TURN_ENDED = "turn_ended"
    INTERRUPTED = "interrupted"
    """A turn started while the bot was speaking."""


class State(Enum):
    """Where the caller's turn stands; while WAITING, speech too short to be a turn may be gathering."""

    WAITING = "waiting"
    SPEAKING = "speaking"
    PAUSED = "paused"


_MOVES = {
    (State.WAITING, Signal.TURN_STARTED): State.SPEAKING,
    (State.WAITING, Signal.INTERRUPTED): State.SPEAKING,
    (State.SPEAKING, Signal.TURN_MAY_HAVE_ENDED): State.PAUSED,
    (State.SPEAKING, Signal.TURN_ENDED): State.WAITING,
    (State.PAUSED, Signal.TURN_RESUMED): State.SPEAKING,
    (State.PAUSED, Signal.TURN_ENDED): State.WAITING,
}


def moved(state: State, signal: Signal) -> State:
    """The state a signal leads to; RuntimeError where that signal cannot come."""
    if (state, signal) not in _MOVES:
        raise RuntimeError(f"{signal.name} cannot come while {state.name}.")
    return _MOVES[state, signal]


class Endpointer:
    """Finds the caller's turns in a stream of speech probabilities, one per FRAME_SECONDS of sound.

    A turn starts (TURN_STARTED, or INTERRUPTED while the bot speaks), may have ended and resume any number of times,
    and ends once. Clicks shorter than `Timing.start` neither start a turn nor keep one open.
    """

    def __init__(self, timing: Timing = Timing()) -> None:
        self.state = State.WAITING
        self._timing = timing
        self._recent: deque[bool] = deque(maxlen=_frames(max(timing.start_window, timing.interrupt_window)))
        self._heard = self._started = self._ended = 0
        self._expected = Completeness.UNKNOWN

    def expect(self, completeness: Completeness) -> None:
        """How complete what has been said is, which tells how long the silence after it must last.

        It holds until the turn resumes or ends; outside a pause it tells nothing.
        """
        if self.state is State.PAUSED:
            self._expected = completeness

    @property
    def now(self) -> float:
        """Seconds of sound heard so far."""
        return self._heard * FRAME_SECONDS

    @property
    def speech_start(self) -> float:
        """Where the speech of the current or last turn began, in seconds; 0 before the first."""
        return self._started * FRAME_SECONDS

    @property
    def speech_end(self) -> float:
        """Where the last speech of the current or last turn ended, in seconds; 0 before the first."""
        return self._ended * FRAME_SECONDS

    def hear(self, probability: float, *, bot_speaking: bool) -> Signal | None:
        """Take the speech probability (0 to 1) of the next frame; what became of the turn, if anything.

        ValueError for a probability outside 0 to 1.
        """
        if not 0 <= probability <= 1:
            raise ValueError(f"A speech probability lies between 0 and 1, not at {probability}.")
        self._recent.append(probability >= self._timing.speech)
        self._heard += 1
        signal = self._waiting(bot_speaking) if self.state is State.WAITING else self._in_turn()
        if signal is not None:
            self.state = moved(self.state, signal)
            self._expected = Completeness.UNKNOWN
        return signal

    def _waiting(self, bot_speaking: bool) -> Signal | None:
        timing = self._timing
        need, window = (timing.start, timing.start_window)
        if bot_speaking:
            need, window = (timing.interrupt, timing.interrupt_window)
        if not self._gathered(need, window):
            return None
        recent = list(self._recent)[-_frames(window) :]
        self._started = self._heard - len(recent) + recent.index(True)
        self._ended = self._heard
        return Signal.INTERRUPTED if bot_speaking else Signal.TURN_STARTED

    def _in_turn(self) -> Signal | None:
        timing, speech = self._timing, self._recent[-1]
        resumed = self.state is State.PAUSED and self._gathered(timing.start, timing.start_window)
        if speech and (resumed or self.state is State.SPEAKING):
            self._ended = self._heard
        silent = self._heard - self._ended
        if self._heard - self._started >= _frames(timing.longest) or (silent >= self._patience and not speech):
            self._recent.clear()
            return Signal.TURN_ENDED
        if resumed:
            return Signal.TURN_RESUMED
        if self.state is State.SPEAKING and silent >= _frames(timing.may_end):
            return Signal.TURN_MAY_HAVE_ENDED
        return None

    @property
    def _patience(self) -> int:
        """Frames of silence that end the turn now."""
        timing = self._timing
        seconds = {
            Completeness.UNKNOWN: timing.unknown,
            Completeness.COMPLETE: timing.complete,
            Completeness.OPEN: timing.open,
            Completeness.HANGING: timing.hanging,
        }[self._expected]
        return _frames(seconds)

    def _gathered(self, need: float, window: float) -> bool:
        """Whether the latest frame and enough of those before it, within `window` seconds, are speech."""
        recent = list(self._recent)[-_frames(window) :]
        return recent[-1] and sum(recent) >= _frames(need)


def _frames(seconds: float) -> int:
    return max(1, round(seconds / FRAME_SECONDS))
