"""What a change of the answers does to questions whose right answer is known. Pure, but for the questions' files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from voicebot.answers import Library
from voicebot.content import Content
from voicebot.evaluation import Kind, Outcome, Question, Verdict, evaluate, read_questions

_WORTH = {Verdict.RIGHT: 3, Verdict.OFFERED: 2, Verdict.ASKED: 1, Verdict.REJECTED: 1, Verdict.WRONG: 0}
"""The higher, the better for the caller; out of scope, to be rejected is right."""


@dataclass(frozen=True)
class Turned:
    """A question to which the bot now does something better or worse. Answers are ids, None where none is given."""

    question: str
    topics: tuple[str, ...]
    before: Verdict
    after: Verdict
    answer_before: str | None
    answer_after: str | None


@dataclass(frozen=True)
class Changes:
    """What turns better and what turns worse, of how many questions, and how many are right outright."""

    better: tuple[Turned, ...]
    worse: tuple[Turned, ...]
    questions: int
    right_before: int
    right_after: int


def questions_of(files: Sequence[Path], library: Library) -> tuple[Question, ...]:
    """The test questions about answers that the library has; EvaluationError where a file is wrong.

    Files that are not there are left out: a bot may be installed without them.
    """
    return read_questions([file for file in files if file.is_file()], library, only_known=True)


def asked(content: Content, questions: Sequence[Question], done: Callable[[], None]) -> tuple[Outcome, ...]:
    """What the bot does with each question; done: told after each."""
    return evaluate(content.matcher, content.library, questions, done=lambda _: done()).outcomes


def compared(before: Sequence[Outcome], after: Sequence[Outcome]) -> Changes:
    """The same questions asked before and after."""
    turned = [(was, now) for was, now in zip(before, after, strict=True) if _worth(was) != _worth(now)]
    return Changes(
        tuple(_turned(was, now) for was, now in turned if _worth(now) > _worth(was)),
        tuple(_turned(was, now) for was, now in turned if _worth(now) < _worth(was)),
        len(before),
        sum(map(_is_right, before)),
        sum(map(_is_right, after)),
    )


def _worth(outcome: Outcome) -> int:
    return _WORTH[Verdict.RIGHT if _is_right(outcome) else outcome.verdict]


def _is_right(outcome: Outcome) -> bool:
    out_of_scope = outcome.question.kind is Kind.OUT_OF_SCOPE
    return outcome.verdict is (Verdict.REJECTED if out_of_scope else Verdict.RIGHT)


def _turned(was: Outcome, now: Outcome) -> Turned:
    question = now.question
    return Turned(question.text, question.topics, was.verdict, now.verdict, was.decision.answer, now.decision.answer)
