"""A call told again from its record: turns in the order they were heard, and what remains of an old call."""

from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime

from tests.scripted import ROSKILDE
from tests.stored_calls import MEANT, Row, a_real_call
from voicebot.speech_text import clauses
from voicebot.storage.tables import Call, CallEvent
from voicebot.storage.tables import Turn as TurnRow
from voicebot.storage.telling import By, Fault, Piece, Transfer, Waited, tell, told

LOST = clauses(ROSKILDE.answers["pas-mistet"].text)


ASKED: list[Row] = [
    ("SpeechStarted", 9.0, {}),
    ("SpeechEnded", 11.0, {"speech_end": 10.5}),
    ("Transcribed", 11.0, {"text": "jeg har mistet mit pas", "confidence": 0.8, "seconds": 2.0}),
    ("Matched", 11.0, {"candidates": [["pas-mistet", 0.9], ["pas-fornyelse", 0.3]]}),
    ("Decided", 11.0, {"decision": "answer", "answer": "pas-mistet", "confidence": 0.9, "options": []}),
]
TIMED: Row = (
    "TurnTimed",
    11.2,
    {"speech_end": 10.5, "ended": 0.5, "transcribed": 0.4, "decided": 0.51, "sounded": 0.7},
)


async def test_a_real_call_is_told_turn_by_turn() -> None:
    told_ = told(await a_real_call())
    greeting, asked, mumbled, silence, *_, pressed = told_.turns
    assert [turn.by for turn in (greeting, asked, mumbled, silence, pressed)] == [
        By.BOT,
        By.SPEECH,
        By.SPEECH,
        By.SILENCE,
        By.KEY,
    ]
    assert (asked.text, asked.heard) == ("jeg har mistet mit pas", 0.9)
    assert (asked.decision, asked.answer, asked.confidence) == ("answer", "pas-mistet", 0.97)
    assert asked.candidates == MEANT
    assert asked.cut
    assert asked.cut == asked.pieces[-1]
    assert asked.cut.text == LOST[len(asked.pieces) - 1]
    assert (mumbled.text, mumbled.decision) == ("mm", None)
    assert mumbled.pieces[0].text == asked.cut.text, "the bot went on with what had been cut"
    assert silence.decision == "smalltalk"
    assert (pressed.digit, pressed.decision) == ("0", "transfer")
    assert told_.transfer
    assert told_.transfer.reason == "asked"


def test_a_piece_is_heard_from_the_end_of_the_one_before_it() -> None:
    said: list[Row] = [("Said", 13.0, {"text": "Meld det."}), ("Said", 15.0, {"text": "Ring."})]
    (turn,) = told([*ASKED, TIMED, *said, ("Interrupted", 16.5, {"text": "Tag kort med.", "heard": 1.0})]).turns
    assert turn.pieces == [
        Piece("Meld det.", 11.2, 13.0),
        Piece("Ring.", 13.0, 15.0),
        Piece("Tag kort med.", 15.5, 16.5, cut=True),
    ]
    assert (turn.at, turn.ends) == (9.0, 10.5)
    assert turn.waited == Waited(0.5, 0.4, 0.51, 0.7)
    assert turn.wait == 0.7


def test_a_cough_takes_no_decision_that_comes_later() -> None:
    cough: list[Row] = [("SpeechStarted", 20.0, {}), ("SpeechEnded", 21.0, {"speech_end": 20.4})]
    asks: Row = ("Decided", 28.0, {"decision": "smalltalk", "answer": None, "confidence": 1.0, "options": []})
    asked, noise, silence = told([*ASKED, *cough, asks]).turns
    assert (asked.decision, noise.decision, silence.decision) == ("answer", None, "smalltalk")
    assert silence.by is By.SILENCE
    assert (noise.text, noise.known) == (None, None)


def test_what_follows_a_backchannel_is_no_reply_to_it() -> None:
    mumbled: list[Row] = [
        ("SpeechStarted", 20.0, {}),
        ("SpeechEnded", 21.0, {"speech_end": 20.4}),
        ("Transcribed", 21.0, {"text": "ja", "confidence": 0.9, "seconds": 0.5}),
        ("Said", 24.0, {"text": "Ring."}),
        ("Decided", 31.1, {"decision": "smalltalk", "answer": None, "confidence": 1.0, "options": []}),
    ]
    _, mumble, silence = told([*ASKED, *mumbled]).turns
    assert (mumble.text, mumble.decision, len(mumble.pieces)) == ("ja", None, 1)
    assert silence.by is By.SILENCE


def test_faults_and_the_transfer_they_lead_to_are_told() -> None:
    failed: list[Row] = [
        ("Failed", 12.0, {"stage": "tts", "code": "tts.fault"}),
        ("Said", 14.0, {"text": "Det gik galt."}),
        ("Transferred", 14.0, {"number": "+4546313000", "reason": "fault"}),
        ("CallEnded", 14.0, {"outcome": "transferred"}),
    ]
    conversation = told([*ASKED, *failed])
    (turn,) = conversation.turns
    assert turn.faults == [Fault(12.0, "tts", "tts.fault")]
    assert turn.pieces == [Piece("Det gik galt.", 12.0, 14.0)]
    assert conversation.transfer == Transfer(14.0, "+4546313000", "fault")
    assert conversation.ends == 14.0


def test_whether_it_helped_is_told_and_unknown_events_are_passed_over() -> None:
    assert told([*ASKED, ("Rated", 30.0, {"satisfied": True}), ("Sneezed", 31.0, {})]).satisfied is True
    assert told([]).turns == []
    assert told([("Said", 2.0, {"text": "Goddag."})]).turns[0].by is By.BOT


def test_speech_that_never_ended_lasts_to_the_end_of_the_call() -> None:
    (turn,) = told([("SpeechStarted", 3.0, {}), ("CallEnded", 5.0, {"outcome": "caller_hung_up"})]).turns
    assert (turn.at, turn.ends) == (3.0, 5.0)


def test_without_words_nothing_that_was_said_or_pressed_is_left() -> None:
    key: Row = ("DigitPressed", 20.0, {"digit": "7"})
    conversation = told([*ASKED, ("Said", 13.0, {"text": "Meld det."}), key]).without_words()
    assert not {"jeg har mistet mit pas", "Meld det.", "7"} & set(_texts(asdict(conversation)))
    assert conversation.turns[0].answer == "pas-mistet"
    assert conversation.turns[0].pieces[0].ends == 13.0


def _texts(value: object) -> Iterator[object]:
    if isinstance(value, dict | list | tuple):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)
    else:
        yield value


def test_of_an_old_call_its_turns_remain_without_words() -> None:
    started = datetime(2026, 1, 5, 12, tzinfo=UTC)
    call = Call(id="CA1", channel="twilio", municipality="roskilde", started=started, seconds=40.0)
    kept = TurnRow(number=2, at=9.0, text=None, heard=0.8, decision="answer", answer="pas-mistet", wait=0.6)
    call.turns = [kept]
    conversation = tell(call)
    (turn,) = conversation.turns
    assert not conversation.whole
    assert conversation.ends == 40.0
    assert (turn.number, turn.decision, turn.answer, turn.wait, turn.text) == (2, "answer", "pas-mistet", 0.6, None)


def test_turns_have_the_numbers_the_record_gave_them() -> None:
    call = Call(id="CA1", channel="twilio", municipality="roskilde")
    call.turns = [TurnRow(number=1, at=11.0)]
    heard: list[Row] = [("Transcribed", 5.0, {"text": "jeg har", "confidence": 0.8, "seconds": 1.0}), *ASKED]
    call.events = [CallEvent(seq=n, at=at, type=kind, data=data) for n, (kind, at, data) in enumerate(heard)]
    conversation = tell(call)
    assert conversation.whole
    assert [(turn.text, turn.number) for turn in conversation.turns] == [("jeg har", 0), ("jeg har mistet mit pas", 1)]
