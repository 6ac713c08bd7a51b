"""Real calls to a real bot: real models, real WebSockets in real time, the carrier played by streamdouble."""

import asyncio
import json
from dataclasses import replace
from xml.etree import ElementTree

import httpx
import pytest
from streamdouble.protocol import StreamIdentity
from streamdouble.scenario import Dtmf, Hangup, Scenario, Step, Wait
from streamdouble.session import Session, SessionConfig
from websockets.asyncio.client import connect

from tests.calling import ADDRESS, ANSWERED, CALLERS, GREETED, Ended, call, of, record, say
from tests.conftest import RunningBot

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def steps() -> dict[str, list[Step]]:
    """What the callers do, by a name for each call."""
    question, unclear = say(ADDRESS), say("uklar-alt-alfa-01.wav")
    half = replace(question, frames=question.frames[: len(question.frames) // 2])
    return {
        "a question": [GREETED, question, *ANSWERED],
        "digit": [GREETED, unclear, *ANSWERED, Dtmf("1"), *ANSWERED],
        "den første": [GREETED, unclear, *ANSWERED, say("svar-valg-dora-01.wav"), *ANSWERED],
        "over the greeting": [Wait(1.5), question, *ANSWERED],
        "zero": [Wait(1.0), Dtmf("0"), *ANSWERED],
        "silence": [Wait(45.0)],
        "hung up": [Wait(0.5), half, Hangup()],
    }


@pytest.fixture(scope="module")
def ended(running_bot: RunningBot) -> dict[str, Ended]:
    """All these calls, made at the same time, for each takes as long as a call takes."""

    async def made() -> dict[str, Ended]:
        each = steps()
        return dict(zip(each, await asyncio.gather(*(call(running_bot, *its) for its in each.values())), strict=True))

    return asyncio.run(made())


def test_a_question_is_answered(ended: dict[str, Ended]) -> None:
    result, rows = ended["a question"]
    assert result.violations == []
    assert "adresse" in of(rows, "Transcribed")[0]["text"].lower()
    assert of(rows, "Decided")[1]["answer"] == "adressebeskyttelse"
    assert len(of(rows, "Said")) >= 3, "greeting and answer were heard to their ends"
    assert of(rows, "CallEnded")[0]["outcome"] == "caller_hung_up"


async def test_the_webhook_leads_to_the_stream(running_bot: RunningBot) -> None:
    form = {"CallSid": "CA" + "1" * 32, "From": "+4512345678", "To": "+4546313000"}
    answer = httpx.post(f"{running_bot.http}/twilio/voice", data=form)
    twiml = ElementTree.fromstring(answer.text)
    stream = twiml.find("./Connect/Stream")
    assert stream is not None
    assert [verb.tag for verb in twiml] == ["Connect", "Say", "Dial"]
    token = stream.find("Parameter")
    assert token is not None
    identity = replace(StreamIdentity(), call_sid=form["CallSid"])
    config = SessionConfig(custom_parameters={"token": token.attrib["value"]}, max_drain_s=1)
    url = stream.attrib["url"].replace("wss://", "ws://")
    await Session(url, scenario=Scenario("t", [Wait(1.0)]), config=config, identity=identity).run()
    rows = await record(running_bot, form["CallSid"])
    assert of(rows, "CallStarted")[0]["municipality"] == "roskilde"
    assert "12345678" not in json.dumps(rows), "the caller's number is not kept"


@pytest.mark.parametrize("pick", ["digit", "den første"])
def test_asking_back_is_settled(ended: dict[str, Ended], pick: str) -> None:
    _, rows = ended[pick]
    asked, answered = of(rows, "Decided")[1:3]
    assert asked["decision"] == "clarify"
    assert 2 <= len(asked["options"]) <= 3
    assert answered["answer"] == asked["options"][0]


def test_speaking_over_the_bot_stops_it(ended: dict[str, Ended]) -> None:
    result, rows = ended["over the greeting"]
    assert len(result.events_of("clear")) >= 1 or of(rows, "Interrupted")
    assert of(rows, "Interrupted")
    assert of(rows, "Decided")[1]["answer"] == "adressebeskyttelse"
    assert of(rows, "Interrupted")[0]["text"] not in [piece["text"] for piece in of(rows, "Said")]


def test_zero_leads_to_a_human(ended: dict[str, Ended]) -> None:
    _, rows = ended["zero"]
    assert of(rows, "Transferred")[0]["reason"] == "asked"
    assert of(rows, "CallEnded")[0]["outcome"] == "transferred"


def test_silence_is_asked_about_and_ends_the_call(ended: dict[str, Ended]) -> None:
    _, rows = ended["silence"]
    assert of(rows, "Transcribed") == []
    assert of(rows, "CallEnded")[0]["outcome"] == "silence"


def test_hanging_up_in_the_middle_of_a_sentence(ended: dict[str, Ended]) -> None:
    _, rows = ended["hung up"]
    assert of(rows, "CallEnded")[0]["outcome"] in ("caller_hung_up", "fault")


@pytest.mark.parametrize("garbage", ["{", '"text"', '{"event":"media"}', b"\x00\x01", "[" * 5000])
async def test_garbage_ends_that_call_and_no_other(running_bot: RunningBot, garbage: str | bytes) -> None:
    async with connect(f"{running_bot.ws}/twilio/media") as good, connect(f"{running_bot.ws}/twilio/media") as bad:
        for socket in (good, bad):
            await socket.send('{"event":"connected","protocol":"Call","version":"1.0.0"}')
            await socket.send(start_message())
        assert json.loads(await asyncio.wait_for(bad.recv(), 10))["event"] == "media"
        await bad.send(garbage)
        async with asyncio.timeout(10):
            async for _ in bad:
                pass
        assert bad.close_code is not None
        assert json.loads(await asyncio.wait_for(good.recv(), 10))["event"] == "media"
        await good.ping()


def start_message() -> str:
    sid = StreamIdentity()
    form = {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}
    start = {
        "accountSid": sid.account_sid,
        "streamSid": sid.stream_sid,
        "callSid": sid.call_sid,
        "tracks": ["inbound"],
        "mediaFormat": form,
        "customParameters": {},
    }
    return json.dumps({"event": "start", "sequenceNumber": "1", "start": start, "streamSid": sid.stream_sid})


async def test_eight_calls_at_once_are_answered_and_no_step_of_the_event_loop_holds_them_up(
    running_bot: RunningBot,
) -> None:
    slow_steps = running_bot.data_dir / "slow-steps"
    slow_steps.unlink(missing_ok=True)
    also = sorted(path.name for path in CALLERS.glob("*-01.wav"))[:8]
    calls = [call(running_bot, Wait(1.0 + 0.3 * n), say(ADDRESS), *ANSWERED, say(also[n]), Wait(4.0)) for n in range(8)]
    for result, rows in await asyncio.gather(*calls):
        assert result.violations == []
        assert of(rows, "Decided")[1]["answer"] == "adressebeskyttelse"
        assert of(rows, "TurnTimed"), "the machine had something to do"
        assert of(rows, "Failed") == []
    assert not slow_steps.exists(), slow_steps.read_text()
