"""Danish text made speakable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shipped import shipped
from voicebot.speech_text import clauses, sentences, speakable, spoken_words, word_errors


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("", ()),
        ("  \n ", ()),
        ("Et øjeblik.", ("Et øjeblik.",)),
        ("Vi åbner kl. 9.30. Vi lukker kl. 14.", ("Vi åbner kl. 9.30.", "Vi lukker kl. 14.")),
        ("Du skal bruge f.eks. dit pas.", ("Du skal bruge f.eks. dit pas.",)),
        ("Det er d. 12. maj 2026. Husk det!", ("Det er d. 12. maj 2026.", "Husk det!")),
        ("Ring 46 31 30 00. Så hjælper vi.", ("Ring 46 31 30 00.", "Så hjælper vi.")),
        ("Det koster 893 kr. Du betaler med kort.", ("Det koster 893 kr.", "Du betaler med kort.")),
        ("Det koster 893 kr. for voksne.", ("Det koster 893 kr. for voksne.",)),
        ("Tag papirer mv. med. Og pas osv. Så går det.", ("Tag papirer mv. med.", "Og pas osv.", "Så går det.")),
        ("Hvad? Ja! Nå … Godt.", ("Hvad?", "Ja!", "Nå …", "Godt.")),
        (
            "Det tager ca. 3 uger, dvs. længe. Jf. § 5, stk. 2. Slut",
            ("Det tager ca. 3 uger, dvs. længe.", "Jf. § 5, stk. 2.", "Slut"),
        ),
        ("Første linje\nfortsætter.\n\nNyt afsnit", ("Første linje fortsætter.", "Nyt afsnit")),
        ("Gå ind på borger.dk. Vælg pas.", ("Gå ind på borger.dk.", "Vælg pas.")),
        ('Sig "pas." Så hjælper vi.', ('Sig "pas."', "Så hjælper vi.")),
        ("I må gerne. I Roskilde bor H. C. Andersen.", ("I må gerne.", "I Roskilde bor H. C. Andersen.")),
        ("Vi bor på 2. sal. Kom op.", ("Vi bor på 2. sal.", "Kom op.")),
    ],
)
def test_sentences(text: str, pieces: tuple[str, ...]) -> None:
    assert sentences(text) == pieces


@pytest.mark.parametrize(
    "pieces",
    [
        ("Bestil tid i Borgerservice på 46 31 30 00,", "og tag kørekort, pas og foto med."),
        (
            "Har du et varigt handicap her,",
            "og kan du ikke klare din hverdag uden bil,",
            "kan du søge kommunen om det.",
        ),
        ("Har du flere børn i pasning,", "får du helt automatisk søskenderabat:", "fuld pris for den dyreste plads."),
        ("Du søger det selv på borger.dk;", "papirerne sender du selv med."),
        ("Vi har åbent alle hverdage –", "det er fra kl. 9 – 15 –", "men torsdag har vi længe åbent."),
        ("Kom bare.", "Du kan få gratis dansk på skolen,", "når du har fået din adresse her."),
    ],
)
def test_long_sentences_are_cut_where_a_speaker_pauses(pieces: tuple[str, ...]) -> None:
    assert clauses(" ".join(pieces)) == pieces


@pytest.mark.parametrize(
    "text",
    [
        "Ring i dag, og sig til.",
        "Du klager på roskilde.dk, så ring bare til mig.",
        "Jeg kan for eksempel hjælpe dig med alt det her, så ring.",
        "Vi har åbent mandag til torsdag alle uger fra kl. 10, 12 og 14 om eftermiddagen.",
        "Det koster i øjeblikket 1.250,50 kr. om måneden for en plads i den her by.",
        "Du finder Borgerservice på Rådhusbuen 1, 4000 Roskilde, lige ved siden af stationen.",
        "Du skal huske at tage dit gamle pas, billede, sygesikringskort og penge med til mødet.",
        "Det er hos de mennesker, der kender dig, at du kan få at vide, hvem du skal tale med.",
        "Har du fået en ny telefon, eller har du glemt koden, så du ikke kan komme ind?",
    ],
)
def test_no_clause_is_chopped_off(text: str) -> None:
    assert clauses(text) == (text,)


@pytest.mark.parametrize("municipality", ["roskilde", "havnsoe"])
def test_answers_are_the_same_words_in_clauses(municipality: str) -> None:
    cut = 0
    for answer in shipped(municipality).answers.values():
        pieces = clauses(answer.text)
        assert " ".join(pieces) == " ".join(answer.text.split())
        assert " ".join(map(speakable, pieces)) == speakable(answer.text)
        assert max(len(piece.split()) for piece in pieces) < 30
        cut += len(pieces) - len(sentences(answer.text))
    assert cut > 300


SPOKEN = [
    ("kl. 9.30", "klokken halv ti"),
    ("kl. 9", "klokken ni"),
    ("Kl. 9.00", "Klokken ni"),
    ("kl. 9.15", "klokken kvart over ni"),
    ("kl. 9.45", "klokken kvart i ti"),
    ("kl. 12.30", "klokken halv et"),
    ("kl. 1", "klokken et"),
    ("kl. 15.30", "klokken femten tredive"),
    ("kl. 9.05", "klokken ni nul fem"),
    ("kl. 23:59", "klokken treogtyve nioghalvtreds"),
    ("kl. 10-14", "klokken ti til fjorten"),
    ("kl. 9.30-15.30", "klokken ni tredive til femten tredive"),
    ("kl. 8.30 – 12", "klokken halv ni til tolv"),
    ("Vi åbner kl. 10. Vi lukker kl. 14.", "Vi åbner klokken ti. Vi lukker klokken fjorten."),
    ("mellem kl. 10 og 14", "mellem klokken ti og fjorten"),
    ("10.00-17.00", "ti til sytten"),
    ("man.-ons. kl. 10-14, tors. kl. 10-17", "mandag til onsdag klokken ti til fjorten, torsdag klokken ti til sytten"),
    ("man-fre 8.00-15.00", "mandag til fredag otte til femten"),
    ("Hvad kan man. Intet.", "Hvad kan man. Intet."),
    ("12.-14. maj", "tolvte til fjortende maj"),
    ("3. maj 2026", "tredje maj to tusind og seksogtyve"),
    ("den 3. maj", "den tredje maj"),
    ("d. 1. januar", "den første januar"),
    ("d. 3/5", "den tredje maj"),
    ("31. dec. 1998", "enogtredivte december nitten hundrede og otteoghalvfems"),
    ("03.05.2026", "tredje maj to tusind og seksogtyve"),
    ("2026-11-20", "tyvende november to tusind og seksogtyve"),
    ("senest den 1. i måneden", "senest den første i måneden"),
    ("Fristen er den 15.", "Fristen er den femtende."),
    ("født i 1958", "født i nitten hundrede og otteoghalvtreds"),
    ("før 2013", "før to tusind og tretten"),
    ("2025-2026", "to tusind og femogtyve til to tusind og seksogtyve"),
    ("46 31 30 00", "seksogfyrre enogtredive tredive nul nul"),
    ("Ring på 46313000.", "Ring på seksogfyrre enogtredive tredive nul nul."),
    ("tlf. 4631 3000", "telefon seksogfyrre enogtredive tredive nul nul"),
    ("+45 70 20 12 01", "plus femogfyrre halvfjerds tyve tolv nul et"),
    ("70 201 201", "halvfjerds tyve tolv nul et"),
    ("Ring 112", "Ring et et to"),
    ("Ring 112 med det samme", "Ring et et to med det samme"),
    ("kl.10 eller kl 11", "klokken ti eller klokken elleve"),
    ("Tlf.tid: mandag-fredag", "Telefontid: mandag til fredag"),
    ("juni-august", "juni til august"),
    ("CO2", "c o to"),
    ("Ring 1888.", "Ring atten otteogfirs."),
    ("Er du yngre, er den 67 år.", "Er du yngre, er den syvogtres år."),
    ("112 kr.", "hundrede og tolv kroner"),
    ("ring 114", "ring et et fire"),
    ("Akuttelefonen 1813", "Akuttelefonen atten tretten"),
    ("BørneTelefonen på 116 111", "børne telefonen på et et seks et et et"),
    ("1.250 kr.", "tusind to hundrede og halvtreds kroner"),
    ("893 kr.", "otte hundrede og treoghalvfems kroner"),
    ("Det koster 893 kr. for voksne.", "Det koster otte hundrede og treoghalvfems kroner for voksne."),
    ("Det koster 893 kr. Tag dem med.", "Det koster otte hundrede og treoghalvfems kroner. Tag dem med."),
    ("12,50 kr.", "tolv kroner og halvtreds øre"),
    ("12,00 kr.", "tolv kroner"),
    ("893,- for et pas", "otte hundrede og treoghalvfems kroner for et pas"),
    ("kr. 178", "hundrede og otteoghalvfjerds kroner"),
    ("1 kr.", "en krone"),
    ("100-200 kr.", "hundrede til to hundrede kroner"),
    ("2,5 mio. kr.", "to komma fem millioner kroner"),
    ("1 mio. kr.", "en million kroner"),
    ("Det koster 893 kr.", "Det koster otte hundrede og treoghalvfems kroner."),
    ("3.000 kr./md. i leje", "tre tusind kroner per måned i leje"),
    ("25 %", "femogtyve procent"),
    ("25%", "femogtyve procent"),
    ("2,5 pct. af beløbet", "to komma fem procent af beløbet"),
    ("§ 5", "paragraf fem"),
    ("§ 5, stk. 2", "paragraf fem, stykke to"),
    ("§§ 5-7", "paragraf fem til syv"),
    ("3 stk. papir", "tre styk papir"),
    ("fx pas", "for eksempel pas"),
    ("f.eks. pas", "for eksempel pas"),
    ("F.eks. pas", "For eksempel pas"),
    ("bl.a. pas", "blandt andet pas"),
    ("dvs. i dag", "det vil sige i dag"),
    ("pas mv.", "pas med videre"),
    ("pas osv. i dag", "pas og så videre i dag"),
    ("ca. 3 uger", "cirka tre uger"),
    ("inkl. foto, evt. kort", "inklusive foto, eventuelt kort"),
    ("nr. 2", "nummer to"),
    ("pga. sne", "på grund af sne"),
    ("pr. måned", "per måned"),
    ("80 m²", "firs kvadratmeter"),
    ("80 m2", "firs kvadratmeter"),
    ("50 km/t", "halvtreds kilometer i timen"),
    ("5 km", "fem kilometer"),
    ("30 min.", "tredive minutter"),
    ("borger.dk", "borger punktum d k"),
    ("Gå ind på www.roskilde.dk/pas.", "Gå ind på roskilde punktum d k skråstreg pas."),
    ("https://life-in.dk", "life bindestreg in punktum d k"),
    ("kommunen@roskilde.dk", "kommunen snabel-a roskilde punktum d k"),
    ("MitID", "mit i d"),
    ("NemKonto", "nem konto"),
    ("CPR-nummer", "c p r-nummer"),
    ("cpr-nummer", "c p r-nummer"),
    ("EU", "e u"),
    ("it-hjælp", "i t-hjælp"),
    ("SFO'en", "s f o'en"),
    ("SU", "s u"),
    ("en sms", "en s m s"),
    ("GPS", "g p s"),
    ("A4", "a fire"),
    ("24/7", "fireogtyve syv"),
    ("1 uge", "en uge"),
    ("1 barn", "et barn"),
    ("tast 1", "tast et"),
    ("21 år", "enogtyve år"),
    ("101", "hundrede og et"),
    ("1.100", "tusind et hundrede"),
    ("12.345", "tolv tusind tre hundrede og femogfyrre"),
    ("100.000", "hundrede tusind"),
    ("10 000 kr.", "ti tusind kroner"),
    ("2.000.000", "to millioner"),
    ("0,5", "nul komma fem"),
    ("3,14", "tre komma fjorten"),
    ("½ time", "en halv time"),
    ("1½ år", "halvandet år"),
    ("2½ time", "to og en halv time"),
    ("4000 Roskilde", "fire tusind Roskilde"),
    ("4130 Viby", "enogfyrre tredive Viby"),
    ("Rådhusbuen 1, 4000 Roskilde", "Rådhusbuen et, fire tusind Roskilde"),
    ("Køgevej 2B", "Køgevej to b"),
    ("2. sal", "anden sal"),
    ("2. sal tv.", "anden sal til venstre"),
    ("5.-6. klasse", "femte til sjette klasse"),
    ("18-30 år", "atten til tredive år"),
    ("65+", "femogtres plus"),
    ("-5 grader", "minus fem grader"),
    ("010203-1234", "nul et nul to nul tre tolv fireogtredive"),
    ("007", "nul nul syv"),
    ("(kun hverdage) ring", "kun hverdage, ring"),
    ("Pas (også børnepas) – og kort.", "Pas, også børnepas, og kort."),
    ('Vælg "Pas" og »Kort«.', "Vælg Pas og Kort."),
    ("og/eller", "og eller"),
    ("far/mor", "far eller mor"),
    ("Bil & båd", "Bil og båd"),
    ("Vent … nu", "Vent. nu"),
    ("VIGTIGT", "vigtigt"),
    ("H.C. Andersen", "h c Andersen"),
    ("Handler det om dit pas, eller dit kørekort?", "Handler det om dit pas, eller dit kørekort?"),
    ("Et øjeblik.", "Et øjeblik."),
    ("Handler det om at forny dit pas,", "Handler det om at forny dit pas,"),
    ("Skriv til e-Boks (Digital Post)", "Skriv til e-Boks, Digital Post"),
    ("Se borger.dk, eller ring.", "Se borger punktum d k, eller ring."),
    ("Vi har åbent 10-14, tirsdag 10-17.", "Vi har åbent ti til fjorten, tirsdag ti til sytten."),
    ("sms'er og EU-kort", "s m s'er og e u-kort"),
    ("1550 København V", "femten halvtreds København V"),
]


@pytest.mark.parametrize(("written", "said"), SPOKEN)
def test_speakable(written: str, said: str) -> None:
    assert speakable(written) == said


def test_what_is_speakable_stays_as_it_is() -> None:
    assert len(SPOKEN) >= 60
    for _, said in SPOKEN:
        assert speakable(said) == said


@given(st.text(max_size=80))
def test_any_text_becomes_words_without_digits(text: str) -> None:
    said = speakable(text)
    assert not any(sign.isdigit() for sign in said)
    assert said == " ".join(said.split())


@given(st.text("0123456789 .,-/:+%§kr", max_size=40))
def test_any_jumble_of_numbers_becomes_words(text: str) -> None:
    assert not any(sign.isdigit() for sign in speakable(text))


@given(st.integers(0, 10**12 - 1))
def test_every_number_has_words_of_its_own(number: int) -> None:
    said, next_said = speakable(f"tallet {number}"), speakable(f"tallet {number + 1}")
    assert said != next_said
    assert said.startswith("tallet ")


@given(st.lists(st.text("abdefghijklmnoprstuvyæøå", min_size=6, max_size=12), min_size=1, max_size=8))
def test_plain_words_are_left_alone(words: list[str]) -> None:
    assert speakable(" ".join(words)) == " ".join(words)


@given(
    st.text(max_size=80)
    | st.lists(st.sampled_from(["og,", "så,", "kan,", ";x", "12,", "–", "hej?", "a", "b", "c."])).map(" ".join)
)
def test_pieces_lose_no_word(text: str) -> None:
    assert " ".join(sentences(text)).split() == text.split()
    assert " ".join(clauses(text)) == " ".join(sentences(text))


@pytest.mark.parametrize(
    ("expected", "heard", "errors"),
    [("a b c", "a b c", 0), ("a b c", "a c", 1), ("a b c", "a x c d", 2), ("a b", "", 2), ("", "a", 1)],
)
def test_word_errors(expected: str, heard: str, errors: int) -> None:
    assert word_errors(expected.split(), heard.split()) == errors


def test_words_are_compared_as_they_are_said() -> None:
    assert spoken_words("Kl. 9.30, ikke før!") == spoken_words("klokken 9:30 ikke før")
