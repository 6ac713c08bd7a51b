"""The page of one call: what each role sees of it, and what may be said of it."""

import re
from collections.abc import Sequence
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from tests.dashboard import Sessions, dashboard
from tests.stored_calls import BEGAN, CONVERSATION, asked, stored
from voicebot.storage.operators import AuditEntry
from voicebot.storage.people import Role
from voicebot.storage.tables import Call

pytest_plugins = ["tests.databases"]
NEIGHBOUR = r'rel="(prev|next)" href="([^"]*)"'
HTMX = {"HX-Request": "true"}
WORDS = ["jeg har mistet mit pas", "hvor har I åbent", "Meld det til Borgerservice.", "<kbd>", "•• •• •• 44"]


async def keep(database: Sessions, *calls: Call) -> None:
    async with database.begin() as session:
        session.add_all(calls)


async def kept(database: Sessions, call_id: str = "CA1") -> Call:
    async with database() as session:
        call = await session.get(Call, call_id)
        assert call
        return call


async def audit(database: Sessions) -> Sequence[tuple[str, str, str]]:
    async with database() as session:
        return [(each.who, each.action, each.object) for each in await session.scalars(select(AuditEntry))]


def text_of(page: httpx.Response) -> str:
    """What stands on a page, without markup."""
    assert page.status_code == 200, page.text
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.text))


async def test_the_conversation_stands_turn_by_turn_as_it_was_heard(database: Sessions) -> None:
    await keep(database, stored())
    async with dashboard(database) as client:
        page = await client.get("/opkald/CA1")
    shown = text_of(page)
    told = [
        "Velkommen til Roskilde Kommune.",
        "jeg har mistet mit pas",
        "Meld det til Borgerservice. Tag legitimation med.",
        "Afbrudt 1,10 s inde i sætningen",
        "hvor har I åbent",
        "Handler det om pas?",
        "Trykkede 0",
        "Stillet om til 46 31 30 00",
    ]
    places = [shown.index(each) for each in told]
    assert places == sorted(places)
    assert "Opkald 22. november 2026 kl. 11:00" in shown
    assert '<a href="/svar/pas-mistet">Mistet eller stjålet pas</a>' in page.text
    assert "Spurgte tilbage" in shown
    assert re.search(r"Talegenkendelse \d+ %", shown)
    assert "min." not in shown.split("Samtalen")[0], "minutes and seconds need no word"
    assert re.search(r"Forny pas\s+31 %", shown), "what was weighed is there too"
    assert 'id="tur-1"' in page.text
    assert 'id="tur-2"' in page.text
    assert 'href="#tur-2"' in page.text


async def test_every_view_is_in_the_audit_trail(database: Sessions) -> None:
    await keep(database, stored())
    async with dashboard(database, Role.SEE) as client:
        await client.get("/opkald/CA1")
        await client.get("/opkald/CA1")
        assert (await client.get("/opkald/CA2")).status_code == 404
    assert await audit(database) == [("Karen se", "call.seen", "CA1")] * 2


async def test_a_role_that_only_sees_gets_no_word_no_key_and_no_number(database: Sessions) -> None:
    whole = stored(caller_number="+4511223344", comment="Han hed noget med K.", mark="wrong")
    await keep(database, whole, stored("CA2", started=BEGAN + timedelta(days=1)))
    async with dashboard(database, Role.SEE) as client:
        page = await client.get("/opkald/CA1")
        for form in ("maerke", "kommentar"):
            assert (await client.send_form(f"/opkald/CA1/{form}", mark="right", comment="x")).status_code == 403
    assert not [word for word in (*WORDS, "Tag legitimation med.", "11 22 33 44", "hed noget") if word in page.text]
    assert "Skjult for din rolle" in page.text
    assert "CA2" not in re.sub(r'rel="prev"[^>]*', "", page.text), "that somebody called again is not told"
    assert "Mistet eller stjålet pas" in page.text
    assert (await kept(database)).mark == "wrong"


@pytest.mark.parametrize(("role", "shown"), [(Role.EDIT, "•• •• •• 44"), (Role.ADMINISTER, "11 22 33 44")])
async def test_whole_numbers_are_for_administrators(database: Sessions, role: Role, shown: str) -> None:
    await keep(database, stored(caller_number="+4511223344"), stored("CA2", started=BEGAN + timedelta(days=1)))
    async with dashboard(database, role) as client:
        page = text_of(await client.get("/opkald/CA1"))
        other = text_of(await client.get("/opkald/CA2"))
    assert shown in page
    assert ("11 22 33 44" in page) is (role is Role.ADMINISTER)
    assert "•• •• •• 44" in other, "where the whole number is not kept"


async def test_other_calls_from_the_same_telephone_are_found(database: Sessions) -> None:
    later = BEGAN + timedelta(hours=1)
    unknown = [stored(name, caller_hash=None, started=later) for name in ("CA3", "CA4")]
    await keep(database, stored(), stored("CA2", started=later), *unknown)
    async with dashboard(database) as client:
        found = (await client.get("/opkald/CA1")).text.partition('id="andre"')[2]
        nobody = (await client.get("/opkald/CA3")).text
    assert "/opkald/CA2" in found
    assert "/opkald/CA3" not in found
    assert 'id="andre"' not in nobody


async def test_a_mark_is_set_undone_and_noted(database: Sessions) -> None:
    await keep(database, stored())
    async with dashboard(database) as client:
        fragment = await client.post("/opkald/CA1/maerke", data={"csrf": client.csrf, "mark": "wrong"}, headers=HTMX)
        assert fragment.text.lstrip().startswith("<form")
        assert "Opkaldet er mærket som forkert." in fragment.text
        assert (await kept(database)).mark == "wrong"
        undone = await client.post("/opkald/CA1/maerke", data={"csrf": client.csrf, "mark": ""}, headers=HTMX)
        assert "Mærket er taget af." in undone.text
        assert (await kept(database)).mark is None
        without_script = await client.send_form("/opkald/CA1/maerke?resultat=settled", mark="right")
        assert without_script.status_code == 303
        assert without_script.headers["location"] == "/opkald/CA1?resultat=settled"
        assert (await client.send_form("/opkald/CA1/maerke", mark="great")).status_code == 422
        assert (await client.send_form("/opkald/CA2/maerke", mark="right")).status_code == 404
        assert (await client.post("/opkald/CA1/maerke", data={"mark": "wrong"})).status_code == 403, "no token"
    assert (await kept(database)).mark == "right"
    assert [action for _, action, _ in await audit(database)] == ["call.marked"] * 3


async def test_a_comment_is_kept_without_cpr_numbers_and_can_be_removed(database: Sessions) -> None:
    await keep(database, stored())
    async with dashboard(database) as client:
        given = "Hun sagde 010190-1234.\r\nRing tilbage\x07 \u202eom."
        saved = await client.post("/opkald/CA1/kommentar", data={"csrf": client.csrf, "comment": given}, headers=HTMX)
        assert "Et CPR-nummer i den er skjult." in saved.text
        assert (await kept(database)).comment == "Hun sagde [CPR].\nRing tilbage   om."
        long = await client.send_form("/opkald/CA1/kommentar", comment="æ" * 2001)
        assert long.status_code == 422
        assert "højst fylde 2000 tegn" in long.text
        assert "æ" * 2001 in long.text, "nothing that was written is lost"
        assert "[CPR]" in (await client.get("/opkald/CA1")).text
        assert (await client.send_form("/opkald/CA1/kommentar", comment=" ")).status_code == 303
    assert (await kept(database)).comment is None
    entries = await audit(database)
    assert [action for _, action, _ in entries if action != "call.seen"] == ["call.commented"] * 2


async def test_the_calls_before_and_after_are_those_of_the_list_one_came_from(database: Sessions) -> None:
    settled = [row for row in CONVERSATION if row[0] not in ("Transferred", "CallEnded", "DigitPressed")][:11]
    hung_up = [*settled, ("CallEnded", 20.0, {"outcome": "caller_hung_up"})]
    await keep(
        database,
        *(stored(f"CA{n}", hung_up if n % 2 else CONVERSATION, started=BEGAN + timedelta(hours=n)) for n in range(5)),
    )
    async with dashboard(database, Role.SEE) as client:
        page = (await client.get("/opkald/CA2")).text
        of_list = (await client.get("/opkald/CA2?resultat=transferred&ord=pas")).text
        last = (await client.get("/opkald/CA0")).text
    assert re.findall(NEIGHBOUR, page) == [("prev", "/opkald/CA3"), ("next", "/opkald/CA1")]
    assert re.findall(NEIGHBOUR, of_list) == [
        ("prev", "/opkald/CA4?resultat=transferred"),
        ("next", "/opkald/CA0?resultat=transferred"),
    ], "a role without words does not search in them"
    assert 'rel="next"' not in last


async def test_a_call_that_goes_on_is_shown_as_far_as_it_has_come(database: Sessions) -> None:
    call = stored(rows=CONVERSATION[:9])
    call.outcome = call.result = call.seconds = call.ended = None
    call.turns = []
    await keep(database, call)
    async with dashboard(database) as client:
        page = await client.get("/opkald/CA1")
    assert "I gang" in text_of(page)
    assert "/opkald/CA1/lyt" in page.text
    assert "jeg har mistet mit pas" in page.text


async def test_of_a_call_whose_words_are_deleted_the_rest_is_shown(database: Sessions) -> None:
    call = stored()
    call.events = []
    for turn in call.turns:
        turn.text = None
    await keep(database, call)
    async with dashboard(database) as client:
        page = text_of(await client.get("/opkald/CA1"))
    assert "Ordene i samtalen er slettet" in page
    assert "Ikke længere gemt" in page
    assert "Mistet eller stjålet pas" in page
    assert "Tidslinje" not in page


async def test_a_fault_and_a_noise_are_told_in_plain_danish(database: Sessions) -> None:
    noise = [("SpeechStarted", 1.0, {}), ("SpeechEnded", 2.0, {"speech_end": 1.5})]
    failed = ("Failed", 8.0, {"stage": "asr", "code": "asr.failed"})
    await keep(database, stored(rows=[*noise, *asked(4.0, "hvad", "reject", None), failed]))
    async with dashboard(database) as client:
        page = text_of(await client.get("/opkald/CA1"))
    assert "Lyd uden ord" in page
    assert "Forstod det ikke" in page
    assert "Talegenkendelsen svigtede" in page
