"""Changes of the answers tried out: faults, sound, questions asked, what turns, and what is published is in use."""

import asyncio
import io
import time
import wave
from pathlib import Path

import pytest

from tests.trying import Workshop, workshop
from tests.two_answers import ANSWER, OTHER
from voicebot.content import Content
from voicebot.dialogue import Decision
from voicebot.dialogue import Kind as Did
from voicebot.errors import ContentError
from voicebot.evaluation import Kind, Outcome, Question, Verdict
from voicebot.storage import versions
from voicebot.studio import Changes
from voicebot.studio import studio as room
from voicebot.studio.changes import compared

pytest_plugins = ["tests.databases"]
LOST, CHILD = "common/pas/pas-mistet.yaml", "common/pas/pas-barn.yaml"
SORRY = ANSWER.replace("Det er vi kede af.", "Øv da.")
WITHOUT = ANSWER[: ANSWER.index("follow_up")] + ANSWER[ANSWER.index("sms") :]


@pytest.fixture
async def shop(tmp_path: Path, database):
    async with workshop(tmp_path, database) as made:
        made.sessions = database
        yield made


async def publish(shop: Workshop, changed, before) -> None:
    async with shop.sessions.begin() as session:
        await versions.publish(session, changed, "Mette", "", before=before)


async def test_faults_are_named_by_the_files_place_and_nothing_is_changed(shop):
    assert await shop.studio.faults({}) == ()
    (fault,) = await shop.studio.faults({LOST: ANSWER.replace("kede af.", "kede af. Se www.x.dk.")})
    assert (fault.file, fault.line) == (LOST, 13)
    (fault,) = await shop.studio.faults({LOST: ANSWER.replace("  - Pas mistet", "  - seks")})
    assert fault.message.endswith(f"({CHILD}:4); fjern et af dem")
    assert (await shop.studio.texts(LOST, "common/x.yaml")) == {LOST: ANSWER, "common/x.yaml": None}


async def test_a_text_is_shown_and_spoken_with_its_facts(shop):
    text = "Ring på\n {{ borgerservice.phone }}, {{ ukendt }}."
    assert shop.studio.parts(text) == (
        ("Ring på ", None), ("22 22 22 22", "borgerservice.phone"), (", ", None), ("{{ ukendt }}", "ukendt"),
        (".", None),
    )  # fmt: skip
    sound = await shop.studio.speech("Det er øv. Ring på {{ borgerservice.phone }}.")
    assert shop.engines.said == ["Det er øv.", "Ring på 22 22 22 22."]
    with wave.open(io.BytesIO(sound)) as file:
        assert (file.getframerate(), file.getnframes(), file.getsampwidth()) == (8000, 1600, 2)


async def test_a_question_is_asked_of_what_is_not_published(shop):
    asked = await shop.studio.ask("Mit pas er væk", {LOST: SORRY})
    assert asked.decision.answer == "pas-mistet"
    assert asked.decision.reply.startswith("Øv da.")
    assert asked.candidates[0].answer == "pas-mistet"
    assert (await shop.studio.ask("Mit pas er væk", {})).decision.reply.startswith("Det er vi kede af.")
    with pytest.raises(ContentError):
        await shop.studio.ask("Mit pas er væk", {LOST: "id: x"})


async def test_a_file_that_changed_meanwhile_is_asked_too(shop):
    await shop.studio.ask("Mit pas er væk", {CHILD: OTHER})
    (shop.settings.answers_dir / LOST).write_text(SORRY, "utf-8")
    await shop.reloader.read_now()
    assert (await shop.studio.ask("Mit pas er væk", {CHILD: OTHER})).decision.reply.startswith("Øv da.")


async def test_what_a_change_changes_is_told_question_by_question(shop):
    told: list[tuple[int, int]] = []
    same = await shop.studio.changes({LOST: SORRY}, lambda done, of: told.append((done, of)))
    assert (same.better, same.worse, same.questions) == ((), (), 3), "none about an answer that is not there"
    assert told[-1] == (9, 9)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    gone = await shop.studio.changes({LOST: WITHOUT, CHILD: None}, lambda _, __: None)
    assert [turned.question for turned in gone.worse] == ["tre"]
    assert gone.right_after < gone.right_before
    assert gone.worse[0].answer_before == "pas-barn"


async def test_questions_are_worked_out_once_also_after_a_restart(shop, tmp_path):
    await shop.studio.changes({LOST: SORRY}, lambda _, __: None)
    shop.embedded.clear()
    await shop.studio.changes({LOST: SORRY.replace("Øv da", "Ak")}, lambda _, __: None)
    assert not set(shop.embedded) & {"Mit pas er væk", "tre"}
    again = room.Remembering(shop.studio._index)
    again.remember(["tre"], lambda _: None)
    assert "tre" not in shop.embedded


async def test_one_change_is_tried_at_a_time_and_one_nobody_waits_for_stops(shop, monkeypatch):
    monkeypatch.setattr(room, "LONG_BREATH", 30.0)
    shop.engines.quiet = False
    going = asyncio.create_task(shop.studio.changes({LOST: SORRY}, lambda _, __: None))
    while not shop.studio._comparing.locked():
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.05)
    going.cancel()
    await asyncio.gather(going, return_exceptions=True)
    monkeypatch.setattr(room, "LONG_BREATH", 0.0)
    assert isinstance(await asyncio.wait_for(shop.studio.changes({}, lambda _, __: None), 10), Changes)


async def test_what_is_published_is_in_use_for_the_next_call(shop):
    under_way: Content = shop.reloader.content
    await publish(shop, {LOST: SORRY}, {LOST: ANSWER})
    assert await shop.studio.publish() == ()
    assert shop.reloader.content.library.answers["pas-mistet"].text.startswith("Øv da.")
    assert under_way.library.answers["pas-mistet"].text.startswith("Det er vi kede af.")
    assert shop.told == ["published"]
    assert await shop.studio.texts(LOST) == {LOST: SORRY}


async def test_what_cannot_be_used_is_said_and_the_old_stays(shop):
    await publish(shop, {LOST: "id: x"}, {LOST: ANSWER})
    assert any("pas-mistet.yaml" in fault for fault in await shop.studio.publish())
    assert shop.reloader.content.library.answers["pas-mistet"].text.startswith("Det er vi kede af.")


async def test_a_bot_that_does_not_come_to_read_is_not_waited_for_in_vain(shop, monkeypatch):
    monkeypatch.setattr(room, "TAKEN_WITHIN", 0.01)
    monkeypatch.setattr(shop.reloader, "_read", lambda: (time.sleep(0.1), ((None, ())))[1])
    (said,) = await shop.studio.publish()
    assert said.startswith("Det er udgivet, men")


async def test_a_municipalitys_own_answer_is_the_one_that_is_edited(shop):
    own = "municipalities/lilleby/pas/pas-barn.yaml"
    assert await shop.studio.path_of("pas-barn") == CHILD
    await publish(shop, {own: OTHER.replace("skal med", "skal ikke med")}, {own: None})
    await shop.studio.publish()
    assert await shop.studio.path_of("pas-barn") == own
    assert await shop.studio.path_of("pas-hund") is None


@pytest.mark.parametrize(
    ("kind", "before", "after", "better", "worse"),
    [
        (Kind.IN_SCOPE, Verdict.RIGHT, Verdict.RIGHT, 0, 0),
        (Kind.IN_SCOPE, Verdict.OFFERED, Verdict.RIGHT, 1, 0),
        (Kind.IN_SCOPE, Verdict.RIGHT, Verdict.WRONG, 0, 1),
        (Kind.IN_SCOPE, Verdict.WRONG, Verdict.REJECTED, 1, 0),
        (Kind.IN_SCOPE, Verdict.ASKED, Verdict.REJECTED, 0, 0),
        (Kind.OUT_OF_SCOPE, Verdict.REJECTED, Verdict.ASKED, 0, 1),
        (Kind.OUT_OF_SCOPE, Verdict.WRONG, Verdict.REJECTED, 1, 0),
    ],
)
def test_better_is_what_serves_the_caller_better(kind, before, after, better, worse):
    def outcome(verdict):
        decision = Decision(Did.ANSWER, "pas", 1.0, (), ())
        return (Outcome(Question("?", ("pas",), kind), "?", (), decision, verdict, 0.0),)

    changes = compared(outcome(before), outcome(after))
    assert (len(changes.better), len(changes.worse)) == (better, worse)
