"""The archive of articles, for reading: queries, search, exports, differences between texts.

This module is the public face. storage.articles.write is the face for writing; only packages of storage use it.
"""

from storage.articles.arrivals import Since, Story, arrived, newest_settled_id, stories
from storage.articles.day_counts import volume
from storage.articles.diff import Difference, differences
from storage.articles.export import BINARY, as_row, export_articles, export_texts, write_articles
from storage.articles.query import (
    ArticleRevision,
    StoredArticle,
    addresses_of,
    copies_of,
    count_articles,
    get_article,
    iter_articles,
    languages_of,
    newest_articles,
    outlet_names,
    revisions_of,
)
from storage.articles.raw_pages import RawExport, export_wacz
from storage.articles.search import SearchHit, SearchPage, check_query, search_articles
from storage.search import CursorError, IndexOutdatedError, QueryError, Snippet
from storage.selection import Selection, Which

__all__ = [
    "BINARY",
    "ArticleRevision",
    "CursorError",
    "Difference",
    "IndexOutdatedError",
    "QueryError",
    "RawExport",
    "SearchHit",
    "SearchPage",
    "Selection",
    "Since",
    "Snippet",
    "StoredArticle",
    "Story",
    "Which",
    "addresses_of",
    "arrived",
    "as_row",
    "check_query",
    "copies_of",
    "count_articles",
    "differences",
    "export_articles",
    "export_texts",
    "export_wacz",
    "get_article",
    "iter_articles",
    "languages_of",
    "newest_articles",
    "newest_settled_id",
    "outlet_names",
    "revisions_of",
    "search_articles",
    "stories",
    "volume",
    "write_articles",
]  # fmt: skip
