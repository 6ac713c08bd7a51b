"""What the matching's confidences allow: the thresholds of the dialogue, all of them, and what lies above them."""

from voicebot.answers import Library
from voicebot.dialogue.moves import Heard, State
from voicebot.dialogue.pieces import is_offered
from voicebot.matching import Candidate

ANSWER_AT = 0.7
"""Confidence from which an answer is given outright: of such answers to the test questions, 97 of 100 are right."""
MARGIN = 0.2
"""How far an answer given outright must lie above the next candidate."""
ASK_AT = 0.02
"""Confidence from which a candidate is worth asking about; badly heard callers' right answers often lie as low."""
SHARE = 0.03
"""Share of the best candidate's confidence from which another is named beside it."""
DOUBT = 0.15
"""Confidence of all that others help with together, from which no answer is given outright."""
OUTSIDE_AT = 0.85
"""Confidence from which a question is taken for somebody else's: badly heard questions of ours look like those, too."""
OUTSIDE_TOGETHER, HARDLY = 0.4, 0.1
"""Confidence of all that others help with from which, and of our likeliest answer up to which, we do not ask back."""
ELSEWHERE_AT = 0.3
"""Confidence from which a reply that names more than a choice is a question about something else."""
NEAR_AT = 0.1
"""Confidence from which a topic is named to callers who ask for what we cannot help with."""
NEAREST = 2
"""Such topics named at most."""
NOTHING_AT = 0.02
"""Confidence under which clearly heard speech is about something we have no answer to."""
CLEAR = 0.5
"""The recogniser's confidence from which its words can be relied on to mean nothing we know."""
NEED_AT = 0.4
"""Confidence from which a leading emergency is taken for one: a false alarm reaches a human, a missed one nobody."""


def best(heard: Heard) -> float:
    """Confidence of the best candidate; 0 where there is none."""
    return heard.candidates[0].confidence if heard.candidates else 0.0


def standing_out(candidates: tuple[Candidate, ...]) -> str | None:
    """Id of the candidate sure enough to be answered outright, or None."""
    first, second = (*(c.confidence for c in candidates[:2]), 0.0, 0.0)[:2]
    return candidates[0].answer if first >= ANSWER_AT and first - second >= MARGIN else None


def elsewhere(library: Library, candidates: tuple[Candidate, ...]) -> float:
    """How likely it is that others help with what was said."""
    return sum(c.confidence for c in candidates if c.answer in library.outside)


def near(library: Library, state: State, candidates: tuple[Candidate, ...]) -> list[str]:
    """Ids worth asking about: near enough to the best, not refused just now, and no small talk; at most three."""
    floor = max(ASK_AT, SHARE * candidates[0].confidence) if candidates else 1.0
    found = [c.answer for c in candidates if c.confidence >= floor and c.answer not in state.refused]
    return [id_ for id_ in found if is_offered(library.answers[id_])][:3]
