"""Unit: whole conversations, turn by turn, with the matching's candidates written into the script."""

from functools import partial

import pytest

from tests import talking
from tests.made_library import LIBRARY, answer, library
from voicebot import dialogue
from voicebot.dialogue import Heard, Kind, Question, State
from voicebot.matching import Candidate
from voicebot.speech_text import sentences

talk = partial(talking.talk, LIBRARY)
SURE = "pas væk | pas-mistet 0.95, koerekort-mistet 0.1"
PLAIN = "rotter i haven | rotter 0.95"
TWO = "jeg har mistet mit kort | pas-mistet 0.4, koerekort-mistet 0.35"
THREE = "noget med pas | pas-mistet 0.3, pas-fornyelse 0.3, pas-barn 0.25, rotter 0.01"
ONE = "måske rotter | rotter 0.5"
GENERAL = "noget om pas | pas-generelt 0.95"
NOISE = "~bla bla bla"
A, C, T, R, S, E = Kind.ANSWER, Kind.CLARIFY, Kind.TRANSFER, Kind.REJECT, Kind.SMALLTALK, Kind.EMERGENCY

# fmt: off
CASES: list[tuple[list[str], Kind, str | None, str]] = [
    # a question answered
    ([SURE], A, "pas-mistet", "Meld det straks. Så spærres det. Vil du høre prisen?"),
    ([PLAIN], A, "rotter", "Anmeld rotterne. Er der andet?"),
    ([PLAIN, SURE], A, "pas-mistet", "Meld det straks. Så spærres det. Vil du høre prisen?"),
    (["hvor bor min nabo | udenfor-persondata 0.9"], R, "udenfor-persondata", "Det må jeg ikke sige. Er der andet?"),
    # asked back
    ([TWO], C, None, "Handler det om at dit pas er mistet eller stjålet eller at dit kørekort er væk?"),
    ([THREE], C, None,
     "Handler det om at dit pas er mistet eller stjålet, at forny dit pas, eller pas til et barn?"),
    ([ONE], C, None, "Handler det om rotter?"),
    (["tæt løb | pas-barn 0.85, pas-pris 0.8"], C, None, "Handler det om pas til et barn eller hvad et pas koster?"),
    (["noget | smalltalk-hilsen 0.4, rotter 0.3"], C, None, "Handler det om rotter?"),
    (["noget | noed-112 0.3, udenfor-persondata 0.3"], R, None, "Det forstod jeg ikke. Sig det med andre ord."),
    # the pick: by name
    ([TWO, "det er passet"], A, "pas-mistet", "Meld det straks."),
    ([TWO, "kørekortet"], A, "koerekort-mistet", "Bestil et nyt kørekort."),
    ([TWO, "det er blevet stjolet"], A, "pas-mistet", "Meld det straks."),
    ([TWO, "altså mit kørkort"], A, "koerekort-mistet", "Bestil et nyt kørekort."),
    ([THREE, "det er til mit barn"], A, "pas-barn", "Begge forældre"),
    ([THREE, "jeg skal forny det"], A, "pas-fornyelse", "Bestil en tid."),
    ([THREE, "mmm | pas-barn 0.3, pas-mistet 0.02"], A, "pas-barn", "Begge forældre"),
    # by place
    ([TWO, "den første"], A, "pas-mistet", "Meld det straks."),
    ([TWO, "Den første!"], A, "pas-mistet", "Meld det straks."),
    ([TWO, "nummer to"], A, "koerekort-mistet", "Bestil"),
    ([TWO, "ja den anden tak"], A, "koerekort-mistet", "Bestil"),
    ([TWO, "Den armen!"], A, "koerekort-mistet", "Bestil"),
    ([TWO, "den sidste"], A, "koerekort-mistet", "Bestil"),
    ([THREE, "den sidste"], A, "pas-barn", "Begge"),
    ([THREE, "nr. 3"], A, "pas-barn", "Begge"),
    ([THREE, "treeren"], A, "pas-barn", "Begge"),
    ([THREE, "toeren"], A, "pas-fornyelse", "Bestil"),
    ([THREE, "den midterste"], A, "pas-fornyelse", "Bestil"),
    ([TWO, "to"], A, "koerekort-mistet", "Bestil"),
    ([TWO, "2"], A, "koerekort-mistet", "Bestil"),
    ([TWO, "#2"], A, "koerekort-mistet", "Bestil"),
    ([THREE, "#3"], A, "pas-barn", "Begge"),
    # not a pick
    ([TWO, "#3"], C, None, "Sig det første eller det andet. Handler det om at dit pas"),
    ([TWO, "nummer tre"], C, None, "Sig det første eller det andet."),
    ([TWO, NOISE], C, None, "Sig det første eller det andet."),
    ([TWO, TWO], C, None, "Sig det første eller det andet."),
    ([TWO, NOISE, "den anden"], A, "koerekort-mistet", "Bestil"),
    ([TWO, NOISE, NOISE], R, None, "Skal jeg stille dig om?"),
    ([TWO, NOISE, NOISE, NOISE], T, None, "Jeg stiller dig om."),
    ([TWO, "ja"], C, None, "Sig det første eller det andet."),
    # a new question wins
    ([TWO, "hvad koster et pas | pas-pris 0.9, pas-mistet 0.1"], A, "pas-pris", "Et pas koster"),
    ([ONE, "nej jeg vil vide hvad et pas koster nu | pas-pris 0.9"], A, "pas-pris", "Et pas koster"),
    ([TWO, "nej | pas-pris 0.9"], R, None, "Hvad vil du spørge om?"),
    ([TWO, "noget tredje | pas-pris 0.4, rotter 0.4"], C, None, "Handler det om hvad et pas koster eller rotter?"),
    # yes and no
    ([ONE, "ja"], A, "rotter", "Anmeld"),
    ([ONE, "ja tak"], A, "rotter", "Anmeld"),
    ([ONE, "det er det"], A, "rotter", "Anmeld"),
    ([ONE, "ja det er nemlig lige præcis det jeg ringer om | rotter 0.2"], A, "rotter", "Anmeld"),
    ([ONE, "ja det er i kælderen"], A, "rotter", "Anmeld"),
    ([ONE, "ja goddag jeg ringer angående min datters skole"], R, None, "Det forstod jeg ikke."),
    ([ONE, "nej jeg ringer om mit pas | pas-pris 0.3, rotter 0.2"], C, None, "Handler det om hvad et pas koster?"),
    ([ONE, "#1"], A, "rotter", "Anmeld"),
    ([ONE, "nej"], R, None, "Hvad vil du spørge om?"),
    ([ONE, "det er det ikke"], R, None, "Hvad vil du spørge om?"),
    ([ONE, "#2"], R, None, "Hvad vil du spørge om?"),
    ([ONE, "nej", ONE], R, None, "Skal jeg stille dig om?"),
    ([ONE, "nej", "så | pas-pris 0.5, rotter 0.5"], C, None, "Handler det om hvad et pas koster?"),
    ([TWO, "ingen af dem"], R, None, "Hvad vil du spørge om?"),
    ([TWO, "nej"], R, None, "Hvad vil du spørge om?"),
    # follow-ups
    ([GENERAL], A, "pas-generelt", "Pas laves i Borgerservice. Er det til dig selv eller til et barn?"),
    ([GENERAL, "det er til mig"], A, "pas-fornyelse", "Bestil en tid."),
    ([GENERAL, "Der er til mit barn."], A, "pas-barn", "Begge"),
    ([GENERAL, "#2"], A, "pas-barn", "Begge"),
    ([GENERAL, "nej tak"], S, None, "Er der andet?"),
    ([GENERAL, "nej tak", "tak"], S, None, "Farvel."),
    ([GENERAL, "nej det er til mit barn"], A, "pas-barn", "Begge"),
    ([GENERAL, "mit barn skal begynde i skole til august"], R, None, "Det kan jeg ikke svare på."),
    ([GENERAL, "ja altså det er til mit yngste barn | pas-barn 0.3"], A, "pas-barn", "Begge"),
    ([GENERAL, "ja"], C, None, "Sig det første eller det andet. Er det til dig selv eller til et barn?"),
    ([GENERAL, NOISE], C, None, "Sig det første eller det andet. Er det til dig selv"),
    ([SURE, "ja tak"], A, "pas-pris", "Et pas koster"),
    ([SURE, "ja"], A, "pas-pris", "Et pas koster"),
    ([SURE, "nej"], S, None, "Er der andet?"),
    ([SURE, NOISE], R, None, "Det forstod jeg ikke."),
    ([SURE, "tak"], S, None, "Er der andet?"),
    ([GENERAL, GENERAL, GENERAL], A, "pas-generelt", "Pas laves i Borgerservice. Er der andet?"),
    # not understood
    ([NOISE], R, None, "Det forstod jeg ikke. Sig det med andre ord."),
    (["~"], R, None, "Det forstod jeg ikke."),
    (["~" + "ord " * 70], R, None, "Sig det i en kort sætning."),
    ([NOISE, NOISE], R, None, "Skal jeg stille dig om?"),
    ([NOISE, NOISE, "ja"], T, "tal-med-medarbejder", "Jeg stiller dig om."),
    ([NOISE, NOISE, "ja det må du meget gerne, min ven"], T, "tal-med-medarbejder", "Jeg stiller dig om."),
    ([NOISE, NOISE, "#1"], T, "tal-med-medarbejder", "Jeg stiller dig om."),
    ([NOISE, NOISE, "nej"], S, None, "Er der andet?"),
    ([NOISE, NOISE, "#2"], S, None, "Er der andet?"),
    ([NOISE, NOISE, NOISE], T, None, "Jeg stiller dig om."),
    ([NOISE, NOISE, PLAIN], A, "rotter", "Anmeld"),
    ([NOISE, PLAIN, NOISE, PLAIN], A, "rotter", "Anmeld"),
    ([NOISE, PLAIN, NOISE, PLAIN, NOISE], R, None, "Skal jeg stille dig om?"),
    ([ONE, NOISE, ONE], C, None, "Handler det om rotter?"),
    ([ONE, NOISE, ONE, NOISE], R, None, "Skal jeg stille dig om?"),
    # out of scope
    (["hvem vandt fodboldkampen i går | rotter 0.01"], R, None, "Det kan jeg ikke svare på."),
    (["~hvem vandt fodboldkampen i går | rotter 0.01"], R, None, "Det forstod jeg ikke."),
    (["fodbold | rotter 0.01"], R, None, "Det forstod jeg ikke."),
    (["hvem vandt kampen"] * 2, R, None, "Skal jeg stille dig om?"),
    (["hvem vandt kampen", NOISE], R, None, "Skal jeg stille dig om?"),
    # a human, at once
    (["#0"], T, "tal-med-medarbejder", "Jeg stiller dig om."),
    ([TWO, "#0"], T, "tal-med-medarbejder", "Jeg stiller dig om."),
    ([PLAIN, "#0"], T, "tal-med-medarbejder", "Jeg stiller dig om."),
    (["medarbejder"], T, "tal-med-medarbejder", "Jeg stiller dig om."),
    ([TWO, "Jeg vil gerne ta'le med en medarbeider."], T, "tal-med-medarbejder", "Jeg stiller dig om."),
    (["kan jeg komme igennem | tal-med-medarbejder 0.9"], T, "tal-med-medarbejder", "Jeg stiller dig om."),
    (["igennem | tal-med-medarbejder 0.4"], C, None, "Handler det om at tale med en medarbejder?"),
    (["igennem | tal-med-medarbejder 0.4", "ja"], T, "tal-med-medarbejder", "Jeg stiller dig om."),
    # emergencies, in any state
    (["der er brand"], E, "noed-112", "Læg på og ring 112 nu. Jeg stiller dig om."),
    (["min farfar han ramlede | noed-112 0.55"], E, "noed-112", "Læg på og ring 112 nu."),
    ([TWO, "hun trækker ikke vejret"], E, "noed-112", "Læg på og ring 112 nu."),
    ([PLAIN, "jeg vil ikke leve mere"], E, "noed-livskrise", "Du er ikke alene. Jeg stiller dig om."),
    (["alt er sort | noed-livskrise 0.9"], E, "noed-livskrise", "Du er ikke alene."),
    # other keys
    (["#5"], R, None, "Det forstod jeg ikke."),
    (["#*"], R, None, "Det forstod jeg ikke."),
    (["#7", "#8", "##"], T, None, "Jeg stiller dig om."),
    # silence
    (["…"], S, None, "Er du der stadig?"),
    (["…", "…"], S, None, "Jeg lægger på nu. Farvel."),
    (["…", PLAIN], A, "rotter", "Anmeld"),
    ([TWO, "…", "den anden"], A, "koerekort-mistet", "Bestil"),
    (["…", NOISE, "…"], S, None, "Er du der stadig?"),
    # thanks and farewell
    (["tak"], S, None, "Er der andet?"),
    (["mange tak for hjælpen"], S, None, "Er der andet?"),
    ([PLAIN, "tak"], S, None, "Farvel."),
    ([PLAIN, "ja tak"], S, None, "Hvad vil du spørge om?"),
    ([SURE, "tak", "tak"], S, None, "Farvel."),
    ([SURE, "mange tak for hjælpen", "tak skal du have"], S, None, "Farvel."),
    ([PLAIN, "fint", "super"], S, None, "Farvel."),
    ([PLAIN, "nej tak vi var det heller | smalltalk-tak-farvel 0.9"], S, None, "Farvel."),
    ([PLAIN, "dejligt | smalltalk-tak-farvel 0.9", "fint | smalltalk-tak-farvel 0.9"], S, None, "Farvel."),
    ([PLAIN, "nej tak"], S, None, "Farvel."),
    ([PLAIN, "nej"], S, None, "Farvel."),
    ([PLAIN, "nej det tror jeg ikke"], S, None, "Farvel."),
    ([PLAIN, "nej men hvad med passet | pas-pris 0.3"], C, None, "Handler det om hvad et pas koster?"),
    ([PLAIN, "ja jeg vil også høre om passet | pas-pris 0.3"], C, None, "Handler det om hvad et pas koster?"),
    ([PLAIN, "Nej tak, det var det hele."], S, None, "Farvel."),
    ([SURE, "tak", "nej"], S, None, "Farvel."),
    ([SURE, "tak", "ja"], S, None, "Hvad vil du spørge om?"),
    ([PLAIN, "ja"], S, None, "Hvad vil du spørge om?"),
    ([PLAIN, "ja", PLAIN], A, "rotter", "Anmeld"),
    ([TWO, "farvel"], S, None, "Farvel."),
    (["nej"], R, None, "Det forstod jeg ikke."),
    # small talk
    (["hej | smalltalk-hilsen 0.95"], S, "smalltalk-hilsen", "Goddag."),
    ([TWO, "er du en robot | smalltalk-er-du-robot 0.95"], S, "smalltalk-er-du-robot", "Ja, jeg er en maskine."),
    ([TWO, "er du en robot | smalltalk-er-du-robot 0.95", "den anden"], A, "koerekort-mistet", "Bestil"),
    (["hej | smalltalk-hilsen 0.95"] * 3, R, None, "Skal jeg stille dig om?"),
    ([TWO, "vent lige | smalltalk-vent 0.9", "#2"], A, "koerekort-mistet", "Bestil"),
    # once more
    (["hvad sagde du"], S, "smalltalk-gentag", "Jeg har ikke sagt noget endnu."),
    ([PLAIN, "hvad sagde du"], S, "smalltalk-gentag", "Jeg siger det igen. Anmeld rotterne. Er der andet?"),
    ([PLAIN, "sig det igen", "sig det igen"], S, "smalltalk-gentag", "Jeg siger det igen. Anmeld rotterne."),
    ([PLAIN, "sig det igen", "sig det igen", "sig det igen"], R, None, "Skal jeg stille dig om?"),
    ([TWO, "hvad"], S, "smalltalk-gentag", "Jeg siger det igen. Handler det om at dit pas"),
    ([TWO, "hvad", "den anden"], A, "koerekort-mistet", "Bestil"),
    ([TWO, "hvad", "hvad"], R, None, "Skal jeg stille dig om?"),
    ([SURE, "tak", "hvad"], S, "smalltalk-gentag", "Jeg siger det igen. Meld det straks. Så spærres det. Er der"),
    ([NOISE, NOISE, "hvad"], S, "smalltalk-gentag", "Jeg siger det igen. Skal jeg stille dig om?"),
    ([PLAIN, "det forstod jeg ikke | smalltalk-gentag 0.9"], S, "smalltalk-gentag", "Jeg siger det igen. Anmeld"),
    ([PLAIN, NOISE, "hvad sagde du"], S, "smalltalk-gentag", "Jeg siger det igen. Anmeld rotterne."),
]
# fmt: on


@pytest.mark.parametrize(("lines", "kind", "id_", "reply"), CASES, ids=lambda value: str(value)[:60])
def test_conversation(lines: list[str], kind: Kind, id_: str | None, reply: str) -> None:
    _, decision = talk(*lines)
    assert (decision.kind, decision.answer) == (kind, id_)
    assert decision.reply.startswith(reply)


@pytest.mark.parametrize(
    ("lines", "then", "reason"),
    [
        ([PLAIN], "listen", ""),
        ([TWO], "listen", ""),
        (["#0"], "transfer", "asked"),
        (["medarbejder"], "transfer", "asked"),
        ([NOISE, NOISE, "ja"], "transfer", "asked"),
        ([NOISE, NOISE, NOISE], "transfer", "failures"),
        (["der er brand"], "transfer", "emergency"),
        (["jeg vil dø"], "transfer", "emergency"),
        ([PLAIN, "nej tak"], "hang_up", "goodbye"),
        (["…", "…"], "hang_up", "silence"),
    ],
)
def test_what_follows_and_why(lines: list[str], then: str, reason: str) -> None:
    _, decision = talk(*lines)
    assert (decision.then, decision.reason) == (then, reason)


def test_opening_greets_and_listens() -> None:
    state, decision = dialogue.opening(LIBRARY)
    assert state == State()
    assert decision.pieces == ("Velkommen til Prøveby.", "Jeg er en digital assistent.")
    assert (decision.kind, decision.then) == (Kind.SMALLTALK, "listen")


def test_options_are_told_in_the_order_of_their_digits() -> None:
    state, decision = talk(THREE)
    assert decision.options == state.options == ("pas-mistet", "pas-fornyelse", "pas-barn")
    assert decision.pieces == (
        "Handler det om at dit pas er mistet eller stjålet,",
        "at forny dit pas,",
        "eller pas til et barn?",
    )


def test_follow_up_choices_are_options() -> None:
    _, decision = talk(GENERAL)
    assert decision.options == ("pas-fornyelse", "pas-barn")


def test_confidence_is_the_candidate_s() -> None:
    assert talk(SURE)[1].confidence == 0.95
    assert talk(TWO)[1].confidence == 0.4
    assert talk("fodbold kamp i går | rotter 0.01")[1].confidence == 0.01
    assert talk(NOISE)[1].confidence == 0.0


def test_failures_are_forgotten_after_an_answer() -> None:
    state, _ = talk(NOISE, PLAIN)
    assert state.misses == 0
    assert state.question is Question.MORE


def test_human_and_emergency_need_no_answer_text() -> None:
    small = library(answer("rotter", "rotter", "Anmeld rotterne."))
    for text, kind in (("medarbejder", Kind.TRANSFER), ("der er brand", Kind.EMERGENCY)):
        _, decision = dialogue.decide(small, State(), Heard(text, 1.0, ()))
        assert (decision.kind, decision.pieces, decision.then) == (kind, ("Jeg stiller dig om.",), "transfer")


def test_json_has_the_keys_of_the_contract() -> None:
    _, decision = talk(TWO)
    said = dialogue.as_json(decision, (Candidate("pas-mistet", 0.41239), Candidate("koerekort-mistet", 0.35)))
    assert said == {
        "decision": "clarify",
        "answer": None,
        "confidence": 0.4,
        "options": ["pas-mistet", "koerekort-mistet"],
        "candidates": [
            {"answer": "pas-mistet", "confidence": 0.412},
            {"answer": "koerekort-mistet", "confidence": 0.35},
        ],
        "reply": "Handler det om at dit pas er mistet eller stjålet eller at dit kørekort er væk?",
    }


def test_standing_pieces_are_sentences_without_placeholders() -> None:
    standing = dialogue.standing_pieces(LIBRARY)
    assert "Jeg er en digital assistent." in standing
    assert {"Et øjeblik.", "Der gik noget galt.", "Læg på og ring 112 nu.", "Jeg venter."} <= set(standing)
    assert not any("{" in piece for piece in standing)
    assert len(standing) == len(set(standing))


def test_answer_pieces_hold_texts_follow_ups_and_offers() -> None:
    pieces = dialogue.answer_pieces(LIBRARY)
    assert {*sentences("Meld det straks. Så spærres det."), "Vil du høre prisen?"} <= set(pieces)
    assert {"Handler det om rotter,", "rotter,", "eller rotter?", "Handler det om rotter?"} <= set(pieces)
    assert not any("sige goddag" in piece for piece in pieces)
