"""Where a page's text is to come from: its own address, the answer of the seed that announced it, or a web archive."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storage.model import Link
from storage.text import clean_text
from storage.warc import Place

COLUMNS = ("fetch_url", "full_text", "warc_file", "warc_offset", "warc_length")
# Refusals that are the host's or of its layout today: an older capture of the page may well be an article. What
# robots.txt forbids or readers pay for is not looked for elsewhere.
REFUSED_BY_HOST = frozenset(
    {"challenge", "consent", "needs_script", "offsite_redirect", "redirect_loop", "soft_404", "http_401", "http_451"}
)


def source_of_new(link: Link, answer: Place | None) -> dict[str, Any]:
    """Return the columns of a page that is new to the ledger. `answer`: the place of the answer that announced it."""
    source: dict[str, Any] = dict.fromkeys(COLUMNS)
    if link.capture:
        source["fetch_url"] = clean_text(link.capture.url)
    if link.full_text and answer:
        source |= _text_at(answer)
    return source


def source_of_known(page: Any, link: Link, answer: Place | None, *, due: bool) -> dict[str, Any]:
    """Return the columns of a known page that was announced once more. `due`: it is to be fetched again.

    A page that is under way, or not to be fetched, keeps what it has.
    """
    source = {name: getattr(page, name) for name in COLUMNS}
    if page.lease_run_id is not None or (page.next_at is None and not due):
        return source
    if link.capture:
        return source | ({"fetch_url": clean_text(link.capture.url), "full_text": None} if due else {})
    source["fetch_url"] = None  # a live seed has it: the outlet itself is asked
    if link.full_text and answer:
        return source | _text_at(answer)
    # What an earlier answer said is as good as the page, unless the page was edited since.
    return source | ({"full_text": None} if due else {})


def due_again(known: Mapping[bytes, Any], announced: Mapping[bytes, Link], refetch: bool) -> set[int]:
    """Return the ids of pages that are fetched again though no seed says that they were edited."""
    due = set()
    for key, page in known.items():
        if announced[key].capture and page.fetch_url is None:
            wanted = worth_a_capture(page)  # a refetch, too, does not replace a page by an old capture of it
        else:
            wanted = refetch and page.state != "waiting" and page.lease_run_id is None
        if wanted:
            due.add(page.id)
    return due


def is_settled(page: Any, link: Link) -> bool:
    """Return True for a page that a web archive has, and of which the outlet itself said what it is."""
    return link.capture is not None and not worth_a_capture(page)


def worth_a_capture(page: Any) -> bool:
    """Return True if the page was lost to the outlet, and no web archive has been asked for it."""
    if page.article_id is not None or page.fetch_url is not None:
        return False
    if page.next_at is not None and page.state != "rejected":
        return False
    return page.state in ("gone", "failed") or (page.state == "rejected" and page.reason in REFUSED_BY_HOST)


def _text_at(answer: Place) -> dict[str, Any]:
    return {
        "full_text": True, "warc_file": answer.file, "warc_offset": answer.offset, "warc_length": answer.length,
    }  # fmt: skip
