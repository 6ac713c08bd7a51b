"""Playing a case: the caller does one thing after the other, in real time, and everything that happens is kept."""

from dataclasses import dataclass, field
from time import monotonic

from voicebot.audio import TELEPHONE_RATE, AudioChunk
from voicebot.replay.cases import Case, Step
from voicebot.replay.handset import Caption, Handset, calling
from voicebot.replay.playback import Piece
from voicebot.replay.speech import speech_end
from voicebot.replay.turns import Turn, decided, reply_sounds

TURN_LIMIT = 90.0
"""Seconds the bot may speak before it listens: three answers of the longest kind."""
REACTION_LIMIT = 20.0
"""Seconds the bot may take to decide; also over its own limit for a caller who is silent."""


@dataclass
class Recording:
    """What happened in a call. pieces: what the bot said; hung_up: the caller did; fault: of the line."""

    case: Case
    turns: list[Turn] = field(default_factory=list)
    captions: list[Caption] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    seconds: float = 0.0
    hung_up: bool = False
    fault: str = ""


async def play(case: Case, url: str) -> Recording:
    """Call the bot at `url` and play `case`; ReplayError if it cannot be reached."""
    async with calling(url) as handset:
        recording = Recording(case, captions=handset.captions, pieces=handset.playback.pieces)
        began = monotonic()
        for place, step in enumerate(case.script.turns):
            await _do(handset, recording, step, case.sounds.get(place))
        await _hear_out(handset, recording)
        await handset.hang_up()
        recording.seconds, recording.fault = monotonic() - began, handset.fault
        recording.hung_up = handset.hung_up
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


async def _hear_out(handset: Handset, recording: Recording) -> None:
    """Stay on the line until the reply to the last turn can be heard, or until the end that the case is about."""
    if not recording.turns:
        return
    turn = recording.turns[-1]
    if turn.step.expect and turn.step.expect.ends not in {None, "caller_hung_up"}:
        await handset.until(lambda: handset.closed, TURN_LIMIT)
        return

    def heard() -> bool:
        sounds = reply_sounds(turn, handset.captions[turn.first :], handset.playback.pieces)
        return handset.bot_is_done or (sounds.answer is not None and turn.said + sounds.answer <= monotonic())

    await handset.until(heard, TURN_LIMIT)


def _settled(step: Step, captions: list[Caption]) -> bool:
    """Whether the bot has decided, or failed, and has not begun to hear more."""
    place = decided(step, captions)
    last = next((c.type for c in reversed(captions[place:]) if c.type in {"SpeechStarted", "Failed"}), "")
    return last == "Failed" or (place is not None and last != "SpeechStarted")
