"""What outlets write around their texts, in the languages of the region and others: the tables of what is looked for.

Each is a part of a regular expression, matched without regard to case.
"""

from __future__ import annotations

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
        r"explore further|you (?:may|might)(?: also)? (?:like|enjoy)(?: this)?",
        r"related (?:videos?|posts?|reading|coverage)",
        r"filed under|back to (?:the )?top|print(?: this page)?|be the first to comment|volver|voltar",
        r"(?:leave|post|add|write) a (?:comment|reply)|log in to (?:comment|reply)|comments are (?:closed|off)",
        r"(?:читайте|смотрите|подробнее|новости|материалы|статьи|ещё|еще) по (?:этой )?теме|по теме|подробнее|"
        r"см(?:отрите|\.) (?:также|ещё)|похожие (?:новости|статьи|материалы)|другие новости|версия для печати|"
        r"(?:оставить|добавить|написать) комментарий|комментарии(?: \(?\d+\)?)?|поделиться(?: (?:ссылкой|новостью|"
        r"статьёй|статьей|в (?:соц\w+|facebook|telegram|whatsapp|twitter|vk)\b.*))?",
        r"(?:читайте|дивіться) (?:також|ще|по темі|за темою)|за темою|схожі (?:новини|статті)|коментарі(?: \(?\d+\)?)?|"
        r"(?:залишити|додати) коментар|поділитис[яь](?: (?:посиланням|новиною|(?:в|у) (?:соц\w+|facebook|"
        r"telegram|twitter)\b.*))?",
        r"(?:həmçinin|bunu da|ardını|davamını) oxu(?:yun)?|(?:digər|əlaqəli|bənzər|son|əlaqədar) xəbərlər|xəbər lenti|"
        r"şərhlər(?: \(?\d+\)?)?|şərh (?:yaz(?:ın)?|bildir(?:in)?)|paylaş(?:ın)?|çap et|"
        r"xəbərin davamı(?: üçün kliklə(?:yin)?)?",
        r"(?:ilgili|benzer|diğer|son) haberler|haberin devamı(?: için tıkla(?:yın)?)?|yorum(?:lar| yap(?:ın)?)"
        r"(?: \(?\d+\)?)?|"
        r"bunlar da ilginizi çekebilir|yazdır",
        r"(?:оқи отырыңыз|тағы оқыңыз|сондай-ақ оқыңыз|ұқсас жаңалықтар|пікірлер|бөлісу|пікір қалдыру)",
        r"(?:дагы окуңуз|ошондой эле окуңуз|окшош жаңылыктар|пикирлер|бөлүшүү)",
        r"(?:mavzuga doir|shuningdek o['’‘ʻ]qing|o['’‘ʻ]xshash yangiliklar|izohlar|ulashing|улашинг|изоҳлар|"
        r"мавзуга доир|шунингдек ўқинг|ўхшаш янгиликлар)",
        r"(?:инчунин хонед|ҳамчунин хонед|дар ин мавзуъ|хабарҳои монанд|шарҳҳо|şeýle-de okaň|teswirler|paýlaş)",
        r"(?:նաև կարդացեք|կարդացեք նաև|առնչվող լուրեր|մեկնաբանություններ|կիսվել|տարածել)",
        r"(?:ასევე წაიკითხეთ|წაიკითხეთ ასევე|მსგავსი (?:სიახლეები|სტატიები)|კომენტარები|გააზიარე(?:თ)?|ამავე თემაზე)",
        r"(?:بیشتر بخوانید|همچنین بخوانید|بخوانید|اخبار مرتبط|مطالب مرتبط|نظرات|ارسال نظر|لینک کوتاه(?: خبر)?)",
    )
)
# The same of buttons, which stand before no colon: "Назад: как город стал портом" is a heading.
BUTTONS = "|".join(
    (
        r"(?:рас)?печат(?:ь|ать)|размер шрифта|(?:про)?слушать (?:статью|новость)|назад|наверх|вверх|далее|"
        r"(?:загрузить|показать) (?:ещё|еще)(?: новости)?|(?:ещё|еще) новости|"
        r"(?:следующая|предыдущая) (?:новость|статья)|на правах рекламы|поддержите нас|"
        r"смотр(?:ите|еть) (?:видео|также|фото)|(?:наступна|попередня) новина",
        r"(?:məqaləni|xəbəri) dinlə(?:yin)?|geri|daha çox|ətraflı|davamı|(?:əvvəlki|növbəti) xəbər|bu mövzuda|"
        r"dəstək olun|videonu buradan izləyin|(?:önceki|sonraki) haber|haberi dinle(?:yin)?",
        r"(?:0|6|12|16|18)\+|\w+(?:[\s,.;|]*#\w+)+",  # the first # goes with what may stand before any label
    )
)
# What stands before a colon and the words under which an article is filed.
KEYWORDS = (
    r"tags?|topics?|keywords?|schlagw[oö]rt\w*|etiquetas|mots[- ]clés|теги?|тэги|метки|ключевые слова|мітки|"
    r"ключові слова|тегтер|түйін сөздер|негизги сөздөр|тегҳо|açar sözlər|etiketlər|teqlər|etiketler|anahtar kelimeler|"
    r"kalit so['’‘ʻ]zlar|teglar|теглар|калит сўзлар|պիտակներ|բանալի բառեր|ტეგები|საკვანძო სიტყვები|"
    r"برچسب[\u200c ]?ها|کلیدواژه|рубрика|раздел|категори[яи]|категорія|сюжет|kateqoriya|bölmə|mövzu|kategori|"
    r"bo['’‘ʻ]lim|бўлим|рубрикасы|թեմա|բաժին|რუბრიკა|კატეგორია|دسته[\u200c ]?بندی"
)
# What stands before a colon and a number that says how often a page was read, or which of the outlet's it is.
COUNTED = (
    r"views|oxunub|oxundu|oxunma|oxunma sayı|baxış|baxış sayı|baxılıb|okunma|okunma sayısı|просмотры|просмотров|"
    r"количество просмотров|прочитано|переглядів|ko['’‘ʻ]rishlar(?: soni)?|кўришлар(?: сони)?|қаралым|көрүүлөр|"
    r"დათვალიერება|ნახვა|դիտում|کد خبر|شناسه خبر|تعداد بازدید"
)
# Networks and channels in them; small letters.
NETWORKS = (
    "telegram", "телеграм", "whatsapp", "ватсап", "facebook", "фейсбук", "instagram", "инстаграм", "youtube", "viber",
    "twitter", "google news", "соцсет", "социальных сет", "соцмереж", "соціальних мереж", "sosial şəbəkə", "тгканал",
    "sosial media", "sosyal medya", "تلگرام", "اینستاگرام", "ტელეგრამ", "ფეისბუქ", "տելեգրամ", "ֆեյսբուք",
)  # fmt: skip
# How readers, and nobody else, are asked to come there: plural imperatives.
FOLLOW = (
    r"подпис(?:ывайтесь|ишитесь)|присоединяйтесь|следите|читайте|вступайте|підпис(?:уйтес[ья]|уйтеся|іться)|"
    r"приєднуйтес[ья]|слідкуйте|стежте|abunə ol(?:un)?|izlə(?:yin)?|qoşulun|abone ol(?:un)?|takip ed(?:in|ebilirsiniz)|"
    r"katıl(?:ın)?|жазылыңыз(?:дар)?|қосылыңыз(?:дар)?|кошулуңуз(?:дар)?|оқыңыз(?:дар)?|obuna bo['’‘ʻ]ling|"
    r"обуна бўлинг|кузатинг|kuzating|қўшилинг|qo['’‘ʻ]shiling|обуна шавед|пайвандед|ýazylyň|goşulyň|"
    r"բաժանորդագրվեք|հետևեք|միացեք|გამოიწერეთ|გამოგვყევით|შემოგვიერთდით|დაგვიმეგობრდით|دنبال کنید|عضو شوید|بپیوندید"
)
# How readers are told that all the rest of the news is there.
ALL_NEWS = (
    r"(?:больше|все|главные|последние|свежие|другие|оперативные|самые \w+) (?:\w+ )?новост\w+|"
    r"(?:більше|всі|усі|головні|останні|найважливіші) (?:\w+ )?новин\w*|(?:ən son|daha çox|bütün|ən vacib) xəbərlər|"
    r"(?:en son|daha fazla|tüm) haber(?:ler)?"
)
# The terms of use of the outlet's texts.
REUSE = (
    r"(?=.*(?:материал|текст|новост|информаци|публикаци|контент))"
    r"(?=.*(?:ссылк|сайт|редакци|портал|источник|правооблад))(?:(?:при|любое|полное|частичное|в случае) (?:\w+ ){0,3})?"
    r"(?:копирован|использован|перепечатк|цитирован|воспроизведен)\w+ .*"
    r"(?:обязательн|запрещ|разреш|соглас|только|возможн|допуск)|"
    r"(?=.*(?:матеріал|текст|новин|інформаці|публікаці))(?=.*(?:посиланн|сайт|редакці|портал|джерел|правовласн))"
    r"(?:(?:при|у разі|будь-яке|повне) (?:\w+ ){0,3})?(?:копіюванн|використанн|передрук|цитуванн)"
    r"\w* .*(?:обов['’]язков|заборон|дозвол|лише|можлив)|"
    r".{0,60}\b(?:istifadə (?:edərkən|edildikdə|zamanı|etdikdə)|istifadəsi zamanı|iqtibas gətirildikdə|"
    r"kopyalanarkən) .*\b(?:(?:istinad|hiperlink|hipərlink)\w*|(?:keçid|link)\w* (?:veril|göstəril)\w+) (?:\w+ )?"
    r"(?:mütləq|zəruri|vacib|məcburi|lazım|tələb|olunmalı)|"
    r"(?=.*(?:haber|içeri[kğ]|yazı|metin|fotoğraf|site))[^.]{0,60}\b(?:izinsiz|kaynak gösteril\w+) .*"
    r"\b(?:kullanılamaz|kopyalanamaz|yayınlanamaz|alıntılanamaz)|"
    r"[^.]{0,60}(?:көшір|пайдалан)\S+ .*сілтеме .*(?:міндетті|қажет)|"
    r"[^.]{0,60}(?:foydalan|ko['’‘ʻ]chir|фойдалан|кўчир)\S* .*(?:(?:havola|ҳавола) (?:ber|qil|ko['’‘ʻ]rsat|"
    r"бер|қил|кўрсат)|(?:manba|манба)\S* (?:ko['’‘ʻ]rsat|кўрсат))\S* .{0,20}(?:shart|majbur|lozim|шарт|мажбур|лозим)|"
    r"[^.]{0,60}(?:մեջբեր|օգտագործ|արտատպ)\S+ .*հղում\S* .*պարտադիր|"
    r"[^.]{0,60}(?:გამოყენებ|ციტირებ|გადაბეჭდვ)\S+ .*წყაროს? (?:მითითება|დასახელება|ციტირება)\S* .*"
    r"(?:სავალდებულო|აუცილებელ)|"
    r"[^.]{0,60}(?:نقل|بازنشر|استفاده) .*(?:ذکر منبع|نام منبع)"
)
# What stands before a colon and the name of where a text comes from.
SOURCE = (
    r"(?:sources?|quellen?|istinad|источники?|джерел[оа]|(?:haber )?kayna[kğ][ıi]?|mənbə|manba|манба|дереккөз|булак|"
    r"сарчашма|çeşme|fuente|fonte|աղբյուր|წყარო|منبع)"
)
