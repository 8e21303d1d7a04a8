"""How pages say that they are none: bot walls, consent, "not found", scripts, subscriptions; in many languages.

DENIED and MISSING are looked for as whole lines, of the titles or of the blocks of the page, since articles tell of
such things too ("The page was not found in the archive, the court heard").
"""

from __future__ import annotations

import re

BEGIN = r"^[^\w\n]{0,9}+"  # of such a line; bounded, since what is hostile has thousands of dots in a row
# of such a line: a sentence that goes on about it, or a site's name
END = r"(?:\s*[.!?…].*|\s*[|–—·»-]\s*(?:\S+ ?){1,4})?\s*$"
SORRY = r"oops|sorry|unfortunately|к сожалению|на жаль|ой|üzr istəyirik|təəssüf ki|üzgünüz|кешіріңіз|кечиресиз|uzr|404"

CHALLENGE = re.compile(
    r"just a moment\.\.\.|checking (?:if the site connection|your browser)|attention required! \| cloudflare|"
    r"verify(?:ing)? (?:that )?you are (?:a )?human|"
    r"are you a robot|ddos protection by|access denied|pardon our interruption|press (?:&|and) hold|"
    r"please enable (?:js|cookies)|"
    r"enable javascript and cookies to continue|unusual (?:traffic|activity)|request unsuccessful\. incapsula|"
    r"проверка браузера|you have been blocked|"
    r"bot verification|captcha|security check|human verification|request blocked|403 forbidden|"
    r"подтвердите,? что вы (?:не робот|человек)|введите символы с картинки|ваш запрос похож на автоматическ|"
    r"підтвердьте,? що ви (?:не робот|людина)|robot olmadığınızı (?:təsdiqlə|doğrula)\w*|"
    r"робот емес(?:сіз бе| екеніңізді)|робот эмес (?:экениңизди|белеңиз)|robot emasligingizni|робот эмаслигингизни|"
    r"робот нестед|որ (?:դուք )?ռոբոտ չեք|რომ (?:არ ხართ )?რობოტი|ربات نیستید|ربات نیستم",
    re.IGNORECASE,
)
DENIED = re.compile(
    rf"{BEGIN}(?:доступ (?:к (?:сайту|странице|ресурсу) )?(?:временно )?(?:ограничен|запрещ[её]н|заблокирован)|"
    rf"доступ (?:до сайту )?(?:заборонено|обмежено)|giriş (?:qadağandır|məhdudlaşdırılıb)|erişim (?:engellendi|"
    rf"reddedildi)|қолжетімділік шектелген|kirish taqiqlangan|кириш тақиқланган|մուտքն արգելված է|"
    rf"წვდომა (?:შეზღუდულია|აკრძალულია)|دسترسی (?:غیرمجاز|محدود)(?: است)?){END}",
    re.IGNORECASE | re.MULTILINE,
)
CHALLENGE_SCRIPT = re.compile(
    r"_incapsula_resource|cdn-cgi/challenge-platform|captcha-delivery|px-cloud|hcaptcha|recaptcha|turnstile|awswaf|"
    r"ddos-guard|sucuri",
    re.IGNORECASE,
)
CONSENT = re.compile(
    r"before you continue|we (?:use|value) (?:cookies|your privacy)|your privacy (?:choices|matters)|"
    r"accept (?:all )?cookies|cookie (?:consent|wall)|(?:manage|withdraw) (?:your |my )?consent|consent choices|"
    r"\d+ partners|mit werbung weiterlesen|zustimmung zu|datenschutzeinstellungen|accepter et|accepter les cookies|"
    r"su consentimiento|\bgdpr\b|privacy (?:settings|preferences)|файл\w* cookie|store (?:and/or )?access information|"
    r"(?:site|website) uses cookies|(?:мы|сайт|портал) использу\w+ (?:файлы )?(?:cookie|куки)|"
    r"(?:ми|сайт) використову\w+ (?:файли )?(?:cookie|кукі)|(?:вы|ви) (?:соглашаетесь|погоджуєтес[ья])|"
    r"(?:cookie|kuki)\S* istifadə ed|çerez\w* kullan\w+|çerez politikası|(?:cookie|куки) файлдарын (?:қолдан|колдон)|"
    r"cookie[- ]?(?:fayl\w*)? ?\w*dan foydalan|cookie ֆայլեր|cookie\S* ֆայլ|cookie ფაილ|کوکی",
    re.IGNORECASE,
)
NOT_FOUND = re.compile(
    r"(?:page|article|story|content|seite|artikel)\b.{0,20}\b(?:not found|(?:can|could)(?:not|n['’]t) be found|"
    r"does(?: not|n['’]t) exist|no longer (?:exists|available)|nicht gefunden|existiert nicht)|"
    r"\b404\b|not found|nicht gefunden|page introuvable|p[aá]gina (?:no|n[aã]o) encontrada|страница не найдена|"
    r"səhifə tapılmadı|sayfa bulunamad[ıi]|sahifa topilmadi|саҳифа (?:топилмади|ёфт нашуд)|бет табылмады|"
    r"(?:барак|баракча) табылган жок|sahypa tapylmady|صفحه (?:مورد نظر )?(?:پیدا|یافت) نشد|"
    r"сторінк\w+ не знайден\w+|էջը չի գտնվել|გვერდი ვერ მოიძებნა|nie znaleziono|halaman tidak ditemukan|"
    r"error (?:400|403|500|502|503)|service unavailable|internal server error|bad gateway|domain (?:is )?for sale|"
    r"buy this domain|"
    r"under construction|account suspended|wayback machine",
    re.IGNORECASE,
)
MISSING = re.compile(
    rf"{BEGIN}(?:(?:{SORRY})\W+)?(?:"
    r"we (?:couldn['’]t|could not|can['’]t) find (?:that|this|the) (?:page|story|article)|"
    r"(?:that|this|the) (?:page|story|article) (?:you(?:['’]re| are| were) looking for )?(?:can(?:['’]t|not) be found|"
    r"is no longer available|has been (?:removed|deleted))|nothing (?:was )?found|something went wrong|"
    r"(?:такой|данной|этой) страницы (?:больше )?(?:нет|не существует)|ничего не найдено|"
    r"(?:запрашиваем\w+ |запрошенн\w+ |данн\w+ |эта |этот )?(?:вами )?(?:страница|новость|статья|запись|публикация|"
    r"материал|документ) (?:\w+ ){0,3}(?:не (?:найден|существует|обнаружен)|удал[её]н|отсутствует|недоступ|перемещ)\w*"
    r"(?: или \w+)?|"
    r"такої сторінки (?:більше )?(?:немає|не існує)|(?:запитан\w+ |дан\w+ |ця |цей )?(?:сторінк|новин|статт|матеріал|"
    r"публікаці)\w* (?:\w+ ){0,3}(?:не (?:знайден|існує)|видален|недоступн|відсутн)\w*|"
    r"(?:axtardığınız |istədiyiniz |bu |belə )?(?:səhifə|xəbər|məqalə|material) (?:tapılmadı|tapılmayıb|mövcud deyil|"
    r"silinib)|"
    r"(?:aradığınız |istediğiniz |bu )?(?:sayfa|haber|içerik|yazı|makale) (?:bulunamadı|mevcut değil|kaldırılmış\w*|"
    r"silinmiş\w*|yayından kaldırıl\w+)|"
    r"(?:парақша|парақ|бет|жаңалық|мақала|материал) (?:табылмады|өшірілген|жойылған)|"
    r"(?:барак|баракча|бет|жаңылык|макала|материал) (?:табылган жок|табылбады|өчүрүлгөн)|"
    r"(?:sahifa|maqola|xabar|yangilik|саҳифа|мақола|хабар|янгилик) (?:topilmadi|mavjud emas|топилмади|мавжуд эмас)|"
    r"(?:саҳифа|мақола|хабар|матлаб) (?:ёфт нашуд|вуҷуд надорад)|(?:sahypa|habar|makala) tapylmady|"
    r"(?:էջը|նյութը|լուրը|հոդվածը) (?:չի գտնվել|գոյություն չունի|չգտնվեց|հասանելի չէ)|"
    r"(?:გვერდი|სტატია|მასალა|სიახლე) (?:ვერ|არ) (?:მოიძებნა|არსებობს)|"
    rf"(?:صفحه|خبر|مطلب)(?: مورد نظر)?(?: شما)? (?:یافت|پیدا) نشد){END}",
    re.IGNORECASE | re.MULTILINE,
)
SCRIPTED = re.compile(
    r"enable javascript|javascript (?:is )?(?:disabled|required|aktivieren)|requires javascript|"
    r"(?:включит|увімкн|ввімкн)\w+ (?:поддержку |підтримку )?javascript|need to enable javascript|"
    r"javascript\S{0,6} (?:aktivləşdir|aktiv ed|etkinleştir|açın|қосыңыз|күйгүзүңүз|yoqing|ёқинг|фаъол)|"
    r"միացրեք javascript|ჩართეთ javascript|جاوا ?اسکریپت",
    re.IGNORECASE,
)
# How a page says that the rest of its text is for others: in lines of their own beside a beginning of it.
WALLED = re.compile(
    r"\bthis (?:article|content|story) is (?:\w+ )?(?:for|available to|reserved for|exclusive to) (?:our )?(?:\w+ )?"
    r"(?:subscribers|members)\b|\bfor subscribers only\b|"
    rf"{BEGIN}(?:please )?(?:subscribe|register|log ?in|sign (?:in|up))\b.{{0,60}}\b"
    r"to (?:continue|keep|go on) reading\b|"
    rf"{BEGIN}(?:subscribe|log ?in|sign in) to (?:read on|unlock|read the (?:full|rest))\b|"
    r"\b(?:artikel|beitrag|inhalt) ist (?:nur |exklusiv )?für (?:\w+ )?abonnent|réservée?s? aux abonnés|"
    r"\b(?:artículo|contenido) exclusivo para (?:suscriptores|abonados)|"
    r"(?:статья|материал|текст)\w* доступ\w+ (?:только|лишь) (?:для )?(?:\w+ )?подписчик|доступ\w+ по подписке|"
    r"только для (?:платных )?подписчиков|чтобы (?:про|до)?читать .{0,40}(?:оформите|подпишитесь|войдите)|"
    r"доступн\w+ (?:лише|тільки) (?:для )?(?:\w+ )?передплатник|(?:лише|тільки) для передплатників|"
    r"(?:yalnız|ancaq) abunəçilər|(?:oxumaq|davamını oxumaq|oxumağa davam etmək) üçün (?:\w+ )?(?:abunə|daxil) ol|"
    r"(?:sadece|yalnızca) abone\w*|(?:okumak|okumaya devam etmek) için (?:\w+ )?abone ol|тек (?:\w+ )?жазылушылар|"
    r"жазылуучулар үчүн гана|faqat (?:\w+ )?obunachilar|фақат (?:\w+ )?обуначилар|միայն (?:\S+ )?բաժանորդ|"
    r"მხოლოდ (?:\S+ )?გამომწერ|فقط برای (?:مشترکان|اعضا|مشترکین)",
    re.IGNORECASE | re.MULTILINE,
)
PAYWALL = re.compile(
    r"subscribe to (?:continue|read|unlock)|subscribers only|(?:this|the) (?:article|content|story) is (?:for|"
    r"available to|reserved for|exclusive)|to continue reading|"
    r"already a subscriber|sign in to (?:read|continue)|log in to (?:read|continue)|jetzt weiterlesen|"
    r"weiterlesen mit|nur f[uü]r abonnenten|abonnieren sie|"
    r"r[eé]serv[eé] aux abonn[eé]s|para suscriptores|contenuto riservato|только для подписчиков|оформите подписку|"
    r"abun[əe]l[əi]r üçün|unlock this article|premium article",
    re.IGNORECASE,
)
