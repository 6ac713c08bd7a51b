"""Files of test questions: tab-separated, with a header, every fault in them named."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from voicebot.answers import Library
from voicebot.errors import EvaluationError

COLUMNS = ("question", "topic", "kind")


class Kind(StrEnum):
    """What sort of question it is, and so what is right to do."""

    IN_SCOPE = "in_scope"
    OUT_OF_SCOPE = "out_of_scope"
    AMBIGUOUS = "ambiguous"
    SMALL_TALK = "small_talk"
    HUMAN_REQUEST = "human_request"
    EMERGENCY = "emergency"


@dataclass(frozen=True)
class Question:
    """A question to the bot. topics: ids of the answers that are right; none where the kind alone says what is."""

    text: str
    topics: tuple[str, ...]
    kind: Kind


def read_questions(files: Sequence[Path], library: Library, *, only_known: bool = False) -> tuple[Question, ...]:
    """The questions of all files, in order; only_known: without those about answers that the library does not have.

    Columns `question`, `topic` (an answer's id; `a|b` where several are right; may be empty where the kind is neither
    `in_scope` nor `ambiguous`) and `kind`; others are ignored, as are empty lines. EvaluationError holds every fault,
    one a line: "file:line: what is wrong; what to do".
    """
    faults: list[str] = []
    questions = [question for file in files for question in _read(file, library, faults, only_known)]
    if faults:
        raise EvaluationError("evaluation.file", "\n".join(faults))
    return tuple(questions)


def _read(file: Path, library: Library, faults: list[str], only_known: bool) -> list[Question]:
    lines = _lines(file, faults)
    header = lines[0].split("\t") if lines else []
    missing = [column for column in COLUMNS if column not in header]
    if lines and missing:
        faults.append(f"{file}:1: no column {', '.join(missing)}; begin with a line of names parted by tabs.")
    if not lines or missing:
        return []
    rows = [(number, line) for number, line in enumerate(lines[1:], start=2) if line.strip()]
    if not rows:
        faults.append(f"{file}:2: no questions; write one a line below the header.")
    questions = []
    for number, line in rows:
        cells = line.split("\t")
        if len(cells) != len(header):
            wrong = f"{len(cells)} cells under {len(header)} columns; put one tab between two cells"
        else:
            row = dict(zip(header, map(str.strip, cells), strict=True))
            if only_known and not set(_topics(row)) <= library.answers.keys():
                continue
            question = _question(row, library)
            if isinstance(question, Question):
                questions.append(question)
                continue
            wrong = question
        faults.append(f"{file}:{number}: {wrong}.")
    return questions


def _lines(file: Path, faults: list[str]) -> list[str]:
    """The lines of a file, without the mark that spreadsheets put before UTF-8; none after a fault."""
    data = b""
    try:
        data = file.read_bytes()
        text = data.decode("utf-8-sig")
    except OSError as fault:
        faults.append(f"{file}: cannot be read ({fault.strerror}); check the path.")
        return []
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        faults.append(f"{file}:{line}: not UTF-8; save the file as UTF-8.")
        return []
    if not text.strip():
        faults.append(f"{file}:1: empty; begin with the header {' '.join(COLUMNS)}, parted by tabs.")
        return []
    return text.replace("\r\n", "\n").split("\n")


def _topics(row: dict[str, str]) -> tuple[str, ...]:
    return tuple(filter(None, map(str.strip, row["topic"].split("|"))))


def _question(row: dict[str, str], library: Library) -> Question | str:
    """The question of a row, or what is wrong with it."""
    topics = _topics(row)
    unknown = [topic for topic in topics if topic not in library.answers]
    if row["kind"] not in list(Kind):
        return f"unknown kind “{row['kind']}”; write one of {', '.join(Kind)}"
    if not row["question"]:
        return "empty question; write one, or remove the line"
    if unknown:
        return f"no answer {', '.join(unknown)}; correct the topic (`voicebot answers list` shows all)"
    kind = Kind(row["kind"])
    if not topics and kind in (Kind.IN_SCOPE, Kind.AMBIGUOUS):
        return f"no topic for a question {kind}; name the answer that is right"
    return Question(row["question"], topics, kind)
