"""Ways of going on: what an answer's id stands for is said and done, and nothing is asked a third time."""

from dataclasses import replace

from voicebot.answers import Answer, Library
from voicebot.dialogue.cues import Manner
from voicebot.dialogue.moves import Decision, Kind, Question, State
from voicebot.dialogue.needs import DANGER, DESPAIR, HUMAN
from voicebot.dialogue.pieces import nearest
from voicebot.speech_text import sentences

TWICE = 2
"""Times the same thing may be asked in a call (design section 5: never a third time)."""

ENOUGH = 8
"""Words from which the first sentence of an answer is enough of it."""
AGAIN, THANKS = "smalltalk-gentag", "smalltalk-tak-farvel"
"""Ids of the small talk that does something."""

Turn = tuple[State, Decision]


def give(library: Library, state: State, id_: str, confidence: float) -> Turn:
    """What the answer `id_` stands for is said and done."""
    if id_ == HUMAN:
        return hand_over(library, state, HUMAN, confidence, "asked")
    if id_ in (DANGER, DESPAIR):
        return hand_over(library, state, id_, confidence, "emergency")
    if id_ == AGAIN:
        return repeat(library, state, Manner.SAME)
    if id_ == THANKS:  # more words than a bare "tak": whoever has just been asked for more takes leave
        return thanked(library, replace(state, closing=state.closing or state.question is Question.MORE))
    answer = library.answers[id_]
    if answer.area == "samtale":
        return _small_talk(library, state, answer, confidence)
    return _answer(library, state, answer, confidence)


def _answer(library: Library, state: State, answer: Answer, confidence: float) -> Turn:
    """The approved text, then its follow-up question or whether there is more; failures are forgotten.

    Who has just chosen this answer among others is not asked about those again.
    """
    kind = Kind.REJECT if answer.area == "afvis" else Kind.ANSWER
    told = _anew(state, None if kind is Kind.REJECT else answer.id)
    question = sentences(answer.follow_up.ask) if answer.follow_up else ()
    ways = {choice.to for choice in answer.follow_up.choices} if answer.follow_up else set()
    settled = answer.id in state.options and bool(ways & set(state.options))
    if answer.follow_up and not settled and state.asked.count(question) < TWICE:
        told = replace(told, question=Question.FOLLOW_UP, choices=answer.follow_up.choices)
        told = replace(told, asked=(*told.asked, question))
    else:
        told, question = replace(told, question=Question.MORE), sentences(library.phrases.anything_else)
    told = replace(told, last=sentences(answer.text), asking=question)
    return told, Decision(kind, answer.id, confidence, told.options, told.last + question)


def _anew(state: State, topic: str | None) -> State:
    """The state after an answer: of what went before it, only what was asked in this call and the pace count."""
    return State(asked=state.asked, topic=topic, slow=state.slow)


def say_again(library: Library, state: State, pieces: tuple[str, ...], confidence: float) -> Turn:
    """Sentences of the last answer, for whoever asks about one side of it; it stays what the call is about."""
    question = sentences(library.phrases.anything_else)
    told = replace(_anew(state, state.topic), question=Question.MORE, last=pieces, asking=question)
    return told, Decision(Kind.ANSWER, state.topic, confidence, (), pieces + question)


def outside(library: Library, state: State, text: str, confidence: float, near: list[Answer]) -> Turn:
    """What is nobody's business here is told so, `text`, with what the bot can help with instead."""
    told = sentences(text)
    if state.asked.count(told) >= TWICE:
        return offer_human(library, state, confidence)
    pieces = told + nearest(near, library.phrases)
    state = replace(_anew(state, None), misses=state.misses, last=pieces, asked=(*state.asked, told))
    return state, Decision(Kind.REJECT, None, confidence, (), pieces)


def _small_talk(library: Library, state: State, answer: Answer, confidence: float) -> Turn:
    """A word about the call itself; the question that was open stays open."""
    pieces = sentences(answer.text)
    decision = Decision(Kind.SMALLTALK, answer.id, confidence, state.options, pieces)
    if state.asked.count(pieces) >= TWICE:
        return offer_human(library, state, confidence)
    return replace(state, asked=(*state.asked, pieces)), decision


def repeat(library: Library, state: State, manner: Manner) -> Turn:
    """The last answer, and the question that is open, again; twice at most, and the second time in short."""
    state = replace(state, slow=state.slow or manner is Manner.SLOWER)
    told = () if state.question in (Question.WHICH, Question.IS_IT, Question.HUMAN) else state.last
    question = state.asking[-1:] if state.question is Question.HUMAN else state.asking
    too_often = state.question is not Question.MORE and state.asked.count(question) >= TWICE
    asking = () if too_often else state.asking
    if state.asked.count(told) >= TWICE or (state.asking and not (told or asking)):
        return offer_human(library, state, 1.0)
    short = manner is Manner.SHORTER or (state.repeats > 0 and manner is Manner.SAME)
    pieces = (_in_short(told) if short else told) + asking
    if pieces:
        pieces = _announced(library, manner, len(pieces) < len(told + asking)) + pieces
    else:
        pieces = sentences(library.phrases.repeat_nothing)
    asked = (told, question) if told and asking else (question if asking else told,)
    state = replace(state, asked=(*state.asked, *asked), repeats=state.repeats + 1)
    return state, Decision(Kind.SMALLTALK, AGAIN, 1.0, state.options, pieces)


def _in_short(told: tuple[str, ...]) -> tuple[str, ...]:
    """The first sentence of an answer, where the most important stands; two where the first is a short one."""
    return told[: 1 if told and len(told[0].split()) >= ENOUGH else 2]


def _announced(library: Library, manner: Manner, shorter: bool) -> tuple[str, ...]:
    if shorter or manner is Manner.SLOWER:
        return sentences(library.phrases.shorter if shorter else library.phrases.slower)
    answer = library.answers.get(AGAIN)
    return sentences(answer.text) if answer else ()


def ask(library: Library, state: State, decision: Decision, question: tuple[str, ...]) -> Turn:
    """Say `decision`, which asks `question`; one already asked twice in this call gives way to a human."""
    if state.asked.count(question) >= TWICE:
        return offer_human(library, state, decision.confidence)
    return replace(state, asking=question if state.choices else (), asked=(*state.asked, question)), decision


def offer_human(library: Library, state: State, confidence: float, why: str = "") -> Turn:
    """Ask whether a human shall take over; whoever has been asked so twice is handed over.

    why: what is said, its last sentence being the question; without it, that the caller was not understood.
    """
    pieces = sentences(why or library.phrases.offer_human)
    question = pieces[-1:]
    if state.asked.count(question) >= TWICE:
        return hand_over(library, state, None, confidence, "failures")
    state = replace(state, question=Question.HUMAN, choices=(), asking=pieces, asked=(*state.asked, question))
    return state, Decision(Kind.REJECT, None, confidence, (), pieces)


def hand_over(library: Library, state: State, id_: str | None, confidence: float, reason: str) -> Turn:
    """To a human at once; in an emergency the answer's own words come first."""
    kind = Kind.EMERGENCY if reason == "emergency" else Kind.TRANSFER
    answer = library.answers.get(id_) if id_ and kind is Kind.EMERGENCY else None
    pieces = (sentences(answer.text) if answer else ()) + sentences(library.phrases.transfer)
    return state, Decision(kind, id_, confidence, (), pieces, "transfer", reason)


def more(library: Library, state: State) -> Turn:
    """Ask, in a turn of its own, whether there is anything else."""
    pieces = sentences(library.phrases.anything_else)
    state = replace(state, question=Question.MORE, choices=(), asking=pieces, closing=True)
    return state, Decision(Kind.SMALLTALK, None, 1.0, (), pieces)


def thanked(library: Library, state: State) -> Turn:
    """Whoever says thank you is asked once whether there is more, and then bid farewell."""
    return farewell(library, state) if state.closing else more(library, state)


def farewell(library: Library, state: State) -> Turn:
    """Bid farewell; where the municipality wants to know, ask before it whether the caller got an answer."""
    question = sentences(library.phrases.rate)
    if not question or not state.topic or question in state.asked:
        return leave(library.phrases.goodbye, state, "goodbye")
    state = replace(state, question=Question.RATE, choices=(), asking=question, asked=(*state.asked, question))
    return state, Decision(Kind.SMALLTALK, None, 1.0, (), question)


def rated(library: Library, state: State, satisfied: bool | None) -> Turn:
    """Bid farewell to whoever has been asked; satisfied: None where they did not say."""
    state, decision = leave(library.phrases.goodbye, state, "goodbye")
    return state, replace(decision, satisfied=satisfied)


def leave(phrase: str, state: State, reason: str) -> Turn:
    """Say `phrase` and hang up."""
    return state, Decision(Kind.SMALLTALK, None, 1.0, (), sentences(phrase), "hang_up", reason)


def chat(phrase: str, state: State) -> Decision:
    """Say a standing phrase and listen on."""
    return Decision(Kind.SMALLTALK, None, 1.0, state.options, sentences(phrase))
