"""A simulated caller: rings, asks, hears some seconds of the answer, asks again or hangs up."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from time import monotonic
from typing import Any

from voicebot.loadtest.questions import Question
from voicebot.replay.handset import Handset, calling
from voicebot.replay.sockets import over_the_web
from voicebot.replay.turns import Sounds, Turn, decided, reply_sounds

GREETING_LIMIT = 30.0
"""Seconds a caller listens to the greeting at most before asking."""
PATIENCE = 10.0
"""Seconds a caller waits for a reply before giving up; the bot's own limit for thinking lies below."""
MOST_QUESTIONS = 3
"""Questions in one call, at most."""
IMPATIENT = 0.25
"""Share of callers who do not hear the greeting out."""
PAUSE = 0.5
"""Seconds of silence that end the speech of a bot which tells nothing of its state."""


@dataclass(frozen=True)
class Ask:
    """A question asked. Times are seconds from the caller's last word; `at`: when that was, on the monotonic clock.

    first: to the first sound of any kind; reply: to the first of the reply itself, and to any sound of a bot without
    captions; None: it never came. cut: the bot replied before the caller had finished. decision: see `dialogue.Kind`,
    '' where none was told. stages: see `events.TurnTimed`.
    """

    at: float
    question: str
    first: float | None
    reply: float | None
    cut: bool
    decision: str
    stages: dict[str, float]


@dataclass(frozen=True)
class Called:
    """A call. greeting: seconds from ringing up to the first sound; busy: turned away; lost: why, '' if it was not."""

    greeting: float | None
    asks: tuple[Ask, ...]
    busy: bool
    lost: str


@dataclass(frozen=True)
class Until:
    """When a caller stops asking. questions: so many more; end: at this second of the monotonic clock."""

    questions: float
    end: float


async def call(url: str, questions: Sequence[Question], random: Random, until: Until) -> Called:
    """One call to the bot at `url`, some of the questions by chance; ReplayError: no bot answers."""
    rang, asks = monotonic(), list[Ask]()
    async with calling(over_the_web(url)) as handset:
        if await handset.until(lambda: bool(handset.playback.pieces), PATIENCE):
            listen = random.uniform(1, 4) if random.random() < IMPATIENT else GREETING_LIMIT
            await handset.until(lambda: _listens(handset), listen)
            most = min(random.randint(1, MOST_QUESTIONS), until.questions)
            while len(asks) < most and monotonic() < until.end and not handset.closed:
                asks.append(await ask(handset, random.choice(questions)))
                if asks[-1].reply is None:
                    break
                await handset.until(lambda: _listens(handset), random.uniform(2, 5))
        await handset.hang_up()
    greeting = next((piece.heard - rang for piece in handset.playback.pieces if piece.heard), None)
    called = Called(greeting, tuple(asks), _told(handset, "Transferred", "reason") == "busy", "")
    return replace(called, lost=_lost(handset, called))


async def ask(handset: Handset, question: Question) -> Ask:
    """Ask one question, and wait for the reply for `PATIENCE` at most."""
    said = handset.say(question.sound) + question.speech_end
    turn = Turn(question.step, len(handset.captions), said)
    await handset.until(lambda: not handset.speaking, question.sound.seconds + PATIENCE)
    await handset.until(lambda: _after(_sounds(handset, turn).answer) is not None, PATIENCE)
    captions = handset.captions[turn.first :]
    place, sounds = decided(turn.step, captions), _sounds(handset, turn)
    return Ask(
        said,
        question.step.title,
        _after(sounds.first),
        _after(sounds.answer),
        sounds.answer is not None and _after(sounds.answer) is None,
        "" if place is None else captions[place].data["decision"],
        next((_stages(caption.data) for caption in captions if caption.type == "TurnTimed"), {}),
    )


def _after(seconds: float | None) -> float | None:
    """Seconds from the last word; None for what was heard before it."""
    return seconds if seconds is not None and seconds > 0 else None


def _sounds(handset: Handset, turn: Turn) -> Sounds:
    """When the reply is heard as the bot tells it, and by sound alone where it tells nothing."""
    captions, pieces = handset.captions[turn.first :], handset.playback.pieces
    if decided(turn.step, captions) is not None:
        return reply_sounds(turn, captions, pieces)
    first = next((piece.heard - turn.said for piece in pieces if piece.heard and piece.heard > turn.said), None)
    return Sounds(first, None if handset.captions else first)


def _stages(timed: dict[str, Any]) -> dict[str, float]:
    return {name: timed[name] for name in ("ended", "transcribed", "decided", "sounded")}


def _listens(handset: Handset) -> bool:
    if handset.captions:
        return handset.bot_is_done
    return bool(handset.playback.pieces) and handset.playback.quiet(monotonic() - PAUSE)


def _told(handset: Handset, event: str, field: str) -> str:
    return next((caption.data[field] for caption in handset.captions if caption.type == event), "")


def _lost(handset: Handset, called: Called) -> str:
    """Why a call came to nothing; '' where it did not."""
    if handset.fault:
        return handset.fault
    if called.greeting is None:
        return "the bot never said a word"
    if "fault" in (_told(handset, "Transferred", "reason"), _told(handset, "CallEnded", "outcome")):
        return f"the bot failed ({_told(handset, 'Failed', 'code') or 'fault'})"
    if not (called.asks or called.busy or handset.hung_up):
        return "the bot hung up before the first question"
    return ""
