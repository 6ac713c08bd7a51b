"""The report for operators: its arithmetic, its files, and the page in Debian's Chromium."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.made_library import LIBRARY
from voicebot.dialogue import Decision
from voicebot.dialogue import Kind as Did
from voicebot.errors import EvaluationError
from voicebot.evaluation import Evaluation, Kind, Outcome, Question, verdict
from voicebot.evaluation.reliability import BINS, calibration_error, picture, reliability
from voicebot.evaluation.report import areas, check_place, confusions, page, write_report
from voicebot.matching import Candidate


def outcome(kind: Kind, text: str, topic: str, decision: Decision, *candidates: tuple[str, float]) -> Outcome:
    question = Question(text, tuple(filter(None, topic.split("|"))), kind)
    weighed = tuple(Candidate(*each) for each in candidates)
    return Outcome(question, text, weighed, decision, verdict(question, decision), 0.012)


def answer(id_: str, confidence: float) -> Decision:
    return Decision(Did.ANSWER, id_, confidence, (), ())


def clarify(*ids: str) -> Decision:
    return Decision(Did.CLARIFY, None, 0.4, ids, ())


REJECT = Decision(Did.REJECT, None, 0.02, (), ())
EVALUATION = Evaluation(
    (
        outcome(Kind.IN_SCOPE, "nyt pas", "pas-fornyelse", answer("pas-fornyelse", 0.95), ("pas-fornyelse", 0.95)),
        outcome(Kind.IN_SCOPE, "pas <b>til ham", "pas-barn", answer("pas-pris", 0.95), ("pas-pris", 0.95)),
        outcome(Kind.IN_SCOPE, "pas til min søn", "pas-barn", clarify("pas-pris", "pas-barn"), ("pas-pris", 0.45)),
        outcome(Kind.IN_SCOPE, "rotter i kælderen", "rotter", REJECT, ("pas-barn", 0.02)),
        outcome(Kind.IN_SCOPE, "pas til en hund", "pas-barn", clarify("pas-barn"), ("pas-barn", 1.0)),
        outcome(Kind.OUT_OF_SCOPE, "en pizza", "", REJECT, ("pas-barn", 0.02)),
        outcome(Kind.OUT_OF_SCOPE, "to pizzaer", "", answer("rotter", 0.85), ("rotter", 0.85)),
        outcome(Kind.EMERGENCY, "hjælp", "noed-112", REJECT),
    ),
    0.2,
    7,
)


def test_confidence_is_held_against_the_share_right() -> None:
    bins = reliability(EVALUATION)
    assert [each.count for each in bins] == [2, 0, 0, 0, 1, 0, 0, 0, 1, 3]
    assert len(bins) == BINS
    last = bins[-1]
    assert (last.low, last.high) == (0.9, 1.0)
    assert last.confidence == pytest.approx((0.95 + 0.95 + 1.0) / 3)
    assert last.right == pytest.approx(2 / 3)
    expected = (2 * 0.02 + 0.45 + 0.85 + 3 * (2.9 / 3 - 2 / 3)) / 7
    assert calibration_error(bins) == pytest.approx(expected)


def test_no_question_gives_an_empty_picture() -> None:
    bins = reliability(Evaluation((), 0.0, 1))
    assert calibration_error(bins) == 0.0
    assert picture(bins).startswith(b"\x89PNG")


def test_the_most_frequent_confusion_stands_first() -> None:
    (first,) = confusions(EVALUATION)
    assert (first.asked, first.given) == (("pas-barn",), "pas-pris")
    assert first.questions == ("pas <b>til ham", "pas til min søn")


def test_questions_in_scope_are_parted_by_area() -> None:
    assert {area: len(outcomes) for area, outcomes in areas(EVALUATION, LIBRARY).items()} == {"prøve": 5}


def test_the_page_and_the_picture_are_written(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    write_report(EVALUATION, LIBRARY, ["a.tsv"], file)
    assert (tmp_path / "report.png").read_bytes().startswith(b"\x89PNG")
    text = file.read_text("utf-8")
    assert "pas &lt;b&gt;til ham" in text
    assert not re.search(r"(src|href)=[\"'](?!data:)", text)


@pytest.mark.parametrize("name", ["none/report.html", "."])
def test_a_place_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(EvaluationError, match="choose another"):
        check_place(tmp_path / name)


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "report.png").mkdir()
    with pytest.raises(EvaluationError, match=r"report\.png: cannot be written"):
        write_report(EVALUATION, LIBRARY, ["a.tsv"], tmp_path / "report.html")


def test_an_evaluation_without_a_kind_has_a_page() -> None:
    only = Evaluation(EVALUATION.of(Kind.EMERGENCY), 0.0, 1)
    text = page(only, LIBRARY, ["a.tsv"], picture(reliability(only)))
    assert "Nødsituationer" in text
    assert "Småsnak" not in text


# In the browser


@pytest.fixture(scope="module")
def browser(launch: Callable[..., Browser]) -> Browser:
    return launch()


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 360])
def test_an_operator_reads_the_report(browser: Browser, tmp_path: Path, width: int) -> None:
    file = tmp_path / "report.html"
    write_report(EVALUATION, LIBRARY, ["a.tsv"], file)
    asked: list[str] = []
    shown: Page = browser.new_page(viewport={"width": width, "height": 900})
    shown.on("request", lambda request: asked.append(request.url))
    shown.goto(file.as_uri())
    expect(shown.get_by_role("heading", level=1)).to_have_text("Hvor ofte har botten ret?")
    expect(shown.get_by_text("Omkring 20 % af ordene")).to_be_visible()
    row = shown.get_by_role("row", name="Spørgsmål, der er et svar på")
    assert row.get_by_role("cell").all_inner_texts() == [
        "5", "1 (20,0 %)", "3 (60,0 %)", "0 (0,0 %)", "1 (20,0 %)", "1 (20,0 %)"
    ]  # fmt: skip
    measured = shown.get_by_role("row", name="Målt her").get_by_role("cell").all_inner_texts()
    assert measured == ["20,0 %", "60,0 %", "20,0 %", "50,0 %"]
    expect(shown.get_by_role("heading", name="Forkert svar (1)")).to_be_visible()
    expect(shown.get_by_role("heading", name="Ikke besvaret (2)")).to_be_visible()
    expect(shown.get_by_role("heading", name="Uden for emnerne, men besvaret (1)")).to_be_visible()
    image = shown.get_by_role("img", name="Diagram")
    assert image.evaluate("image => image.naturalWidth") == 720
    assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert [url for url in asked if not url.startswith("data:")] == [file.as_uri()]
    shown.close()
