"""A run told: to a person at a terminal, to a program, to a build server."""

import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from tests.plays import REJECTED, SAID, play, report, turn
from voicebot.replay import CaseResult, Report
from voicebot.replay.baseline import Baseline
from voicebot.replay.comparing import Comparison, compare
from voicebot.replay.judging import Outcome
from voicebot.replay.wording import percent

WIDTH = 100
NOISY = "telefon,stoej-10db,tab-2pct"


def repeated(name: str = "pas/flaky") -> list[CaseResult]:
    return [play(name, was=was, repetition=number) for number, was in enumerate(("right", "missed", "right"), start=1)]


@pytest.fixture
def run() -> Report:
    """A case that is right, one that is not under noise, one that is flaky, one that answers what nobody asked."""
    missed = play(condition=NOISY, was="missed", misses=("the line broke",))
    return report(play(), missed, *repeated(), play("udenfor/vejret", was="wrong"))


def against(run: Report, *before: CaseResult) -> Comparison:
    return compare(Baseline("last.json", report(content="a0").run, before), run)


def printed(run: Report, comparison: Comparison | None = None) -> str:
    console = Console(width=WIDTH, record=True, file=None, force_terminal=False)
    with console.capture() as capture:
        console.print(run.table(comparison))
    return capture.get()


def test_the_table_has_a_row_for_each_case_and_condition_and_fits(run: Report) -> None:
    said = printed(run)
    rows = [line.split()[:3] for line in said.splitlines() if re.match(r" [✓✗~] ", line)]
    assert rows == [
        ["✓", "pas/mistet", "ren"],
        ["✗", "pas/mistet", NOISY],
        ["~", "pas/flaky", "ren"],
        ["✗", "udenfor/vejret", "ren"],
    ]
    assert "2 of 3" in said
    assert all(len(line) <= WIDTH for line in said.splitlines())


def test_the_table_tells_the_steps_with_a_miss_only(run: Report) -> None:
    said = " ".join(printed(run).split())
    assert f"✗ pas/mistet ({NOISY}): Title of pas/mistet" in said
    assert "the line broke" in said
    assert f"“{SAID}”, heard “jeg har mistet mit pas”: answer pas-mistet. reject instead of answer" in said
    assert "WRONG: answered affald-sortering, which nobody asked for" in said
    assert said.count(SAID) == 3


def test_the_table_has_figures_for_each_condition_and_for_all(run: Report) -> None:
    lines = [line.split() for line in printed(run).splitlines()]
    clean = next(line for line in lines if line[:2] == ["ren", "3"])
    assert clean[2:8] == ["33%", "(6–79)", "33%", "1", "0%", "0%"]
    assert next(line for line in lines if line[:1] == ["all"])[1:4] == ["4", "25%", "25%"]
    alone = printed(report(play()))
    assert not re.search(r"^ all ", alone, re.M)


def test_flaky_cases_are_told_with_and_without_a_baseline(run: Report) -> None:
    assert "flaky: pas/flaky (ren): right in 2 of 3" in printed(run)
    told = printed(run, against(run, play("pas/flaky")))
    assert "flaky: pas/flaky (ren): right in 1 of 1 before, right in 2 of 3 now" in told


def test_what_turned_is_told_with_why(run: Report) -> None:
    before = [play(), play(condition=NOISY), play("udenfor/vejret", was="missed"), play("pas/gone")]
    said = " ".join(printed(run, against(run, *before)).split())
    assert "▼ turned wrong: pas/mistet (telefon,stoej-10db,tab-2pct): Title of pas/mistet missed now: the line" in said
    assert "▼ became wrong, and was missed or flaky before: udenfor/vejret (ren)" in said
    assert "1 only before: pas/gone (ren)" in said
    assert "1 only now: pas/flaky (ren)" in said
    assert "Not alike: content was a0, is a1" in said
    assert "ren 2 1 → 1 1 → 1 0 → 1" in said
    assert "0 turned right, 1 turned wrong of 3 compared; too few cases changed to say anything." in said
    many = [play(f"a/{number}") for number in range(9)]
    assert "9 only before: a/0 (ren), a/1 (ren)" in printed(run, against(run, *many))
    assert "a/8" not in printed(run, against(run, *many))
    healed = " ".join(printed(run, against(run, play(was="missed"))).split())
    assert "▲ turned right: pas/mistet (ren)" in healed


def test_markup_in_what_was_said_is_text() -> None:
    hostile = report(play(steps=[turn("[red]rød[/red] [/]", **REJECTED)], title="[bold]fed"))
    assert "[red]rød[/red] [/]" in printed(hostile)
    assert "[bold]fed" in printed(hostile)


def test_a_report_of_nothing_can_be_told() -> None:
    empty = report()
    assert empty.passed
    assert "0 of 0 right (–)" in printed(empty)
    assert empty.to_json()["figures"]["whole"]["passed"]["interval"] is None
    assert ET.fromstring(empty.junit()).get("tests") == "0"


def test_a_run_is_right_when_every_play_was(run: Report) -> None:
    assert not run.passed
    assert report(play(), play("pas/flaky")).passed
    assert not report(*repeated()).passed


def test_the_report_for_a_program(run: Report) -> None:
    data: Any = json.loads(json.dumps(run.to_json(against(run, play(condition=NOISY)))))
    assert data["format"] == 2
    assert data["run"] | {"conditions": []} == {
        "mode": "virtual", "seed": 1, "conditions": [], "repeat": 1, "parallel": 0, "municipality": "roskilde",
        "content": "a1", "recogniser": "whisper-base", "voice": "", "took": 3.0,
    }  # fmt: skip
    assert (data["passed"], data["missed"]) == (3, 3)
    assert data["latency"]["first_sound_of_the_answer"] == {"p50": 0.9, "p95": 0.9, "count": 6, "of": 6}
    assert data["figures"]["whole"]["steps"]["wrong"] == 1
    assert set(data["figures"]["conditions"]) == {"ren", NOISY}
    assert set(data["figures"]["tags"]) == {"in_scope"}
    assert data["flaky"] == [{"case": "pas/flaky", "condition": "ren", "right": 2, "of": 3}]
    assert data["comparison"]["turned_wrong"][0]["case"] == "pas/mistet"
    assert data["comparison"]["p"] == 1.0
    first = data["cases"][0]
    assert (first["case"], first["passed"], first["settled"], first["wrong"]) == ("pas/mistet", True, True, False)
    assert (first["tags"], first["fingerprint"], first["condition"], first["repetition"]) == (
        ["in_scope"],
        "f",
        "ren",
        1,
    )
    step = first["steps"][0]
    assert (step["text"], step["answer"], step["outcome"], step["begins"]) == (SAID, "pas-mistet", "right", 3.0)
    assert step["candidates"][0] == {"answer": "pas-mistet", "confidence": 0.9}
    assert run.to_json()["comparison"] is None


ALLOWED = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": ({"name", "tests", "failures", "errors", "time"}, {"properties", "testcase"}),
    "properties": (set(), {"property"}),
    "property": ({"name", "value"}, set()),
    "testcase": ({"name", "classname", "time"}, {"failure"}),
    "failure": ({"type", "message"}, set()),
}
"""Elements of Jenkins' schema (xunit-plugin, junit-10.xsd): attributes, of which a suite needs all, and children."""


def test_the_report_for_a_build_server_is_by_the_schema(run: Report) -> None:
    root = ET.fromstring(run.junit())
    for element in root.iter():
        attributes, children = ALLOWED[element.tag]
        assert set(element.attrib) == attributes
        assert {child.tag for child in element} <= children
        assert re.fullmatch(r"\d+\.\d{3}", element.get("time", "0.000"))
        assert all(element.get(name, "0").isdecimal() for name in ("tests", "failures", "errors"))


def test_the_report_for_a_build_server_has_a_test_for_each_case_and_condition(run: Report) -> None:
    root = ET.fromstring(run.junit())
    assert (root.get("tests"), root.get("failures")) == ("4", "3")
    clean, noisy = root
    assert (clean.get("name"), clean.get("tests"), clean.get("failures")) == ("replay ren", "3", "2")
    assert [(each.get("classname"), each.get("name")) for each in clean.findall("testcase")] == [
        ("pas", "mistet (ren)"),
        ("pas", "flaky (ren)"),
        ("udenfor", "vejret (ren)"),
    ]
    assert clean.findall("testcase")[1].get("time") == "36.000"
    told = [each.get("value") for each in clean.iter("property") if each.get("name") == "flaky"]
    assert told == ["pas/flaky: right in 2 of 3"]
    [failure] = noisy.iter("failure")
    assert (failure.get("type"), failure.text) == ("missed", f"the line broke; {SAID}: reject instead of answer")
    assert [each.get("type") for each in clean.iter("failure")] == ["missed", "wrong"]


def test_what_xml_cannot_hold_does_not_spoil_the_report() -> None:
    hostile = report(play(steps=[turn(misses=("a\x00b\x1b[0m <c> & ]]>",))]))
    [failure] = ET.fromstring(hostile.junit()).iter("failure")
    assert (failure.text or "").endswith("a b [0m <c> & ]]>")
    plays = [play("a\x1b/b\x00"), play("a\x1b/b\x00", was="wrong", repetition=2)]
    suite = ET.fromstring(report(*(replace(each, condition="r\x01en") for each in plays)).junit())[0]
    assert suite.get("name") == "replay r en"
    assert [each.get("value") for each in suite.iter("property")] == ["r en", "a /b : right in 1 of 2"]
    assert [(each.get("classname"), each.get("name")) for each in suite.iter("testcase")] == [("a ", "b  (r en)")]


def test_how_many_replies_were_heard_is_told() -> None:
    silent = turn("", outcome=Outcome.SILENT, decision={}, answer_sound=None)
    said = printed(report(play(steps=[turn(), silent])))
    assert "1/2" in next(line for line in said.splitlines() if line.split()[:2] == ["ren", "1"])
    assert "heard 1 of 2." in said
    assert report(play(steps=[turn(), silent])).to_json()["latency"]["first_sound_of_the_answer"]["of"] == 2


@pytest.mark.parametrize(
    ("share", "said"), [(None, "–"), (0.0, "0%"), (1 / 300, "<1%"), (0.5, "50%"), (299 / 300, ">99%"), (1.0, "100%")]
)
def test_all_and_none_are_only_what_they_are(share: float | None, said: str) -> None:
    assert percent(share) == said
