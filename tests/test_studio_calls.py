"""Recorded calls on changed answers: what turns, what is remembered, and that citizens go first."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from tests.trying import record_call, workshop
from tests.two_answers import ANSWER, OTHER
from voicebot.errors import ReplayError
from voicebot.replay.judging import CaseResult, Outcome, StepResult
from voicebot.storage import versions
from voicebot.studio import Calls, Did, rehearsing
from voicebot.studio import beside as room
from voicebot.studio.calls import calls_in, compared

pytest_plugins = ["tests.databases"]
LOST, CHILD = "common/pas/pas-mistet.yaml", "common/pas/pas-barn.yaml"
SORRY = ANSWER.replace("Det er vi kede af.", "Øv da.")
WITHOUT = ANSWER[: ANSWER.index("follow_up")] + ANSWER[ANSWER.index("sms") :]


one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def shop(tmp_path: Path, database):
    async with workshop(tmp_path, database) as made:
        made.sessions = database
        yield made


@pytest.fixture
def recorded(shop, tmp_path) -> None:
    record_call(tmp_path, "Mistet pas", "Mit pas er væk", "pas-mistet")
    record_call(tmp_path, "Pas til barn", "tre", "pas-barn")
    record_call(tmp_path, "Hund", "Mit pas er væk, hund", "pas-hund")


@one_database
async def test_what_a_change_does_to_recorded_calls_is_told_call_by_call(shop, recorded):
    told: list[tuple[int, int]] = []
    same = await shop.studio.calls({LOST: SORRY}, lambda done, of: told.append((done, of)))
    assert (same.better, same.worse, same.calls, same.right_before, same.right_after) == ((), (), 3, 2, 2)
    assert told == [(done, 6) for done in range(1, 7)]
    told.clear()
    gone = await shop.studio.calls({LOST: WITHOUT, CHILD: None}, lambda done, of: told.append((done, of)))
    assert told[-1] == (3, 3), "how they go on the answers in use is remembered"
    (turned,) = gone.worse
    assert (turned.title, turned.said, turned.heard) == ("Pas til barn", "tre", "tre")
    assert turned.before == Did("answer", "pas-barn", (), "caller_hung_up")
    assert (gone.better, gone.right_before, gone.right_after) == ((), 2, 1)
    async with shop.sessions.begin() as session:
        before = {LOST: ANSWER, CHILD: OTHER}
        await versions.publish(session, {LOST: WITHOUT, CHILD: None}, "Mette", "", before=before)
    assert await shop.studio.publish() == ()
    back = await shop.studio.calls({LOST: ANSWER, CHILD: OTHER}, lambda _, __: None)
    assert [turned.title for turned in back.better] == ["Pas til barn"], "others are in use now"


@one_database
async def test_only_calls_that_are_chosen_and_for_this_municipality_are_tried(shop, recorded, tmp_path):
    kept, other = (tmp_path / "calls" / "pas" / f"{name}.yaml" for name in ("Mistet pas", "Hund"))
    kept.write_text(kept.read_text("utf-8").replace(", gate]", "]"), "utf-8")
    other.write_text("municipality: storeby\n" + other.read_text("utf-8"), "utf-8")
    assert (await shop.studio.calls({LOST: SORRY}, lambda _, __: None)).calls == 1


@one_database
async def test_recorded_calls_are_read_again_only_where_a_file_has_changed(shop, recorded, tmp_path, monkeypatch):
    read: list[Path] = []

    def counted(folder: Path, municipality: str):
        read.append(folder)
        return calls_in(folder, municipality)

    monkeypatch.setattr(rehearsing, "calls_in", counted)
    for _ in range(2):
        assert (await shop.studio.calls({LOST: SORRY}, lambda _, __: None)).calls == 3
    assert len(read) == 1
    record_call(tmp_path, "Hund og kat", "Mit pas er væk, hund", "pas-hund")
    assert (await shop.studio.calls({LOST: SORRY}, lambda _, __: None)).calls == 4
    assert len(read) == 2


@one_database
async def test_without_recorded_calls_there_is_nothing_to_tell_and_a_broken_one_is_a_fault(shop, tmp_path):
    assert await shop.studio.calls({LOST: SORRY}, lambda _, __: None) == Calls()
    record_call(tmp_path, "Mistet pas", "Mit pas er væk", "[")
    with pytest.raises(ReplayError):
        await shop.studio.calls({LOST: SORRY}, lambda _, __: None)


@one_database
async def test_recorded_calls_wait_for_citizens_and_stop_when_nobody_waits_for_them(shop, recorded, monkeypatch):
    monkeypatch.setattr(room, "LONG_BREATH", 0.01)
    shop.engines.quiet = False
    told: list[int] = []
    going = asyncio.create_task(shop.studio.calls({LOST: SORRY}, lambda done, _: told.append(done)))
    await asyncio.sleep(0.1)
    assert not told
    shop.engines.quiet = True
    assert (await asyncio.wait_for(going, 2)).calls == 3
    shop.engines.quiet = False
    going = asyncio.create_task(shop.studio.calls({LOST: SORRY}, lambda done, _: told.append(done)))
    while not shop.studio._comparing.locked():
        await asyncio.sleep(0.01)
    going.cancel()
    await asyncio.gather(going, return_exceptions=True)
    told.clear()
    shop.engines.quiet = True
    await asyncio.sleep(0.05)
    assert not told


@one_database
async def test_where_somebody_always_calls_recorded_calls_get_a_turn_now_and_then(shop, recorded, monkeypatch):
    monkeypatch.setattr(room, "LONG_BREATH", 0.001)
    monkeypatch.setattr(room, "CALM", 0.01)
    shop.engines.quiet = False
    assert (await asyncio.wait_for(shop.studio.calls({LOST: SORRY}, lambda _, __: None), 10)).calls == 3


def test_a_call_that_turns_says_where_it_is_first_seen():
    missed, right = (calls_made(misses) for misses in (("not that",), ()))
    assert compared([right], [missed]).worse[0].said == "to"
    assert compared([missed], [right]).better[0].said == "to"
    assert compared([missed], [missed]) == Calls((), (), 1, 0, 0)
    wrong = replace(missed, steps=(*missed.steps[:1], replace(missed.steps[1], outcome=Outcome.WRONG)))
    assert compared([missed], [wrong]).worse[0].after.answer == "pas-mistet"
    hung = replace(right, steps=(), misses=("no bot answers",), outcome="fault")
    (turned,) = compared([right], [hung]).worse
    assert (turned.said, turned.after) == ("", Did("", None, (), "fault"))


def test_worse_is_what_would_shut_the_gate():
    missed = calls_made(("not that",))
    vital = replace(missed, tags=("vital",))
    wrong = replace(vital, steps=(*vital.steps[:1], replace(vital.steps[1], outcome=Outcome.WRONG)))
    assert compared([vital], [vital]).worse == ()
    assert len(compared([wrong], [wrong]).worse) == 1, "whatever was before"
    assert len(compared([wrong], [vital]).better) == 1
    skipped = replace(missed, steps=missed.steps[1:])
    assert compared([calls_made(())], [skipped]).worse[0].said == "to", "a step is held against itself"


def calls_made(misses: tuple[str, ...]) -> CaseResult:
    """A call of two steps, the second of which is as it is given."""
    step = StepResult(
        title="en", text="en", heard="en", candidates=(), outcome=Outcome.RIGHT, misses=(),
        decision={"decision": "answer", "answer": "pas-mistet", "options": []},
        begins=0.0, ends=1.0, first_sound=0.5, answer_sound=0.5,
    )  # fmt: skip
    other = replace(step, text="to", misses=misses, outcome=Outcome.REJECTED if misses else Outcome.RIGHT)
    return CaseResult(
        name="pas/mistet", title="Mistet pas", tags=(), fingerprint="f", condition="ren", repetition=1,
        outcome="caller_hung_up", seconds=9.0, steps=(step, other), misses=(), recording=None,
    )  # fmt: skip
