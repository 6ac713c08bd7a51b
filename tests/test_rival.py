"""Two bots side by side: what a caller meets, by sound alone, against bots of a few lines; and the figures."""

import asyncio
import base64
import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.made_library import LIBRARY
from tests.scripted_bot import PASSPORT, TONE, Conversation, ScriptedBot, bot, case, is_loud
from voicebot import answers, app, models, rival
from voicebot.cli import cli
from voicebot.errors import ComparisonError
from voicebot.loadtest import Level, Report, load_questions
from voicebot.loadtest.caller import Ask, Called
from voicebot.loadtest.questions import Question
from voicebot.replay.playback import GAP
from voicebot.replay.speech import speech_end, speech_start
from voicebot.rival import caller
from voicebot.rival.caller import Heard, one_by_one
from voicebot.rival.comparison import Comparison, Figure, Side, best
from voicebot.rival.report import as_html, check_place


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, seconds in {"GREETING_LIMIT": 3.0, "ANSWER_LIMIT": 2.0, "SILENCE_LIMIT": 0.3, "LISTENS": 0.5}.items():
        monkeypatch.setattr(caller, name, seconds)
    monkeypatch.setattr(caller, "PAUSE", 0.2)


async def met(folder: Path, conversation: Conversation, monkeypatch: pytest.MonkeyPatch) -> Heard:
    async def no_captions(call: ScriptedBot, kind: str, **fields: object) -> None:
        pass

    monkeypatch.setattr(ScriptedBot, "tell", no_captions)
    case(folder, "  - say: a.wav\n")
    async with bot(PASSPORT, conversation=conversation) as (url, _):
        [heard] = await one_by_one(url, load_questions([folder]), lambda _: None)
    return heard


async def speak(call: ScriptedBot, seconds: float) -> None:
    """Without a mark, as a bot that keeps no ledger does."""
    sound = base64.b64encode(TONE * round(seconds * 8000 / len(TONE))).decode()
    await call.send(event="media", streamSid=call.stream, media={"payload": sound})


async def until_silent(call: ScriptedBot) -> None:
    quiet = 0
    while quiet < 5:
        message = json.loads(await call.socket.recv())
        if message["event"] == "media":
            quiet = 0 if is_loud(base64.b64decode(message["media"]["payload"])) else quiet + 1


async def polite(call: ScriptedBot) -> None:
    await call.begin()
    await speak(call, 0.3)
    await call.read()
    await until_silent(call)
    await speak(call, 4)
    await call.read()
    await call.send(event="clear", streamSid=call.stream)
    await call.read()


async def test_a_bot_that_answers_and_gives_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = await met(tmp_path, polite, monkeypatch)
    assert heard.question == "a"
    assert heard.greeting is not None
    assert heard.answer is not None
    assert heard.answer > 0.05  # five frames of silence are waited for
    assert heard.spoken_over
    assert heard.silent is not None
    assert heard.silent < 1
    assert not heard.cut


async def test_a_bot_that_talks_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def stubborn(call: ScriptedBot) -> None:
        await call.begin()
        await speak(call, 0.3)
        await call.read()
        await until_silent(call)
        await speak(call, 4)
        while True:
            await call.read()

    heard = await met(tmp_path, stubborn, monkeypatch)
    assert heard.spoken_over
    assert heard.silent is None


async def test_a_bot_that_greets_and_then_says_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def dull(call: ScriptedBot) -> None:
        await call.begin()
        await speak(call, 0.3)
        while True:
            await call.read()

    heard = await met(tmp_path, dull, monkeypatch)
    assert heard.greeting is not None
    assert (heard.answer, heard.spoken_over, heard.silent) == (None, False, None)


async def test_a_bot_that_does_not_wait_for_the_last_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hasty(call: ScriptedBot) -> None:
        await call.begin()
        await speak(call, 0.3)
        await call.read()
        await speak(call, 0.15)
        await until_silent(call)
        await asyncio.sleep(GAP)
        await speak(call, 0.3)
        await call.read()

    heard = await met(tmp_path, hasty, monkeypatch)
    assert heard.cut
    assert heard.answer is not None  # what it says after the last word
    assert not heard.spoken_over  # it had said all


def test_where_speech_begins_and_ends(tmp_path: Path) -> None:
    case(tmp_path, "  - say: a.wav\n")
    sound = load_questions([tmp_path])[0].sound
    assert speech_start(sound) == pytest.approx(0.1, abs=0.02)
    assert speech_end(sound) == pytest.approx(0.38)  # its last frame is sent 20 ms before it has been heard


def side(name: str, *seconds: float | None, silent: float = 0.2, held: int | None = None, cut: bool = False) -> Side:
    heard = tuple(Heard("Pas?", 0.1, answer, silent, True, cut) for answer in seconds)
    return Side(name, heard, None if held is None else load(held))


def load(held: int) -> Report:
    """Callers at once, of whom all up to `held` are served."""
    levels = []
    for callers in (1, 2, 4, 8):
        lost = "" if callers <= held else "the line broke"
        levels.append(Level(callers, seconds=1.0, calls=[Called(0.1, (served(),), False, lost)]))
    return Report(tuple(levels), 1.5)


def served() -> Ask:
    return Ask(0.0, "Pas?", 0.4, 0.4, False, "answer", {})


def row(comparison: Comparison, name: str) -> Figure:
    return next(figure for figure in comparison.figures if figure.name.startswith(name))


def test_far_enough_ahead() -> None:
    comparison = Comparison(side("voicebot", 0.5, 0.6, held=8), (side("a", 4.0, 5.0), side("b", 1.5, 1.6, held=2)))
    assert comparison.met
    middle = row(comparison, "answer begins, p50")
    assert (middle.ours, middle.theirs, middle.ratio) == (0.5, (4.0, 1.5), 0.33)  # against the better of the two
    assert row(comparison, "callers at once").ratio == 4.0
    assert row(comparison, "callers at once").theirs == (None, 2.0)


def test_every_must_can_be_missed() -> None:
    other = side("a", 1.0, held=2)
    for ours, missed in (
        (side("voicebot", 0.5, held=8), "answer begins"),
        (side("voicebot", None, held=8), "answer begins"),
        (side("voicebot", 0.3, held=4), "callers at once"),
        (side("voicebot", 0.3, held=8, silent=0.4), "silent when spoken over"),
        (Side("voicebot", (Heard("Pas?", 0.5, 0.3, 0.2, True, False),), load(8)), "greeting begins"),
    ):
        comparison = Comparison(ours, (other,))
        assert not comparison.met
        assert {figure.name.split(",")[0] for figure in comparison.figures if figure.met is False} == {missed}


def test_a_bot_that_serves_nobody_in_time_counts_as_one_that_serves_one() -> None:
    comparison = Comparison(side("voicebot", 0.3, held=4), (side("a", 2.0, held=0),))
    assert row(comparison, "callers at once").ratio == 4.0
    assert comparison.met


def test_answers_that_never_came_are_later_than_any() -> None:
    assert side("a", 1.0, None, None).answer.p50 is None
    assert best([side("a", None), side("b", 3.0), side("c", 2.0)]).name == "c"
    assert row(Comparison(side("voicebot", 1.0), (side("a", None),)), "answer begins").ratio is None


def test_a_table_a_page_and_json() -> None:
    comparison = Comparison(side("voicebot", 0.5, cut=True), (side("pipecat", 1.25), side("pipecat <b>", None)))
    columns, rows = comparison.table()
    assert columns == ("figure", "voicebot", "pipecat", "pipecat <b>", "ratio", "must", "")
    assert rows[0] == ("answer begins, p50", "0.50", "1.25", "–", "0.40", "ratio ≤ 0.4", "✓")
    assert ("answered before the last word", "1", "0", "0", "", "", "") in rows
    page = as_html(comparison)
    assert "1.25 s" in page
    assert "no answer" in page
    assert "pipecat <b>" not in page
    told = json.loads(json.dumps(comparison.to_json()))
    assert told["bots"]["pipecat"]["answer"]["p50"] == 1.25
    assert told["met"] is True


def test_a_place_for_the_page(tmp_path: Path) -> None:
    check_place(tmp_path / "report.html")
    for wrong in (tmp_path, tmp_path / "no" / "report.html"):
        with pytest.raises(ComparisonError, match="no place for a file"):
            check_place(wrong)


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """`voicebot bench calls` with its measurements made up, from callers at once at most to what was shown."""
    asked: list[tuple[int, int]] = []

    async def compare(python: Path, parts: Path, questions: Sequence[Question], callers: int, tell: object):
        asked.append((len(questions), callers))
        return Comparison(side("voicebot", 0.5), (side("pipecat, silence", 2.0 if callers else 1.0),))

    for name in ("set_up", "write_parts"):
        monkeypatch.setattr(rival, name, lambda *_: Path("parts"))
    monkeypatch.setattr(rival, "compare", compare)
    monkeypatch.setattr(answers, "load_library", lambda *_: LIBRARY)
    monkeypatch.setattr(app, "load_index", lambda *_: None)
    monkeypatch.setattr(models, "model_path", lambda folder, name: folder / name)

    def run(*words: str) -> Result:
        return CliRunner().invoke(cli, ["bench", "calls", *words])

    run.asked = asked
    return run


def test_the_command(command: Callable[..., Result], tmp_path: Path) -> None:
    shown = command("--questions", "3", "--html", str(tmp_path / "report.html"))
    assert shown.exit_code == 0
    assert "answer begins, p50" in shown.stdout
    assert "pipecat, silence" in (tmp_path / "report.html").read_text("utf-8")
    told = command("--callers", "0", "--json")
    assert told.exit_code == 1
    assert json.loads(told.stdout)["bots"]["voicebot"]["answer"]["p50"] == 0.5
    assert command.asked == [(3, 16), (8, 0)]
