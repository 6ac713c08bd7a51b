"""When a turn ends, what is guessed before it does, and what an interruption does to a reply: in audio time."""

import pytest

from tests.scripted import ROSKILDE, Script, ScriptedCall
from tests.virtual_line import SpeakingScript, VirtualCall
from voicebot.errors import VoicebotError
from voicebot.events import (
    CallEnded,
    Decided,
    Interrupted,
    Said,
    Saying,
    SpeechEnded,
    SpeechStarted,
    Transcribed,
    Transferred,
    TurnTimed,
)
from voicebot.speech_text import clauses

PHRASES = ROSKILDE.phrases
LOST = clauses(ROSKILDE.answers["pas-mistet"].text)
MEANT = (("pas-mistet", 0.97),)


async def greeted(call: VirtualCall) -> None:
    await call.quiet(sum(len(piece) for piece in clauses(PHRASES.greeting)) / 15 + 0.5)


def waited(call: ScriptedCall) -> float:
    (ended,) = call.saw(SpeechEnded)
    return ended.at - ended.speech_end


async def test_a_question_that_is_understood_ends_early_and_one_that_hangs_late() -> None:
    waits = []
    for text in ("jeg har mistet mit pas", "jeg vil gerne høre om"):
        async with ScriptedCall(Script()) as call:
            await call.hear()
            await call.ask(text, *(MEANT if "mistet" in text else ()))
            await call.quiet(1.0)
        waits.append(waited(call))
    assert waits[0] <= 0.45 < 0.9 < waits[1]


async def test_what_was_guessed_in_a_pause_leaves_no_trace() -> None:
    script = Script()
    script.hears = ["jeg vil gerne", "jeg vil gerne have et nyt pas"]
    async with ScriptedCall(script) as call:
        await call.hear()
        seen, talk = len(call.seen), call.call._talk
        await call.speak(1.0)
        await call.quiet(0.4)
        assert len(script.utterances) == 1, "it was guessed at"
        assert [type(e) for e in call.seen[seen:]] == [SpeechStarted]
        assert call.call._talk == talk
        assert call.line.heard == []
        await call.speak(1.0)
        await call.quiet(1.5)
    assert [e.text for e in call.saw(Transcribed)] == ["jeg vil gerne have et nyt pas"]
    assert len(call.saw(Decided)) == 2, "the greeting and one reply"


async def test_who_goes_on_when_the_reply_has_hardly_begun_is_heard_as_one_turn() -> None:
    script = SpeakingScript()
    async with VirtualCall(script) as call:
        await greeted(call)
        talk = call.call._talk
        await call.ask("jeg har mistet mit pas", *MEANT)
        script.means["jeg har mistet mit pas i spanien"] = ()
        await call.ask("jeg har mistet mit pas i spanien")
        assert [len(sound.samples) > 8000 * 3 for sound in script.utterances] == [False, True]
        assert call.call._talk.last != LOST
        assert call.call._talk.topic == talk.topic, "what was decided on half a sentence is taken back"


async def test_a_key_answers_the_question_that_a_noise_has_cut_off() -> None:
    script = SpeakingScript()
    async with VirtualCall(script) as call:
        await greeted(call)
        await call.ask("noget om pas", ("pas-mistet", 0.4), ("pas-fornyelse", 0.35))
        await call.quiet(0.3)
        options = call.saw(Decided)[-1].options
        assert len(options) > 1
        await call.speak(0.3)
        await call.press("2")
        await call.quiet(0.5)
    assert call.saw(Decided)[-1].answer == options[1]


async def test_a_cough_when_the_reply_has_hardly_begun_does_not_end_it() -> None:
    script = SpeakingScript()
    async with VirtualCall(script) as call:
        await greeted(call)
        await call.ask("jeg har mistet mit pas", *MEANT)
        script.hears.append("jeg har mistet mit pas")
        await call.speak(0.3)
        await call.quiet(30.0)
    assert [e.answer for e in call.saw(Decided)].count("pas-mistet") == 1
    assert [e.text for e in call.saw(Said)][3 : 3 + len(LOST)] == [*LOST]


@pytest.mark.parametrize("sound", ["", "mm", "ja", "okay"])
async def test_a_reply_goes_on_from_the_clause_that_a_listener_spoke_over(sound: str) -> None:
    script = SpeakingScript()
    async with VirtualCall(script) as call:
        await greeted(call)
        await call.ask("jeg har mistet mit pas", *MEANT)
        await call.quiet(len(LOST[0]) / 15 + 0.5)
        script.hears.append(sound)
        await call.speak(0.4)
        await call.quiet(30.0)
    (cut,) = call.saw(Interrupted)
    assert cut.text == LOST[1]
    assert 0 < cut.heard < len(LOST[1]) / 15
    sent = [e.text for e in call.saw(Saying)]
    again = len(sent) - 1 - sent[::-1].index(LOST[1])
    assert sent.count(LOST[0]) == 1
    assert sent[again : again + len(LOST) - 1] == [*LOST[1:]]
    assert [e.text for e in call.saw(Said) if e.text in LOST] == [*LOST], "each clause was heard once"


async def test_a_question_over_the_bot_ends_its_reply() -> None:
    script = SpeakingScript()
    async with VirtualCall(script) as call:
        await greeted(call)
        await call.ask("jeg har mistet mit pas", *MEANT)
        await call.quiet(len(LOST[0]) / 15 + 0.5)
        await call.ask("hvad koster et nyt pas til mig", ("pas-fornyelse", 0.97))
        await call.quiet(1.0)
    assert [e.answer for e in call.saw(Decided)][1:3] == ["pas-mistet", "pas-fornyelse"]
    assert [e.text for e in call.saw(Said) if e.text in LOST] == [LOST[0]]


async def test_the_bot_falls_silent_within_a_third_of_a_second() -> None:
    async with VirtualCall(SpeakingScript()) as call:
        await call.quiet(1.0)
        began = call.call._ear.now
        call.script.hears.append("")
        await call.speak(0.4)
        await call.quiet(1.0)
    (cut,) = call.saw(Interrupted)
    assert cut.at - began <= 0.301


async def test_a_reply_to_who_has_waited_begins_without_a_pause() -> None:
    script = SpeakingScript()
    said = script.get
    script.get = lambda text: (sound := said(text)) and b"\xff" * 240 + sound  # type: ignore[method-assign]
    async with VirtualCall(script) as call:
        await call.quiet(0.5)
    first, second, _ = (sound.ends - sound.begins for sound in call.line.sounds)
    texts = clauses(PHRASES.greeting)
    assert first == pytest.approx(len(texts[0]) / 15, abs=0.001)
    assert second == pytest.approx(len(texts[1]) / 15 + 0.03, abs=0.001)


async def test_the_times_of_a_turn_are_told_once_with_its_first_sound() -> None:
    async with ScriptedCall(Script()) as call:
        await call.hear()
        await call.ask("jeg har mistet mit pas", *MEANT)
    (timed,) = call.saw(TurnTimed)
    (ended,) = call.saw(SpeechEnded)
    assert timed.speech_end == ended.speech_end
    assert timed.ended == pytest.approx(ended.at - ended.speech_end, abs=0.002)
    assert timed.transcribed <= timed.decided <= timed.sounded
    place = call.seen.index(timed)
    assert isinstance(call.seen[place - 1], Saying)


async def test_a_guess_that_had_to_make_room_is_made_again_when_the_caller_waits() -> None:
    script = Script()
    script.hears = [VoicebotError("engines.busy", "full"), "jeg har mistet mit pas"]
    async with ScriptedCall(script) as call:
        await call.hear()
        await call.speak()
        await call.quiet(1.0)
    assert [e.text for e in call.saw(Transcribed)] == ["jeg har mistet mit pas"]


async def test_a_caller_for_whom_there_is_no_room_is_greeted_and_put_through() -> None:
    async with ScriptedCall(Script(), admitted=False) as call:
        texts = await call.hear()
        assert " ".join(texts) == PHRASES.busy
        assert call.line.transferred == ROSKILDE.municipality.transfer_number
    assert [e.reason for e in call.saw(Transferred)] == ["busy"]
    assert [e.outcome for e in call.saw(CallEnded)] == ["transferred"]
