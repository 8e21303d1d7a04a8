"""Documents that go wrong: character sets, markup, fields, and pages that are something else."""

from __future__ import annotations

from html import escape

from tests.chaos.table import STORED, add, changed, raw, whole
from tests.fault_pages import LISTING, article, page

# Character sets
_RUSSIAN = "<p>" + "Городской совет обсудил ремонт моста через реку и новые правила движения. " * 8 + "</p></article>"


def _in_charset(
    name: str, codec: str, header: str, meta: str, state: str = "stored", reason: str | None = None
) -> None:
    text = changed(name, ("</article>", _RUSSIAN), ('<meta charset="utf-8">', meta)).decode()
    add(f"charset-{name}", whole(text.encode(codec, "replace"), kind=header), state, reason)


_in_charset("utf-16-mark", "utf-16", "text/html", "")
_in_charset("utf-16-header", "utf-16-le", "text/html; charset=utf-16le", "")
_in_charset("windows-header", "cp1251", "text/html; charset=windows-1251", "")
_in_charset("windows-meta", "cp1251", "text/html", '<meta charset="windows-1251">')
_in_charset("koi8", "koi8-r", "text/html; charset=KOI8-R", "")
_in_charset("meta-lies", "utf-8", "text/html; charset=utf-8", '<meta charset="windows-1251">')
_in_charset("unknown", "utf-8", "text/html; charset=klingon", "")
_in_charset("quoted", "utf-8", 'text/html; charset="UTF-8"', "")
_in_charset("twice", "utf-8", "text/html; charset=utf-8; charset=latin-1", "")
_in_charset("mark-utf-8", "utf-8-sig", "text/html", "")

# Markup
for name, changes in {
    "no-html-tag": (('<html lang="en">', ""), ("<body>", ""), ("</body></html>", "")),
    "xhtml": (
        ("<!doctype html>", '<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x.dtd">'),
    ),
    "entity-bomb": (
        ("<!doctype html>", '<!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'),
        ("</h1>", " &b;</h1>"),
    ),
    "open-comment-behind": (("</article>", "</article><!-- never closed"),),
    "references": (("</h1>", " &#xD800; &#x110000; &#0; &#27;[31m</h1>"),),
    "right-to-left": (("</h1>", " \u202egnp.exe\u202c\u2066</h1>"),),
    "base-script": (("<head>", '<head><base href="javascript:alert(1)">'),),
    "base-private": (("<head>", '<head><base href="http://169.254.169.254/">'),),
    "canonical-private": (("<head>", '<head><link rel="canonical" href="http://169.254.169.254/a">'),),
    "canonical-script": (("<head>", '<head><link rel="canonical" href="javascript:alert(1)">'),),
    "canonical-broken": (("<head>", '<head><link rel="canonical" href="http://[x">'),),
    "refresh-private": (("<head>", '<head><meta http-equiv="refresh" content="0;url=http://169.254.169.254/">'),),
    "amp": (('<html lang="en">', '<html amp lang="en">'),),
    "svg": (("</h1>", "</h1><svg><foreignObject><p>" + "drawn " * 50 + "</p></foreignObject></svg>"),),
    "template": (("</h1>", "</h1><template><p>" + "not shown " * 50 + "</p></template>"),),
    "frames": (("</h1>", "</h1>" + '<iframe src="http://169.254.169.254/"></iframe>' * 200),),
    "script-of-1-MB": (("</head>", f"<script>var a = '{'x' * 1_000_000}'</script></head>"),),
    "image-of-1-MB": (("</h1>", f'</h1><img src="data:image/png;base64,{"A" * 1_000_000}">'),),
    "attribute-of-1-MB": (("<main>", f'<main data-state="{"{" * 1_000_000}">'),),
    "links-5000": (
        ("</article>", "</article><ul>" + "".join(f'<li><a href="/q/{n}">{n}</a>' for n in range(5000)) + "</ul>"),
    ),
    "lists-500-deep": (("</article>", "</article>" + "<ul><li>" * 500),),
    "tables-300-deep": (("</article>", "</article>" + "<table><tr><td>" * 300),),
    "fonts-2000": (("</article>", "</article>" + "<font><b><i>" * 2000),),
    "json-ld-broken": (("</head>", '<script type="application/ld+json">{"@type": "NewsArticle", </script></head>'),),
    "json-ld-deep": (("</head>", f'<script type="application/ld+json">{"[" * 20_000}</script></head>'),),
    "json-ld-odd-types": (
        (
            "</head>",
            '<script type="application/ld+json">{"@type": ["NewsArticle", 7, null], "headline": {"a": [1]}, '
            '"author": [null, 7, {"name": {"x": 1}}, [["deep"]]], "datePublished": NaN, "articleBody": 42}</script></head>',
        ),
    ),
    "json-ld-1-MB": (
        (
            "</head>",
            f'<script type="application/ld+json">{{"@type": "NewsArticle", "keywords": "{"word, " * 150_000}"}}</script></head>',
        ),
    ),
    "title-of-100-kB": ((" | Faulty</title>", " " + "long " * 20_000 + "</title>"),),
    "title-empty": (("<title>", "<title></title><title>"),),
    "authors-500": (("</h1>", "</h1>" + "".join(f'<a rel="author" href="#">Ali Aliyev {n}</a>' for n in range(500))),),
    "author-formula": (("</h1>", '</h1><span class="author">=HYPERLINK("http://x")</span>'),),
    "date-offset": (("09:30:00+04:00", "09:30:00+99:99"),),
    "date-offset-24": (("09:30:00+04:00", "09:30:00+24:00"),),
    "date-february-30": (("2025-03-04T09:30:00+04:00", "2025-02-30T09:30:00+04:00"),),
    "date-year-0": (("2025-03-04T", "0000-03-04T"),),
    "date-year-9999": (("2025-03-04T", "9999-03-04T"),),
    "date-epoch": (("2025-03-04T09:30:00+04:00", "0"),),
    "date-digits": (("2025-03-04T09:30:00+04:00", "9" * 400),),
    "date-words": (("2025-03-04T09:30:00+04:00", "yesterday, if at all"),),
    "image-private": (("</head>", '<meta property="og:image" content="http://169.254.169.254/i.png"></head>'),),
    "language-odd": (('<html lang="en">', '<html lang="zz-!!">'),),
    "nul-50": (("</h1>", "</h1>" + "\x00" * 50),),
    "word-of-1-MB": (("</h1>", f"</h1><p>{'a' * 1_000_000}</p>"),),
    "soft-hyphens": (("The town", "The\u00adto\u200bwn"),),
}.items():
    add(f"markup-{name}", whole(changed(name, *changes)), *STORED)
add("markup-plaintext-before", whole(changed("plaintext", ("<body>", "<body><plaintext>"))), *STORED)
add("markup-open-script", whole(changed("script", ("<body>", "<body><script>"))), "rejected", "too_short")
add("markup-open-comment-before", whole(changed("comment", ("<body>", "<body><!-- "))), "rejected", "too_short")
add("markup-divs-100000", whole(changed("divs", ("<main>", "<div>" * 100_000))), "rejected", "hostile")
add("markup-lists-20000-deep", whole(changed("lists", ("<main>", "<ul><li>" * 20_000))), "rejected", "hostile")
add("markup-paragraphs-100000", whole(changed("ps", ("</h1>", "</h1>" + "<p>" * 100_000))), *STORED)

# Pages that are something else
_PROSE = "".join(
    f"<p>We use what you tell us to improve the service, number {n}, as our partners and we have agreed upon.</p>"
    for n in range(40)
)


def _other(name: str, title: str, body: str, reason: str, state: str = "rejected", status: int = 200) -> None:
    add(f"other-{name}", whole(page(title, body), status=status), state, reason)


_other("human", "Verify", "<h1>Verify you are human</h1><p>Complete the security check to continue.</p>", "challenge")
_other(
    "captcha",
    "Attention required",
    '<h1>One more step</h1><div class="g-recaptcha"></div><p>Are you a robot?</p>',
    "challenge",
)
_other(
    "index-of",
    "Index of /news",
    '<h1>Index of /news</h1><pre><a href="../">../</a>\n<a href="a">a</a></pre>',
    "too_short",
)
_other("login", "Log in", '<h1>Log in</h1><form><input type="password"><button>Log in</button></form>', "too_short")
_other("consent-long", "Your privacy", f"<h1>We value your privacy</h1>{_PROSE}<button>Accept all</button>", "consent")
_other("maintenance", "Maintenance", "<h1>We will be back soon</h1><p>The site is being maintained.</p>", "too_short")
_other("database", "Error", "<h1>Error establishing a database connection</h1>", "too_short")
_other("empty-article", "A title", "<article><h1>A title</h1></article>", "too_short")
_other("listing", "News", f"<h1>News</h1><ul>{LISTING}</ul>", "not_article")
_other("framed", "News", '<frameset><frame src="/a"></frameset>', "too_short")
_ROWS = "\n".join(f'<a href="file-{n}.pdf">file-{n}.pdf</a>  2025-03-04 09:30  {n} kB' for n in range(300))
_LINKS = "".join(f'<li><a href="/ok/{n}">Matter {n} before the council of the town</a></li>' for n in range(40))
_other("index-of-long", "Index of /news", f"<h1>Index of /news</h1><pre>{_ROWS}</pre>", "not_article")
_other(
    "human-long",
    "Just a moment...",
    f'<h1>Verify you are human</h1><form class="cf-turnstile"></form>{_PROSE}',
    "challenge",
)
_other(
    "soft-404-long",
    "Page not found",
    f"<h1>404: page not found</h1><p>The page you are looking for could not be found.</p>{_PROSE}<ul>{_LINKS}</ul>",
    "soft_404",
)
_other(
    "login-long",
    "Sign in to read on",
    f'<h1>Sign in to read on</h1><form><input type="password" name="p"><button>Sign in</button></form>{_PROSE}',
    "not_article",
)
_other(
    "parked",
    "news.example is for sale",
    f"<h1>The domain news.example is for sale</h1><p>Buy this domain today.</p>{_PROSE}<ul>{_LINKS}</ul>",
    "soft_404",
)
for name, content, kind in (
    (
        "feed",
        b'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title></channel></rss>',
        "application/rss+xml",
    ),
    ("sitemap", b'<?xml version="1.0"?><urlset></urlset>', "application/xml"),
    ("script", b"function news() { return 1 }", "application/javascript"),
    ("style", b"body { color: red }", "text/css"),
    ("zip", b"PK\x03\x04" + bytes(200), "application/zip"),
    ("film", b"\x00\x00\x00\x18ftypmp42" + bytes(200), "video/mp4"),
    ("zip-as-html", b"PK\x03\x04" + bytes(range(256)) * 4, "text/html"),
    ("image-as-html", b"\xff\xd8\xff\xe0" + bytes(range(256)) * 4, "text/html"),
    (
        "feed-as-html",
        b'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title></channel></rss>',
        "text/html",
    ),
    ("json-as-html", b'{"title": "News", "items": [1, 2, 3]}', "text/html"),
    ("text", b"Just words. " * 100, "text/plain"),
):
    add(f"other-{name}", whole(content, kind=kind), "rejected", "not_html")
add("other-nul-as-html", whole(bytes(5000)), "rejected", "empty")
add("other-html-as-text", whole(article("chaos html as text"), kind="text/plain"), *STORED)
add("other-html-without-kind", raw(b"HTTP/1.1 200 OK", b"Connection: close", body=article("chaos no kind")), *STORED)
add("other-html-as-xhtml", whole(article("chaos as xhtml"), kind="application/xhtml+xml; charset=utf-8"), *STORED)
add("other-html-as-octets", whole(article("chaos octets"), kind="application/octet-stream"), *STORED)
add("other-escaped", whole(escape(article("chaos escaped").decode()).encode()), "rejected", "not_html")
