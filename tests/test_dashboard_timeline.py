"""A call as a picture of its time: what is drawn where, and what is said of it to those who do not see it."""

import pytest

from tests.stored_calls import CONVERSATION, Row, asked
from voicebot.dashboard.timeline import LEAST_WIDTH, TICKS, Bar, Timeline, anchors, timeline
from voicebot.storage.telling import told


def drawn(rows: list[Row]) -> Timeline:
    made = timeline(told(rows))
    assert made
    return made


def test_what_happened_lies_where_it_happened() -> None:
    rows = [*asked(10.0, "mit pas", "answer", "pas-mistet", wait=1.0), ("Said", 20.0, {"text": "Ja."})]
    (step,) = drawn([*rows, ("CallEnded", 100.0, {"outcome": "goodbye"})]).steps
    assert step.bars == (Bar("caller", 10.0, 2.0), Bar("thinking", 12.0, 1.0), Bar("bot", 13.0, 7.0))
    assert step.title == "0:10 Den, der ringede, talte, botten svarede efter 1,00 s"
    assert step.anchor == "trin-1"


def test_a_whole_call_is_drawn_and_told() -> None:
    made = drawn(CONVERSATION)
    assert made.kinds == {"caller", "thinking", "bot", "cut", "key", "transfer"}
    assert made.steps[-1].anchor == "omstilling"
    assert made.summary == (
        "Opkaldet varede 0:23. Den, der ringede, talte i 4 sekunder, og botten i 13 sekunder. Den længste ventetid på "
        "et svar var 1,70 s. Botten blev afbrudt 1 gang. Der blev trykket på en tast 1 gang. "
        "Stillet om: bad om en medarbejder."
    )


def test_pictures_and_titles_tell_nothing_that_was_said() -> None:
    assert "pas" not in repr(drawn(CONVERSATION).steps)


@pytest.mark.parametrize("seconds", [0.4, 3.0, 61.0, 900.0, 4000.0])
def test_everything_lies_within_the_picture_and_can_be_seen(seconds: float) -> None:
    made = drawn([*asked(0.0, "hej", "reject", None), ("CallEnded", seconds, {"outcome": "goodbye"})])
    bars = [bar for step in made.steps for bar in step.bars]
    assert all(bar.x >= 0 and bar.x + bar.width <= 100.01 for bar in bars if bar.kind != "thinking")
    assert all(bar.width >= LEAST_WIDTH for bar in bars)
    assert len(made.ticks) <= max(TICKS, seconds / 300) + 1
    assert made.ticks[0] == (0.0, "0:00")


def test_a_call_without_events_has_no_picture() -> None:
    assert timeline(told([])) is None
    old = told(CONVERSATION)
    old.whole = False
    assert timeline(old) is None


def test_turns_with_words_have_the_addresses_of_their_numbers() -> None:
    turns = told(CONVERSATION).turns
    turns[1].number = 1
    assert anchors(turns) == ["trin-1", "tur-1", "trin-3", "trin-4"]
