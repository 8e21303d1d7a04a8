"""The pages of the demo's outlets: a layout for each of three, and pages that are no articles."""

from __future__ import annotations

import json
from html import escape

from .stories import Story

OTHER = {  # pages that are announced like articles and must not be stored
    "herald": {
        "/nation/104500.html": "consent",
        "/business/104571.html": "short",
        "/culture/104620.html": "listing",
    },
    "digest": {"/news/society/187688.html": "soft_404", "/news/society/187695.html": "gone"},
    "xeber": {"/az/medeniyyet/50255": "gallery", "/az/cemiyyet/50266": "script"},
}
NAMES = {"herald": "Caspian Herald", "digest": "Bay Today", "xeber": "Sahil Xəbər"}
_OTHER_PAGES = {  # kind -> title, language, body
    "consent": (
        "Before you continue",
        "en",
        "<h1>We value your privacy</h1><p>We and our 412 partners store and access information on your device. "
        "Please choose before you continue.</p><button>Accept all</button>",
    ),
    "short": ("Ferry late", "en", "<h2>Ferry late</h2><p>More follows.</p>"),
    "listing": ("Culture - all news", "en", "<h1>Culture</h1>TEASERS<a href='?page=2'>Next</a>"),
    "soft_404": (
        "Page not found",
        "en",
        "<h1>404</h1><p>Sorry, the page that you are looking for was not found.</p>",
    ),
    "gallery": (
        "Fotolar | Sahil Xəbər",
        "az",
        "<main><h1>Fotolar</h1>" + '<img src="/photo.jpg" alt="">' * 8 + "</main>",
    ),
    "script": (
        "Sahil Xəbər",
        "az",
        "<div id='app'></div><noscript>Please enable JavaScript to view this page.</noscript>"
        "<script src='/app.js'></script>",
    ),
}
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def path_of(story: Story) -> str:
    """The story's address on its outlet, without the origin."""
    match story.outlet:
        case "herald":
            return f"/{story.section}/{story.number}.html"
        case "digest":
            return f"/news/{story.section}/{story.number}.html"
    return f"/az/{story.section}/{story.number}"


def article_page(story: Story, origin: str, others: list[Story]) -> str:
    """The story's page, with links to some others around it as on any site."""
    return {"herald": _herald, "digest": _digest, "xeber": _xeber}[story.outlet](story, origin, others)


def _herald(story: Story, origin: str, others: list[Story]) -> str:
    body = "".join(f"<p>{escape(part)}</p>\n" for part in story.paragraphs)
    when = f"{story.published.day} {_MONTHS[story.published.month - 1]} {story.published:%Y %H:%M}"
    head = (
        f'<meta property="og:title" content="{escape(story.title)}"><meta property="og:type" content="article">'
        f'<meta property="article:published_time" content="{story.published.isoformat()}">'
        f'<meta property="article:section" content="{story.section.title()}">'
        f'<link rel="canonical" href="{origin}{path_of(story)}">'
    )
    return _document(
        story.title,
        "en",
        head,
        f"""<header><a href="/">Caspian Herald</a>{_menu(("nation", "business", "region", "culture"))}</header>
<div class="article-content-wrapper"><h2>{escape(story.title)}</h2>
<div class="author"><h6>{story.author}</h6></div><span class="me-3">{when} (UTC+04:00)</span>
<div class="article-content">{body}<p>---</p><p>Follow us on Twitter @CaspianHerald</p></div></div>
<aside><h4>Latest</h4>{_links(others)}</aside><footer>© Caspian Herald. All rights reserved.</footer>""",
    )


def _digest(story: Story, origin: str, others: list[Story]) -> str:
    when = f"{story.published.day} {_MONTHS[story.published.month - 1]} {story.published:%Y [%H:%M]}"
    agency = "By Caspian Herald<br><br>" if story.copied else ""
    body = "<br><br>\n".join(escape(part) for part in story.paragraphs)
    return _document(
        f"{story.title} - Bay Today",
        "en",
        "",
        f"""<table width="980">
<tr><td colspan="2"><a href="/">BAY TODAY</a> {_menu(("politics", "business", "society"))}</td></tr>
<tr><td class="content"><div class="section">BAY TODAY / {story.section.title()}</div>
<h1>{escape(story.title)}</h1>
<div class="date">{when} - BAY TODAY</div>
<div class="text">{agency}By {story.author}<br><br>
{body}<br><br>
URL: <a href="{origin}{path_of(story)}">{origin}{path_of(story)}</a></div>
<div class="tools"><a href="/print/{story.number}">Print version</a><br>Views: 812</div>
<div class="follow">Connect with us. Get latest news and updates.</div>
<form action="/recommend"><b>Recommend news to friend</b><br>Your name: <input name="a"><br>
Your e-mail: <input name="b"><br>
Friend's name: <input name="c"><br>Friend's e-mail: <input name="d"><br><input type="submit" value="Send"></form></td>
<td class="side"><b>Most read</b>{_links(others)}</td></tr></table>""",
    )


def _xeber(story: Story, origin: str, others: list[Story]) -> str:
    declared = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "datePublished": story.published.isoformat(),
        "author": {"@type": "Person", "name": story.author},
        "publisher": {"@type": "Organization", "name": "Sahil Xəbər"},
        "articleSection": story.section,
        "inLanguage": "az",
        "mainEntityOfPage": f"{origin}{path_of(story)}",
    }
    body = "".join(f"<p>{escape(part)}</p>\n" for part in story.paragraphs)
    return _document(
        f"{story.title} | Sahil Xəbər",
        "az",
        f'<script type="application/ld+json">{json.dumps(declared, ensure_ascii=False)}</script>',
        f"""<nav>{_menu(("cemiyyet", "iqtisadiyyat", "medeniyyet", "idman"))}</nav>
<main><article><h1>{escape(story.title)}</h1><div class="body">{body}</div></article></main>
<section class="related"><h3>Digər xəbərlər</h3>{_links(others)}</section><footer>© Sahil Xəbər</footer>""",
    )


def other_page(kind: str, others: list[Story]) -> tuple[int, str]:
    """Status and text of a page that is no article."""
    title, language, body = _OTHER_PAGES.get(kind, ("Not found", "en", "<h1>Not found</h1>"))
    teasers = "".join(f'<div class="teaser">{_link(story)}</div>' for story in others)
    return 404 if kind == "gone" else 200, _document(title, language, "", body.replace("TEASERS", teasers))


def listing_page(outlet: str, stories: list[Story], extra: list[str], older: str | None) -> str:
    """A page of links with their times, newest first; `extra` are addresses without a story behind them."""
    rows = "".join(
        f'<li>{_link(story)} <time datetime="{story.published.isoformat()}">'
        f"{story.published:%d.%m.%Y %H:%M}</time></li>"
        for story in stories
    )
    rows += "".join(f'<li><a href="{path}">More</a></li>' for path in extra)
    more = f'<a rel="next" href="{older}">Older</a>' if older else ""
    language = "az" if outlet == "xeber" else "en"
    return _document(NAMES[outlet], language, "", f"<h1>{NAMES[outlet]}</h1><ul class='news'>{rows}</ul>{more}")


def _menu(sections: tuple[str, ...]) -> str:
    return "".join(f'<a href="/section/{section}">{section.title()}</a> ' for section in sections)


def _links(stories: list[Story]) -> str:
    return "<ul>" + "".join(f"<li>{_link(story)}</li>" for story in stories) + "</ul>"


def _link(story: Story) -> str:
    return f'<a href="{path_of(story)}">{escape(story.title)}</a>'


def _document(title: str, language: str, head: str, body: str) -> str:
    head = f'<meta charset="utf-8"><title>{escape(title)}</title>{head}'
    return f'<!doctype html>\n<html lang="{language}"><head>{head}</head>\n<body>{body}</body></html>'
