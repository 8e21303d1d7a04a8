"""The store: the ledger of pages, articles, copies, revisions, runs, and the archive of raw answers.

Import from the packages inside (storage.frontier, storage.articles and so on). This file stays empty, so that a process
that needs storage.model alone does not import SQLAlchemy.
"""
