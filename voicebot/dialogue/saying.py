"""Ways of going on: what an answer's id stands for is said and done, and nothing is asked a third time."""

from dataclasses import replace

from voicebot.answers import Answer, Library
from voicebot.dialogue.moves import Decision, Kind, Question, State
from voicebot.dialogue.needs import DANGER, DESPAIR, HUMAN
from voicebot.speech_text import sentences

TWICE = 2
"""Times the same thing may be asked in a call (design section 5: never a third time)."""

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
        return repeat(library, state)
    if id_ == THANKS:  # more words than a bare "tak": whoever has just been asked for more takes leave
        return thanked(library, replace(state, closing=state.closing or state.question is Question.MORE))
    answer = library.answers[id_]
    if answer.area == "samtale":
        return _small_talk(library, state, answer, confidence)
    return _answer(library, state, answer, confidence)


def _answer(library: Library, state: State, answer: Answer, confidence: float) -> Turn:
    """The approved text, then its follow-up question or whether there is more; failures are forgotten."""
    kind = Kind.REJECT if answer.area == "afvis" else Kind.ANSWER
    told = State(asked=state.asked, topic=answer.id)
    question = sentences(answer.follow_up.ask) if answer.follow_up else ()
    if answer.follow_up and state.asked.count(question) < TWICE:
        told = replace(told, question=Question.FOLLOW_UP, choices=answer.follow_up.choices)
        told = replace(told, asked=(*told.asked, question))
    else:
        told, question = replace(told, question=Question.MORE), sentences(library.phrases.anything_else)
    told = replace(told, last=sentences(answer.text), asking=question)
    return told, Decision(kind, answer.id, confidence, told.options, told.last + question)


def _small_talk(library: Library, state: State, answer: Answer, confidence: float) -> Turn:
    """A word about the call itself; the question that was open stays open."""
    pieces = sentences(answer.text)
    decision = Decision(Kind.SMALLTALK, answer.id, confidence, state.options, pieces)
    if state.asked.count(pieces) >= TWICE:
        return offer_human(library, state, confidence)
    return replace(state, asked=(*state.asked, pieces)), decision


def repeat(library: Library, state: State) -> Turn:
    """The last answer, and the question that is open, again; twice at most."""
    pending = state.question not in (Question.NONE, Question.MORE)
    pieces = state.asking if pending and state.question is not Question.FOLLOW_UP else state.last + state.asking
    counted = state.asking if pending else pieces
    if state.asked.count(counted) >= TWICE:
        return offer_human(library, state, 1.0)
    before = library.answers.get(AGAIN) if pieces else None
    said = (sentences(before.text) if before else ()) + (pieces or sentences(library.phrases.repeat_nothing))
    return replace(state, asked=(*state.asked, counted)), Decision(Kind.SMALLTALK, AGAIN, 1.0, state.options, said)


def ask(library: Library, state: State, decision: Decision, question: tuple[str, ...]) -> Turn:
    """Say `decision`, which asks `question`; one already asked twice in this call gives way to a human."""
    if state.asked.count(question) >= TWICE:
        return offer_human(library, state, decision.confidence)
    return replace(state, asking=question if state.choices else (), asked=(*state.asked, question)), decision


def offer_human(library: Library, state: State, confidence: float) -> Turn:
    """Ask whether a human shall take over; whoever has been asked so twice is handed over."""
    pieces = sentences(library.phrases.offer_human)
    if state.asked.count(pieces) >= TWICE:
        return hand_over(library, state, None, confidence, "failures")
    state = replace(state, question=Question.HUMAN, choices=(), asking=pieces, asked=(*state.asked, pieces))
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
    return leave(library.phrases.goodbye, state, "goodbye") if state.closing else more(library, state)


def leave(phrase: str, state: State, reason: str) -> Turn:
    """Say `phrase` and hang up."""
    return state, Decision(Kind.SMALLTALK, None, 1.0, (), sentences(phrase), "hang_up", reason)


def chat(phrase: str, state: State) -> Decision:
    """Say a standing phrase and listen on."""
    return Decision(Kind.SMALLTALK, None, 1.0, state.options, sentences(phrase))
