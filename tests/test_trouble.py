"""Unit: what went wrong with the carrier is remembered for a while, and no more of it than is of use."""

from datetime import UTC, datetime, timedelta

from voicebot.telephony.trouble import KEPT, Trouble

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_faults_are_counted_by_code_from_a_moment_on() -> None:
    moments = iter([NOON - timedelta(days=2), NOON, NOON, NOON])
    trouble = Trouble(lambda: next(moments))
    for code in ("telephony.slow", "telephony.slow", "telephony.json", "telephony.slow"):
        trouble.note(code)
    assert trouble.since(NOON - timedelta(days=1)) == {"telephony.slow": 2, "telephony.json": 1}
    assert trouble.since(NOON - timedelta(days=3)).total() == 4


def test_a_flood_of_faults_takes_no_more_room() -> None:
    trouble = Trouble(lambda: NOON)
    for _ in range(KEPT + 5):
        trouble.note("telephony.json")
    assert trouble.since(NOON - timedelta(days=1)).total() == KEPT
