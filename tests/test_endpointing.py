"""Turns found in speech probabilities: pure arithmetic, in audio seconds."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicebot.endpointing import FRAME_SECONDS, Completeness, Endpointer, Signal, State, Timing, moved

TURN_STARTED, TURN_MAY_HAVE_ENDED, TURN_RESUMED, TURN_ENDED, INTERRUPTED = Signal
BEGINNINGS = {TURN_STARTED, INTERRUPTED}
FOLLOWERS: dict[Signal | None, set[Signal]] = {
    None: BEGINNINGS,
    TURN_STARTED: {TURN_MAY_HAVE_ENDED, TURN_ENDED},
    INTERRUPTED: {TURN_MAY_HAVE_ENDED, TURN_ENDED},
    TURN_MAY_HAVE_ENDED: {TURN_RESUMED, TURN_ENDED},
    TURN_RESUMED: {TURN_MAY_HAVE_ENDED, TURN_ENDED},
    TURN_ENDED: BEGINNINGS,
}


def play(
    endpointer: Endpointer, *stretches: tuple[float, float], bot_speaking: bool = False
) -> list[tuple[Signal, float]]:
    """Each (probability, seconds) stretch in turn; every signal with the audio second at which it came."""
    heard = []
    for probability, seconds in stretches:
        for _ in range(round(seconds / FRAME_SECONDS)):
            signal = endpointer.hear(probability, bot_speaking=bot_speaking)
            if signal is not None:
                heard.append((signal, endpointer.now))
    return heard


def names(heard: list[tuple[Signal, float]]) -> list[Signal]:
    return [signal for signal, _ in heard]


def test_a_turn_starts_may_have_ended_and_ends() -> None:
    endpointer = Endpointer()
    heard = play(endpointer, (0.02, 0.96), (0.9, 1.92), (0.02, 1.6))
    assert names(heard) == [TURN_STARTED, TURN_MAY_HAVE_ENDED, TURN_ENDED]
    assert endpointer.speech_start == pytest.approx(0.96)
    assert endpointer.speech_end == pytest.approx(2.88)
    times = [at for _, at in heard]
    assert times == pytest.approx([0.96 + 0.1, 2.88 + 0.1, 2.88 + 0.8], abs=FRAME_SECONDS)
    assert endpointer.now == pytest.approx(4.48)


def test_speech_after_a_short_pause_resumes_the_turn() -> None:
    endpointer = Endpointer()
    heard = play(endpointer, (0.9, 0.96), (0.02, 0.48), (0.9, 0.96), (0.02, 0.96))
    assert names(heard) == [TURN_STARTED, TURN_MAY_HAVE_ENDED, TURN_RESUMED, TURN_MAY_HAVE_ENDED, TURN_ENDED]
    assert endpointer.speech_start == 0
    assert endpointer.speech_end == pytest.approx(2.4)


def test_a_stop_consonant_is_no_pause() -> None:
    assert names(play(Endpointer(), (0.9, 0.48), (0.02, 0.064), (0.9, 0.48))) == [TURN_STARTED]


@pytest.mark.parametrize("bot_speaking", [False, True])
def test_clicks_start_nothing(bot_speaking: bool) -> None:
    clicks = [(0.99, 0.064), (0.01, 0.32)] * 20
    assert play(Endpointer(), *clicks, bot_speaking=bot_speaking) == []


def test_clicks_do_not_hold_a_turn_open() -> None:
    endpointer = Endpointer()
    heard = play(endpointer, (0.9, 0.96), *[(0.01, 0.288), (0.99, 0.032)] * 4)
    assert names(heard) == [TURN_STARTED, TURN_MAY_HAVE_ENDED, TURN_ENDED]
    assert heard[-1][1] == pytest.approx(0.96 + 0.8, abs=2 * FRAME_SECONDS)
    assert endpointer.speech_end == pytest.approx(0.96)


def test_what_is_rather_no_speech_neither_begins_nor_holds_a_turn() -> None:
    assert play(Endpointer(), (0.49, 3.2)) == []
    assert names(play(Endpointer(), (0.51, 0.32), (0.49, 3.2)))[-1] is TURN_ENDED


@pytest.mark.parametrize(
    ("completeness", "silence"),
    [
        (Completeness.COMPLETE, 0.32),
        (Completeness.UNKNOWN, 0.8),
        (Completeness.OPEN, 1.12),
        (Completeness.HANGING, 1.28),
    ],
)
def test_the_silence_that_ends_a_turn_follows_what_has_been_said(completeness: Completeness, silence: float) -> None:
    endpointer = Endpointer()
    play(endpointer, (0.9, 0.96), (0.02, 0.128))
    endpointer.expect(completeness)
    assert names(play(endpointer, (0.02, 2.0))) == [TURN_ENDED]
    endpointer = Endpointer()
    play(endpointer, (0.9, 0.96), (0.02, 0.128))
    endpointer.expect(completeness)
    assert play(endpointer, (0.02, silence - 0.128 - 2 * FRAME_SECONDS)) == []
    assert names(play(endpointer, (0.02, 3 * FRAME_SECONDS))) == [TURN_ENDED]


def test_what_is_learnt_late_ends_a_turn_at_once() -> None:
    endpointer = Endpointer()
    play(endpointer, (0.9, 0.96), (0.02, 0.64))
    endpointer.expect(Completeness.COMPLETE)
    assert endpointer.hear(0.02, bot_speaking=False) is TURN_ENDED


def test_what_is_learnt_may_change_while_the_pause_lasts() -> None:
    endpointer = Endpointer()
    play(endpointer, (0.9, 0.96), (0.02, 0.128))
    endpointer.expect(Completeness.HANGING)
    assert play(endpointer, (0.02, 0.96)) == []
    endpointer.expect(Completeness.OPEN)
    assert endpointer.hear(0.02, bot_speaking=False) is TURN_ENDED


def test_who_goes_on_is_judged_anew() -> None:
    endpointer = Endpointer()
    play(endpointer, (0.9, 0.96), (0.02, 0.128))
    endpointer.expect(Completeness.COMPLETE)
    heard = play(endpointer, (0.9, 0.96), (0.02, 0.768))
    assert names(heard) == [TURN_RESUMED, TURN_MAY_HAVE_ENDED]
    assert names(play(endpointer, (0.02, 0.128))) == [TURN_ENDED]


def test_what_is_learnt_outside_a_pause_tells_nothing() -> None:
    endpointer = Endpointer()
    endpointer.expect(Completeness.COMPLETE)
    play(endpointer, (0.9, 0.96))
    endpointer.expect(Completeness.COMPLETE)
    assert names(play(endpointer, (0.02, 0.64))) == [TURN_MAY_HAVE_ENDED]


def test_a_word_over_the_bot_needs_to_be_firmer() -> None:
    assert play(Endpointer(), (0.9, 0.128), (0.02, 0.96), bot_speaking=True) == []
    assert names(play(Endpointer(), (0.9, 0.128), (0.02, 0.96), bot_speaking=False))[0] is TURN_STARTED


def test_an_interruption_is_a_turn_of_its_own() -> None:
    endpointer = Endpointer()
    heard = play(endpointer, (0.02, 0.64), (0.9, 0.32), bot_speaking=True)
    assert names(heard) == [INTERRUPTED]
    assert heard[0][1] == pytest.approx(0.64 + 0.16, abs=FRAME_SECONDS)
    assert endpointer.speech_start == pytest.approx(0.64)
    assert names(play(endpointer, (0.9, 0.32), (0.02, 0.96))) == [TURN_MAY_HAVE_ENDED, TURN_ENDED]


def test_speech_begun_over_the_bot_starts_a_turn_once_the_bot_is_silent() -> None:
    endpointer = Endpointer()
    assert play(endpointer, (0.9, 0.128), bot_speaking=True) == []
    assert names(play(endpointer, (0.9, 0.032))) == [TURN_STARTED]
    assert endpointer.speech_start == 0


def test_endless_speech_ends_at_the_limit_and_then_counts_as_a_new_turn() -> None:
    endpointer = Endpointer()
    heard = play(endpointer, (0.9, 31.0))
    assert names(heard) == [TURN_STARTED, TURN_ENDED, TURN_STARTED]
    assert heard[1][1] == pytest.approx(30.0, abs=FRAME_SECONDS)


def test_turns_follow_each_other() -> None:
    endpointer = Endpointer()
    turn = [(0.9, 0.64), (0.02, 0.96)]
    assert names(play(endpointer, *turn, *turn)) == [TURN_STARTED, TURN_MAY_HAVE_ENDED, TURN_ENDED] * 2
    assert endpointer.speech_start == pytest.approx(1.6)


@pytest.mark.parametrize("probability", [-0.01, 1.01, math.nan])
def test_what_is_no_probability_raises(probability: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        Endpointer().hear(probability, bot_speaking=False)


@pytest.mark.parametrize(
    ("state", "signal"),
    [
        (State.WAITING, TURN_ENDED),
        (State.WAITING, TURN_MAY_HAVE_ENDED),
        (State.WAITING, TURN_RESUMED),
        (State.SPEAKING, TURN_STARTED),
        (State.SPEAKING, INTERRUPTED),
        (State.SPEAKING, TURN_RESUMED),
        (State.PAUSED, TURN_STARTED),
        (State.PAUSED, INTERRUPTED),
        (State.PAUSED, TURN_MAY_HAVE_ENDED),
    ],
)
def test_illegal_moves_raise(state: State, signal: Signal) -> None:
    with pytest.raises(RuntimeError, match=f"{signal.name} cannot come while {state.name}"):
        moved(state, signal)


Run = tuple[float, int, bool, Completeness]
"""Probability, frames, whether the bot speaks, and what is learnt before them."""
runs = st.lists(
    st.tuples(st.floats(0, 1), st.integers(1, 60), st.booleans(), st.sampled_from(Completeness)), max_size=60
)
timings = st.builds(
    Timing,
    start=st.sampled_from([0.032, 0.1, 0.2]),
    may_end=st.sampled_from([0.032, 0.2, 0.4]),
    unknown=st.sampled_from([0.5, 0.7, 1.2]),
    longest=st.sampled_from([0.5, 3.0, 30.0]),
)


@given(runs, timings)
def test_signals_always_follow_the_rules(runs: list[Run], timing: Timing) -> None:
    endpointer, last = Endpointer(timing), None
    for probability, frames, bot_speaking, completeness in runs:
        endpointer.expect(completeness)
        for _ in range(frames):
            signal = endpointer.hear(probability, bot_speaking=bot_speaking)
            assert endpointer.speech_start <= endpointer.speech_end <= endpointer.now
            if signal is None:
                continue
            assert signal in FOLLOWERS[last]
            if signal in BEGINNINGS:
                assert signal is (INTERRUPTED if bot_speaking else TURN_STARTED)
            last = signal


@given(runs, timings)
def test_every_turn_ends_in_silence_or_at_the_limit(runs: list[Run], timing: Timing) -> None:
    endpointer = Endpointer(timing)
    begun = False
    for probability, frames, bot_speaking, completeness in [*runs, (0.0, 60, False, Completeness.HANGING)]:
        endpointer.expect(completeness)
        for _ in range(frames):
            signal = endpointer.hear(probability, bot_speaking=bot_speaking)
            begun = signal in BEGINNINGS or (begun and signal is not TURN_ENDED)
            assert not begun or endpointer.now - endpointer.speech_start < timing.longest + FRAME_SECONDS
    assert not begun
    assert endpointer.state is State.WAITING


@given(st.lists(st.floats(0, 0.49), max_size=200), st.booleans())
def test_no_turn_without_speech(probabilities: list[float], bot_speaking: bool) -> None:
    endpointer = Endpointer()
    assert all(endpointer.hear(p, bot_speaking=bot_speaking) is None for p in probabilities)
