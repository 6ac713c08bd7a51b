import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from voicebot.audio import AudioChunk, from_mulaw, joined, silence
from voicebot.replay import Report
from voicebot.replay.cases import Case, CaseFile, Step
from voicebot.replay.handset import Caption
from voicebot.replay.judging import CaseResult, judge
from voicebot.replay.playback import Piece, Playback
from voicebot.replay.player import Recording
from voicebot.replay.speech import speech_end
from voicebot.replay.turns import Turn

LOUD, SILENT = b"\x00", b"\xff"


def test_the_carriers_buffer_plays_in_its_own_time() -> None:
    line = Playback()
    line.play(10.0, SILENT * 800 + LOUD * 800)
    line.mark(10.0, "one")
    line.play(10.1, LOUD * 1600)
    line.mark(10.1, "two")
    assert [(piece.arrived, piece.heard) for piece in line.pieces] == [(10.0, 10.1), (10.1, 10.2)]
    assert line.played(10.19) == []
    assert line.played(10.2) == ["one"]
    assert not line.quiet(10.39)
    assert line.played(10.41) == ["two"]
    assert line.quiet(10.41)


def test_clearing_brings_marks_back_and_what_was_not_played_is_never_heard() -> None:
    line = Playback()
    for name in ("one", "two"):
        line.play(5.0, LOUD * 8000)
        line.mark(5.0, name)
    line.clear(5.5)
    assert line.played(5.5) == ["one", "two"]
    assert [piece.heard for piece in line.pieces] == [5.0, None]
    line.play(5.6, LOUD * 800)
    assert line.pieces[-1].heard == 5.6
    assert not line.quiet(5.65)
    line.mark(5.65, "three")
    assert line.played(5.71) == ["three"]


def test_a_mark_with_nothing_before_it_comes_back_at_once_and_no_sound_is_never_heard() -> None:
    line = Playback()
    line.mark(3.0, "one")
    assert line.played(3.0) == ["one"]
    line.play(3.0, SILENT * 160)
    assert line.pieces[0].heard is None


def test_without_marks_a_gap_parts_one_piece_from_the_next() -> None:
    line = Playback()
    for now in (1.0, 1.1, 1.3, 2.0):
        line.play(now, SILENT * 160 + LOUD * 640)
    assert [piece.heard for piece in line.pieces] == [1.02, pytest.approx(2.02)]
    line.mark(2.0, "one")
    line.play(2.0, LOUD * 640)
    assert line.pieces[-1].heard == pytest.approx(2.1)


def test_the_end_of_speech_is_the_last_frame_with_speech_in_it() -> None:
    tone = from_mulaw(bytes([0x10, 0x90] * 2000))
    assert speech_end(joined([silence(0.3), tone, silence(0.5)])) == pytest.approx(0.78)
    noisy = joined([silence(0.3), tone, silence(0.5)])
    hum = AudioChunk(noisy.samples + from_mulaw(bytes([0x3F, 0xBF] * 5200)).samples[: len(noisy.samples)], 8000)
    assert speech_end(hum) == pytest.approx(0.78)


def case(*steps: dict[str, Any], municipality: str = "") -> Case:
    script = CaseFile(
        title="En sag",
        municipality=municipality,
        provenance="made up",
        licence="MPL-2.0",
        turns=tuple(Step.model_validate(step) for step in steps),
    )
    return Case("pas/sag", Path("pas/sag.yaml"), script, {})


def captions(*told: tuple[float, str, dict[str, Any]]) -> list[Caption]:
    return [Caption(at, kind, data) for at, kind, data in told]


def decision(kind: str, answer: str | None = None, *options: str, reply: str = "Svar.") -> dict[str, Any]:
    return {"decision": kind, "answer": answer, "confidence": 0.9, "options": list(options), "reply": reply}


def a_call(expect: dict[str, Any], decided: dict[str, Any], outcome: str = "caller_hung_up", **step: Any) -> CaseResult:
    the_case = case({"say": "a.wav", "expect": expect, **step})
    told = captions(
        (0.0, "CallStarted", {"municipality": "roskilde"}),
        (0.0, "Decided", decision("smalltalk", reply="Velkommen.")),
        (0.0, "Saying", {"text": "Velkommen."}),
        (2.0, "SpeechStarted", {}),
        (4.0, "SpeechEnded", {"speech_end": 3.2}),
        (4.5, "Transcribed", {"text": "mit pas er væk"}),
        (4.5, "Decided", decided),
        (4.6, "Saying", {"text": "Svar."}),
        (9.0, "CallEnded", {"outcome": outcome}),
    )
    pieces = [Piece(0.0, 0.1), Piece(4.6, 4.65)]
    return judge(Recording(the_case, [Turn(the_case.script.turns[0], 3, 3.5)], told, pieces, 9.0))


@pytest.mark.parametrize(
    ("expect", "decided"),
    [
        ({"decision": "answer", "answer": "pas-mistet"}, decision("answer", "pas-mistet")),
        ({"decision": ["answer", "clarify"], "offers": "pas-mistet"}, decision("answer", "pas-mistet")),
        ({"offers": ["pas-mistet"]}, decision("clarify", None, "pas-fornyelse", "pas-mistet")),
        (
            {"options_include": ["pas-mistet", "pas-fornyelse"]},
            decision("clarify", None, "pas-fornyelse", "pas-mistet"),
        ),
        ({"not_answer": True}, decision("reject")),
        ({"answer": None}, decision("clarify", None, "pas-mistet")),
        ({"answer": ["pas-mistet", None]}, decision("reject")),
        ({"ends": "caller_hung_up"}, decision("answer", "pas-mistet")),
    ],
)
def test_what_is_right_passes(expect: dict[str, Any], decided: dict[str, Any]) -> None:
    result = a_call(expect, decided)
    assert result.passed
    assert result.steps[0].heard == "mit pas er væk"
    assert result.steps[0].answer_sound == result.steps[0].first_sound == pytest.approx(1.15)


@pytest.mark.parametrize(
    ("expect", "decided", "miss"),
    [
        ({"decision": ["clarify", "reject"]}, decision("answer", "pas-mistet"), "answer instead of clarify or reject"),
        ({"answer": "pas-mistet"}, decision("answer", "rotter"), "answered rotter instead of pas-mistet"),
        ({"answer": None}, decision("answer", "rotter"), "answered rotter instead of nothing"),
        ({"offers": "pas-mistet"}, decision("answer", "rotter"), "rotter offered instead of pas-mistet"),
        ({"offers": "pas-mistet"}, decision("answer", "rotter", "pas-mistet"), "rotter offered instead of pas-mistet"),
        ({"offers": "pas-mistet"}, decision("clarify", None, "rotter"), "rotter offered instead of pas-mistet"),
        ({"offers": "pas-mistet"}, decision("reject"), "nothing offered instead of pas-mistet"),
        ({"options_include": ["pas-mistet"]}, decision("clarify", None, "rotter"), "pas-mistet not offered"),
        ({"not_answer": True}, decision("answer", "rotter"), "answered rotter, which nobody asked for"),
        ({"ends": "transferred"}, decision("transfer"), "the call ended as caller_hung_up instead of transferred"),
    ],
)
def test_what_is_wrong_is_said(expect: dict[str, Any], decided: dict[str, Any], miss: str) -> None:
    assert a_call(expect, decided).steps[0].misses == (miss,)


@pytest.mark.parametrize(
    ("option", "offered", "miss"),
    [
        (2, ["rotter", "sfo"], ()),
        (1, ["rotter", "sfo"], ("answered sfo instead of number 1 of rotter, sfo",)),
        (3, ["rotter", "sfo"], ("answered sfo instead of number 3 of rotter, sfo",)),
        (1, [], ("answered sfo instead of number 1 of none",)),
    ],
)
def test_a_choice_is_held_against_what_was_offered(option: int, offered: list[str], miss: tuple[str, ...]) -> None:
    the_case = case({"say": "a.wav"}, {"press": "1", "expect": {"option": option}})
    told = captions(
        (0.0, "CallStarted", {"municipality": "roskilde"}),
        (1.0, "Transcribed", {"text": "skadedyr"}),
        (1.0, "Decided", decision("clarify", None, *offered)),
        (2.0, "DigitPressed", {"digit": "1"}),
        (2.0, "Decided", decision("answer", "sfo")),
    )
    turns = [Turn(the_case.script.turns[0], 1, 0.5), Turn(the_case.script.turns[1], 3, 2.0)]
    assert judge(Recording(the_case, turns, told, hung_up=True)).steps[1].misses == miss


def test_a_filler_is_told_from_the_answer() -> None:
    the_case = case({"say": "a.wav"})
    told = captions(
        (0.0, "CallStarted", {"municipality": "roskilde"}),
        (4.0, "SpeechEnded", {}),
        (5.0, "Saying", {"text": "Et øjeblik."}),
        (6.0, "Transcribed", {"text": "mit pas"}),
        (6.0, "Decided", decision("answer", "pas-mistet", reply="Meld det. Gå til politiet.")),
        (6.1, "Saying", {"text": "Meld det."}),
        (6.1, "Saying", {"text": "Gå til politiet."}),
        (9.0, "CallEnded", {"outcome": "goodbye"}),
    )
    pieces = [Piece(1.0, 1.0), Piece(5.0, 5.1), Piece(6.1, 6.2), Piece(6.1, 8.0)]
    [step] = judge(Recording(the_case, [Turn(the_case.script.turns[0], 1, 3.5)], told, pieces, 9.0)).steps
    assert (step.first_sound, step.answer_sound) == (pytest.approx(1.6), pytest.approx(2.7))


def test_the_last_of_two_decisions_on_one_utterance_counts() -> None:
    the_case = case({"say": "a.wav", "expect": {"answer": "sfo"}})
    told = captions(
        (0.0, "CallStarted", {"municipality": "roskilde"}),
        (1.0, "Transcribed", {"text": "jeg vil gerne"}),
        (1.0, "Decided", decision("clarify")),
        (2.0, "Transcribed", {"text": "vide noget om sfo"}),
        (2.0, "Decided", decision("answer", "sfo")),
        (9.0, "Decided", decision("smalltalk", reply="Er du der stadig?")),
        (9.0, "CallEnded", {"outcome": "silence"}),
    )
    result = judge(Recording(the_case, [Turn(the_case.script.turns[0], 1, 0.5)], told, [], 9.0))
    assert result.passed
    assert result.steps[0].heard == "vide noget om sfo"


def test_a_bot_that_decides_nothing_or_fails_or_is_anothers_is_a_miss() -> None:
    the_case = case({"say": "a.wav"}, municipality="roskilde")
    turn = Turn(the_case.script.turns[0], 0, 0.5)
    failed = captions((1.0, "Failed", {"stage": "asr", "code": "asr.failed"}))
    assert judge(Recording(the_case, [turn], failed)).steps[0].misses == ("the bot decided nothing (asr.failed)",)
    lost = judge(Recording(the_case, [], captions((0.0, "CallStarted", {"municipality": "lejre"}))))
    assert lost.misses == ("the case is for roskilde, the bot is lejre's",)
    assert judge(Recording(the_case, [], [], fault="the line broke")).misses[0] == "the line broke"
    unended = judge(Recording(case({"wait": 1}), [], []))
    assert unended.misses == ("the bot never said that the call had ended",)


@pytest.fixture
def report() -> Report:
    right = a_call({"answer": "pas-mistet"}, decision("answer", "pas-mistet"), text="Mit <pas>")
    wrong = a_call({"not_answer": True}, decision("answer", "rotter"))
    return Report((right, wrong))


def test_the_report_as_a_table(report: Report) -> None:
    console = Console(width=200)
    with console.capture() as capture:
        console.print(report.table())
    said = capture.get()
    assert not report.passed
    assert Report(report.results[:1]).passed
    assert "answered rotter, which nobody asked for" in said
    assert "1 of 2 right" in said
    assert "p50 1.15 s" in said


def test_the_report_for_a_program(report: Report) -> None:
    data: Any = report.to_json()
    assert (data["passed"], data["missed"]) == (1, 1)
    assert data["latency"]["first_sound_of_the_answer"] == {"p50": 1.15, "p95": 1.15, "count": 2}
    assert [one["passed"] for one in data["cases"]] == [True, False]
    assert data["cases"][0]["steps"][0]["answer"] == "pas-mistet"


def test_the_report_for_a_build_server(report: Report) -> None:
    suite = ET.fromstring(report.junit())
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    assert [one.get("classname") for one in suite] == ["pas", "pas"]
    failure = suite[1].find("failure")
    assert failure is not None
    assert failure.text == "a: answered rotter, which nobody asked for"


def test_the_report_as_a_page(report: Report) -> None:
    page = report.html()
    assert "Mit &lt;pas&gt;" in page
    assert "answered rotter, which nobody asked for" in page
    assert "http" not in page


def test_a_report_of_nothing_can_be_shown() -> None:
    empty = Report(())
    assert empty.passed
    assert "0 of 0 right" in empty.summary
    assert "p50 –" in empty.html()
