"""The instant of publication: the first source with a possible date, refined by others that agree with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from itertools import islice

from lxml.etree import _Element

from crawlers.extraction.context import PageContext
from crawlers.extraction.fields.date_parser import WIDEST, Moment, read_moment
from crawlers.extraction.page.blocks import Block
from crawlers.extraction.page.jsonld import text_of
from crawlers.extraction.page.metadata import Page, squeeze, text_in, texts
from crawlers.extraction.trace import Trace
from crawlers.extraction.vocabulary import any_of
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
CHANGED = re.compile(any_of("html.changed"), re.IGNORECASE)
OF_OTHERS = re.compile(r"related|sidebar|comment|popular|recommend|teaser|modif|updat")
ASIDE = {"aside", "nav", "footer", "select", "form", "script", "style", "noscript", "template"}
PIECES = 60  # of text in an element, among which a line of its own is looked for; what comes later is the article's
NEAR = 40  # elements before and after the title
ENOUGH = 6  # sources with a date; the first is refined by the others
MAX_LINE = 120  # characters of a date line with what else stands on it: section, outlet, views


@dataclass(frozen=True, slots=True)
class Dating:
    """The zone of dates without an offset, the page's language, and the present."""

    tz: tzinfo | None
    language: str
    now: datetime


def find_published(context: PageContext) -> Published | None:
    """Return the instant of publication, never a future or an impossible one.

    Sources are tried in the order JSON-LD, meta, microdata, the outlet's own element, `<time>`, the line below the
    title, the seed, the address. The first that can be read is refined by further ones that agree with it.
    """
    page, trace = context.page, context.trace
    dating = _dating(context)
    moments: list[tuple[DateSource, Moment]] = []
    written = _written(context)
    for source, text in written:
        moment = read_moment(text, dating.tz, dating.language)
        timely = None if moment is None else _timely(moment, dating)
        if timely is not None:
            moments.append((source, timely))
        if trace.on:
            trace.candidate("published", source, text, _note(moment, timely))
        if len(moments) >= ENOUGH or (moments and _is_complete(moments[0][1])):
            break
    best = _refined(moments)
    hint = context.hints.published or context.url_hints.published
    address = None if best is not None and not trace.on else _from_url(page.url, dating)
    if trace.on:
        _trace_rest(written, dating, trace)
        for known in filter(None, (hint, address)):
            trace.candidate("published", known.source, known.raw, f"{known.at.isoformat()}, to the {known.precision}")
    if hint is not None and hint.at <= dating.now and (best is None or _finer(hint, best)):
        trace.chose("published", hint.at, hint.source, "the page has no date, or a less exact one")
        return hint
    if best is not None:
        trace.chose("published", best.at, best.source, _why(best, moments))
        return best
    trace.chose("published", address and address.at, DateSource.URL if address else "", "no other source had a date")
    return address


def _dating(context: PageContext) -> Dating:
    """Return the zone, language and present by which the page's dates are read."""
    language = context.page.lang or next(iter(context.languages), "")
    return Dating(context.timezone, language, context.now)


def _note(moment: Moment | None, timely: Moment | None) -> str:
    """Say what a text was read as, for an explanation."""
    if moment is None:
        return "no date could be read"
    if timely is None:
        return f"{moment.at.isoformat()} is in the future"
    return f"{timely.at.isoformat()}, to the {timely.precision}{'' if timely.zoned else ', without an offset'}"


def _why(best: Published, moments: list[tuple[DateSource, Moment]]) -> str:
    source, first = moments[0]
    if (source, first.raw) != (best.source, best.raw):
        return f"the first source ({source}) refined by one that agrees with it"
    return "the first source with a date" if first.at == best.at else "the first source, in the offset that others show"


def _trace_rest(written: Iterator[tuple[DateSource, str]], dating: Dating, trace: Trace) -> None:
    """Note the sources that were not needed."""
    for source, text in written:
        moment = read_moment(text, dating.tz, dating.language)
        trace.candidate("published", source, text, f"not needed; {_note(moment, moment and _timely(moment, dating))}")


def _is_complete(moment: Moment) -> bool:
    """Say whether the moment needs no refining: a time of day, with an offset other than UTC, which is often wrong."""
    return moment.precision is not Precision.DAY and moment.zoned and bool(moment.at.utcoffset())


def _timely(moment: Moment, dating: Dating) -> Moment | None:
    """Return the moment unless it is in the future. Local time labelled as UTC is corrected if the zone is known."""
    if moment.at <= dating.now:
        return moment
    if dating.tz is not None and moment.zoned and moment.at.utcoffset() == timedelta(0):
        local = moment.at.replace(tzinfo=dating.tz)
        if local <= dating.now:
            return replace(moment, at=local)
    return None


def _refined(found: list[tuple[DateSource, Moment]]) -> Published | None:
    """Return the first source's date with the minute or offset of others that agree with it."""
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
    """Say whether two moments show the same time on the clock, one without and one with an offset."""
    return naive.at.replace(tzinfo=None, second=0) == zoned.at.replace(tzinfo=None, second=0)


def _finer(hint: Published, best: Published) -> bool:
    """Say whether the seed has the minute of the day that the page has."""
    return (
        best.precision is Precision.DAY
        and hint.precision is not Precision.DAY
        and abs(hint.at - best.at) <= timedelta(hours=36)
    )


def _written(context: PageContext) -> Iterator[tuple[DateSource, str]]:
    """Yield what the page says of its publication, in the order in which it is believed."""
    page = context.page
    yield from ((DateSource.JSON_LD, text) for text in _from_jsonld(page))
    yield from ((DateSource.META, text) for text in _from_meta(page))
    yield from ((DateSource.MICRODATA, text) for text in _from_microdata(page))
    if context.selected.date:
        yield DateSource.PAGE_TEXT, context.selected.date
    yield from ((DateSource.META, text) for text in _from_titles(page))
    near, far = _times(page)
    yield from ((DateSource.TIME, text) for text in near)
    lines = lines_near(context.region.blocks, context.region.title)
    yield from ((DateSource.PAGE_TEXT, line) for line in lines if _is_date_line(line))
    yield from ((DateSource.PAGE_TEXT, line) for line in _called_dates(context.blocks.dated))
    yield from ((DateSource.TIME, text) for text in far)


def _from_jsonld(page: Page) -> Iterator[str]:
    """Yield the date of the article's own object, and of the first other one if that has no datePublished."""
    for key in ("datePublished", "dateCreated", "uploadDate"):
        if text := text_of(page.node.get(key)):
            yield text
            break
    if page.node.get("datePublished"):
        return
    for node in page.nodes:
        if node is not page.node and (text := text_of(node.get("datePublished"))):
            yield text
            return


def _from_meta(page: Page) -> Iterator[str]:
    yield from page.every(*META_NAMES)
    for name, contents in page.meta.items():
        if PUBLISHED_NAME.search(name) and name not in META_NAMES and not CHANGED.search(name):
            yield contents[0]


def _from_microdata(page: Page) -> Iterator[str]:
    for element in page.items:
        if element.tag != "meta" and "datepublished" in (element.get("itemprop") or "").replace("P", "p"):
            yield element.get("datetime") or element.get("content") or text_in(element)
            return


def _from_titles(page: Page) -> Iterator[str]:
    for title in (page.first("og:title"), page.title_tag):
        if match := TITLE_END.search(title):
            yield match["date"]


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
    """Say whether the line is a date and little else, and not the date of a change."""
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
