"""One caller at a time, who asks, hears the answer begin, and speaks over it; measured by sound alone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import monotonic

from voicebot.loadtest.questions import Question
from voicebot.replay.handset import Handset, calling
from voicebot.replay.sockets import over_the_web
from voicebot.replay.speech import speech_start

GREETING_LIMIT, ANSWER_LIMIT, SILENCE_LIMIT = 30.0, 12.0, 4.0
"""Seconds a caller waits for the end of the greeting, for an answer, and for a bot that is spoken over to stop."""
PAUSE = 0.5
"""Seconds without sound that end the greeting, for either bot."""
LISTENS = 2.0
"""Seconds of the answer that the caller hears before speaking over it."""


@dataclass(frozen=True)
class Heard:
    """What a caller met, in seconds; None: it never came.

    greeting: from ringing up to the first sound. answer: from the last word to the first sound after it. silent: from
    the first word over the answer until the bot drops the rest of it; `spoken_over`: there was a rest.
    cut: the bot spoke before the last word.
    """

    question: str
    greeting: float | None
    answer: float | None
    silent: float | None
    spoken_over: bool
    cut: bool


async def one_by_one(url: str, questions: Sequence[Question], done: Callable[[Heard], None]) -> tuple[Heard, ...]:
    """Ask the bot at `url` each question in a call of its own; the next one is what is said over the answer."""
    heard = []
    for place, question in enumerate(questions):
        heard.append(await _call(url, question, questions[(place + 1) % len(questions)]))
        done(heard[-1])
    return tuple(heard)


async def _call(url: str, question: Question, over: Question) -> Heard:
    rang = monotonic()
    async with calling(over_the_web(url)) as handset:
        await handset.until(lambda: _sound(handset, rang) is not None and _quiet(handset), GREETING_LIMIT)
        begins = handset.say(question.sound)
        said = begins + question.speech_end
        await handset.until(lambda: _sound(handset, said) is not None, question.sound.seconds + ANSWER_LIMIT)
        greeting, answer, cut = _sound(handset, rang), _sound(handset, said), _sound(handset, begins)
        spoken_over, silent = answer is not None and await _over(handset, over), None
        if spoken_over:
            silent = await _until_dropped(handset, over)
        await handset.hang_up()
    return Heard(
        question.step.text or question.step.title,
        None if greeting is None else greeting - rang,
        None if answer is None else answer - said,
        silent,
        spoken_over,
        cut is not None and cut < said,
    )


async def _over(handset: Handset, over: Question) -> bool:
    """Listen to the answer a while; whether there is more to come, to be spoken over."""
    await handset.until(lambda: False, LISTENS - speech_start(over.sound))
    return not handset.playback.quiet(monotonic()) and not handset.closed


async def _until_dropped(handset: Handset, over: Question) -> float | None:
    word = handset.say(over.sound) + speech_start(over.sound)

    def dropped() -> list[float]:
        return [at for at in handset.playback.cleared if at >= word]

    await handset.until(lambda: bool(dropped()), over.sound.seconds + SILENCE_LIMIT)
    return dropped()[0] - word if dropped() else None


def _sound(handset: Handset, since: float) -> float | None:
    """The first sound of a piece that begins after `since` and has been played."""
    now = monotonic()
    return next((p.heard for p in handset.playback.pieces if p.heard and since < p.heard <= now), None)


def _quiet(handset: Handset) -> bool:
    return handset.playback.quiet(monotonic() - PAUSE)
