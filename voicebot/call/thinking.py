"""Working out what an utterance means and what follows from it, before it is certain that it is over.

Nothing of it has happened yet: no event is told, no state moved on, nothing said.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace

from voicebot import dialogue
from voicebot.audio import AudioChunk
from voicebot.content import Content
from voicebot.dialogue import Decision, Heard, State
from voicebot.endpointing import Completeness, Utterance, completeness, fading
from voicebot.engines import Engines, Need
from voicebot.errors import VoicebotError
from voicebot.masking import mask_cpr


@dataclass(frozen=True)
class Thought:
    """What an utterance was heard as, CPR numbers masked, and what follows from it should it be over.

    seconds: length of its sound; fading: how its voice ends, in decibels; at: event-loop time when it was understood.
    """

    heard: Heard
    seconds: float
    fading: float
    state: State
    decision: Decision
    at: float


class Guess:
    """One utterance being understood, as far as it has been spoken.

    state: the conversation before it. ready(thought): told as soon as there is one. `need` is a guess's until the call
    sets it final: then a caller waits.
    """

    def __init__(
        self, engines: Engines, content: Content, state: State, sound: AudioChunk, ready: Callable[[Thought], None]
    ) -> None:
        self._engines, self._content, self._state, self._sound, self._ready = engines, content, state, sound, ready
        self.need = Need(asyncio.get_running_loop().time(), final=False)
        self._task = asyncio.create_task(self._think())
        self._task.add_done_callback(lambda task: task.cancelled() or task.exception())  # nobody may ask for it
        self._speech: asyncio.Task[bytes] | None = None

    async def thought(self) -> Thought:
        """What it was understood as; raises what went wrong. Whoever stops waiting for it ends it."""
        return await self._task

    @property
    def turned_away(self) -> bool:
        """Whether it was dropped for the sake of callers who wait already."""
        if not self._task.done() or self._task.cancelled():
            return False
        fault = self._task.exception()
        return isinstance(fault, VoicebotError) and fault.code == "engines.busy"

    def drop(self) -> None:
        """Nobody wants to know any more."""
        self._task.cancel()
        if self._speech is not None:
            self._speech.cancel()

    async def _think(self) -> Thought:
        understood = await self._engines.understand(self._sound, self.need, self._content, self._state)
        heard = replace(understood.heard, text=mask_cpr(understood.heard.text))
        state, decision = dialogue.decide(self._content.library, self._state, heard)
        now = asyncio.get_running_loop().time()
        thought = Thought(heard, self._sound.seconds, fading(self._sound), state, decision, now)
        self._ready(thought)
        if decision.pieces:
            self._speech = asyncio.create_task(self._engines.say(decision.pieces[0], self.need))
            self._speech.add_done_callback(lambda task: task.cancelled() or task.exception())
        return thought


def how_complete(thought: Thought, state: State, spoken: float) -> Completeness:
    """How complete what has been said up to now is. state: the conversation before it; spoken: seconds of speech."""
    heard, decision = thought.heard, thought.decision
    undecided = decision.kind in (dialogue.Kind.CLARIFY, dialogue.Kind.REJECT)
    expected = dialogue.expected(state, heard.text)
    so_far = Utterance(heard.text, spoken, not undecided, expected, thought.fading)
    return completeness(so_far)
