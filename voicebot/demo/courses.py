"""The courses an invented call can take, and how often each is taken."""

from collections.abc import Callable, Sequence
from itertools import accumulate
from random import Random

from voicebot.demo.talk import Talk
from voicebot.demo.themes import Theme
from voicebot.demo.town import Topic, Town

_RATED = 0.16
"""Share of those who got an answer that say whether it helped."""


def invent(random: Random, town: Town, month: int, skill: float) -> Talk:
    """A call of a month (1..12); skill: 0..1, how well the bot understands."""
    talk = Talk(random, town, month, skill)
    random.choices(_COURSES, cum_weights=_OFTEN)[0](talk)
    return talk


def _question(talk: Talk) -> None:
    talk.greet()
    _asks(talk, talk.town.topic(talk.random, talk.month))


def _asks(talk: Talk, topic: Topic) -> None:
    """A question that has an answer: understood, asked back, or not understood at first."""
    near = [topic.id, *(other.id for other in talk.town.like(talk.random, topic))]
    luck = talk.random.random() * (1 + topic.hard)
    if luck < talk.skill:
        talk.ask(topic, "answer", 0.5 + 0.5 * talk.random.random() ** 0.6, near)
        return _answered(talk, topic)
    if luck < talk.skill + 0.22:
        talk.ask(topic, "clarify", 0.3 + 0.2 * talk.random.random(), near)
        return _chooses(talk, topic, near)
    talk.ask(topic, "reject", 0.05 + 0.25 * talk.random.random(), near)
    talk.speak(talk.town.phrases["not_understood"])
    if talk.random.random() < 0.4:
        talk.ask(topic, "answer", 0.5 + 0.3 * talk.random.random(), near)
        return _answered(talk, topic)
    _gives_up(talk, topic)


def _chooses(talk: Talk, topic: Topic, near: Sequence[str]) -> None:
    """Asked which one is meant, most callers say so, some press a key, and for some it is none of them."""
    talk.speak([f"Handler det om {talk.town.known(near[0]).offer}?"])
    luck = talk.random.random()
    if luck > 0.8:
        return _gives_up(talk, topic)
    if luck > 0.7:
        talk.press("1")
        talk.decide("answer", topic.id, 1.0)
    else:
        word = talk.random.choice(("Ja.", "Ja, det gør det.", "Den første.", "Ja tak."))
        talk.caller(word, topic, [(topic.id, 0.9)])
        talk.decide("answer", topic.id, 0.9)
        talk.sound()
    _answered(talk, topic)


def _answered(talk: Talk, topic: Topic) -> None:
    """The answer is heard, or interrupted; then the caller is done, asks on, or wants a human all the same."""
    luck = talk.random.random()
    if luck < 0.07:
        talk.cut(topic.pieces)
        return _asks(talk, talk.town.topic(talk.random, talk.month))
    talk.speak(topic.pieces)
    if luck < 0.2:
        talk.speak(talk.town.phrases["anything_else"])
        return _asks(talk, talk.random.choice(talk.town.like(talk.random, topic) or [topic]))
    if luck < 0.26:
        return _wants_human(talk)
    talk.speak(talk.town.phrases["anything_else"])
    if talk.random.random() < _RATED:
        talk.press("1" if (satisfied := talk.random.random() < 0.62 + 0.25 * talk.skill) else "2")
        talk.note("Rated", satisfied=satisfied)
    if luck < 0.6:
        talk.speak(talk.town.phrases["goodbye"])
        return talk.end("goodbye")
    talk.end("caller_hung_up")


def _gives_up(talk: Talk, subject: Topic | Theme) -> None:
    """Not understood a second time: a human, or the caller hangs up."""
    talk.ask(subject, "reject", 0.05 + 0.2 * talk.random.random(), ())
    if talk.random.random() < 0.25:
        return talk.end("caller_hung_up")
    talk.speak(talk.town.phrases["offer_human"])
    talk.decide("transfer")
    talk.speak(talk.town.phrases["transfer"])
    talk.transfer("failures")


def _in_vain(talk: Talk) -> None:
    """A question the library has no answer to; fewer of them as answers are added."""
    if talk.random.random() < (talk.skill - 0.7) * 2.5:
        return _question(talk)
    talk.greet()
    theme = talk.town.theme(talk.random, talk.month)
    near = [talk.town.topic(talk.random, talk.month).id]
    talk.ask(theme, "reject", 0.3 * talk.random.random(), near)
    talk.speak(talk.town.phrases["not_understood"])
    if talk.random.random() < 0.2:
        return talk.end("caller_hung_up")
    _gives_up(talk, theme)


def _hangs_up(talk: Talk) -> None:
    talk.decide("smalltalk")
    talk.cut(talk.town.phrases["greeting"])
    talk.end("caller_hung_up")


def _impatient(talk: Talk) -> None:
    """Hangs up before the reply to the first question is heard."""
    talk.greet()
    topic = talk.town.topic(talk.random, talk.month)
    talk.ask(topic, "answer", 0.6, [topic.id])
    talk.end("caller_hung_up")


def _silent(talk: Talk) -> None:
    talk.greet()
    for phrase in ("still_there", "goodbye_silence"):
        talk.at += 7.0
        talk.decide("smalltalk")
        talk.speak(talk.town.phrases[phrase])
    talk.end("silence")


def _asks_for_human(talk: Talk) -> None:
    talk.greet()
    _wants_human(talk)


def _wants_human(talk: Talk) -> None:
    if talk.random.random() < 0.25:
        talk.press("0")
        talk.decide("transfer")
    else:
        human = talk.town.known("tal-med-medarbejder")
        talk.ask(human, "transfer", 0.8 + 0.19 * talk.random.random(), [human.id])
    talk.speak(talk.town.phrases["transfer"])
    talk.transfer("asked")


def _emergency(talk: Talk) -> None:
    talk.greet()
    danger = talk.town.known(talk.random.choice(("noed-112", "noed-112", "noed-livskrise")))
    talk.ask(danger, "emergency", 0.7 + 0.29 * talk.random.random(), [danger.id])
    talk.speak(danger.pieces)
    talk.transfer("emergency")


def _turned_away(talk: Talk) -> None:
    talk.decide("transfer")
    talk.speak(talk.town.phrases["busy"])
    talk.transfer("busy")


def _breaks(talk: Talk) -> None:
    """Something fails: the caller is put through, or the line is gone."""
    talk.greet()
    topic = talk.town.topic(talk.random, talk.month)
    talk.ask(topic, "answer", 0.7, [topic.id])
    talk.note("Failed", stage="speech", code="speech.failed")
    if talk.random.random() < 0.3:
        return talk.end("fault")
    talk.speak(talk.town.phrases["fault"])
    talk.transfer("fault")


_SHARES: dict[Callable[[Talk], None], int] = {
    _question: 720,
    _in_vain: 85,
    _asks_for_human: 80,
    _hangs_up: 40,
    _impatient: 15,
    _silent: 10,
    _turned_away: 6,
    _emergency: 4,
    _breaks: 3,
}
_COURSES, _OFTEN = tuple(_SHARES), tuple(accumulate(_SHARES.values()))
