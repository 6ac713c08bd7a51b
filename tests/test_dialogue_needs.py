"""Unit: emergencies, despair, the wish for a human and questions about others, known by their words; what is not."""

import pytest

from tests.talking import sayings
from voicebot.dialogue import needs
from voicebot.dialogue.needs import DANGER, DESPAIR, HUMAN, PERSONAL
from voicebot.dialogue.needs.frames import frames, spoken

NEEDS = {
    HUMAN: """medarbejder|Medarbejder!|et menneske|person|en rigtig person|tale med nogen
        jeg vil tale med en medarbejder|jeg vil gerne snakke med en|må jeg tale med nogen på kommunen|stil mig om
        stil mig lige om|stille om
        kan du stille mig videre|omstillingen|jeg vil ikke tale med en robot|giv mig et levende menneske|sagsbehandler
        jeg vil gerne have fat i en sagsbehandler|Jeg vil gerne ta'le med en medarbeider.
        Kan jeg tala med et mennesker?
        Jeg vil gerne ta'le mine medobider.|Når jeg vil hellere talermet mennesker
        er der ikke et menneske jeg kan få fat i|jeg har prøvet tre gange nu og vil have et menneske i røret
        må jeg ikke få lov at tale med en voksen|giv mig lige en der forstår mig|jeg gider ikke snakke med en maskine
        kan du sætte mig igennem til nogen|jeg vil hellere tale med et rigtigt menneske
        kan en ringe mig op i stedet|jeg skal snakke med min sagsbehandler|en normal person tak|kundeservice""",
    DANGER: """brand|det brænder|huset brænder|der er brand|der er gået ild i gardinet|ulykke|ring 112|ring 1-1-2
        ring et et to|ambulance|jeg skal bruge en ambulance med det samme|min mand trækker ikke vejret
        hun er bevidstløs|hun er bevidst løs
        Min far er bestvimet|Min man er fallet om, at han trakker ikaveris.|Min lajlighed branner|huset brenner
        han har fået hjertestop|min mor er faldet og kan ikke komme op|der lugter af gas i hele huset|hjælp hjælp
        min kollega er ved at blive kvalt|der er sket en trafikulykke lige uden for|amulance
        min nabo er faldet om i haven|naboen er faldet om|min far er faldet|min søn er faldet ned fra taget
        min mor er faldet i badet og kan ikke rejse sig|mit barn har drukket afkalker|min datter er blevet påkørt
        der ligger en mand på vejen|en cyklist er blevet kørt ned på vejen|min mand er besvimet|der er gasudslip
        min mor svarer ikke og ligger på gulvet|min kone føder nu
        jeg fik kniven for struben af min mand|der er nogen i mit hus|jeg har taget en masse piller
        jeg kan ikke få vejret|jeg kan ikke trække vejret ordentligt|min gamle mor er faldet og kan ikke rejse sig
        der vælter røg ud af naboens vindue|der kommer røg ud fra naboens lejlighed|der er en tyv i mit hus
        nogen bryder ind lige nu|en mand er ved at bryde ind hos mig|jeg har spist alle mine sovepiller
        jeg har slugt for mange piller|min baby er helt blå i hovedet|min kone vil ikke vågne|han reagerer ikke
        min far har ondt i brystet og sveder helt vildt|det brænder hos naboen|der er flammer oppe på taget
        hjælp min søn er røget i havnen|min datter har fået noget galt i halsen|jeg har skåret mig dybt i hånden
        han bløder voldsomt fra hovedet|der er røg i hele opgangen|jeg tror min mand har fået en blodprop
        min mand kan ikke løfte armen og den ene side er lam|barnet har fået kogende vand over sig|min søn har kramper
        der går en mand rundt med en kniv|der er en der skyder|hjælp skynd jer der er nogen der har brug for hjælp""",
    DESPAIR: """selvmord|selvmor|jeg tænker på selvmord|jeg vil ikke leve mere|jeg vil ikke leve|jeg vil dø|vold
        jeg vil bare dø|jeg tager livet af mig|jeg vil tage mit eget liv|min mand slår mig
        jeg er bange for min kæreste
        jeg er udsat for vold|jeg orker ikke mere|jeg kan ikke mere|der er ingen grund til at leve
        Ja, blir slot der hjemme.|jeg bliver slåt derhjemme|Selv mort.|hun skrev far vel til os|min mand tever mig
        jeg vil ikke være her mere|min søn siger at han vil slå sig selv ihjel
        jeg vil gøre en ende på det hele|han slår mig|han slår mig når han har drukket|jeg er bange for min mand
        min datter skærer i sig selv|min datter cutter sig selv på armene|min kone tæver mig|jeg er blevet voldtaget
        min eks står uden for døren og truer mig
        min eks truer mig|min kæreste truer med at slå mig ihjel|jeg tør ikke gå hjem til min mand
        jeg har ikke lyst til at leve|alle ville have det bedre uden mig|jeg er så træt af livet
        min far slår min mor|han har slået mig igen i aftes|jeg kan ikke se nogen vej ud af det her
        livet er meningsløst|jeg kan ikke holde det ud længere|jeg ville ønske jeg var død|det er ikke værd at leve
        min søster vil hoppe ud foran toget|min mand har låst mig inde|jeg bliver slået derhjemme""",
    PERSONAL: """hvor bor min nabo|hvor bor min nabo henne|cpr-nummer på min kone|slå en person op|har min lejer gæld
        hvad er min nabos adresse|hvad er hendes telefonnummer|kan du give mig adressen på min ekskone
        kan du slå min nabo op|får min bror kontanthjælp|hvem bor i nummer 12|jeg vil vide hvor min eksmand bor
        kan jeg få telefonnummeret på en person|oplysninger om en anden person|skylder min lejer penge til kommunen
        hvem ejer bilen over for|hvad er hans cpr nummer|kan I se hvor hun er flyttet hen|hvad tjener min nabo
        hvor bor ham der hedder Jens Hansen""",
}  # fmt: skip
PEACEFUL = """må jeg brænde haveaffald af|min nabo brænder affald|røg fra brændeovn|hvem tømmer brandhanen på vejen
    jeg har mistet mit pas|afbrænding af grene|min far er død hvad skal jeg gøre|min mor har haft en blodprop
    jeg kan ikke leve af min kontanthjælp længere end til fredag|jeg vil klage over en medarbejder|er du et menneske
    taler jeg med et menneske|hvor mange mennesker bor der i byen egentlig|må jeg stille et spørgsmål om mit pas
    hvordan stiller jeg containeren ud|jeg talte med min mor i går
    min mor kan ikke mere klare rengøringen|jeg skal have en tid|hvad koster et pas
    huslejen er faldet|min pension er faldet|der ligger affald på vejen|et træ er faldet på min have
    der ligger en cykel på vejen|et skilt er faldet ned fra stolpen|jeg har kørt over til genbrugspladsen
    hvornår er lokalplanen vedtaget|naboen har fældet et træ ned i min have|jeg er selv mor til tre
    hvad skriver jeg i felt fem|jeg mangler beviset|vi blev gift på et slot i går|jeg har problemet med mig i det
    afskedsfest for en kollega|må hun bære slør når hun arbejder
    hvor mange må der være til brandøvelse|jeg har brændt mig på et tilbud|byggeriet slår revner
    jeg ringer efter en ulykke på arbejdet sidste år|min mor er død|min mand er lige død|min far er gået bort i nat
    kontakt efter en ulykke på arbejdet sidste år|hvornår er der brandøvelse på skolen|røg fra naboens skorsten
    min nabo fyrer med noget der lugter|jeg vil klage over røg fra naboens brændeovn|gadelampen er slukket
    hvad koster en ny nøgle til min postkasse|hvordan får jeg hjælp efter et slagtilfælde
    min mor har brug for genoptræning efter en blodprop|hvor kan jeg aflevere gamle piller|min pas er udløbet
    hvem slår græsset på kirkegården|kan kommunen slå græsset|slår I hækken for mig|jeg er bange for min økonomi
    jeg er bange for hunden hos naboen|jeg kan ikke få fat på Digital Post|må jeg stille min trailer på vejen
    kan jeg bruge et billede jeg har skåret til|min mand er faldet for aldersgrænsen til pension|kan jeg ikke få hjælp
    jeg vil gerne have hjælp til rengøring|min søn vil gerne springe et skoleår over|kælderen er druknet i regnvand
    jeg har ikke lyst til at flytte|jeg vil ikke betale mere|jeg orker ikke at udfylde den blanket
    der er vand i kælderen|hvem skal betale for brandskaden|mit barn falder ofte i skole|et dødt dyr ligger på vejen
    skal jeg have brandalarm i mit sommerhus|hvor bor borgmesteren henne på rådhuset|hvad er adressen på borgerservice
    hvad er telefonnummeret til jobcentret|hvad er mit cpr nummer|mit barns cpr nummer|cpr nummer på min datter
    hvor skal mit barn bo efter skilsmissen|hvordan ændrer jeg min søns adresse|jeg vil have hemmelig adresse
    har jeg gæld til kommunen|får jeg kontanthjælp udbetalt fredag|hvor ligger genbrugspladsen
    jeg har mistet mit barns sundhedskort|kan min søn få førtidspension|har I brug for frivillige medarbejdere
    kan man blive ansat som personale i børnehaven|hvor mange medarbejdere har kommunen"""


@pytest.mark.parametrize(("id_", "text"), [(id_, text) for id_, lines in NEEDS.items() for text in sayings(lines)])
def test_need_is_recognised(id_: str, text: str) -> None:
    assert needs.need(text) == id_


@pytest.mark.parametrize("text", sayings(PEACEFUL))
def test_no_need_where_there_is_none(text: str) -> None:
    assert needs.need(text) is None


@pytest.mark.parametrize(
    ("frame", "said", "found"),
    [
        ("a/b c", "x b c", True),
        ("a/b c", "ab c", False),
        ("a .. d", "a 1 2 3 d", True),
        ("a .. d", "a 1 2 3 4 d", False),
        ("a ... d", "a 1 2 3 4 d", True),
        ("a b? c", "a c", True),
        ("a !b", "a b", False),
        ("a !b", "a c", True),
        ("to_ord", "to ord", True),
        ("<kin> er", "min svigermor er", True),
        ("<own>_ting", "to ting", True),
        ("*ord*", "et ordspil", True),
        ("^ a b $", "a b", True),
        ("^ a b/$", "c a", False),
        ("a b/$", "c a", True),
        ("x; y z", "y z", True),
        ("x; y z", "z", False),
    ],
)
def test_frames_read_as_written(frame: str, said: str, found: bool) -> None:
    assert bool(frames(frame, own="en to").search(spoken(said.split()))) is found
