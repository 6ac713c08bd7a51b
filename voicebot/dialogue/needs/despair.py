"""Despair: not wanting to live, hurting oneself, violence and fear at home, abuse; the caller's own or of one near."""

from voicebot.dialogue.needs.frames import frames

_DEATH = frames(
    """
    selvmord*; selvskad*; afskedsbrev*; livskrise*; livslinie*; livslinje*; tage/plan*/overvejer .. overdosis
    tage/tager/tog/taget .. livet .. af; tage/tager/tog .. <own> .. liv; gør/gøre/gører .. en_ende_på
    en_ende_på .. livet/mit_liv/alt; at/vil/skal/jeg/overvejer gør/gøre det hele? forbi
    afslutte .. det_hele/livet/mit_liv; lyst til at dø/forsvinde/slutte; tanker om at dø/forsvinde/døden
    <want> .. ikke .. leve/eksistere !af/med/for/sammen/sundt/mere_sundt/uden; <want> .. ikke .. leve mere/længere/$
    magter/orker ikke .. leve
    <want> .. ikke .. være_til/være_her/være_i_live/findes/vågne .. mere/længere/$/i_morgen/igen/op/i_verden !til
    leve mere/længere $; grund til at leve/blive/være_her; <who>/jeg ikke <want> leve/være_her/mere
    ikke .. være_i_verden/være_på_denne_jord/være_i_live; kan ikke være til mere?
    ønsker/beder_til/håber .. at/jeg? ikke .. vågne*/vågner*; sove ind; sov ind .. aldrig; aldrig .. vågne
    ikke .. vågne igen/mere/op !om; gider/vil ikke vågne; <wish> .. at? dø/død/døden !hjemme/af/på; vil .. dø $
    ikke .. værd .. at leve; livet værd; uden mening .. livet
    ingen/ikke .. mening/formål/glæde/grund .. livet/med_det_hele/at_leve/noget !*kurs*
    jeg har ikke/intet noget/mere/nogen? at leve for; ikke mere at leve for; ikke jeg har noget at leve for
    livet .. ikke .. mening; træt/ked/færdig/mæt af/med livet/at_leve/at_være_til; træt af det_hele
    færdig med det_hele/verden/livet; livet/alt/det_hele/alting er/føles/virker/kan_være .. <bleak>
    orker/magter/kan .. ikke flere dage/nætter
    orker/magter ikke .. livet/en_dag_mere/det_her_liv/at_være_her/det_hele_mere; magter ikke mere; orker ikke mere $
    holde/holder det/livet/det_her/det_hele .. ikke?  ud .. længere/mere/$ !*støj*; ikke holde det ud .. !støj/larm
    bedre/bedst/nemmere/lettere/gladere .. uden_mig/foruden_mig/hvis_jeg_ikke/om_jeg_ikke/jeg_var_væk/jeg_var_død
    uden mig .. bedre; hvis jeg ikke .. var_her/var_til/fandtes/levede; jeg .. forsvandt; ingen .. savne mig
    savner mig ingen; til besvær for alle; vil/ville/kunne/at/lyst_til .. forsvinde .. <away>
    forsvinde fra/for_evigt .. !*listen*/systemet
    <means> .. klar/klare/ligger/fremme/liggende/foran_mig/parat/i_hånden/fundet; samler/samlet/gemt .. piller
    hænge/hænger/skyde/skyder/drukne/dræbe/kvæle mig/sig/dig selv?; slå .. mig/sig/dig selv?_ihjel/selv_ihjel/ihjel
    <want>/tænker_på/lyst_til/jeg .. hænge/skyde/drukne mig; køre .. ind_i et_træ/en_mur/en_lastbil/modkørende
    tænkt/overvejer/tænker_på .. overdosis/piller; lyst til at køre
    <jump> ... foran/ud_foran/ud_fra/fra/på/ned_fra/ud_over/ud_af .. <edge>; <want> .. springe/hoppe ud? $
    springe/springer/hopper/hoppe/springer $
    står/sidder/sad/stod/er/går/på_vej .. på/ved/ned_til/ud_til/hen_til .. *broen/*skinnerne/*kanten/jernbanen
    skrevet/skrev/sagt/skriver .. farvel
    sige/siger/tage/tog farvel til/med livet/alle/verden/børn*/mine/sin/os/familie*; dårlig fred
    jeg .. hører/høre stemmer; stemmer .. siger/beder/fortæller; <dark> tanker; tanker* .. mørke/sorte/skræmmer
    ved ikke .. hvordan jeg skal leve/overleve; ikke se nogen vej/udvej/mening/fremtid
    ser ingen/ikke .. udvej/vej_ud/fremtid; ingen udvej; ikke se .. vej_ud/lyset/meningen/en_udvej
    opgivet .. livet/alt/håbet/at_leve; mistet/tabt .. livsmod*/livslyst*/lysten_til_livet
    ikke .. lyst .. til livet/at_leve/at_vågne/at_stå_op/noget_mere/mere; ikke klare livet/mere $
    ikke klare det mere $; blive ved med at være_her/leve/være_til; sove .. aldrig
    ingen .. mærke/opdage/savne/lægge_mærke .. væk/borte/forsvandt/død/mig; i mit eget_hoved; væk fra det_hele
    væk herfra for_evigt/for_altid/$; ikke at? vågne; følge efter ham/hende/min; miste mig selv
    lyder/lød/ligner .. farvel; låst/lukket sig inde .. siger/med/vil/og; tage gasrøret; kniv* .. håndled*
    venter .. på .. at/døden .. holder_op/holde_op/dø/slut/det_hele; skal være slut nu; tænker .. ende det
    helt alene .. forfærdeligt; ikke mere .. at give; bare have/ha/få .. fred; fred for altid; fred for evigt
    ikke .. se nogen mening; nemmest/hurtigst/lettest .. herfra/dø; hader mig selv/mit_liv
    fundet/købt/bundet/hængt .. reb/tov; har det .. forfærdeligt/ad_helvede/ad_helvede_til; knækker sammen; sammenbrud
    vil .. hjem_til_gud/op_til_min_mand
    """,
    wish="vil ville ønsker ønske gid overvejer tænker_på klar_til helst hellere længes_efter",
    bleak="lige_meget ligegyldigt meningsløst sort håbløst mørkt slut umuligt",
    means="pillerne piller *piller reb* tov tovet strik* barberblad* kniven",
    jump="springe springer hoppe hopper kaste kaster smide lægge lægger gå",
    own="mit sit dit eget eget_lille",
    want="vil gider orker ønsker magter evner kan ville kunne vil_jeg gider_jeg orker_jeg ønsker_jeg have_lyst",
    away="$ helt væk fra_jorden for_altid nu bare for_evigt fra_det_hele sporløst herfra",
    dark="mørke sorte farlige onde dumme selvmords tunge grimme",
    edge="""
        toget tog et_tog s_toget broen bro_* en_bro *broen taget altanen vinduet *etage *sal en_bil bilerne metroen
        skinnerne bygning* højhus* kirketårn* parkeringshus* lastbil* kanten *bæltsbroen
    """,
)
"""Not wanting to live."""

_HARM = frames(
    """
    <wound> .. i? mig/sig/hende/ham selv
    skærer/cutter/skåret/snitter i? mig/sig/armene/lårene/hud* .. !i_hånden/i_fing*/ud/slemt/dybt/på
    gør/gøre/gjort .. mig/sig/hende/dig selv? ondt/fortræd/noget/skade; gøre/gør/gøre_skade skade? på mig/sig selv
    skade/skader på mig/sig selv; skåret/snittet/ridset i .. arm*/håndled*/lår*/hud*/ben*
    sår/ar/rifter .. på/hen_over .. arm*/håndled*/lår*; brændt mig på armene; cutter*; skærer i sig
    """,
    wound="skærer skære cutter cutte skader skade skåret brændt kradser ridser straffer snitter sulter",
)
"""Hurting oneself."""

_VIOLENCE = frames(
    """
    voldt*; voldelig*; incest; krisecenter*; krisecentr*; kvindehus*; mishandle*; kvælertag*; halsgreb*
    kvindemishandl*; stalker*; vold $; partnervold
    udsat/offer/af/bruger/psykisk/fysisk/seksuel/med/for/hans/økonomisk vold; vold i/derhjemme/mod/fra
    hånd*/fingre* .. om/på .. halsen/struben; <near> ... <hits> !op/sneen/ud .. <victim>; de <hits> .. <victim>
    <near>/de .. <hits> også? <victim>; <near> .. slår/tæver/banker/sparker/truer .. $; slår mor/far
    <near> ... og slår/sparker/tæver/truer/banker/kaster
    <hits> mig/os/børnene/barnet/hende !*op/ind/fast/ud_af .. !*kort*
    kaste/kaster/kastet/smider/smadrer .. ting/tallerken*/noget/glas .. efter/mod/og
    truer .. med_at slå/dræbe/smadre/skade/tage_livet/komme_efter/køre/brænde
    truer/trues/true mig/os/hende/familie* !med_at_smide/med_at_sætte; <near> .. slå <victim>
    slå/slår/slog .. ihjel !rotte*; dræbe*/smadre*/skyde*/kvæle*/myrde*/stikke* mig/os/hende .. ihjel/ned/$
    ihjel hvis; vil/skal/kommer_og smadre/dræbe/kvæle/tæve/myrde mig/os/hende
    bliver/blevet/blev .. <beaten> !op/ud/hjem .. af/derhjemme/hjemme/$/igen/når/i/hver !op
    tæsk/lussing*/bank/klø .. af/når/derhjemme/hver/hvis/igen; får/fik/fået/give/giver tæsk/bank/klø/lussing*
    slår mine?/sine?/vores børn; slår .. med bæltet/bælte*/en_stok
    brænde/brænder/sætte .. huset/os/mig/lejligheden .. af; kommer/kommer_efter og? tager/dræber/henter/finder mig/os
    ingen .. tror/tro mig; nikker .. skaller; kommer ind på/til .. værelse/seng/mig_om_natten
    mor/far/han/hun slår når/hvis/og/fordi/igen; låst/låser/lukker/spærret .. mig/os/hende inde; låst inde .. min/han
    holder .. fanget/indespærret
    må ikke .. gå_ud/tale_med_nogen/se_nogen/forlade/have_venner .. for/ham/hende/<near>/$
    bange/ræd/angst/rædselsslagen/skræmt for at? .. ham/hende/hvad_han/hvad_hun/være_hjemme/gå_hjem/komme_hjem
    bange for at han/hun .. slår/gør/kommer/finder/dræber/skyder/tager/smadrer
    bange/ræd/skræmt for <poss> .. <near> $/og/når/han/hun/så/fordi/for/der/som/derhjemme
    bange for at gå_hjem/være_hjemme; bange for at? .. være/gå/sove/komme_hjem .. hjem/hjemme/sammen_med_ham/hos_ham
    tør ikke !lade .. være/gå/tage/komme/sove/blive/køre .. hjem/hjemme/ind_til/derhjemme/hos/sammen_med
    tør ikke .. for ham/hende/<near>; tør ikke lægge/sove; tør ikke .. sige/gå .. han/ham/hun/hende
    væk/flygte*/flygtet/løbet/stukket/gemmer_mig/gå/flygte/komme_væk/løbe .. fra ham/hende/<poss>_<near>/hjemmefra
    må/skal/vil/kan/prøver .. væk .. fra ham/hende; hjemmefra .. slår/fordi
    forfølger/chikanerer/overvåger/jagter/opsøger/udspionerer mig/os/hende; finder/opsøger mig .. hvis/og
    han/hun .. bliver/er .. voldsom*/aggressiv*; voldsom over_for/mod/når
    rører/rørt/rørte/røre/befamler/piller .. ved .. mig/hende/ham/datter*/søn* !bil*
    tvinger/tvang/tvunget .. mig/hende .. i_seng/til_sex/sex/til_at_gifte/til_at_gå_i_seng/til_ting/til_ægteskab
    seksuelt* misbrug*/krænk*; misbrugt/krænket seksuelt/af/som_barn; krænket mig; overgreb; sexuel*
    gør ting ved/med mig/hende/ham; tager_tøjet/rører .. af_mig/mig
    gifte/gifter/bortgift* mig/hende .. væk/bort/med_en/med_min; gift* mod .. vilje; tvangsgift*; tvangsægteskab*
    social kontrol; æresrelater*; skam over; straffes .. for; sendt/sende_mig/sender_mig til_udlandet .. gift*/mod
    råber/skriger/slår/hører .. naboen/nabo .. skriger/tæver/banker
    nabo* ... tæver/banker/gennembanker/slår <poss>/konen/børnene ..; skriger .. hjælp/som_om_hun; slår .. igen .. $
    river/skubber/skubbede/sparkede/bed/spyttede .. mig .. $
    skubbede/sparkede/tævede/bankede/kvalte/slog mig/hende/mor/barnet
    smed/smidt/kastet/kastede/skubbet/slynget/slyngede/hevet/presset mig/hende .. ind_i/ned/mod/op_ad
    <near> .. tager/tog/taget på mig/hende; går/gik amok på/mod/over_for; fri for tæsk
    """,
    beaten="slået banket tævet sparket truet gennembanket kvalt mishandlet pryglet kontrolleret",
    near="""
        <kin> han hun ham far mor manden konen eksen stedfar stedmor *far *mor plejefar plejemor papfar de_voksne
        en_voksen onkel en_der nogen_der
    """,
    hits="""
        slår slog slået sparker sparket sparkede banker banket bankede tæver tævet tævede tæsker tæsket prygler pisker
        kradser bider bidt river spytter_på kvæler truer truet truede ydmyger mishandler gennembanker smadrer skubber
        chikanerer terroriserer jager
    """,
    victim="""
        mig os mor far børnene barnet hende ham <poss>_<kin> <poss>_lille_<kin> konen mine_børn lillebror lillesøster
    """,
)
"""Violence, threats, abuse and fear, mostly at home."""

_SHORT = frames(
    """
    vold; han/hun/manden/far/mor slår; ^ jeg? kan/magter/gider/orker/vil .. ikke mere nu? $; ^ jeg er .. så? bange $
    ^ alt/det_hele/livet er .. sort/håbløst/slut/ligegyldigt; jeg er helt? knækket
    ved at bryde/gå/knække sammen/ned/i_stykker; lyst til at dø; ^ jeg? vil/må? dø
    """
)
"""In a few words."""

_ELSE = frames(
    """
    kursus/kurser/kurset; foredrag*; bog/bogen; film/serie; politik*; forsk*; frivillig*; opgave; arbejder i/på/med
    job*; søge arbejde; snydt; priser; gebyr*; revner; bidrag*; *billet*; rabat; skak; støj*; larm*; musik*
    skærer sig ud; skade på bil*/hus*
    bange for .. <poss>? pension*/penge/have/bil/hus/økonomi*/kat/ansøgning/sag/løn/opsigelse/fristen/regning*
    """
)
"""Words with which the same is said of something else."""

_OTHERS = frames(
    """
    hund/hunden/hunde/hundene/kat/katten/katte/hest/hesten/hveps*/måge*/rotte*/myg/flåt*/insekt*; klasse/klassen
    mobning*; mobbe*; mobbet; fortæller .. at_hendes/at_hans/at_hjemme; naboens barn/børn/unger; min elev
    *adresse*/husnummer*/skjult/skjule; vil/skal/hvordan/hvor .. anmelde
    slår/skærer/slå .. græs*/hæk*/plæne*/sne*/op/søm; på_skulderen; i_skolegården
    """
)
"""Animals, school, children of others, and what is for the police."""


def in_despair(said: str, *, short: bool) -> bool:
    """Whether `spoken` words tell of despair or violence; short: no more than a cry."""
    if _ELSE.search(said):
        return False
    hurt = (_HARM.search(said) or _VIOLENCE.search(said)) and not _OTHERS.search(said)
    return bool(hurt or _DEATH.search(said) or (short and _SHORT.search(said)))
