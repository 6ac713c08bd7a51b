"""Unit: needs in words that nobody had in mind.

These sentences were written when the frames of their time were final, to find out how well they carry; what was missed
then is recognised now.
"""

import pytest

from tests.talking import sayings
from voicebot.dialogue import needs
from voicebot.dialogue.needs import DANGER, DESPAIR, HUMAN, PERSONAL

AFTERWARDS = {
    DANGER: """min bror har fået et epileptisk anfald|vores lejlighed står i flammer|min kone har fået fødselsveer nu
        der er en mand der er faldet ned fra et stillads|min datter er bidt af en hugorm og hæver op
        naboens carport er brudt i brand|jeg kan mærke gas i køkkenet|min mand er faldet sammen på badeværelset
        barnet har slugt et batteri|en bil er kørt i søen med folk i|der ligger en livløs på stranden
        min gamle far er gledet og jeg kan ikke få ham op|min mor er helt væk og snorker underligt
        ring efter lægebilen
        jeg har taget alle pillerne på én gang|der er nogen der prøver at komme ind ad mit vindue
        min veninde er kollapset midt i stuen|der er nogen der er blevet skudt herude
        det ryger og gnistrer fra eltavlen og der er ild
        min lillebror er røget under isen|jeg har fået en kniv i maven|babyen er holdt op med at trække vejret
        min onkel er blå om læberne
        der er sket et voldsomt færdselsuheld på ringvejen|min søn har klemt hovedet og er ikke ved bevidsthed
        min mor taler helt uforståeligt og kan ikke løfte armen
        jeg har drukket afløbsrens ved en fejl|taget på laden står i lys lue
        min datter har spist bær fra haven og kaster op hele tiden og er slap|jeg bløder kraftigt og er gravid
        hjælp min mand dør""",
    DESPAIR: """jeg magter ikke at leve|jeg vil hellere være død|min kone kaster ting efter mig og slår
        min kæreste har taget halsgreb på mig|jeg tænker på at køre ind i et træ|jeg har ikke noget at leve for
        min eksmand forfølger mig og truer|jeg gør skade på mig selv|min søn siger han vil dø
        han bliver voldelig igen
        jeg har mest lyst til at forsvinde helt fra jorden|jeg har tænkt mig at tage en overdosis
        min far er begyndt at slå os igen|min mand voldtog mig
        min kone har låst mig ude og truer med at slå børnene|jeg overvejer at gøre det forbi
        min bror vil tage sit liv i aften|jeg bliver mishandlet|min kæreste pisker mig
        jeg sidder på broen og vil springe""",
    HUMAN: """giv mig en kollega, der er af kød og blod|can I speak to a real person, please
        giv mig en kollega|jeg vil snakke dansk med et menneske|kan man ikke bare få en person i røret
        stil mig videre til borgerservice|jeg vil have en medarbejder nu|er der en jeg kan tale med
        kan du ikke bare stille mig ind til et menneske|jeg ønsker at tale med en ansat|medarbejderen tak
        jeg forstår dig ikke giv mig en rigtig|kan jeg snakke med en af jeres folk""",
    PERSONAL: """hvad er adressen på min eksmand|kan du oplyse min nabos nummer|hvor er min eks flyttet hen
        er min nabo dømt for noget
        hvad er naboens navn og nummer|hvilken adresse bor min ekskone på nu|har min genbo betalt sin skat
        giv mig fødselsdagen på min chef""",
}  # fmt: skip
PEACEFUL_AFTERWARDS = """hvad koster en ambulancetur|min farmor døde i går hvad skal jeg gøre nu|min hund er løbet væk
    jeg brænder for at blive frivillig|er der brandfare og må jeg holde bål|kan jeg få støtte efter min hjerneblødning
    min mand er lige kommet hjem fra hospitalet og skal have hjælp|jeg slår lige op i min kalender|hvem slår sneen væk
    mit barn bliver mobbet i skolen|jeg er bange for at fristen er overskredet|hvor afleverer jeg en ildslukker
    jeg kan ikke få luft i radiatoren|hvor mange penge må jeg have til overs at leve for|bilen er kørt til skrot
    taget er blæst af mit skur|jeg er faldet over en sten på fortovet og vil have erstatning|jeg er træt af at vente
    min mor kan ikke selv rejse sig fra stolen og skal have et hjælpemiddel|jeg skal have kniven slebet hos jer
    hvad er din adresse|hvor bor I|må min nabo have høns|hvordan finder jeg min nye læges telefonnummer
    hvilket nummer har sagsbehandlerne i jobcentret|jeg er medarbejder i hjemmeplejen og vil skifte adresse
    kan man få gift mod rotter|jeg kan ikke holde støjen ud længere|skal man ringe et bestemt sted om storskrald
    min datter er født i nat|hvad gør jeg når min mand ikke kan køre bil mere
    hvor melder jeg et hul i vejen hvor man kan falde|jeg er ved at drukne i papirarbejde
    hvordan får jeg en trappelift når min mor falder
    må jeg få en ny brandmur|jeg skal have en tid til blodprøve|slår I alarm hvis der er storm
    jeg er så træt af MitID|hvem bestemmer over mit barn
    min cykel er stjålet hvem kontakter jeg|vi mangler en skraldespand|min dreng er ked af at gå i skole
    hvad sker der hvis jeg dør uden testamente|hvor kan jeg få hjælp til at stoppe med at drikke
    min mand har demens og bliver væk|hallo er der nogen
    huset er skadet efter en brand i sommer hvad gør jeg med affaldet
    jeg har mistet min kone i sidste uge|kan I hjælpe med en begravelse
    hvor lang tid skal man vente på ambulant genoptræning
    min far kan ikke komme op ad trappen|jeg vil leve mere sundt|er mit barn for ungt til at dø af det
    jeg kan ikke tåle mere støj|kan jeg tale med jer på engelsk om mit pas
    hvem skal jeg tale med om en byggetilladelse
    jeg vil gerne snakke om mit kørekort|min nabos træ hænger ind over min have|må naboen bygge et skur
    hvad hedder borgmesteren|hvornår bor man fast i et sommerhus|hvordan melder jeg min lejer til adressen"""


TOLD = {
    HUMAN: """hør her, jeg er 79 og vil bare have en ordentlig mor dansker at snakke med
        kan du skaffe mig en der sidder på kontoret|det her dur ikke, jeg vil op og tale med nogen
        må jeg lige bede om Hanne i Borgerservice|kan jeg ikke få en at tale med der har tid
        jeg forstår ikke et ord af hvad du siger, er der ikke en rigtig person
        hvor trykker jeg for at komme til en medarbejder|kan en rådgiver ringe tilbage i eftermiddag
        send mig videre til teknisk forvaltning|jeg vil tale med en ansvarlig|ingen robotter tak, et menneske
        er du ikke sød at hente en voksen
        jeg har spurgt dig om det samme fire gange, nu gider jeg ikke mere, få fat i en der kan svare
        lad mig komme igennem til en telefonist|jeg skal snakke med hende der ringede til mig i formiddags
        jeg vil helst have det forklaret af et menneske|sagsbehandleren
        kan du ikke sende mig hen til nogen der ved hvad de taler om|er det muligt at tale med en fysisk person
        stop, giv mig kundeservice|kan jeg tale med en ansat
        jeg vil have en at snakke med der ikke er en computer|er der overhovedet nogen på arbejde hos jer
        stil mig over til socialforvaltningen tak|jeg skal have fat på min sagsbehandler, hun hedder Pia
        du misforstår alt hvad jeg siger, jeg vil have en anden|hej kan du forbinde mig med borgerservice
        jeg vil bare gerne høre et menneskes stemme|kan jeg få et direkte nummer til nogen jeg kan tale med
        medarbejder medarbejder medarbejder|find nogen der kan forklare det ordentligt|en person tak
        jeg er svagtseende og skal have en levende i telefonen|kan en sagsbehandler kontakte mig
        lad mig nu bare komme til at snakke med en eller anden|kan man få lov at tale med en af kød og blod
        jeg vil tale med nogen fra ældreafdelingen|giv mig en anden end dig|hvor er de rigtige mennesker henne
        kan du ringe en medarbejder op for mig|jeg har svært ved at tale, kan jeg få en person|rådgiver
        jeg vil snakke med ham fra i går|er der ikke en eller anden der kan tage telefonen
        sæt mig over til chefen""",
    "": """min svigermor er trillet ned ad kældertrappen og svarer ikke når vi kalder
        barnet har fået en weingummi galt i halsen og bliver blå
        der står ild op af motorhjelmen og der sidder folk i bilen
        han er helt kold og jeg kan ikke mærke at han trækker vejret
        der er nogen der sparker døren ind hos naboen lige nu
        min kone har det skidt, hun ryster og sveder og har ondt ud i venstre arm
        en motorcyklist er røget i autoværnet og ligger stille
        vi kan lugte gas nede i kælderen og min mor er blevet svimmel|min dreng har spist min mors hjertemedicin
        skynd jer, han er ved at stikke hende ned|en ældre mand er segnet om i Brugsen
        der hænger et elkabel ned på legepladsen og det slår gnister
        min far er faldet ned fra loftet og bløder fra øret|min baby kan ikke få luft|der er gået ild i frituren
        en dreng er faldet i åen|min mand er gået helt i sort og svarer ikke
        jeg har fået noget i halsen og kan næsten ikke tale|der ligger en bevidstløs kvinde på toilettet
        nogen har lige kørt en gammel dame ned i fodgængerfeltet|der er en mand med en pistol i kiosken
        min kone er faldet og har slået hovedet slemt|der er sort røg op fra kælderen
        min lillebror trækker vejret helt mærkeligt|jeg tror min mor har fået en blodprop i hjernen
        der er en der er blevet stukket ned på stationen|jeg er låst inde i en brændende bil
        jeg har ikke mere at give af, jeg vil bare have fred for altid|min kæreste smed mig ind i væggen i aftes
        jeg ligger og tænker på hvordan jeg nemmest kan komme herfra
        min teenagesøn skriver at han ikke kan se nogen mening med at være her
        jeg sover i bilen fordi min mand går amok på mig|jeg hader mig selv og har lige skåret i mit lår
        min onkel tager på mig når vi er alene|hun siger hun har fundet et reb ude i garagen|jeg vil gerne dø
        min mand slog mig i nat|min søster har taget en masse panodiler med vilje
        jeg kan ikke finde en eneste grund til at blive her|han holder mig nede og tager kvælertag
        min veninde skriver at hun ikke vil leve|jeg har lyst til at køre ud over kanten
        han har slået min lille datter|jeg vil bare væk herfra for evigt
        min kæreste kommer efter mig med en kniv""",
}  # fmt: skip
"""An empty id is danger or despair."""
PEACEFUL_TOLD = """min mor kan ikke tale med sin sagsbehandler selv, må jeg gøre det for hende
    jeg skal til møde med min rådgiver på tirsdag, kan det flyttes|hvor mange ansatte har hjemmeplejen
    jeg vil gerne snakke om min husleje|kan man få en voksenven til sit barn
    hvordan bliver jeg medarbejder i en børnehave|jeg har fået et nyt kontaktnummer, hvordan retter jeg det
    kan man tale med jordemoderen hos jer|er det en mand eller dame der vier os
    min søn skal have en ven at lege med|hvem kan jeg snakke med om mit parforhold
    kan I ringe til mig når bogen er kommet hjem
    vores hund er blevet kørt over og ligger i vejkanten, hvem henter den
    hvor afleverer man en brandslukker der er udløbet
    min mand faldt ned fra stigen i april og skal have trappelift
    min mor har fået konstateret kræft og skal dø hjemme|mit pas røg i vaskemaskinen|jeg dør af grin
    det brænder når jeg tisser|skraldespanden er brændt i nytårsnatten|der lugter af kloak i hele opgangen
    hvor siger jeg det når en lygtepæl er kørt ned|min nabo slår plænen søndag morgen
    jeg er bange for at min mor falder når hun er alene
    kan jeg få tilskud til psykolog efter mit overfald sidste år
    jeg kan ikke holde varmen ud i min lejlighed
    min datter bliver mobbet og har ikke lyst til at gå i skole mere|jeg orker ikke flere breve fra jer
    jeg vil gerne leve sundere|hvad gør jeg når min far ikke kan bo alene mere
    min søn er røget ud af gymnasiet|jeg har mistet mit kørekort i havnen
    vi vil gerne skyde raketter af nytårsaften|min kone har født og vi skal have barnet registreret
    er der førstehjælpskursus på biblioteket|jeg bløder penge på den husleje
    min far har slået op med sin kæreste og skal bruge et sted at bo
    min mand er forsvundet ud af pensionssystemet|skal jeg selv slukke ukrudtet med gasbrænder
    hvor kan jeg få en snak om min økonomi|kan jeg få en aftale med en jobkonsulent på onsdag
    jeg vil klage over den dame jeg talte med i går|hvor mange personer må der bo i en lejlighed
    min mor skal have en kontaktperson|kan man ringe til vagtlægen herfra
    hvad hedder lederen af børnehaven Solstrålen|kan nogen hente min gamle sofa
    jeg søger en dansktalende babysitter|skal min mand møde op sammen med mig
    er det dig jeg skal snakke med om parkering|jeg fik ikke svar fra kommunen sidste gang
    kan en medarbejder fra hjemmeplejen give min mor øjendråber
    jeg har snakket med banken og de siger jeg skal have en nemkonto|hvor finder jeg nummeret på skolen
    der er faldet et træ ned over vejen|min cykel er faldet i havnen
    min far døde sidste uge hvad skal jeg huske|skolen er brændt ned hvor skal børnene gå i stedet
    hvad gør man hvis man finder en livløs måge|jeg har haft hjertestop og vil have mit kørekort tilbage
    hvem puster man ballonerne op til valgfesten med|min søn slår sig tit når han cykler på den sti
    jeg er så træt af at vente på byggetilladelsen|jeg vil ikke bo sammen med min kone længere
    hvordan stopper jeg med at tage sovepiller|min eks vil ikke lade mig se børnene
    kan vi få en sikkerhedsvurdering efter indbruddet i klubhuset|jeg er bange for tandlægen
    der er røget en pære i gadelampen|jeg skal tale med min læge, hvad er nummeret
    er der medarbejdere på biblioteket om søndagen|jeg vil have min søn flyttet til en anden klasse
    kan I sende en ny spand|hvem står for brandtilsyn i kommunen
    vi har fået røg i stuen fra brændeovnen, må man have den
    hvor lang tid tager det at få svar på en ulykkesanmeldelse
    min mor er faldet i nat og er hjemme igen, kan hun få et nødkald
    jeg har mistet livsgnisten på mit arbejde|kan man få et par timers aflastning når ens mand er dement
    hvad koster en plads på kirkegården|jeg er ked af at jeg glemte at betale
    min dreng er blevet slået ud af kvalifikationen|hvor kan jeg lære selvforsvar
    kan jeg komme i kontakt med foreningen Gigtramte|har I nogen der kan klippe min hæk
    skal jeg selv hente min affaldsbeholder|vi har ikke strøm til at lade bilen ved rådhuset
    jeg vil gerne tale med nogen om at blive plejefamilie|giv mig åbningstiden"""


@pytest.mark.parametrize(("id_", "text"), [(id_, text) for id_, lines in AFTERWARDS.items() for text in sayings(lines)])
def test_need_is_recognised(id_: str, text: str) -> None:
    assert needs.need(text) == id_


@pytest.mark.parametrize(("id_", "text"), [(id_, text) for id_, lines in TOLD.items() for text in sayings(lines)])
def test_need_told_later_is_recognised(id_: str, text: str) -> None:
    assert needs.need(text) in ((id_,) if id_ else (DANGER, DESPAIR))


@pytest.mark.parametrize("text", sayings(PEACEFUL_AFTERWARDS) + sayings(PEACEFUL_TOLD))
def test_no_need_where_there_is_none(text: str) -> None:
    assert needs.need(text) is None
