"""The wish for a human: who wants to talk to somebody, be connected, be called, or not talk to a machine."""

from voicebot.dialogue.cues import words
from voicebot.dialogue.needs.frames import frames

_LISTS = {
    "talk": "tale tal tala talt snakke snakket snak tales_ved",
    "human": """
        menneske mennesker mennesket menneskes menneskestemme person personen dame damen dam herre mandfolk levende
        levende_væsen voksen_person voksent_menneske
    """,
    "staff": """
        medarbejder medarbejderen medarbejdere kollega kollegaer kolleger kollegaen ansat ansatte rådgiver rådgiveren
        konsulent konsulenten jobkonsulent sagsbehandler sagsbehandleren leder lederen chef chefen afdelingsleder
        afdelingslederen telefonvagt* omstillingsdame* overordnet overordnede ansvarlig ansvarlige direktøren
        ekspedient* betjening betjenten telefonpasser* telefondame* telefonist* receptionist* receptionen reception
        operatør* kundeservice kundecenter personale personalet vagten vagthavende sekretær* kontordame* kontormand*
        supporten servicemedarbejder*
    """,
    "place": """
        kommunen jobcenter jobcenteret jobcentret borgerservice rådhuset kontoret afdelingen *forvaltning
        *forvaltningen ydelseskontoret hovednummeret familieafdelingen
    """,
    "real": """
        rigtig rigtigt rigtige levende virkelig virkeligt virkelige ægte normal normalt almindelig almindeligt fysisk
        ordentlig menneskelig
    """,
    "some": "en et én nogen nogle min jeres din dine en_af_de en_af_dine en_af_jeres",
    "line": "i_røret i_telefonen på_linjen på_tråden i_tale i_den_anden_ende i_egen_person i_den_her_ende",
    "machine": """
        maskine* robot* computer* telefonsvarer* bånd automat* ai kunstig_intelligens bot botten *robot maskinstemme
        robothalløj blikstemme blikdåse dåse chatbot dims
    """,
    "get": """
        få have fået ha give giv gi sende send hente hent finde find skaf skaffe tilkald bede_om kræver ønsker fat_i
        fat_på foretrækker over_til igennem_til ind_til om_til
    """,
    "connect": """
        stil stille stiller still viderestil viderestille omstil omstille forbind forbinde sæt sætte sætter send sende
        kobl koble før føre lad skift skifte
    """,
}
_OUTRIGHT = frames(
    """
    talk/speak/speaking .. to/with .. person/human/someone/somebody/people; real/human person/being/operator
    <talk> .. med/til .. <human>/<staff>/<place>; <talk> .. med en/et/nogen .. voksen/mand/stemme/<real>
    <talk> mennesker; få/have en *? *? *? at <talk> med; komme til en/et <human>/<staff>; ingen robotter/maskiner
    <get> en voksen $; bede om * i/fra/hos/på <place>; <staff>/en/nogen *? ringe/ringer .. tilbage/mig_op/til_mig
    <staff>/hun/han/en_af_jer/nogen .. skal? ringe/ringer/kontakte* .. til_mig/mig
    <talk> .. med nogen/en/jer/folk fra/hos/inde/nede/oppe/derinde/derhenne/af/i/på !engelsk/tysk/dansk
    <talk> .. med hende/ham/dem/den .. jeg/fra/som/der_sad/der_ringede; <talk> .. direkte/personligt med; med jer selv
    <get> .. <some> *? <human>/<staff> !til_at/der_går; <get> .. <some> .. <real> en/stemme/dame/mand/nogen
    <get> <staff>/<human>; med en/et <human>/<staff>; få/får/fat .. fat? i/på .. <some>? .. <staff>/<human>
    fat i/på .. <place> $; fat i ham/hende/dem der/fra/som
    er der .. nogen .. hjemme/på_arbejde/derinde/hos_jer/ved_telefonen $; have/få/til en_anden $
    høre en_stemme/et_menneske*; personlig betjening/kontakt/samtale; <place> tak $
    fat i/på en/nogen der/som kan/ved .. svare/hjælpe_mig/tale/snakke/forklare/noget/hvad/besked/det
    fat i/på en/nogen/jer .. fra/hos/på/i kommunen/<place>/rådhuset; <human>/<staff>/<place> .. <line>
    få/have/ha .. en/nogen/mand/stemme .. <line>; <line> .. er_et_menneske
    <real> menneske*/person/dame/mand/stemme/folk/nogen/en/medarbejder*; nogen/en levende; en rigtig $; kød_og_blod
    med puls; menneskelig* kontakt/stemme/hjælp/betjening; høre trække vejret; der trækker vejret; omstil*
    viderestil*; omtilling*; <connect> .. mig/os/opkaldet/samtalen .. om/videre/igennem/i_forbindelse
    <connect> .. mig/os .. ind/hen/over/tilbage til/hos/på/i; <connect> .. om/videre/igennem til/tak/nu/$
    stillet/stilles/sat/sendt/stilles om/videre/igennem; mig over til; sæt mig over; mig om_til
    forbind/forbinde/forbinder .. mig/med; få/lad/før mig videre/igennem/forbi
    giv mig .. <staff>/<human>/<place>/chefen/<real>/en_anden/en_kollega; giv/gi mig .. en/nogen/et .. der/som/at/$
    giv røret/telefonen; finde/find en/et/mig_en/mig_et <staff>/<human>
    hente/hent/kald_på/skaffe/skaf/tilkald .. en_anden/en_der/nogen_der/sådan_en; lad mig .. <talk> med
    er der .. <some> .. <human>/<staff>/mand .. jeg/man/derinde/hos/til_stede/$
    ikke .. menneske* .. derinde/hos/til_stede/her; ring/ringe/ringer .. mig/os op/tilbage/i_stedet
    ringet .. op/tilbage; ringe .. tilbage til mig; <some> .. ringer/ringe mig .. op
    ikke .. tale/tal/snakke/diskutere/høre_på/bøvle/kommunikere .. med/til/på .. <machine>/dig/sådan_en/sådan_noget
    ikke .. sige/fortælle/forklare .. til .. <machine>; vil/kan_jeg tale/snakke .. menneske
    gider/vil/orker .. ikke .. <machine> !til/i/på; kan ikke med/klare/fordrage/døje .. <machine>
    nægter/hader/træt_af ... <machine>; ikke dig .. en/et
    slippe/slip/fri/uden_om/udenom .. for? .. <machine>/dig !kan; frem_for/i_stedet_for .. <machine>/dig
    trykke/trykker/knap/tast .. for_at få/tale .. <human>/<staff>
    er .. * .. til_at_få_fat_på/til_at_træffe/til_at_få_fat_i
    hvordan/hvor .. får/kommer/få/komme .. fat_i/ind_til/igennem_til .. <human>/<staff>/nogen/jer/<place> $
    træffe .. <staff>
    """,
    **_LISTS,
)
"""Ways of asking for a human, a member of the staff or an office, or of refusing a machine."""

_FOR_SOMEBODY = frames(
    """
    en/nogen at <talk> med; <talk> .. med nogen/jer/en_anden/dem/andre/folk
    <talk> .. med en/én/et $/der/som/jeg/nu/tak/her/i_stedet/rigtig/anden/eller; jeg/man kan <talk> med $
    få/have/ha/er_der/skaffe/give/giv/find/kan_jeg .. en/nogen/én .. at_tale/at_snakke/der/jeg_kan/man_kan/som
    fat i/på en/nogen/en_anden/nogle $/der/som/nu/derinde; må/kan jeg .. få/tale/snakke .. en_anden/anden_en
    en/nogen der/som .. lytter/hører_efter/forstår/tænker/kan_svare/kan_hjælpe_mig/ved_noget/ved_besked/har_forstand
    få nogen til at; komme igennem; kom igennem; kommer igennem; til at få_fat_i/få_fat_på $; nul
    ^ *? *? borgerservice/jobcentret tak? $
    """,
    **_LISTS,
)
"""Ways of asking for just somebody."""

_ELSE = frames(
    """
    *klage*; anden/om_en/hver/per/pr/bestemt/fast/fremmed/forkert person; gå hen
    er du/det .. <human>/<machine>/<real>; du lyder; du ikke er; når der_ikke er; ryger; taler/snakker jeg/du
    jeg taler/snakker; jeg troede; overhovedet .. i_den_anden_ende; personale/personalet på/i/til; tolk; tolke*
    <talk> med om; jer på engelsk/tysk/arabisk/dansk; på mandag/tirsdag/onsdag/torsdag/fredag; klokken; ansøg*
    borgmester*; politiker*; byrådet; bliver/blive .. medarbejder
    som/er/blevet/være en? medarbejder/ansat/leder/ansatte; medarbejdere har/er/i
    vores/ny/nye/frivillige/deres medarbejder*
    <mine> medarbejder/medarbejdere/ansatte/kollega/kollegaer/kolleger/chef
    anden/ny/skifte/nye .. sagsbehandler/rådgiver; hvor mange .. menneske*/person*/medarbejder*/ansatte; ansætte*
    til/for/af/<number>/mange/unge/ældre/andre/ensomme mennesker/personer; i stedet for mig; på .. vegne; støtteperson
    kontaktperson; person til at; skal vi/jeg give; går på pension; med sin; <mine> *? .. ikke .. <talk>
    ikke .. tale/snakke .. sin; lytter/hører/lytte med; hører/lytter på; savner; hvem/hvad .. <talk>
    med nogen/en/jer om !det/noget/lidt/sagen/min; bestille/booke/aftale/få/ændre/aflyse/flytte/rykke .. tid; afbud
    til samtale; møde med; personer bor; *en/han/hun/de vil ikke tale
    """,
    **_LISTS,
    mine="min mine en_af_mine vores",
    number="to tre fire fem seks syv otte ni ti tyve hundrede tusind",
)
"""The staff itself, an appointment with it, a complaint about it, or the question whether the bot is one of them."""

_NO_TOPIC = frozenset(
    words(
        "øh øhm hm ja nej jo jamen ok okay så da nu lige bare gerne godt helst hellere altså hej goddag hallo "
        "undskyld tak du dig dit jeg mig min mit mine vi os i jer jeres man en et én den det de dem der her som "
        "at og eller men for fordi til fra med på af om hos ad er var har havde have haft få får fået kan kunne "
        "ku skal skulle vil ville må bliver blevet blive gør gøre gider orker ikke slet heller noget nogen nogle "
        "andet anden andre mere meget lidt alt hele sådan sån hvad hvor hvordan hvilken når hvis inden end over "
        "op ned ind ud videre igennem forbi hen selv vel nok vist måske altid aldrig igen stadig straks hurtigt "
        "snart gang gange to tre fire ti tale tal snakke snak ringe ring trykke tryk spørge svare svar svarer "
        "sige siger sagt sagde forklare forklaret fortælle høre hører hørt lytte lytter forstå forstår forstået "
        "fatter fatte tænke tænker ved vide finde find skaffe hjælpe hjælp hjælper brug personligt privat "
        "indviklet kompliceret svært svær dårligt gammel gamle ældre døv robot maskine computer telefon telefonen "
        "røret tålmodighed bot automat teknik tosset skør dumt irriterende træt prøvet prøve komme kommer kommet "
        "sidde siddet vente ventet venter minutter timer ting sag sagen spørgsmål problem please nødt simpelthen "
        "bedes venlig sød søde ven rar dansk virker duer nytter klogere nummer direkte springe ny rigtig rigtige "
        "rigtigt hende ham sådanne derinde derhenne folk give giv gi hente send sende sæt"
    )
)
"""Words that name no topic."""

_WHOM = frames("<human>/<staff>", **_LISTS)
_CALL = frames("<human>/<staff>/<place>/<machine>/mand/stemme", **_LISTS)
_CONTACT = frames(
    """
    <talk>/<get>/<connect>/ringe/ringer/ring/kontakte*/opkald
    spørge/forklare/diskutere/sige_det/fortælle/frem_til/træffe/ledig/ledige; hvor/hvornår er/bliver
    er der ikke/mon/overhovedet; vil_have/vil_gerne_have/vil_hellere/vil_helst/skal_have; tilbage til/fra
    """,
    **_LISTS,
)
"""What one does with a human on the telephone."""

_ABOUT_BOT = frames(
    """
    du/dig .. forstår/fatter/hører/duer/aner/misforstår/kan .. ikke/ingenting/intet; forstår .. dig/ikke_et
    spurgt/sagt/forklaret/fortalt .. dig/gange; det her dur/duer/virker/nytter; talt/snakket/hørt .. med/på dig
    sådan_noget/sådan_et .. her; <machine>; gange nu
    """,
    **_LISTS,
)
"""Complaints about the bot, which are no topic either."""

FEW = 4
"""Words up to which a request for just somebody must name no topic at all."""


def wants_human(heard: list[str], said: str) -> bool:
    """Whether the caller asks for a human rather than for an answer; heard: the words, said: the same, `spoken`."""
    if _ELSE.search(said):
        return False
    if _OUTRIGHT.search(said):
        return True
    topics = sum(word not in _NO_TOPIC and not _CALL.match(word + " ") for word in heard)
    if _WHOM.search(said) and topics <= (2 if _CONTACT.search(said) else 0):
        return True
    most = 4 if _ABOUT_BOT.search(said) else int(len(heard) > FEW)
    return topics <= most and bool(_FOR_SOMEBODY.search(said))
