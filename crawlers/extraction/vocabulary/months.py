"""Month names of the region's languages and of the large ones, inflected and short forms too (from Unicode CLDR)."""

from __future__ import annotations

# One line a month. Words that two languages give to different months stand in UNSURE and need the language.
NAMES = (
    (
        "djan djanuari ene enero gen gener gennaio ian ianuarie jaan jaanuar jan janar janeiro januar januari january "
        "január januára janv janvier janvāris jänner led leden ledna lednu oca ocak saus sausio sausis sij siječanj "
        "siječnja siječnjem siječnju sty styczen styczeń stycznia styczniu tammi tammik tammikuu tammikuussa "
        "tammikuuta yan yanvar ýanwar ιαν ιανουάριος ιανουαρίου стд сту студзень студзеня січ січень січня янв январ "
        "январи январь января яну януари јан јанвар јануар јануари қаң қаңтар հնվ հունվար հունվարի בינואר ינו ינואר "
        "ינו׳ לינואר جنوری يناير ژانویه ژانویهٔ जनवरी जन॰ იან იანვარი "
    ),
    (
        "feb febbraio feber febr febrer febrero februar februari februarie february február februára februāris fev "
        "fevereiro fevral fewral fév févr février helmi helmik helmikuu helmikuussa helmikuuta lut lutego luty lutym "
        "peb pebruari shk shkurt vas vasario vasaris veebr veebruar velj veljača veljače veljači veljačom úno únor "
        "února únoru únr şub şubat φεβ φεβρουάριος φεβρουαρίου ақп ақпан лют лютага лютий лютого люты феб фебруар фев "
        "февр феврал феврали февраль февраля февруари փետրվար փետրվարի փտվ בפברואר לפברואר פבר פברואר פבר׳ فبراير "
        "فبروری فوریه فوریهٔ फ़रवरी फ़र॰ თებ თებერვალი "
    ),
    (
        "bře březen března březnu iii kov kovas kovo maalis maalisk maaliskuu maaliskuussa maaliskuuta maart mar "
        "marca march marcu marec maret mars mart martie marts marzec marzo març março mrt mrz már márc március mär "
        "märts märz ožu ožujak ožujka ožujkom ožujku μάρ μάρτιος μαρ μαρτίου бер берез березень березня мар март "
        "марта марти нау наурыз сак сакавік сакавіка մարտ մարտի մրտ במארס במרס במרץ למארס למרס למרץ מארס מרס מרץ مارس "
        "مارچ मार्च მარ მარტი "
    ),
    (
        "abr abril apr aprel april aprile aprilie aprill apríl apríla aprīlis avr avril bal balandis balandžio d'abr "
        "d'abril dub duben dubna dubnu huhti huhtik huhtikuu huhtikuussa huhtikuuta kwi kwie kwiecien kwiecień "
        "kwietnia kwietniu nis nisan pri prill tra travanj travnja travnjem travnju ápr április απρ απρίλιος απριλίου "
        "апр апрел апрели апрель апреля април кві квіт квітень квітня кра красавік красавіка крс сәу сәуір ապր ապրիլ "
        "ապրիլի אפר אפריל אפר׳ באפריל לאפריל آوریل أبريل اپریل अप्रैल აპრ აპრილი "
    ),
    (
        "geg gegužė gegužės kvě květen května květnu mag maggio mai maig maijs maio maj maja maju may mayo mayıs maý "
        "mei máj mája május svi svibanj svibnja svibnjem svibnju touko toukok toukokuu toukokuussa toukokuuta μάι "
        "μάιος μαΐ μαΐου май майи мам мамыр мая мај тра трав травень травня траўня մայիս մայիսի մյս במאי למאי מאי "
        "مايو مه مهٔ მაი მაისი "
    ),
    (
        "birž birželio birželis cze czerwca czerwcu czerwiec djuni giu giugno haz haziran iun iunie iyn iyun iýun "
        "juin jun june junho juni junij junio juny juuni jún júna június jūn jūnijs kesä kesäk kesäkuu kesäkuussa "
        "kesäkuuta lipanj lipnja lipnjem lipnju qer qershor čer červen června červnu čvn ιουν ιουνίου ιούν ιούνιος "
        "июн июни июнь июня ијн ијун мау маусым чер черв червень червня чэр чэрвень чэрвеня юни јун јуни հնս հունիս "
        "հունիսի ביוני יונ יוני ליוני جون يونية يونيه يونيو ژوئن जून ივნ ივნისი "
    ),
    (
        "djuli heinä heinäk heinäkuu heinäkuussa heinäkuuta iul iulie iyl iyul iýul juil juillet jul julho juli julij "
        "julio juliol july juuli júl júla július jūl jūlijs kor korr korrik liep liepa liepos lipca lipcu lipiec lug "
        "luglio srpanj srpnja srpnjem srpnju tem temmuz vii července červenci červenec črc črv čvc ιουλ ιουλίου ιούλ "
        "ιούλιος июл июли июль июля ијл ијул лип липень липня ліп ліпень ліпеня шіл шілде юли јул јули հլս հուլիս "
        "հուլիսի ביולי יול יולי ליולי جولای يولية يوليه يوليو ژوئیه ژوئیهٔ जुलाई जुल॰ ივლ ივლისი "
    ),
    (
        "ago agost agosto agt agu agustus aoû août aug august augusta augusti augusts augustus augusztus avg avgust "
        "avq avqust awgust ağu ağustos d'ag d'agost elo elok elokuu elokuussa elokuuta gsh gush gusht kol kolovoz "
        "kolovoza kolovozom kolovozu rugp rugpjūtis rugpjūčio sie sierpien sierpień sierpnia sierpniu srpen srpna "
        "srpnu viii αυγ αυγούστου αύγ αύγουστος авг август августа августи жнв жні жнівень жнівеня жніўня сер серп "
        "серпень серпня там тамыз օգոստոս օգոստոսի օգս אוג אוגוסט אוג׳ באוגוסט לאוגוסט آگست أغسطس اوت अगस्त अग॰ აგვ "
        "აგვისტო "
    ),
    (
        "eyl eylül rugs rugsėjis rugsėjo ruj rujan rujna rujnom rujnu sen sentabr sentyabr sentýabr sep sept "
        "september septembra septembre septembrie septembris septembro septiembre set setembre setembro setiembre "
        "settembre sht shtator syys syysk syyskuu syyskuussa syyskuuta szept szeptember wrz wrzesien wrzesień "
        "wrzesnia wrzesniu września wrześniu zář září σεπ σεπτέμβριος σεπτεμβρίου вер верасень верасня верес вересень "
        "вересня врс сен сент сентябр сентябри сентябрь сентября сентјабр сеп септ септембар септември септм қыр "
        "қыркүйек սեպ սեպտեմբեր սեպտեմբերի בספטמבר לספטמבר ספט ספטמבר ספט׳ سبتمبر سپتامبر سپتمبر सितंबर सितम्बर सित॰ "
        "სექ სექტემბერი "
    ),
    (
        "d'oct d'octubre eki ekim listopadom loka lokak lokakuu lokakuussa lokakuuta oct october octobre octombrie "
        "octubre okt oktabr oktober oktobris oktoober oktyabr október októbra oktýabr ott ottobre out outubro paz "
        "pazdziernik pazdziernika pazdzierniku paź październik października październiku spal spalio spalis tet tetor "
        "říj říjen října říjnu οκτ οκτωβρίου οκτώβριος жов жовт жовтень жовтня кас кастрычнік кастрычніка кст окт "
        "октобар октомври октябр октябри октябрь октября октјабр қаз қазан հոկ հոկտեմբեր հոկտեմբերի אוק אוקטובר אוק׳ "
        "באוקטובר לאוקטובר أكتوبر اکتبر اکتوبر अक्टूबर अक्तूबर अक्तू॰ ოქტ ოქტომბერი "
    ),
    (
        "kas kasım lapkr lapkritis lapkričio listopadzie marras marrask marraskuu marraskuussa marraskuuta noiem "
        "noiembrie nop nopember nov november novembra novembre novembris novembro noviembre noy noyabr noýabr nën "
        "nëntor stu studeni studenim studenog studenoga studenom studenome studenomu νοέ νοέμβριος νοε νοεμβρίου лис "
        "лист листоп листопад листопада ліс лістапад лістапада нов новембар ное ноем ноември ноя нояб ноябр ноябри "
        "ноябрь ноября ној нојабр қар қараша նոյ նոյեմբեր նոյեմբերի בנובמבר לנובמבר נוב נובמבר נוב׳ نوامبر نوفمبر "
        "نومبر नवंबर नवम्बर नव॰ ნოე ნოემბერი "
    ),
    (
        "ara aralık dec december decembra decembrie decembris dek dekabr des desember desembre dets detsember dez "
        "dezember dezembro dhj dhjetor dic dicembre diciembre déc décembre gru grudnia grudniu grudzien grudzień "
        "gruod gruodis gruodžio joulu jouluk joulukuu joulukuussa joulukuuta pro prosinac prosinca prosince prosincem "
        "prosinci prosincu prosinec xii δεκ δεκέμβριος δεκεμβρίου гру груд грудень грудня дек декабр декабри декабрь "
        "декабря декември дец децембар жел желтоқсан сне снежань снежня снж դեկ դեկտեմբեր դեկտեմբերի בדצמבר דצמ דצמבר "
        "דצמ׳ לדצמבר دسامبر دسمبر ديسمبر दिसंबर दिसम्बर दिस॰ დეკ დეკემბერი "
    ),
)
MONTHS = {word: number for number, names in enumerate(NAMES, 1) for word in names.split()}
UNSURE = {
    "cs": {"lis": 11, "listopad": 11, "listopadu": 11, "srp": 8},
    "hr": {"lip": 6, "lis": 10, "listopad": 10, "listopada": 10, "listopadu": 10, "srp": 7},
    "pl": {"lip": 7, "lis": 11, "listopad": 11, "listopada": 11},
}
# The solar calendar of Iran and Afghanistan: the names of the one, then of the other.
SOLAR_NAMES = (
    "فروردین حمل", "اردیبهشت ثور", "خرداد جوزا", "تیر سرطان", "مرداد اسد", "شهریور سنبله",
    "مهر میزان", "آبان عقرب", "آذر قوس", "دی جدی", "بهمن دلو", "اسفند حوت",
)  # fmt: skip
SOLAR_MONTHS = {word: number for number, names in enumerate(SOLAR_NAMES, 1) for word in names.split()}
# What Turkic languages put behind the name in a date, of either script: "2024-жылдын 12-майы", "12 мамырда".
ENDINGS = ("ы", "и", "у", "ү", "ı", "i", "u", "ü", "да", "де", "та", "те", "da", "de", "ta", "te")


def month_of(word: str, language: str = "") -> int | None:
    """Return the number of the month that a word names, inflected or not, in any language; else None.

    `language` decides where two languages give one word to different months.
    """
    bare = word.lower().replace("i̇", "i").strip("’'.")
    unsure = UNSURE.get(language[:2], {})
    if bare in unsure:
        return unsure[bare]
    if bare in MONTHS:
        return MONTHS[bare]
    stems = (bare.removesuffix(ending) for ending in ENDINGS if bare.endswith(ending))
    return next((MONTHS[stem] for stem in stems if len(stem) > 2 and stem in MONTHS), None)


def is_month(word: str) -> bool:
    """Say whether a word names a month, of the solar calendar too."""
    return word in SOLAR_MONTHS or month_of(word) is not None
