"""The page of a run: what stands in it, what is drawn, and what is heard."""

import base64
import io
import re
from dataclasses import replace
from functools import cache
from hashlib import sha256
from html import unescape

import av
import numpy as np
import pytest

from tests.reports import BOT_TONE, CALLER_TONE, LOST, RUN, played, results, step, tone
from voicebot.audio import TELEPHONE_RATE, AudioChunk, silence
from voicebot.replay.baseline import Baseline
from voicebot.replay.charts import bars, waits
from voicebot.replay.comparing import Comparison, compare
from voicebot.replay.figures import by_condition, figures
from voicebot.replay.judging import CaseResult, Outcome
from voicebot.replay.misheard import held_together
from voicebot.replay.page import page
from voicebot.replay.pictures import call_picture
from voicebot.replay.report import Report
from voicebot.replay.sound import stereo_mp3

HEARD = Report(results(), RUN)
NOW = tuple(replace(each, recording=None) for each in HEARD.results)
REPORT = Report(NOW, RUN)


def compared(*before: CaseResult) -> Comparison:
    return compare(Baseline("runs/last.json", RUN, before), REPORT)


@cache
def whole() -> str:
    """The page with sound and pictures."""
    return HEARD.html(compared(*(replace(each, misses=()) for each in NOW)))


def names(html: str) -> list[str]:
    """The cases of a page, in its order."""
    return re.findall(r'<span class="name">.*?<code>(.*?)</code>', html)


def test_what_went_wrong_stands_first() -> None:
    assert names(whole())[:2] == ["udenfor/vejret", "samtale/tavs"]
    assert names(whole())[2:] == ["pas/mistet", "pas/mistet", "samtale/afbryder", "vej/hul"]


def test_words_of_a_caller_are_text_wherever_they_stand() -> None:
    html = whole()
    assert html.count("<script") == html.count("</script>") == 1
    assert "<b>fed" not in html
    assert "<script>document.title = 'taken'</script>" in unescape(html)


def test_the_policy_allows_its_own_style_and_script_and_nothing_else() -> None:
    html = whole()
    policy = re.search(r'Content-Security-Policy" content="(.*?)">', html)
    assert policy
    for name, element in (("style", "style"), ("script", "script")):
        inside = re.search(rf"<{element}>(.*?)</{element}>", html, re.S)
        assert inside
        fingerprint = base64.b64encode(sha256(inside[1].encode()).digest()).decode()
        assert f"{name}-src 'sha256-{fingerprint}'" in unescape(policy[1])
    assert "default-src 'none'" in unescape(policy[1])
    assert not re.search(r"\s(style|on\w+)=", html)


def test_nothing_is_fetched_from_anywhere() -> None:
    asked = re.findall(r'(?:src|href|action|url)\s*[=(]\s*["\']?([^"\'\s>)]+)', whole())
    assert asked
    assert {address.split(",")[0] for address in asked if not address.startswith("#")} == {"data:audio/mpeg;base64"}


def test_what_turned_leads_to_its_call() -> None:
    right, first = NOW[3], NOW[0]
    before = (replace(right, steps=(step("x", "x", 4.0, 6.5),)), replace(first, misses=("the line broke",)))
    html = page(REPORT, compared(*before))
    assert "1 turned right, 1 turned wrong of 2 compared" in html
    links = dict(re.findall(r'<a href="#(call-\d+)">.*?</a> <code>(.*?) \(', html))
    assert sorted(links.values()) == ["pas/mistet", "udenfor/vejret"]
    for anchor, name in links.items():
        call = html[html.index(f'id="{anchor}"') :]
        assert names(call)[0] == name
    sought = re.findall(r'data-verdict="(.*?)"', html)
    assert "wrong bad turned-wrong turned" in sought
    assert "right turned-right turned" in sought
    assert "must never be" in html


def test_a_case_that_was_missed_and_now_is_wrong_is_told_of() -> None:
    hostile = NOW[3]
    before = replace(hostile, steps=tuple(replace(each, outcome=Outcome.REJECTED) for each in hostile.steps))
    html = page(REPORT, compared(before))
    assert "Became wrong, and was missed or flaky before (1)" in html
    assert "Turned wrong" not in html


def test_flaky_cases_can_be_sought() -> None:
    missed = step(LOST, "", 3.6, 6.2, misses=("no answer",))
    plays = (
        played("pas/mistet", "Mistet pas", [step(LOST, LOST, 3.6, 6.2)], recorded=False),
        played("pas/mistet", "Mistet pas", [missed], recorded=False, repetition=2),
    )
    html = page(Report(plays, replace(RUN, repeat=2)), None)
    assert re.findall(r'data-verdict="(.*?)"', html) == ["missed bad flaky", "right flaky"]
    assert "no. 2" in html
    assert "1 went right only at times" in html


def test_a_call_without_a_recording_has_no_player() -> None:
    assert "<audio" not in page(REPORT, None)
    assert whole().count("<audio") == sum(each.recording is not None for each in HEARD.results) == 5


def test_a_run_without_calls_is_a_page_too() -> None:
    assert "No call was played." in page(Report((), RUN), None)


def test_turns_lie_where_they_were_spoken() -> None:
    steps = [step("a", "a", 2.0, 4.0, answer_sound=1.5), step("b", "b", 8.0, 9.0, answer_sound=None)]
    picture = call_picture(tone(10.0, CALLER_TONE), tone(10.0, BOT_TONE), steps, [8.25])
    first, second = picture.turns
    assert (first.whole.x, first.whole.width) == (20, 60)
    assert (first.speech.x, first.speech.width) == (20, 20)
    assert first.wait
    assert (first.wait.x, first.wait.width, first.waited) == (40, 15, "1.5 s")
    assert (second.whole.x, second.whole.width, second.wait) == (80, 20, None)
    assert picture.cuts == (82.5,)
    assert picture.marks[:3] == ((0, 0), (10, 1), (20, 2))
    assert "Turn 1: the caller from 2.0 to 4.0 s, the reply 1.5 s later." in picture.text
    assert "Turn 2: the caller from 8.0 to 9.0 s, no reply was heard." in picture.text
    assert "The bot fell silent at 8.2 s." in picture.text


def test_turns_without_a_place_keep_the_numbers_of_the_others() -> None:
    steps = [step("", "", None, None), step("b", "b", 3.0, 4.0)]
    assert [turn.number for turn in call_picture(silence(5.0), silence(5.0), steps, ()).turns] == [2]


def test_a_wave_has_a_stroke_where_there_is_sound() -> None:
    loud, soft = np.zeros(800, np.float32), np.zeros(800, np.float32)
    loud[400], soft[400] = 0.5, -0.01
    drawn = call_picture(AudioChunk(loud, TELEPHONE_RATE), AudioChunk(soft, TELEPHONE_RATE), (), ())
    assert (drawn.columns, drawn.caller, drawn.bot) == (2, "M1.5-100v200", "M1.5-10v20")


@pytest.mark.parametrize(("seconds", "every"), [(0.5, 1), (10.0, 1), (20.0, 2), (61.0, 10), (900.0, 120)])
def test_the_axis_has_few_marks_at_even_seconds(seconds: float, every: int) -> None:
    marks = call_picture(silence(seconds), silence(seconds), (), ()).marks
    assert [second for _, second in marks] == list(range(0, int(seconds) + 1, every))


def test_words_heard_otherwise_are_marked_in_both() -> None:
    said, heard = held_together("Jeg er 18 år, og vil have pas!", "jeg er atten år og ville pas")
    assert [word for word, same in said if not same] == ["vil", "have"]
    assert [word for word, same in heard if not same] == ["ville"]
    assert held_together("", "hm") == ((), (("hm", False),))


def test_each_voice_is_in_its_ear_and_in_its_time() -> None:
    caller, bot = tone(3.0, CALLER_TONE), tone(3.0, BOT_TONE)
    caller.samples[:TELEPHONE_RATE] = 0
    with av.open(io.BytesIO(stereo_mp3(caller, bot))) as file:
        heard = np.concatenate([frame.to_ndarray() for frame in file.decode(audio=0)], axis=1)
    assert heard.shape == (2, 3 * TELEPHONE_RATE)
    for voice, pitch in zip(heard, (CALLER_TONE, BOT_TONE), strict=True):
        spectrum = np.abs(np.fft.rfft(voice[TELEPHONE_RATE:]))
        assert np.argmax(spectrum) / 2 == pytest.approx(pitch, abs=5)
    begins = np.flatnonzero(np.abs(heard[0]) > 0.05)[0] / TELEPHONE_RATE
    assert begins == pytest.approx(1.0, abs=0.05)


def test_sound_takes_little_room() -> None:
    assert len(stereo_mp3(tone(10.0, CALLER_TONE), tone(10.0, BOT_TONE))) < 30_000


def test_bars_have_the_share_of_each_outcome() -> None:
    steps = [step("a", "a", 1.0, 2.0), step("b", "b", 3.0, 4.0, outcome=Outcome.ASKED), *2 * [step("", "", 1, 2)]]
    drawn = bars(figures([played("a/b", "c", steps, recorded=False)]))
    assert [(bar.outcome, bar.count, bar.span.x, bar.span.width) for bar in drawn] == [
        ("right", 3, 0, 75),
        ("asked", 1, 75, 25),
    ]


def test_waits_are_dots_on_one_axis() -> None:
    calls = [played("a/b", "c", [step("a", "a", 1, 2, answer_sound=wait)], recorded=False) for wait in (1.0, 3.0)]
    calls.append(played("a/b", "c", [step("a", "", 1, 2)], condition="telefon", recorded=False))
    end, drawn = waits(calls, by_condition(calls))
    assert end == 3.0
    assert [(each.condition, each.dots, each.half) for each in drawn] == [("ren", (33.33, 100), pytest.approx(66.67))]


def test_a_report_gives_the_page() -> None:
    assert REPORT.html() == page(REPORT, None)
