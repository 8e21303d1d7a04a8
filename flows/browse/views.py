"""What each page shows, as values: the same for HTML, JSON and RSS. Reads only."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flows import coverage as completeness
from storage import articles, frontier, health
from storage.articles import Piece, Selection, StoredArticle, Which

from . import rows
from .archive import Archive
from .calendar import months_of
from .errors import BadRequestError, NotFoundError
from .filters import Page, Parameters, Span, selection

STORIES, NEWEST, RUNS = 8, 12, 30
CALENDAR_DAYS, TREND_DAYS, TREND_OUTLETS = 183, 182, 6
COPIES = 200  # of one original that its page lists


def start(archive: Archive, day: date | None) -> dict[str, Any]:
    """Return a day: articles by outlet, the stories with most copies (of two days), and the newest articles."""
    newest = articles.newest_day(archive.db, datetime.now(UTC))
    shown = day or newest or datetime.now(UTC).date()
    wanted = Selection(first=day, last=day) if day else Selection()
    stories = articles.biggest_stories(archive.db, shown - timedelta(days=1), shown, STORIES)
    outlets = articles.day_by_outlet(archive.db, shown, archive.zones)
    return {
        "day": shown,
        "before": shown - timedelta(days=1),
        "after": shown + timedelta(days=1) if newest and shown < newest else None,
        "is_newest": shown == newest,
        "outlets": [asdict(each) for each in outlets],
        "stories": [
            rows.brief(each.article) | {"copies": each.copies, "copied_by": list(each.copied_by)} for each in stories
        ],
        "articles": [
            rows.brief(each) for each in articles.list_articles(archive.db, wanted, limit=NEWEST).articles
        ],
    }  # fmt: skip


def search(archive: Archive, page: Page) -> dict[str, Any]:
    """Return a page of what a selection matches: ranked if it has words, else by publication, newest first."""
    wanted = selection(archive, page)
    if not wanted.needs_index:
        listed = articles.list_articles(archive.db, wanted, limit=page.limit, cursor=page.cursor)
        return {"articles": [rows.brief(each) for each in listed.articles], "cursor": listed.cursor, "ranked": False}
    found = articles.search_articles(archive.db, wanted, limit=page.limit, cursor=page.cursor)
    return {
        "articles": [rows.hit(each) for each in found.hits], "cursor": found.cursor, "ranked": True,
        "found": found.found, "more": found.more, "complete": found.complete,
    }  # fmt: skip


def article(archive: Archive, article_id: int) -> dict[str, Any]:
    """Return an article with its provenance, copies, revisions, and others like it. Raises NotFoundError."""
    found = _article(archive, article_id)
    copies = articles.copies_of(archive.db, article_id)
    original = articles.get_article(archive.db, found.duplicate_of) if found.duplicate_of else None
    provenance = articles.provenance_of(archive.db, article_id)
    return rows.full(found) | {
        "published_raw": found.published.raw if found.published else None,
        "provenance": rows.provenance_row(provenance),
        "addresses": articles.addresses_of(archive.db, article_id),
        "original": rows.brief(original) | _as_copy(found, original) if original else None,
        "copies": [rows.brief(copy) | _as_copy(copy, found) for copy in copies[:COPIES]],
        "copies_in_all": len(copies),
        "revisions": [
            {"number": each.number, "title": each.title, "seen_from": each.seen_from, "replaced_at": each.replaced_at}
            for each in articles.revisions_of(archive.db, article_id)
        ],
        "more_like_this": [rows.brief(each) for each in articles.more_like(archive.db, found)],
    }


def _article(archive: Archive, article_id: int) -> StoredArticle:
    found = articles.get_article(archive.db, article_id)
    if found is None:
        raise NotFoundError(f"this archive has no article {article_id}; it may have been taken down")
    return found


def _as_copy(copy: StoredArticle, original: StoredArticle) -> dict[str, Any]:
    return {
        "relation": copy.relation, "similarity": copy.similarity, "rule": copy.rule, "by_hand": copy.by_hand,
        "delay_seconds": copy.delay_after(original),
    }  # fmt: skip


def copy(archive: Archive, article_id: int, copy_id: int) -> dict[str, Any]:
    """Return how a copy differs from its original, word by word. Raises NotFoundError."""
    original, other = _article(archive, article_id), _article(archive, copy_id)
    if other.duplicate_of != original.id:
        raise NotFoundError(f"article {copy_id} is no copy of article {article_id}")
    return {
        "article": rows.brief(original), "copy": rows.brief(other) | _as_copy(other, original),
        **_compared((original.title, original.text), (other.title, other.text)),
    }  # fmt: skip


def revision(archive: Archive, article_id: int, number: int) -> dict[str, Any]:
    """Return what an edit changed, word by word. Raises NotFoundError."""
    found = _article(archive, article_id)
    earlier = articles.revisions_of(archive.db, article_id)
    edit = next((each for each in articles.edits_of(earlier, found) if each[0].number == number), None)
    if edit is None:
        raise NotFoundError(f"article {article_id} has no revision {number}")
    then, title, text = edit
    return {
        "article": rows.brief(found), "number": number, "seen_from": then.seen_from, "replaced_at": then.replaced_at,
        "numbers": [each.number for each in earlier], **_compared((then.title, then.text), (title, text)),
    }  # fmt: skip


def _compared(old: tuple[str, str], new: tuple[str, str]) -> dict[str, Any]:
    title, text = (articles.word_diff(*pair) for pair in zip(old, new, strict=True))
    return {
        "title_pieces": [asdict(each) for each in title], "pieces": [asdict(each) for each in text],
        "removed": _words(text, "removed"), "added": _words(text, "added"),
    }  # fmt: skip


def _words(pieces: list[Piece], kind: str) -> int:
    return sum(len(each.text.split()) for each in pieces if each.kind == kind)


def outlets(archive: Archive) -> dict[str, Any]:
    """Return all outlets of the store, with their last run and open findings."""
    names = articles.outlet_names(archive.db)
    last = frontier.last_run_by_outlet(archive.db)
    living = frontier.live_run_ids(archive.db)
    findings = health.open_findings(archive.db)
    listed = [
        {
            "id": each, "name": name, "country": archive.country(each),
            "last_run": rows.run_row(last[each], living) if each in last else None,
            "findings": [one.finding.kind for one in findings if one.outlet_id == each],
        }
        for each, name in names.items()
    ]  # fmt: skip
    return {"outlets": sorted(listed, key=lambda one: (one["country"] or "~", one["name"].casefold()))}


def outlet(archive: Archive, outlet_id: str) -> dict[str, Any]:
    """Return an outlet: completeness of half a year, findings, last runs, newest articles. Raises NotFoundError."""
    name = articles.outlet_names(archive.db).get(outlet_id)
    if name is None:
        raise NotFoundError(f"this archive has no outlet {outlet_id[:80]!r}; /outlets lists them")
    today = datetime.now(UTC).astimezone(archive.zone(outlet_id)).date()
    first = (today - timedelta(days=CALENDAR_DAYS)).replace(day=1)
    (covered,) = completeness.coverages(archive.db, archive.catalog, [outlet_id], first, today)
    living = frontier.live_run_ids(archive.db)
    newest = articles.list_articles(archive.db, Selection(outlets=(outlet_id,), which=Which.ALL), limit=NEWEST)
    return {
        "id": outlet_id, "name": name, "country": archive.country(outlet_id), "home": archive.home(outlet_id),
        "zone": str(archive.zone(outlet_id)),
        "findings": [asdict(one.finding) | {"opened_at": one.opened_at}
                     for one in health.open_findings(archive.db, [outlet_id])],
        "missing": [one.as_dict() for one in completeness.findings(covered, archive.zone(outlet_id))],
        "held": sum(day.held for day in covered.days), "undated": covered.undated,
        "calendar": months_of(covered),
        "runs": [rows.run_row(each, living) for each in frontier.last_runs(archive.db, outlet_id, 10)],
        "articles": [rows.brief(each) for each in newest.articles],
    }  # fmt: skip


def runs(archive: Archive, limit: int = RUNS) -> dict[str, Any]:
    """Return the latest runs, newest first."""
    living = frontier.live_run_ids(archive.db)
    return {"runs": [rows.run_row(each, living) for each in frontier.last_runs(archive.db, None, limit)]}


def run(archive: Archive, run_id: int) -> dict[str, Any]:
    """Return a run with its counts and some of its refused pages. Raises NotFoundError."""
    found = frontier.runs_by_id(archive.db, [run_id]).get(run_id)
    if found is None:
        raise NotFoundError(f"this archive has no run {run_id}")
    counts = found.counts
    return rows.run_row(found, frontier.live_run_ids(archive.db)) | {
        "counts": {name: value for name, value in counts.items() if name != "refused"},
        "refused": list(counts.get("refused", ())), "host": found.host, "pid": found.pid,
    }  # fmt: skip


def trend(archive: Archive, span: Span) -> dict[str, Any]:
    """Return the share of each outlet's articles that match a query, over time. Raises BadRequestError."""
    last = span.last or datetime.now(UTC).date()
    first = span.first or max(last, date(1, 7, 5)) - timedelta(days=TREND_DAYS - 1)
    if first > last:
        raise BadRequestError(f"from={first} is after to={last}; exchange them")
    if (last - first).days > 3660:
        raise BadRequestError("a trend shows ten years at most; choose a later `from`")
    chosen = {"q": span.q, "first": first, "last": last, "days": span.days}
    if span.q is None:
        return chosen | {"outlets": []}
    ids = tuple(span.outlet) or tuple(articles.largest_outlets(archive.db, first, last, TREND_OUTLETS))
    wanted = Selection(query=span.q, outlets=ids, which=Which.ALL)
    found = articles.word_trend(archive.db, wanted, first, last, span.days)
    return chosen | {
        "outlets": [
            {
                "outlet": each.outlet, "name": each.name, "matches": sum(one.matches for one in each.points),
                "articles": sum(one.articles for one in each.points),
                "points": [asdict(one) | {"share": one.share} for one in each.points],
            }
            for each in found
        ]
    }  # fmt: skip


def filters_shown(filters: Parameters) -> dict[str, Any]:
    """Return the filters as a form shows them."""
    return filters.model_dump(mode="json", by_alias=True)


def names(archive: Archive) -> dict[str, str]:
    """Return the names of the outlets by id, in the order of the names."""
    return dict(sorted(articles.outlet_names(archive.db).items(), key=lambda each: each[1].casefold()))
