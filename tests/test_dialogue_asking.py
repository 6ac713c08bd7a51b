"""Unit: the question back, authored for a subject or put together from offers, and the replies to it."""

from functools import partial
from pathlib import Path

import pytest

from tests import talking
from tests.made_library import answer, library
from tests.shipped import shipped
from tests.two_answers import MUNICIPALITY, found, two_answers, write
from voicebot import dialogue
from voicebot.answers import Choice, Difference, FollowUp, load_library
from voicebot.content import Content
from voicebot.dialogue import Heard, Kind, Question, State
from voicebot.dialogue.cues import unsure, words
from voicebot.matching import Matcher
from voicebot.speech_text import sentences

LIBRARY = library(
    answer("pas-voksen", "at forny dit pas", "Bestil en tid.", follow_up=FollowUp(
        "Er det til et barn?", (Choice("pas til et barn", ("ja",), "pas-barn"),)
    )),
    answer("pas-barn", "pas til et barn", "Begge forældre skriver under."),
    answer("pas-mistet", "et mistet pas", "Meld det straks."),
    answer("pas-pris", "prisen på et pas", "Et pas koster 900 kroner."),
    answer("rotter", "rotter", "Anmeld dem."),
    answer("smalltalk-hilsen", "at sige goddag", "Goddag.", area="samtale"),
    answer("udenfor-teknik", "computere", "Spørg en ven.", area="udenfor"),
    pas=Difference(
        "Er det til dig selv, til et barn, eller er det væk?",
        (
            Choice("at forny dit pas", ("til mig selv", "jeg har ingen computer"), "pas-voksen"),
            Choice("pas til et barn", ("til mit barn",), "pas-barn"),
            Choice("et mistet pas", ("det er stjålet",), "pas-mistet"),
        ),
        ("pas", "passet", "forsvundet pas"),
    ),
)  # fmt: skip
ASKED = "Er det til dig selv, til et barn, eller er det væk?"
A, C, R, S = Kind.ANSWER, Kind.CLARIFY, Kind.REJECT, Kind.SMALLTALK


talk = partial(talking.talk, LIBRARY)
BARE = "noget med mit pas | pas-pris 0.95"
NEAR = "et pas inden sommer | pas-voksen 0.4, pas-barn 0.3"
# fmt: off
CASES: list[tuple[list[str], Kind, str | None, str]] = [
    # only the subject is named, however sure the matching is
    ([BARE], C, None, ASKED),
    (["Hej, det er om passet | pas-pris 0.9"], C, None, ASKED),
    (["Der er nogen med mit pass. | pas-mistet 0.9"], C, None, ASKED),
    (["mit pas er forsvundet"], C, None, ASKED),
    (["hvad koster et pas | pas-pris 0.9"], A, "pas-pris", "Et pas koster"),
    (["forsvundet | rotter 0.9"], A, "rotter", "Anmeld"),
    (["det er noget med | rotter 0.9"], A, "rotter", "Anmeld"),
    (["rotter | rotter 0.9", "ja og så passet"], C, None, ASKED),
    # all the near answers are among its choices, or they are not
    ([NEAR], C, None, ASKED),
    (["x | pas-mistet 0.4, pas-barn 0.3, pas-voksen 0.3"], C, None, ASKED),
    (["x | pas-voksen 0.4, pas-pris 0.3"], C, None, "Handler det om at forny dit pas eller prisen på et pas?"),
    (["x | pas-voksen 0.4"], C, None, "Handler det om at forny dit pas?"),
    # the replies
    ([BARE, "til mig selv"], A, "pas-voksen", "Bestil en tid."),
    ([BARE, "den anden"], A, "pas-barn", "Begge"),
    ([BARE, "nummer tre"], A, "pas-mistet", "Meld"),
    ([BARE, "et barn"], A, "pas-barn", "Begge"),
    ([BARE, "De er blevet stjolet | rotter 0.99"], A, "pas-mistet", "Meld"),
    ([BARE, "mit barn har fået rotter | rotter 0.99"], A, "rotter", "Anmeld"),
    ([BARE, "det er ikke stjålet | rotter 0.99"], A, "rotter", "Anmeld"),
    ([BARE, "jeg har ingen computer | udenfor-teknik 0.95"], A, "pas-voksen", "Bestil"),
    ([BARE, "min er gammel | udenfor-teknik 0.95 | pas-voksen 0.9"], A, "pas-voksen", "Bestil"),
    ([BARE, "den er frosset fast igen | udenfor-teknik 0.95 | rotter 0.9"], R, None, "Spørg en ven."),
    ([BARE, "rotter i haven | rotter 0.9"], A, "rotter", "Anmeld"),
    ([BARE, "det er til en baby | | pas-barn 0.9"], A, "pas-barn", "Begge"),
    ([BARE, "ja | smalltalk-hilsen 0.9"], C, None, "Sig det første eller det andet. " + ASKED),
    ([BARE, "det ved jeg ikke || pas-voksen 0.95"], C, None, "Sig det første eller det andet. " + ASKED),
    ([BARE, "ved ikke", "det ved jeg ikke"], R, None, "Skal jeg stille dig om?"),
    ([BARE, "passet"], C, None, "Sig det første eller det andet. " + ASKED),
    ([BARE, "nej"], R, None, "Hvad vil du spørge om?"),
    ([BARE, "ingen af dem | rotter 0.2"], R, None, "Hvad vil du spørge om?"),
    ([BARE, "ingen af dem", "x | pas-voksen 0.4, pas-pris 0.3"], C, None, "Handler det om prisen på et pas?"),
    ([BARE, "ingen af dem", "mit pas | pas-pris 0.9"], A, "pas-pris", "Et pas koster"),
    # who has chosen is not asked about the others again
    (["forny pas | pas-voksen 0.9"], A, "pas-voksen", "Bestil en tid. Er det til et barn?"),
    ([BARE, "den første"], A, "pas-voksen", "Bestil en tid. Er der andet?"),
    (["forny pas | pas-voksen 0.9", "det ved jeg ikke"], S, None, "Er der andet?"),
]
# fmt: on


@pytest.mark.parametrize(("lines", "kind", "id_", "reply"), CASES, ids=lambda value: str(value)[:60])
def test_conversation(lines: list[str], kind: Kind, id_: str | None, reply: str) -> None:
    _, decision = talk(*lines)
    assert (decision.kind, decision.answer) == (kind, id_), decision.reply
    assert decision.reply.startswith(reply)


def test_an_authored_question_is_open_with_its_choices_and_ready_to_be_spoken() -> None:
    state, decision = talk(BARE)
    assert (state.question, state.said) == (Question.WHICH, "noget med mit pas")
    assert decision.options == state.options == ("pas-voksen", "pas-barn", "pas-mistet")
    assert set(decision.pieces) <= set(dialogue.answer_pieces(LIBRARY))


@pytest.mark.parametrize(
    "text", ["ved ikke", "Det ved jeg ikke.", "øh jeg ved det ikke", "jeg er i tvivl", "det er jeg ikke helt sikker på"]
)
def test_not_knowing(text: str) -> None:
    assert unsure(text)


@pytest.mark.parametrize("text", ["jeg ved ikke hvor mit pas er", "jeg kan ikke huske koden", "ikke det", "nej"])
def test_no_not_knowing(text: str) -> None:
    assert not unsure(text)


@pytest.mark.parametrize("municipality", ["roskilde", "havnsoe"])
def test_every_question_of_the_repository_can_be_answered(municipality: str) -> None:
    own = shipped(municipality)
    for name, difference in own.differences.items():
        heard = Heard(difference.said[0] if difference.said else name, 1.0, ())
        _, decision = dialogue.decide(own, State(), heard)
        assert not difference.said or decision.pieces == sentences(difference.ask), name
        asked = State(question=Question.WHICH, choices=difference.choices, asking=sentences(difference.ask))
        for choice in difference.choices:
            for text in choice.examples:
                _, decision = dialogue.decide(own, asked, Heard(text, 1.0, ()))
                assert decision.answer == choice.to, (name, text)
            assert len(words(choice.offer)) <= 8, choice.offer


def test_faults_in_questions_are_named_with_their_lines(tmp_path: Path) -> None:
    bad = """pas:
  said: [pas, Pas!]
  ask: Se www.pas.dk?
  choices:
    - offer: pas
      examples: [ja, Ja.]
      to: pas-findes-ikke
"""
    write(two_answers(tmp_path), "municipalities/lilleby/questions.yaml", bad)
    faults = [(line, message) for file, line, message in found(tmp_path) if file.endswith("questions.yaml")]
    said = [
        "står allerede i linje 2",
        "en webadresse ville blive læst op",
        "intet at vælge",
        "allerede i linje 6",
        "ikke er et svar",
    ]
    assert [line for line, _ in faults] == [2, 3, 4, 6, 7]
    assert all(part in message for part, (_, message) in zip(said, faults, strict=True))


def test_a_municipality_asks_its_own_question_instead(tmp_path: Path) -> None:
    def asking(subject: str, ask: str) -> str:
        choices = "".join(
            f"    - {{offer: {id_}, examples: [{id_}], to: {id_}}}\n" for id_ in ("pas-barn", "pas-mistet")
        )
        return f"{subject}:\n  ask: {ask}\n  choices:\n{choices}"

    write(two_answers(tmp_path), "common/questions.yaml", asking("pas", "Hvilket pas?") + asking("foto", "Hvis foto?"))
    write(tmp_path, "municipalities/lilleby/questions.yaml", asking("pas", "Hvad med passet?"))
    write(tmp_path, "municipalities/storby/municipality.yaml", MUNICIPALITY.replace("lilleby", "storby"))
    its, others = (load_library(tmp_path, municipality).differences for municipality in ("lilleby", "storby"))
    assert its["pas"].ask == "Hvad med passet?"
    assert others["pas"].ask == "Hvilket pas?"
    assert its["foto"] == others["foto"]


@pytest.fixture(scope="module")
def vague(real_matcher: Matcher) -> Content:
    """The shipped answers with the real matcher."""
    return Content(shipped(), real_matcher)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lines", "ids"),
    [
        (["det er noget med mit pas", "det er til min datter", "og hvad koster det?"], ["pas-barn", "pas-pris-foto"]),
        (["MitID", "den anden", "tak"], ["mitid-glemt-kode"]),
        (["jeg skal flytte", "til Sverige", "hvornår skal det være gjort"], ["flytning-udland", "flytning-udland"]),
        (["affald", "ved ikke", "de har ikke hentet det"], ["affald-ikke-toemt"]),
        (["børnehave", "ingen af dem", "hvornår tømmer I min skraldespand"], ["affald-toemmedag"]),
    ],
)
def test_a_vague_caller_reaches_the_answer(lines: list[str], ids: list[str], vague: Content) -> None:
    state, _ = dialogue.opening(vague.library)
    replies = []
    for line in lines:
        state, decision = dialogue.decide(vague.library, state, vague.heard(line, 0.9, state))
        replies.append(decision)
    assert replies[0].kind is Kind.CLARIFY
    assert [reply.answer for reply in replies if reply.kind is Kind.ANSWER] == ids
