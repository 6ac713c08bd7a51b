"""Questions about somebody else: where they live, what they get, what is kept about them."""

from voicebot.dialogue.needs.frames import frames

_ASKED = frames(
    """
    cpr*/personnummer*/fødselsdato*/fødselsdag* .. på/til/for/af <other>; <other> nye/hemmelige/private/gamle? <datum>
    <datum> på/til <other>; <datum> .. på en_der/en_person/ham/hende/dem; har/får/er han/hun .. <matter>/straffesag
    er * fra * .. skilt/gift/dømt/død; hvor .. bor <other>/han/hun
    hvor <other>/han/hun .. bor/flyttede_hen/er_flyttet_hen; hvor er <other>/han/hun .. flyttet hen
    hvor .. <other> nu bor; hvor bor !i/du/man/jeg/vi/de/der/borgmester*/kommunen/borgerservice/folk .. *sen/henne
    slå/slår/slåe .. person/<other>/naboen/en_mand/nogen op; slå .. <datum> op; slå/slår op .. hvor/hvem/om_han/om_hun
    har/skylder .. <other> .. gæld/penge/straffet/straffeattest/kontanthjælp/betalt/søgt/straffesag/bevilget
    får/modtager/tjener/er/står/fik .. <other> .. <matter>; hvem .. bor/ejer/tilmeldt .. <there>
    hvem bor .. der? på/i; hvem ejer .. bil/bilen/varevogn*
    oplysninger om en_anden/<other>/mine_naboer/andre/en_bestemt
    hvad <other>/han/hun .. tjener/får_i_løn/får_udbetalt; hvad .. <other> .. sygemeldt_med
    hvad tjener/hedder/fejler !hende/ham <other>/naboen/han/hun; hvilken/hvad .. fejler <other>/naboen/han/hun
    find/finde/finder .. hvor? <other> .. bor/er_flyttet_hen/adresse; hvilken by .. han/hun .. flyttet
    hvor meget .. tjener/får/skylder <other>; naboens navn; hvilken adresse bor/har/står <other>/han/hun/naboen
    betalt sin/sine/hans/hendes skat/husleje/regning/gæld; <datum> på <other>; hvad hedder .. de_folk/dem
    i hans/hendes/deres .. sag/journal; om/i <other> .. sag/journal; ^ hans/hendes sag
    vide/høre .. om <other> .. får/har/skylder/modtager/er .. <matter>/penge
    er <other> .. flyttet/skilt/gift/dømt .. igen/for/fra; bor der en *  *sen
    """,
    matter="kontanthjælp førtidspension sygedagpenge boligstøtte dagpenge straffet dømt skilt gift registreret gæld",
    there="""
        i_nummer på_nummer på_adressen i_lejligheden i_huset ved_siden_af overfor over_for bil bilen ovenpå på_*gade
        på_*vej
    """,
    other="""
        hans hendes deres ham hende dem person* naboens genboens nogens en_person den_mand den_dame en_kollega naboen
        min_<known> min_<known>s mine_<known> min_*_<known> min_*_<known>s min_nabos en_gammel_* en_bestemt_*
        en_privat_* en_andens
    """,
    known="""
        mand kone kæreste samlever* *ven veninde far mor *far *mor *bror *søster nabo naboer underbo overbo genbo
        kollega *kammerat* svoger svigerinde svigersøn svigerdatter onkel tante fætter kusine *eks *eks* lejer udlejer
        chef chauffør* lærer ekskone ekskones eksmand eksmands ekskæreste bofælle håndværker søns_* datters_*
    """,
    datum="""
        *adresse *adressen telefonnummer* nummer nummeret mobilnummer* cpr* personnummer* fødselsdato* fødselsdagen
        bopæl bopælen lønnen mailen sagen indtægt
    """,
)
"""Ways of asking for what is known of another person."""

_OWN = frames(
    """
    mit/vores/barnets/børnenes barn/børn/eget; min søn/datter/dreng/pige/baby/søns/datters !far/mor/kæreste/lærer/chef
    *kontor*; borgerservice*; fuldmagt*; flytter/flytte/flyttet !hen/fra/sammen/til; melde/melder/meld/afmelde/afmeld
    ændre*; skifte*; hemmelig*; beskyttet; biblio*; genbrugs*; bor hos/sammen/ikke/stadig; må ikke
    """
)
"""Own children and own moves; offices have addresses, too."""


def about_others(said: str) -> bool:
    """Whether `spoken` words ask for something about another person."""
    return bool(_ASKED.search(said) and not _OWN.search(said))
