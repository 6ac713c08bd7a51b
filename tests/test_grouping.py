"""Unanswered turns find their groups: placing, and the work beside the calls, on both databases."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from voicebot.grouping import Groups, keep_grouping
from voicebot.grouping.describing import SIZE
from voicebot.grouping.keeping import group_some
from voicebot.storage import groups
from voicebot.storage.tables import Call, Group, Turn

pytest_plugins = ["tests.databases"]

Sessions = async_sessionmaker[AsyncSession]
NOON = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)


def described(texts: Sequence[str]) -> NDArray[np.float32]:
    """Texts that begin with the same word point the same way, the longer the more they stray."""
    rows = np.zeros((len(texts), SIZE), np.float32)
    for row, text in zip(rows, texts, strict=True):
        row[sum(text.split()[0].encode()) % 300] = 1
        row[300 + len(text)] = len(text) / 40
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


async def at_once() -> None:
    """No call goes on."""


async def ask(sessions: Sessions, *texts: str | None, municipality: str = "roskilde", unanswered: bool = True) -> None:
    """A call in which these things were said, and not answered."""
    async with sessions.begin() as session:
        at = NOON + timedelta(minutes=len((await session.scalars(select(Call))).all()))
        call = Call(id=f"CA{at:%H%M}", channel="web", municipality=municipality, started=at, slow=False, unsure=False)
        call.turns = [
            Turn(
                number=number, at=4.0, started=at + timedelta(seconds=number), municipality=municipality, text=text,
                heard=0.6, decision="reject", unanswered=unanswered,
            )
            for number, text in enumerate(texts, 1)
        ]  # fmt: skip
        session.add(call)


async def put_all(sessions: Sessions) -> None:
    while await group_some(sessions, described, at_once):
        pass


async def grouped(sessions: Sessions) -> dict[str, set[str | None]]:
    """Texts of the turns of each group, by its label."""
    async with sessions() as session:
        found = await session.execute(select(Group.label, Turn.text).join(Turn, Turn.group_id == Group.id))
        result: dict[str, set[str | None]] = {}
        for label, text in found:
            result.setdefault(label, set()).add(text)
        return result


def test_what_lies_near_a_middle_joins_it_and_moves_it_on() -> None:
    there = np.array([[1, 0, 0]], np.float32)
    its = Groups(there, [3])
    slanted = np.array([0.8, 0.6, 0], np.float32)
    assert its.place(slanted) == 0
    assert its.sizes == [4]
    assert its.means[0] == pytest.approx([0.95, 0.15, 0])
    across = np.array([0, 0, 1], np.float32)
    assert its.place(across) == 1
    assert its.place(across) == 1
    assert its.sizes == [4, 2]


def test_the_first_vector_of_all_begins_a_group_and_the_nearest_group_is_taken() -> None:
    its = Groups(np.zeros((0, 2), np.float32), [])
    assert its.place(np.array([1, 0], np.float32)) == 0
    assert its.place(np.array([0, 1], np.float32)) == 1
    assert its.place(np.array([0.7, 0.714], np.float32)) == 1


def test_a_group_without_a_middle_attracts_nothing() -> None:
    assert Groups(np.zeros((1, 2), np.float32), [1]).place(np.array([1, 0], np.float32)) == 1


async def test_turns_of_one_meaning_come_into_one_group_called_by_its_middle(database: Sessions) -> None:
    await ask(database, "hund i skoven", "hund uden snor i skoven ved søen", "fisketegn")
    await ask(database, "hund i parken", "fisketegn til åen")
    await put_all(database)
    assert await grouped(database) == {
        "hund i parken": {"hund i skoven", "hund uden snor i skoven ved søen", "hund i parken"},
        "fisketegn til åen": {"fisketegn", "fisketegn til åen"},
    }
    async with database() as session:
        assert set(await session.scalars(select(Group.size))) == {3, 2}


async def test_what_was_answered_or_has_no_words_any_more_is_in_no_group(database: Sessions) -> None:
    await ask(database, "pas", unanswered=False)
    await ask(database, None)
    await put_all(database)
    assert await grouped(database) == {}


async def test_municipalities_have_groups_of_their_own(database: Sessions) -> None:
    await ask(database, "hund i skoven")
    await ask(database, "hund i skoven", municipality="lejre")
    await put_all(database)
    async with database() as session:
        assert sorted(await session.scalars(select(Group.municipality))) == ["lejre", "roskilde"]


async def test_a_group_that_is_dealt_with_goes_on_growing(database: Sessions) -> None:
    await ask(database, "hund i skoven")
    await put_all(database)
    async with database.begin() as session:
        await session.execute(update(Group).values(state="not_ours"))
    await ask(database, "hund i parken")
    await put_all(database)
    async with database() as session:
        (its,) = (await session.scalars(select(Group))).all()
        assert (its.state, its.size) == ("not_ours", 2)


async def test_two_processes_do_not_both_place_a_turn(database: Sessions) -> None:
    await ask(database, *(f"hund nummer {number}" for number in range(8)))
    both = asyncio.Barrier(2)

    async def work() -> None:
        waits = iter([both.wait])

        async def quiet() -> None:
            await next(waits, at_once)()

        await group_some(database, described, quiet)

    await asyncio.gather(work(), work())
    async with database() as session:
        (its,) = (await session.scalars(select(Group))).all()
        assert its.size == 8
        assert len((await session.scalars(select(Turn).where(Turn.group_id == its.id))).all()) == 8


async def test_nothing_is_worked_out_while_a_call_goes_on(database: Sessions) -> None:
    await ask(database, "hund i skoven")
    quiet = asyncio.Event()
    work = asyncio.create_task(group_some(database, described, quiet.wait))
    await asyncio.sleep(0.05)
    assert await grouped(database) == {}
    quiet.set()
    await work
    assert await grouped(database) == {"hund i skoven": {"hund i skoven"}}


async def test_groups_of_another_description_get_a_new_middle_by_their_label(database: Sessions) -> None:
    await ask(database, "hund i skoven")
    await put_all(database)
    async with database.begin() as session:
        await session.execute(update(Group).values(centre=b"1234"))
    await put_all(database)
    await ask(database, "hund i parken")
    await put_all(database)
    assert await grouped(database) == {"hund i parken": {"hund i skoven", "hund i parken"}}


async def test_a_fault_is_logged_once_without_words_and_the_work_goes_on(
    database: Sessions, caplog: pytest.LogCaptureFixture
) -> None:
    await ask(database, "hund i skoven")
    faults = 3

    def failing(texts: Sequence[str]) -> NDArray[np.float32]:
        nonlocal faults
        if faults:
            faults -= 1
            raise RuntimeError(texts[0])
        return described(texts)

    work = asyncio.create_task(keep_grouping(database, failing, at_once, rest=0.001))
    async with asyncio.timeout(10):
        while not await grouped(database):
            await asyncio.sleep(0.01)
    work.cancel()
    assert [record.getMessage() for record in caplog.records if "grouped" in record.getMessage()] == [
        "Unanswered questions are not grouped for now (RuntimeError); it is tried again."
    ]


async def test_a_group_is_not_called_by_words_that_are_deleted(database: Sessions) -> None:
    await ask(database, "hund i skoven", "hund")
    await put_all(database)
    async with database.begin() as session:
        label = await session.scalar(select(Group.label))
        await session.execute(update(Turn).where(Turn.text == label).values(text=None))
        assert await groups.forget_labels(session) == 1
        assert {label, await session.scalar(select(Group.label))} == {"hund i skoven", "hund"}
        await session.execute(update(Turn).values(text=None))
        assert await groups.forget_labels(session) == 1
        assert await session.scalar(select(Group.label)) == ""
        assert await groups.forget_labels(session) == 0
