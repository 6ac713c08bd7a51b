"""What there is of cases."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from voicebot.replay.cases import PATHS, TAGS, Case


@dataclass(frozen=True)
class Inventory:
    """Of some cases. topics: answers that anybody wants; tags: cases with each, all known tags; seconds: of sound."""

    cases: int
    topics: frozenset[str]
    tags: dict[str, int]
    seconds: float

    @property
    def lacking(self) -> tuple[str, ...]:
        """The ways through the dialogue that no case takes."""
        return tuple(path for path in PATHS if not self.tags[path])

    @property
    def summary(self) -> str:
        """In one sentence."""
        lacking = f" No case yet: {', '.join(self.lacking)}." if self.lacking else " Every path has a case."
        return f"{self.cases} cases over {len(self.topics)} topics, {self.seconds:.0f} s of sound.{lacking}"

    def to_json(self) -> dict[str, object]:
        """The same for a program."""
        return {
            "cases": self.cases,
            "topics": sorted(self.topics),
            "tags": self.tags,
            "lacking": list(self.lacking),
            "seconds": round(self.seconds, 1),
        }


def inventory(cases: Sequence[Case]) -> Inventory:
    """Take stock of cases."""
    tags: Counter[str] = Counter(tag for case in cases for tag in {*case.script.tags})
    expected = [step.expect for case in cases for step in case.script.turns if step.expect]
    topics = {id_ for expect in expected for field, id_ in expect.named if field != "options_include"}
    seconds = sum(sound.seconds for case in cases for sound in case.sounds.values())
    return Inventory(len(cases), frozenset(topics), {tag: tags[tag] for tag in TAGS}, seconds)
