"""The light an utterance is understood in: a few words like "og hvad koster det?" mean nothing by themselves."""

from dataclasses import replace

from voicebot.answers import Library
from voicebot.dialogue import choosing, facets
from voicebot.dialogue.cues import words
from voicebot.dialogue.moves import Heard, Question, State
from voicebot.dialogue.pieces import is_offered
from voicebot.dialogue.saying import Turn, give, offer_human, say_again
from voicebot.dialogue.weighing import ASK_AT, CLEAR, SHARE, best, near, standing_out

ALONE = 9
"""Words from which an utterance names what it is about itself."""


def in_light(library: Library, state: State, text: str) -> str:
    """The utterance with what it may lean on before it, ready to be matched; empty where it stands alone.

    After a question that was too vague to answer that is the question itself, else the title of the last answer.
    """
    said = state.said if state.question.clarifies else ""
    topic = library.answers.get(state.topic or "")
    before = said or (topic.title if topic else "")
    return f"{before}: {text}" if before and 0 < len(words(text)) < ALONE else ""


def facet(library: Library, state: State, heard: Heard) -> Turn | None:
    """A question about one side of the last answer: an answer of its own, the sentences that tell it, or neither.

    Whoever asks so about the one topic just proposed has accepted it.
    """
    proposed = state.options[0] if state.question is Question.IS_IT else None
    topic = library.answers.get(proposed or state.topic or "")
    side = facets.asked(heard.text, topic) if topic and state.question is not Question.WHICH else None
    if topic is None or side is None:
        return None
    if proposed:
        return give(library, state, proposed, best(heard))
    first = heard.in_light[0].confidence if heard.in_light else 0.0
    likely = tuple(c for c in heard.in_light if c.confidence >= max(ASK_AT, SHARE * first))
    likely += tuple(c for c in heard.candidates if c.confidence >= ASK_AT)
    if (id_ := facets.elsewhere(library, side, topic, likely)) is not None:
        told, decision = give(library, state, id_, 1.0)
        return (told if side is facets.Facet.CHILD else replace(told, topic=topic.id)), decision
    if pieces := facets.told(side, topic):
        return say_again(library, state, pieces, 1.0)
    return offer_human(library, state, first, library.phrases.not_in_answer)


def together(library: Library, state: State, heard: Heard) -> Turn | None:
    """What an utterance means together with what was said before, where it adds to that and alone is unclear."""
    clarifying = state.question.clarifies
    id_ = standing_out(heard.in_light)
    if id_ is None or id_ == state.topic or not is_offered(library.answers[id_]):
        return None
    if clarifying and not set(choosing.telling(heard.text)) - set(words(state.said)):
        return None
    if not clarifying and not (facets.leans(heard.text) and _akin(library, state, heard, id_)):
        return None
    return give(library, state, id_, heard.in_light[0].confidence)


def not_told(library: Library, state: State, heard: Heard) -> Turn | None:
    """A question about the last answer that it has left open: never asked back, for it is known what it is about."""
    if state.question.clarifies or state.topic is None:
        return None
    near_alone = near(library, state, heard.candidates)
    meant = near_alone == [state.topic]
    going_on = facets.goes_on(heard.text) and heard.confidence >= CLEAR and standing_out(heard.in_light) == state.topic
    if not meant and (near_alone or not going_on):
        return None
    return offer_human(library, state, best(heard), library.phrases.not_in_answer)


def _akin(library: Library, state: State, heard: Heard, id_: str) -> bool:
    """Whether an answer lies near the last one, or near to what was said by itself."""
    topic = library.answers.get(state.topic or "")
    same_area = topic is not None and topic.area == library.answers[id_].area
    return same_area or id_ in [candidate.answer for candidate in heard.candidates]
