"""From calls to figures: how soon, how often, at what cost. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil

from voicebot.loadtest.caller import Ask
from voicebot.loadtest.measuring import Level

SILENT = 2.0
"""Seconds without a sound after which a line counts as dead."""
STAGES = ("ended", "transcribed", "decided", "sounded")
TRUSTED_LATENESS = 0.02
"""Seconds, one frame of sound: where the tester's clock is later than that 1 time in 100, its figures are too."""
KINDS = {"answer": "answered", "clarify": "asked back", "reject": "refused", "transfer": "transferred"}
"""How the bot's decisions are told of; an emergency is a transfer."""
SHARES = (*KINDS.values(), "no reply", "cut off", "silent")
PERCENTILES = ("p50", "p95", "p99")


@dataclass(frozen=True)
class Spread:
    """Percentiles in seconds, None where that many never came; count: how many there were, those included."""

    p50: float | None
    p95: float | None
    p99: float | None
    count: int

    def within(self, limit: float) -> bool:
        """Whether 95 of 100 came within so many seconds."""
        return self.p95 is not None and self.p95 <= limit


def spread(seconds: Iterable[float | None]) -> Spread:
    """Percentiles by nearest rank; None: it never came, and is later than any."""
    known = sorted(float("inf") if each is None else each for each in seconds)

    def at(share: float) -> float | None:
        value = known[ceil(share * len(known)) - 1] if known else float("inf")
        return None if value == float("inf") else round(value, 3)

    return Spread(at(0.5), at(0.95), at(0.99), len(known))


@dataclass(frozen=True)
class Figures:
    """How so many callers at once were served.

    Times are seconds from the caller's last word; greeting: from ringing up. shares: of the questions, 0..1, by what
    was done. cpu, memory: the bot's mean share of one core and most resident MB, None where it was not measured.
    late: by how much this tester's clock was late 1 time in 100. stages: medians of `events.TurnTimed`.
    """

    callers: int
    seconds: float
    calls: int
    busy: int
    lost: int
    first: Spread
    reply: Spread
    greeting: Spread
    shares: dict[str, float]
    stages: dict[str, float]
    cpu: float | None
    memory: float | None
    late: float
    own_cpu: float

    @property
    def trusted(self) -> bool:
        """Whether this tester kept time."""
        return self.late <= TRUSTED_LATENESS

    def held(self, limit: float) -> bool:
        """Whether all were served: 95 of 100 replies within `limit` seconds, nobody turned away, no call lost."""
        return self.reply.within(limit) and not self.busy and not self.lost


def figures(level: Level) -> Figures:
    """The figures of one level."""
    asks = [ask for called in level.calls for ask in called.asks]
    cpu, memory = [sample.cpu for sample in level.samples], [sample.memory for sample in level.samples]
    return Figures(
        level.callers,
        round(level.seconds, 1),
        len(level.calls),
        sum(called.busy for called in level.calls),
        sum(bool(called.lost) for called in level.calls),
        spread(ask.first for ask in asks),
        spread(ask.reply for ask in asks),
        spread(called.greeting for called in level.calls if not called.lost or called.greeting is not None),
        _shares(asks),
        {name: middle for name in STAGES if (middle := _median(asks, name)) is not None},
        round(sum(cpu) / len(cpu), 2) if cpu else None,
        round(max(memory)) if memory else None,
        spread(level.late).p99 or 0.0,
        round(level.own_cpu, 3),
    )


def _shares(asks: Sequence[Ask]) -> dict[str, float]:
    kinds = ["transfer" if ask.decision == "emergency" else ask.decision for ask in asks]
    counts = {name: kinds.count(kind) for kind, name in KINDS.items()}
    counts["no reply"] = sum(ask.reply is None for ask in asks)
    counts["cut off"] = sum(ask.cut for ask in asks)
    counts["silent"] = sum(ask.first is None or ask.first > SILENT for ask in asks)
    return {name: round(count / len(asks), 3) if asks else 0.0 for name, count in counts.items()}


def _median(asks: Sequence[Ask], stage: str) -> float | None:
    return spread(ask.stages[stage] for ask in asks if stage in ask.stages).p50


def most_held(levels: Sequence[Figures], limit: float) -> int:
    """How many callers at once were served, with any fewer served as well; 0: not even the fewest."""
    held = 0
    for level in sorted(levels, key=lambda level: level.callers):
        if not level.held(limit):
            break
        held = level.callers
    return held
