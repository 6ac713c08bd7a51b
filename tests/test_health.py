"""Unit: how each part of the machine is judged, both ways."""

from datetime import UTC, datetime, timedelta

import pytest

from voicebot import health
from voicebot.health import Part, State

GOOD, WARN, BAD = State.GOOD, State.WARN, State.BAD
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("part", "state", "says"),
    [
        (health.disk(50_000_000_000), GOOD, "50,0 GB"),
        (health.disk(3_000_000_000), WARN, "3,0 GB"),
        (health.disk(100_000_000), BAD, "0,1 GB"),
        (health.database("SQLite", 0.003), GOOD, "3 ms"),
        (health.database("PostgreSQL", 0.9), WARN, "900 ms"),
        (health.database("PostgreSQL", None), BAD, "svarer ikke"),
        (health.record(3, False, 0), GOOD, "Følger med"),
        (health.record(700, False, 0), WARN, "700"),
        (health.record(12, True, 0), BAD, "12"),
        (health.record(0, False, 4), BAD, "4 hændelser"),
        (health.deleting(None, NOW), GOOD, "Bliver gjort i nat"),
        (health.deleting(NOW - timedelta(days=1), NOW), GOOD, "Senest gjort 21.11.2026"),
        (health.deleting(NOW - timedelta(days=2, hours=1), NOW), BAD, "Ikke gjort siden 20.11.2026"),
        (health.models("whisper-base", ()), GOOD, "whisper-base"),
        (health.models("whisper-base", ("recognition",)), BAD, "recognition"),
        (health.voice("Talesyntese", False), GOOD, "Talesyntese"),
        (health.voice("Kokoro", True), WARN, "Kokoro"),
        (health.speech(10, 10), GOOD, "10"),
        (health.speech(3, 10), WARN, "3 af 10"),
        (health.texts("abc", 198, ()), GOOD, "198"),
        (health.texts("abc", 198, ("pas.yaml:3: tom",)), BAD, "pas.yaml:3"),
        (health.load(2, 12, 0.0), GOOD, "2 af højst 12"),
        (health.load(12, 12, 0.0), WARN, "fuldt"),
        (health.load(2, 12, 1.4), WARN, "fuldt"),
        (health.carrier(True, False, {}), GOOD, "Sat op"),
        (
            health.carrier(True, False, {"telephony.slow": 2}),
            WARN,
            "2 fejl på linjen det seneste døgn: linjen",
        ),
        (health.carrier(False, False, {}), WARN, "Ikke forbundet"),
        (health.carrier(True, True, {}), WARN, "uden underskrift"),
    ],
)
def test_a_part_is_what_was_measured(part: Part, state: State, says: str) -> None:
    assert part.state is state
    assert says in part.what
    assert (part.remedy == "") is (state is GOOD)
