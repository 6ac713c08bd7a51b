"""Recorded calls played on changed answers, and on those in use, beside the calls of citizens."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from voicebot.content import Content
from voicebot.replay import Case, CaseResult
from voicebot.studio.beside import Pace
from voicebot.studio.calls import Calls, calls_in, compared

Rehearse = Callable[[Case, Content, Pace], CaseResult]
"""Plays a recorded call on some content in virtual time, in the thread that asks, at that pace; Stopped ends it."""
Progress = Callable[[int, int], None]
Files = tuple[tuple[Path, int, int], ...]
"""Each file with when it was written, ns, and its size, bytes."""


class Rehearsals:
    """Compares recorded calls, and keeps how those in `folder` went on the answers in use."""

    def __init__(self, folder: Path, rehearse: Rehearse) -> None:
        self._folder, self._rehearse = folder, rehearse
        self._read: tuple[Files, str, tuple[Case, ...]] | None = None
        self._before: tuple[str, dict[str, CaseResult]] = ("", {})

    def compare(self, before: Content, after: Content, pace: Pace, progress: Progress) -> Calls:
        """Which calls turn better or worse; progress(done, of). ReplayError where a case is wrong, Stopped."""
        cases = self._cases(before.library.municipality.id)
        known = self._known(before.version)
        new = [case for case in cases if case.fingerprint not in known]
        done = 0

        def play(case: Case, content: Content) -> CaseResult:
            nonlocal done
            pace.breathe()
            result = self._rehearse(case, content, pace)
            done += 1
            progress(done, len(new) + len(cases))
            return result

        played = {case.fingerprint: play(case, before) for case in new}
        known |= {key: _silent(result) for key, result in played.items() if not _broke_down(result)}
        now = [_silent(play(case, after)) for case in cases]
        return compared([known.get(case.fingerprint) or played[case.fingerprint] for case in cases], now)

    def _known(self, version: str) -> dict[str, CaseResult]:
        """How calls went on that version of the answers; work on an earlier one keeps its own."""
        if self._before[0] != version:
            self._before = version, {}
        return self._before[1]

    def _cases(self, municipality: str) -> tuple[Case, ...]:
        """The calls as they stand in their files, which are read again where one has changed."""
        stands = ((file, file.stat()) for file in sorted(self._folder.rglob("*")) if file.is_file())
        files = tuple((file, its.st_mtime_ns, its.st_size) for file, its in stands)
        if self._read is None or self._read[:2] != (files, municipality):
            self._read = files, municipality, calls_in(self._folder, municipality)
        return self._read[2]


def _silent(result: CaseResult) -> CaseResult:
    """Without its sound, which takes much memory."""
    return replace(result, recording=None)


def _broke_down(result: CaseResult) -> bool:
    """Whether the line or a model failed, which says nothing of the answers."""
    its = result.recording
    return its is not None and (bool(its.fault) or any(caption.type == "Failed" for caption in its.captions))
