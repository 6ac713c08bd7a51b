"""What happens, in figures for Prometheus: an event listener, and gauges over the desks and the event loop.

No label holds anything of a caller: only the names of our own steps, reasons and error codes.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import Protocol

from prometheus_client import (
    CONTENT_TYPE_PLAIN_0_0_4,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)

from voicebot.events import CallEnded, CallStarted, Decided, Event, Failed, Interrupted, Transferred, TurnTimed

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
TURN_BUCKETS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.65, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0, 5.0)
"""Seconds; closest around 0.47 s, after which a Danish listener answers, and 1.5 s, which a busy bot may take."""
WAIT_BUCKETS = (0.01, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
LAG_BUCKETS = (0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 1.0)
"""Seconds; over 0.02 the loop was blocked: a line carries a frame of sound that often."""
LAG_PERIOD = 0.1
"""Seconds between two looks at how late the event loop is."""


class Desk(Protocol):
    """What is told of a queue before a model."""

    name: str
    hung: int
    tell_wait: Callable[[float], None]

    @property
    def waiting(self) -> int:
        """Jobs in the queue."""


class Metrics:
    """All figures of one bot, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)

        def count(name: str, what: str, *labels: str) -> Counter:
            return Counter(f"voicebot_{name}", what, labels, registry=registry)

        def spread(name: str, what: str, buckets: Iterable[float], *labels: str) -> Histogram:
            return Histogram(f"voicebot_{name}", what, labels, registry=registry, buckets=tuple(buckets))

        self._calls = Gauge("voicebot_calls_under_way", "Calls on the line now.", registry=registry)
        self._ended = count("calls", "Calls that are over, by how they ended.", "outcome")
        self._transfers = count("transfers", "Callers put through to a human, by reason; busy: not taken.", "reason")
        self._decisions = count("decisions", "Replies, by what was decided.", "decision")
        self._interruptions = count("interruptions", "Times a caller spoke over the bot.")
        self._failures = count("failures", "Faults in calls, by stage and code.", "stage", "code")
        steps = "Seconds from a caller's last word to the turn's end, its words, the decision, the first sound."
        self._turns = spread("turn_seconds", steps, TURN_BUCKETS, "step")
        self._waits = spread("desk_wait_seconds", "Seconds a job waited for a model.", WAIT_BUCKETS, "desk")
        self._lag = spread("loop_lag_seconds", "Seconds the event loop woke too late.", LAG_BUCKETS)

    def hear(self, event: Event) -> None:
        """Count an event; returns at once."""
        match event:
            case CallStarted():
                self._calls.inc()
            case CallEnded(outcome=outcome):
                self._calls.dec()
                self._ended.labels(outcome).inc()
            case Transferred(reason=reason):
                self._transfers.labels(reason).inc()
            case Decided(decision=decision):
                self._decisions.labels(decision).inc()
            case Interrupted():
                self._interruptions.inc()
            case Failed(stage=stage, code=code):
                self._failures.labels(stage, code).inc()
            case TurnTimed():
                for step in ("ended", "transcribed", "decided", "sounded"):
                    self._turns.labels(step).observe(getattr(event, step))

    def watch_desks(self, desks: Iterable[Desk]) -> None:
        """Show how many jobs wait at each desk, how long they waited, and how many threads hang."""
        waiting = Gauge("voicebot_desk_waiting", "Jobs that wait for a model.", ["desk"], registry=self._registry)
        hung = Gauge("voicebot_desk_hung", "Threads left behind, hanging.", ["desk"], registry=self._registry)
        for desk in desks:
            waiting.labels(desk.name).set_function(lambda desk=desk: desk.waiting)  # type: ignore[misc]
            hung.labels(desk.name).set_function(lambda desk=desk: desk.hung)  # type: ignore[misc]
            desk.tell_wait = self._waits.labels(desk.name).observe

    def show(self, name: str, what: str, value: Callable[[], float]) -> None:
        """One more gauge: `voicebot_<name>`, worked out whenever somebody looks."""
        Gauge(f"voicebot_{name}", what, registry=self._registry).set_function(value)

    async def watch_loop(self) -> None:
        """Measure, until cancelled, how late the event loop wakes."""
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + LAG_PERIOD
            await asyncio.sleep(LAG_PERIOD)
            self._lag.observe(max(0.0, loop.time() - due))

    def page(self) -> bytes:
        """All figures in Prometheus' text format, `CONTENT_TYPE`."""
        return generate_latest(self._registry)
