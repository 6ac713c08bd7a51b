"""`voicebot gate`: a run accepted, held against another, and told on one screen."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from subprocess import CompletedProcess
from unittest import mock
from xml.etree import ElementTree

import pytest

from tests.command_line import here, refused
from tests.test_gate import MISSED, RIGHT, RUN, WRONG, vital
from tests.trying import record_call
from voicebot.replay import CaseResult, Plan
from voicebot.replay.report import Report

Gate = Callable[..., CompletedProcess[str]]


@pytest.fixture
def played() -> Iterator[dict[str, CaseResult]]:
    """How each call goes, by its name; where it is not said, it goes right."""
    results: dict[str, CaseResult] = {}

    def rehearsed(plan: Plan, *, spoken: bool) -> Report:
        assert not spoken
        made = [
            replace(
                results.get(case.name, RIGHT), name=case.name, title=case.script.title, fingerprint=case.fingerprint
            )
            for case in plan.cases
        ]
        return Report(tuple(made), RUN)

    with mock.patch("voicebot.cli.gating.rehearsed", rehearsed):
        yield results


@pytest.fixture
def gate(tmp_path: Path, played: dict[str, CaseResult]) -> Gate:
    """The command on two recorded calls."""
    for title in ("mistet", "barn"):
        record_call(tmp_path, title, "Mit pas er væk", "pas-mistet")

    (tmp_path / "none").mkdir()

    def run(*arguments: str, paths: tuple[Path, ...] = (tmp_path / "calls",)) -> CompletedProcess[str]:
        given = ("gate", *map(str, paths), "--baseline", str(tmp_path / "base.json"), *arguments)
        return here(*given, data_dir=tmp_path, models_dir=tmp_path / "none", recorded_calls=str(tmp_path / "calls"))

    return run


def test_what_is_accepted_opens_the_gate(gate, played, tmp_path):
    refused(gate(), "base.json: no such file", "--accept")
    played["pas/barn"] = MISSED
    accepted = gate("--accept")
    assert accepted.returncode == 0
    assert "taken as right" in accepted.stderr
    again = gate()
    assert (again.returncode, again.stdout.splitlines()[0]) == (0, "The gate is open.")
    assert "Nothing turned, of 2 compared." in again.stdout


def test_a_call_that_turned_wrong_shuts_it_and_one_screen_says_why(gate, played, tmp_path):
    gate("--accept")
    played["pas/barn"] = WRONG
    shut = gate("--junit", str(tmp_path / "j.xml"), "--html", str(tmp_path / "h.html"))
    assert shut.returncode == 1
    for told in (
        "The gate is shut: 1 of 2 calls.",
        "✗ pas/barn (ren), barn: wrong, and it was not before",
        "the caller   Jeg har mistet mit pas.",
        "heard        jeg har mistet mit pas",
        "before       answer pas-mistet; right",
        "now          answer pas-mistet; answered pas-barn",
        f"look at      {tmp_path / 'calls' / 'pas' / 'barn.yaml'}",
        f"voicebot gate --baseline {tmp_path / 'base.json'} --accept",
    ):
        assert told in shut.stdout
    assert ElementTree.parse(tmp_path / "j.xml").getroot().get("failures") == "1"
    assert "pas/barn" in (tmp_path / "h.html").read_text("utf-8")
    told = json.loads(gate("--json").stdout)
    assert told["open"] is False
    assert [(reason["case"], reason["rule"], reason["heard"]) for reason in told["reasons"]] == [
        ("pas/barn", "wrong", "jeg har mistet mit pas")
    ]
    assert len(told["replay"]["cases"]) == 2
    assert gate("--accept").returncode == 0, "an operator may take it as it is"
    assert gate().returncode == 0


def test_what_is_not_compared_is_named(gate, played, tmp_path):
    gate("--accept")
    (tmp_path / "calls" / "pas" / "barn.yaml").unlink()
    record_call(tmp_path, "hund", "Mit pas er væk", "pas-mistet")
    told = gate().stdout
    assert "right if vital: pas/hund (ren)" in told
    assert "not played: pas/barn (ren)" in told


def test_a_call_that_is_gone_from_the_chosen_ones_shuts_the_gate_until_that_is_accepted(gate, tmp_path):
    assert gate("--accept", paths=()).returncode == 0
    (tmp_path / "calls" / "pas" / "barn.yaml").unlink()
    shut = gate(paths=())
    assert (shut.returncode, shut.stdout.splitlines()[0]) == (1, "The gate is shut: 0 of 1 calls, and 1 gone.")
    assert "Gone, and in the baseline: pas/barn (ren)" in shut.stdout
    assert json.loads(gate("--json", paths=()).stdout)["gone"] == ["pas/barn (ren)"]
    assert gate("--accept", paths=()).returncode == 0
    assert gate(paths=()).returncode == 0


def test_some_calls_are_accepted_beside_the_others(gate, played, tmp_path):
    gate("--accept")
    played["pas/barn"] = MISSED
    some = (tmp_path / "calls" / "pas" / "barn.yaml",)
    assert gate(paths=some).returncode == 1
    assert gate("--accept", paths=some).returncode == 0
    again = gate()
    assert (again.returncode, "Nothing turned, of 2 compared." in again.stdout) == (0, True)
    assert [file.name for file in tmp_path.glob("*.json*")] == ["base.json"]


def test_a_run_of_another_bot_is_refused(gate, tmp_path):
    gate("--accept")
    file = tmp_path / "base.json"
    file.write_text(file.read_text("utf-8").replace('"municipality": "roskilde"', '"municipality": "storeby"'), "utf-8")
    refused(gate(), "base.json: not a run to hold this one against: municipality was storeby, is roskilde")
    refused(gate("--accept"), "municipality was storeby")


def test_a_vital_call_that_is_wrong_is_never_accepted(gate, played):
    played["pas/barn"] = vital(WRONG)
    shut = gate("--accept")
    assert shut.returncode == 1
    assert "vital, and not as it has to be" in shut.stdout
    assert gate().returncode == 1


def test_however_many_calls_turn_it_stays_one_screen(gate, played, tmp_path):
    names = [f"nr-{number}" for number in range(30)]
    for name in names:
        record_call(tmp_path, name, "Mit pas er væk", "pas-mistet")
    gate("--accept")
    played |= {f"pas/{name}": MISSED for name in names}
    shut = gate().stdout
    assert "… and 26 more: " in shut
    assert len(shut.splitlines()) <= 45


def test_what_cannot_be_judged_is_refused(gate, played, tmp_path):
    gate("--accept")
    refused(gate("--tag", "emergency"), "No case is tagged emergency")
    refused(gate("--tag", "gaet"), "--tag gaet: no such tag")
    refused(gate("--html", str(tmp_path)), "no place for a file")
    refused(gate("--condition", "tordenvejr"), "tordenvejr")
    for file in (tmp_path / "calls").rglob("*.yaml"):
        file.write_text(file.read_text("utf-8").replace("pas-mistet", "pas-barn"), "utf-8")
    refused(gate(), "none of these calls stands in it", "--accept")
    (tmp_path / "base.json").write_text("{", "utf-8")
    refused(gate(), "base.json: not JSON")


def test_a_run_that_was_ended_is_not_judged(gate, played):
    gate("--accept")
    with mock.patch("voicebot.cli.gating.rehearsed", return_value=Report((), RUN)):
        ended = gate()
    assert ended.returncode == 130
    assert "nothing is judged" in ended.stderr
