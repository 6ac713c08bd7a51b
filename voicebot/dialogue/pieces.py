"""What the bot says, cut into the pieces that are spoken, and so made ready, one at a time."""

from collections.abc import Iterator
from dataclasses import asdict

from voicebot.answers import OUTSIDE, Answer, Choice, Library, Phrases
from voicebot.speech_text import clauses, sentences

OFFER = "{offer}"
_ABOUT_THE_CALL = ("samtale", "noed", "afvis")


def standing_pieces(library: Library) -> list[str]:
    """Everything the bot may have to say in any call: standing sentences, need, small talk, refusals."""
    phrases = [text for text in asdict(library.phrases).values() if OFFER not in text]
    texts = [answer.text for answer in library.answers.values() if answer.area in _ABOUT_THE_CALL]
    return list(dict.fromkeys(piece for text in phrases + texts for piece in clauses(text)))


def answer_pieces(library: Library) -> list[str]:
    """The answers, all authored questions, and every offer in every place it can have in a question."""
    answers = [answer for answer in library.answers.values() if answer.area not in _ABOUT_THE_CALL]
    asked = [piece for difference in library.differences.values() for piece in clauses(difference.ask)]
    told = [piece for answer in answers for text in _of(answer, library.phrases) for piece in clauses(text)]
    return list(dict.fromkeys(told + asked))


def is_offered(answer: Answer) -> bool:
    """Whether an answer can be one of the choices in a question: neither about the call itself nor none of ours."""
    return answer.area not in (*_ABOUT_THE_CALL, OUTSIDE)


def _of(answer: Answer, phrases: Phrases) -> Iterator[str]:
    yield answer.text
    if answer.follow_up:
        yield answer.follow_up.ask
    if is_offered(answer):
        yield from (text.replace(OFFER, answer.offer) for text in asdict(phrases).values() if OFFER in text)


def which(choices: tuple[Choice, ...], phrases: Phrases) -> tuple[str, ...]:
    """The question which of one, two or three choices is meant."""
    if len(choices) == 1:
        return (phrases.clarify_one.replace(OFFER, choices[0].offer),)
    first = phrases.clarify_either if len(choices) == 2 else phrases.clarify_first
    frames = [first, *[phrases.clarify_next] * (len(choices) - 2), phrases.clarify_last]
    return tuple(frame.replace(OFFER, choice.offer) for frame, choice in zip(frames, choices, strict=True))


def nearest(answers: list[Answer], phrases: Phrases) -> tuple[str, ...]:
    """What the bot can help with, after something it cannot: these topics by name, or what it is for."""
    frames = [phrases.near_first, *[phrases.near_more] * (len(answers) - 1)]
    named = tuple(frame.replace(OFFER, answer.offer) for frame, answer in zip(frames, answers, strict=False))
    return named or sentences(phrases.can_help)
