"""The figures of a load test: arithmetic, verdicts and pictures, without a call."""

import base64
import json
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from rich.console import Console

from tests.scripted_bot import case, recording
from voicebot.audio import write_wav
from voicebot.errors import ReplayError
from voicebot.loadtest import Arrivals, Report, clear_questions, load_questions
from voicebot.loadtest.caller import Ask, Called
from voicebot.loadtest.figures import Spread, figures, most_held, spread
from voicebot.loadtest.measuring import Level, Sample
from voicebot.loadtest.pictures import pictures

STAGES = {"ended": 0.4, "transcribed": 0.3, "decided": 0.42, "sounded": 0.45}


def asked(reply: float | None, first: float | None = None, decision: str = "answer", cut: bool = False) -> Ask:
    return Ask(100.0, "Mit pas er væk", reply if first is None else first, reply, cut, decision, STAGES)


def called(*asks: Ask, greeting: float | None = 0.1, busy: bool = False, lost: str = "") -> Called:
    return Called(greeting, asks, busy, lost)


def level(callers: int, *calls: Called, late: float = 0.001, **given: object) -> Level:
    samples = [Sample(90.0 + n, 0.5 * n, 800 + 10 * n) for n in range(3)]
    made = Level(callers, 90.0, 20.0, list(calls), samples, [late] * 100, 0.08)
    return replace(made, **given)  # type: ignore[arg-type]


def test_percentiles_by_nearest_rank() -> None:
    assert spread(n / 100 for n in range(1, 101)) == Spread(0.5, 0.95, 0.99, 100)
    assert spread([0.3]) == Spread(0.3, 0.3, 0.3, 1)
    assert spread([]) == Spread(None, None, None, 0)


def test_what_never_came_is_later_than_all() -> None:
    assert spread([None, 1.0, 2.0]) == Spread(2.0, None, None, 3)
    assert spread([0.5] * 19 + [None]).within(0.5)
    assert not spread([0.5] * 18 + [None] * 2).within(0.5)
    assert not spread([]).within(60)


def test_the_figures_of_a_level() -> None:
    found = figures(
        level(
            2,
            called(asked(0.5), asked(1.2, 0.4, "clarify"), asked(None, 2.5, "")),
            called(asked(0.7, decision="reject"), asked(0.9, decision="emergency"), greeting=0.3),
            called(busy=True),
            called(greeting=None, lost="the line broke"),
        )
    )
    assert (found.callers, found.calls, found.busy, found.lost) == (2, 4, 1, 1)
    assert found.reply == Spread(0.9, None, None, 5)
    assert found.first == Spread(0.7, 2.5, 2.5, 5)
    assert found.greeting == Spread(0.1, 0.3, 0.3, 3)
    assert found.shares == {
        "answered": 0.2,
        "asked back": 0.2,
        "refused": 0.2,
        "transferred": 0.2,
        "no reply": 0.2,
        "cut off": 0.0,
        "silent": 0.2,
    }
    assert found.stages == STAGES
    assert (found.cpu, found.memory) == (0.5, 820)


def test_a_level_is_held_where_all_are_served() -> None:
    good = level(1, called(asked(0.5)))
    assert figures(good).held(0.5)
    assert not figures(good).held(0.4)
    assert not figures(replace(good, calls=[*good.calls, called(busy=True)])).held(0.5)
    assert not figures(replace(good, calls=[*good.calls, called(lost="the line broke")])).held(0.5)
    assert not figures(level(1)).held(0.5)


def test_fewer_callers_must_be_held_too() -> None:
    good, bad = (figures(level(1, called(asked(reply)))) for reply in (0.5, 5.0))
    assert most_held([replace(good, callers=n) for n in (1, 2, 4)], 1.0) == 4
    assert most_held([good, replace(bad, callers=2), replace(good, callers=4)], 1.0) == 1
    assert most_held([bad], 1.0) == 0


def test_a_tester_that_is_late_is_not_to_be_trusted() -> None:
    sure, late = (Report((level(1, called(asked(0.5)), late=late),), 1.5) for late in (0.01, 0.05))
    assert sure.doubt == ""
    assert "do not trust these times" in late.doubt
    assert "50 ms" in late.doubt
    assert late.doubt in late.html()
    assert late.to_json()["trusted"] is False


def test_the_report_says_the_same_to_all() -> None:
    levels = (level(1, called(asked(0.5))), level(2, called(asked(3.0)), called(lost="the line broke")))
    report = Report(levels, 1.5)
    assert report.verdict == (
        "1 caller at once served within 1.5 s. 2 callers were not served: p95 3.00 s, 1 of 2 calls lost."
    )
    console = Console(width=100)
    with console.capture() as capture:
        console.print(report.table())
    for text in (capture.get().replace("\n", " "), report.html()):
        assert "1 × the line broke" in text
        assert "reply heard p95, s" in text
        assert "3.00" in text
        assert "bot: transcribed p50, s" in text
    told = json.loads(json.dumps(report.to_json()))
    assert [each["held"] for each in told["levels"]] == [True, False]
    assert told["losses"] == {"the line broke": 1}
    assert set(told["levels"][0]["reply"]) == {"p50", "p95", "p99", "count"}


def test_rows_with_nothing_in_them_are_left_out() -> None:
    report = Report((level(1, called(replace(asked(0.5), stages={})), samples=[]),), 1.5)
    names = [name for name, _ in report.rows()]
    assert "reply heard p50, s" in names
    assert not [name for name in names if name.startswith("bot")]


def test_pictures_are_drawn_where_there_is_something_to_show() -> None:
    one, two = level(1, called(asked(0.5), asked(None))), level(2, called(asked(9.0)), start=110.0)
    drawn = pictures((one, two), (figures(one), figures(two)), 1.5)
    assert len(drawn) == 3
    assert all(base64.b64decode(picture.svg).lstrip().startswith(b"<?xml") for picture in drawn)
    elsewhere = replace(one, samples=[])
    assert len(pictures((elsewhere,), (figures(elsewhere),), 1.5)) == 1
    assert pictures((level(1, samples=[]),), (figures(level(1)),), 1.5) == ()


def test_when_callers_ring_up() -> None:
    firsts = {kind: [kind.waits(place, 4, Random(place))[0] for place in range(4)] for kind in Arrivals}
    assert firsts[Arrivals.STEADY] == [0.0, 1.5, 3.0, 4.5]
    assert firsts[Arrivals.BURST] == [0.0] * 4
    assert len(set(firsts[Arrivals.POISSON])) == 4
    random = Random(1)
    between = Arrivals.POISSON.waits(0, 1, random)[1]
    assert sum(between() for _ in range(2000)) / 2000 == pytest.approx(1.0, rel=0.1)


def test_what_is_asked(tmp_path: Path) -> None:
    case(tmp_path, "  - say: a.wav\n    text: Mit pas er væk\n", "clear", "in_scope")
    case(tmp_path, "  - say: a.wav\n", "noisy", "in_scope, noise")
    case(tmp_path, "  - press: 1\n", "key", "in_scope")
    wav = tmp_path / "b.wav"
    write_wav(wav, recording())
    assert [each.step.title for each in load_questions([tmp_path, wav])] == ["Mit pas er væk", "a", "b"]
    assert load_questions([wav])[0].speech_end == pytest.approx(0.38)
    assert [each.step.title for each in clear_questions(tmp_path)] == ["Mit pas er væk"]
    with pytest.raises(ReplayError, match="change the setting recorded_calls"):
        clear_questions(tmp_path / "nowhere")
    with pytest.raises(ReplayError, match="begins with a recording"):
        load_questions([tmp_path / "key.yaml"])
