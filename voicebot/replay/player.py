"""Playing a case: the caller does one thing after the other, in real time, and everything that happens is kept."""

from dataclasses import dataclass, field
from time import monotonic

import numpy as np

from voicebot.audio import TELEPHONE_RATE, AudioChunk
from voicebot.replay.cases import Case, Step
from voicebot.replay.handset import FRAME, FRAME_SECONDS, Caption, Handset, calling
from voicebot.replay.playback import Piece

TURN_LIMIT = 90.0
"""Seconds the bot may speak before it listens: three answers of the longest kind."""
REACTION_LIMIT = 20.0
"""Seconds the bot may take to decide; also over its own limit for a caller who is silent."""


@dataclass
class Turn:
    """A step that was played. first: how many captions there were before it; said: when the last word, or key, was."""

    step: Step
    first: int
    said: float
    fault: str = ""


@dataclass
class Recording:
    """What happened in a call. pieces: what the bot said; fault: what went wrong with the line."""

    case: Case
    turns: list[Turn] = field(default_factory=list)
    captions: list[Caption] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    seconds: float = 0.0
    fault: str = ""


async def play(case: Case, url: str) -> Recording:
    """Call the bot at `url` and play `case`; ReplayError if it cannot be reached."""
    async with calling(url) as handset:
        recording = Recording(case, captions=handset.captions, pieces=handset.playback.pieces)
        began = monotonic()
        for place, step in enumerate(case.script.turns):
            await _do(handset, recording, step, case.sounds.get(place))
        if case.script.turns[-1].expect and case.script.turns[-1].expect.ends:
            await handset.until(lambda: handset.closed, TURN_LIMIT)
        else:
            await handset.until(lambda: handset.bot_is_done, TURN_LIMIT)
        if not handset.closed:
            await handset.hang_up()
        recording.seconds, recording.fault = monotonic() - began, handset.fault
    return recording


async def _do(handset: Handset, recording: Recording, step: Step, sound: AudioChunk | None) -> None:
    if step.hang_up:
        return await handset.hang_up()
    if step.wait:
        await handset.until(lambda: handset.closed, step.wait)
        return None
    turn = Turn(step, 0, monotonic())
    recording.turns.append(turn)
    if not step.barge_in and not await handset.until(lambda: handset.bot_is_done, TURN_LIMIT):
        turn.fault = "" if handset.closed else f"the bot was not done within {TURN_LIMIT:.0f} s"
    turn.first, turn.said = len(handset.captions), monotonic()
    if handset.closed or turn.fault:
        turn.fault = turn.fault or "the bot had ended the call before"
        return None
    if step.press:
        await handset.press(step.press)
    elif sound is not None:
        sound = sound.resampled(TELEPHONE_RATE)
        turn.said = handset.say(sound) + speech_end(sound)
        await handset.until(lambda: not handset.speaking, sound.seconds + REACTION_LIMIT)
    await handset.until(lambda: _settled(step, handset.captions[turn.first :]), REACTION_LIMIT)
    return None


def _settled(step: Step, captions: list[Caption]) -> bool:
    """Whether the bot has decided, or failed, and has not begun to hear more."""
    place = decided(step, captions)
    last = next((c.type for c in reversed(captions[place:]) if c.type in {"SpeechStarted", "Failed"}), "")
    return last == "Failed" or (place is not None and last != "SpeechStarted")


def decided(step: Step, captions: list[Caption]) -> int | None:
    """Where among the step's captions the bot decided on it; None while it has not.

    On what was said: the last decision that follows what it heard; on a key, and on silence, the first.
    """
    place, caused = None, step.cause is None
    for number, caption in enumerate(captions):
        if caption.type == step.cause:
            caused = True
        elif caption.type == "Decided" and caused:
            place = number if step.say or place is None else place
            caused = step.cause is None
    return place


def speech_end(sound: AudioChunk) -> float:
    """Seconds from the start of telephone sound to the sending of the frame that ends its last word.

    A frame is speech if it is within 25 dB of the loudest and 6 dB over the noise, which is the quietest tenth.
    """
    frames = max(1, len(sound.samples) // FRAME)
    power = np.square(np.resize(sound.samples, frames * FRAME).reshape(frames, FRAME)).mean(axis=1)
    level = 10 * np.log10(power + 1e-10)
    threshold = max(level.max() - 25, min(np.percentile(level, 10) + 6, level.max() - 6))
    return float(np.flatnonzero(level >= threshold)[-1]) * FRAME_SECONDS
