"""Unit: what is understood in the light of what was said before: sides of the last answer, and words that settle it."""

from functools import partial

import pytest

from tests import talking
from tests.made_library import answer, library
from tests.talking import sayings
from voicebot import dialogue
from voicebot.answers import Choice, FollowUp
from voicebot.content import Content
from voicebot.dialogue import Heard, Kind, Question, State, in_light
from voicebot.dialogue.facets import Facet, asked, leans, told
from voicebot.matching import Candidate

PRICE = FollowUp(
    "Vil du også høre om prisen, eller er det til et barn?",
    (
        Choice("prisen", ("hvad koster det",), "pas-pris"),
        Choice("pas til et barn", ("til mit barn",), "pas-barn"),
    ),
)
WHO = FollowUp(
    "Er det dig, der skal have pas, eller et barn?",
    (Choice("pas til dig", ("mig",), "pas-voksen"), Choice("pas til et barn", ("mit barn",), "pas-barn")),
)
PAS = "Bestil en tid i Borgerservice. Tag dit gamle pas med. Det tager to uger. Ellers koster det det dobbelte."
FLYT = "Du kan gøre det på borger.dk. Det skal ske senest fem dage efter. Det er gratis. Børn under 15 følger med."
LIBRARY = library(
    answer("pas-forny", "at forny dit pas", PAS, area="pas", follow_up=PRICE),
    answer("pas-pris", "hvad et pas koster", "Et pas koster 893 kroner.", area="pas"),
    answer("pas-voksen", "pas til en voksen", "Mød op.", area="pas"),
    answer("pas-barn", "pas til et barn", "Begge forældre skriver under.", area="pas"),
    answer("pas-alt", "pas", "Pas laves i Borgerservice.", area="pas", follow_up=WHO),
    answer("flyt", "at melde flytning", FLYT, area="flytning"),
    answer("flyt-ud", "at flytte til udlandet", "Meld det inden du rejser.", area="flytning"),
    answer("rotter", "rotter", "Anmeld dem straks.", area="bolig"),
    answer("udenfor-vejr", "vejret", "Vejret kender jeg ikke.", area="udenfor"),
    answer("udenfor-tog", "toget", "Spørg DSB.", area="udenfor"),
    answer("udenfor-persondata", "en anden persons forhold", "Det må jeg ikke sige.", area="afvis"),
    answer("smalltalk-gentag", "at høre det igen", "Jeg siger det igen.", area="samtale"),
    answer("tal-med-medarbejder", "en medarbejder", "Ja.", area="kommune"),
)
A, C, R, S = Kind.ANSWER, Kind.CLARIFY, Kind.REJECT, Kind.SMALLTALK


talk = partial(talking.talk, LIBRARY)
PASSPORT = "mit pas | pas-forny 0.95"
MOVE = "vi flytter | flyt 0.95"
RATS = "rotter i haven | rotter 0.95"
VAGUE = "noget med pas | pas-forny 0.4, pas-pris 0.35"
WEATHER = "bliver det regn i morgen | udenfor-vejr 0.95"
# fmt: off
CASES: list[tuple[list[str], Kind, str | None, str]] = [
    # one side of the last answer: an answer of its own
    ([PASSPORT, "og hvad koster det?"], A, "pas-pris", "Et pas koster 893 kroner."),
    ([PASSPORT, "hvor meget koster sådan et egentlig"], A, "pas-pris", "Et pas koster 893 kroner."),
    ([PASSPORT, "gælder det også mit barn?"], A, "pas-barn", "Begge forældre"),
    (["pas | pas-voksen 0.95", "hvad koster det | rotter 0.1 | pas-voksen 0.5, pas-pris 0.3"], A, "pas-pris", "Et pas"),
    (["pas | pas-voksen 0.95", "og til min datter? || pas-voksen 0.5, pas-barn 0.2"], A, "pas-barn", "Begge"),
    # its own sentences
    ([PASSPORT, "hvor længe tager det?"], A, "pas-forny", "Det tager to uger. Er der andet?"),
    ([PASSPORT, "hvad skal jeg have med?"], A, "pas-forny", "Tag dit gamle pas med. Er der andet?"),
    ([PASSPORT, "hvor skal jeg gå hen?"], A, "pas-forny", "Bestil en tid i Borgerservice. Er der andet?"),
    ([MOVE, "og hvad koster det?"], A, "flyt", "Det er gratis. Er der andet?"),
    ([MOVE, "kan jeg gøre det på nettet?"], A, "flyt", "Du kan gøre det på borger.dk. Er der andet?"),
    ([MOVE, "hvornår skal det være gjort"], A, "flyt", "Det skal ske senest fem dage efter."),
    ([MOVE, "hvad med mine børn"], A, "flyt", "Børn under 15 følger med."),
    ([MOVE, "hvad koster det at melde flytning | flyt 0.5"], A, "flyt", "Det er gratis."),
    # a second one, and one after an answer of its own
    ([PASSPORT, "hvad skal jeg have med", "og hvor længe tager det"], A, "pas-forny", "Det tager to uger."),
    ([PASSPORT, "hvad koster det", "og hvad skal jeg have med"], A, "pas-forny", "Tag dit gamle pas med."),
    ([MOVE, "hvad koster det", "gentag"], S, "smalltalk-gentag", "Jeg siger det igen. Det er gratis."),
    ([MOVE, "ja", "hvad koster det"], A, "flyt", "Det er gratis."),
    # nobody knows
    ([RATS, "hvad koster det"], R, None, "Det siger svaret ikke. Skal jeg stille dig om?"),
    ([RATS, "hvad koster det", "ja"], Kind.TRANSFER, "tal-med-medarbejder", "Jeg stiller dig om."),
    ([RATS, "hvad koster det", "nej"], S, None, "Er der andet?"),
    ([RATS, "hvad koster det", "nej", "tak"], S, None, "Farvel."),
    ([RATS, "hvad koster det", "hvad koster det", "hvad koster det"], Kind.TRANSFER, None, "Jeg stiller dig om."),
    ([RATS, "og hvem betaler for skaden | rotter 0.4"], R, None, "Det siger svaret ikke. Skal jeg stille dig om?"),
    ([RATS, "noget om dem | rotter 0.4, flyt 0.3"], C, None, "Handler det om rotter eller at melde flytning?"),
    # a side of the topic just proposed accepts it
    (["noget | rotter 0.4", "hvad koster det"], A, "rotter", "Anmeld dem straks."),
    # own topics, and no topic yet
    ([PASSPORT, "hvad koster det at have rotter | rotter 0.9 | pas-forny 0.9"], A, "rotter", "Anmeld"),
    ([PASSPORT, "hvad koster et sommerhus | rotter 0.5 | pas-forny 0.9"], C, None, "Handler det om rotter?"),
    (["hvad koster det | pas-pris 0.2"], C, None, "Handler det om hvad et pas koster?"),
    ([VAGUE, "hvad koster det | pas-pris 0.3 | pas-pris 0.5"], A, "pas-pris", "Et pas koster"),
    # in the light of the last answer, when it leans on it and lies near
    ([MOVE, "og til Spanien? | rotter 0.1 | flyt-ud 0.9, flyt 0.2"], A, "flyt-ud", "Meld det inden"),
    ([MOVE, "min kat er syg i dag || flyt-ud 0.9"], R, None, "Det kan jeg ikke svare på."),
    ([MOVE, "og min kat er syg i dag || rotter 0.9"], R, None, "Det kan jeg ikke svare på."),
    ([MOVE, "og dem i kælderen | rotter 0.3 | rotter 0.9"], A, "rotter", "Anmeld"),
    ([MOVE, "og så videre igen da | rotter 0.01 | flyt 0.95"], R, None, "Det siger svaret ikke."),
    # more words settle the question asked back
    ([VAGUE, "det udløber i maj || pas-forny 0.9, pas-pris 0.1"], A, "pas-forny", "Bestil en tid"),
    ([VAGUE, "noget med pas || pas-forny 0.9, pas-pris 0.1"], C, None, "Sig det første eller det andet."),
    ([VAGUE, "det udløber i maj || pas-forny 0.6, pas-pris 0.5"], C, None, "Sig det første eller det andet."),
    # nobody's business here
    ([WEATHER], R, None, "Vejret kender jeg ikke. Jeg kan hjælpe med pas."),
    (["rotter i toget | udenfor-tog 0.85, rotter 0.15"], R, None, "Spørg DSB. Jeg kan hjælpe med rotter."),
    (["x | udenfor-tog 0.85, rotter 0.15, flyt 0.12, pas-alt 0.11"], R, None,
     "Spørg DSB. Jeg kan hjælpe med rotter. Eller med at melde flytning."),
    (["en dag med toget | udenfor-tog 0.5, udenfor-vejr 0.45"], R, None, "Det kan jeg ikke svare på. Jeg kan hjælpe"),
    (["noget med toget | udenfor-tog 0.5, rotter 0.3"], C, None, "Handler det om rotter?"),
    ([WEATHER, RATS], A, "rotter", "Anmeld"),
    ([WEATHER, "gentag"], S, "smalltalk-gentag", "Jeg siger det igen. Vejret kender jeg ikke."),
    ([WEATHER, WEATHER, WEATHER], R, None, "Skal jeg stille dig om?"),
    ([PASSPORT, WEATHER, "hvad koster det at vide | rotter 0.01"], R, None, "Det kan jeg ikke svare på."),
    # somebody else's data, in any state
    (["hvor bor min nabo"], R, "udenfor-persondata", "Det må jeg ikke sige."),
    ([VAGUE, "kan du slå en person op"], R, "udenfor-persondata", "Det må jeg ikke sige."),
    ([PASSPORT, "hvad er min nabos adresse"], R, "udenfor-persondata", "Det må jeg ikke sige."),
    # again, and again in short, and slower
    ([PASSPORT, "gentag"], S, "smalltalk-gentag", "Jeg siger det igen. Bestil en tid i Borgerservice. Tag dit"),
    ([PASSPORT, "gentag", "en gang til"], S, "smalltalk-gentag",
     "Det vigtigste er dette. Bestil en tid i Borgerservice. Tag dit gamle pas med."),
    ([PASSPORT, "gentag", "en gang til", "til mit barn"], A, "pas-barn", "Begge"),
    ([PASSPORT, "gentag", "en gang til", "gentag"], R, None, "Skal jeg stille dig om?"),
    ([PASSPORT, "bare det vigtigste"], S, "smalltalk-gentag", "Det vigtigste er dette. Bestil en tid"),
    ([PASSPORT, "kan du sige det lidt langsommere"], S, "smalltalk-gentag", "Nu langsommere. Bestil en tid"),
    ([RATS, "kortere"], S, "smalltalk-gentag", "Jeg siger det igen. Anmeld dem straks."),
]
# fmt: on


@pytest.mark.parametrize(("lines", "kind", "id_", "reply"), CASES, ids=lambda value: str(value)[:60])
def test_conversation(lines: list[str], kind: Kind, id_: str | None, reply: str) -> None:
    _, decision = talk(*lines)
    assert (decision.kind, decision.answer) == (kind, id_), decision.reply
    assert decision.reply.startswith(reply)


def test_whoever_wants_it_slower_hears_the_rest_of_the_call_slower() -> None:
    assert not talk(PASSPORT)[1].slow
    assert talk(PASSPORT, "langsommere")[1].slow
    assert talk(PASSPORT, "langsommere", RATS)[1].slow
    assert talk(PASSPORT, "du taler for hurtigt", WEATHER)[1].slow


def test_only_approved_sentences_are_said() -> None:
    ready = {*dialogue.standing_pieces(LIBRARY), *dialogue.answer_pieces(LIBRARY)}
    for lines, *_ in CASES:
        assert set(talk(*lines)[1].pieces) <= ready


def test_what_is_nobody_s_is_made_ready_without_offers() -> None:
    pieces = dialogue.answer_pieces(LIBRARY)
    assert "Vejret kender jeg ikke." in pieces
    assert not any("vejret" in piece for piece in pieces)
    assert {"Jeg kan hjælpe med rotter.", "Eller med rotter.", "Handler det om rotter"} <= set(pieces)


def test_the_topic_stays_through_small_talk_and_goes_with_the_next_answer() -> None:
    assert talk(PASSPORT)[0].topic == "pas-forny"
    assert talk(PASSPORT, "tak")[0].topic == "pas-forny"
    assert talk(PASSPORT, "og hvad koster det")[0].topic == "pas-forny"
    assert talk(PASSPORT, "gælder det også mit barn")[0].topic == "pas-barn"
    assert talk(PASSPORT, RATS)[0].topic == "rotter"
    assert talk(PASSPORT, WEATHER)[0].topic is None


FACETS = {
    Facet.PRICE: """og hvad koster det|hvad koster det egentlig|koster det noget|er det gratis|hvad er prisen
        er det dyrt
        hvor meget skal jeg betale|hvor mange penge koster det|er der et gebyr
        skal jeg betale noget for det|og prisen""",
    Facet.TIME: """hvor længe tager det|hvor lang tid tager det|hvornår får jeg det
        hvor lang er ventetiden|hvor mange dage går der|tager det lang tid|er der en frist
        hvornår er det klar|og hvor hurtigt går det""",
    Facet.BRING: """hvad skal jeg have med|skal jeg tage noget med|hvad skal jeg medbringe|skal jeg have papirer med
        skal jeg have legitimation med|hvad skal jeg bruge|hvilke papirer skal jeg have med""",
    Facet.WHERE: """hvor skal jeg hen|hvor skal jeg gå hen|hvor gør jeg det|hvor ligger det|hvem skal jeg ringe til
        hvor er det henne|hvad er adressen|hvor henvender jeg mig|skal jeg møde op""",
    Facet.ONLINE: """kan jeg gøre det på nettet|kan det gøres online|kan jeg gøre det hjemmefra
        kan man gøre det digitalt|kan jeg gøre det på computeren|går det over nettet""",
    Facet.CHILD: """gælder det også mit barn|hvad med mine børn|er det det samme for børn|og til min datter
        gælder det også for min søn|hvad med barnet""",
}


@pytest.mark.parametrize(
    ("facet", "text"), [(facet, text) for facet, lines in FACETS.items() for text in sayings(lines)]
)
def test_a_side_of_the_topic_is_asked(facet: Facet, text: str) -> None:
    assert asked(text, LIBRARY.answers["rotter"]) is facet


@pytest.mark.parametrize(
    "text",
    sayings(
        """hvad koster et kørekort|hvornår har genbrugspladsen åbent|hvor afleverer jeg en sofa|mit barn skal i skole
        hvor kan jeg låne bøger|skal jeg betale skat af min pension|hvor lang tid tager byggetilladelsen|tak|nej
        jeg vil melde min søn ud af børnehaven|kan jeg søge boligstøtte på nettet|hvad skal jeg med et pas"""
    ),
)
def test_what_names_its_own_topic_is_no_side_of_another(text: str) -> None:
    assert asked(text, LIBRARY.answers["rotter"]) is None


def test_the_topic_may_be_named() -> None:
    assert asked("hvad koster det med rotter", LIBRARY.answers["rotter"]) is Facet.PRICE


def test_told_keeps_the_order_and_finds_nothing_where_nothing_is() -> None:
    assert told(Facet.PRICE, LIBRARY.answers["flyt"]) == ("Det er gratis.",)
    assert told(Facet.PRICE, LIBRARY.answers["rotter"]) == ()


def test_leaning() -> None:
    assert all(leans(text) for text in ("og i udlandet", "hvad med min mand", "kan jeg sende det", "men når"))
    assert not any(leans(text) for text in ("rotter i kælderen", "mit pas er væk"))


def test_short_utterances_are_read_in_the_light_of_the_topic_or_of_the_question() -> None:
    assert in_light(LIBRARY, State(), "og hvad koster det") == ""
    assert in_light(LIBRARY, State(topic="rotter"), "og hvad koster det") == "rotter: og hvad koster det"
    asking = State(topic="rotter", question=Question.WHICH, said="noget med pas")
    assert in_light(LIBRARY, asking, "det er udløbet") == "noget med pas: det er udløbet"
    assert in_light(LIBRARY, State(topic="rotter"), "ord " * 9) == ""
    assert in_light(LIBRARY, State(topic="rotter"), "") == ""


class Echo:
    """A matcher that finds what it was asked."""

    def match(self, text: str) -> tuple[Candidate, ...]:
        return (Candidate(text, 1.0),)


def test_content_matches_an_utterance_alone_and_in_its_light() -> None:
    content = Content(LIBRARY, Echo())  # type: ignore[arg-type]
    heard = content.heard("hvor længe", 0.7, State(topic="rotter"))
    assert heard == Heard("hvor længe", 0.7, (Candidate("hvor længe", 1.0),), (Candidate("rotter: hvor længe", 1.0),))
    assert content.heard("hvor længe", 0.7, State()).in_light == ()
    assert content.heard("", 0.0, State(topic="rotter")) == Heard("", 0.0, ())
