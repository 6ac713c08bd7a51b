"""From what was heard to what is said: pure, so that every conversation can be played in a test."""

from dataclasses import replace

from voicebot.answers import Library
from voicebot.dialogue import choosing, cues, light, needs
from voicebot.dialogue.asking_back import ask_back, only_the_subject
from voicebot.dialogue.moves import Decision, Heard, Kind, Pressed, Question, Silent, State
from voicebot.dialogue.needs import DANGER, DESPAIR, HUMAN, PERSONAL
from voicebot.dialogue.pieces import is_offered
from voicebot.dialogue.saying import (
    TWICE,
    Turn,
    ask,
    chat,
    farewell,
    give,
    hand_over,
    leave,
    more,
    offer_human,
    outside,
    rated,
    repeat,
    thanked,
)
from voicebot.dialogue.weighing import (
    ANSWER_AT,
    ASK_AT,
    CLEAR,
    DOUBT,
    ELSEWHERE_AT,
    HARDLY,
    NEAR_AT,
    NEAREST,
    NEED_AT,
    NOTHING_AT,
    OUTSIDE_AT,
    OUTSIDE_TOGETHER,
    best,
    elsewhere,
    standing_out,
)
from voicebot.speech_text import clauses, sentences

REPLY = 6
"""Words a reply to a question has at most; a longer one counts only where the matching takes it for one, too."""
FEWEST = 3
"""Words from which something unknown is a question about it, not a word badly heard."""
LONG = 60
"""Words from which an utterance that is not understood was too long: about 25 s of speech."""


def opening(library: Library) -> Turn:
    """The state of a new call, and the greeting."""
    return State(), Decision(Kind.SMALLTALK, None, 1.0, (), clauses(library.phrases.greeting))


def turned_away(library: Library) -> Turn:
    """A new call when the machine has no room for another: greeted, and to a human at once."""
    return State(), Decision(Kind.TRANSFER, None, 1.0, (), clauses(library.phrases.busy), "transfer", "busy")


def decide(library: Library, state: State, heard: Heard | Pressed | Silent) -> Turn:
    """What follows from what the caller did: the new state, and what the bot says and does.

    Here alone sentences, which the dialogue thinks in, become the clauses that are spoken.
    """
    state, decision = _follow(library, state, heard)
    pieces = tuple(clause for sentence in decision.pieces for clause in clauses(sentence))
    return state, replace(decision, pieces=pieces, slow=state.slow)


def _follow(library: Library, state: State, heard: Heard | Pressed | Silent) -> Turn:
    if isinstance(heard, Silent):
        return _silence(library, state)
    state = replace(state, silent=False)
    return _press(library, state, heard.digit) if isinstance(heard, Pressed) else _listen(library, state, heard)


def _silence(library: Library, state: State) -> Turn:
    if state.question is Question.RATE:
        return rated(library, state, None)
    if state.silent:
        return leave(library.phrases.goodbye_silence, state, "silence")
    return replace(state, silent=True), chat(library.phrases.still_there, state)


def _press(library: Library, state: State, digit: str) -> Turn:
    """A key: 0 is a human, the others choose; where yes or no is asked, 1 is yes and 2 is no."""
    if digit == "0":
        return give(library, state, HUMAN, 1.0)
    place = int(digit) - 1 if digit.isdigit() else -1
    if state.question in (Question.WHICH, Question.FOLLOW_UP) and 0 <= place < len(state.choices):
        return give(library, state, state.options[place], 1.0)
    yes = {"1": True, "2": False}.get(digit)
    if state.question is Question.RATE:
        return rated(library, state, yes)
    if state.question in (Question.IS_IT, Question.HUMAN) and yes is not None:
        return _yes_or_no(library, state, yes) or _miss(library, state, 0.0)
    return _miss(library, state, 0.0)


def _listen(library: Library, state: State, heard: Heard) -> Turn:
    """An utterance, read in the order of what must not be missed."""
    id_ = needs.need(heard.text)
    if id_ is not None and (id_ != PERSONAL or id_ in library.answers):
        return give(library, state, id_, 1.0)
    return (
        _rating(library, state, heard)
        or _short_reply(library, state, heard.text)
        or _courtesy(library, state, heard.text)
        or light.facet(library, state, heard)
        or _authored_reply(library, state, heard.text)
        or only_the_subject(library, state, heard)
        or _sure(library, state, heard)
        or _reply(library, state, heard)
        or light.together(library, state, heard)
        or light.not_told(library, state, heard)
        or _elsewhere(library, state, heard)
        or ask_back(library, state, heard)
        or _outside(library, state, heard)
        or _miss(library, state, best(heard), library.phrases.too_long if len(heard.text.split()) > LONG else "")
    )


# Ways of reading an utterance: each returns None where it cannot.


def _rating(library: Library, state: State, heard: Heard) -> Turn | None:
    """Whether the caller got an answer; one who asks something new instead is answered."""
    if state.question is not Question.RATE:
        return None
    said = cues.yes_or_no(heard.text)
    new = said is None and standing_out(heard.candidates) is not None
    return None if new else rated(library, state, said)


def _short_reply(library: Library, state: State, text: str) -> Turn | None:
    """A place, a "don't know", a yes or a no and nothing more, which no matching could read better."""
    if state.choices and (place := choosing.place(text, len(state.choices))) is not None:
        return give(library, state, state.options[place], 1.0)
    if state.choices and cues.unsure(text):
        return more(library, state) if state.question is Question.FOLLOW_UP else _miss(library, state, 0.0)
    said = None if choosing.telling(text) else cues.yes_or_no(text)
    return None if said is None else _yes_or_no(library, state, said)


def _authored_reply(library: Library, state: State, text: str) -> Turn | None:
    """A choice said as it is written, or named and nothing besides, whatever the words alone may mean."""
    place = choosing.word_for_word(text, state.choices)
    if place is None and state.question is Question.WHICH:
        place = choosing.only_named(text, state.choices, state.said)
    return None if place is None else give(library, state, state.options[place], 1.0)


def _yes_or_no(library: Library, state: State, yes: bool) -> Turn | None:
    return _yes(library, state) if yes else _no(library, state)


def _yes(library: Library, state: State) -> Turn | None:
    match state.question:
        case Question.HUMAN:
            return give(library, state, HUMAN, 1.0)
        case Question.MORE:
            return replace(state, question=Question.NONE, asking=()), chat(library.phrases.go_on, state)
        case Question.IS_IT:
            return give(library, state, state.options[0], 1.0)
        case Question.FOLLOW_UP:
            only = 0 if len(state.choices) == 1 else None
            return _to_follow_up(library, state, "ja", only) or _miss(library, state, 0.0)
        case Question.WHICH:
            return _miss(library, state, 0.0)
    return None


def _no(library: Library, state: State) -> Turn | None:
    match state.question:
        case Question.HUMAN:
            return more(library, replace(state, misses=0))
        case Question.MORE:
            return farewell(library, state)
        case Question.NONE if state.last and not state.misses:
            return farewell(library, state)
        case Question.IS_IT | Question.WHICH:
            return _miss(library, _refusing(state), 0.0, library.phrases.go_on)
        case Question.FOLLOW_UP:
            return _to_follow_up(library, state, "nej", None) or more(library, state)
    return None


def _to_follow_up(library: Library, state: State, word: str, place: int | None) -> Turn | None:
    """The choice called "ja" or "nej", else the one at `place`."""
    place = choosing.named(word, state.choices) if place is None else place
    return None if place is None else give(library, state, state.options[place], 1.0)


def _courtesy(library: Library, state: State, text: str) -> Turn | None:
    if cues.farewell(text) and (state.last or cues.words(text) != ["hej", "hej"]):
        return farewell(library, state)
    if manner := cues.again(text):
        return repeat(library, state, manner)
    if not cues.thanks(text):
        return None
    nothing_more = state.question is Question.MORE and "tak" in cues.words(text)
    return thanked(library, replace(state, closing=state.closing or nothing_more))


def _sure(library: Library, state: State, heard: Heard) -> Turn | None:
    """One candidate stands out: it is answered, also in the middle of another question."""
    first = heard.candidates[0].answer if heard.candidates else ""
    in_need = sum(c.confidence for c in heard.candidates if c.answer in (DANGER, DESPAIR))
    if first in (DANGER, DESPAIR) and in_need >= NEED_AT:
        return give(library, state, first, in_need)
    id_ = standing_out(heard.candidates)
    if id_ is None:
        return None
    if id_ not in library.outside:
        sure = elsewhere(library, heard.candidates) < DOUBT
        return give(library, state, id_, best(heard)) if sure else None
    if best(heard) < OUTSIDE_AT or standing_out(heard.in_light) in state.options:
        return None
    near = [library.answers[c.answer] for c in heard.candidates if c.confidence >= NEAR_AT]
    near = [answer for answer in near if is_offered(answer)][:NEAREST]
    return outside(library, state, library.answers[id_].text, best(heard), near)


def _reply(library: Library, state: State, heard: Heard) -> Turn | None:
    """A longer reply to the question asked: by the words of an offer, by meaning, or a yes or no with reasons."""
    weighed = {c.answer: c.confidence for c in heard.candidates}
    short = len(cues.words(heard.text)) <= REPLY
    if state.question in (Question.WHICH, Question.FOLLOW_UP):
        place = choosing.named(heard.text, state.choices, state.said)
        if place is None:
            place = choosing.likeliest(heard.candidates, state.options)
        if place is not None and _about_something_else(state, heard):
            return None
        if place is not None and (short or weighed.get(state.options[place], 0.0) >= ASK_AT):
            return give(library, state, state.options[place], max(ANSWER_AT, best(heard)))
    said = cues.yes_or_no(heard.text)
    if said is False and state.question.clarifies:
        return ask_back(library, _refusing(state), heard) or _no(library, state)
    if said is True and state.question is Question.IS_IT and (short or weighed.get(state.options[0], 0.0) >= ASK_AT):
        return _yes(library, state)
    return _yes_or_no(library, state, said) if said is not None and state.question is Question.HUMAN else None


def _about_something_else(state: State, heard: Heard) -> bool:
    """Whether words that may pick a choice say more, and that about an answer that is not on offer."""
    weighed = {c.answer: c.confidence for c in heard.candidates}
    offered = max((weighed.get(id_, 0.0) for id_ in state.options), default=0.0)
    more_said = len(choosing.telling(heard.text)) > 1
    return more_said and offered < ASK_AT and best(heard) >= ELSEWHERE_AT


def _refusing(state: State) -> State:
    return replace(state, question=Question.NONE, choices=(), refused=state.refused | set(state.options))


def _elsewhere(library: Library, state: State, heard: Heard) -> Turn | None:
    """Others help with it, whoever they are, and hardly anything of ours is meant."""
    ours = [c.confidence for c in heard.candidates if c.answer not in library.outside]
    if elsewhere(library, heard.candidates) < OUTSIDE_TOGETHER or max(ours, default=0.0) >= HARDLY:
        return None
    return _outside(library, state, heard)


def _outside(library: Library, state: State, heard: Heard) -> Turn | None:
    """Clearly heard, and like nothing of ours; after a miss it is one more, so that a human comes within two."""
    asked = state.misses > 0 or state.question.clarifies or state.question is Question.HUMAN
    others = bool(heard.candidates) and heard.candidates[0].answer in library.outside
    if asked or heard.confidence < CLEAR or (best(heard) >= NOTHING_AT and not others):
        return None
    if len(cues.words(heard.text)) < FEWEST:
        return None
    return outside(library, replace(state, misses=1), library.phrases.out_of_scope, best(heard), [])


def _miss(library: Library, state: State, confidence: float, again: str = "") -> Turn:
    """Not understood: ask once more (`again`: how, instead of "andre ord"), then offer a human, then hand over."""
    phrases, misses = library.phrases, state.misses + 1
    if state.question is Question.HUMAN or misses > TWICE:
        return hand_over(library, state, None, confidence, "failures")
    state = replace(state, misses=misses)
    if misses == TWICE:
        return offer_human(library, state, confidence)
    if len(state.choices) > 1:
        pieces = (*sentences(phrases.which_one), *state.asking)
        decision = Decision(Kind.CLARIFY, None, confidence, state.options, pieces)
        return ask(library, state, decision, state.asking)
    pieces = sentences(again or phrases.not_understood)
    state = replace(state, question=Question.NONE, choices=())
    return ask(library, state, Decision(Kind.REJECT, None, confidence, (), pieces), pieces)
