"""The health of outlets: each is held against its own norm, and what is odd is a finding.

This module is the public face: other packages import from here, and not from the modules inside.
"""

from storage.health.days import Expectation
from storage.health.findings import KINDS, Finding, FindingChange
from storage.health.judge import Judged, judge_outlet
from storage.health.runs import FAILED_BY
from storage.health.store import StoredFinding, add_advice, open_findings, put_back_untold, take_untold

__all__ = [
    "FAILED_BY", "KINDS", "Expectation", "Finding", "FindingChange", "Judged", "StoredFinding",
    "add_advice", "judge_outlet", "open_findings", "put_back_untold", "take_untold",
]  # fmt: skip
