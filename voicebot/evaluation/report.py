"""The evaluation for operators: one page in Danish that needs nothing else, and the reliability picture beside it."""

import base64
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment, StrictUndefined

from voicebot.answers import Library
from voicebot.dialogue import Kind as Did
from voicebot.errors import EvaluationError
from voicebot.evaluation.judging import Verdict
from voicebot.evaluation.measuring import Evaluation, Outcome, share
from voicebot.evaluation.questions import Kind
from voicebot.evaluation.reliability import calibration_error, picture, reliability

FLOORS = (
    ("Krav til tydelig tekst", 0.75, 0.95, 0.03, 0.04),
    ("Krav ved 20 % forkerte ord", 0.62, 0.90, 0.04, 0.05),
    ("Krav til opkald skrevet ned af Whisper base", 0.45, 0.75, 0.05, 0.05),
)
"""What the project asks for at least or at most: right outright, right or offered, wrong outright, out of scope
answered; shares 0..1."""
_KINDS = {
    Kind.IN_SCOPE: "Spørgsmål, der er et svar på",
    Kind.OUT_OF_SCOPE: "Spørgsmål uden for emnerne",
    Kind.AMBIGUOUS: "Uklare spørgsmål",
    Kind.SMALL_TALK: "Småsnak",
    Kind.HUMAN_REQUEST: "Ønsker om en medarbejder",
    Kind.EMERGENCY: "Nødsituationer",
}
_DID = {
    Did.CLARIFY: "spurgte tilbage",
    Did.TRANSFER: "stillede om",
    Did.REJECT: "kunne ikke svare",
    Did.SMALLTALK: "småsnakkede",
    Did.EMERGENCY: "nødhjælp",
    Did.ANSWER: "",
}


@dataclass(frozen=True)
class Confusion:
    """An answer given, or named first in a question back, to questions about another; the questions as asked."""

    asked: tuple[str, ...]
    given: str
    questions: tuple[str, ...]


def check_place(file: Path) -> None:
    """EvaluationError where no report can be written to this file; asked before an evaluation that takes minutes."""
    if file.is_dir() or not file.parent.is_dir():
        raise EvaluationError("evaluation.report", f"{file}: no place for a file; choose another, or make the folder.")


def write_report(evaluation: Evaluation, library: Library, sources: Sequence[str], file: Path) -> None:
    """Write the page, and the reliability picture beside it as PNG.

    sources: where the questions come from, for the reader. EvaluationError where a file cannot be written.
    """
    image = picture(reliability(evaluation))
    try:
        file.with_suffix(".png").write_bytes(image)
        file.write_text(page(evaluation, library, sources, image), "utf-8")
    except OSError as fault:
        text = f"{fault.filename}: cannot be written ({fault.strerror}); choose another place."
        raise EvaluationError("evaluation.report", text) from None


def page(evaluation: Evaluation, library: Library, sources: Sequence[str], image: bytes) -> str:
    """The HTML page, with the picture inside."""
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(
        percent=lambda part: f"{part * 100:.1f} %".replace(".", ","),
        decimal=lambda number: f"{number:.2f}".replace(".", ","),
        title=lambda id_: library.answers[id_].title if id_ in library.answers else id_,
        did=lambda outcome: _DID[outcome.decision.kind],
    )
    bins = reliability(evaluation)
    return environment.from_string((files("voicebot.evaluation") / "report.html").read_text("utf-8")).render(
        evaluation=evaluation,
        municipality=library.municipality.name,
        sources=sources,
        kinds={name: evaluation.of(kind) for kind, name in _KINDS.items() if evaluation.of(kind)},
        share=_share,
        count=_count,
        floors=FLOORS,
        image=base64.b64encode(image).decode(),
        bins=bins,
        calibration_error=calibration_error(bins),
        confusions=confusions(evaluation),
        areas=areas(evaluation, library),
        lists=_lists(evaluation),
        out_of_scope=_KINDS[Kind.OUT_OF_SCOPE],
    )


def confusions(evaluation: Evaluation) -> list[Confusion]:
    """What was taken for what, the most frequent first: by the answer given, or the first one of a question back."""
    found = defaultdict(list)
    for outcome in evaluation.of(Kind.IN_SCOPE):
        given = next(iter(filter(None, (outcome.decision.answer, *outcome.decision.options))), None)
        if given is not None and given not in outcome.question.topics:
            found[outcome.question.topics, given].append(outcome.question.text)
    pairs = (Confusion(*pair, tuple(questions)) for pair, questions in found.items())
    return sorted(pairs, key=lambda pair: -len(pair.questions))


def areas(evaluation: Evaluation, library: Library) -> dict[str, tuple[Outcome, ...]]:
    """Outcomes of the questions in scope by the area of the first answer that is right, in the order of the names."""
    found = defaultdict(list)
    for outcome in evaluation.of(Kind.IN_SCOPE):
        found[library.answers[outcome.question.topics[0]].area].append(outcome)
    return {area: tuple(found[area]) for area in sorted(found)}


def _lists(evaluation: Evaluation) -> dict[str, list[Outcome]]:
    """The questions to look at one by one, by heading."""
    ours = evaluation.of(*(kind for kind in Kind if kind is not Kind.OUT_OF_SCOPE))
    return {
        "Forkert svar": [outcome for outcome in ours if outcome.verdict is Verdict.WRONG],
        "Ikke besvaret": [outcome for outcome in ours if outcome.verdict is Verdict.REJECTED],
        "Uden for emnerne, men besvaret": [
            outcome for outcome in evaluation.of(Kind.OUT_OF_SCOPE) if outcome.verdict is Verdict.WRONG
        ],
    }


def _share(outcomes: Sequence[Outcome], *verdicts: str) -> float:
    return share([outcome.verdict for outcome in outcomes], *map(Verdict, verdicts))


def _count(outcomes: Sequence[Outcome], *verdicts: str) -> int:
    return sum(outcome.verdict in verdicts for outcome in outcomes)
