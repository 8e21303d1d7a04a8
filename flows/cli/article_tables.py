"""Lists of articles and search results: handsome in a terminal, tab-separated lines in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from .show import minute, printable, say_table

if TYPE_CHECKING:
    from rich.text import Text

    from storage.articles import SearchHit, SearchPage, Snippet, StoredArticle

_FOUND = "bold yellow"  # words that a query found


def say_articles(articles: Sequence[StoredArticle]) -> None:
    """Print a list: with the names of outlets in a terminal, with their ids in a pipe."""
    if not sys.stdout.isatty():
        rows = [(a.id, minute(a.published_at), a.outlet, a.language, a.words, titled(a)) for a in articles]
        return say_table(("#id", "published", "outlet", "language", "#words", "title"), rows)
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name, options in (
        ("id", {"justify": "right", "style": "cyan", "no_wrap": True}),
        ("published", {"style": "green", "no_wrap": True}),
        ("outlet", {"style": "magenta", "max_width": 24}),
        ("", {"style": "dim", "no_wrap": True}),
        ("words", {"justify": "right", "style": "dim", "no_wrap": True}),
        ("title", {"ratio": 1, "overflow": "fold"}),
    ):
        table.add_column(name, **options)  # type: ignore[arg-type]
    for a in articles:
        cells = (str(a.id), minute(a.published_at), a.outlet_name, a.language or "", str(a.words), titled(a))
        table.add_row(*map(_plain, cells))
    Console().print(table)
    return None


def say_doubtful(articles: Sequence[StoredArticle]) -> None:
    """Print articles with their scores and addresses, which a person opens beside the stored text."""
    rows = [(a.id, f"{a.quality or 0:.2f}", minute(a.published_at), a.outlet, a.words, a.url) for a in articles]
    say_table(("#id", "#quality", "published", "outlet", "#words", "address"), rows)


def titled(article: StoredArticle) -> str:
    """Return the title, and what the article is a copy of."""
    return f"{article.title} (copy of {article.duplicate_of})" if article.duplicate_of else article.title


def say_results(page: SearchPage) -> None:
    """Print a page of search results."""
    if not sys.stdout.isatty():
        columns = ("#id", "published", "outlet", "language", "#copies", "title", "snippet")
        return say_table(columns, [_row(hit) for hit in page.hits])
    from rich.console import Console

    console = Console()
    for hit in page.hits:
        for line in _lines(hit):
            console.print(line)
        console.print()
    return None


def _row(hit: SearchHit) -> tuple[Any, ...]:
    a = hit.article
    return a.id, minute(a.published_at), a.outlet, a.language, hit.copies, titled(a), hit.snippet.plain


def _lines(hit: SearchHit) -> Iterator[Text]:
    from rich.padding import Padding
    from rich.text import Text

    article = hit.article
    yield Text.assemble((f"{article.id}  ", "cyan"), _marked(hit.title, "bold"))
    facts = [
        Text(minute(article.published_at) or "undated", "green"),
        _plain(article.outlet_name, "magenta"),
        *([_plain(f"copy of {article.duplicate_of}", "red")] if article.duplicate_of else []),
        *([_plain(copied(hit), "blue")] if hit.copies else []),
    ]
    yield Padding(Text("  ").join(facts), (0, 0, 0, 4))  # type: ignore[misc]
    yield Padding(_marked(hit.snippet), (0, 0, 0, 4))  # type: ignore[misc]


def copied(hit: SearchHit) -> str:
    """Return how many copies a result has, and where: + 3 copies in Report, Trend."""
    shown = ", ".join(hit.copied_by[:3]) + (f" and {len(hit.copied_by) - 3} more" if len(hit.copied_by) > 3 else "")
    return f"+ {hit.copies} {'copy' if hit.copies == 1 else 'copies'} in {shown}"


def _marked(snippet: Snippet, style: str = "") -> Text:
    from rich.text import Text

    text = Text(style=style)
    for part, found in snippet.parts:
        text.append(printable(part), _FOUND if found else None)
    return text


def _plain(text: str, style: str = "") -> Text:
    from rich.text import Text

    return Text(printable(text), style)


def result_as_json(hit: SearchHit) -> dict[str, Any]:
    """Return a result for machines: the article without its text, and where it was found."""
    from storage.articles import row_without_text

    return row_without_text(hit.article) | {
        "outlet_name": hit.article.outlet_name, "score": round(hit.score, 4), "snippet": hit.snippet.plain,
        "marks": list(_marks(hit.snippet)), "copies": hit.copies, "copied_by": list(hit.copied_by),
    }  # fmt: skip


def _marks(snippet: Snippet) -> Iterator[tuple[int, int]]:
    """Yield start and end of each word of the snippet that was found."""
    at = 0
    for part, found in snippet.parts:
        if found:
            yield at, at + len(part)
        at += len(part)
