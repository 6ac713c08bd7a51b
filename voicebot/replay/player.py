"""Playing a case: the caller does one thing after the other, and everything that is said and told is kept."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from voicebot.audio import TELEPHONE_RATE, AudioChunk, from_mulaw
from voicebot.replay.captions import Caption
from voicebot.replay.cases import Step
from voicebot.replay.handset import Handset, calling, clock
from voicebot.replay.plan import Planned
from voicebot.replay.playback import Piece
from voicebot.replay.sockets import Dial
from voicebot.replay.speech import USUAL_LEVEL, speech_end, speech_level, speech_start
from voicebot.replay.turns import Turn, decided, reply_sounds

TURN_LIMIT = 90.0
"""Seconds the bot may speak before it listens: three answers of the longest kind."""
REACTION_LIMIT = 20.0
"""Seconds the bot may take to decide; also over its own limit for a caller who is silent."""


@dataclass
class Recording:
    """What happened in a call, times on the event loop's clock from `began` on.

    pieces: what the bot said, as pieces; caller: the caller's sound from `began` on, mu-law; bot: the bot's, each with
    when it began in the caller's ear; cleared: when the bot dropped what it was saying; hung_up: the caller did; fault:
    of the line.
    """

    call: Planned
    turns: list[Turn] = field(default_factory=list)
    captions: list[Caption] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    seconds: float = 0.0
    hung_up: bool = False
    fault: str = ""
    began: float = 0.0
    caller: bytes = b""
    bot: list[tuple[float, bytes]] = field(default_factory=list)
    cleared: list[float] = field(default_factory=list)

    def voices(self) -> tuple[AudioChunk, AudioChunk]:
        """What the caller sent and what they heard of the bot, of one length, 8 kHz, from `began` on."""
        caller = from_mulaw(self.caller).samples
        bot = np.zeros_like(caller)
        for begins, mulaw in self.bot:
            place = round((begins - self.began) * TELEPHONE_RATE)
            heard = from_mulaw(mulaw).samples[: max(0, len(bot) - place)]
            bot[place : place + len(heard)] = heard
        return AudioChunk(caller, TELEPHONE_RATE), AudioChunk(bot, TELEPHONE_RATE)


async def play(call: Planned, dial: Dial) -> Recording:
    """Make a call; ReplayError if no bot answers."""
    case, condition, random = call.case, call.condition, call.chance()
    sounds = {place: condition.speak(sound.resampled(TELEPHONE_RATE), random) for place, sound in case.sounds.items()}
    level = float(np.mean([speech_level(sound) for sound in sounds.values()])) if sounds else USUAL_LEVEL
    async with calling(dial, condition.channel(level, random), condition.delay) as handset:
        recording = Recording(call, captions=handset.captions, pieces=handset.playback.pieces, began=handset.began)
        for place, step in enumerate(case.script.turns):
            await _do(handset, recording, step, sounds.get(place))
        await _hear_out(handset, recording)
        await handset.hang_up()
        recording.seconds, recording.fault = clock() - handset.began, handset.fault
        recording.hung_up, recording.began = handset.hung_up, handset.began
        recording.caller, recording.bot = bytes(handset.sent), handset.playback.sounds
        recording.cleared = handset.playback.cleared
    return recording


async def _do(handset: Handset, recording: Recording, step: Step, sound: AudioChunk | None) -> None:
    if step.hang_up:
        await handset.hang_up()
    elif step.wait:
        await handset.until(lambda: handset.closed, step.wait)
    elif step.listen:
        await handset.until(lambda: handset.bot_is_done, TURN_LIMIT)
    elif not (step.choose and _decision(recording).get("answer") == step.choose):
        await _take_a_turn(handset, recording, step, sound)


async def _take_a_turn(handset: Handset, recording: Recording, step: Step, sound: AudioChunk | None) -> None:
    turn = Turn(step, 0, clock())
    turn.fault = await _wait_for_its_moment(handset, recording, step)
    recording.turns.append(turn)
    turn.first, turn.began = len(handset.captions), clock()
    turn.said = turn.began
    key = step.press or ""
    if step.choose and not turn.fault:
        options = list(_decision(recording).get("options", ()))
        if step.choose not in options:
            turn.fault = f"{step.choose} is not among the choices ({', '.join(options) or 'none'})"
        else:
            key = str(options.index(step.choose) + 1)
    if turn.fault:
        return
    if key:
        await handset.press(key)
    elif sound is not None:
        begins = handset.say(sound)
        turn.began, turn.said = begins + speech_start(sound), begins + speech_end(sound)
        await handset.until(lambda: not handset.speaking, sound.seconds + REACTION_LIMIT)
    await handset.until(lambda: _settled(turn, handset.captions[turn.first :]), REACTION_LIMIT)


async def _wait_for_its_moment(handset: Handset, recording: Recording, step: Step) -> str:
    """Let the bot finish, or speak so long that the caller breaks in; why there is nothing to wait for, or ''."""
    since = recording.turns[-1].said if recording.turns else handset.began

    def moment() -> bool:
        if isinstance(step.barge_in, bool):
            return handset.bot_is_done
        heard = next((p.heard for p in handset.playback.pieces if p.heard and p.heard > since), None)
        return heard is not None and (clock() >= heard + step.barge_in or handset.bot_is_done)

    if step.barge_in is not True and not await handset.until(moment, TURN_LIMIT) and not handset.closed:
        return f"the bot was not done within {TURN_LIMIT:.0f} s"
    return "the bot had ended the call before" if handset.closed else ""


def _decision(recording: Recording) -> dict[str, Any]:
    """What the bot decided last, {} before it has decided anything."""
    return next((c.data for c in reversed(recording.captions) if c.type == "Decided"), {})


async def _hear_out(handset: Handset, recording: Recording) -> None:
    """Stay on the line until the reply to the last turn can be heard, or until the end that the case is about."""
    if not recording.turns or recording.turns[-1].fault:
        return
    turn, expect = recording.turns[-1], recording.turns[-1].step.expect
    if expect and expect.ends not in {None, "caller_hung_up"}:
        await handset.until(lambda: handset.closed, TURN_LIMIT)
        return
    if expect and expect.transfer_to:
        await handset.until(lambda: handset.bot_is_done, TURN_LIMIT)
        return

    def heard() -> bool:
        sounds = reply_sounds(turn, handset.captions[turn.first :], handset.playback.pieces)
        return handset.bot_is_done or (sounds.answer is not None and turn.said + sounds.answer <= clock())

    await handset.until(heard, TURN_LIMIT)


def _settled(turn: Turn, captions: list[Caption]) -> bool:
    """Whether the bot has decided, or failed, and has not begun to hear more.

    What it decides after the last word without having heard any is that nobody spoke.
    """
    place = decided(turn.step, captions)
    if place is None:
        later = (number for number, c in enumerate(captions) if c.type == "Decided" and c.at > turn.said)
        place = next(later, None)
    last = next((c.type for c in reversed(captions[place:]) if c.type in {"SpeechStarted", "Failed"}), "")
    return last == "Failed" or (place is not None and last != "SpeechStarted")
