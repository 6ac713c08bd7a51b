"""The light an utterance is understood in: a few words like "og hvad koster det?" mean nothing by themselves."""

from voicebot.answers import Library
from voicebot.dialogue.cues import words
from voicebot.dialogue.moves import Question, State

ALONE = 9
"""Words from which an utterance names what it is about itself."""


def in_light(library: Library, state: State, text: str) -> str:
    """The utterance with what it may lean on before it, ready to be matched; empty where it stands alone.

    After a question that was too vague to answer that is the question itself, else the title of the last answer.
    """
    said = state.said if state.question in (Question.WHICH, Question.IS_IT) else ""
    topic = library.answers.get(state.topic or "")
    before = said or (topic.title if topic else "")
    return f"{before}: {text}" if before and 0 < len(words(text)) < ALONE else ""
