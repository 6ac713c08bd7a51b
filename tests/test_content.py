"""What a call speaks from: its version, and what it makes of an utterance."""

from dataclasses import replace

from tests.made_library import LIBRARY
from tests.scripted import Script
from voicebot.answers import Library
from voicebot.content import Content
from voicebot.dialogue import State
from voicebot.matching import Candidate


def content(library: Library = LIBRARY) -> Content:
    return Content(library, Script())  # type: ignore[arg-type]


def test_the_version_tells_texts_apart_and_nothing_else() -> None:
    answers = dict(LIBRARY.answers)
    backwards = replace(LIBRARY, answers=dict(reversed(answers.items())))
    reworded = replace(LIBRARY, answers=answers | {"rotter": replace(answers["rotter"], text="Anmeld dem straks.")})
    moved = replace(LIBRARY, municipality=replace(LIBRARY.municipality, transfer_number="+4522222222"))
    assert content().version == content(backwards).version
    assert len({content(library).version for library in (LIBRARY, reworded, moved)}) == 3


def test_an_utterance_is_weighed_by_the_matcher_and_silence_is_not() -> None:
    script = Script()
    script.means = {"rotter": (Candidate("rotter", 0.9),)}
    spoken = Content(LIBRARY, script)  # type: ignore[arg-type]
    assert spoken.heard("rotter", 1.0, State()).candidates == (Candidate("rotter", 0.9),)
    assert spoken.heard("", 0.0, State()).candidates == ()
