"""Simulated callers against bots of a few lines that do well and badly, and against a real one."""

import asyncio
import base64
import re
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.conftest import ROOT, RunningBot
from tests.scripted_bot import PASSPORT, TONE, Conversation, ScriptedBot, bot, case, is_loud, slow
from voicebot.errors import ReplayError
from voicebot.loadtest import Plan, Report, caller, load_questions, loadtest, measuring, running, starting
from voicebot.loadtest.warming import warm_up
from voicebot.replay.own_bot import OwnBot


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "SPREAD", 0.2)
    monkeypatch.setattr(running, "BETWEEN", 0.1)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caller, "PATIENCE", 0.9)


async def callers_at(
    folder: Path,
    *callers: int,
    conversation: Conversation = ScriptedBot.converse,
    limit: float = 30.0,
    turns: int = 1,
    watch: Callable[[Report], None] = lambda report: None,
) -> Report:
    case(folder, "  - say: a.wav\n")
    plan = Plan(load_questions([folder]), turns=turns)
    async with bot(*[PASSPORT] * 3, conversation=conversation) as (url, _):
        return await loadtest(plan, callers, limit, url, watch)


async def test_callers_who_are_served(tmp_path: Path) -> None:
    seen: list[int] = []
    report = await callers_at(tmp_path, 2, turns=2, watch=lambda report: seen.append(report.figures[-1].calls))
    [level] = report.figures
    assert report.passed
    assert report.held == 2
    assert level.reply.count == 4
    assert level.reply.p50
    assert 0 < level.reply.p50 == level.first.p50
    assert level.greeting.p50
    assert level.shares["answered"] == 1.0
    assert (level.busy, level.lost, level.cpu) == (0, 0, None)
    assert seen == list(range(1, level.calls + 1))


async def test_a_bot_that_is_slow_misses_the_limit(tmp_path: Path) -> None:
    report = await callers_at(tmp_path, 1, conversation=slow(0.6), limit=0.5)
    assert not report.passed
    assert report.figures[0].reply.p50
    assert report.figures[0].reply.p50 > 0.6
    assert report.figures[0].shares["no reply"] == 0
    assert re.match(r"1 caller was not served: p95 0\.\d\d s\.", report.verdict)


@pytest.mark.usefixtures("impatient")
async def test_a_bot_that_never_replies(tmp_path: Path) -> None:
    async def silent(call: ScriptedBot) -> None:
        await call.greet()
        while True:
            await call.read()

    report = await callers_at(tmp_path, 1, conversation=silent)
    [level] = report.figures
    assert level.reply.p50 is None
    assert level.shares["no reply"] == level.shares["silent"] == 1.0
    assert "more than 5 of 100 replies never came" in report.verdict
    assert not report.passed


async def test_a_filler_is_a_sound_but_no_reply(tmp_path: Path) -> None:
    async def late(call: ScriptedBot) -> None:
        call.filler = "Et øjeblik."
        await call.converse()

    [level] = (await callers_at(tmp_path, 1, conversation=late)).figures
    assert level.first.p50
    assert level.reply.p50
    assert level.reply.p50 >= level.first.p50 + len(TONE) / 8000


async def full(call: ScriptedBot) -> None:
    await call.begin()
    await call.say("Der er mange, der ringer lige nu.")
    await call.tell("Transferred", number="+4512345678", reason="busy")
    await call.tell("CallEnded", outcome="transferred")


async def test_a_bot_that_turns_callers_away(tmp_path: Path) -> None:
    report = await callers_at(tmp_path, 1, conversation=full)
    assert report.figures[0].busy == report.figures[0].calls == 1
    assert report.figures[0].lost == 0
    assert "1 turned away" in report.verdict
    assert not report.passed


async def crashing(call: ScriptedBot) -> None:
    await call.greet()
    await call.read()
    call.socket.transport.abort()


async def mute(call: ScriptedBot) -> None:
    await call.begin()
    await call.read()


async def failing(call: ScriptedBot) -> None:
    await call.greet()
    await call.understand(*await call.read())
    await call.tell("Failed", stage="asr", code="call.timeout")
    await call.say("Jeg stiller dig om.")
    await call.tell("Transferred", number="+4512345678", reason="fault")
    await call.tell("CallEnded", outcome="transferred")


async def curt(call: ScriptedBot) -> None:
    await call.begin()
    await call.say("Farvel.")
    await call.tell("CallEnded", outcome="goodbye")


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("conversation", "reason"),
    [
        (crashing, "the line broke"),
        (mute, "the bot never said a word"),
        (failing, "the bot failed (call.timeout)"),
        (curt, "the bot hung up before the first question"),
    ],
    ids=["crashing", "mute", "failing", "curt"],
)
async def test_a_call_that_comes_to_nothing_is_lost(tmp_path: Path, conversation: Conversation, reason: str) -> None:
    report = await callers_at(tmp_path, 1, conversation=conversation)
    assert report.losses == {reason: report.figures[0].calls}
    assert not report.passed


@pytest.mark.usefixtures("impatient")
async def test_a_bot_that_speaks_before_the_caller_has_finished_cuts_them_off(tmp_path: Path) -> None:
    async def hasty(call: ScriptedBot) -> None:
        await call.greet()
        await call.read()
        await call.tell("SpeechStarted")
        await call.tell("SpeechEnded", speech_end=0.0)
        await call.tell("Transcribed", text="mit pas", confidence=0.9, seconds=0.2)
        await call.decide(*PASSPORT)
        await call.read()

    [level] = (await callers_at(tmp_path, 1, conversation=hasty)).figures
    assert level.shares["cut off"] == level.shares["no reply"] == 1.0


async def test_a_bot_without_captions_is_judged_by_sound_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def no_captions(call: ScriptedBot, kind: str, **fields: object) -> None:
        pass

    monkeypatch.setattr(ScriptedBot, "tell", no_captions)
    report = await callers_at(tmp_path, 1)
    [level] = report.figures
    assert report.passed
    assert level.reply.count == 1
    assert level.reply == level.first
    assert level.shares["answered"] == 0


async def test_more_and_more_callers_until_they_are_too_many(tmp_path: Path) -> None:
    under_way = 0

    async def small(call: ScriptedBot) -> None:
        nonlocal under_way
        under_way += 1
        try:
            await (call.converse() if under_way < 2 else full(call))
        finally:
            under_way -= 1

    report = await callers_at(tmp_path, 1, 4, 8, conversation=small)
    assert [level.callers for level in report.figures] == [1, 4]
    assert report.held == 1
    assert report.passed
    assert report.verdict.startswith("1 caller at once served within 30.0 s. 4 callers were not served: ")


async def test_the_same_seed_asks_the_same(tmp_path: Path) -> None:
    for name in ("one", "two", "three"):
        case(tmp_path, f"  - say: a.wav\n    text: {name}\n", name)
    asked = []
    for _ in range(2):
        report = await callers_at(tmp_path, 1, turns=2)
        asked.append([ask.question for called in report.levels[0].calls for ask in called.asks])
    assert asked[0] == asked[1]


async def test_a_bot_just_started_is_asked_everything_once(tmp_path: Path) -> None:
    for name in ("one", "two", "three"):
        case(tmp_path, "  - say: a.wav\n", name)
    async with bot(PASSPORT) as (url, calls):
        await warm_up(url, load_questions([tmp_path]))
    sent = [base64.b64decode(m["media"]["payload"]) for call in calls for m in call.seen if m["event"] == "media"]
    assert len(calls) == 3
    assert sum(is_loud(sound) for sound in sent) == pytest.approx(3 * 15, abs=3)


@pytest.mark.usefixtures("impatient")
async def test_a_filler_breaks_the_silence_even_if_no_reply_comes(tmp_path: Path) -> None:
    async def stuck(call: ScriptedBot) -> None:
        await call.greet()
        await call.understand(*await call.read())
        await call.say("Et øjeblik.")
        await call.read()

    [level] = (await callers_at(tmp_path, 1, conversation=stuck)).figures
    assert level.shares["no reply"] == 1.0
    assert level.shares["silent"] == 0.0


async def test_the_bots_process_is_watched_until_it_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "SAMPLE", 0.05)
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "import time; time.sleep(60)")
    level = measuring.Level(1)
    async with measuring.measured(level, process.pid):
        await asyncio.sleep(0.3)
        process.kill()
        await process.wait()
        told = len(level.samples)
        await asyncio.sleep(0.2)
    assert 1 <= told <= len(level.samples) <= told + 1
    assert level.samples[0].memory > 1
    assert level.late
    assert level.seconds >= 0.5


async def test_no_bot_to_be_reached(tmp_path: Path) -> None:
    async with bot() as (url, _):
        pass
    case(tmp_path, "  - say: a.wav\n")
    with pytest.raises(ReplayError, match="no bot answers there"):
        await loadtest(Plan(load_questions([tmp_path])), (1,), 1.5, url, lambda report: None)


@pytest.mark.slow
async def test_two_callers_at_a_real_bot(running_bot: RunningBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caller, "PATIENCE", 30.0)
    monkeypatch.setattr(caller, "IMPATIENT", 1.0)
    questions = load_questions([ROOT / "audio_fixtures" / "pas", ROOT / "audio_fixtures" / "mitid" / "glemt-kode.yaml"])
    report = await loadtest(Plan(questions, turns=1), (2,), 30.0, running_bot.ws, lambda report: None)
    [level] = report.figures
    assert report.losses == {}
    assert report.passed
    assert level.reply.count == 2
    assert level.shares["answered"] + level.shares["asked back"] > 0
    assert set(level.stages) == {"ended", "transcribed", "decided", "sounded"}


@pytest.mark.slow
async def test_a_start_is_measured(running_bot: RunningBot, monkeypatch: pytest.MonkeyPatch) -> None:
    @asynccontextmanager
    async def started() -> AsyncIterator[OwnBot]:
        yield OwnBot(running_bot.ws, running_bot.process.pid)

    monkeypatch.setattr(starting, "own_bot", started)
    monkeypatch.setattr(starting, "ASKED", 1)
    start = await starting.measured_start(load_questions([ROOT / "audio_fixtures" / "pas"]), 1)
    assert start.seconds > 0
    assert 500 < start.ready_mb <= start.largest_mb
    assert re.search(r"Models loaded.*Ready after \d+\.\d s", running_bot.log.read_text(), re.DOTALL)
