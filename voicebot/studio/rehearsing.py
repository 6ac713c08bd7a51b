"""Recorded calls played on changed answers, and on those in use, beside the calls of citizens."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from voicebot.content import Content
from voicebot.replay import Case, CaseResult
from voicebot.studio.calls import Calls, calls_in, compared

GoOn = Callable[[], None]
"""Returns once there is time for the next piece of hard work; what it raises ends all."""
Rehearse = Callable[[Case, Content, GoOn], CaseResult]
"""Plays a recorded call on some content in virtual time, in the thread that asks; GoOn is called before hard work."""


class Rehearsals:
    """Compares recorded calls, and keeps how those in `folder` went on the answers in use."""

    def __init__(self, folder: Path, rehearse: Rehearse) -> None:
        self._folder, self._rehearse = folder, rehearse
        self._before: dict[str, CaseResult] = {}
        self._version = ""

    def compare(self, before: Content, after: Content, go_on: GoOn, progress: Callable[[int, int], None]) -> Calls:
        """Which calls turn better or worse; progress(done, of). ReplayError where a case is wrong."""
        cases = calls_in(self._folder, before.library.municipality.id)
        if self._version != before.version:
            self._before, self._version = {}, before.version
        new = [case for case in cases if case.fingerprint not in self._before]
        done = 0

        def play(case: Case, content: Content) -> CaseResult:
            nonlocal done
            go_on()
            result = replace(self._rehearse(case, content, go_on), recording=None)  # its sound takes much memory
            done += 1
            progress(done, len(new) + len(cases))
            return result

        for case in new:
            self._before[case.fingerprint] = play(case, before)
        now = [play(case, after) for case in cases]
        return compared([self._before[case.fingerprint] for case in cases], now)
