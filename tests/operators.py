"""Operators at their browsers: the dashboard on a real server without a bot, over a year of invented calls."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from tests.dashboard import Sessions, made_app, made_office
from tests.shipped import shipped
from tests.trying import QuickEngines, by_heart
from voicebot import dialogue, health
from voicebot.dashboard import Office
from voicebot.demo import Town, Year, fill
from voicebot.dialogue import Heard
from voicebot.evaluation import Verdict
from voicebot.events import CallStarted, Decided, Said, StateChanged, Transcribed
from voicebot.health import Part
from voicebot.matching import Candidate, Index
from voicebot.matching.measure import made_vectors
from voicebot.settings import Settings
from voicebot.storage import logins, people, versions
from voicebot.storage.database import connect, migrate, parsed
from voicebot.storage.people import Role
from voicebot.storage.tables import Call, Group
from voicebot.studio import Asked, Calls, Changes, Did, Studio, Turned, TurnedCall
from voicebot.studio.studio import Changed

SCREENS: dict[str, ViewportSize] = {"desktop": {"width": 1280, "height": 860}, "phone": {"width": 390, "height": 844}}
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
PASSWORD = "solsort-tegner-17-broer"
GRAVE = ("serious", "critical")


class PaperStudio(Studio):
    """The shipped answers on the workbench; what takes a model is made up."""

    def __init__(self, home: Path, sessions: Sessions) -> None:
        async def published() -> dict[str, str | None]:
            async with sessions() as session:
                return dict(await versions.published(session))

        async def tell() -> None:
            pass

        in_use = SimpleNamespace(content=SimpleNamespace(library=shipped(), version="4f1c"))
        index = Index(made_vectors(8), home / "index.npz")
        super().__init__(Settings(), in_use, index, QuickEngines(), published, tell, by_heart)  # type: ignore[arg-type]

    async def ask(self, question: str, changed: Changed) -> Asked:
        words = set(question.lower().split())
        shared = {
            id_: len(words & set(" ".join(its.examples).lower().split())) for id_, its in shipped().answers.items()
        }
        nearest = sorted(shared, key=lambda id_: -shared[id_])[:5]
        weighed = tuple(Candidate(id_, 0.9 / (place + 1)) for place, id_ in enumerate(nearest))
        state, _ = dialogue.opening(shipped())
        return Asked(dialogue.decide(shipped(), state, Heard(question, 0.9, weighed, ()))[1], weighed)

    async def changes(self, changed: Changed, progress: Callable[[int, int], None]) -> Changes:
        progress(1200, 1200)
        better = Turned("Mit pas er væk", ("pas-mistet",), Verdict.ASKED, Verdict.RIGHT, None, "pas-mistet")
        worse = Turned("Skal barnet have pas", ("pas-barn",), Verdict.RIGHT, Verdict.WRONG, "pas-barn", "pas-mistet")
        return Changes((better,), (worse,), 1200, 1043, 1043)

    async def calls(self, changed: Changed, progress: Callable[[int, int], None]) -> Calls:
        progress(30, 60)
        asked = Did("clarify", None, ("pas-mistet", "pas-fornyelse"), "caller_hung_up")
        told = Did("answer", "pas-mistet", (), "caller_hung_up")
        lost = TurnedCall("Mistet pas", "Jeg har mistet mit pas.", "jeg har mistet mit pas", asked, told)
        child = TurnedCall("Pas til et barn", "Skal min datter have pas?", "skal min datter have pas", told, asked)
        gone = TurnedCall("Tier hele opkaldet", "", "", told, Did("", None, (), "silence"))
        return Calls((lost,), (child, gone), 31, 27, 26)

    async def publish(self) -> tuple[str, ...]:
        return ()


async def mostly_healthy() -> list[Part]:
    return [
        health.carrier(connected=True, insecure=False, faults={"telephony.slow": 2}),
        health.models("whisper-base hører, multilingual-e5-small forstår", ()),
        health.load(3, 16, 0.1),
        health.voice("da_DK-talesyntese-medium", try_out=False),
        health.speech(1190, 1204),
        health.texts("4f1c", 198, ()),
        health.database("SQLite", 0.001),
        health.record(0, down=False, lost=0),
        health.disk(21_000_000_000),
        health.version(),
    ]


@dataclass
class Desk:
    """A dashboard that is served; its office lives in a thread of its own."""

    office: Office
    port: int
    loop: asyncio.AbstractEventLoop
    cookies: dict[Role, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def do(self, work: Callable[[AsyncSession], Coroutine[Any, Any, Any]]) -> Any:
        """What `work` gives, done with a session of the office's database; committed."""

        async def inside() -> Any:
            async with self.office.sessions.begin() as session:
                return await work(session)

        return asyncio.run_coroutine_threadsafe(inside(), self.loop).result(30)

    def cookie(self, role: Role) -> str:
        """The cookie of somebody with that role."""

        async def begin(session: AsyncSession) -> str:
            person = await people.named(session, name_of(role))
            assert person
            return await logins.begin(session, person, self.office.now())

        if role not in self.cookies:
            self.cookies[role] = self.do(begin)
        return self.cookies[role]


def name_of(role: Role) -> str:
    return {Role.SEE: "Søren Seer", Role.EDIT: "Ragna Redaktør", Role.ADMINISTER: "Alma Admin"}[role]


@contextmanager
def desk(home: Path, calls: int = 1500) -> Iterator[Desk]:
    """The dashboard over a year of `calls`, with a person of each role."""
    started: list[Desk] = []
    ready = threading.Event()
    stop: list[Callable[[], None]] = []

    async def serve() -> None:
        engine = connect(parsed(f"sqlite+aiosqlite:///{home / 'voicebot.db'}"))
        try:
            await migrate(engine)
            if calls:
                await fill(engine, Year([Town.of(shipped(), 1)], calls, datetime.now(UTC), 1), lambda _: None)
            sessions = async_sessionmaker(engine, expire_on_commit=False)
            office = made_office(sessions, studio=PaperStudio(home, sessions))
            office.health = mostly_healthy
            async with office.sessions.begin() as session:
                for role in Role:
                    await people.add(session, name_of(role), role, PASSWORD)
            server = uvicorn.Server(uvicorn.Config(made_app(office), port=0, log_level="error"))
            stop.append(lambda: setattr(server, "should_exit", True))
            serving = asyncio.create_task(server.serve())
            while not server.started:
                await asyncio.sleep(0.01)
            port = server.servers[0].sockets[0].getsockname()[1]
            started.append(Desk(office, port, asyncio.get_running_loop()))
            ready.set()
            await serving
        finally:
            await engine.dispose()
            ready.set()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
    thread.start()
    ready.wait(60)
    assert started, "the dashboard did not start"
    yield started[0]
    stop[0]()
    thread.join(10)
    assert not thread.is_alive()


def ring(desk: Desk, call: str = "CA-live") -> None:
    """Have a call go on, as far as the first answer."""
    began = datetime.now(UTC) - timedelta(seconds=34)
    for event in (
        CallStarted(call, 0.0, "web", shipped().municipality.id, "", began.isoformat()),
        Said(call, 9.0, "Velkommen. Du taler med en digital assistent. Hvad drejer det sig om?"),
        Transcribed(call, 14.0, "jeg har mistet mit pas", 0.82, 2.1),
        Decided(call, 14.4, "answer", "pas-mistet", 0.93, (), ""),
        StateChanged(call, 14.6, "speaking"),
        Said(call, 20.0, "Har du mistet dit pas, skal du melde det."),
    ):
        desk.loop.call_soon_threadsafe(desk.office.live.hear, event)


def paths(desk: Desk) -> dict[str, str]:
    """Every page an administrator may open, by a name for its picture."""

    async def look(session: AsyncSession) -> tuple[str | None, int | None]:
        busiest = select(Call.id).where(Call.turns_count >= 3).order_by(Call.started.desc()).limit(1)
        group = select(Group.id).where(Group.state == "open").order_by(Group.size.desc()).limit(1)
        return await session.scalar(busiest), await session.scalar(group)

    call, group = desk.do(look)
    return {
        "overblik": "/",
        "overblik-aar": "/?dage=365",
        "lyt": "/opkald/CA-live/lyt",
        "opkald": "/opkald",
        "opkald-soegt": "/opkald?resultat=transferred&ord=pas&langsom=ja",
        "opkald-ingen": "/opkald?ord=findesikke",
        "et-opkald": f"/opkald/{call}",
        "ubesvarede": "/ubesvarede",
        "en-gruppe": f"/ubesvarede/{group}",
        "svar": "/svar",
        "et-svar": "/svar/pas-mistet",
        "nyt-svar": "/svar/ny",
        "drift": "/drift",
        "brugere": "/brugere",
        "en-bruger": "/brugere/1",
        "revision": "/revision",
        "saadan": "/saadan-taelles-der",
        "min-adgang": "/min-adgang",
        "findes-ikke": "/findes-ikke",
    }


def seated(
    browser: Browser, desk: Desk, role: Role | None, screen: str = "desktop", scheme: Scheme = "light"
) -> BrowserContext:
    """A browser of somebody with `role`, already logged in; None: not at all."""
    context = browser.new_context(
        viewport=SCREENS[screen], color_scheme=scheme, locale="da-DK", reduced_motion="reduce"
    )
    context.set_default_timeout(10_000)
    if role:
        context.add_cookies([{"name": "voicebot", "value": desk.cookie(role), "url": desk.url}])
    return context


def complaints(page: Page, own: str, ignored: tuple[str, ...] = ()) -> list[str]:
    """What goes wrong on a page from now on: its scripts' errors, breaches of the policy, requests to other hosts."""
    heard: list[str] = []

    def listen(text: str) -> None:
        if not any(each in text for each in ignored):
            heard.append(text)

    page.on("pageerror", lambda error: listen(f"error: {error}"))
    page.on("console", lambda said: listen(f"console: {said.text}") if said.type in {"error", "warning"} else None)
    page.on("request", lambda asked: None if asked.url.startswith((own, "blob:", "data:")) else listen(asked.url))
    return heard


def barriers(page: Page, *rules: str) -> list[str]:
    """What axe-core finds that keeps people out, serious and critical faults, by all its rules or only some."""
    options = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{each['id']}: {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for each in found
        if each["impact"] in GRAVE
        for node in each["nodes"][:4]
    ]
