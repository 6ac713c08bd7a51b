"""Groups as operators see them, and what they decide about them, on both databases."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from tests.test_grouping import NOON, Sessions, ask, described, put_all
from voicebot.errors import StorageError
from voicebot.storage.deciding import decide, merge, take_out
from voicebot.storage.groups import State
from voicebot.storage.period import Period
from voicebot.storage.tables import Group, Turn
from voicebot.storage.unanswered import PAGE, page_of_groups, similar, texts_of, turns_of

pytest_plugins = ["tests.databases"]

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))


async def group_of(database: Sessions, text: str) -> Group:
    async with database() as session:
        found = await session.scalar(select(Group).join(Turn, Turn.group_id == Group.id).where(Turn.text == text))
        assert found
        return found


async def the(session: AsyncSession, group: Group) -> Group:
    found = await session.get(Group, group.id)
    assert found
    return found


async def three_groups(database: Sessions) -> None:
    """Three about dogs, two about fish, one about snow."""
    await ask(database, "hund i skoven", "hund i parken", "fisketegn")
    await ask(database, "fisketegn til åen", "hund ved søen")
    await ask(database, "sne på vejen")
    await put_all(database)


async def test_groups_come_by_how_often_they_were_asked_about_in_the_period(database: Sessions) -> None:
    await three_groups(database)
    async with database.begin() as session:
        dogs = (await group_of(database, "hund i parken")).id
        before = NOVEMBER.begins - timedelta(days=3)
        await session.execute(update(Turn).where(Turn.text == "hund i parken").values(started=before))
        await session.execute(update(Turn).where(Turn.text == "sne på vejen").values(started=before))
    async with database() as session:
        page = await page_of_groups(session, State.OPEN, NOVEMBER)
    first, second = page.groups
    assert (first.id, first.turns, first.before, first.size) == (dogs, 2, 1, 3)
    assert (first.first, first.last) == (before, NOON + timedelta(minutes=1, seconds=2))
    assert (sum(first.trend), sum(second.trend)) == (2, 2)
    assert first.trend[int((NOON - NOVEMBER.begins) / (NOVEMBER.ends - NOVEMBER.begins) * 12)] == 2
    assert page.counts == {State.OPEN: 2}, "nobody asked about snow in the period"
    assert not page.more


async def test_a_page_is_followed_by_the_next(database: Sessions) -> None:
    async with database.begin() as session:
        session.add_all(
            Group(municipality="roskilde", label=f"{n}", centre=b"", size=1, state="open", created=NOON)
            for n in range(PAGE + 1)
        )
    await ask(database, *(f"spørgsmål {n}" for n in range(PAGE + 1)))
    async with database.begin() as session:
        for group, turn in zip(
            await session.scalars(select(Group)), (await session.scalars(select(Turn))).all(), strict=True
        ):
            turn.group_id = group.id
    async with database() as session:
        first = await page_of_groups(session, State.OPEN, NOVEMBER)
        second = await page_of_groups(session, State.OPEN, NOVEMBER, page=2)
    assert (len(first.groups), first.more, len(second.groups), second.more) == (PAGE, True, 1, False)
    assert not {group.id for group in first.groups} & {group.id for group in second.groups}


@pytest.mark.parametrize(("words", "found"), [("fisketegn å", 1), ("hund", 1), ("kat", 0), ("' OR 1=1 --", 0)])
async def test_groups_are_found_by_words_in_any_of_their_turns(database: Sessions, words: str, found: int) -> None:
    await three_groups(database)
    async with database() as session:
        assert len((await page_of_groups(session, State.OPEN, NOVEMBER, words)).groups) == found


async def test_a_group_that_is_dealt_with_shows_what_came_since(database: Sessions) -> None:
    await three_groups(database)
    dogs = await group_of(database, "hund i skoven")
    async with database.begin() as session:
        await decide(session, await the(session, dogs), State.ANSWERED, NOON + timedelta(seconds=30), "hunde")
    async with database() as session:
        (shown,) = (await page_of_groups(session, State.ANSWERED, NOVEMBER)).groups
        assert (shown.answer, shown.turns, shown.since) == ("hunde", 3, 1)
        assert (await page_of_groups(session, State.OPEN, NOVEMBER)).counts == {State.OPEN: 2, State.ANSWERED: 1}
    async with database.begin() as session:
        await decide(session, await the(session, dogs), State.OPEN, NOON)
    async with database() as session:
        again = await session.get(Group, dogs.id)
        assert again
        assert (again.state, again.answer, again.decided) == ("open", None, None)


async def test_turns_come_newest_first_and_texts_by_how_often_they_were_heard(database: Sessions) -> None:
    await ask(database, "hund i skoven", "hund her", "hund her")
    await ask(database, "hund igen")
    await put_all(database)
    async with database() as session:
        group = (await group_of(database, "hund her")).id
        turns, more = await turns_of(session, group)
        assert [turn.text for turn in turns] == ["hund igen", "hund her", "hund her", "hund i skoven"]
        assert not more
        assert await texts_of(session, group, 2) == ["hund her", "hund i skoven"]


async def test_merged_groups_are_one_whose_middle_lies_between(database: Sessions) -> None:
    await three_groups(database)
    snow, fish = await group_of(database, "sne på vejen"), await group_of(database, "fisketegn")
    async with database.begin() as session:
        await merge(session, await the(session, snow), await the(session, fish))
    async with database() as session:
        assert (await group_of(database, "fisketegn")).id == snow.id
        assert (await group_of(database, "fisketegn")).size == 3
        assert await session.get(Group, fish.id) is None
    await ask(database, "fisketegn til søen")
    await put_all(database)
    assert (await group_of(database, "fisketegn til søen")).id == snow.id


async def test_a_group_is_not_merged_with_itself_or_another_municipalitys(database: Sessions) -> None:
    await ask(database, "hund i skoven")
    await ask(database, "hund i lejre", municipality="lejre")
    await put_all(database)
    here, there = await group_of(database, "hund i skoven"), await group_of(database, "hund i lejre")
    for other in (here, there):
        async with database.begin() as session:
            with pytest.raises(StorageError):
                await merge(session, await the(session, here), await the(session, other))


async def test_a_turn_taken_out_has_a_group_of_its_own_that_attracts_its_like(database: Sessions) -> None:
    await three_groups(database)
    dogs = await group_of(database, "hund i skoven")
    async with database.begin() as session:
        turn = await session.scalar(select(Turn).where(Turn.text == dogs.label))
        assert turn
        own = await take_out(session, await the(session, dogs), turn.id)
        with pytest.raises(StorageError):
            await take_out(session, await the(session, dogs), turn.id)
    await put_all(database)
    async with database() as session:
        left, alone = await session.get(Group, dogs.id), await session.get(Group, own)
        assert left
        assert alone
        assert (left.size, alone.size, alone.label) == (2, 1, dogs.label)
        assert left.label != dogs.label
        assert len(alone.centre) == described(["x"]).nbytes
        assert [each.id for each in await similar(session, left)] == [own]


async def test_what_has_no_middle_yet_is_like_nothing(database: Sessions) -> None:
    async with database.begin() as session:
        group = Group(municipality="roskilde", label="x", centre=b"", size=1, state="open", created=datetime.now(UTC))
        session.add(group)
        await session.flush()
        assert await similar(session, group) == []
