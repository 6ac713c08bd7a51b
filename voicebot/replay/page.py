"""One page of a run that needs nothing else: the figures, what turned, and every call to look at and listen to."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, StrictUndefined, Template

from voicebot.replay.charts import bars, waits
from voicebot.replay.comparing import Comparison
from voicebot.replay.figures import by_condition, by_tag, figures
from voicebot.replay.flaky import together
from voicebot.replay.judging import CaseResult
from voicebot.replay.misheard import held_together
from voicebot.replay.pictures import HEIGHT, CallPicture, call_picture
from voicebot.replay.sound import stereo_mp3
from voicebot.replay.wording import all_misses, heard_of, percent, shown

if TYPE_CHECKING:
    from voicebot.replay.report import Report

_ORDER = ("wrong", "missed", "right")
"""What the reader looks for first."""
_TURNED = {"turned-wrong", "turned-right"}


@dataclass(frozen=True)
class Shown:
    """A call as the page shows it.

    verdict: one of _ORDER; marks: what else it can be sought by ("turned-wrong", "turned-right", "flaky"); sound: an
    MP3 in base64, '' where nothing was recorded.
    """

    anchor: str
    result: CaseResult
    verdict: str
    marks: tuple[str, ...]
    what: str
    file: str
    picture: CallPicture | None
    sound: str

    @property
    def sought(self) -> tuple[str, ...]:
        """The verdicts by which it is found."""
        bad = () if self.verdict == "right" else ("bad",)
        return (self.verdict, *bad, *self.marks, *(("turned",) if {*self.marks} & _TURNED else ()))


def page(report: "Report", comparison: Comparison | None) -> str:
    """The whole page as HTML; comparison: with an earlier run, if there is one."""
    conditions = by_condition(report.results)
    calls = _shown(report.results, comparison)
    axis, waiting = waits(report.results, conditions)
    return _template().render(
        report=report,
        run=report.run,
        whole=figures(report.results),
        conditions=conditions,
        tags=by_tag(report.results),
        bars={name: bars(each) for name, each in conditions.items()},
        axis=axis,
        waiting=waiting,
        **_compared(comparison),
        calls=calls,
        anchors=_anchors(calls),
        flaky=[each for each in together(report.results) if each.flaky],
        height=HEIGHT,
        **_inlined(),
    )


def _shown(results: Iterable[CaseResult], comparison: Comparison | None) -> tuple[Shown, ...]:
    """Every call, what went wrong first."""
    turned = {each.key: ("turned-wrong",) for each in comparison.turned_wrong} if comparison else {}
    turned |= {each.key: ("turned-right",) for each in comparison.turned_right} if comparison else {}
    flaky = {each.key: ("flaky",) for each in together(results) if each.flaky}

    def verdict(result: CaseResult) -> str:
        return "wrong" if result.wrong else "right" if result.passed else "missed"

    ordered = sorted(results, key=lambda r: (_ORDER.index(verdict(r)), r.name, r.condition, r.repetition))
    return tuple(
        Shown(
            f"call-{number}",
            result,
            verdict(result),
            turned.get(result.key, ()) + flaky.get(result.key, ()),
            *_recorded(result),
        )
        for number, result in enumerate(ordered, start=1)
    )


def _recorded(result: CaseResult) -> tuple[str, str, CallPicture | None, str]:
    """What only the recording of a call knows: what the case is for, its file, its picture, its sound."""
    recording = result.recording
    if recording is None:
        return "", "", None, ""
    case = recording.call.case
    caller, bot = recording.voices()
    if not len(caller.samples):
        return case.script.what, case.file.as_posix(), None, ""
    cuts = [at - recording.began for at in recording.cleared]
    sound = base64.b64encode(stereo_mp3(caller, bot)).decode()
    return case.script.what, case.file.as_posix(), call_picture(caller, bot, result.steps, cuts), sound


def _compared(comparison: Comparison | None) -> dict[str, Any]:
    """What has become of the run; nothing where there is no other."""
    if comparison is None:
        return {"comparison": None}
    return {
        "comparison": comparison,
        "grave": {each.key for each in comparison.became_wrong},
        "before_and_now": {"before": figures(comparison.before), "now": figures(comparison.now)},
    }


def _anchors(shown: Iterable[Shown]) -> dict[tuple[str, str], str]:
    """Where a case under a condition is to be found: its worst play."""
    found: dict[tuple[str, str], str] = {}
    for each in shown:
        found.setdefault(each.result.key, each.anchor)
    return found


def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters.update(seconds=_seconds, percent=percent, heard_of=heard_of, misses=all_misses)
    environment.globals.update(held_together=held_together)
    return environment.from_string(_file("report.html"))


def _inlined() -> dict[str, str]:
    """Style and script, which the page's policy allows by what they are and nothing else."""
    style, script = _file("report.css"), _file("report.js")
    return {
        "style": style,
        "script": script,
        "policy": "; ".join(
            (
                "default-src 'none'",
                f"style-src '{_fingerprint(style)}'",
                f"script-src '{_fingerprint(script)}'",
                "media-src data:",
                "base-uri 'none'",
                "form-action 'none'",
            )
        ),
    }


def _file(name: str) -> str:
    return (files("voicebot.replay") / name).read_text("utf-8")


def _fingerprint(text: str) -> str:
    return f"sha256-{base64.b64encode(sha256(text.encode()).digest()).decode()}"


def _seconds(value: float | None) -> str:
    return shown(value) if value is None else f"{shown(value)} s"
