"""Questions asked, judged and counted."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from voicebot import dialogue
from voicebot.answers import Library
from voicebot.dialogue import Decision
from voicebot.evaluation.corrupting import spoilt
from voicebot.evaluation.judging import Verdict, verdict
from voicebot.evaluation.questions import Kind, Question
from voicebot.matching import Candidate, Matcher


@dataclass(frozen=True)
class Outcome:
    """What became of a question. heard: its text as the bot got it; seconds: of matching and deciding."""

    question: Question
    heard: str
    candidates: tuple[Candidate, ...]
    decision: Decision
    verdict: Verdict
    seconds: float

    def to_json(self) -> dict[str, object]:
        """The same for a program."""
        did = dialogue.as_json(self.decision, self.candidates)
        return {
            "question": self.question.text,
            "topic": "|".join(self.question.topics),
            "kind": self.question.kind.value,
            "heard": self.heard,
            **{key: did[key] for key in ("decision", "answer", "confidence", "options")},
            "verdict": self.verdict.value,
            "candidates": did["candidates"],
        }


@dataclass(frozen=True)
class Evaluation:
    """The outcomes of questions, in their order.

    noise: share of words spoilt, 0..1; seed: of which ones; outside: ids of the answers that say who else helps.
    """

    outcomes: tuple[Outcome, ...]
    noise: float
    seed: int
    outside: frozenset[str] = frozenset()

    def of(self, *kinds: Kind) -> tuple[Outcome, ...]:
        """The outcomes of some kinds of questions."""
        return tuple(outcome for outcome in self.outcomes if outcome.question.kind in kinds)

    def share(self, kind: Kind, *verdicts: Verdict) -> float:
        """Share, 0..1, of a kind's questions that were judged so; 0 where there are none."""
        return share([outcome.verdict for outcome in self.of(kind)], *verdicts)

    @property
    def latency_ms(self) -> tuple[float, float]:
        """Median and 95th percentile of matching and deciding, in milliseconds; 0 without questions."""
        seconds = [outcome.seconds for outcome in self.outcomes] or [0.0]
        middle, slow = np.percentile(seconds, [50, 95]) * 1000
        return float(middle), float(slow)

    def to_json(self) -> dict[str, object]:
        """The same for a program."""
        middle, slow = self.latency_ms
        return {
            "noise": self.noise,
            "seed": self.seed,
            "kinds": {kind.value: counts([outcome.verdict for outcome in self.of(kind)]) for kind in Kind},
            "latency_ms": {"p50": round(middle, 2), "p95": round(slow, 2)},
            "questions": [outcome.to_json() for outcome in self.outcomes],
        }


def counts(verdicts: Sequence[Verdict]) -> dict[str, int]:
    """How many there are (`n`), and how many of each."""
    counted = Counter(verdicts)
    return {"n": len(verdicts)} | {each.value: counted[each] for each in Verdict}


def share(verdicts: Sequence[Verdict], *which: Verdict) -> float:
    """Share, 0..1, of the verdicts that are one of `which`; 0 where there are none."""
    return sum(each in which for each in verdicts) / len(verdicts) if verdicts else 0.0


def evaluate(  # noqa: PLR0913 - the settings of a measurement
    matcher: Matcher,
    library: Library,
    questions: Sequence[Question],
    *,
    noise: float = 0.0,
    seed: int = 1,
    done: Callable[[Outcome], None] = lambda _: None,
) -> Evaluation:
    """Ask each question as the first thing a caller says, taken as clearly heard.

    noise: share of words spoilt beforehand as a recogniser would, 0..1; done: told after each.
    """
    outcomes = []
    for question in questions:
        heard = spoilt(question.text, noise, seed)
        state, _ = dialogue.opening(library)
        began = time.perf_counter()
        candidates = matcher.match(heard)
        _, decision = dialogue.decide(library, state, dialogue.Heard(heard, 1.0, candidates))
        took = time.perf_counter() - began
        outcomes.append(Outcome(question, heard, candidates, decision, verdict(question, decision), took))
        done(outcomes[-1])
    return Evaluation(tuple(outcomes), noise, seed, library.outside)
