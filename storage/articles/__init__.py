"""The archive of articles, for reading: queries, search, exports, differences between texts.

This module is the public face. storage.articles.write is the face for writing; only packages of storage use it.
"""

from storage.articles.diff import Difference, differences
from storage.articles.export import as_row, export_articles, export_texts
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
from storage.articles.search import SearchHit, SearchPage, check_query, search_articles
from storage.search import CursorError, IndexOutdatedError, QueryError, Snippet
from storage.selection import Selection, Which

__all__ = [
    "ArticleRevision", "CursorError", "Difference", "IndexOutdatedError", "QueryError", "SearchHit", "SearchPage",
    "Selection", "Snippet", "StoredArticle", "Which", "addresses_of", "as_row", "check_query", "copies_of",
    "count_articles", "differences", "export_articles", "export_texts", "get_article", "iter_articles", "languages_of",
    "newest_articles", "outlet_names", "revisions_of", "search_articles",
]  # fmt: skip
