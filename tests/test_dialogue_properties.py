"""Unit: what holds of every conversation, whatever is said, in whatever order."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.made_library import LIBRARY, PHRASES
from tests.talking import turn
from tests.test_dialogue import CASES, NOISE
from voicebot import dialogue
from voicebot.dialogue import Decision, Kind, State

SIDES = {"hvad koster det", "og hvor skal jeg hen", "gælder det også mit barn", "langsommere", "kun det vigtigste"}
LINES = sorted({line for lines, *_ in CASES for line in lines} | {"nej tak", "farvel"} | SIDES)
READY = set(dialogue.standing_pieces(LIBRARY)) | set(dialogue.answer_pieces(LIBRARY))
QUESTIONS = [
    PHRASES.offer_human,
    PHRASES.not_understood,
    "Er det til dig selv eller til et barn?",
    "Vil du høre prisen?",
]


def played(lines: list[str]) -> list[tuple[State, Decision]]:
    """Every turn up to the end of the call."""
    turns = [dialogue.opening(LIBRARY)]
    for line in lines:
        if turns[-1][1].then != "listen":
            break
        turns.append(dialogue.decide(LIBRARY, turns[-1][0], turn(line)))
    return turns


@given(st.lists(st.sampled_from(LINES), max_size=25))
def test_every_piece_that_is_spoken_is_made_ready(lines: list[str]) -> None:
    for _, decision in played(lines):
        assert set(decision.pieces) <= READY
        assert decision.pieces


@settings(max_examples=600, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=40))
def test_no_question_is_asked_three_times(lines: list[str]) -> None:
    decisions = [decision for _, decision in played(lines)]
    for question in QUESTIONS:
        assert sum(question in decision.reply for decision in decisions) <= 2, question
    clarified = [d.reply[d.reply.index("Handler") :] for d in decisions if "Handler" in d.reply]
    assert all(clarified.count(question) <= 2 for question in clarified)


@given(st.lists(st.sampled_from(LINES), max_size=15))
def test_a_human_is_one_key_or_one_word_away_in_every_state(lines: list[str]) -> None:
    state, _ = played(lines)[-1]
    for line in ("#0", "medarbejder"):
        _, decision = dialogue.decide(LIBRARY, state, turn(line))
        assert (decision.kind, decision.then) == (Kind.TRANSFER, "transfer")


@given(st.lists(st.sampled_from(LINES), max_size=15), st.sampled_from(["der er brand", "jeg vil ikke leve mere"]))
def test_an_emergency_is_one_in_every_state(lines: list[str], cry: str) -> None:
    state, _ = played(lines)[-1]
    assert dialogue.decide(LIBRARY, state, turn(cry))[1].kind is Kind.EMERGENCY


@given(st.lists(st.sampled_from(LINES), max_size=15), st.lists(st.sampled_from([NOISE, "~", "#9", "~øh"]), min_size=9))
def test_a_call_that_is_never_understood_ends_at_a_human(lines: list[str], noises: list[str]) -> None:
    state, decision = played(lines)[-1]
    if decision.then != "listen":
        return
    for noise in noises:
        state, decision = dialogue.decide(LIBRARY, state, turn(noise))
        if decision.then != "listen":
            break
    assert (decision.then, decision.reason) == ("transfer", "failures")
