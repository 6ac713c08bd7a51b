"""`voicebot users`: who may use the dashboard, by the command line."""

import asyncio
import json
import stat
from datetime import UTC, datetime
from pathlib import Path
from subprocess import CompletedProcess

from sqlalchemy.ext.asyncio import AsyncSession

from tests.command_line import here, refused
from voicebot.storage import people
from voicebot.storage.audit import page_of_audit
from voicebot.storage.database import connect, parsed


def users(data_dir: Path, *arguments: str) -> CompletedProcess[str]:
    return here("users", *arguments, data_dir=data_dir, models_dir=data_dir)


def logs_in(data_dir: Path, name: str, password: str) -> bool:
    async def try_it() -> bool:
        engine = connect(parsed(f"sqlite+aiosqlite:///{data_dir / 'voicebot.db'}"))
        async with AsyncSession(engine) as session:
            person = await people.authenticated(session, name, password, datetime.now(UTC))
        await engine.dispose()
        return person is not None

    return asyncio.run(try_it())


def test_somebody_is_added_listed_given_a_password_and_removed(tmp_path: Path) -> None:
    added = users(tmp_path, "add", "Åse Øst", "--role", "administrer", "--json")
    made = json.loads(added.stdout)
    assert (made["name"], made["role"]) == ("Åse Øst", "administrer")
    assert logs_in(tmp_path, "åse øst", made["password"])
    assert stat.S_IMODE((tmp_path / "voicebot.db").stat().st_mode) == 0o600

    assert "Bo (se) logs in with the password" in users(tmp_path, "add", "Bo").stdout
    listed = json.loads(users(tmp_path, "list", "--json").stdout)
    assert [(row["name"], row["role"], row["active"], row["directory"]) for row in listed] == [
        ("Bo", "se", True, False),
        ("Åse Øst", "administrer", True, False),
    ]
    assert "Åse Øst" in users(tmp_path, "list").stdout

    new = json.loads(users(tmp_path, "password", "bo", "--json").stdout)
    assert logs_in(tmp_path, "Bo", new["password"])
    assert "removed" in users(tmp_path, "remove", "Bo").stderr
    assert not logs_in(tmp_path, "Bo", new["password"])


def test_what_cannot_be_done_is_said(tmp_path: Path) -> None:
    users(tmp_path, "add", "Bo", "--role", "administrer")
    refused(users(tmp_path, "add", "BO"), "er taget")
    refused(users(tmp_path, "add", " "), "navn")
    refused(users(tmp_path, "remove", "Bo"), "sidste administrator")
    refused(users(tmp_path, "password", "Ib"), "voicebot users list")
    assert users(tmp_path, "add", "Ib", "--role", "konge").returncode == 2


def test_it_is_in_the_audit_trail(tmp_path: Path) -> None:
    users(tmp_path, "add", "Bo")

    async def noted() -> list[tuple[str, str, str]]:
        engine = connect(parsed(f"sqlite+aiosqlite:///{tmp_path / 'voicebot.db'}"))
        async with AsyncSession(engine) as session:
            found = [(entry.who, entry.action, entry.object) for entry in (await page_of_audit(session)).entries]
        await engine.dispose()
        return found

    assert asyncio.run(noted()) == [("voicebot", "person.added", "Bo")]
