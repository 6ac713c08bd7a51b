"""Asking back about the difference between the answers that an utterance may mean."""

from dataclasses import replace

from voicebot.answers import Choice, Difference, Library
from voicebot.dialogue import choosing
from voicebot.dialogue.cues import words
from voicebot.dialogue.moves import Decision, Heard, Kind, Question, State
from voicebot.dialogue.pieces import which
from voicebot.dialogue.saying import TWICE, Turn, ask
from voicebot.dialogue.weighing import best, near
from voicebot.matching.letters import folded
from voicebot.speech_text import sentences

_TELLS_NOTHING = frozenset(
    words(
        "øh øhm ja nej næ jo jamen hej goddag hallo altså bare lige fordi sådan så og tak lidt det der den de er var "
        "drejer sig handler noget nogen nogle om med i på til vedrørende angående spørgsmål spørge jeg vi ringer "
        "vil gerne mit min mine vores et en"
    )
)
"""Words around a subject that say nothing about what the caller wants."""


def only_the_subject(library: Library, state: State, heard: Heard) -> Turn | None:
    """Ask what is wanted where only the subject is named ("noget med mit pas"), however sure the matching is."""
    if choosing.named(heard.text, state.choices, state.said) is not None:
        return None
    said = _told_by(heard.text)
    for difference in library.differences.values():
        if said and said in map(_told_by, difference.said):
            return _ask(library, state, heard, difference.choices, sentences(difference.ask))
    return None


def _told_by(text: str) -> set[str]:
    """What is left of an utterance, its letters folded: "noget med mit pass" is about "pas"."""
    return {folded(word) for word in words(text) if word not in _TELLS_NOTHING}


def ask_back(library: Library, state: State, heard: Heard) -> Turn | None:
    """Ask which of up to three likely answers is meant; not a second time in a row about the same ones."""
    ids = near(library, state, heard.candidates)
    if not ids or (state.question.clarifies and set(ids) <= set(state.options)):
        return None
    if difference := _between(library, state, set(ids)):
        return _ask(library, state, heard, difference.choices, sentences(difference.ask))
    answers = [library.answers[id_] for id_ in ids]
    choices = tuple(Choice(answer.offer, (answer.title,), answer.id) for answer in answers)
    return _ask(library, state, heard, choices, which(choices, library.phrases))


def _between(library: Library, state: State, ids: set[str]) -> Difference | None:
    """The authored question among whose choices all these answers are, and none that was refused."""
    for difference in library.differences.values():
        ways = {choice.to for choice in difference.choices}
        if len(ids) > 1 and ids <= ways and not ways & state.refused:
            return difference
    return None


def _ask(
    library: Library, state: State, heard: Heard, choices: tuple[Choice, ...], pieces: tuple[str, ...]
) -> Turn | None:
    """Ask it, unless questions have failed so often that a human is due; None also where it is being asked already."""
    misses = state.misses + state.question.clarifies
    options = {choice.to for choice in choices}
    if misses >= TWICE or options & state.refused or (state.question.clarifies and options == set(state.options)):
        return None
    question = Question.WHICH if len(choices) > 1 else Question.IS_IT
    state = replace(state, question=question, choices=choices, misses=misses, said=heard.text)
    return ask(library, state, Decision(Kind.CLARIFY, None, best(heard), state.options, pieces), pieces)
