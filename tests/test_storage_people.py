"""People, their passwords and sessions, the audit trail: in both kinds of database."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from voicebot.errors import StorageError
from voicebot.storage import audit, logins, passwords, people
from voicebot.storage.operators import Login, Person
from voicebot.storage.people import Role

pytest_plugins = ["tests.databases"]

Sessions = async_sessionmaker[AsyncSession]
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
GOOD = "en kop kaffe i regnen"


async def karen(session: AsyncSession, role: Role = Role.ADMINISTER, name: str = "Karen") -> Person:
    person = await people.add(session, name, role, GOOD)
    await session.commit()
    return person


def test_each_role_includes_the_ones_before_it() -> None:
    may = [[role.may(needed) for needed in Role] for role in Role]
    assert may == [[True, False, False], [True, True, False], [True, True, True]]


async def test_somebody_logs_in_with_their_password_only(database: Sessions) -> None:
    async with database() as session:
        await karen(session, name="Åse Øst")
        for name in ("Åse Øst", "åse øst", "  ÅSE   ØST "):
            person = await people.authenticated(session, name, GOOD, NOON)
            assert person
            assert (person.name, person.last_login) == ("Åse Øst", NOON)
        assert not await people.authenticated(session, "Åse Øst", GOOD + " ", NOON)
        assert not await people.authenticated(session, "Åse", GOOD, NOON)
        assert not await people.authenticated(session, "", "", NOON)


async def test_who_is_kept_out_does_not_get_in_with_the_right_password(database: Sessions) -> None:
    async with database() as session:
        await karen(session, name="Bo")
        person = await karen(session)
        await people.deactivate(session, person)
        assert not await people.authenticated(session, "Karen", GOOD, NOON)


async def test_a_password_is_compared_also_where_there_is_none(database: Sessions) -> None:
    async with database() as session:
        with mock.patch.object(passwords, "_verify", side_effect=passwords._verify) as compared:
            await people.authenticated(session, "nobody", GOOD, NOON)
    assert compared.call_count == 1


async def test_a_hash_of_old_parameters_is_made_anew(database: Sessions) -> None:
    async with database() as session:
        person = await karen(session)
        person.password = PasswordHasher(1, 1024, 1).hash(GOOD)
        assert await people.authenticated(session, "Karen", GOOD, NOON)
        assert "$argon2id$" in person.password
        assert "m=19456,t=2,p=1" in person.password


def test_the_same_letters_are_the_same_password_however_they_are_typed() -> None:
    assert passwords._plain("a\u030a") == passwords._plain("å")


@pytest.mark.parametrize(
    "password",
    [
        "kort",
        "elleve tegn",
        "123456789012",
        "Adgangskode123",
        "aaaaaaaaaaaaaa",
        "Karen Hansen 12",
        "x" * 20 + "y" * 109,
    ],
)
def test_a_weak_password_is_refused(password: str) -> None:
    assert passwords.weakness(password, "Karen Hansen")


@pytest.mark.parametrize("password", [GOOD, "Karen drikker kaffe", "x9" * 4 + "æøå1"])
def test_a_good_password_is_not(password: str) -> None:
    assert passwords.weakness(password, "Karen") is None


def test_a_password_made_up_is_a_good_one() -> None:
    assert passwords.weakness(passwords.speakable(), "admin") is None


def test_every_common_password_on_the_list_would_be_long_enough() -> None:
    assert min(map(len, passwords._COMMON)) >= passwords.SHORTEST


@pytest.mark.parametrize("name", ["", "  ", "a\nb\x00", "x" * 65, "voicebot", "KAREN "])
async def test_a_name_that_cannot_be_given_is_refused(database: Sessions, name: str) -> None:
    async with database() as session:
        await karen(session)
        with pytest.raises(StorageError):
            await people.add(session, name, Role.SEE, GOOD)


async def test_the_last_administrator_cannot_be_taken_away(database: Sessions) -> None:
    async with database() as session:
        await karen(session, Role.EDIT, "Bo")
        last = await karen(session)
        for taking in (people.deactivate, people.remove):
            with pytest.raises(StorageError, match="sidste administrator"):
                await taking(session, last)
        with pytest.raises(StorageError):
            await people.set_role(session, last, Role.EDIT)
        await people.set_role(session, last, Role.ADMINISTER)
        another = await karen(session, name="Ib")
        await people.set_role(session, last, Role.SEE)
        await session.commit()
        with pytest.raises(StorageError):
            await people.deactivate(session, another)


async def test_of_two_administrators_who_go_at_once_one_stays(database: Sessions) -> None:
    async with database() as session:
        ids = [(await karen(session, name=name)).id for name in ("Ib", "Bo")]

    async def go(id_: int) -> None:
        async with database() as session:
            person = await session.get_one(Person, id_)
            await people.deactivate(session, person)
            await asyncio.sleep(0.05)
            await session.commit()

    went = await asyncio.gather(*map(go, ids), return_exceptions=True)
    assert [type(each) for each in went].count(StorageError) == 1


async def test_the_first_administrator_is_made_once(database: Sessions) -> None:
    password = await people.first_administrator(database)
    assert password
    assert await people.first_administrator(database) is None
    async with database() as session:
        admin = await people.authenticated(session, "admin", password, NOON)
        assert admin
        assert (admin.role, admin.must_change) == (Role.ADMINISTER, False)


async def test_of_several_processes_that_start_at_once_one_makes_the_administrator(database: Sessions) -> None:
    made = await asyncio.gather(*(people.first_administrator(database) for _ in range(4)))
    assert len([password for password in made if password]) == 1


async def test_who_the_directory_knows_is_made_changed_and_put_out(database: Sessions) -> None:
    async with database() as session:
        await karen(session)
        hers = await people.from_directory(session, "https://id 7f", " Karen\n", Role.EDIT, NOON)
        assert hers
        assert (hers.name, hers.role, hers.password) == ("Karen 2", Role.EDIT, None)
        token = await logins.begin(session, hers, NOON)
        again = await people.from_directory(session, "https://id 7f", "Karen Gift", Role.SEE, NOON)
        assert again is hers
        assert hers.role == Role.SEE
        assert await people.from_directory(session, "https://id 7f", "Karen", None, NOON) is None
        await session.commit()
        assert await logins.find(session, token, NOON) is None
        assert await people.from_directory(session, "https://id 8a", "Bo", None, NOON) is None
        assert len(await people.people(session)) == 2


async def test_a_session_lasts_as_long_as_it_is_used_but_a_day_at_most(database: Sessions) -> None:
    async with database() as session:
        token = await logins.begin(session, await karen(session), NOON)
        await session.commit()
    now = NOON
    while now < NOON + logins.LONGEST:
        async with database() as session:
            assert await logins.find(session, token, now)
        now += logins.IDLE
    async with database() as session:
        assert not await logins.find(session, token, NOON + logins.LONGEST + timedelta(seconds=1))


async def test_a_session_not_used_is_over(database: Sessions) -> None:
    async with database() as session:
        person = await karen(session)
        token = await logins.begin(session, person, NOON)
        await session.commit()
        assert not await logins.find(session, token, NOON + logins.IDLE + timedelta(seconds=1))
        assert not await logins.find(session, "", NOON)
        await logins.begin(session, person, NOON + logins.IDLE + timedelta(seconds=1))
        assert await session.scalar(select(func.count()).select_from(Login)) == 1  # the one that is over is gone


async def test_the_table_holds_no_token_one_could_log_in_with(database: Sessions) -> None:
    async with database() as session:
        token = await logins.begin(session, await karen(session), NOON)
        await session.commit()
        kept = (await session.scalars(select(Login))).one()
    assert len(token) >= 43
    assert token.encode() != kept.token
    assert kept.token == logins.fingerprint(token)


@pytest.mark.parametrize("ending", [lambda *them: people.set_password(*them, GOOD + "!"), people.deactivate])
async def test_a_new_password_and_a_closed_door_end_all_sessions(
    database: Sessions, ending: Callable[[AsyncSession, Person], Awaitable[None]]
) -> None:
    async with database() as session:
        await karen(session, name="Bo")
        person = await karen(session)
        token = await logins.begin(session, person, NOON)
        await session.commit()
        assert await logins.find(session, token, NOON)
        await ending(session, person)
        await session.commit()
        session.expunge_all()
        assert not await logins.find(session, token, NOON)


async def test_who_is_removed_is_gone_but_not_from_the_audit_trail(database: Sessions) -> None:
    async with database() as session:
        await karen(session, name="Bo")
        person = await karen(session)
        await logins.begin(session, person, NOON)
        await audit.note(session, "Karen", "call.seen", "CA1")
        await people.remove(session, person)
        await session.commit()
        assert [each.name for each in await people.people(session)] == ["Bo"]
        assert [each.who for each in (await audit.page_of_audit(session)).entries] == ["Karen"]


async def test_the_audit_trail_is_read_page_by_page_and_by_what_is_asked(database: Sessions) -> None:
    async with database() as session:
        for number in range(audit.PAGE + 20):
            await audit.note(session, "Karen" if number % 2 else "Bo", "call.seen", f"CA{number}", role="se")
        await audit.note(session, "Bo", "login.done", "x" * 500)
        await session.commit()
        first = await audit.page_of_audit(session)
        assert first.older
        rest = await audit.page_of_audit(session, before=first.older)
        found = [*first.entries, *rest.entries]
        assert [len(first.entries), len(rest.entries), rest.older] == [audit.PAGE, 21, None]
        assert [entry.id for entry in found] == sorted((entry.id for entry in found), reverse=True)
        assert {entry.who for entry in (await audit.page_of_audit(session, who="Karen")).entries} == {"Karen"}
        assert len((await audit.page_of_audit(session, action="login.done")).entries) == 1
        (one,) = (await audit.page_of_audit(session, object="CA7")).entries
        assert (one.who, one.details) == ("Karen", {"role": "se"})
