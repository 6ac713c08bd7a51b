"""One place for all who edit the answers of a bot: what they see of a change is what callers would."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import TypeVar

from voicebot import dialogue
from voicebot.answers import Fault, Library, Over, load_library, read_library
from voicebot.answers.document import parts
from voicebot.answers.files import Files
from voicebot.audio import from_mulaw, wav
from voicebot.content import Content
from voicebot.dialogue import Decision
from voicebot.engines import Engines, Need
from voicebot.evaluation import Outcome
from voicebot.matching import Candidate, Index, Matcher
from voicebot.reloading import Reloader
from voicebot.settings import Settings
from voicebot.speech_text import clauses
from voicebot.studio.beside import Beside, Pace
from voicebot.studio.calls import Calls
from voicebot.studio.changes import Changes, asked, compared, questions_of
from voicebot.studio.rehearsing import Rehearsals, Rehearse
from voicebot.studio.remembering import Remembering

Compared = TypeVar("Compared")
TAKEN_WITHIN = 60.0
"""Seconds in which published texts are in use: 15 on two busy cores where examples of 200 answers are learnt anew."""
BREATH, LONG_BREATH = 0.002, 0.05
"""Seconds between two test questions, while no call goes on and while one does: calls go first."""

Changed = Mapping[str, str | None]
"""Path within `answers/` → whole new text of that file; None: the file is to be gone."""


@dataclass(frozen=True)
class Asked:
    """What the bot would do with a question, and the answers it weighed, best first."""

    decision: Decision
    candidates: tuple[Candidate, ...]


class Studio:
    """Tries out changes of the answers beside the calls, and has the bot take published ones into use.

    published: reads the texts that are published; tell: has other processes of the same record read them, too;
    rehearse: plays recorded calls.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - all that a change has to do with
        self,
        settings: Settings,
        answers: Reloader,
        index: Index,
        engines: Engines,
        published: Callable[[], Awaitable[Over]],
        tell: Callable[[], Awaitable[object]],
        rehearse: Rehearse,
    ) -> None:
        self._settings, self._answers, self._engines = settings, answers, engines
        self._published, self._tell = published, tell
        self._remembering = Remembering(index)
        self._index = index.trying(self._remembering)
        self._building, self._comparing = asyncio.Lock(), asyncio.Lock()
        self._built: tuple[Over, str, Content] | None = None
        self._before: tuple[str, tuple[Outcome, ...]] | None = None
        self._beside = Beside(lambda: engines.quiet)
        self._rehearsals = Rehearsals(settings.recorded_calls, rehearse)

    @property
    def version(self) -> str:
        """Of the answers in use."""
        return self._answers.content.version

    async def texts(self, *paths: str) -> dict[str, str | None]:
        """What each file of `answers/` says now, as published or in the folder; None: there is no such file."""
        over = await self._published()
        return await asyncio.to_thread(self._texts, paths, over)

    def _texts(self, paths: Sequence[str], over: Over) -> dict[str, str | None]:
        folder = self._settings.answers_dir
        return {path: Files(folder, over).text(folder / path, []) for path in paths}

    async def path_of(self, id_: str) -> str | None:
        """Path of the file in which an answer that is in use lies; None where there is none."""
        answer = self._answers.content.library.answers.get(id_)
        if answer is None:
            return None
        own = f"municipalities/{self._settings.municipality}/{answer.area}/{id_}.yaml"
        common = f"common/{answer.area}/{id_}.yaml"
        there = await self.texts(own, common)
        return own if there[own] is not None else common

    async def faults(self, changed: Changed) -> tuple[Fault, ...]:
        """What would be wrong with the answers if they were changed so; files are named as in `changed`."""
        over = {**await self._published(), **changed}
        return await asyncio.to_thread(self._faults, over)

    def _faults(self, over: Over) -> tuple[Fault, ...]:
        folder = self._settings.answers_dir
        _, faults = read_library(folder, self._settings.municipality, date.today(), over)
        home = f"{folder}/"
        inside = (replace(f, file=f.file.removeprefix(home), message=f.message.replace(home, "")) for f in faults)
        return tuple(inside)

    def parts(self, text: str) -> tuple[tuple[str, str | None], ...]:
        """A text as callers would hear it, piece by piece; each piece that is a fact with the fact's name."""
        facts = self._answers.content.library.municipality.named_facts
        return tuple(parts(" ".join(text.split()), facts))

    def spoken(self, text: str) -> str:
        """A text as callers would hear it, facts filled in."""
        return "".join(piece for piece, _ in self.parts(text))

    async def speech(self, text: str) -> bytes:
        """The same as sound, a WAV file as the telephone carries it; VoicebotError if the voice fails or is busy."""
        need = Need(float("inf"), final=False)
        pieces = [await self._engines.say(piece, need) for piece in clauses(self.spoken(text))]
        return wav(from_mulaw(b"".join(pieces)))

    async def ask(self, question: str, changed: Changed) -> Asked:
        """What the bot would do with a call's first question; ContentError where the answers would have faults."""
        content = await self._content(changed)
        return await asyncio.to_thread(_asked, content, question)

    async def changes(self, changed: Changed, progress: Callable[[int, int], None]) -> Changes:
        """Which test questions the bot would do better or worse with; progress(done, of), from any thread.

        One at a time, and calls go first: half a minute on two cores the first time, then seconds. ContentError where
        the answers would have faults, EvaluationError where a file of questions is wrong, VoicebotError where a model
        hangs.
        """
        return await self._beside_calls(changed, partial(self._compare, progress))

    async def calls(self, changed: Changed, progress: Callable[[int, int], None]) -> Calls:
        """Which recorded calls the bot would carry better or worse; progress(done, of), from any thread.

        One change at a time, and citizens go first. ContentError where the answers would have faults, ReplayError where
        a recorded call cannot be read, VoicebotError where a model hangs.
        """

        def compare(before: Content, after: Content, pace: Pace) -> Calls:
            return self._rehearsals.compare(before, after, pace, progress)

        return await self._beside_calls(changed, compare)

    async def _beside_calls(self, changed: Changed, compare: Callable[[Content, Content, Pace], Compared]) -> Compared:
        """What is found on a thread of its own, one at a time."""
        async with self._comparing:
            after = await self._content(changed)
            return await self._beside.work(partial(compare, self._answers.content, after))

    async def publish(self) -> Sequence[str]:
        """Have the bot take the published texts into use, for the next call; why it cannot, where it cannot."""
        self._built = None
        await self._tell()
        try:
            async with asyncio.timeout(TAKEN_WITHIN):
                return await self._answers.read_now()
        except TimeoutError:
            return ("Det er udgivet, men botten er ikke færdig med at læse det. Se på Drift om lidt.",)

    async def _content(self, changed: Changed) -> Content:
        """What the bot would speak from; the last one that was tried out is kept."""
        over = {**await self._published(), **changed}
        async with self._building:
            stands_on = self._answers.content.version  # files may change, too
            if self._built is None or self._built[:2] != (over, stands_on):
                self._built = over, stands_on, await asyncio.to_thread(self._build, over)
            return self._built[2]

    def _build(self, over: Over) -> Content:
        library = load_library(self._settings.answers_dir, self._settings.municipality, over)
        return self._content_of(library)

    def _content_of(self, library: Library) -> Content:
        return Content(library, Matcher(library, self._index))

    def _compare(self, progress: Callable[[int, int], None], before: Content, after: Content, pace: Pace) -> Changes:
        questions = questions_of(self._settings.questions, before.library)
        steps = 3 * len(questions)
        done = 0

        def one_more() -> None:
            nonlocal done
            done += 1
            pace.breathe(BREATH, LONG_BREATH)
            progress(done, steps)

        def learnt(new: int) -> None:
            pace.breathe()
            progress(new, steps)

        self._remembering.remember([question.text for question in questions], learnt)
        done = len(questions)
        known = self._before
        if known is None or known[0] != before.version:
            known = self._before = before.version, asked(self._content_of(before.library), questions, one_more)
        done = 2 * len(questions)
        return compared(known[1], asked(after, questions, one_more))


def _asked(content: Content, question: str) -> Asked:
    state, _ = dialogue.opening(content.library)
    heard = content.heard(question, 1.0, state)
    _, decision = dialogue.decide(content.library, state, heard)
    return Asked(decision, heard.candidates)
