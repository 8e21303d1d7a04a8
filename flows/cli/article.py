"""Describe one article: its fields, its copies, its revisions, and their differences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from .show import minute

if TYPE_CHECKING:
    from storage.articles import ArticleRevision, Difference, StoredArticle

PLACES = 3  # differences that are shown of each copy and revision, unless all are requested
LONG = 30  # words of a difference that are shown


def described(
    article: StoredArticle, copies: list[StoredArticle], earlier: list[ArticleRevision], *, every: bool
) -> Iterator[str]:
    """Yield lines: title, fields, copies, revisions. `every`: all differences."""
    from storage.articles import edits_of

    yield f"{article.title}\n"
    for name, value in _facts(article):
        yield f"{name:<11}{value}"
    for copy in copies:
        yield f"{'copied by':<11}{copy.outlet_name}, {_when(copy, article)} (article {copy.id}, {_similarity(copy)})"
        yield from _places(article.text, copy.text, every)
    for then, title, text in edits_of(earlier, article):
        yield f"{'revised':<11}{minute(then.replaced_at)} UTC"
        if then.title != title:
            yield f"{'':<11}title: [-{then.title}-] {{+{title}+}}"
        yield from _places(then.text, text, every)


def as_json(article: StoredArticle, copies: list[StoredArticle], earlier: list[ArticleRevision]) -> dict[str, Any]:
    """Return copies and revisions with their differences, for machines."""
    from storage.articles import differences, edits_of

    return {
        "copied_by": [
            {
                "id": copy.id, "outlet": copy.outlet, "url": copy.url, "relation": copy.relation,
                "similarity": copy.similarity, "containment": copy.containment, "rule": copy.rule,
                "by_hand": copy.by_hand, "credit": copy.credit, "delay_seconds": copy.delay_after(article),
                "differences": [asdict(each) for each in differences(article.text, copy.text)],
            }
            for copy in copies
        ],
        "revised": [
            {
                "number": then.number, "title": then.title, "seen_from": then.seen_from,
                "replaced_at": then.replaced_at, "differences": [asdict(each) for each in differences(then.text, text)],
            }
            for then, _, text in edits_of(earlier, article)
        ],
    }  # fmt: skip


def _facts(article: StoredArticle) -> list[tuple[str, str]]:
    from storage.article_fields import shown_fields

    at = article.published_at
    origin = f"to the {article.published_precision}, from {article.published_source}"
    of = f"article {article.duplicate_of} ({_similarity(article)})" if article.duplicate_of else None
    facts = [
        ("outlet", _named(article)),
        ("published", f"{minute(at)} {at:%z}, {origin}" if at else "not known"),
        *shown_fields(article).items(),
        ("address", article.url),
        ("copy of", of),
    ]
    return [(name, value) for name, value in facts if value]


def _named(article: StoredArticle) -> str:
    name = article.outlet_name
    return name if name == article.outlet else f"{name} ({article.outlet})"


def _similarity(copy: StoredArticle) -> str:
    if copy.by_hand:
        return f"{copy.relation}, joined by hand"
    if copy.similarity is None or copy.similarity == 1:
        return f"{copy.relation}"
    return f"{copy.relation}, {copy.similarity:.0%} similar"


def _when(copy: StoredArticle, original: StoredArticle) -> str:
    seconds = copy.delay_after(original)
    if seconds is None:
        return minute(copy.published_at) or "undated"
    return f"{_span(seconds)} {'later' if seconds >= 0 else 'earlier'}"


def _span(seconds: int) -> str:
    span = timedelta(seconds=abs(seconds))
    if span.days >= 2:
        return f"{span.days} days"
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _places(old: str, new: str, every: bool) -> Iterator[str]:
    from storage.articles import differences

    changes = differences(old, new)
    for change in changes if every else changes[:PLACES]:
        yield f"{'':<11}{_shown(change)}"
    if len(changes) > PLACES and not every:
        yield f"{'':<11}... and {len(changes) - PLACES} more differences; --diff shows all"


def _shown(change: Difference) -> str:
    parts = [f"... {change.before}" if change.before else ""]
    parts.append(f"[-{_cut(change.removed)}-]" if change.removed else "")
    parts.append(f"{{+{_cut(change.added)}+}}" if change.added else "")
    parts.append(f"{change.after} ..." if change.after else "")
    return " ".join(filter(None, parts))


def _cut(text: str) -> str:
    words = text.split()
    return text if len(words) <= LONG else f"{' '.join(words[:LONG])} ... ({len(words)} words)"
