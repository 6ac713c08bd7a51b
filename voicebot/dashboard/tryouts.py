"""What a change would change, worked out while its page is looked at: the same change is worked out once."""

import asyncio
import hashlib
import json
import logging
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voicebot.errors import VoicebotError

if TYPE_CHECKING:
    from voicebot.dashboard.office import Changed, Office

log = logging.getLogger(__name__)

REASONS = {
    "content": "Svaret har fejl, så det kan ikke prøves. Ret fejlene først.",
    "evaluation": "Filerne med testspørgsmål kan ikke læses. Kør voicebot evaluate; den siger, hvor fejlen er.",
    "replay": "De optagede opkald kan ikke læses. Kør voicebot fixtures check; den siger, hvor fejlen er.",
    "studio": "Afprøvningen hænger, fordi en model ikke svarer. Genstart botten, når ingen ringer, og prøv igen.",
    "engines": "Modellerne har for travlt med opkald lige nu. Prøv igen om lidt.",
}
"""Why a change cannot be tried out, by the room that says no."""

KEPT = 20
"""Tries remembered; the oldest is forgotten, and stopped if it still goes on."""
LEFT = 120.0
"""Seconds without a look after which nobody waits for a try; of a page that lies behind, browsers ask once a minute."""


@dataclass
class Tryout:
    """A change that is tried, first on questions, then on recorded calls: how far that is, and what came of it.

    changes, calls: `voicebot.studio.Changes` and `Calls`, None until they are there; fault: why there are none.
    """

    key: str
    done: int = 0
    of: int = 0
    changes: Any = None
    calls: Any = None
    fault: str = ""
    task: asyncio.Task[None] | None = None
    patience: asyncio.Timeout | None = None

    @property
    def over(self) -> bool:
        """Whether there is all of the result, or a fault."""
        return self.calls is not None or bool(self.fault)

    @property
    def harmless(self) -> bool:
        """Whether it is known that nothing turns worse."""
        return bool(self.calls and not self.fault and not self.changes.worse and not self.calls.worse)

    def tell(self, done: int, of: int) -> None:
        """Be told how far it is."""
        self.done, self.of = done, of

    def looked_at(self) -> None:
        """Go on: somebody waits for it."""
        if self.patience and not self.over:
            self.patience.reschedule(asyncio.get_running_loop().time() + LEFT)


Tryouts = OrderedDict[str, Tryout]
"""The latest tries by the key of their change, the oldest first."""


def key_of(version: str, changed: "Changed") -> str:
    """What stands in addresses for a change of that version of the answers."""
    return hashlib.sha256(json.dumps([version, changed], sort_keys=True).encode()).hexdigest()[:20]


def begin(place: "Office", changed: "Changed") -> Tryout:
    """The try of this change: the one there is, or a new one that goes on by itself."""
    tries, key = place.tryouts, key_of(place.studio.version, changed)
    found = tries.get(key)
    if found is None or found.fault:
        found = tries[key] = Tryout(key)
        found.task = asyncio.create_task(_try(place, changed, found))
    found.looked_at()
    tries.move_to_end(key)
    while len(tries) > KEPT:
        _, oldest = tries.popitem(last=False)
        if oldest.task:
            oldest.task.cancel()
    return found


async def _try(place: "Office", changed: "Changed", told: Tryout) -> None:
    try:
        async with asyncio.timeout(LEFT) as told.patience:
            told.changes = await place.studio.changes(changed, told.tell)
            told.tell(0, 0)
            told.calls = await place.studio.calls(changed, told.tell)
    except TimeoutError:
        told.fault = "Afprøvningen blev stoppet, fordi ingen så på den længere. Prøv igen."
    except VoicebotError as fault:
        told.fault = REASONS.get(fault.code.partition(".")[0], "Afprøvningen gik i stå. Prøv igen.")
    except Exception as fault:  # the page has to say something
        log.warning("Trying out changed answers failed: %s", type(fault).__name__)
        told.fault = "Afprøvningen gik i stå. Prøv igen."
