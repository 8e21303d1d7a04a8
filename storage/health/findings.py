"""Findings: what is odd about an outlet, with evidence, what to try, and where the runbook explains it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

Severity = Literal["warning", "error"]
Change = Literal["new", "open", "recovered"]

# In the order in which they are named: what explains others comes first.
KINDS = (
    "blocked", "changed_layout", "doubtful", "stale_dates", "silent", "thin", "copies_only", "overflowing_feed", "slow",
    "too_many",
)  # fmt: skip

_ADVICE: Mapping[str, str] = {
    "blocked": "open its pages in a browser, read its robots.txt and terms, and write to the outlet",
    "changed_layout": "look at new articles and correct the selectors in the outlet file, then run pressrun reextract",
    "doubtful": "look at the lowest with pressrun articles review, and correct the selectors in the outlet file",
    "stale_dates": "compare dates on its pages with pressrun extract, and set `date` in the outlet file",
    "silent": "open its home page; if it publishes, correct the seeds in the outlet file",
    "thin": "compare its home page with pressrun articles, and look for seeds that fail or have moved",
    "copies_only": "look at some copies with pressrun articles; its own news may be in another section or feed",
    "overflowing_feed": "poll or crawl the outlet more often, or add a sitemap or listing to its file",
    "slow": "look at the pace that its robots.txt asks for, and at hosts that time out in the log of the crawl",
    "too_many": "look whether `urls.article` matches pages that are no articles, else raise per_day.max",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something odd about an outlet since a day."""

    kind: str
    severity: Severity
    since: date
    evidence: str
    advice: str

    @property
    def runbook(self) -> str:
        """The heading of the runbook that explains the finding."""
        return f"deploy/runbook.md#{self.kind.replace('_', '-')}"

    @property
    def sentence(self) -> str:
        """The finding in one sentence that says what to do."""
        return f"{self.kind.replace('_', ' ')} since {self.since}: {self.evidence}; {self.advice}"


@dataclass(frozen=True, slots=True)
class FindingChange:
    """A finding after a night: `new`, still `open`, or `recovered`."""

    finding: Finding
    change: Change

    def as_dict(self) -> dict[str, Any]:
        """Return the change as a JSON object."""
        one = self.finding
        return {
            "kind": one.kind, "severity": one.severity, "since": one.since.isoformat(), "evidence": one.evidence,
            "advice": one.advice, "runbook": one.runbook, "change": self.change,
        }  # fmt: skip


def finding(kind: str, severity: Severity, since: date, evidence: str) -> Finding:
    """Make a finding with the advice of its kind."""
    return Finding(kind, severity, since, evidence, _ADVICE[kind])
