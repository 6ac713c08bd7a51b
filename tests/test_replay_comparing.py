"""A run against an earlier one: the file it is read from, what turned, and whether that says anything."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.plays import REJECTED, SAID, play, report, turn
from tests.reports import MISSED, step
from voicebot.errors import ReplayError
from voicebot.replay import CaseResult, Report
from voicebot.replay.baseline import Baseline, read_baseline
from voicebot.replay.comparing import Comparison, compare
from voicebot.replay.judging import StepResult


def against(before: list[CaseResult], now: list[CaseResult], **run: Any) -> Comparison:
    return compare(Baseline("last.json", report().run, tuple(before)), report(*now, **run))


def many(right: int, wrong: int, same: int, condition: str = "ren") -> tuple[list[CaseResult], list[CaseResult]]:
    """Cases of which some turned right, some turned wrong, and others stayed right."""
    before = ["missed"] * right + ["right"] * (wrong + same)
    now = ["right"] * right + ["missed"] * wrong + ["right"] * same
    return tuple(
        [play(f"a/{number}", condition, was=was) for number, was in enumerate(which)] for which in (before, now)
    )  # type: ignore[return-value]


def test_what_turned_says_what_is_different() -> None:
    asked = {"decision": "clarify", "answer": None, "options": ["pas-fornyelse"]}
    before = play(steps=[turn()])
    now = play(steps=[turn("jeg har misset mit bas", **(REJECTED | {"decision": asked}))], settled=False)
    [turned] = against([before], [now]).turned_wrong
    assert (turned.key, turned.before, turned.after) == (("pas/mistet", "ren"), before, now)
    assert turned.why == (
        f"“{SAID}”: heard “jeg har mistet mit pas” before, “jeg har misset mit bas” now; "
        "answer pas-mistet before, clarify pas-fornyelse now; missed now: reject instead of answer",
    )
    [back] = against([now], [before]).turned_right
    assert "missed before: reject instead of answer" in back.why[0]


def test_what_was_heard_the_same_and_what_became_wrong_is_said() -> None:
    before, now = play(), play(was="wrong")
    its = against([before], [now])
    assert its.became_wrong == its.turned_wrong
    assert "heard “jeg har mistet mit pas” both times" in its.turned_wrong[0].why[0]
    assert its.turned_wrong[0].why[0].endswith("WRONG now, which it was not before")


def test_a_missed_case_can_become_wrong_without_turning() -> None:
    its = against([play(was="missed")], [play(was="wrong")])
    assert (len(its.turned_wrong), len(its.became_wrong)) == (0, 1)
    assert against([play(was="wrong")], [play(was="wrong")]).became_wrong == ()


def pressed(**others: Any) -> StepResult:
    return step("", "", 7.0, 7.0, title="presses 0", **others)


def test_how_the_call_went_as_a_whole_is_said_and_steps_passed_over_move_no_others() -> None:
    chosen = step("", "", 6.0, 6.0, title="chooses pas-mistet")
    before = play(steps=[turn(), chosen, pressed()])
    late = pressed(misses=("2.1 s to the reply instead of 1.0 s",))
    now = play(steps=[turn(), late], outcome="silence", misses=("the line broke",))
    assert against([before], [now]).turned_wrong[0].why == (
        "the call ended as caller_hung_up before, as silence now",
        "missed now: the line broke",
        "presses 0: missed now: 2.1 s to the reply instead of 1.0 s",
        "chooses pas-mistet: not played now",
    )


def test_cases_are_paired_by_condition_and_what_has_no_pair_is_told() -> None:
    before = [play("a/one"), play("a/one", "telefon"), play("a/gone")]
    now = [play("a/one", was="missed"), play("a/one", "telefon"), play("a/new"), play("a/gone", fingerprint="g")]
    its = against(before, now)
    assert [each.key for each in its.turned_wrong] == [("a/one", "ren")]
    assert (its.n, its.changed, its.only_now, its.only_before) == (2, ("a/gone (ren)",), ("a/new (ren)",), ())
    assert against(now, before).only_before == ("a/new (ren)",)
    assert len(its.before) == len(its.now) == 2


@pytest.mark.parametrize("flaky_before", [True, False])
def test_flaky_cases_have_not_turned(flaky_before: bool) -> None:
    flaky = [play(was=was, repetition=number) for number, was in enumerate(("right", "missed", "right"), start=1)]
    steady = [play(was="missed", repetition=number) for number in (1, 2)]
    its = against(flaky, steady) if flaky_before else against(steady, flaky)
    assert (its.n, its.turned_right, its.turned_wrong) == (0, (), ())
    shares = ["right in 2 of 3", "right in 0 of 2"]
    assert its.flaky[0].why == (f"{shares[not flaky_before]} before, {shares[flaky_before]} now",)


def test_a_case_is_right_when_all_its_plays_were() -> None:
    before = [play(repetition=number) for number in (1, 2)]
    now = [play(was="missed", repetition=number) for number in (1, 2, 3)]
    assert len(against(before, now).turned_wrong) == 1


@pytest.mark.parametrize(
    ("right", "wrong", "p"),
    # Twice the sum of the binomial's tail, by hand: 2 (1 + 15 + 105 + 455) / 2^15, 2 / 2^6, 2 (1 + 9) / 2^9.
    [(12, 3, 1152 / 32768), (0, 6, 2 / 64), (1, 8, 20 / 512), (4, 4, 1.0), (0, 0, 1.0)],
)
def test_chance_is_told_by_the_exact_test_of_mcnemar(right: int, wrong: int, p: float) -> None:
    assert against(*many(right, wrong, 5)).p == pytest.approx(p)


@pytest.mark.parametrize(
    ("right", "wrong", "same", "sentence"),
    [
        (
            12, 3, 89,
            "12 turned right, 3 turned wrong of 104 compared; a difference that big or bigger comes by chance in "
            "3.5 of 100 comparisons (exact McNemar).",
        ),
        (
            20, 0, 4,
            "20 turned right, 0 turned wrong of 24 compared; a difference that big or bigger comes by chance in "
            "fewer than 0.1 of 100 comparisons (exact McNemar).",
        ),
        (
            4, 4, 4,
            "4 turned right, 4 turned wrong of 12 compared; a difference that big or bigger comes by chance in "
            "100 of 100 comparisons (exact McNemar).",
        ),
        (3, 2, 4, "3 turned right, 2 turned wrong of 9 compared; too few cases changed to say anything."),
        (0, 0, 7, "Nothing turned, of 7 compared."),
        (0, 0, 0, "Nothing to compare: no case is the same in last.json."),
    ],
)  # fmt: skip
def test_it_is_said_in_a_sentence(right: int, wrong: int, same: int, sentence: str) -> None:
    assert against(*many(right, wrong, same)).sentence() == sentence


def test_a_case_that_turns_under_every_condition_is_one_case() -> None:
    before, now = many(0, 3, 5)
    telefon_before, telefon_now = many(0, 3, 5, "telefon")
    noise_before, noise_now = many(0, 3, 5, "stoej-10db")
    its = against(before + telefon_before + noise_before, now + telefon_now + noise_now)
    assert len(its.turned_wrong) == 9
    assert its.p == pytest.approx(2 / 8)
    assert "too few" in its.sentence()


def test_what_else_differs_between_the_runs_is_said() -> None:
    its = against([play()], [play()], mode="real", parallel=4, content="")
    assert its.unlike == ("mode was virtual, is real", "parallel was 0, is 4", "content was a1, is unknown")
    others = against([play()], [play()], repeat=3, recogniser="hviske", voice="Dora")
    assert others.unlike == (
        "repeat was 1, is 3",
        "recogniser was whisper-base, is hviske",
        "voice was unknown, is Dora",
    )


def kept(folder: Path, of: Report, **changed: Any) -> Path:
    file = folder / "last.json"
    file.write_text(json.dumps(of.to_json() | changed, ensure_ascii=False), "utf-8")
    return file


def test_a_run_is_read_as_it_was_written(tmp_path: Path) -> None:
    silent = step("is silent", "", None, None, decision={}, candidates=(), outcome=None, answer_sound=None)
    written = report(
        play(was="wrong", tags=("vital",)), play("a/b", "telefon", repetition=2, steps=[silent], misses=("æøå",))
    )
    read = read_baseline(kept(tmp_path, written))
    assert read.run == written.run
    assert read.results == written.results
    assert compare(read, written).sentence() == "Nothing turned, of 2 compared."


def refused(file: Path) -> str:
    with pytest.raises(ReplayError) as fault:
        read_baseline(file)
    assert fault.value.message.startswith(f"{file}: ")
    assert fault.value.message.endswith("give a file that voicebot replay … --json > FILE has written.")
    return fault.value.message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "not JSON"),
        (b'{"cases": [', "line 1 column 11"),
        (b"\xff\xfe{}", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "not a replay run"),
        (b'{"format": 1}', "not a replay run"),
        (b'{"format": 1, "cases": [{"case": "a/b"}]}', "of another version"),
        (b'{"format": 3, "cases": [{}]}', "of another version"),
        (b'{"format": 2, "run": {}, "cases": []}', "no case in it"),
        (b'{"format": 2, "run": {}, "cases": 7}', "run.mode"),
    ],
    ids=["empty", "cut", "not-utf-8", "deep", "list", "no-cases", "older", "newer", "no-case", "number"],
)
def test_what_is_no_run_is_refused(tmp_path: Path, text: bytes, said: str) -> None:
    file = tmp_path / "last.json"
    file.write_bytes(text)
    assert said in refused(file)


def test_no_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    assert "No such file" in refused(tmp_path / "none.json")
    assert "Is a directory" in refused(tmp_path)
    assert "null byte" in refused(tmp_path / "a\0b")


def test_a_pipe_and_what_is_too_large_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = tmp_path / "pipe.json"
    os.mkfifo(pipe)
    assert "no file" in refused(pipe)
    monkeypatch.setattr("voicebot.replay.baseline.LARGEST", 1000)
    assert "larger than" in refused(kept(tmp_path, report(play())))


def test_the_place_of_what_is_wrong_is_named(tmp_path: Path) -> None:
    data: Any = report(play(), play("a/b", steps=[turn(**MISSED)])).to_json()
    for key, value in (("heard", 7), ("outcome", "fine"), ("answer_sound", "1.0")):
        broken = json.loads(json.dumps(data["cases"]))
        broken[1]["steps"][0][key] = value
        assert f"cases.1.steps.0.{key}: " in refused(kept(tmp_path, report(play()), cases=broken))
    assert "cases.2: stands there twice" in refused(
        kept(tmp_path, report(play()), cases=[*data["cases"], data["cases"][1]])
    )
