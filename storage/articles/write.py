"""Articles into the store: each is its page's own, another address of a known one, a copy of a known text, or new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, literal, not_, select, update

from storage.articles.edits import really_changed
from storage.articles.prepare import Draft, plainest
from storage.database import upsert
from storage.dedup.assign import Settled, settle
from storage.dedup.boilerplate import recurring
from storage.dedup.originals import Member
from storage.schema.tables import Article, Page, PageAddress, Revision
from storage.text import normalised_tokens

_OWN = (
    Article.id, Article.url, Article.page_id, Article.outlet_id, Article.title, Article.text_hash, Article.words,
    Article.published_at, Article.published_precision, Article.first_seen_at, Article.changed_at, Article.credit,
    Article.language, Article.section, Article.image, Article.authors, Article.duplicate_of, Article.relation,
    Article.fingerprint_version,
)  # fmt: skip
_FILLED = ("language", "section", "image", "credit", "authors")  # what a later look may add to an unchanged article
_TEXT = ("title", "text", "words", "text_hash", "authors", "section", "image", "credit")  # what a revision changes
_PUBLISHED = ("published_at", "published_offset", "published_precision", "published_source", "published_raw")


@dataclass(frozen=True, slots=True)
class Arrived:
    """A draft at its page. `page` has id, outlet_id and url_key."""

    page: Any
    draft: Draft
    at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of an article. `duplicate_of` is the original's id if this one is a copy."""

    state: str
    reason: str | None
    article_id: int
    duplicate_of: int | None
    published_at: datetime | None


def rounds(arrivals: Iterable[Arrived]) -> Iterator[list[Arrived]]:
    """The arrivals in order, cut where an address comes again: what was kept of the first decides about the second."""
    current: list[Arrived] = []
    taken: set[bytes] = set()
    for one in arrivals:
        mine = {one.page.url_key, *one.draft.reached, *([one.draft.declared] if one.draft.declared else [])}
        if taken & mine:
            yield current
            current, taken = [], set()
        current.append(one)
        taken |= mine
    if current:
        yield current


def keep_articles(c: Connection, arrivals: Sequence[Arrived], now: datetime) -> dict[int, Kept]:
    """Keep one round of articles; what became of each, by page id. The caller holds the writers' lock."""
    held = _held(c, [one.page.id for one in arrivals])
    held = _known_elsewhere(c, [one for one in arrivals if one.page.id not in held]) | held
    new = [one for one in arrivals if one.page.id not in held]
    looked = [(one, held[one.page.id]) for one in arrivals if one.page.id in held]
    reworded = _reworded(looked)
    revised, refreshed = _told_apart(c, reworded)
    ids = _insert_new(c, new, now)
    _revise(c, revised)
    _refresh(c, refreshed)
    _fill(c, [(one, row) for one, row in looked if row.page_id == one.page.id and not _differs(row, one.draft.fields)])
    members = [_member(ids[one.page.id], one.page.outlet_id, one.draft.fields, now) for one in new]
    members += [_reworded_member(one, row) for one, row in reworded]
    wordings = {ids[one.page.id]: one.draft.wording for one in new}
    wordings |= {row.id: one.draft.wording for one, row in reworded}
    originals = settle(c, members, wordings, now)
    _claim(c, arrivals)
    kept = {one.page.id: _kept(ids[one.page.id], "stored", originals, one.draft.fields["published_at"]) for one in new}
    changed = {row.id for _, row in revised}
    # A copy whose words changed and that was not found to be one again stands for itself.
    alone = {row.id for _, row in reworded} - originals.keys()
    for one, row in looked:
        kept[one.page.id] = _looked(one, row, row.id in changed, originals, row.id in alone)
    return kept


def _held(c: Connection, page_ids: list[int]) -> dict[int, Any]:
    """The pages' own articles, by page."""
    return {
        row.page_id: row
        for row in c.execute(select(*_OWN, literal(True).label("met")).where(Article.page_id.in_(page_ids)))
    }


def _known_elsewhere(c: Connection, arrivals: Sequence[Arrived]) -> dict[int, Any]:
    """The articles of other pages that hold one of these addresses, by the page that arrived; `met`: really there."""
    asked: dict[bytes, list[Arrived]] = {}
    for one in arrivals:
        keys = {*one.draft.reached, *([one.draft.declared] if one.draft.declared else [])}
        for key in keys:
            asked.setdefault(key, []).append(one)
    rows = c.execute(
        select(
            *_OWN, not_(PageAddress.declared).label("met"), PageAddress.url_key, PageAddress.page_id.label("known_page")
        )
        .join(Page, Page.id == PageAddress.page_id)
        .join(Article, Article.id == Page.article_id)
        .where(PageAddress.url_key.in_(list(asked)))
        .order_by(PageAddress.declared, PageAddress.page_id)
    )
    found: dict[int, Any] = {}
    said: dict[int, Any] = {}
    for row in rows:
        for one in asked[row.url_key]:
            if row.known_page == one.page.id:
                continue
            if row.met and row.url_key in one.draft.reached:
                found.setdefault(one.page.id, row)
            elif _agrees(row, one.draft.fields):
                said.setdefault(one.page.id, row)
    return said | found


def _agrees(row: Any, fields: dict[str, Any]) -> bool:
    return bool(row.text_hash == fields["text_hash"]) or normalised_tokens(row.title) == normalised_tokens(
        fields["title"]
    )


def _differs(row: Any, fields: dict[str, Any]) -> bool:
    """True if words changed; typography, white space and punctuation are no change."""
    return row.text_hash != fields["text_hash"] or _retitled(row, fields)


def _retitled(row: Any, fields: dict[str, Any]) -> bool:
    return bool(row.title != fields["title"]) and normalised_tokens(row.title) != normalised_tokens(fields["title"])


_Looked = list[tuple[Arrived, Any]]  # an article that arrived, and the row of the one that is kept


def _reworded(looked: Sequence[tuple[Arrived, Any]]) -> _Looked:
    """Those that hold other words of their article; one for each article, its own page's first."""
    found: dict[int, tuple[Arrived, Any]] = {}
    for one, row in sorted(looked, key=lambda pair: pair[0].page.id != pair[1].page_id):
        if _revises(one, row):
            found.setdefault(row.id, (one, row))
    return list(found.values())


def _revises(one: Arrived, row: Any) -> bool:
    if row.page_id == one.page.id:
        return _differs(row, one.draft.fields)
    # Another address of a known article: its AMP or mobile form is often cut, which is no edit. Only what answered at
    # an address of that article, under the same title, is a later text of it.
    at_its_address = row.met and row.url_key in one.draft.reached
    return bool(at_its_address and row.title == one.draft.fields["title"] and _differs(row, one.draft.fields))


def _told_apart(c: Connection, reworded: _Looked) -> tuple[_Looked, _Looked]:
    """(revised, refreshed): those that their outlet changed, and those of which only what stands around differs."""
    texts = _texts(c, reworded)
    recurs = recurring(c, {row.outlet_id for _, row in reworded}) if reworded else {}
    revised: _Looked = []
    refreshed: _Looked = []
    for one, row in reworded:
        changed = _retitled(row, one.draft.fields) or really_changed(
            texts[row.id], one.draft.fields["text"], recurs[row.outlet_id].of_counted
        )
        (revised if changed else refreshed).append((one, row))
    return revised, refreshed


def _texts(c: Connection, looked: _Looked) -> dict[int, str]:
    ids = [row.id for _, row in looked]
    return {row.id: row.text for row in c.execute(select(Article.id, Article.text).where(Article.id.in_(ids)))}


def _insert_new(c: Connection, new: Sequence[Arrived], now: datetime) -> dict[int, int]:
    if not new:
        return {}
    rows = [
        one.draft.fields
        | {"page_id": one.page.id, "outlet_id": one.page.outlet_id, "first_seen_at": now, "changed_at": now}
        for one in new
    ]
    return {row.page_id: row.id for row in c.execute(insert(Article).returning(Article.id, Article.page_id), rows)}


def _refresh(c: Connection, refreshed: _Looked) -> None:
    """The text as it reads now; what is gone of it was never the article's."""
    for one, row in refreshed:
        values = {name: one.draft.fields[name] for name in _TEXT} | _added_dates(row, one.draft.fields)
        c.execute(update(Article).where(Article.id == row.id).values(values | _better_url(one, row)))


def _revise(c: Connection, revised: _Looked) -> None:
    """Keep the texts that were, and put the new ones in their place."""
    if not revised:
        return
    ids = [row.id for _, row in revised]
    texts = _texts(c, revised)
    counted = select(Revision.article_id, func.max(Revision.number).label("last")).where(Revision.article_id.in_(ids))
    last = {row.article_id: row.last for row in c.execute(counted.group_by(Revision.article_id))}
    c.execute(
        insert(Revision),
        [
            {
                "article_id": row.id, "number": last.get(row.id, 0) + 1, "title": row.title, "text": texts[row.id],
                "text_hash": row.text_hash, "seen_from": row.changed_at, "replaced_at": max(one.at, row.changed_at),
            }
            for one, row in revised
        ],
    )  # fmt: skip
    for one, row in revised:
        values = (
            {name: one.draft.fields[name] for name in _TEXT}
            | _added_dates(row, one.draft.fields)
            | _better_url(one, row)
        )
        c.execute(update(Article).where(Article.id == row.id).values(**values, changed_at=max(one.at, row.changed_at)))


def _dates(row: Any) -> dict[str, Any]:
    """A known date stays: an outlet that moves an article up the page does not make it newer."""
    if row.published_at is None:
        return {}
    return {"published_at": row.published_at, "published_precision": row.published_precision}


def _added_dates(row: Any, fields: dict[str, Any]) -> dict[str, Any]:
    return {} if row.published_at is not None else {name: fields[name] for name in _PUBLISHED}


def _fill(c: Connection, looked: _Looked) -> None:
    """Add to unchanged articles what an earlier look did not find."""
    for one, row in looked:
        values = {name: one.draft.fields[name] for name in _FILLED if not getattr(row, name) and one.draft.fields[name]}
        if row.published_at is None and one.draft.fields["published_at"] is not None:
            values |= {name: one.draft.fields[name] for name in _PUBLISHED}
        values |= _better_url(one, row)
        if values:
            c.execute(update(Article).where(Article.id == row.id).values(values))


def _better_url(one: Arrived, row: Any) -> dict[str, Any]:
    """The plainest form of the article's address that was seen: not the one of its mobile site, or with a tracker."""
    if row.page_id != one.page.id:
        return {}
    return {"url": best} if (best := plainest(one.draft.fields["url"], row.url)) != row.url else {}


def _member(article_id: int, outlet_id: str, fields: dict[str, Any], seen: datetime) -> Member:
    return Member(
        article_id, outlet_id, fields["text_hash"], fields["words"], fields["published_at"],
        fields["published_precision"], seen, fields["credit"],
    )  # fmt: skip


def _reworded_member(one: Arrived, row: Any) -> Member:
    member = _member(row.id, row.outlet_id, one.draft.fields | _dates(row), row.first_seen_at)
    return replace(member, duplicate_of=row.duplicate_of, fingerprint_version=row.fingerprint_version)


def _claim(c: Connection, arrivals: Sequence[Arrived]) -> None:
    """Note the other forms of each page's address."""
    rows = [
        {"url_key": key, "page_id": one.page.id, "declared": declared}
        for one in arrivals
        for declared, keys in (
            (False, one.draft.reached | one.draft.passed),
            (True, frozenset(filter(None, [one.draft.declared]))),
        )
        for key in keys - {one.page.url_key}
    ]
    if rows:
        c.execute(upsert(c, PageAddress).on_conflict_do_nothing(), rows)


def _kept(article_id: int, state: str, originals: Settled, published_at: datetime | None) -> Kept:
    if article_id in originals:
        original, relation = originals[article_id]
        return Kept("duplicate", relation, article_id, original, published_at)
    return Kept(state, None, article_id, None, published_at)


def _looked(one: Arrived, row: Any, changed: bool, originals: Settled, alone: bool) -> Kept:
    published_at = row.published_at or one.draft.fields["published_at"]
    if row.page_id != one.page.id:
        return Kept("duplicate", "same_page", row.id, None, published_at)
    if changed:
        return _kept(row.id, "stored", originals, published_at)
    original, relation = originals.get(row.id, (None, None) if alone else (row.duplicate_of, row.relation))
    if original in originals:  # its original became a copy in this round
        original = originals[original][0]
    if original is not None:
        return Kept("duplicate", relation, row.id, original, published_at)
    return Kept("unchanged", None, row.id, None, published_at)
