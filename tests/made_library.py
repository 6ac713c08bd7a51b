"""A small library made by hand, so that dialogue and matching are tested on texts that no editor changes."""

from datetime import date

from voicebot.answers import Answer, Choice, Difference, FollowUp, Library, Municipality, Phrases

PHRASES = Phrases(
    greeting="Velkommen til Prøveby. Jeg er en digital assistent.",
    busy="Velkommen til Prøveby. Jeg er en digital assistent. Mange ringer lige nu, så jeg stiller dig om.",
    filler="Et øjeblik.",
    still_working="Jeg er stadig i gang.",
    not_understood="Det forstod jeg ikke. Sig det med andre ord.",
    offer_human="Skal jeg stille dig om?",
    clarify_one="Handler det om {offer}?",
    clarify_either="Handler det om {offer}",
    clarify_first="Handler det om {offer},",
    clarify_next="{offer},",
    clarify_last="eller {offer}?",
    which_one="Sig det første eller det andet.",
    anything_else="Er der andet?",
    go_on="Hvad vil du spørge om?",
    transfer="Jeg stiller dig om.",
    still_there="Er du der stadig?",
    goodbye="Farvel.",
    goodbye_silence="Jeg lægger på nu. Farvel.",
    out_of_scope="Det kan jeg ikke svare på.",
    can_help="Jeg kan hjælpe med pas.",
    near_first="Jeg kan hjælpe med {offer}.",
    near_more="Eller med {offer}.",
    not_in_answer="Det siger svaret ikke. Skal jeg stille dig om?",
    slower="Nu langsommere.",
    shorter="Det vigtigste er dette.",
    fault="Der gik noget galt.",
    repeat_nothing="Jeg har ikke sagt noget endnu.",
    too_long="Sig det i en kort sætning.",
)


def answer(
    id_: str, offer: str, text: str, *examples: str, area: str = "prøve", follow_up: FollowUp | None = None
) -> Answer:
    return Answer(
        id=id_,
        title=id_.replace("-", " "),
        offer=offer,
        examples=examples or (f"noget med {offer}",),
        text=text,
        area=area,
        follow_up=follow_up,
        source="https://example.org",
        reviewed=date(2026, 11, 20),
    )


def library(*answers: Answer, phrases: Phrases = PHRASES, **differences: Difference) -> Library:
    municipality = Municipality("proeveby", "Prøveby Kommune", (), "+4511111111", {})
    return Library(municipality, {a.id: a for a in answers}, phrases, differences)


FOR_WHOM = FollowUp(
    "Er det til dig selv eller til et barn?",
    (
        Choice("pas til dig selv", ("til mig selv", "det er til mig"), "pas-fornyelse"),
        Choice("pas til et barn", ("til mit barn", "det er til min datter"), "pas-barn"),
    ),
)
PRICE = FollowUp("Vil du høre prisen?", (Choice("prisen", ("ja", "ja tak", "hvad koster det"), "pas-pris"),))

LIBRARY = library(
    answer("pas-mistet", "at dit pas er mistet eller stjålet", "Meld det straks. Så spærres det.", follow_up=PRICE),
    answer("pas-fornyelse", "at forny dit pas", "Bestil en tid."),
    answer("pas-barn", "pas til et barn", "Begge forældre skriver under."),
    answer("pas-pris", "hvad et pas koster", "Et pas koster 893 kr."),
    answer("pas-generelt", "pas", "Pas laves i Borgerservice.", follow_up=FOR_WHOM),
    answer("koerekort-mistet", "at dit kørekort er væk", "Bestil et nyt kørekort."),
    answer("rotter", "rotter", "Anmeld rotterne."),
    answer("tal-med-medarbejder", "at tale med en medarbejder", "Ja, det kan du.", area="kommune"),
    answer("noed-112", "en ulykke", "Læg på og ring 112 nu.", area="noed"),
    answer("noed-livskrise", "at du har det svært", "Du er ikke alene.", area="noed"),
    answer("udenfor-persondata", "en anden persons forhold", "Det må jeg ikke sige.", area="afvis"),
    answer("smalltalk-hilsen", "at sige goddag", "Goddag.", area="samtale"),
    answer("smalltalk-er-du-robot", "om jeg er en robot", "Ja, jeg er en maskine.", area="samtale"),
    answer("smalltalk-gentag", "at høre det igen", "Jeg siger det igen.", area="samtale"),
    answer("smalltalk-vent", "at vente", "Jeg venter.", area="samtale"),
    answer("smalltalk-tak-farvel", "at sige farvel", "Selv tak.", area="samtale"),
)
