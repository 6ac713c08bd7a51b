"""Whatever callers, models and lines do: never silent for long, one answer at a time, always an end and a record."""

import asyncio
import threading
from dataclasses import dataclass
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.scripted import ROSKILDE
from tests.virtual_line import STEP, SpeakingScript, VirtualCall
from voicebot.asr import Transcript
from voicebot.audio import AudioChunk
from voicebot.call.watching import LIMITS
from voicebot.errors import RecognitionError
from voicebot.events import CallEnded, CallStarted, Decided, Said, Saying, SpeechEnded, SpeechStarted, StateChanged
from voicebot.matching import Candidate
from voicebot.speech_text import clauses

MEANS = {
    "jeg har mistet mit pas": (Candidate("pas-mistet", 0.97),),
    "hvordan fornyer jeg mit pas": (Candidate("pas-fornyelse", 0.95),),
    "jeg vil gerne": (),
    "volapyk og vrøvl": (),
    "": (),
    "ja": (),
    "mm": (),
    "tak, farvel": (),
    "jeg vil tale med en medarbejder": (Candidate("tal-med-medarbejder", 0.99),),
}
STANDING = (ROSKILDE.phrases.filler, ROSKILDE.phrases.still_working, ROSKILDE.phrases.fault)
LONGEST_SILENCE = 2.0
"""Seconds a caller who waits may hear nothing."""


@dataclass(frozen=True)
class Step:
    """Something that happens in a call. does: 'speak', 'quiet', 'press', or a fault that begins or ends."""

    does: str
    seconds: float = 0.0
    text: str = ""


FAULTS = ["ears hang", "ears fail", "voice hangs", "voice fails", "marks are lost", "mended"]
STEPS = st.one_of(
    st.builds(Step, st.just("speak"), st.sampled_from([0.2, 0.5, 1.0, 2.0]), st.sampled_from(list(MEANS))),
    st.builds(Step, st.just("quiet"), st.sampled_from([0.3, 0.5, 0.9, 1.5, 3.0, 9.0])),
    st.builds(Step, st.just("press"), text=st.sampled_from("0129*")),
    st.builds(Step, st.sampled_from(FAULTS)),
)


class FaultyScript(SpeakingScript):
    """Models that hang and fail when told to; what is heard is set by the caller who speaks."""

    def __init__(self) -> None:
        super().__init__()
        self.means = dict(MEANS)
        self.says = ""
        self.ears_go, self.voice_goes = threading.Event(), threading.Event()
        self.ears_fail = False
        self.mend()

    def mend(self) -> None:
        self.ears_fail = self.broken_voice = False
        self.ears_go.set()
        self.voice_goes.set()
        self.unready.clear()

    def transcribe(self, sound: AudioChunk) -> Transcript:
        self.ears_go.wait(20)
        if self.ears_fail:
            raise RecognitionError("asr.failed", "broken")
        return Transcript(self.says, tuple(self.says.split()), 0.9 if self.says else 0.0, sound.seconds)

    def make(self, text: str) -> bytes:
        self.voice_goes.wait(20)
        return super().make(text)


def break_it(script: FaultyScript, call: VirtualCall, fault: str) -> None:
    match fault:
        case "ears hang":
            script.ears_go.clear()
        case "ears fail":
            script.ears_fail = True
        case "voice hangs" | "voice fails":
            script.unready = {p for id_ in ("pas-mistet", "pas-fornyelse") for p in pieces(id_)}
            script.broken_voice = fault == "voice fails"
            if fault == "voice hangs":
                script.voice_goes.clear()
        case "marks are lost":
            call.loses_marks = True
        case "mended":
            script.mend()
            call.loses_marks = False


def pieces(id_: str) -> list[str]:
    return list(clauses(ROSKILDE.answers[id_].text))


async def carry_out(steps: list[Step]) -> VirtualCall:
    script = FaultyScript()
    call = VirtualCall(script)
    async with call:
        for step in [*steps, Step("quiet", 30.0)]:
            hangs = not (script.ears_go.is_set() and script.voice_goes.is_set())
            if call.over:
                break
            match step.does:
                case "speak":
                    script.says = step.text
                    await call.speak(step.seconds, thinking=hangs)
                case "quiet":
                    await call.quiet(step.seconds, thinking=hangs)
                case "press":
                    await call.press(step.text)
                case fault:
                    break_it(script, call, fault)
        script.mend()
        if not call.over:
            await call.hang_up()
    return call


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STEPS, min_size=1, max_size=12))
def test_whatever_happens_the_caller_is_looked_after(steps: list[Step]) -> None:
    async def one() -> None:
        before = asyncio.all_tasks()
        call = await carry_out(steps)
        assert asyncio.all_tasks() == before, "a task is left"
        assert all(desk.waiting == 0 for desk in call.engines.desks), "a job is left"
        it_has_a_record(call)
        one_answer_at_a_time(call)
        never_silent(call)
        nothing_hangs(call)

    asyncio.run(one())


def it_has_a_record(call: VirtualCall) -> None:
    assert [type(event) for event in (call.seen[0], call.seen[-1])] == [CallStarted, CallEnded]
    assert len(call.saw(CallStarted)) == len(call.saw(CallEnded)) == 1
    times = [event.at for event in call.seen]
    assert times == sorted(times)
    said, sent = [e.text for e in call.saw(Said)], [e.text for e in call.saw(Saying)]
    assert len(said) <= len(sent), "what was heard was sent before"


def one_answer_at_a_time(call: VirtualCall) -> None:
    reply = ""
    for event in call.seen:
        if isinstance(event, Decided):
            reply = event.reply
        elif isinstance(event, Saying):
            assert any(event.text in text for text in (*STANDING, reply))
    sounds = [sound for sound in call.line.sounds if sound.ends > sound.begins]
    assert all(a.ends <= b.begins + 1e-6 for a, b in pairwise(sounds))


def never_silent(call: VirtualCall) -> None:
    """From a turn's end to the first sound, or to the caller's next word or the call's end."""
    for place, event in enumerate(call.seen):
        if not isinstance(event, SpeechEnded):
            continue
        later = call.seen[place + 1 :]
        ends = [e.at for e in later if isinstance(e, SpeechStarted | CallEnded)]
        heard = [s.begins for s in call.line.sounds if s.begins >= event.speech_end and s.ends > s.begins]
        relief = min(ends[:1] + heard[:1])
        if not noise(call, place):
            assert relief - event.speech_end <= LONGEST_SILENCE + STEP, f"silent from {event.speech_end} to {relief}"


def nothing_hangs(call: VirtualCall) -> None:
    """While something is worked on, silence and the work itself have their limits."""
    for moment in call.moments:
        if moment.doing in LIMITS:
            heard = [s.ends for s in call.line.sounds if s.begins < moment.now and s.ends > s.begins]
            assert moment.now - max([moment.since, *heard]) <= LONGEST_SILENCE + STEP
            assert moment.now - moment.since <= LIMITS[moment.doing] + STEP


def noise(call: VirtualCall, place: int) -> bool:
    """Whether nothing followed from a turn because no word was in it: the caller is listened to on."""
    states = [event.state for event in call.seen[place + 1 :] if isinstance(event, StateChanged)]
    return states[:2] == ["thinking", "listening"]
