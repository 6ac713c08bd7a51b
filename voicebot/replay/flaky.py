"""A case played several times under one condition: right where it always was, flaky where it was not each time."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from voicebot.replay.judging import CaseResult

Key = TypeVar("Key")
Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Played:
    """Every play, one at least, of a case under one condition."""

    plays: tuple[CaseResult, ...]

    @property
    def name(self) -> str:
        """The case: area/case."""
        return self.plays[0].name

    @property
    def condition(self) -> str:
        """The line's."""
        return self.plays[0].condition

    @property
    def key(self) -> tuple[str, str]:
        """Both."""
        return self.plays[0].key

    @property
    def label(self) -> str:
        """How a report names it."""
        return self.plays[0].label

    @property
    def right(self) -> int:
        """How many plays went right."""
        return sum(play.passed for play in self.plays)

    @property
    def passed(self) -> bool:
        """Whether every play went right."""
        return self.right == len(self.plays)

    @property
    def settled(self) -> bool:
        """Whether the caller got what they wanted every time."""
        return all(play.settled for play in self.plays)

    @property
    def wrong(self) -> bool:
        """Whether the bot did what it must never do in any play."""
        return any(play.wrong for play in self.plays)

    @property
    def flaky(self) -> bool:
        """Whether some plays went right and others did not."""
        return 0 < self.right < len(self.plays)

    @property
    def telling(self) -> CaseResult:
        """The play to show: the first that was wrong, else that missed anything, else the first."""
        return min(self.plays, key=lambda play: (not play.wrong, play.passed))


def together(results: Iterable[CaseResult]) -> tuple[Played, ...]:
    """The plays of each case under each condition, in the order of their first ones."""
    return tuple(Played(tuple(plays)) for plays in grouped((result.key, result) for result in results).values())


def grouped(pairs: Iterable[tuple[Key, Thing]]) -> dict[Key, list[Thing]]:
    """Things by their key, in the order in which the keys come."""
    groups: dict[Key, list[Thing]] = {}
    for key, thing in pairs:
        groups.setdefault(key, []).append(thing)
    return groups
