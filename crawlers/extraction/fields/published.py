"""The instant of publication: the first source with a possible date, refined by others that agree with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from crawlers.extraction.context import PageContext
from crawlers.extraction.fields.date_parser import WIDEST, Moment, read_moment
from crawlers.extraction.fields.published_sources import change_dates, written_dates
from crawlers.extraction.trace import Trace
from storage.model import DateSource, Precision, Published

URL_DAY = re.compile(r"/(?P<year>(?:19|20)\d{2})[/-](?P<month>\d{1,2})[/-](?P<day>\d{1,2})(?=[/_.-]|$)")
URL_COMPACT = re.compile(r"[/_-]((?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))(?=[/_.-]|$)")
ENOUGH = 6  # sources with a date; the first is refined by the others


@dataclass(frozen=True, slots=True)
class Dating:
    """The zone of dates without an offset, the page's language, and the present."""

    tz: tzinfo | None
    language: str
    now: datetime


def find_published(context: PageContext) -> Published | None:
    """Return the instant of publication, never a future or an impossible one.

    Sources are tried in the order JSON-LD, meta, microdata, the outlet's own element, `<time>`, the line below the
    title, the seed, the address. The first that can be read is refined by further ones that agree with it. Where none
    has a date, it is the instant of the last change.
    """
    page, trace = context.page, context.trace
    dating = _dating(context)
    moments: list[tuple[DateSource, Moment]] = []
    written = written_dates(context)
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
    if address is not None:
        trace.chose("published", address.at, DateSource.URL, "no other source had a date")
        return address
    changed = _changed(context, dating)
    why = "the page says only when it was changed" if changed else "no source had a date"
    trace.chose("published", changed and changed.at, DateSource.MODIFIED if changed else "", why)
    return changed


def _changed(context: PageContext, dating: Dating) -> Published | None:
    """Return the instant of the last change that the page shows or declares."""
    for source, text in change_dates(context):
        moment = read_moment(text, dating.tz, dating.language)
        if moment is not None and (timely := _timely(moment, dating)) is not None:
            context.trace.candidate("published", source, text, _note(moment, timely))
            return Published(timely.at, timely.precision, source, timely.raw)
    return None


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


def _from_url(url: str, dating: Dating) -> Published | None:
    match = URL_DAY.search(url)
    text = "-".join((match["year"], match["month"], match["day"])) if match else None
    if text is None and (compact := URL_COMPACT.search(url)):
        text = compact.group(1)
    moment = read_moment(text, dating.tz) if text else None
    if moment is None or moment.at.astimezone(UTC) > dating.now:
        return None
    return Published(moment.at, Precision.DAY, DateSource.URL, moment.raw)
