"""Every verdict seen both ways: of two bots of a few lines, over a real WebSocket, one does right and one does not."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from tests.scripted_bot import Conversation, HungUp, ScriptedBot, bot, case, decides, ends, played, reacting
from voicebot.replay import CaseResult

AT_ONCE = 8
"""Calls at a time: each is idle for most of its half second."""
ANSWER = decides("answer", "pas-mistet", reply="Meld det til politiet.")
OTHER = decides("answer", "rotter")
ASKS = decides("clarify", None, "sfo", "pas-mistet", reply="Pas eller SFO?")
ASKS_OTHERWISE = decides("clarify", None, "sfo", "rotter")
REJECTS = decides("reject")
THROUGH = decides("transfer", reply="Jeg stiller dig om.")


async def crashes(call: ScriptedBot) -> None:
    call.socket.transport.abort()
    await call.socket.wait_closed()
    raise HungUp


def sends(text: str) -> Callable[[ScriptedBot], Awaitable[None]]:
    async def react(call: ScriptedBot) -> None:
        await call.socket.send(text)

    return react


async def tells_but_says_nothing(call: ScriptedBot) -> None:
    await call.tell("Decided", decision="answer", answer="pas-mistet", confidence=1.0, options=[], reply="Meld det.")


async def answers_twice(call: ScriptedBot) -> None:
    await ANSWER(call)
    await OTHER(call)


async def goes(call: ScriptedBot) -> None:
    await call.greet()


async def gone_with_a_word(call: ScriptedBot) -> None:
    await call.begin()
    await call.say("Farvel.")
    await call.tell("CallEnded", outcome="goodbye")


def talking(*, gives_way: bool) -> Conversation:
    """Talk for a second and a half, and either fall silent for a caller or not."""

    async def converse(call: ScriptedBot) -> None:
        await call.begin()
        for number in range(10):
            await call.say(f"{number}", until_heard=False)
        while (what := await call.read())[0] == "mark":
            pass
        if gives_way:
            await call.send(event="clear", streamSid=call.stream)
        await call.understand(*what)
        await ANSWER(call)
        await call.tell("StateChanged", state="listening")
        while await call.read():
            pass

    return converse


def unbidden(decision: Callable[[ScriptedBot], Awaitable[None]]) -> Conversation:
    async def converse(call: ScriptedBot) -> None:
        await call.greet()
        await asyncio.sleep(0.1)
        await decision(call)
        await call.tell("StateChanged", state="listening")
        await call.read()

    return converse


@dataclass(frozen=True)
class Verdict:
    """A case, a bot that passes and one that does not, what is said of that one, and what its last decision was."""

    turns: str
    right: Conversation
    wrong: Conversation
    said: str
    outcome: str | None = None


def press(expect: str, more: str = "") -> str:
    return f"  - {{press: 1{more}, expect: {{{expect}}}}}\n"


ASK, CHOOSE = press("offers: pas-mistet"), "  - {choose: pas-mistet, expect: {answer: pas-mistet}}\n"
ANYTHING = "  - press: 2\n"
BREAKS_IN = "  - wait: 0.2\n  - {say: a.wav, barge_in: true, expect: {%s}}\n"
VERDICTS = {
    "another answer": Verdict(
        "  - {say: a.wav, expect: {answer: pas-mistet}}\n",
        reacting(ANSWER),
        reacting(OTHER),
        "answered rotter instead of pas-mistet",
        "wrong",
    ),
    "another kind": Verdict(
        press("decision: [reject, clarify]"), reacting(ASKS), reacting(OTHER), "answer instead of", "wrong"
    ),
    "not among the offered": Verdict(
        ASK, reacting(ASKS), reacting(ASKS_OTHERWISE), "offered sfo, rotter instead of pas-mistet", "asked"
    ),
    "not understood": Verdict(ASK, reacting(ANSWER), reacting(REJECTS), "offered nothing instead of", "rejected"),
    "handed over unasked": Verdict(ASK, reacting(ASKS), reacting(THROUGH), "offered nothing instead of", "rejected"),
    "not all of them offered": Verdict(
        press("options_include: [sfo, pas-mistet]"),
        reacting(ASKS),
        reacting(ASKS_OTHERWISE),
        "pas-mistet not offered",
        "asked",
    ),
    "answered what is no question": Verdict(
        press("not_answer: true"), reacting(REJECTS), reacting(OTHER), "which nobody asked for", "wrong"
    ),
    "the wrong choice": Verdict(
        press("offers: pas-mistet") + press("option: 2"),
        reacting(ASKS, ANSWER),
        reacting(ASKS, OTHER),
        "answered rotter instead of number 2 of sfo, pas-mistet",
        "wrong",
    ),
    "nothing to choose": Verdict(
        "  - press: 1\n" + CHOOSE,
        reacting(ASKS, ANSWER),
        reacting(ASKS_OTHERWISE),
        "pas-mistet is not among the choices",
    ),
    "a choice not heeded": Verdict(
        "  - press: 1\n" + CHOOSE, reacting(ASKS, ANSWER), reacting(ASKS, OTHER), "instead of pas-mistet", "wrong"
    ),
    "no choice where it was answered": Verdict(
        ASK + CHOOSE, reacting(ANSWER), reacting(REJECTS), "not among the choices (none)"
    ),
    "late": Verdict(
        press("within: 1"),
        reacting(ANSWER),
        reacting(decides("answer", "pas-mistet", after=1.1)),
        "instead of 1 s at most",
    ),
    "an answer told, but not said": Verdict(
        press("within: 1"),
        reacting(ANSWER),
        reacting(tells_but_says_nothing),
        "no reply was heard, within 1 s or later",
    ),
    "crashing": Verdict(
        press("answer: pas-mistet"), reacting(ANSWER), reacting(crashes), "the bot decided nothing", "silent"
    ),
    "crashing later": Verdict(
        press("answer: pas-mistet") + ANYTHING, reacting(ANSWER, ANSWER), reacting(ANSWER, crashes), "the line broke"
    ),
    "no JSON": Verdict(ANYTHING, reacting(ANSWER), reacting(sends("{")), "a message that cannot be read"),
    "a decision without a reply": Verdict(
        ANYTHING,
        reacting(ANSWER),
        reacting(
            sends('{"event": "voicebot", "type": "Decided", "decision": "answer", "answer": null, "options": []}')
        ),
        "a message that cannot be read (ValidationError)",
    ),
    "options that are none": Verdict(
        ANYTHING,
        reacting(ANSWER),
        reacting(sends('{"event": "voicebot", "type": "Decided", "decision": "answer", "answer": "x", "options": 1}')),
        "a message that cannot be read (ValidationError)",
    ),
    "closing early": Verdict(ASK, reacting(ANSWER), gone_with_a_word, "the bot had ended the call before", "silent"),
    "closing without a word": Verdict(ANYTHING, reacting(ANSWER), goes, "the bot never said that the call had ended"),
    "answering twice": Verdict(
        press("answer: pas-mistet") + "  - listen: true\n",
        reacting(ANSWER),
        reacting(answers_twice),
        "answered rotter besides, which nobody asked for",
        "wrong",
    ),
    "asking back too often": Verdict(
        ASK + press("asks_back: 1"), reacting(ASKS, ANSWER), reacting(ASKS, ASKS), "asked back 2 times instead of 1"
    ),
    "forbidden words": Verdict(
        press("says_not: [gratis, kroner]"),
        reacting(ANSWER),
        reacting(decides("answer", "pas-mistet", reply="Det er GRATIS.")),
        "the reply says “gratis”",
    ),
    "words that lack": Verdict(
        press("says: politi"), reacting(ANSWER), reacting(OTHER), "the reply does not say “politi”"
    ),
    "put through to somebody else": Verdict(
        press("decision: transfer, transfer_to: 46 31 30 00, ends: transferred"),
        reacting(ends("transferred", THROUGH, number="46313000", reason="asked")),
        reacting(ends("transferred", THROUGH, number="11111111", reason="asked")),
        "put through to 11111111 (asked) instead of 46 31 30 00",
        "rejected",
    ),
    "put through for another reason": Verdict(
        press("transfer_to: failures"),
        reacting(ends("transferred", THROUGH, number="46313000", reason="failures")),
        reacting(ends("transferred", THROUGH, number="46313000", reason="fault")),
        "put through to 46313000 (fault) instead of failures",
        "rejected",
    ),
    "an answer to one who asks for a human": Verdict(
        press("decision: transfer"), reacting(THROUGH), reacting(ANSWER), "answer instead of transfer", "wrong"
    ),
    "put through by word only": Verdict(
        press("transfer_to: asked, ends: transferred"),
        reacting(ends("transferred", THROUGH, number="46313000", reason="asked")),
        reacting(ends("transferred", THROUGH)),
        "put through to nobody instead of asked",
        "rejected",
    ),
    "another ending": Verdict(
        press("ends: goodbye"),
        reacting(ends("goodbye")),
        reacting(ends("silence")),
        "ended as silence instead of goodbye",
    ),
    "not interrupted": Verdict(
        BREAKS_IN % "interrupts: true", talking(gives_way=True), talking(gives_way=False), "the bot went on speaking"
    ),
    "interrupted": Verdict(
        BREAKS_IN % "interrupts: false", talking(gives_way=False), talking(gives_way=True), "the bot fell silent"
    ),
    "an answer out of the blue": Verdict(
        "  - {silence: true, expect: {decision: smalltalk}}\n",
        unbidden(decides("smalltalk", reply="Er du der?")),
        unbidden(OTHER),
        "answer instead of smalltalk",
        "wrong",
    ),
}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, bool], CaseResult]:
    """Every case with both its bots, many calls at once."""
    home = tmp_path_factory.mktemp("verdicts")
    room = asyncio.Semaphore(AT_ONCE)

    async def one(name: str, verdict: Verdict, right: bool) -> CaseResult:
        folder = home / name / str(right)
        folder.mkdir(parents=True)
        case(folder, verdict.turns)
        async with room, bot(conversation=verdict.right if right else verdict.wrong) as (url, _):
            [result] = (await played(folder, url)).results
        return result

    async def everyone() -> dict[tuple[str, bool], CaseResult]:
        async with asyncio.TaskGroup() as calls:
            tasks = {
                (name, right): calls.create_task(one(name, verdict, right))
                for name, verdict in VERDICTS.items()
                for right in (True, False)
            }
        return {key: task.result() for key, task in tasks.items()}

    return asyncio.run(everyone())


def misses(result: CaseResult) -> list[str]:
    return [*result.misses, *(miss for step in result.steps for miss in step.misses)]


@pytest.mark.parametrize("name", VERDICTS)
def test_a_bot_that_does_right_passes(results: dict[tuple[str, bool], CaseResult], name: str) -> None:
    result = results[name, True]
    assert misses(result) == []
    assert result.passed
    assert not result.wrong


@pytest.mark.parametrize("name", VERDICTS)
def test_a_bot_that_does_not_is_told_why(results: dict[tuple[str, bool], CaseResult], name: str) -> None:
    result, verdict = results[name, False], VERDICTS[name]
    assert not result.passed
    assert any(verdict.said in miss for miss in misses(result)), misses(result)
    assert result.steps[-1].outcome == verdict.outcome
    assert result.wrong == (verdict.outcome == "wrong")
