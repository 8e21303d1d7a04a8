"""The archive of articles, for reading: queries, exports, differences between texts.

This module is the public face. storage.articles.write is the face for writing; only packages of storage use it.
"""

from storage.articles.diff import Difference, differences
from storage.articles.export import as_row, export_articles, export_texts
from storage.articles.query import (
    ArticleFilter,
    ArticleRevision,
    StoredArticle,
    addresses_of,
    copies_of,
    count_articles,
    get_article,
    iter_articles,
    newest_articles,
    revisions_of,
)

__all__ = [
    "ArticleFilter", "ArticleRevision", "Difference", "StoredArticle", "addresses_of", "as_row", "copies_of",
    "count_articles", "differences", "export_articles", "export_texts", "get_article", "iter_articles",
    "newest_articles", "revisions_of",
]  # fmt: skip
