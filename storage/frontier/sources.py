"""Where a page's text is to come from: its own address, the answer of the seed that announced it, or a web archive."""

from __future__ import annotations

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
    """The columns of a page that is new to the ledger. `answer`: where the answer that announced it lies."""
    source: dict[str, Any] = dict.fromkeys(COLUMNS)
    if link.capture:
        source["fetch_url"] = clean_text(link.capture.url)
    if link.full_text and answer:
        source |= _text_at(answer)
    return source


def source_of_known(row: Any, link: Link, answer: Place | None, *, due: bool) -> dict[str, Any]:
    """The columns of a known page that waits, or is `due` again, after it was announced once more."""
    source = {name: getattr(row, name) for name in COLUMNS}
    if link.capture:
        if due:
            source |= {"fetch_url": clean_text(link.capture.url), "full_text": None}
        return source
    source["fetch_url"] = None  # a live seed has it: the outlet itself is asked
    if link.full_text and answer:
        return source | _text_at(answer)
    # What an earlier answer said is as good as the page, unless the page was edited since.
    return source | ({"full_text": None} if due else {})


def worth_a_capture(row: Any) -> bool:
    """True if the page was lost to the outlet, and no web archive has been asked for it."""
    if row.article_id is not None or row.fetch_url is not None or row.next_at is not None:
        return False
    return (
        row.state in ("gone", "failed")
        or (row.state == "rejected" and row.reason in REFUSED_BY_HOST)
    )  # fmt: skip


def _text_at(answer: Place) -> dict[str, Any]:
    return {
        "full_text": True, "warc_file": answer.file, "warc_offset": answer.offset, "warc_length": answer.length,
    }  # fmt: skip
