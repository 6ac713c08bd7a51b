"""The pages of what was not answered, over the shipped files: visited, and a group given to an answer."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
from sqlalchemy import select

from tests.dashboard import Client, NoStudio, Sessions, dashboard
from tests.test_grouping import NOON, ask, put_all
from voicebot.answers import Fault
from voicebot.answers.files import Files
from voicebot.storage.operators import AuditEntry
from voicebot.storage.people import Role
from voicebot.storage.tables import Group, Turn

PASSPORT = "common/pas/pas-mistet.yaml"
ANSWERS = Path(__file__).parent.parent / "answers"


@dataclass
class Studio(NoStudio):
    """The shipped files; faults and changes as a test has them."""

    wrong: Sequence[Fault] = ()
    worse: tuple[Any, ...] = ()
    better: tuple[Any, ...] = ()
    tried: list[Mapping[str, str | None]] = field(default_factory=list)
    published: int = 0

    async def texts(self, *paths: str) -> dict[str, str | None]:
        return {path: Files(ANSWERS).text(ANSWERS / path, []) for path in paths}

    async def path_of(self, id_: str) -> str | None:
        return PASSPORT if id_ == "pas-mistet" else None

    async def faults(self, changed: Any) -> Sequence[Fault]:
        return self.wrong

    async def ask(self, question: str, changed: Any) -> Any:
        near = [SimpleNamespace(answer="pas-mistet", confidence=0.41), SimpleNamespace(answer="er-væk", confidence=0.3)]
        return SimpleNamespace(candidates=near)

    async def changes(self, changed: Any, progress: Callable[[int, int], None]) -> Any:
        self.tried.append(changed)
        return SimpleNamespace(better=self.better, worse=self.worse, questions=1236, right_before=980, right_after=981)

    async def publish(self) -> Sequence[str]:
        self.published += 1
        return ()


def visit(database: Sessions, role: Role = Role.EDIT, studio: Any = None) -> Any:
    return dashboard(database, role, studio=studio or Studio(), now=lambda: NOON)


async def grouped(database: Sessions, *texts: str) -> int:
    """The id of the group that these questions came into."""
    await ask(database, *texts)
    await put_all(database)
    async with database() as session:
        found = await session.scalar(select(Turn.group_id).where(Turn.text == texts[0]))
        assert found
        return found


async def group(database: Sessions, id_: int) -> Group:
    async with database() as session:
        found = await session.get(Group, id_)
        assert found
        return found


async def noted(database: Sessions) -> list[str]:
    async with database() as session:
        return [entry.action for entry in await session.scalars(select(AuditEntry).order_by(AuditEntry.id))]


def text_of(page: httpx.Response) -> str:
    assert page.status_code == 200, page.text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.text))


def seen(page: httpx.Response) -> str:
    found = re.search(r'name="seen" value="(\w+)"', page.text)
    assert found
    return found[1]


async def give(client: Client, id_: int, **fields: Any) -> httpx.Response:
    way = f"/ubesvarede/{id_}/til/pas-mistet"
    return await client.send_form(way, seen=seen(await client.get(way)), **fields)
