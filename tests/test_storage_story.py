"""What a call came to, folded from its events."""

from dataclasses import asdict
from datetime import UTC, datetime

import pytest

from voicebot.events import (
    CallEnded,
    Decided,
    DigitPressed,
    Event,
    Failed,
    Interrupted,
    Matched,
    Rated,
    Said,
    SpeechEnded,
    SpeechStarted,
    Transcribed,
    Transferred,
    TurnTimed,
)
from voicebot.storage.story import Result, Story, Summary

STARTED = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
GREETING: list[Event] = [Decided("CA1", 0.0, "smalltalk", None, 1.0, (), "Hej."), Said("CA1", 2.0, "Hej.")]


def folded(*events: Event, filler: str = "") -> Summary:
    story = Story()
    for event in events:
        data = asdict(event)
        if data.get("text") == filler:
            data["filler"] = True
        story.hear(type(event).__name__, data.pop("at"), data)
    return story.summary(STARTED, "roskilde", outside_hours=False)


def words(at: float, text: str = "jeg har mistet mit pas", seconds: float = 2.0, heard: float = 0.7) -> list[Event]:
    return [
        SpeechStarted("CA1", at - seconds),
        SpeechEnded("CA1", at, at - 0.4),
        Transcribed("CA1", at, text, heard, seconds),
    ]


def turn(
    at: float,
    decision: str = "answer",
    answer: str | None = None,
    *,
    confidence: float = 0.9,
    options: tuple[str, ...] = (),
    wait: float = 0.6,
    told: bool = True,
    text: str = "jeg har mistet mit pas",
) -> list[Event]:
    answer = "pas-mistet" if decision == "answer" and answer is None else answer
    events = words(at, text)
    events.append(Matched("CA1", at, ((answer or "pas-mistet", confidence),)))
    events.append(Decided("CA1", at, decision, answer, confidence, options, "Sådan."))
    events.append(TurnTimed("CA1", at + 0.1, at - 0.4, 0.4, 0.5, 0.5, wait))
    return [*events, Said("CA1", at + 2, "Sådan.")] if told else events


def end(at: float = 60.0, outcome: str = "caller_hung_up") -> Event:
    return CallEnded("CA1", at, outcome)


ASKED = turn(5, "clarify", options=("pas-mistet", "pas-fornyelse"))
REJECTED = turn(30, "reject", confidence=0.2)
PRESSED: list[Event] = [
    DigitPressed("CA1", 20, "1"),
    Decided("CA1", 20, "answer", "pas-mistet", 1.0, (), "Sådan."),
    Said("CA1", 22, "Sådan."),
]
HUMAN: list[Event] = [
    Decided("CA1", 40, "transfer", None, 1.0, (), "Du stilles om."),
    Transferred("CA1", 42, "46313000", "asked"),
]
BROKEN: list[Event] = [Failed("CA1", 7.0, "asr", "asr.failed")]


@pytest.mark.parametrize(
    ("events", "result"),
    [
        ([*turn(5), end()], Result.SETTLED),
        ([*turn(5), end(outcome="goodbye")], Result.SETTLED),
        ([*turn(5), *turn(20, "smalltalk", text="mange tak"), end()], Result.SETTLED),
        ([*ASKED, *turn(15), end()], Result.SETTLED),
        ([*ASKED, *PRESSED, end()], Result.SETTLED),
        ([*REJECTED, *turn(45), end()], Result.SETTLED),
        ([*turn(5, "emergency", "noed-vold"), end()], Result.SETTLED),
        ([*turn(5, "reject", "afvis-skat"), end()], Result.SETTLED),
        ([*PRESSED, end()], Result.SETTLED),
        ([*turn(5), *words(20, "mm"), end()], Result.SETTLED),
        ([*turn(5), *HUMAN, end(outcome="transferred")], Result.TRANSFERRED),
        ([*BROKEN, *HUMAN, end(outcome="transferred")], Result.TRANSFERRED),
        ([*turn(5), *BROKEN, end()], Result.FAILED),
        ([*turn(5), end(outcome="fault")], Result.FAILED),
        ([*turn(5), end(outcome="shutdown")], Result.FAILED),
        ([*turn(5)], Result.FAILED),
        ([*REJECTED, end()], Result.NOT_UNDERSTOOD),
        ([*turn(5), *REJECTED, end()], Result.NOT_UNDERSTOOD),
        ([*turn(5), *turn(20, "clarify", options=("a", "b")), end()], Result.NOT_UNDERSTOOD),
        ([*ASKED, *turn(15, told=False), end()], Result.NOT_UNDERSTOOD),
        ([*turn(5, "smalltalk", text="hej"), end()], Result.NOT_UNDERSTOOD),
        ([end(3.0)], Result.ABANDONED),
        ([end(outcome="silence")], Result.ABANDONED),
        ([*words(5), end()], Result.ABANDONED),
        ([*turn(5, told=False), end()], Result.ABANDONED),
        ([*turn(5, told=False), Interrupted("CA1", 6.0, "Sådan.", 0.2), end()], Result.ABANDONED),
    ],
)
def test_what_a_call_was_for_the_caller(events: list[Event], result: Result) -> None:
    assert folded(*GREETING, *events).result is result


def test_what_was_said_while_the_caller_waited_is_no_reply() -> None:
    summary = folded(*turn(5, told=False), Said("CA1", 7.0, "Et øjeblik."), end(), filler="Et øjeblik.")
    assert summary.result is Result.ABANDONED


@pytest.mark.parametrize(
    ("events", "unanswered"),
    [
        (turn(5), [False]),
        (REJECTED, [True]),
        (turn(5, "reject", "afvis-skat"), [False]),
        ([*turn(5, "smalltalk"), *HUMAN], [False]),
        (ASKED, [True]),
        ([*ASKED, *turn(15)], [False, False]),
        ([*ASKED, *turn(15, "reject"), *turn(25)], [False, True, False]),
        ([*ASKED, *turn(15, "clarify", options=("pas-mistet",)), *turn(25)], [False, False, False]),
        ([*ASKED, *turn(15, "answer", "flytning-anmeld")], [True, False]),
        ([*ASKED, *HUMAN], [True]),
        ([*ASKED, *PRESSED], [False]),
    ],
)
def test_what_is_left_unanswered(events: list[Event], unanswered: list[bool]) -> None:
    assert [spoken.unanswered for spoken in folded(*GREETING, *events, end()).turns] == unanswered


def test_the_columns_of_a_call_and_its_turns() -> None:
    summary = folded(
        *GREETING,
        *turn(5, "clarify", confidence=0.45, options=("pas-mistet",), wait=0.5),
        *turn(15, wait=1.7),
        Rated("CA1", 30.0, False),
        end(33.5, "goodbye"),
    )
    assert summary.columns() == {
        "outcome": "goodbye",
        "ended": datetime(2026, 11, 22, 10, 0, 33, 500_000, tzinfo=UTC),
        "seconds": 33.5,
        "result": "settled",
        "reason": None,
        "topic": "pas-mistet",
        "turns_count": 2,
        "wait": 1.7,
        "confidence": 0.45,
        "slow": True,
        "unsure": True,
        "outside_hours": False,
        "satisfied": False,
    }
    assert summary.turn_rows("CA1")[1] == {
        "call_id": "CA1",
        "number": 2,
        "at": 15,
        "started": datetime(2026, 11, 22, 10, 0, 15, tzinfo=UTC),
        "municipality": "roskilde",
        "text": "jeg har mistet mit pas",
        "heard": 0.7,
        "decision": "answer",
        "answer": "pas-mistet",
        "confidence": 0.9,
        "wait": 1.7,
        "unanswered": False,
    }


@pytest.mark.parametrize(("wait", "slow"), [(1.5, False), (1.501, True)])
@pytest.mark.parametrize(("confidence", "unsure"), [(0.5, False), (0.499, True)])
def test_what_is_slow_and_what_is_unsure(wait: float, slow: bool, confidence: float, unsure: bool) -> None:
    columns = folded(*turn(5, wait=wait, confidence=confidence), end()).columns()
    assert (columns["slow"], columns["unsure"]) == (slow, unsure)


def test_what_was_decided_on_half_a_sentence_is_taken_back() -> None:
    half = turn(5, "reject", confidence=0.1, told=False, text="jeg vil gerne")
    whole = [
        SpeechStarted("CA1", 6.0),
        SpeechEnded("CA1", 9.0, 8.6),
        Transcribed("CA1", 9.0, "jeg vil gerne have et nyt pas", 0.8, 5.9),
        Matched("CA1", 9.0, (("pas-fornyelse", 0.9),)),
        Decided("CA1", 9.0, "answer", "pas-fornyelse", 0.9, (), "Sådan."),
        TurnTimed("CA1", 9.1, 8.6, 0.4, 0.5, 0.5, 0.7),
        Said("CA1", 11.0, "Sådan."),
    ]
    summary = folded(*half, *whole, end())
    assert [(spoken.text, spoken.wait) for spoken in summary.turns] == [("jeg vil gerne have et nyt pas", 0.7)]
    assert (summary.result, summary.confidence, summary.topic) == (Result.SETTLED, 0.9, "pas-fornyelse")
    begun_anew = [SpeechEnded("CA1", 9.0, 8.6), Transcribed("CA1", 9.0, "et nyt pas", 0.8, 2.0)]
    assert len(folded(*half, *begun_anew, end()).turns) == 2


def test_a_turn_without_a_word_is_none_that_a_topic_could_answer() -> None:
    nothing = [
        SpeechEnded("CA1", 20.0, 19.6),
        Matched("CA1", 20.0, ()),
        Decided("CA1", 20.0, "reject", None, 0.0, (), "Jeg hørte ikke noget."),
        Said("CA1", 22.0, "Jeg hørte ikke noget."),
    ]
    summary = folded(*turn(5), *nothing, end())
    assert [(spoken.text, spoken.decision, spoken.unanswered) for spoken in summary.turns][1] == ("", "reject", False)
    assert (summary.result, summary.confidence) == (Result.SETTLED, 0.9)
    assert folded(*nothing, end()).result is Result.ABANDONED
    assert folded(*nothing, end()).confidence is None


def test_a_word_that_did_not_stop_the_bot_takes_nothing_from_its_reply() -> None:
    summary = folded(*turn(5, told=False), *words(7, "mm", 0.5), Said("CA1", 8.0, "Sådan."), end())
    assert [(spoken.text, spoken.decision) for spoken in summary.turns] == [
        ("jeg har mistet mit pas", "answer"),
        ("mm", None),
    ]
    assert summary.result is Result.SETTLED


def test_why_a_human_took_over_is_kept() -> None:
    summary = folded(*HUMAN, end(43.0, "transferred"))
    assert (summary.reason, summary.topic, summary.wait) == ("asked", None, None)
