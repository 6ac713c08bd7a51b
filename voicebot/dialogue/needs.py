"""Who needs help at once, wants a human, or asks about somebody else: understood from the words themselves.

A caller in need says little and is badly heard, so need is recognised from a single word up: words that mean nothing
else count anywhere, words that also stand in everyday questions only without words of peace, or in a short cry.
"""

from difflib import get_close_matches

from voicebot.dialogue.cues import any_of, words

HUMAN, DANGER, DESPAIR, PERSONAL = "tal-med-medarbejder", "noed-112", "noed-livskrise", "udenfor-persondata"
"""Ids of the answers that a need leads to."""

SHORT = 5
"""Words up to which an utterance is a cry rather than a question."""

_KIN = (
    r"(mand|kone|kæreste|samlever|ven|veninde|far|mor|farfar|morfar|farmor|mormor|bedstefar|bedstemor|bror|søster|søn|"
    r"datter|barn|barnebarn|dreng|pige|baby|nabo|underbo|overbo|kollega|svigermor|svigerfar|onkel|tante|eks\w*|"
    r"stedfar|stedmor|bofælle|søns|datters|knægt)"
)
_SOMEONE = rf"(han|hun|nogen|barnet|babyen|drengen|pigen|manden|konen|damen|kvinden|naboen|\w+ {_KIN})"

_DANGER = any_of(
    r"\b(112|1 1 2|1 12|11 2|(et|en) (et|en) to|(et )?hundrede (og )?tolv)\b|ambulancen?\b|alarmcentral|\blægebil",
    r"\bredningsfolk",
    r"\bdet brænder (i|hos|her|inde|nede|oppe|ude|nu)\b|\bhuset brænder|\b(er|gået|går) (der )?ild i\b|\bi brand\b",
    r"\b(er|opstået|udbrudt) (der )?brand\b|\bflammer(ne)?\b",
    r"\brøg i (hele )?(opgangen|lejlighed|trappe|køkken|stue)",
    r"gaslugt|\blugter (kraftigt |meget |stærkt )?af gas\b|\bgas ?udslip",
    r"\b(mærke|lugte|lugter|dufter) (\w+ )?gas\b|\bkulilte",
    r"bevidstløs|livløs|livsfare|\bingen puls|\b(finde|mærke) (\w+ )?puls|\bhjertet (er )?(gået i stå|stoppet)",
    r"\bbløder\b|\bblodet (vælter|sprøjter|løber)|forgiftet|\bondt i brystet|\bsmerter i brystet",
    r"\bkollapse[rt]?\b|\bgnistrer\b|\bunder isen\b|\bkniv i (maven|ryggen|brystet|halsen)|\blys lue\b",
    r"\bved bevidsthed\b",
    r"\bblå om (læberne|munden)|\btaler (\w+ ){0,2}(uforståeligt|sløret)\b|\bskudt ned\b",
    r"\b(er|blevet) skudt\b",
    r"\bspist (\w+ ){0,3}(bær|svampe|vaskepulver|rottegift|sæbe|batteri)|\bfærdselsuheld\b|\bsammenstød\b.*\bvej",
    r"\b(og|men) svarer ikke$|\bkørt ned (i|på|af)\b|\bslået hovedet\b|\bfor mange \w*(piller|tabletter)\b",
    r"\bdrukne i (havnen|åen|søen|vandet|poolen|bassinet|fjorden)\b",
    rf"\bfremmed (\w+ )?(inde )?i (min|vores) (stue|gang|lejlighed|have)\b|\b(han|hun|{_KIN}) dør( nu)?$",
    r"\bved at dø$|\bskyderi\b|\b(skal føde|føder) (lige )?nu\b|\bvoldsomt ondt\b|\bkoldsved|\bbesvimer",
    r"\bkramper?\b(?! i)|anfald\b|\bfødselsveer|\bhar veer\b|\bbidt af en (hugorm|slange)",
    rf"\b({_SOMEONE}|person|arbejder|\w+mand)( \w+){{0,3}} (faldet|styrtet|røget|skredet|gledet) (ned|ud|sammen|om)\b",
    r"\bikke (vække|få liv i|få kontakt med|få (ham|hende|\w+ \w+) (op|vågen|til at (vågne|svare)))\b",
    r"\bkørt i (søen|vandet|havnen|åen|kanalen)|\b(prøver|forsøger) (på )?at (komme|bryde) (sig )?ind\b",
    r"\b(har|kan|får|fået) (lige )?(ikke )?f(å|år|ået) (en |et )?(blodprop|hjerteanfald|slagtilfælde|hjertestop)$",
    r"trække?r? (næsten |slet )?(ikke )?vejret|\bvejret ikke",
    r"\bikke (\w+ )?(trække|få|får) (vejret|luft|nok luft)(?! i)",
    r"\bkvæles?\b|\bkvalt\b|\b(ved at|er) (drukne|druknet)$|\bdrukner\b|\bfået noget galt i halsen",
    r"\bånder ikke\b|\ber (helt )?blå i",
    rf"\b(faldet|væltet|falder|faldt) .*\bkan ikke (komme|rejse|røre|bevæge)|\b{_SOMEONE} ligger og kan ikke",
    r"\b(faldet|falder|røget) i (vandet|havnen|åen|søen|kanalen)|\bgået gennem isen",
    r"\bindbrud lige nu|\b(indbrudstyv|tyv|fremmed)\w* (her )?(inde )?i (mit|vores) (hus|stue|lejlighed|køkken)",
    r"\b(nogen|en|en mand) (er |der er |der )?(inde )?i (mit|vores) hus$",
    r"\b(bryder|brudt|brød) (lige )?(nogen )?ind (lige )?nu",
    r"\b(nogen|en mand|en) (er ved at )?(bryder?|bryde) (sig )?ind\b|\bkniv(en)?\b.*\b(mig|os|strube)",
    r"\bmed en kniv\b",
    r"\bfaldet om\b|\bbesvimet?\b|\bpåkørt\b|\bkørt (ned|over) af\b|\bblevet kørt (ned|over)\b|\bføder nu\b",
    r"\b(barnet|babyen|hun) er på vej ud\b|\bvandet er gået\b(?! i)|\bsvarer ikke og ligger\b|\bvågner ikke\b",
    rf"\b{_SOMEONE} (\w+ )?(reagerer ikke|kan ikke vækkes|er ikke til at vække|er helt væk og)|\bvil ikke vågne\b",
    r"\bligger (der )?(en|et) (\w+ )?(mand|dame|kvinde|person|dreng|pige|cyklist|menneske|barn)\b",
    r"\bligger på (\w*gulvet|jorden|fortovet|trappen)\b",
    r"\b(mand|dame|kvinde|person|dreng|pige|cyklist|menneske|barn) (der )?ligger (\w+ )?(på|i) (vejen|fortovet|gaden)",
    r"\b(taget|spist|slugt|sluger) (\w+ ){0,3}(piller|pillerne|sovepiller|panodiler?|tabletter|sovemedicin|gift)",
    r"\bslugt (et|en|sit|noget) |\btaget en overdosis|\bhar overdosis|\btaget for (meget medicin|mange piller)",
    rf"\b{_SOMEONE} er (lige )?faldet( (ned|ud) (fra|af|ad)| på trappen| i badet|$)",
    r"\bdrukket (\w+ ){0,2}(afkalker|klorin|afløbsrens|rengøringsmiddel|gift|benzin|sprinklervæske|opvask|tændvæske)",
    r"\b(står|er) (lige )?(uden ?for|udenfor|ved) (min |vores )?(dør|døren|hoveddøren)\b.*\b(truer|slå|kniv|ind)",
    r"\bskåret (mig|sig)( \w+)? (i hånden|i armen|i håndledde|dybt|slemt|meget)|\bpistol|\bskyde[rs]\b|\bskudt\b",
    r"\b(i|har|får) hjertestop|\bstop med at trække vejret|\ballergisk (chok|reaktion)|\bsiger ikke noget .*ansigt",
    r"\bansigtet hænger|\blammet i (den ene|hele)|\bden ene (side|arm) .*\b(lam|lammet|hænger|virker ikke)",
    r"\b(fået|har) strøm\w* (gennem|stød)|\bkogende (vand|olie|fedt) (ud )?over\b",
    r"\b(skoldet|brændt) (mig|sig) (slemt|meget)",
    r"\bsidder fast$|\bsidder fast (i|under) (bilen|maskinen|toget)|\b(er )?kørt sammen\b",
    r"\bskæv i (ansigtet|munden)|\bbilen (ligger i|er kørt i) (grøften|vandet|søen)",
)
_DANGER_IN_EARNEST = any_of(
    r"ildebrand|\bbrænder\b(?! for)|\bhjertestop|\bsket (en|et) \w*(ulykke|uheld|sammenstød)",
    r"\bbrandvæsen(et)? (nu|med)",
    r"\brøg (\w+ )?(ud )?(fra|af|hos|inde) (\w+ )?(nabo|tag|vindue|lejlighed|hus|kælder|opgang|køkken)",
    r"\bsprunget i luften",
    r"\b(kommer|vælter|står) (der )?(\w+ )?(sort |tyk |meget )?røg\b|\bhjælp\b.*\b(hurtigt|skynd)",
    r"\bskynd (dig|jer)\b.*\bhjælp",
    r"\bslagtilfælde|\bblodprop|\bkørt galt|\bkørt ind i (et træ|en cyklist|et barn)|\boverfaldet\b|\boverfalder\b",
    r"\bbrandbil|\bnogen har brudt ind|\bdøende på\b|\bkan ikke mærke (sin|sine|min|mine) (arm|ben|side)",
)
"""Dangers that people also ask about in peace: not with a word of `_PEACE`."""
_DANGER_SHORT = any_of(
    r"\bbrand\b|\bbrænder\b|\bulykken?\b|trafikulykke|hjerteanfald|blodprop|nødsituation|\boverfald\b",
    r"^hjælp( mig)?$",
    r"\bhjælp hjælp|^(hjælp )?(en )?(tyv|indbrud)( nu)?$|\bbrandvæsen|\bjeg dør\b|\bhan dør\b|\bhun dør\b",
)
_PEACE = any_of(
    r"affald|\bbål|\bgrene\b|kvas|brændeovn|skorsten|pejs|\bgrill|\bkul\b|\bhaft\b|\bklage|\bgener|tilbud",
    r"øvelse|hække",
    r"\b(sidste|forrige) (\w+ )?(år|måned|uge|sommer|vinter)|\bi fjor\b|\bsiden\b|\bfor nylig\b|\bdengang\b",
    r"\bhvert år\b",
    r"erstatning|forsikring|tilladelse|\bmå (jeg|man|vi|min)\b|\bkurs|\bregler|\brisiko|forebyg|attest|aflastning",
    r"genoptræn|\blægen? (siger|har|mener)|sygehus|hospital|\bleve af\b|\barbejde igen|\bhjemmehjælp",
    r"hjælpemid|kørekort|sygedagpenge|pension|\befter (en|et|min|hans|hendes|sin)\b|\bhvis\b",
    r"\bligne|\bbrænder (jeg|vi|man)\b|\bord for|\bkontakt\b|brandhane|brandsikr|\bhyppig|\bulykkes|\bmedicinkort",
)
"""Words of those who ask in peace, and of what is over."""

_DESPAIR = any_of(
    r"selvmord|selvskade|afskedsbrev|kvælertag|livskrise|krisecenter|voldt(ægt|ag|og)|voldelig|incest",
    r"misbrugt seksuelt|seksuelt misbrug",
    r"\btage?r? (livet af|(mit|sit|dit) (eget )?liv)|\bgør(e|er)? en ende på (det|livet|alt|mit)",
    r"\bafslutte (det hele|livet|mit)",
    r"\bikke (\w+ )?leve (mere|længere)|\b(vil|kan|gider|ønsker)( jeg)? ikke( at)? leve$",
    r"\bleve (mere|længere)$|\bgrund til at leve",
    r"\b(vil|ønsker|ville ønske)( gerne| bare| kun| hellere| helst)?( at)?( jeg)? (dø|var død|være død)\b",
    r"\blyst til at (dø|leve)\b",
    r"\bslår? (mig|sig) (selv )?ihjel|\bhænge (mig|sig)( selv)?$",
    r"\bhoppe (ud )?(fra|foran) (en |et |broen|toget)|\bspringe (ud )?foran",
    r"\b(orker|magter) (ikke (mere$|livet|det (hele )?mere|at (leve|være))|livet ikke)",
    r"\bholde (det|livet) ud( længere| mere|$)",
    r"\b(vil|orker|gider) ikke (at )?(være|vågne) (til|her|op)?( mere| længere)?$|\bbedre uden mig",
    r"\bhvis jeg ikke (var her|var til|fandtes)|\bhar det (helt )?(forfærdeligt|ad helvede)",
    r"\b(livet|det hele) (er|giver) (ikke |ingen )?(meningsløst|ligegyldigt|mening|værd)",
    r"\bikke (\w+ )?værd at leve",
    r"\bingen mening (med|i) (livet|noget)|\btræt af (livet|at leve)|\bfærdig med livet",
    r"\bsige farvel til (livet|alle|mine børn)",
    rf"\b(han|hun|{_KIN}|eksen) (har )?(lige )?"
    r"(slår|slog|slået|banker|tæver|truer|sparker|kvæler|river) (mig|os|barnet|børnene|på)\b",
    r"\b(slår|banker|tæver|sparker) (\w+ )?(mig|os|børnene|barnet|min mor|min søster|sin kone|konen)\b",
    rf"\b(bange|ræd|rædselsslagen|angst) for (at {_SOMEONE} slår|mine? (\w+ )?{_KIN}|hvad (han|hun)|ham|hende)\b",
    r"\bbange for at (gå|være) hjem",
    r"\b(udsat for|psykisk|fysisk|seksuel|af) vold\b|\bbliver slået\b",
    r"\b(blevet|bliver) (slået|banket|tævet)\b|\btruer (mig )?med at (slå|dræbe)",
    r"\b(at|vil|skal|ville|kan) (\w+ )?(forsvinde|gøre det forbi|få det overstået)( helt)? (fra jorden|for altid|nu)$",
    r"\brører ved mig\b|\blyst til at (vågne|stå op) |\bskal være slut nu\b",
    r"\bgøre? det (hele )?forbi\b|\bmishandle[rt]\b|\bvil springe( ud)?$|\bstår på (broen|taget|kanten)",
    r"\bsidder på broen",
    r"\b(slår|slå|pisker|kradser|bider|spytter på|ydmyger|skubber|truer|kvæler) (mig|os)( igen)?$",
    r"\bvil tage (sit|mit) liv",
    r"\btænkt mig at tage (en overdosis|piller)|\bplan(er)? om at dø|\bønsker at dø|\bdø fra det hele",
    r"\btør ikke være (alene )?hjemme|\bleve med det( her)?$|\bikke jeg har noget at leve for",
    rf"\b(min )?{_KIN}( \w+){{0,5}} og (slår|truer|sparker|tæver)\b|\bhalsgreb|\b(forfølger|stalker) mig\b",
    r"\b(tænker på at|lyst til at|vil) (køre ind i|springe ud|hoppe ud|hoppe fra|hænge mig|skyde mig|drukne mig)",
    r"\bikke (noget|mere|nogen) at leve for\b|\b(skade|skader) på mig selv|\bkaster (\w+ ){0,2}efter mig\b",
    r"\btruer (mig|os)\b|\btvinger mig til (sex|at gå i seng)|\bholder mig indespærret|\blåst mig inde",
    r"\btør ikke (gå|være|tage) hjem",
    r"\b(skærer|cutter|skader) (i )?(mig|sig|hende|ham)( selv)?\b|\bskåret i sig selv",
    r"\bgøre skade på (mig|sig) selv|\bskade (mig|sig) selv",
    r"\bhar ikke (mere )?lyst til (livet|noget mere)|\bhar opgivet (livet|alt)",
    r"\bkan ikke klare (livet|mere|det mere)$|\bkan ikke se nogen (vej|udvej)",
)
_DESPAIR_SHORT = any_of(
    r"\bvold\b|\b(han|hun) slår\b|^jeg (kan|magter|gider|orker|vil) (bare |simpelthen )?ikke mere( nu)?$",
    r"^jeg er (så )?bange$",
    r"^(alt|det hele) er (helt )?(sort|håbløst)$|\bjeg er (helt )?(knækket|ved at bryde sammen)$",
)
_NO_DESPAIR = any_of(
    r"\bsnydt\b|\bpriser|gebyr|\brevner",
    r"\bbange for (min|mine) (pension|penge|have|bil|hus|økonomi|kat|ansøgning|sag)",
    r"\b(kurs|foredrag|bog|politik|forsk|arbejder (i|på|med)|job|søge arbejde|frivillig)|\bfor (\w+ )år siden",
    r"\bklasse\b|\bbidrag|\bveninde fortæller|\bnaboens (barn|børn)|\bhunde?n?\b|\bkatte?n?\b",
    r"\b(slår|skærer) (græs|hæk|plæne)",
    r"\bskærer sig ud|\bskade på (bil|hus)|\bslå(r)? (\w+ )?op\b",
)
"""Words with which the same is said of something else."""

_HUMAN = any_of(
    r"medarbejder|telefonist|telefondame|\breceptionen\b|omstil|viderestil|omtilling",
    r"\b(tale?|tala|snakke?|talt|snakket) (\w+ ){0,2}med (nogen|nogle|jer|et|én?|en( anden| af jer)?)( nu| tak)?$",
    r"\b(tale?|tala|snakke?) (\w+ ){0,2}med (nogen|nogle|jer|borgerservice)\b",
    r"\b(tale?|tala|snakke?) (\w+ ){0,2}med (en |et |én )?(\w+ )?(mennesker?|person|stemme|dame|mand|voksen)\b",
    r"\b(tale?|tala|snakke?) (\w+ ){0,2}med (en |et |én )?(\w+ )?(der|som|fra|i|hos|på|af|oppe|nede|inde|derinde)\b",
    r"\b(tale?|snakke?) (\w+ )?med (kommunen|rådhus|min (sagsb|rådgiver)|den ansvarlige|chefen)",
    r"\bjeg kan (tale|snakke) med$",
    r"\bstil(le|ler)? (du |i )?(mig|os) (lige |bare )?(om|videre|igennem|ind)\b",
    r"\bstille[st]? (om|videre|igennem)\b",
    r"\bsæt(te|ter)? (du )?mig (\w+ )?(igennem|i forbindelse)",
    r"\bgi(v|ve) mig (lige |bare |nu )*(en|et|nogen) (at|der|som|menneske|person|voksen)",
    r"\b(få|have|får) fat (i|på) (en|et|nogen|jer|kommunen)\b|\b(have|få|er der) (\w+ ){0,2}menneske",
    r"\b(rigtigt?|levende|virkeligt?|ægte|normalt?) (person|menneske|mand|dame|en|nogen)",
    r"\bikke (gide |gider )?(at )?(tale|snakke) (med|til) (\w+ ){0,2}(robot|maskine|computer|telefonsvarer)",
    r"\b(nægter|gider ikke|vil ikke) (\w+ ){0,5}(maskine|robot|computer)\b",
    r"\b(en|nogen) (der |jeg kan |man kan |som )(\w+ )?(tale|snakke|forstår mig|kan hjælpe mig rigtigt)",
    r"\bringe? mig (op|tilbage)\b|\bblive ringet op\b|\b(få|få fat i|give mig) en af (dine|jeres) kolleg",
    r"\bsæt mig over\b|\bgiv mig (en|et) (rigtig|anden|\w+)$|\bmed (en|nogen|nogle) (ansat|af jeres|anden)",
    r"\bfå mig videre\b|\b(person|menneske) i (røret|telefonen)\b",
    r"\btil at få fat (i|på)$|\bnogen (levende|rigtige?)\b|\b(få|have) en (der|som) (kan|forstår)",
    r"\bom ?t(il|el)\w* (en|et) (person|menneske)",
)
_HUMAN_SHORT = any_of(
    r"menneske|\bperson(en|er|ale|alet)?\b|sagsbehandler|kundeservice|operatør|\ben levende\b",
    r"^(hallo )?er der nogen( der)?$",
    r"\bbetjening\b|^(giv mig )?borgerservice( tak)?$|\brådgiver\b",
)
_NOT_HUMAN = any_of(
    r"\bklage|\b(anden|om en) person|\bgå hen\b|\ber du\b|\b(taler|snakker) jeg\b|\bjeg (taler|snakker)\b",
    r"\bpersonale(t)? (på|i|til)|\bjeg troede\b|\bi den anden ende\b|\btolk|\bsnakke med om\b",
    r"\bjer på (engelsk|tysk|arabisk|dansk)",
    r"\bpå (man|tirs|ons|tors|fre)dag|\bansøg|\bbliver? (medarbejder|ansat)|\b(som|er) medarbejder",
    r"\bmedarbejdere (har|er)\b|\b(vores|nye?|frivillige|deres|jeres) medarbejder",
    r"\bpersoner\b.*\bhvor mange\b",
    r"\bhvor mange (menneske|person|medarbejder)|\bmin medarbejder|\bmine medarbejdere|\bansætte",
    r"\b(til|for) mennesker\b",
)
"""A complaint about a person, where to go, or the question whether the bot is one."""

_OTHER = (
    rf"(hans|hendes|deres|min(e)? (\w+ )?{_KIN}s?|min (\w+ )?(lejer|udlejer|chef|ekskone|eksmand|fætter|kusine)s?|"
    r"naboens?|genboens?|en (anden|andens|bestemt|gammel|privat) \w+|(en )?person\w*|nogens|nogen|den mand|den dame|"
    r"ham|hende)"
)
_PERSONAL = any_of(
    rf"\bcpr ?(nummer|nummeret|nr)? (på|til|for|af) {_OTHER}|\b{_OTHER} cpr",
    rf"\bpersonnummer(et)? (på|til|for) {_OTHER}",
    r"\bhvor bor (min|naboens?|genboen|ham|hende|han|hun|den|hans|hendes)\b",
    rf"\bhvor (\w+ )?({_OTHER}|han|hun) (bor|flyttede hen|er flyttet hen)\b",
    rf"\b(adresse|adressen|telefonnummer|telefonnummeret|nummeret|mobilnummer|mobilnummeret) (på|til) {_OTHER}",
    rf"\b{_OTHER} (nye |hemmelige )?(adresse|telefonnummer|mobilnummer|nummer)\b|\bhvor er {_OTHER} flyttet hen\b",
    rf"\bslåe?r? (\w+ )?(person|{_OTHER}|ham|hende|nogen|naboen|en) op\b",
    r"\bslåe?r? op (i registret |i folkeregistret )?(hvor|hvem|om han|om hun)",
    rf"\b(har|skylder) (ikke )?{_OTHER} (\w+ )?"
    r"(gæld|penge|været straffet|en straffeattest|fået kontanthjælp|betalt|søgt)\b",
    rf"\b(får|modtager|tjener|er) {_OTHER} (\w+ )?"
    r"(kontanthjælp|førtidspension|sygedagpenge|boligstøtte|straffet|dømt|skilt|gift med|registreret)\b",
    r"\bhvem (der )?(bor|ejer|er tilmeldt) (\w+ ){0,3}"
    r"(i nummer|på (nummer|adressen)|i lejligheden|i huset|bilen|ved siden af|overfor|over for)\b",
    r"\boplysninger om (en anden|min nabo|mine naboer|min lejer|min eks\w*|andre|hende|ham|en bestemt)\b",
    r"\bhvad (han|hun) tjener\b",
    rf"\b(find|finde|finder) (\w+ )?(ud af )?(hvor )?(han|hun|{_OTHER}) (bor|er flyttet hen)\b",
    r"\bhvad (tjener|hedder) (min nabo|naboen|han|hun)\b",
    r"\bnaboens navn\b|\bhvilken adresse (bor|har) |\bbetalt (sin|sine|hans|hendes) (skat|husleje|regning|gæld)",
    rf"\b(fødselsdagen|fødselsdatoen|lønnen|sagen|mailen) på {_OTHER}\b",
    r"\b(nummeret|adressen|fødselsdatoen|telefonnummeret) på en\b",
    r"\bhvad (hedder|tjener) (de folk|dem|mine? \w+)\b|\bhvad min \w+ tjener",
    rf"\bom {_OTHER} (får|har|skylder|modtager|er) (\w+ )?"
    r"(kontanthjælp|gæld|straffet|gift|førtidspension|penge|boligstøtte)",
    r"\bhvad står der (om|i) (min \w+s?|hans|hendes) (sag|journal)",
)
_NOT_PERSONAL = any_of(
    r"\b(mit|vores|barnets|børnenes) (barn|børn|eget)|\bmin (søn|datter|dreng|pige|baby)s?\b|\bkontor",
    r"\bborgerservice|\bfuldmagt",
    r"\bflytte[rt]?\b(?! hen)|\bmelde?r?\b|\bændre|\bskifte|\bhemmelig|beskyttet|\bbibliotek|\bgenbrugs",
    r"\bbor (hos|sammen|ikke|stadig)",
)
"""Own children and own moves; offices have addresses, too."""

_LONG_WORDS = ("medarbejder", "selvmord", "selvmordstanker", "ambulance", "hjertestop", "bevidstløs", "ildebrand")
"""Words of need so long that a badly heard one is still known (difflib ratio 0.8 and up)."""

_NOT_MEANT = ("ambulant", "ambulante")
"""Words of their own that look like them."""


def need(text: str) -> str | None:
    """Id of the answer that a caller in need gets at once, or None: danger, despair, somebody else's data, a human."""
    heard = [_mended(word) for word in words(text)]
    said, short = " ".join(heard), len(heard) <= SHORT
    earnest = _DANGER_IN_EARNEST.search(said) or (short and _DANGER_SHORT.search(said))
    if _DANGER.search(said) or (earnest and not _PEACE.search(said)):
        return DANGER
    if (_DESPAIR.search(said) or (short and _DESPAIR_SHORT.search(said))) and not _NO_DESPAIR.search(said):
        return DESPAIR
    if _PERSONAL.search(said) and not _NOT_PERSONAL.search(said):
        return PERSONAL
    if (_HUMAN.search(said) or (short and _HUMAN_SHORT.search(said))) and not _NOT_HUMAN.search(said):
        return HUMAN
    return None


def _mended(word: str) -> str:
    """The word of need that a long word was probably meant to be ("arbejder", "hjertet": none), else itself."""
    if len(word) < 7:
        return word
    near = [] if word in _NOT_MEANT else get_close_matches(word, _LONG_WORDS, 1, 0.8)
    return near[0] if near and near[0][0] == word[0] and abs(len(near[0]) - len(word)) <= 2 else word
