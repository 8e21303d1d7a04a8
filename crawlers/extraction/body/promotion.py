"""Lines that promote, by their words alone, in many languages.

What a reader is told by a phrase may always be news too ("Sign up rates have doubled."), so that a phrase counts as a
label where it is all of the line or stands before a colon; at the beginning of a line where that is no sentence; and in
a sentence only if the sentence speaks to the reader of what the outlet offers. A line in which somebody says something
is news.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawlers.extraction.body.line_filters import MOST, SAYING
from crawlers.extraction.text_norm import is_sentence
from crawlers.extraction.vocabulary.phrases import ALL_NEWS, BUTTONS, COUNTED, FOLLOW, KEYWORDS, LABELS, NETWORKS

Rules = tuple[tuple[str, re.Pattern[str]], ...]

# No quotation mark: what is quoted is news. But "» " is a bullet.
START = r"(?:[^\w\"“”„«»‘’‚']|»\s)*+"
QUOTED = re.compile(r"[\"“„«][^\"“”«»]*[\"“”»]")
LABEL = 120  # characters of a line that is nothing but a label
COLONS = ":|→›"  # one of these stands behind a label that is before something
ALONE = re.compile(rf"{START}(?:{LABELS}|{BUTTONS})\W*$", re.IGNORECASE)
BEFORE_COLON = re.compile(
    rf"{START}(?:(?:{LABELS})\s*[:|→›]|(?:more|watch|video|photos?|(?:text|font) size|{KEYWORDS})\s*[:|]|url:\s*http|"
    rf"(?:{COUNTED})\s*:\s*[\d۰-۹])",
    re.IGNORECASE,
)
# The rest of the news is in a network, or the reader is asked to come there; the verb may stand at the end.
NETWORK = "|".join(NETWORKS)
BEGIN = r"(?:^|[.!?…—–]\s)\W*"
CHANNELLED = re.compile(
    rf"{BEGIN}(?:{ALL_NEWS})\b.{{0,60}}(?:{NETWORK})\S*(?:\s\S+){{0,2}}\s*$|"
    rf"{BEGIN}(?:{FOLLOW})\b.{{0,60}}(?:{NETWORK})|(?:{NETWORK}).{{0,60}}(?<!\w)(?:{FOLLOW})\W*$",
    re.IGNORECASE,
)
MISTAKE = re.compile(r"\bctrl\s*(?:\+|и|-)\s*enter\b", re.IGNORECASE)  # the keys by which readers report one
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
CHANNELS = (  # one of these is in all that LETTER, CALL and CHANNELLED find; small letters
    *NETWORKS, "newsletter", "inbox", "infolettre", "nyhetsbrev", "nieuwsbrief", "рассылк", "bluesky", "on x",
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
        (
            ("reading",),
            r"\b(?:subscribe|register|sign (?:in|up)|log in|account)\b.{0,60}\bto (?:continue|keep) reading\b",
        ),
        (("click here",), r"(?:^|[.!?:]\s)\W*click here (?:to|for|if)\b"),
        (("thank",), r"\bthank(?:s| you) for (?:subscribing|signing up|registering)\b"),
        (("gefallen",), r"\bhat (?:ihnen|dir) dieser (?:artikel|beitrag) gefallen"),
        (("needs your",), r"\bour (?:newsroom|reporting|work) needs your\b"),
        (
            ("by ",),
            r"\bby (?:clicking|subscribing|signing up|continuing)\b.{0,80}\byou (?:agree|accept|consent|acknowledge)\b",
        ),
        (("reached at",), r"\b(?:may|can) be reached at \+?\(?\d[\d\s().-]{5}"),
        (
            ("browser", "navigateur", "navegador", "браузер", "brauzer", "tarayıcı"),
            r"\b(?:your browser|(?:ihr|dein) browser|votre navigateur|(?:su|tu|seu) navegador|ваш браузер|brauzeriniz|"
            r"tarayıcınız)\b.{0,20}\b(?:does not|doesn['’]t|unterstützt|ne (?:prend|supporte)|no (?:admite|soporta|es "
            r"compatible)|não suporta|не поддерживает|dəstəkləmir|desteklemiyor)",
        ),
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
    )
    for word in words
)
BEGINNINGS = (  # how no news begins, behind the words that may be the first of it
    ("story article", r"(?:story|article) continues (?:below|after)\b"),
    ("read", r"read the (?:full|original|whole|entire) (?:story|article|report|interview|text|post)\b"),
    (
        "also read lesen lisez lea lee leia läs czytaj читайте",
        r"(?:also read|read also|lesen sie auch|lisez aussi|le[ea] también|leia também|läs också|czytaj (?:też|także)|"
        r"читайте (?:также|нас))\b",
    ),
    ("subscribe", r"subscribe (?:now|today|here) (?:to|for|and)\b"),
    ("if", r"if you (?:enjoyed|liked) this (?:article|story|piece|post)\b"),
    ("bizi", r"bizi .{0,40}(?:izləyin|takip edin)\W*$"),
    # what a page says of itself
    ("this", r"this is a (?:breaking|developing)(?: news?)? story(?=\W*$|[.,–—]| [-–—]| and (?:will|may) )"),
    ("this", r"this (?:article|story) is (?:now |more than |over |at least )*\w+ (?:years|months) old\W*$"),
    ("this", r"this copy is for (?:your )?personal"),
    (
        "we this our wir nous utilizamos мы этот наш сайт bu sayt saytımız saytda saytımızda",
        r"(?:(?:we|this (?:web)?site|our (?:web)?site) (?:also )?uses? (?:\w+ )?cookies|wir verwenden (?:\w+ )?cookies|"
        r"nous utilisons (?:des |les )?cookies|utilizamos (?:las )?cookies|(?:мы|(?:этот |наш )?сайт) использу\w+ "
        r"(?:файлы )?(?:cookie|куки)|(?:bu )?sayt(?:ımız)?(?:da)? (?:kuki|cookie))",
    ),
    (
        "this our",
        r"(?:this|our) (?:post|article|page|story|(?:web)?site|content)s? (?:\w+ )?(?:contain|include|use)s? affiliate "
        r"links",
    ),
    (
        "add make choose set please",
        r"(?:please )?(?:add|make|choose|set) (?:us|[\w ]{2,40}?)(?: as)? (?:a|your) preferred source\b",
    ),
    ("have spotted found noticed", r"(?:have you )?(?:spotted|found|noticed) an? (?:typo|error|mistake)\W"),
    ("if", r"if you (?:spot|see|find|notice) an? (?:typo|error|mistake)\b"),
    ("listen", r"listen to this (?:article|story|report)(?: now| here| in \w+)?\W*$"),
    ("do have got", r"(?:do you )?(?:have|got) a (?:news )?(?:story|tip)\?"),
    # a wall before the rest of the text
    (
        "you",
        r"you(?:['’]ve| have) (?:(?:\w+ ){0,4}(?:free )?articles? (?:left|remaining|this month)\b|"
        r"(?:reached|used|read) .{0,30}\bfree articles?\b)",
    ),
    ("this", r"this is a (?:premium|subscriber[- ]only|members[- ]only) (?:article|story)\b"),
    (
        "tam davamını davamını davamini devamını",
        r"(?:tam|davamın[ıi]|davamini|devamını)\b.{0,40} (?:oxumaq|okumak) (?:üçün|için) (?:abunə|abone|daxil) ol",
    ),
    ("чтобы", r"чтобы (?:про|до)?читать .{0,40}(?:оформите|подпишитесь|войдите)"),
    # a machine's work
    (
        "this",
        r"this (?:article|story|text|report|summary|translation) (?:was|is|has been) (?:\w+ )?"
        r"(?:written|generated|created|produced|translated) .{0,30}\b(?:ai|artificial intelligence)\b",
    ),
    (
        "this",
        r"this (?:\w+ ){0,4}(?:(?:machine|automatically)[- ]translat|(?:machine|automatic) translation|"
        r"translated (?:automatically|by (?:ai\b|machine)))",
    ),
    (
        "dies diese dieser dieses diesen",
        r"dies\w* (?:\w+ ){0,4}(?:maschinelle übersetzung|(?:automatisch|maschinell) übersetzt)",
    ),
    ("cet cette", r"cet\w* (?:\w+ ){0,4}traduite? automatiquement"),
    ("эта это этот", r"эт\w+ (?:\w+ ){0,4}(?:автоматическ|машинн)\w+ перевод"),
)


def _by_first_word(rows: Iterable[tuple[str, str]]) -> dict[str, list[re.Pattern[str]]]:
    table: dict[str, list[re.Pattern[str]]] = {}
    for words, pattern in rows:
        for word in words.split():
            table.setdefault(word, []).append(re.compile(pattern, re.IGNORECASE))
    return table


BEGUN = _by_first_word(BEGINNINGS)
FIRST_WORD = re.compile(r"\W*(\w+)")
HERE = ("here", "hier", "aquí", "aqui", "qui", "здесь", "тут")
LINKED_HERE = re.compile(  # a sentence that is the label of a link, and ends with it
    r"^\W*(?:listen|read|watch|see|download|sign up|subscribe|lesen|lea|leia|leggi|читайте|смотрите)\b.*"
    rf"\b(?:{'|'.join(HERE)})\W*$",
    re.IGNORECASE,
)


def is_promotion(line: str) -> bool:
    """The line invites to something else, wherever it stands."""
    return bool(promotion_kind(line))


def promotion_kind(line: str) -> str:
    """Say by what a line is known to invite to something else; empty if it does not."""
    if len(line) >= MOST:
        return ""
    if len(line) <= LABEL and ALONE.match(line) is not None:
        return "nothing but a label (lines.labels, lines.buttons)"
    sentence = is_sentence(line)
    if not sentence and any(colon in line for colon in COLONS) and BEFORE_COLON.match(line) is not None:
        return "a label before a colon (lines.labels, lines.keywords, lines.counters)"
    if ("nter" in line or "NTER" in line) and MISTAKE.search(line) is not None:
        return "asks readers to report a mistake (promotion.reports_mistake)"
    opens = not sentence and OPENING.match(line) is not None
    kind = "opens like promotion (promotion.openings)" if opens else _address_to_reader(line)
    return kind if kind and SAYING.search(line) is None else ""


def _address_to_reader(line: str) -> str:
    """Say how a line, which may be a sentence, offers the reader what the outlet has; empty if it does not.

    No news is told like that, unless it is quoted: quotations are left out.
    """
    line = QUOTED.sub(" ", line)
    small = line.lower()  # a word is looked for before a pattern, which costs far more
    if _begins(small):
        return "begins as no article does (promotion.beginnings)"
    if _has(small, ASSURED):
        return "a phrase that is never in article text (promotion.always)"
    if small.rstrip(" .!»>").endswith(HERE) and LINKED_HERE.search(line) is not None:
        return "a link that ends in the word here (promotion.here)"
    if "@" in line and ADDRESS.search(line) is not None and TURN_TO.search(line) is not None:
        return "asks to write to an address (promotion.contact)"
    if any(channel in small for channel in CHANNELS) and _offers_channel(line):
        return "invites to a newsletter or channel (promotion.calls, follow, all_news, letters)"
    if _has(small, OFFERS) and READER.search(line) is not None:
        return "offers something to the reader (promotion.offers)"
    return ""


def _begins(small: str) -> bool:
    first = FIRST_WORD.match(small)
    if first is None:
        return False
    return any(pattern.match(small, first.start(1)) is not None for pattern in BEGUN.get(first[1], ()))


def _offers_channel(line: str) -> bool:
    if CALL.search(line) is not None or CHANNELLED.search(line) is not None:
        return True
    return all(one.search(line) is not None for one in (LETTER, TAKING, READER))


def _has(small: str, rules: Rules) -> bool:
    told = [pattern for word, pattern in rules if word in small]  # nearly always none
    return any(pattern.search(small) is not None for pattern in told)
