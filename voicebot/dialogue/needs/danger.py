"""Danger to life: breath, heart and blood, fire and gas, accidents, poison, and crimes going on now."""

from voicebot.dialogue.needs.frames import frames

_VITAL = frames(
    """
    112; 1_1_2; 1_12; 11_2; en/et en/et to $; ring en/et en/et to; hundrede_og_tolv; hundrede_tolv; alarmcentral*
    ambulance/ambulancen !kørsel; ambulancefolk*; lægebil*; redningsfolk*
    ikke ordentligt/rigtigt? trække/trækker/trækket/få/får .. nok? vejr/vejret/luft !i/på/ud/fra/til
    trække/trækker/får/få .. ikke .. vejr/vejret/luft !i/på/ud/fra/til; vejret ikke
    svært/besvær/problemer ved/med at? trække/få .. vejr/vejret/luft; snapper/hiver/gisper/kæmper efter vejret/luft
    <who>/grå/blå/og gisper; holdt/stoppet/stop op? med at trække/ånde ..; ånder/åndede .. ikke; kvæles; kvalt
    kvælning; galt/noget/<thing> i/ned_i den_gale_hals/halsen; den_gale_hals; forkerte hals
    hals/halsen/tungen .. hæver/svulmer/hævet; ikke/uden .. bevidsthed*; mistet/tabt bevidstheden; bevidstløs*
    livløs*; livsfare; besvimet/besvimer/besvimede; ingen/mærke/finde/svag .. puls; hjertestop
    hjertet .. stoppet/gået_i_stå/stået_stille/slår_ikke; genoplive*; hjertemassage; vågner .. ikke
    vil/kan ikke .. vågne !op_om/om; ikke .. vække <who>; <who> .. ikke .. vækkes/kontaktes $
    ikke til at vække/få_liv_i; ikke .. få_liv_i/få_kontakt_med <who>/$; kontakt med ham/hende $
    ikke få <who>/<poss> .. <kin>? .. op/vågen/til_at_vågne/til_at_svare $; <who> .. reagerer .. ikke !på
    reagerer ikke på tiltale; <who> .. rører/bevæger sig ikke; ligger ... svarer/siger/trækker .. ikke/ingenting
    ligger ... rører_sig/bevæger_sig/reagerer ikke; <who>/er .. slap som/og; slap som en; <who> .. er helt væk
    skummer/fråde om munden; iskold og; sortner for; for meget insulin; tung* hæver; ånder/ånde ikke; ikke ånde
    luft/luften jeg_kan_ikke; blå i/om/på .. hovedet/ansigt*/læbe*/mund*/fingre*; læberne .. blå; helt blå $
    grå i ansigt*/hovedet; bløder !gear*/penge; ikke .. mærke/høre/se .. trækker vejret
    trækker vejret .. mærkeligt/underligt/besværet/hurtigt/tungt/overfladisk/knap_nok; svag/ingen vejrtrækning
    blod/blodet .. over_det_hele/overalt/sprøjter/vælter/løber/fosser/pumper; masse/meget/fuld_af/er blod !i_banken
    fråder; fråde om; kramper !i/om; krampe i hele; krampeanfald*; epileptisk anfald; koldsved*; sveder koldt
    ondt/smerter/trykken/trykker/jag/stikker/strammer/snører ... brystet/brystkassen/hjertet; brystsmerter
    jag i hjertet; mundvig* .. hænger/ned; ansigt* hænger; skæv/skævt/skæve i/om ansigt*/mund*/hovedet
    armen/arm .. hænger slapt?; taler/snakker/siger/vrøvler .. sort/sløret/uforståeligt/volapyk/pludselig
    pludselig .. vrøvler/snøvler/lam/lammet/blind; ved at dø; <who>/og/så dør .. nu/$; jeg dør !af; døende her
    nogen/folk der/som? dør/er_døde/er_kvæstet; tror/vist/måske .. <who> .. er død/dør
    ligger .. død/døde !fugl/kat/hund/dyr/rådyr/ræv/rotte/måge/due/mus/blade/grene/fisk
    lige/har fundet .. <who> .. død/hængt/livløs; hængt sig; har hængt; kvæstede/hårdt_kvæstet; ved at drukne !i
    drukner !i; drukner/drukne/druknet i/ude_i .. <water>; under/gennem/igennem isen; <who>/bil* .. i .. <water> $
    <who>/bil* .. faldet/falder/faldt/røget/gået/kørt/ligger/hoppet/trillet/skredet ud? i .. <water>
    vandet stiger !op; føder .. nu/lige_nu; skal føde nu/lige_nu; barnet/babyen/hovedet/hun .. på vej ud
    har/fået/kommet .. veer; fødselsveer; vandet er gået !i/på/af; kollaps*/kollapser; lungerne/hals* lukker
    insulinchok; allergisk* chok/reaktion; fået allergisk; sukkerchok; <poss>? blodsukker* .. besvim*/ryster
    mavesår .. blod*; kaster/brækker/spytter/hoster .. blod
    """,
    thing="mønt pølse bolsje knap vindrue legetøj kød madstykke nød legoklods perle fiskeben",
)
"""Signs that a life is going out: meant whatever else is told."""

_EMERGENCY = frames(
    """
    <who> .. gået .. i sort; og/men svarer ikke $; styrtet ned; ikke .. løfte .. arm*; ikke .. vågen $
    brændende bil/hus/lejlighed/bygning; suget <poison> i sig; det/her/der brænder !på/af/for/når
    <home> .. brænder !for; begyndt at brænde; brænder .. ned/ikke_slukke
    brænder i/hos/oppe/nede/inde/ude/her/nu/derovre/ovre/på_taget/på_loftet
    nabo* .. brænder !affald*/haveaffald*/noget/plastik/træ/kvas; ild; slår gnister; gnister
    *ledning/*kabel .. ned/nede/strøm; elkabel; brand i/på/hos/ovre .. <fire>
    <fire>/<home>/nabo* .. står/er/gået/brudt .. i/ud_i/af .. brand/flammer; i brand; flammer; flammerne; lys lue
    ildebrand*; er/opstået/udbrudt .. der? brand !i_rør/hvor
    brandvæsen*/brandvæsn* .. nu/skynd/med_det_samme/hurtigt/hertil/herud/ud; send .. brandvæs*; brandbil*
    røg .. over_det_hele/overalt/kan_ikke_se/kan_ikke_komme_ud; fuld/fyldt af/med .. røg; kan ikke komme ud .. røg
    røg ud/op/ned/under/fra/hos .. <fire>/<home>/nabo*; er/kommer/masse .. røg i .. <home>
    vælter/vælt/står/kommer .. sort/tyk/grå? .. røg; røgalarm* .. hyler/røg/larmer
    lugter/lugt/lugte/stinker/dufter/siver/sivet/mærke .. gas !i_maven
    gas/gassen/gasflaske*/gasrør* .. suser/siver/hvæser/lækker/ud; gaslugt*; gasudslip; gaslæk*; kulilte*; gnistrer
    eksplosion*; eksplodere*; sprunget i luften; bombe; bomber; bombetrussel
    <who> .. fået .. strøm/stød !til/igen/tilbage/fra; hænger fast .. strøm*; højspænding* .. !mast*
    bryde/bryder/bryd/prøver_at_komme/forsøger_at_komme/på_vej ... ind hos/ad/gennem/i/her/nu/lige_nu/hos_mig/mig
    bryder .. ind $; bryde/bryder .. døren/ruden/vinduet op/ned?
    smadrer/slår/slået/sparker/smadret/sparke .. ruden/døren/vinduet .. ind/nu/lige_nu
    <who> .. rusker/hamrer .. døren
    fremmed*/tyv/tyven/tyve/indbrudstyv*/nogen .. inde/nede/oppe/rundt/ude? i .. min/mit/vores .. <home>
    en_mand/person .. står/går/inde/nede i .. min/mit/vores .. <home>
    der går/står/er/sidder .. fremmed*/tyv*/indbrudstyv* .. !på/i_min_konto; indbrud .. lige_nu/i_gang/nu
    er_i_gang/nogen inde i mit/vores hus; går rundt nede*/nede/oppe/inde/herinde
    nogen/de/en/han .. er/går/rumsterer .. i/inde_i mit/vores/huset hus? $; gemmer .. os/mig; gemt mig/os
    er lige/stadig? efter mig/os; jager mig/os; følger efter mig/os/hende .. nu/hjem/lige_nu
    med/har/trækker/truer .. kniv*/økse/machete/bat/pistol*/gevær*/skydevåben; slås/stukket/stikker/stak .. kniv*
    stukket/stikker/slået/slår .. ned !i_bold; kniv* i/for/mod/på; skyderi*; skyder .. !genvej/op/skylden/på_duer
    er/blevet/hørt/hører .. skudt/skud !op/af_sted; <who> .. skudt; overfalde*
    overfald .. nu/lige_nu/i_gang/her/nede/ude; røver/røvet/røveri .. nu/lige_nu/her
    slås/slagsmål/tæsker/tæver .. nede/ude/lige_nu/nu/med_flasker/på_gaden/på_torvet !om; de/folk slås .. !om/for
    jeg/vi/<who> .. i/i_stor/i_akut .. fare !for/zone
    <who> .. <fallen> .. ned/ud/om/omkuld/sammen/i_badet/på_trappen/på_gulvet
    <who> .. røget .. ned/i_autoværn*/i_gulvet/under
    <who>/jeg .. segne*/sank_sammen/sunket_sammen/klappet_sammen/gået_omkuld/kollapset/styrtet/kørt_galt
    <who>/der/og .. ligger .. helt? stille/livløs/forslået/forvredet/krøllet
    <who> .. faldt .. ned/ud .. lige_nu/lige/nu; <who> er lige? faldet .. $; faldt/falder om; <who> faldet om
    faldet om; <who> .. ned/ud ad/af/fra/fra_taget .. trappe*/tag*/stige*/stillads*/altan*/vindue*/træ*/sal/hest*
    jeg/<who>/og .. faldet/falder/væltet/faldt/ligger ... kan/kommer/sig .. ikke .. komme/rejse/røre/op/rejst
    ligger ... kan/kommer ikke .. op/rejse; kan/kunne ikke komme op $/og/herfra/igen/selv; gledet i badekar*
    slået hovedet; hul i hovedet
    <who>/jeg .. ligger .. på *gulvet/jorden/fortovet/trappen/vejen/gaden/bænken/badeværelset/skinnerne
    ligger .. en/et .. <person> !som/i_plejebolig
    <person> der? ligger .. på/i .. vejen/fortovet/gaden/græsset/skoven/kulden/sneen; bænken .. frosten
    <who> .. påkørt/kørt_over/mejet_ned/ramt_af_en_bil/ramt_af_toget/kørt_ned !efter
    påkørt/kørt_ind_i/ramt/kørt_ned .. <hit>; kørt .. <hit> ned/over; toget/bil*/bus*/lastbil* .. ramt <hit>/nogen/en
    jeg .. blevet .. påkørt/kørt_ned/ramt_af; sket .. *ulykke/uheld/sammenstød; færdselsuheld; trafikuheld; frontalt
    kørt galt; bil/bilen/bus/bussen/lastbil* .. væltet/på_hovedet/om_på_siden
    biler .. kørt_sammen/smadret/væltet/stødt_sammen; er kørt sammen
    hånd*/arm*/ben*/fod*/finger* sidder/er .. fast/klemt/i_maskin*; sammenstød .. vej*; bilen .. i grøften
    bil .. kørt_i/i søen/grøften/et_træ/en_mur/et_hus
    sidder .. fast $/i_bilen/under/i_maskinen/i_toget/klemt/vand*/ild*/røg; sidder i klemme
    klemt .. fast/inde/under/ihjel; begravet under; fanget i/under .. brænd*/bil*/elevator*/røg
    taget/spist/slugt/sluger/slugte/indtaget/proppet ... <pills>; taget/tog/har/fået .. overdosis
    taget .. for_meget_medicin/forkert_medicin/forkerte_piller; <who> .. har .. slugt; har slugt <thing>/et/en/noget
    drukket/drak/drikker/spist/spiste/slikket ... <poison>; fået .. gift_i/ætsende/klorin; forgift*
    stukket/bidt af .. hveps*/bi/slange*/hugorm .. !sidste; <who> .. bidt .. hund* ..  bløder/ansigtet
    kogende/skoldhed* .. vand/olie/fedt/kaffe/suppe .. over/ned/på; skoldet
    brændt .. mig/sig/hånden/armen .. slemt/meget/voldsomt/på_ovnen
    skåret/savet/hakket/klippet .. i_hånden/i_armen/dybt/slemt/meget/finger*/fingre*/af/motorsav* .. !hæk*
    blodprop !i_foråret; slagtilfælde; hjerteanfald; hjerneblødning; anfald; blevet .. lam/lammet
    side .. slap/lam/lammet/hænger/virker_ikke/død; slap/lammet i .. side; ikke .. mærke .. arm*/ben*/side*
    voldsomt/forfærdeligt/vildt/pludselig/helt_vildt/så ondt .. i maven/hovedet .. !af
    ondt/smerter .. ud_i/ned_i/i venstre?_arm/armen/kæben/skulderen_og; er .. gravid .. bløder/ondt; skynd dig/jer
    hurtigt/skynd .. hjælp; hjælp .. hurtigt/nu/nu_nu $; send hjælp; kom .. hjælp .. os/mig; politi politi
    livsfarligt; kæntret; kæntrede; våben; mand over_bord; kom hurtigt/nu
    send/sende .. nogen/hjælp/politi*/læge* .. nu/hurtigt/min/herud/her; det haster .. nogen/han/hun; går amok
    er gået amok; amok med; kidnappet; bortført; taget mit barn; tager gidsler; <kin> .. er væk .. <water>
    blod !i/til; høre/hører dem/nogen/en rode*/gå_rundt/rumstere*
    min/vores .. <kin> .. forsvundet/væk .. sporløst/i_skoven/og_har_ikke/fra_gården; under sneen; skred* over
    ramt af lyn*
    """,
    fallen="faldet styrtet skredet gledet snublet væltet trillet tumlet rullet dejset",
    thing="mønt batteri knap perle magnet",
    fire="""
        <home> gardin* komfur* emhætte* ovn* bil* tag taget vindue* dør* <home>_* sofa* seng* container* skov* mark*
        vaskemaskin* tørretumbler* pande* gryde* juletræ* tøj* hår* stikkontakt* eltavle* elskab* el* plejehjem*
        skole* batteri*
    """,
    person="mand dame kvinde person dreng pige cyklist menneske barn fyr baby",
    hit="cyklist* barn dreng pige mand dame fodgænger* person menneske* kvinde <kin> *børn knallert* motorcyk*",
    pills="""
        piller pillerne *piller panodil* tabletter* *tabletter *medicin* morfin* medicinen stoffer ecstasy fentanyl
    """,
    poison="""
        afkalker klorin *rens rengøringsmid* gift giftigt giftige benzin sprinklervæske kølervæske opvask* tændvæske
        lampeolie terpentin sæbe vaskepulver vaskekapsel* rottegift bær svampe batteri* vaskemiddel* neglelakfjerner
        ukrudtsmid* salmiak* ætsende syre eddikesyre sprit håndsprit plantegødning
    """,
)
"""What may be happening now: not where somebody asks in peace or tells of what is over."""

_SIGNS = frames(
    """
    ryster; bleg/bleg_og/helt_bleg; klam/klamsveder; sveder; grå; svimmel/svimle; kaster_op/brækker_sig/kastet_op
    kold/iskold; venstre_arm; kæben; ondt; smerter; brystet; uklar/omtåget/sløv/døsig; krampe/kramper
    stiv_i_nakken/nakkestiv; hævet/hæver/svulmer; hjertebanken; åndenød; hovedet_gør; lys_i_øjnene; knækket; brækket
    """
)
"""Signs of which two together are alarming."""

_CRY = frames(
    """
    brand/ild/ulykke/ulykken/trafikulykke/nødsituation/overfald/indbrud/tyv/nødhjælp/livsfarligt/nødstilfælde
    brænder !når/på; ^ hjælp $; ^ hjælp mig; hjælp hjælp; ^ hjælp .. nu $; brandvæsen*; jeg/han/hun dør !af; ^ akut
    ^ forgiftning; ring .. efter/til politi*
    """
)
"""In a cry of a few words."""

_SUPPOSED = frames(
    """
    kursus/kurser/kurset; *kursus; førstehjælp/førstehjælps*; *øvelse/*øvelsen/øvelser; øver; hvad koster
    *film/filmen; bog/bogen; serie/serien; drømt/drømte; hvis man/der/nogen/jeg/en/et/<who>/min/mit/vores .. !ikke_får
    hvad gør/skal man; når man; lære at; i tilfælde af; plan for; uddannelse*; for .. år/måned/måneder/uger siden
    i/til januar/februar/marts/april/maj/juni/juli/august/september/oktober/november/december
    sidste/forrige .. år/måned/uge/sommer/vinter; i fjor; som barn; hvert år
    tit/ofte/jævnligt/somme_tider/nogle_gange/af_og_til; når jeg/nogen/en/hun/han dør
    haft .. *stop/*prop/*anfald/*tilfælde/krampe*; hvem arver; kød og blod
    min/vores/mit/en .. kat/hund/hest/marsvin/kanin/undulat/fugl er/har/ved
    """
)
"""Words of those who imagine it, learn it or remember it."""

_PEACE = frames(
    """
    *affald*/bål/bålet/sankthansbål/grene/kvas*/brændeovn*; *skorsten*/pejs*/grill*/kul/udstødning*/nytår*; haft
    havde; *klage/*klager; gener/generer/genere/tilbud/hække/hæk/hækken; længe siden; for nylig; dengang
    i/til sommer/sommers/foråret/forår/vinter/vinters/efteråret/marts/maj
    *erstatning*/*forsikring*/*tilladelse/forbud*/ringet/skrevet/mailet/regler/reglerne; må jeg/man/vi/min; lov til/at
    risiko/forebyg*/*attest*/aflastning*; genoptræn*/sygehus*/hospital*/leve_af/arbejde_igen/hjemmehjælp*
    plejehjem*/hjælpemid*/kørekort*/*penge/*pension*/bevilg*/støtte; lægen/læge siger/har/mener
    efter en/et/min/hans/hendes/sin; brænder jeg/vi/man/på; ord for; kontakt/kontakte
    brandhane*/brandsikr*/brandalarm*/hyppig*/ulykkes*/medicinkort*/nødkald*/trafikken; give_blod/bloddonor
    åben/tænde/stikke/sætte/satte ild; hvor .. anmelder/melder/siger/henvender/afleverer
    hvem .. anmelder/melder/betaler/rydder/kontakter/har_ansvaret; *anmelde/anmeld
    *skilt/*skiltet/lygtepæl*/*hegn*/*bøde*/dyr/dyret/rådyr*/tyverialarm*
    """
)
"""Words of those who ask in peace, and of what is over."""


def in_danger(said: str, *, short: bool) -> bool:
    """Whether `spoken` words call for an ambulance, the fire brigade or the police now; short: no more than a cry."""
    if _SUPPOSED.search(said):
        return False
    signs = {sign[0] for sign in _SIGNS.finditer(said)}
    alarming = len(signs) > 1 or _EMERGENCY.search(said) or (short and _CRY.search(said))
    return bool(_VITAL.search(said) or (alarming and not _PEACE.search(said)))
