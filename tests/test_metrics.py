"""Figures for Prometheus: what each event adds, and that nothing of a caller is among them."""

import asyncio

import pytest

from voicebot.engines.desk import Desk, Need
from voicebot.events import (
    CallEnded,
    CallStarted,
    Decided,
    Failed,
    Interrupted,
    Said,
    Transcribed,
    Transferred,
    TurnTimed,
)
from voicebot.metrics import LAG_PERIOD, Metrics

CALL = ("CA-secret", 1.0)


def figures(metrics: Metrics) -> dict[str, float]:
    lines = [line for line in metrics.page().decode().splitlines() if line.startswith("voicebot_")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def test_a_call_is_counted_from_its_start_to_its_outcome() -> None:
    metrics = Metrics()
    metrics.hear(CallStarted(*CALL, "twilio", "roskilde", "+4512345678", "2026-11-20T10:00:00+00:00"))
    assert figures(metrics)["voicebot_calls_under_way"] == 1
    metrics.hear(Transferred(*CALL, "+4546313000", "busy"))
    metrics.hear(CallEnded(*CALL, "transferred"))
    shown = figures(metrics)
    assert shown["voicebot_calls_under_way"] == 0
    assert shown['voicebot_calls_total{outcome="transferred"}'] == 1
    assert shown['voicebot_transfers_total{reason="busy"}'] == 1


def test_a_turn_falls_into_the_buckets_of_its_steps() -> None:
    metrics = Metrics()
    metrics.hear(TurnTimed(*CALL, 3.0, ended=0.42, transcribed=0.35, decided=0.43, sounded=0.62))
    shown = figures(metrics)
    assert shown['voicebot_turn_seconds_bucket{le="0.65",step="sounded"}'] == 1
    assert shown['voicebot_turn_seconds_bucket{le="0.5",step="sounded"}'] == 0
    assert shown['voicebot_turn_seconds_sum{step="ended"}'] == pytest.approx(0.42)
    assert shown['voicebot_turn_seconds_count{step="transcribed"}'] == 1
    assert shown['voicebot_turn_seconds_sum{step="decided"}'] == pytest.approx(0.43)


def test_replies_interruptions_and_faults_are_counted() -> None:
    metrics = Metrics()
    metrics.hear(Decided(*CALL, "answer", "pas-mistet", 0.9, (), "Meld det straks."))
    metrics.hear(Interrupted(*CALL, "Meld det straks.", 0.4))
    metrics.hear(Failed(*CALL, "engines", "engines.hung"))
    shown = figures(metrics)
    assert shown['voicebot_decisions_total{decision="answer"}'] == 1
    assert shown["voicebot_interruptions_total"] == 1
    assert shown['voicebot_failures_total{code="engines.hung",stage="engines"}'] == 1


def test_nothing_of_a_caller_is_shown() -> None:
    metrics = Metrics()
    metrics.hear(CallStarted(*CALL, "twilio", "roskilde", "+4512345678", "2026-11-20T10:00:00+00:00"))
    metrics.hear(Transcribed(*CALL, "hemmeligt", 0.9, 2.0))
    metrics.hear(Decided(*CALL, "answer", "misbrug", 0.9, (), "Kom trygt."))
    metrics.hear(Said(*CALL, "Kom trygt."))
    metrics.hear(Transferred(*CALL, "+4546313000", "asked"))
    metrics.hear(CallEnded(*CALL, "transferred"))
    page = metrics.page().decode()
    assert not [word for word in ("secret", "4512345678", "hemmeligt", "misbrug", "trygt", "46313000") if word in page]


async def test_the_desks_show_who_waits_and_for_how_long() -> None:
    desk, metrics = Desk("recognition", 5.0), Metrics()
    metrics.watch_desks([desk])
    waiting = asyncio.create_task(desk.run(Need(0.0), int))
    await asyncio.sleep(0)
    assert figures(metrics)['voicebot_desk_waiting{desk="recognition"}'] == 1
    serving = asyncio.create_task(desk.serve())
    await waiting
    shown = figures(metrics)
    assert shown['voicebot_desk_waiting{desk="recognition"}'] == 0
    assert shown['voicebot_desk_wait_seconds_count{desk="recognition"}'] == 1
    assert shown['voicebot_desk_hung{desk="recognition"}'] == 0
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)


async def test_a_blocked_loop_is_seen() -> None:
    metrics = Metrics()
    watching = asyncio.create_task(metrics.watch_loop())
    await asyncio.sleep(0.01)
    deadline = asyncio.get_running_loop().time() + LAG_PERIOD + 0.05
    while asyncio.get_running_loop().time() < deadline:
        pass
    await asyncio.sleep(0.01)
    watching.cancel()
    assert figures(metrics)["voicebot_loop_lag_seconds_sum"] >= 0.03


def test_a_gauge_of_anything_else() -> None:
    metrics = Metrics()
    metrics.show("speech_ready", "Pieces.", lambda: 7)
    assert figures(metrics)["voicebot_speech_ready"] == 7
