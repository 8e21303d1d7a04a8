"""The archive of articles, for reading: queries, search, exports, differences between texts.

This module is the public face. storage.articles.write is the face for writing; only packages of storage use it.
"""

from storage.articles.arrivals import Since, arrived, newest_settled_id, stories
from storage.articles.changes import Change, ChangeCursorError, ChangePage, changes_since
from storage.articles.context import Provenance, more_like, provenance_of
from storage.articles.diff import Difference, Piece, differences, word_diff
from storage.articles.export import BINARY, as_row, export_articles, export_texts, row_without_text, write_articles
from storage.articles.listing import ArticlePage, list_articles
from storage.articles.overview import OutletDay, biggest_stories, day_by_outlet, newest_day
from storage.articles.query import (
    ArticleRevision,
    StoredArticle,
    addresses_of,
    copies_of,
    count_articles,
    doubtful_articles,
    edits_of,
    get_article,
    iter_articles,
    languages_of,
    newest_articles,
    outlet_names,
    revisions_of,
)
from storage.articles.raw_pages import RawExport, export_wacz
from storage.articles.search import SearchHit, SearchPage, check_query, search_articles
from storage.articles.story import Story
from storage.articles.trend import OutletTrend, TrendPoint, largest_outlets, word_trend
from storage.search import CursorError, IndexOutdatedError, QueryError, Snippet
from storage.selection import Selection, Which

__all__ = [
    "BINARY", "ArticlePage", "ArticleRevision", "Change", "ChangeCursorError", "ChangePage", "CursorError",
    "Difference", "IndexOutdatedError", "OutletDay", "OutletTrend", "Piece", "Provenance", "QueryError", "RawExport",
    "SearchHit", "SearchPage", "Selection", "Since", "Snippet", "StoredArticle", "Story", "TrendPoint", "Which",
    "addresses_of", "arrived", "as_row", "biggest_stories", "changes_since", "check_query", "copies_of",
    "count_articles", "day_by_outlet", "differences", "doubtful_articles", "edits_of", "export_articles",
    "export_texts", "export_wacz", "get_article", "iter_articles", "languages_of", "largest_outlets", "list_articles",
    "more_like", "newest_articles", "newest_day", "newest_settled_id", "outlet_names", "provenance_of",
    "revisions_of", "row_without_text", "search_articles", "stories", "word_diff", "word_trend", "write_articles",
]  # fmt: skip
