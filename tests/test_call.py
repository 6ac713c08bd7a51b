"""A call from greeting to record, with scripted models and audio time."""

import threading

import pytest

from tests.scripted import ROSKILDE, Script, ScriptedCall
from voicebot.call.speaking import SLOW_PAUSE
from voicebot.errors import RecognitionError
from voicebot.events import (
    CallEnded,
    CallStarted,
    Decided,
    DigitPressed,
    Failed,
    Interrupted,
    Matched,
    Said,
    Saying,
    SpeechEnded,
    Transcribed,
    Transferred,
)
from voicebot.matching import Candidate
from voicebot.speech_text import sentences

PHRASES = ROSKILDE.phrases
FILLERS = (PHRASES.filler, PHRASES.still_working)
NOT_UNDERSTOOD = sentences(PHRASES.not_understood)
LOST = ROSKILDE.answers["pas-mistet"].text


def outcome(call: ScriptedCall) -> str:
    (ended,) = call.saw(CallEnded)
    assert call.seen[-1] is ended
    return ended.outcome


async def test_the_greeting_comes_first_and_the_record_has_both_ends() -> None:
    async with ScriptedCall(Script()) as call:
        assert " ".join(await call.hear()) == PHRASES.greeting
        await call.hang_up()
    assert isinstance(call.seen[0], CallStarted)
    assert outcome(call) == "caller_hung_up"


async def test_a_question_is_answered_and_what_was_heard_is_told_after_what_was_sent() -> None:
    async with ScriptedCall(Script()) as call:
        await call.hear()
        await call.ask("jeg har mistet mit pas", ("pas-mistet", 0.97))
        sent = [e.text for e in call.saw(Saying)]
        before = len(call.saw(Said))
        texts = await call.hear()
        assert " ".join(texts).startswith(LOST[:40])
        assert len(call.saw(Said)) == len(sent) > before
    (heard,) = call.saw(Transcribed)
    assert heard.text == "jeg har mistet mit pas"
    assert [type(e) for e in call.seen if isinstance(e, SpeechEnded | Transcribed | Matched)] == [
        SpeechEnded,
        Transcribed,
        Matched,
    ]
    assert [e.answer for e in call.saw(Decided)][1:] == ["pas-mistet"]


async def test_the_utterance_holds_the_whole_turn_with_its_edges() -> None:
    async with ScriptedCall(Script()) as call:
        await call.hear()
        await call.quiet(2.0)
        await call.ask("det er væk", ("pas-mistet", 0.97))
    (sound,) = call.script.utterances
    assert 1.9 < sound.seconds < 2.3, "1.5 s of speech and 0.3 s on either side"


async def test_a_cpr_number_never_leaves_the_call() -> None:
    async with ScriptedCall(Script()) as call:
        await call.hear()
        await call.ask("mit nummer er 010190-1234")
    assert not [e for e in call.seen if "1234" in repr(e)]


async def test_speech_over_the_bot_silences_it_and_is_heard() -> None:
    async with ScriptedCall(Script()) as call:
        await call.hear()
        await call.ask("det er væk", ("pas-mistet", 0.97))
        said = len(call.saw(Said))
        await call.ask("hvordan fornyer jeg det", ("pas-fornyelse", 0.97))
        assert call.line.clears == 1
        assert len(call.saw(Interrupted)) == 1
        assert len(call.saw(Said)) == said, "what was cleared was not heard"
    assert [e.answer for e in call.saw(Decided)][-1] == "pas-fornyelse"


async def test_a_noise_over_the_bot_does_not_end_the_answer() -> None:
    async with ScriptedCall(Script()) as call:
        await call.hear()
        await call.ask("det er væk", ("pas-mistet", 0.97))
        call.line.heard.clear()
        call.script.hears.append("")
        await call.speak(0.5)
        await call.quiet()
        assert len(call.saw(Interrupted)) == 1
        assert " ".join(await call.hear()).startswith(LOST[:40])
    assert len(call.saw(Decided)) == 2


async def test_speech_that_goes_on_while_the_bot_thinks_is_one_utterance() -> None:
    script, may_go = Script(), threading.Event()
    script.hold = lambda: (may_go.wait(5), None)[1]
    script.hears = ["jeg har", "jeg har mistet mit pas"]
    async with ScriptedCall(script) as call:
        await call.hear()
        await call.quiet(1.0)
        await call.speak(1.0)
        await call.quiet(0.9, thinking=True)
        await call.speak(1.0, thinking=True)
        may_go.set()
        await call.quiet(1.5)
    assert [round(sound.seconds, 1) for sound in script.utterances] == [1.4, 3.3]
    assert [e.text for e in call.saw(Transcribed)] == ["jeg har mistet mit pas"]


async def test_slow_thought_is_announced_once() -> None:
    script, may_go = Script(), threading.Event()
    script.hold = lambda: (may_go.wait(5), None)[1]
    script.hears, script.means = ["pas"], {}
    async with ScriptedCall(script) as call:
        await call.hear()
        await call.speak()
        await call.quiet(2.5, thinking=True)
        assert call.line.heard == [PHRASES.filler]
        may_go.set()
        await call.settle()


async def test_speech_that_is_not_ready_is_made_while_the_turn_may_yet_go_on() -> None:
    script = Script()
    async with ScriptedCall(script) as call:
        await call.hear()
        script.unready = {*NOT_UNDERSTOOD}
        await call.ask("volapyk")
        assert await call.hear() == [*NOT_UNDERSTOOD]
    assert script.made == [*NOT_UNDERSTOOD]


async def test_speech_that_is_not_ready_comes_after_a_filler() -> None:
    script = Script()
    async with ScriptedCall(script) as call:
        await call.hear()
        script.unready = {*NOT_UNDERSTOOD}
        await call.press("7")
        assert await call.hear() == [PHRASES.filler, *NOT_UNDERSTOOD]
    assert script.made == [*NOT_UNDERSTOOD]


@pytest.mark.parametrize("way", ["digit", "words"])
async def test_a_human_is_always_within_reach(way: str) -> None:
    async with ScriptedCall(Script()) as call:
        if way == "digit":
            await call.press("0")
        else:
            await call.hear()
            await call.ask("medarbejder", ("tal-med-medarbejder", 0.99))
        assert call.line.transferred is None, "the caller hears first what happens"
        await call.hear()
        assert call.line.transferred == ROSKILDE.municipality.transfer_number
    assert outcome(call) == "transferred"
    assert [e.reason for e in call.saw(Transferred)] == ["asked"]


async def test_whoever_asks_for_it_slower_hears_pauses_between_the_sentences() -> None:
    async with ScriptedCall(Script()) as call:
        await call.hear()
        await call.ask("det er væk", ("pas-mistet", 0.97))
        await call.hear()
        before = call.line.samples
        await call.ask("kan du sige det langsommere")
        texts = await call.hear()
    spoken = sum(len(f"<{text}>".encode()) for text in texts)
    assert call.line.samples - before == spoken + len(texts) * round(SLOW_PAUSE * 8000)


async def test_a_word_about_the_last_answer_is_understood_in_its_light() -> None:
    script = Script()
    title = ROSKILDE.answers["pas-mistet"].title
    script.means[f"{title}: og hvis det er mit barn"] = (Candidate("pas-barn", 0.95),)
    async with ScriptedCall(script) as call:
        await call.hear()
        await call.ask("det er væk", ("pas-mistet", 0.97))
        await call.quiet(2.0)
        await call.ask("og hvis det er mit barn")
    assert [e.answer for e in call.saw(Decided)][1:] == ["pas-mistet", "pas-barn"]


async def test_a_digit_nobody_asked_for_is_not_written_down() -> None:
    async with ScriptedCall(Script()) as call:
        await call.hear()
        for digit in "12":
            await call.press(digit)
    assert [e.digit for e in call.saw(DigitPressed)] == ["•", "•"]


async def test_silence_is_asked_about_and_then_ends_the_call() -> None:
    async with ScriptedCall(Script()) as call:
        await call.hear()
        await call.quiet(7.5)
        assert " ".join(await call.hear()) == PHRASES.still_there
        await call.quiet(7.5)
        assert " ".join(await call.hear()) == PHRASES.goodbye_silence
        assert call.line.hung_up
    assert outcome(call) == "silence"


async def test_silence_is_counted_from_what_the_caller_has_heard() -> None:
    async with ScriptedCall(Script()) as call:
        await call.quiet(2.0)
        assert not call.saw(Failed)
        assert [e.decision for e in call.saw(Decided)] == ["smalltalk"], "only the greeting"


async def test_lost_marks_do_not_hold_up_the_call() -> None:
    async with ScriptedCall(Script()) as call:
        await call.quiet(12.0)
        assert sentences(PHRASES.still_there)[0] in call.line.heard


@pytest.mark.parametrize(
    "fault", [RecognitionError("asr.failed", "broken"), RuntimeError("bug with caller's words")], ids=["ours", "bug"]
)
async def test_a_failed_stage_ends_with_a_human(fault: Exception, caplog: pytest.LogCaptureFixture) -> None:
    script = Script()
    script.hears = [fault]
    async with ScriptedCall(script) as call:
        await call.hear()
        await call.speak()
        await call.quiet()
        assert " ".join(await call.hear()) == PHRASES.fault
        assert call.line.transferred
    assert len(call.saw(Failed)) == 1
    assert "caller's words" not in caplog.text


async def test_a_broken_voice_ends_with_a_human() -> None:
    script = Script()
    async with ScriptedCall(script) as call:
        await call.hear()
        script.broken_voice, script.unready = True, {*NOT_UNDERSTOOD, *sentences(PHRASES.fault), PHRASES.filler}
        await call.ask("volapyk")
        await call.quiet(0.1)
        assert call.line.transferred


async def test_thinking_for_ever_ends_with_a_human() -> None:
    script, may_go = Script(), threading.Event()
    script.hold = lambda: (may_go.wait(30), None)[1]
    script.hears = ["pas"]
    async with ScriptedCall(script) as call:
        await call.hear()
        await call.speak(thinking=True)
        for _ in range(12):  # the caller hears all that is said, while nothing comes of the thought
            await call.quiet(1.0, thinking=True)
            await call.hear()
        assert call.line.transferred
        may_go.set()
    assert [e.code for e in call.saw(Failed)] == ["call.timeout"]
    said = [e.text for e in call.saw(Said)]
    assert [t for t in said if t in FILLERS] == [*FILLERS, *FILLERS]
    assert said[-1] in PHRASES.fault


async def test_a_call_without_end_is_closed_politely(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("voicebot.call.watching.CALL_LIMIT", 5.0)
    async with ScriptedCall(Script()) as call:
        await call.hear()
        await call.quiet(5.5)
        assert " ".join(await call.hear()) == PHRASES.goodbye
        assert call.line.hung_up
    assert outcome(call) == "goodbye"


async def test_hanging_up_in_the_middle_of_everything_leaves_no_task() -> None:
    script, may_go = Script(), threading.Event()
    script.hold = lambda: (may_go.wait(5), None)[1]
    script.hears = ["pas"]
    async with ScriptedCall(script) as call:
        await call.speak()
        await call.quiet(1.0, thinking=True)
        await call.hang_up()
        may_go.set()
    assert outcome(call) == "caller_hung_up"
    assert not call.call._work.under_way
