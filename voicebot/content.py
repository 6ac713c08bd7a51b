"""What one call speaks from, from its first word to its last: the approved answers and the matcher over them."""

import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cached_property

from voicebot.answers import Library
from voicebot.dialogue import Heard, State, in_light
from voicebot.matching import Candidate, Matcher


@dataclass(frozen=True)
class Content:
    """A library and the matcher built over it: a call keeps the two to its end, whatever is loaded meanwhile."""

    library: Library
    matcher: Matcher

    @cached_property
    def version(self) -> str:
        """Short hash of all that the library says: the same texts and facts have the same version everywhere."""
        texts = json.dumps(asdict(self.library), sort_keys=True, default=str)
        return hashlib.sha256(texts.encode()).hexdigest()[:12]

    def heard(self, text: str, confidence: float, state: State) -> Heard:
        """What an utterance may mean: by itself, and in the light of what the conversation is about.

        confidence: the recogniser's, 0..1.
        """
        together = in_light(self.library, state, text)
        return Heard(text, confidence, self._match(text), self._match(together))

    def _match(self, text: str) -> tuple[Candidate, ...]:
        return self.matcher.match(text) if text else ()
