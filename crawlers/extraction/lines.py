"""Lines by their words alone, in many languages: promotion, dates, reading times, captions.

What a reader is told by a phrase may always be news too ("Sign up rates have doubled."), so that a phrase counts as a
label where it is all of the line or stands before a colon; at the beginning of a line where that is no sentence; and in
a sentence only if the sentence speaks to the reader of what the outlet offers. A line in which somebody says something
is news.
"""

from __future__ import annotations

import re

from crawlers.extraction.months import is_month

Rules = tuple[tuple[str, re.Pattern[str]], ...]

SHORT = 100  # characters of a date line at the most: with time, zone, place and the same again for the update
MOST = 350  # characters of a line that is judged by its words; longer ones are paragraphs that may quote any of them

# No quotation mark: what is quoted is news. But "» " is a bullet.
START = r"(?:[^\w\"“”„«»‘’‚']|»\s)*+"
QUOTED = re.compile(r"[\"“„«][^\"“”«»]*[\"“”»]")
STOPS, CLOSERS = (".", "。", "։", "।", "۔"), '"“”’»)]*'  # full stops, and what may stand behind one
SAYING = re.compile(
    r"\b(?:said|says|(?<!your )say|told|asked|urged|urges|warned|warns?|added|wrote|announced|ruled|declared|shouted|"
    r"joked|posted on|demanded|stated|insisted|argued|claimed|explained|replied|advised|testified|according to|"
    r"sagt|sagten?|teilten?|erklärten?|berichteten?|warnten?|forderten?|betonten?|meinten?|schrieb(?:en)?|so der|"
    r"a (?:dit|déclaré|annoncé|promis|affirmé|expliqué)|selon|a-t-(?:il|elle)|dijo|afirmó|declaró|anunció|según|"
    r"advirtió|dice|disse|afirmou|segundo|ha (?:detto|dichiarato)|secondo|zei|zegt|volgens|säger|sade|enligt|mówi|"
    r"powiedział\w*|poinformował\w*|dedi|deyib|deyə|diye|bildir(?:ib|di)\w*|söylə\w+|söyledi|qeyd ed\w+|"
    r"açıkladı|belirtti|uyardı|"
    r"aytdi|деди|айтди|деді|айтты|сказал\w*|сообщ\w+|прос[ия]т|заяв\w+|призва\w+|предупре\w+|говорит|отметил\w*|"
    r"добавил\w*|рассказал\w*|пишет|по словам|сказав|повідом\w+|додав|закликав|თქვა|განაცხად\w+|ამბობს|"
    r"ասաց|հայտարար\w+|قال|قالت|أعلن|أكد|گفت)\b|と(?:話|述べ|語|説明|発表)|말했다|밝혔다",
    re.IGNORECASE,
)

LABELS = "|".join(
    (
        r"advertisement(?: \W* ?(?:scroll|continue|story|article)\b.*)?|sponsored(?: content)?|loading|newsletters?",
        r"(?:view |show )?comments(?: \(?\d+\)?)?|trending(?: now)?|most (?:read|popular)",
        r"read (?:more|also|next|the full (?:story|article))|also read|see (?:also|more)|don['’]?t miss|\d+ of \d+",
        r"related(?: (?:articles?|stor(?:y|ies)|content|links?|topics?))?|more (?:top )?(?:stories|news)|more on this",
        r"subscribe(?: (?:now|here|today))?|sign up(?: (?:now|here|today))?|follow us|join us|listen live|"
        r"recommend this",
        r"share this(?: (?:article|story|page|post))?|connect with us|order reprints|print (?:article|version)",
        r"(?:your|friend['’]?s|recipient['’]?s) (?:name|e-?mail(?: address)?)|(?:image|media|video) (?:source|caption)",
        r"anzeige|werbung|auch interessant|mehr zu(?:m| diesem) thema|lesen sie (?:auch|hier)|"
        r"(?:link )?zum \w+[- ](?:inhalt|video|beitrag|artikel)",
        r"jetzt (?:kostenlos |gratis )?(?:testen|abonnieren|anmelden|lesen)|\d+ (?:wochen|monate) (?:kostenlos|gratis)",
        r"lire aussi|à lire(?: aussi)?|publicité|les også|läs (?:även|också|mer)|annonse?|les mer",
        r"le[ea] (?:también|más)|leia (?:também|mais)|leggi (?:anche|di più)|publicidade?|lees (?:ook|meer)",
        r"czytaj (?:też|także|więcej)|lisez (?:aussi|plus)|iscriviti|baca juga|(?:inscrivez|abonnez)-vous",
        r"читайте (?:также|тоже|нас|ещё|еще)|подп(?:исывайтесь|ишитесь)|реклама|кузатиб боринг",
        r"ayrıca oku(?:yun)?|abone ol(?:un)?|daha ətraflı|oxşar xəbər(?:lər)?|bizi (?:izləyin|takip edin)|abunə olun",
        r"reklam[aı]?|reklame|obuna bo['’‘ʻ]?ling|გამოიწერეთ|წაიკითხეთ(?: (?:ასევე|მეტი))?|կարդացեք(?: նաև)?|구독하기",
    )
)
ALONE = re.compile(rf"{START}(?:{LABELS})\W*$", re.IGNORECASE)
BEFORE_COLON = re.compile(
    rf"{START}(?:(?:{LABELS})\s*[:|→›]|(?:more|watch|video|photos?|tags?|topics?)\s*[:|]|views:\s*\d|url:\s*http)",
    re.IGNORECASE,
)
OPENING = re.compile(
    START
    + r"(?:"
    + "|".join(
        (
            r"read (?:more|also|next) (?:on|about|from|here)\b|read the full\b|also read\b|not a subscriber\b",
            r"more (?:from|on) (?!.* than\b).{1,40}$|more (?:top )?(?:stories|news) (?:from|on|like|about|in|by)\b",
            r"most (?:read|popular) (?:in|on|today|this)\b|see (?:also|more (?:photos|pictures|videos|stories|from))\b",
            r"(?:story|article) continues\b|scroll (?:down|through)\b|click here\b|by clicking\b|recommend this\b",
            r"(?:please )?subscribe (?:to|now|here)\b|sign up (?:to|for|now|here|today)\b|please enter your\b",
            r"follow (?:us|the author)\b|follow \S+ on\b|like this (?:story|article)\W|"
            r"stay (?:up[- ]to[- ]date|tuned)\b",
            r"share (?:this (?:article|story|page|post|with)|on (?:facebook|twitter|x|whatsapp|telegram|linkedin))\b",
            r"join (?:us|the conversation|our (?:community|channel|group|readers|club|mailing))\b|don['’]?t miss\b",
            r"listen (?:live|to (?:this|our|the (?:article|story|podcast|episode)))\b|have a tip\b",
            r"get (?:all )?the (?:day['’]s )?(?:latest|top)\b.{0,20}\b(?:news|headlines|stories|updates)\b",
            r"got a (?:(?:news )?tip\b|story\?)|jetzt (?:kostenlos|gratis) \w+en\b",
            r"lesen sie (?:auch|hier)\b|mehr zu(?:m| diesem) thema (?:finden|lesen)\b|leggi tutto\b",
            r"\d+ (?:wochen|monate) (?:kostenlos|gratis)\b|(?:lire|lisez) aussi\b|à lire aussi\b|les også\b",
            r"le[ea] (?:también|más)\b|leia (?:também|mais)\b|lees ook\b|läs (?:även|också|mer)\b",
            r"suscr[ií]b(?:ase|ete)\b|czytaj (?:też|także|więcej)\b|zapisz się\b|iscriviti\b",
            r"читайте (?:также|тоже|нас)\b|подп(?:исывайтесь|ишитесь) на\b|следите за (?:наш|нами|новост|обновлен)",
            r"xəbərlərimizi\b|daha ətraflı (?:oxu|burada|bax)|bizi .{0,25}(?:izləyin|takip edin)",
            r"obuna bo\W?ling\b|кузатиб боринг\b|გამოიწერეთ\b|წაიკითხეთ\b|կարդացեք\b",
        )
    )
    + r")",
    re.IGNORECASE,
)

# What an outlet offers, what is to be done with it, and who is spoken to: each alone is in the news every day.
LETTER = re.compile(
    r"\bnewsletters?\b|\b(?:whatsapp|telegram|viber)[- ](?:kanal|channel)|\byour inbox\b|"
    r"infolettre|nyhetsbrev|nieuwsbrief|рассылк|(?:whatsapp|telegram|телеграм|ватсап)\S*[- ](?:канал|kanal)",
    re.IGNORECASE,
)
TAKING = re.compile(
    r"\b(?:sign(?:ing)? up|subscrib(?:e|ing)|get|receive|register|join|follow|delivered|inbox|informiert|abonnier\w*|"
    r"anmeld\w*|registrier\w*|folgen|abonnez|inscri\w+|suscr[ií]b\w+|inscreva\w*|iscriv\w+|prenumerera|zapisz|"
    r"подпи(?:сывайтесь|шитесь|саться)|присоедин\w+|abunə|izləyin|qoşulun|abone|takip|katılın|obuna|обуна)\b",
    re.IGNORECASE,
)
READER = re.compile(
    r"\b(?:you|your|our|(?-i:[Uu]s)|here|get it|please|this (?:page|site|article|story|post)|"
    r"(?-i:Sie|Ihre?[nmr]?|Ihnen)|dich|dein\w*|uns|unser\w*|mir|hier|jetzt|vous|votre|notre|nos|ici|nuestr\w+|"
    r"aquí|nosso|aqui|você|nostr[aeio]|"
    r"наш\w*|нас|ваш\w*|вам|вас|здесь|bizi|bizim|buradan?|sizə|kanal[ıi]m[ıi]z\w*|bülten\w*imiz\w*)\b",
    re.IGNORECASE,
)
CALL = re.compile(  # a sentence that begins by asking for it
    r"(?:^|[.!?:;…–—|*(]|-\s)[^\w\"“”„«»‘’‚']*(?:(?:please|also|make sure to|want \w+) )?(?:"
    r"(?:sign up|subscribe|join|follow)\b|folge[nt]? (?:sie|uns)\b|abonnieren? sie|suivez|abonnez-vous|inscrivez-vous|"
    r"s[ií]guenos|suscr[ií]b(?:ase|ete)|seguici|iscriviti|читайте нас|подп(?:исывайтесь|ишитесь)|присоединяйтесь)"
    r"(?:[^.!?]|\.(?=\w)){0,120}?(?:\bnewsletters?\b|\binbox\b|whatsapp|telegram|телеграм|instagram|facebook|twitter|"
    r"youtube|google news|bluesky|\bon (?-i:X)\b)",
    re.IGNORECASE,
)
CHANNELS = (  # one of these is in all that LETTER and CALL find; small letters
    "newsletter", "inbox", "infolettre", "nyhetsbrev", "nieuwsbrief", "рассылк", "whatsapp", "ватсап", "telegram",
    "телеграм", "viber", "instagram", "facebook", "twitter", "youtube", "google news", "bluesky", "on x",
)  # fmt: skip
TURN_TO = re.compile(  # with an address of mail or a name in a network in the line
    r"(?:^|[.!?:]\s)[^\w\"“”„«»‘’‚']*(?:contact|e-?mail|write to|follow|reach)\b|"
    r"\b(?:e-?mail(?:ing)?|contact(?:ing)?|follow) us\b|\b(?:may|can) be reached at\b",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"(?<!\w)@\w|\S@\w")
OFFERS: Rules = tuple(  # what is offered by one of these words, and how: in a line that speaks to the reader
    (word, re.compile(pattern, re.IGNORECASE))
    for words, pattern in (
        (("commission", "share of"), r"\b(?:earn|receive|get)s?\b.{0,40}\b(?:commission|share of (?:the )?sales?)\b"),
        (
            ("independently",),
            r"\bindependently (?:select|review|choose|chosen|research|test).*\b(?:products?|buy|links?)\b",
        ),
        (("journalism",), r"\b(?:your source|support (?:our|independent)|needs your support|subscribe|donat\w+)\b"),
        (("rechte", "rights", "reprint", "lizenz", "licen"), r"\b(?:erwerben|kaufen|purchase|obtain|anfragen)\b"),
        (
            ("external", "third", "embedded", "extern", "eingebettet"),
            r"\b(?:external|third[- ]party|embedded|externe\w?|eingebettete\w?) (?:content|media|inhalte?n?|medien)\b.*"
            r"\b(?:consent|accept|allow|load|zustimm\w+|anzeigen|angezeigt|laden|datenschutz\w*|personenbezogen\w*)\b",
        ),
        (("externe",), r"\bausgewählten,? externen inhalt|\bcontenus? externes?\b.*\b(?:accept\w+|autoris\w+)"),
    )
    for word in words
)
ASSURED: Rules = tuple(  # what no news is told with, wherever it has one of these words
    (word, re.compile(pattern, re.IGNORECASE))
    for words, pattern in (
        (("continues",), r"^\W*(?:story|article) continues (?:below|after)\b"),
        (("read the",), r"^\W*read the (?:full|original|whole|entire) (?:story|article|report|interview|text|post)\b"),
        (
            ("reading",),
            r"\b(?:subscribe|register|sign (?:in|up)|log in|account)\b.{0,60}\bto (?:continue|keep) reading\b",
        ),
        (
            ("also", "auch", "aussi", "también", "também", "också", "też", "także", "читайте"),
            r"^\W*(?:also read|read also|lesen sie auch|lisez aussi|le[ea] también|leia também|läs också|"
            r"czytaj (?:też|także)|читайте (?:также|нас))\b",
        ),
        (("click here",), r"^\W*click here (?:to|for|if)\b"),
        (("subscribe ",), r"^\W*subscribe (?:now|today|here) (?:to|for|and)\b"),
        (("thank",), r"\bthank(?:s| you) for (?:subscribing|signing up|registering)\b"),
        (("enjoyed", "liked"), r"^\W*if you (?:enjoyed|liked) this (?:article|story|piece|post)\b"),
        (("gefallen",), r"\bhat (?:ihnen|dir) dieser (?:artikel|beitrag) gefallen"),
        (("needs your",), r"\bour (?:newsroom|reporting|work) needs your\b"),
        (
            ("this is a",),
            r"^\W*this is a (?:breaking|developing)(?: news?)? story(?=\W*$|[.,–—]| [-–—]| and (?:will|may) )",
        ),
        (
            ("by ",),
            r"\bby (?:clicking|subscribing|signing up|continuing)\b.{0,80}\byou (?:agree|accept|consent|acknowledge)\b",
        ),
        (("bizi",), r"^\W*bizi .{0,40}(?:izləyin|takip edin)\W*$"),
        (("reached at",), r"\b(?:may|can) be reached at \+?\(?\d[\d\s().-]{5}"),
        # a wall before the rest of the text
        (("aux abonnés",), r"\b(?:article|contenu|suite|lecture) (?:est )?réservée?s? aux abonnés"),
        (
            ("subscribers", "members"),
            r"\b(?:this|the full|premium) (?:content|article|story) is (?:\w+ )?(?:reserved|available|exclusive)"
            r"(?: only)? (?:for|to) (?:our )?(?:\w+ )?(?:subscribers|members)\b",
        ),
        (("abonnent",), r"\bdieser (?:artikel|beitrag|inhalt) ist (?:nur |exklusiv )?für (?:\w+ )?abonnent"),
        (("exclusivo",), r"\b(?:artículo|contenido) exclusivo para (?:suscriptores|abonados)"),
        (("подписчик",), r"(?:статья|материал) доступ\w+ только подписчик"),
        (
            ("会員", "有料記事", "購読"),
            r"(?:会員|有料記事|購読)[^。]{0,30}(?:限定です|お読み|読み放題|登録できます|ください|ログイン)",
        ),
        (("무단",), r"무단\s?전재.{0,20}금지"),
        # a machine's work
        (
            ("translat",),
            r"^\W*this (?:\w+ ){0,4}(?:(?:machine|automatically)[- ]translat|(?:machine|automatic) translation|"
            r"translated (?:automatically|by (?:ai\b|machine)))",
        ),
        (("übersetz",), r"^\W*dies\w* (?:\w+ ){0,4}(?:maschinelle übersetzung|(?:automatisch|maschinell) übersetzt)"),
        (("tradui",), r"^\W*cet\w* (?:\w+ ){0,4}traduite? automatiquement"),
        (("перевод",), r"^\W*эт\w+ (?:\w+ ){0,4}(?:автоматическ|машинн)\w+ перевод"),
    )
    for word in words
)
HERE = ("here", "hier", "aquí", "aqui", "qui", "здесь", "тут")
LINKED_HERE = re.compile(  # a sentence that is the label of a link, and ends with it
    r"^\W*(?:listen|read|watch|see|download|sign up|subscribe|lesen|lea|leia|leggi|читайте|смотрите)\b.*"
    rf"\b(?:{'|'.join(HERE)})\W*$",
    re.IGNORECASE,
)
NAME = r"(?-i:[A-ZÀ-ÖØ-ÞĀĂĄĆČĐĒĘĞĢĪİŁŃŇŌŐŘŚŞŠŪŮŰŹŻŽƏА-ЯЁЇІЄҐ])"  # a name's first letter
CLOSING = re.compile(  # whatever the sentence
    r"^\W*(?:©|\(c\)|copyright\W*(?:©|\(c\)|\d{4}\b|:))|\ball rights reserved\W*$|"
    r"^\W*alle rechte (?:sind )?vorbehalten|^\W*tous (?:les )?droits (?:sont )?(?:réservés|de reproduction)|"
    r"^\W*todos (?:los|os) (?:derechos|direitos) "
    r"reservados|^\W*все права (?:защищены|принадлежат)|^\W*bütün hüquqlar[ıi]? (?:\w+ )?qorun|^\W*tüm hakları saklı|"
    rf"^\W*(?:-{{2,}}|\*{{2,}}|_{{2,}})|^\W*contributing\s*:\s*{NAME}|"
    rf"^\W*(?:additional )?(?:reporting|writing|editing) by {NAME}\w+ (?:{NAME}|and\b)|"
    r"\bcontributed to this (?:report|story|article)(?:\.|\W*$| from\b)|"
    r"^\W*this (?:story|article|piece|post|excerpt) (?:was |has been )?(?:originally |first |previously )"
    r"(?:appeared|published)|^\W*the post .{3,} (?:first appeared|appeared first) on\b|"
    rf"^\W*(?:reprinted|excerpted|republished) (?:with (?:\w+ )?permission|(?:by|from|with) {NAME})|"
    r"^\W*(?:this (?:report|story|article) )?(?:includes|contains|with) (?:information|material|reporting|files) from|"
    r"\bcomments on this (?:piece|article|story|post) are|"
    r"\b(?:not|nor) constitute (?:\w+ )?(?:investment|financial|legal|tax|medical|professional)?\s?advice|"
    r"\b(?:authors?|writers?|columnists?|I|we)\b.{0,40}\bnot (?:own|hold)\b.{0,30}\b(?:shares|stocks?|positions?)\b|"
    r"\b(?:shares|stocks?|positions?|securities)\b.{0,60}\bmentioned (?:in this|above|here)\b|"
    r"^\W*(?:about )?our (?:editorial |journalistic )?(?:standards|principles|values|policy|guidelines)\s*:",
    re.IGNORECASE,
)
CLOSING_LABEL = re.compile(  # where it is no sentence
    rf"^\W*copyright\b|^\W*(?:source|quelle|источник|mənbə|kaynak|fuente|fonte)s?\s*:\s*(?:{NAME}|\W*http|\w+\W*$)|"
    rf"^\W*(?:additional )?(?:reporting|writing|editing) by {NAME}|^\W*все права на материал",
    re.IGNORECASE,
)
PICTURES = "gallery credit|photo|image|foto|bild|credit|quelle|picture|фото"
CREDITED = re.compile(  # how a line begins that goes with a picture, whatever the sentence
    r"[^\w©]*©|"
    r"\W*(?:(?:image|media|video|photo) (?:caption|source|credit)s?[,:]|(?:подпись к фото|автор фото),|pictured\s*:|"
    rf"(?:{PICTURES})s?\s*(?:by|:|credit)\W*(?:{NAME}[^\s.]*[\s/|,]*){{1,5}}\W*$)",
    re.IGNORECASE,
)
CREDIT_MARKS = ("getty", "(", "/")  # one of these is in all that ends with a credit; small letters
CREDIT_END = re.compile(
    rf"\|\s*\w+[^.]{{0,40}}getty images|getty images\W*$|\((?:{PICTURES})s?:[^)]{{0,80}}\)\W*$|"
    rf"{NAME}[\w'’-]*(?-i:[a-z]) ?/\s?(?:getty|ap|afp|reuters|dpa)\W*$",
    re.IGNORECASE,
)
CREDIT_LABEL = re.compile(  # where it is no sentence
    rf"^\W*pictured\b|^\W*(?:{PICTURES})s?\s*(?:by {NAME}|:|credit)", re.IGNORECASE
)
READING_TIME = re.compile(
    r"^\W*(?:reading time|lesezeit|tempo de leitura|tiempo de lectura|temps de lecture|время чтения|oxuma müddəti|"
    r"okuma süresi)\b.{0,30}$|"
    r"^\W*\d+\s*[-–]?\s*(?:min(?:ute)?s?|мин|dəq|dk|daqiqa|წთ)\.?(?:\s+(?:to )?(?:read|reading|listen|watch|lesezeit|"
    r"lesedauer|de (?:lecture|lectura|leitura)|чтения|oxuma|okuma|o['’‘ʻ]qish))?\W*$",
    re.IGNORECASE,
)
ISSUED = (
    r"(?:(?:first|last|originally|zuletzt) )?(?:(?:published|updated|posted|modified)\b|veröffentlicht\b|aktualisiert\b"
    r"|stand:|publié\w*|mis à jour|publicado|обновлено|опубликовано|dərc edil\w+|yenilən\w+|güncellen\w+|güncelleme\w*|"
    r"yayınlan\w+|uppdatera[dt]|publicera[dt]|oppdatert|publisert|opdateret|gepubliceerd|bijgewerkt|pubblicato|"
    r"aggiornato|actualizado|atualizado|opublikowano|zaktualizowano)"
)
LABEL_OF_DATE = re.compile(ISSUED, re.IGNORECASE)
DATE_LINE = re.compile(
    rf"^\W*(?:{ISSUED})|^\W*(?:\w+,?\s+)?\d{{1,2}}[./ ]+(?:de )?\w+[./ ]+(?:de )?(?:19|20)\d{{2}}\b|"
    r"^\W*\w+\.? \d{1,2},? (?:19|20)\d{2}\b|^\W*\d{1,2}/\d{1,2}/(?:19|20)\d{2}\b",
    re.IGNORECASE,
)
ISSUED_ALONE = re.compile(rf"^\W*(?:{ISSUED})(?: (?:am|on|le|il|em|el))?\W*$", re.IGNORECASE)
ALL_FIGURES = re.compile(  # a day, with a time or without, and not a letter; in the digits of Persian too
    r"^[\d\s.,:/|–-]*?(?:(?<!\d)\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|(?<!\d)\d{4}[./-]\d{1,2}[./-]\d{1,2})(?!\d)"
    r"[\d\s.,:/|–-]*$"
)
BEFORE_DAY = re.compile(r"^\W*\w+,?\s+(?=\d)")  # which in some languages is no name: "mercredi 12 mai"
WORD = re.compile(r"[^\W\d_]+")
CLOCK = re.compile(r"^\W*\d{1,2}:\d{2}\W*$")
MOMENT = re.compile(r"\d[:./-]\d|(?:19|20)\d\d|\b(?:ago|vor \d+|назад|önce|əvvəl)\b", re.IGNORECASE)
# Words of a date line that are no month: labels, prepositions, units. Names of zones and places are capitalised.
DATING = re.compile(
    r"at|on|by|um|am|vom|von|vor|le|à|a|o|as|las|às|el|de|del|di|il|alle|ore|kl|om|op|den|od|dnia|godz|z|r|"
    r"в|г|от|saat|tarixində|h|m|p|s|pm|est|et|uhr|hrs?|ago|назад|önce|əvvəl|min\w*|hours?|stunden?|часов|час\w?|"
    r"минут\w?",
    re.IGNORECASE,
)
FURTHER = 6  # words of a date line beside those at the most: a day, a zone, a place, a name
FIGURES = re.compile(
    r"(?<!\d)\d{1,2}[./]\d{1,2}[./](?:19|20)\d{2}[\s,|–-]+(?:\w+\s)?\d{1,2}[:.]\d{2}|"
    r"(?:19|20)\d{2}\s?[年년]\s?\d{1,2}\s?[月월]\s?\d{1,2}\s?[日일]"
)


def _is_sentence(line: str) -> bool:
    """The line ends with a full stop; "Loading..." does not."""
    bare = line.rstrip().rstrip(CLOSERS)
    return bare.endswith(STOPS) and not bare[:-1].endswith((".", " "))


def is_promotion(line: str) -> bool:
    """The line invites to something else, wherever it stands."""
    if len(line) >= MOST:
        return False
    if ALONE.match(line) is not None:
        return True
    sentence = _is_sentence(line)
    if not sentence and BEFORE_COLON.match(line) is not None:
        return True
    if (not sentence and OPENING.match(line) is not None) or _speaks_to_reader(line):
        return SAYING.search(line) is None
    return False


def _speaks_to_reader(line: str) -> bool:
    """The line, which may be a sentence, offers what the outlet has: no news is told like that, unless quoted."""
    line = QUOTED.sub(" ", line)
    small = line.lower()  # a word is looked for before a pattern, which costs far more
    if _has(small, ASSURED) or (small.rstrip(" .!»>").endswith(HERE) and LINKED_HERE.search(line) is not None):
        return True
    if "@" in line and ADDRESS.search(line) is not None and TURN_TO.search(line) is not None:
        return True
    if any(channel in small for channel in CHANNELS) and _offers_channel(line):
        return True
    return _has(small, OFFERS) and READER.search(line) is not None


def _offers_channel(line: str) -> bool:
    if CALL.search(line) is not None:
        return True
    return all(one.search(line) is not None for one in (LETTER, TAKING, READER))


def _has(small: str, rules: Rules) -> bool:
    return any(word in small and pattern.search(small) is not None for word, pattern in rules)


def is_closing(line: str) -> bool:
    """The line may end an article without being of it: copyright, source, editors, rules."""
    if len(line) >= MOST:
        return False
    if CLOSING.search(line) is None and (_is_sentence(line) or CLOSING_LABEL.search(line) is None):
        return False
    return SAYING.search(line) is None


def is_caption(line: str) -> bool:
    """The line goes with a picture."""
    if len(line) >= MOST:
        return False
    small = line.lower()
    if CREDITED.match(line) or (any(mark in small for mark in CREDIT_MARKS) and CREDIT_END.search(line)):
        return True
    return CREDIT_LABEL.search(line) is not None and not _is_sentence(line)


def is_preamble(line: str) -> bool:
    """The line may stand between title and text: a date, a reading time."""
    return len(line) < SHORT and (is_stamp(line) or _is_day(line))


def is_stamp(line: str) -> bool:
    """The line says when something was published or how long it takes to read, and nothing else."""
    if len(line) >= SHORT:
        return False
    if any(one.match(line) is not None for one in (READING_TIME, CLOCK, ISSUED_ALONE, ALL_FIGURES)):
        return True
    return (DATE_LINE.match(line) is not None and _is_dating(line)) or _is_moment(line)


def _is_dating(line: str) -> bool:
    """The line has a day or a time in it, and hardly a word that belongs to none: "Updated May 12, 2023, 3:45 p.m."."""
    words, further = WORD.findall(line), _further(line)
    dated = MOMENT.search(line) is not None or (len(further) < len(words) and any(map(str.isdigit, line)))
    return dated and len(further) <= FURTHER and not any(map(str.islower, further))


def _further(line: str) -> list[str]:
    """Return the words of a date line that belong to no date."""
    rest = BEFORE_DAY.sub("", LABEL_OF_DATE.sub(" ", line), count=1)
    return [word for word in WORD.findall(rest) if not is_month(word) and DATING.fullmatch(word) is None]


def _is_day(line: str) -> bool:
    """A few words, one of them a month, and a number: "2-май", "Friday 4 March 2022 07:15"."""
    words = WORD.findall(line)
    digits = any(char.isdigit() for char in line)
    if not digits or len(line) > 40 or len(words) > 4 or not any(map(is_month, words)):
        return False
    return sum(word.islower() for word in _further(line)) <= 1  # the name of a day, in some languages


def _is_moment(line: str) -> bool:
    """A day in figures and a time, and hardly a word: "Giriş: 04.03.2022 - 07:15", "2022年3月4日 07時15分"."""
    words = WORD.findall(line)
    return len(words) <= 12 and FIGURES.search(line) is not None and sum(map(str.isalpha, line)) <= 30
