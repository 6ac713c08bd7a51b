"""Whether an utterance is the short reply that the open question asks for: whoever gives it has said it all. Pure."""

from voicebot.dialogue import choosing, cues
from voicebot.dialogue.moves import Question, State

FEW = 4
"""Words up to which naming a choice is all that is said: "det er mit pas"."""


def expected(state: State, text: str) -> bool:
    """Whether an utterance is a yes, a no, a place, an offered name or a farewell, where that is asked for.

    A bare "ja" is no such reply where one of several is to be chosen, or where more is asked for: more will come.
    """
    if state.choices and _chooses(state, text):
        return True
    if state.question is Question.MORE and (cues.farewell(text) or cues.thanks(text)):
        return True
    said = None if choosing.telling(text) else cues.yes_or_no(text)
    if said is None or state.question is Question.NONE:
        return False
    return not said or state.question not in (Question.WHICH, Question.MORE)


def _chooses(state: State, text: str) -> bool:
    if choosing.place(text, len(state.choices)) is not None or cues.unsure(text):
        return True
    return len(cues.words(text)) <= FEW and choosing.named(text, state.choices, state.said) is not None
