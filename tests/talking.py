"""What callers say, written close; and conversations with the dialogue, the matching's candidates in their lines."""

from voicebot import dialogue
from voicebot.answers import Library
from voicebot.dialogue import Decision, Heard, Pressed, Silent, State
from voicebot.matching import Candidate


def sayings(lines: str) -> list[str]:
    """What stands on lines of its own or between bars."""
    return [text.strip() for line in lines.splitlines() for text in line.split("|") if text.strip()]


def candidates(weighed: str) -> tuple[Candidate, ...]:
    """ "id 0.9, id 0.3"."""
    pairs = [pair.split() for pair in weighed.split(",") if pair.strip()]
    return tuple(Candidate(id_, float(value)) for id_, value in pairs)


def turn(line: str) -> Heard | Pressed | Silent:
    """ "#1" is a key, "…" silence, "text | id 0.9, id 0.3 | id 0.8" an utterance with its candidates.

    The second ones are those in the light of what was said before; "~text" was heard badly.
    """
    if line.startswith("#"):
        return Pressed(line[1:])
    if line == "…":
        return Silent()
    text, alone, light = (*line.split("|"), "", "")[:3]
    return Heard(text.strip(" ~"), 0.2 if text.startswith("~") else 0.9, candidates(alone), candidates(light))


def talk(library: Library, *lines: str) -> tuple[State, Decision]:
    """The state and the last decision after these turns."""
    state, decision = dialogue.opening(library)
    for line in lines:
        assert decision.then == "listen", f"the call was over before “{line}”"
        state, decision = dialogue.decide(library, state, turn(line))
    return state, decision
