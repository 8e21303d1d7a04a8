"""Full-text search: the analyser, the query syntax, the index, and the order of results.

This module is the public face: other packages of storage import from here, and not from the modules inside. Readers
outside of storage use `storage.articles.search_articles`.
"""

from storage.search.analyser import ANALYSER_VERSION, terms_of
from storage.search.errors import CursorError, IndexOutdatedError, QueryError
from storage.search.index import (
    AnalysedText,
    Document,
    add_documents,
    analyse,
    document_of,
    remove_documents,
    rewritten,
)
from storage.search.match import Candidate, Prepared, in_index, is_complete, newest_matches, prepare
from storage.search.ranking import Group, groups_of, recency_score, text_score, title_score
from storage.search.rebuild import check_index, reindex
from storage.search.snippets import Snippet, marked, snippet
from storage.search.stems import LANGUAGES
from storage.search.syntax import parse

__all__ = [
    "ANALYSER_VERSION", "LANGUAGES", "AnalysedText", "Candidate", "CursorError", "Document", "Group",
    "IndexOutdatedError", "Prepared", "QueryError", "Snippet", "add_documents", "analyse", "check_index",
    "document_of", "groups_of", "in_index", "is_complete", "marked", "newest_matches", "parse", "prepare",
    "recency_score", "reindex", "remove_documents", "rewritten", "snippet", "terms_of", "text_score", "title_score",
]  # fmt: skip
