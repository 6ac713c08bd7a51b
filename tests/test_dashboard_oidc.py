"""Logging in with the municipality's own account, by a directory that is real, wrong, slow or away."""

import asyncio
import shutil
import ssl
import time
from collections.abc import AsyncIterator
from pathlib import Path
from unittest import mock

import httpx
import pytest
from joserfc.jwk import OctKey

from tests.dashboard import Client, Sessions, dashboard
from tests.oidc_provider import CLIENT, FOREIGN_KEY, SECRET, Directory, directory
from voicebot.dashboard import directory as asking
from voicebot.dashboard.directory import check_directory_settings
from voicebot.dashboard.oidc import AWAY, BUSY, CLOSED, NO_ROLE, UNTRUE
from voicebot.errors import SettingsError
from voicebot.settings import Settings
from voicebot.storage import people
from voicebot.storage.audit import page_of_audit
from voicebot.storage.operators import Person
from voicebot.storage.people import Role

pytest_plugins = ["tests.databases"]


@pytest.fixture
def database_url(migrated_file: Path, tmp_path: Path) -> str:
    """SQLite alone: what is asked of the tables is tried in both kinds of database elsewhere."""
    return f"sqlite+aiosqlite:///{shutil.copy(migrated_file, tmp_path / 'voicebot.db')}"


@pytest.fixture
async def town() -> AsyncIterator[Directory]:
    async with directory() as its:
        yield its


@pytest.fixture
async def client(database: Sessions, town: Directory) -> AsyncIterator[Client]:
    async with dashboard(database, None) as client:
        client.office.settings = Settings(**town.settings)
        yield client


async def go(client: Client, onward: str = "/min-adgang") -> str:
    """From our log-in page to the directory and on: the address that the directory sends the browser back to."""
    away = await client.get("/log-ind/kommune", params={"naeste": onward})
    assert away.status_code == 303, away.text
    async with httpx.AsyncClient() as elsewhere:
        return (await elsewhere.get(away.headers["location"])).headers["location"]


async def refused(client: Client, text: str, status: int = 400) -> None:
    answer = await client.get(await go(client))
    assert answer.status_code == status
    assert text in answer.text
    assert "voicebot" not in client.cookies


async def test_a_first_log_in_makes_the_person_with_the_role_of_the_directory(
    client: Client, database: Sessions
) -> None:
    assert "Log ind med kommunens konto" in (await client.get("/log-ind")).text
    answer = await client.get(await go(client))
    assert (answer.status_code, answer.headers["location"]) == (303, "/min-adgang")
    assert "Du er logget ind som Karen Holm. Kan redigere" in (await client.get("/min-adgang")).text
    async with database() as session:
        (person,) = await people.people(session)
        assert (person.name, person.role, person.password) == ("Karen Holm", Role.EDIT, None)
        done = [(entry.who, entry.action) for entry in (await page_of_audit(session)).entries]
        assert not await people.authenticated(session, "Karen Holm", "", client.office.now())
    assert done == [("Karen Holm", "login.done"), ("voicebot", "person.added")]


async def test_the_directory_changes_the_role_and_takes_it_away(
    client: Client, town: Directory, database: Sessions
) -> None:
    await client.get(await go(client))
    town.person = {"sub": "7f3a", "name": "Karen Gift", "roles": ["alle", "leder"]}
    await client.get(await go(client))
    async with database() as session:
        (person,) = await people.people(session)
    assert (person.name, person.role) == ("Karen Holm", Role.ADMINISTER)
    town.person["roles"] = ["andet"]
    answer = await client.get(await go(client))
    assert (answer.status_code, NO_ROLE in answer.text) == (403, True)
    assert (await client.get("/min-adgang")).status_code == 303


@pytest.mark.parametrize("roles", [None, [], "", "andet", {"leder": 1}, [["leder"]], 7])
async def test_nobody_without_a_role_comes_in(
    client: Client, town: Directory, roles: object, database: Sessions
) -> None:
    town.person["roles"] = roles
    await refused(client, NO_ROLE, 403)
    async with database() as session:
        assert not await people.people(session)


async def test_a_single_role_needs_no_list(client: Client, town: Directory) -> None:
    town.person["roles"] = "leder"
    await client.get(await go(client))
    assert (await client.get("/brugere")).status_code == 200


async def test_a_name_that_is_taken_gives_nobody_elses_rights(
    client: Client, town: Directory, database: Sessions
) -> None:
    async with database.begin() as session:
        await people.add(session, "karen holm", Role.ADMINISTER, "en kop kaffe i regnen")
    await client.get(await go(client))
    assert "Du er logget ind som Karen Holm 2." in (await client.get("/min-adgang")).text
    assert (await client.get("/brugere")).status_code == 403


async def test_who_was_closed_out_here_stays_out(client: Client, database: Sessions) -> None:
    await client.get(await go(client))
    async with database.begin() as session:
        (person,) = await people.people(session)
        await people.deactivate(session, await session.get_one(Person, person.id))
    client.cookies.clear()
    await refused(client, CLOSED, 403)


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another"},
        {"aud": None},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"exp": int(time.time()) - 120},
        {"exp": None},
        {"iss": "https://ondt.example"},
        {"iat": int(time.time()) + 600},
        {"sub": None},
        {"sub": 7},
    ],
    ids=lambda claims: next(iter(claims)),
)
async def test_a_token_that_is_not_for_this_very_log_in_is_refused(
    client: Client, town: Directory, claims: dict[str, object]
) -> None:
    town.claims = claims
    await refused(client, UNTRUE)


async def test_a_token_signed_by_another_key_is_refused(client: Client, town: Directory) -> None:
    town.key = FOREIGN_KEY
    await refused(client, UNTRUE)


async def test_a_token_signed_with_our_own_secret_is_refused(client: Client, town: Directory) -> None:
    town.key, town.algorithm = OctKey.import_key("en meget hemmelig ting, lang nok til HS256"), "HS256"
    await refused(client, UNTRUE)


async def test_an_answer_counts_once_and_only_in_the_browser_that_asked(client: Client, town: Directory) -> None:
    back = await go(client)
    kept = client.cookies["voicebot-directory"]
    async with httpx.AsyncClient(transport=client._transport, base_url=client.base_url) as another:
        assert (await another.get(back)).status_code == 400
    assert (await client.get(back)).status_code == 303
    client.cookies.clear()
    assert (await client.get(back)).status_code == 400  # the browser has forgotten the question
    client.cookies.set("voicebot-directory", kept)
    assert (await client.get(back)).status_code == 400  # and the directory the code
    assert "voicebot" not in client.cookies


@pytest.mark.parametrize("change", [("state=", "state=x"), ("code=", "code=x"), ("iss=http", "iss=https")])
async def test_an_answer_that_was_changed_on_its_way_is_refused(client: Client, change: tuple[str, str]) -> None:
    answer = await client.get((await go(client)).replace(*change))
    assert (answer.status_code, UNTRUE in answer.text) == (400, True)


async def test_who_breaks_off_at_the_directory_can_try_again(client: Client) -> None:
    back = await go(client)
    state = httpx.URL(back).params["state"]
    answer = await client.get("/log-ind/kommune/svar", params={"error": "access_denied", "state": state})
    assert (answer.status_code, "log-ind-siden" in answer.text) == (400, True)


async def test_a_directory_that_calls_itself_otherwise_is_refused(client: Client, town: Directory) -> None:
    town.metadata = {"issuer": "https://ondt.example"}
    assert UNTRUE in (await client.get("/log-ind/kommune")).text


@pytest.mark.parametrize("endpoint", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
async def test_nothing_is_sent_over_a_line_that_others_can_read(client: Client, town: Directory, endpoint: str) -> None:
    back = await go(client)
    town.metadata = {endpoint: "http://ondt.example/x"}
    del client.office.directory  # as some minutes later
    leaving = endpoint == "authorization_endpoint"
    answer = await client.get("/log-ind/kommune" if leaving else back)
    assert (answer.status_code, UNTRUE in answer.text) == (400, True)


async def test_a_secret_is_sent_as_the_directory_wants_it(client: Client, town: Directory) -> None:
    town.metadata = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert (await client.get(await go(client))).status_code == 303


async def test_a_directory_that_is_slow_or_away_is_told_of_in_danish(client: Client, town: Directory) -> None:
    town.slow = 1.0
    with mock.patch.object(asking, "TIME_LIMIT", 0.05):
        slow = await client.get("/log-ind/kommune")
    client.office.settings = Settings(**town.settings | {"oidc_issuer": "http://127.0.0.1:9"})
    del client.office.directory
    away = await client.get("/log-ind/kommune")
    for answer in (slow, away):
        assert (answer.status_code, AWAY in answer.text) == (503, True)


async def test_to_begin_a_log_in_costs_next_to_nothing(client: Client, town: Directory) -> None:
    await go(client)
    with mock.patch.object(ssl, "create_default_context", side_effect=AssertionError("this takes 25 ms of the loop")):
        assert (await client.get("/log-ind/kommune")).status_code == 303
    assert town.told == 1


async def test_only_so_many_ask_the_directory_at_once(client: Client, town: Directory) -> None:
    town.slow = 0.2
    answers = await asyncio.gather(*(client.get("/log-ind/kommune") for _ in range(asking.AT_ONCE + 3)))
    refused = [answer for answer in answers if answer.status_code == 503]
    assert [BUSY in answer.text for answer in refused] == [True] * 3
    assert (await client.get("/log-ind/kommune")).status_code == 303


async def test_without_a_directory_there_is_no_way_to_one(database: Sessions) -> None:
    async with dashboard(database, None) as client:
        assert "kommunens konto" not in (await client.get("/log-ind")).text
        assert (await client.get("/log-ind/kommune")).status_code == 404
        assert (await client.get("/log-ind/kommune/svar")).status_code == 404


@pytest.mark.parametrize("wrong", [{"oidc_issuer": "http://id.example"}, {"oidc_client_id": ""}, {"oidc_roles": {}}])
def test_settings_that_let_nobody_in_are_told_of_at_the_start(wrong: dict[str, object]) -> None:
    right = {"oidc_issuer": "https://id.example", "oidc_client_id": "x", "oidc_roles": {"leder": "administrer"}}
    check_directory_settings(Settings())
    check_directory_settings(Settings(**right))
    with pytest.raises(SettingsError):
        check_directory_settings(Settings(**right | wrong))


def test_the_secret_is_not_shown() -> None:
    assert SECRET not in repr(Settings(oidc_client_secret=SECRET))
