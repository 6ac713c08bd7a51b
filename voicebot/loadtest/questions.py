"""What simulated callers ask: recordings, with their last word found once for all calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from voicebot.audio import TELEPHONE_RATE, AudioChunk, read_wav
from voicebot.errors import ReplayError
from voicebot.replay.cases import Case, Step
from voicebot.replay.reading import LONGEST_UTTERANCE, load_cases
from voicebot.replay.speech import speech_end

CLEAR = "in_scope"
UNCLEAR = {"noise", "bad_line", "unintelligible", "accent", "hesitation"}
"""Tags of a case: of those in a folder, the ones are asked that a bot should answer at once."""


@dataclass(frozen=True)
class Question:
    """A recording to be asked, at 8 kHz. speech_end: seconds into it at which the last word ends."""

    step: Step
    sound: AudioChunk
    speech_end: float


def load_questions(paths: Sequence[Path]) -> tuple[Question, ...]:
    """The first words of the cases in `paths` (files and folders), and WAV files as they are, in order.

    ReplayError, AudioError: what cannot be read.
    """
    wavs = [path for path in paths if path.suffix.lower() == ".wav"]
    questions = _beginnings(load_cases([path for path in paths if path not in wavs]))
    questions += tuple(_question(Step(say=path), read_wav(path, LONGEST_UTTERANCE)) for path in wavs)
    if not questions:
        raise ReplayError("loadtest.empty", "No case in these paths begins with a recording; name others.")
    return questions


def clear_questions(folder: Path) -> tuple[Question, ...]:
    """The first words of the cases in a folder that are clear questions in scope; ReplayError where there are none."""
    cases = load_cases([folder]) if folder.is_dir() else ()
    clear = [case for case in cases if CLEAR in case.script.tags and not UNCLEAR & {*case.script.tags}]
    if not (questions := _beginnings(clear)):
        raise ReplayError(
            "loadtest.questions",
            f"{folder}: no recorded calls with a clear question. Go to the project's folder, or change the setting "
            "recorded_calls.",
        )
    return questions


def _beginnings(cases: Sequence[Case]) -> tuple[Question, ...]:
    return tuple(question for case in cases if (question := _first(case)))


def _first(case: Case) -> Question | None:
    """What the caller says first; None where they say nothing, or only after something else was done."""
    step = case.script.turns[0]
    return _question(step, case.sounds[0]) if step.say else None


def _question(step: Step, sound: AudioChunk) -> Question:
    sound = sound.resampled(TELEPHONE_RATE)
    return Question(step, sound, speech_end(sound))
