"""Copies of articles: how they are found, which article is the original, and the decisions of people.

This module is the public face: other packages import from here, and not from the modules inside. The modules `tokens`,
`similarity` and `rules` are pure functions of texts, without a database.
"""

from storage.dedup.assign import Assignments, assign_originals
from storage.dedup.boilerplate import RecurringPassages, recurring_passages
from storage.dedup.fingerprint_index import articles_like
from storage.dedup.found import FoundCopy, copies_found, count_copies_seen
from storage.dedup.manual import JoinResult, join, split
from storage.dedup.originals import DedupArticle, without_fingerprints
from storage.dedup.recheck import AssignmentChange, RecheckReport, recheck_archive
from storage.dedup.removal import forget_fingerprints, withdraw
from storage.dedup.rules import COMPARABLE
from storage.dedup.tokens import PASSAGE_WORDS, TokenizedText, tokenize

__all__ = [
    "COMPARABLE", "PASSAGE_WORDS", "AssignmentChange", "Assignments", "DedupArticle", "FoundCopy", "JoinResult",
    "RecheckReport", "RecurringPassages", "TokenizedText", "articles_like", "assign_originals", "copies_found",
    "count_copies_seen", "forget_fingerprints", "join", "recheck_archive", "recurring_passages", "split", "tokenize",
    "withdraw", "without_fingerprints",
]  # fmt: skip
