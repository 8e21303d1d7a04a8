"""Refusals: why a page is not an article, from a closed list of reasons."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why a page gives no article. Closed: storage and reports may rely on it."""

    NOT_ARTICLE = "not_article"  # a listing, home or tag page, a gallery or video without text
    TOO_SHORT = "too_short"  # less text than the briefest brief
    PAYWALL = "paywall"  # the text is kept behind a subscription
    CONSENT = "consent"  # a consent wall stands in for the page
    CHALLENGE = "challenge"  # a bot wall stands in for the page
    SOFT_404 = "soft_404"  # "not found", said with status 200
    NEEDS_SCRIPT = "needs_script"  # nothing there before a script runs
    NOT_HTML = "not_html"  # a PDF, an image, JSON, a feed
    BAD_ENCODING = "bad_encoding"  # no charset makes text of it
    TRUNCATED = "truncated"  # the page breaks off before its text
    HOSTILE = "hostile"  # beyond the limits on time, memory, size or markup
    EMPTY = "empty"  # no bytes, or no markup


UNREAD = "cannot read "  # how the detail begins where there was no page to judge


@dataclass(frozen=True, slots=True)
class Rejected:
    """A refused page: the reason, and the evidence in a few words."""

    reason: Reason
    detail: str = ""

    @property
    def is_unread(self) -> bool:
        """True if there was no page to judge: a bad row of a batch, or a file that cannot be read."""
        return self.reason is Reason.EMPTY and self.detail.startswith(UNREAD)

    @property
    def why(self) -> str:
        """The reason and the evidence in one line."""
        return f"{self.reason} ({self.detail})" if self.detail else str(self.reason)
