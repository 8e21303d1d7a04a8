"""What Pressrun keeps: the ledger of pages, articles, copies, revisions, runs, and the archive of raw pages.

Import from the modules, not from here: this file stays empty so that a process which only needs
`storage.model` does not pay for SQLAlchemy.
"""
