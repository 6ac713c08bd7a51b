"""Asking back about the difference between the answers that an utterance may mean."""

from dataclasses import replace

from voicebot.answers import Choice, FollowUp, Library
from voicebot.dialogue.moves import Decision, Heard, Kind, Question, State
from voicebot.dialogue.pieces import which
from voicebot.dialogue.saying import TWICE, Turn, ask
from voicebot.dialogue.weighing import best, near
from voicebot.speech_text import sentences


def ask_back(library: Library, state: State, heard: Heard) -> Turn | None:
    """Ask which of up to three likely answers is meant; not a second time in a row about the same ones."""
    ids = near(library, state, heard.candidates)
    pending = state.question.clarifies
    misses = state.misses + pending
    if not ids or misses >= TWICE or (pending and set(ids) <= set(state.options)):
        return None
    if authored := _difference(library, ids):
        choices, pieces = authored.choices, sentences(authored.ask)
    else:
        answers = [library.answers[id_] for id_ in ids]
        choices = tuple(Choice(answer.offer, (answer.title,), answer.id) for answer in answers)
        pieces = which(choices, library.phrases)
    question = Question.WHICH if len(choices) > 1 else Question.IS_IT
    state = replace(state, question=question, choices=choices, misses=misses, said=heard.text)
    return ask(library, state, Decision(Kind.CLARIFY, None, best(heard), state.options, pieces), pieces)


def _difference(library: Library, ids: list[str]) -> FollowUp | None:
    """The authored question whose choices tell the near answers apart.

    The answer that asks it may be near, too, where all its choices are: it is then the one they are kinds of. A
    question for what more to tell ("Vil du også …") tells nothing apart.
    """
    for answer in library.answers.values():
        if answer.follow_up is None or answer.area != library.answers[ids[0]].area or " også " in answer.follow_up.ask:
            continue
        ways, others = {choice.to for choice in answer.follow_up.choices}, set(ids) - {answer.id}
        if len(others) > 1 and (others == ways or (others < ways and answer.id not in ids)):
            return answer.follow_up
    return None
