"""When a page was published: the first source that can be named and makes sense, refined by others that agree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from itertools import islice

from lxml.etree import _Element

from crawlers.extraction.fields.date_parser import WIDEST, Moment, read_moment
from crawlers.extraction.page.blocks import Block
from crawlers.extraction.page.jsonld import text_of
from crawlers.extraction.page.metadata import Page, squeeze, text_in, texts
from storage.model import DateSource, Precision, Published

META_NAMES = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "article:published",
    "article.published",
    "datepublished",
    "itemprop:datepublished",
    "date.published",
    "published_time",
    "publishdate",
    "publish-date",
    "publish_date",
    "pubdate",
    "publication_date",
    "publication-date",
    "published",
    "cxenseparse:recs:publishtime",
    "cxenseparse:publishtime",
    "parsely-pub-date",
    "sailthru.date",
    "vr:published_time",
    "article_date_original",
    "originalpublicationdate",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date.created",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "dc:date",
    "last-published",
    "displaydate",
    "itemprop:datecreated",
    "date",
    "timestamp",
    "rnews:datepublished",
    "bt:pubdate",
    "shareaholic:article_published_time",
)
# "Headline | Outlet | 28.04.2023": some outlets close the title that they declare with the day.
TITLE_END = re.compile(r"\s[|–—-]\s*(?P<date>\d{1,2}\.\d{1,2}\.\d{4}|\d{4}-\d{2}-\d{2})\s*$")
URL_DAY = re.compile(r"/(?P<year>(?:19|20)\d{2})[/-](?P<month>\d{1,2})[/-](?P<day>\d{1,2})(?=[/_.-]|$)")
URL_COMPACT = re.compile(r"[/_-]((?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?=[/_.-]|$)")
PUBLISHED_NAME = re.compile(
    r"publi(?:sh|cat|ée|que|r)\w*[:._ -]?(?:time|date|at|on)|(?:date|time)[:._ -]?publi",
    re.IGNORECASE,
)
DATE_TAGS = frozenset({"span", "div", "p", "li", "em", "small", "td", "font"})
# Of today, in the solar calendar too, in the digits of ASCII, Arabic and Persian.
YEAR = re.compile(r"(?<!\d)(?:1[349]|20|[۱١][۳۴٣٤۹٩]|[۲٢][۰٠])\d{2}(?!\d)")
YEAR_END = re.compile(r"(?:(?:19|20)\d{2}|(?<![\d.:+])(?:1[34]|[۱١][۳۴٣٤۹٩]|[۲٢][۰٠])\d{2})(?=\D|$)")
CHANGED = re.compile(r"modif|updat|edit(?:ed)?\b|aktualis|обновл|изменен|expire|event|comment", re.IGNORECASE)
OF_OTHERS = re.compile(r"related|sidebar|comment|popular|recommend|teaser|modif|updat")
ASIDE = {"aside", "nav", "footer", "select", "form", "script", "style", "noscript", "template"}
PIECES = 60  # of text in an element, among which a line of its own is looked for; what comes later is the article's
NEAR = 40  # elements before and after the title
MAX_LINE = 120  # characters of a date line with what else stands on it: section, outlet, views


@dataclass(frozen=True, slots=True)
class Dating:
    """What is needed to judge a date: the zone of naive ones, the page's language, and the present instant."""

    tz: tzinfo | None
    language: str
    now: datetime


def find_published(
    page: Page,
    dating: Dating,
    selected: str | None = None,
    hint: Published | None = None,
    near: Iterable[str] = (),
    dated: Sequence[_Element] = (),
) -> Published | None:
    """Return the instant of publication, never a future or an impossible one.

    `selected` is the text of the outlet's own date element; `hint` is what the seed said; `near` are the lines around
    the title, `dated` the elements whose class speaks of a date. Sources are tried in the order
    JSON-LD, meta, microdata, the outlet's element, `<time>`, the line below the title, the seed, the address.
    """
    found: list[tuple[DateSource, Moment]] = []
    for source, text in _written(page, selected, near, dated):
        moment = read_moment(text, dating.tz, dating.language)
        if moment is None:
            continue
        if (timely := _timely(moment, dating)) is not None:
            found.append((source, timely))
        if len(found) >= 6 or (found and _is_complete(found[0][1])):
            break
    best = _refined(found)
    if hint is not None and hint.at <= dating.now and (best is None or _finer(hint, best)):
        return hint
    return best or _from_url(page.url, dating)


def _is_complete(moment: Moment) -> bool:
    """Nothing more can be learnt: a time of day, with an offset that is not the careless UTC."""
    return moment.precision is not Precision.DAY and moment.zoned and bool(moment.at.utcoffset())


def _timely(moment: Moment, dating: Dating) -> Moment | None:
    """Drop future instants; local time labelled as UTC, the common cause, is put right where the zone is known."""
    if moment.at <= dating.now:
        return moment
    if dating.tz is not None and moment.zoned and moment.at.utcoffset() == timedelta(0):
        local = moment.at.replace(tzinfo=dating.tz)
        if local <= dating.now:
            return replace(moment, at=local)
    return None


def _refined(found: list[tuple[DateSource, Moment]]) -> Published | None:
    """Start from the first source; take over the minute, or the outlet's own offset, from others that agree with it."""
    if not found:
        return None
    source, best = found[0]
    for other_source, other in found[1:]:
        if (
            best.precision is Precision.DAY
            and other.precision is not Precision.DAY
            and other.at.date() == best.at.date()
        ) or (not best.zoned and other.zoned and _same_clock(best, other)):
            source, best = other_source, other
    if best.precision is not Precision.DAY and best.zoned and not best.at.utcoffset():
        best = replace(best, at=_localised(best, [other for _, other in found]))
    return Published(best.at, best.precision, source, best.raw)


def _localised(best: Moment, others: list[Moment]) -> datetime:
    """Return an instant given in UTC with the offset in which the page shows the same instant elsewhere."""
    for other in others:
        if other.precision is Precision.DAY:
            continue
        shift = (
            other.at.utcoffset()
            if other.zoned
            else other.at.replace(tzinfo=UTC) - best.at.replace(second=other.at.second)
        )
        if not shift or abs(shift) > WIDEST or shift % timedelta(minutes=30):
            continue
        if not other.zoned or abs(other.at - best.at) < timedelta(minutes=1):
            return best.at.astimezone(timezone(shift))
    return best.at


def _same_clock(naive: Moment, zoned: Moment) -> bool:
    """The same wall clock, once without and once with its offset."""
    return naive.at.replace(tzinfo=None, second=0) == zoned.at.replace(tzinfo=None, second=0)


def _finer(hint: Published, best: Published) -> bool:
    """A seed's minute beats a page's bare day, if it is the same day."""
    return (
        best.precision is Precision.DAY
        and hint.precision is not Precision.DAY
        and abs(hint.at - best.at) <= timedelta(hours=36)
    )


def _written(
    page: Page, selected: str | None, lines: Iterable[str], dated: Sequence[_Element]
) -> Iterator[tuple[DateSource, str]]:
    for key in ("datePublished", "dateCreated", "uploadDate"):
        if text := text_of(page.node.get(key)):
            yield DateSource.JSON_LD, text
            break
    for node in page.nodes:
        if (
            node is not page.node
            and not page.node.get("datePublished")
            and (text := text_of(node.get("datePublished")))
        ):
            yield DateSource.JSON_LD, text
            break
    for text in page.every(*META_NAMES):
        yield DateSource.META, text
    for name, contents in page.meta.items():
        if PUBLISHED_NAME.search(name) and name not in META_NAMES and not CHANGED.search(name):
            yield DateSource.META, contents[0]
    for element in page.items:
        if element.tag != "meta" and "datepublished" in (element.get("itemprop") or "").replace("P", "p"):
            yield DateSource.MICRODATA, element.get("datetime") or element.get("content") or text_in(element)
            break
    if selected:
        yield DateSource.PAGE_TEXT, selected
    for title in (page.first("og:title"), page.title_tag):
        if match := TITLE_END.search(title):
            yield DateSource.META, match["date"]
    near, far = _times(page)
    yield from ((DateSource.TIME, text) for text in near)
    yield from ((DateSource.PAGE_TEXT, line) for line in lines if _is_date_line(line))
    yield from ((DateSource.PAGE_TEXT, line) for line in _called_dates(dated))
    yield from ((DateSource.TIME, text) for text in far)


def _times(page: Page) -> tuple[list[str], list[str]]:
    """Return what the `<time>` elements say that can be the article's: those near its title; the first farther down."""
    written = [(time, text) for time in page.parts["time"] if (text := _said(time)) and _of_article(time)]
    if not page.headings or not written:
        return [], [text for _, text in written[:1]]
    order = {
        element: place for place, element in enumerate(page.tree.iter("h1", "time", "p", "h2", "h3", "div", "span"))
    }
    start = order.get(page.headings[0][0], 0)
    places = [(order[time] - start, text) for time, text in written]
    before = [text for place, text in places if -NEAR < place <= 0]
    after = [(place, text) for place, text in places if place > 0][:1]
    near = [*before[-1:], *(text for place, text in after if place <= NEAR)]
    return near, [text for place, text in after if place > NEAR]


def _said(time: _Element) -> str:
    text = time.get("datetime") or text_in(time)
    return text if (len(text) <= 60 and len(YEAR_END.findall(text)) == 1) or text.isdigit() else ""


def _of_article(element: _Element) -> bool:
    names = " ".join((element.get("class") or "", element.get("itemprop") or "", element.get("id") or ""))
    if CHANGED.search(names):
        return False
    for depth, parent in enumerate(element.iterancestors()):
        if parent.tag in ASIDE or (parent.tag == "a" and parent.get("href")):
            return False
        marks = f"{parent.get('class') or ''} {parent.get('id') or ''}".lower()
        if depth < 5 and OF_OTHERS.search(marks):
            return False
    return True


def lines_near(blocks: Sequence[Block], title: int) -> Iterator[str]:
    """Yield the lines around the title's block, mixed ones also piece by piece."""
    taken: set[_Element] = set()
    for block in blocks[max(0, title - 6) : title + 24]:
        if block.foreign:
            continue
        yield block.text
        if len(block.text) <= 2 * MAX_LINE and len(block.element) and block.element not in taken:
            taken.add(block.element)
            yield from _dated_pieces(block.element)


def _dated_pieces(element: _Element) -> Iterator[str]:
    pieces = list(islice(texts(element), PIECES))
    if YEAR.search("\n".join(pieces)):
        yield from (squeeze(piece) for piece in pieces if YEAR.search(piece))


def _is_date_line(line: str) -> bool:
    """The line is about a date and little else, and not the date of a change."""
    if not 6 <= len(line) <= MAX_LINE or not YEAR.search(line) or CHANGED.search(line):
        return False
    return sum(map(str.isalpha, line)) <= 60 and len(line.split()) <= 12


def _called_dates(elements: Iterable[_Element]) -> Iterator[str]:
    """Yield the first line of an element that calls itself a date."""
    for element in elements:
        if element.tag in DATE_TAGS:
            line = text_in(element)
            if 6 <= len(line) <= 60 and YEAR.search(line) and _of_article(element):
                yield line
                return


def _from_url(url: str, dating: Dating) -> Published | None:
    match = URL_DAY.search(url)
    text = "-".join((match["year"], match["month"], match["day"])) if match else None
    if text is None and (compact := URL_COMPACT.search(url)):
        text = compact.group(1)
    moment = read_moment(text, dating.tz) if text else None
    if moment is None or moment.at.astimezone(UTC) > dating.now:
        return None
    return Published(moment.at, Precision.DAY, DateSource.URL, moment.raw)
