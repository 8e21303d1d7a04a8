"""A line of the summary as the metadata of an artifact: short texts, each a JSON value. Without Prefect."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .summary import Finding, OutletLine

LONGEST = 500  # characters of a value; Prefect refuses longer ones
_FINDING = "finding_"
_KEPT = ("kind", "severity", "since", "change", "runbook")  # of a finding that is too long


def written_figures(line: OutletLine) -> dict[str, str]:
    """Return the line as metadata. Texts and findings that are too long are cut."""
    row = line.as_row()
    findings = row.pop("findings")
    written = {name: _fit(value) for name, value in row.items()}
    return written | {f"{_FINDING}{number}": _fit_finding(finding) for number, finding in enumerate(findings)}


def read_figures(metadata: Mapping[str, str]) -> OutletLine:
    """Make a line of such metadata."""
    values = {name: json.loads(text) for name, text in metadata.items()}
    findings = sorted((name for name in values if name.startswith(_FINDING)), key=lambda name: (len(name), name))
    return OutletLine.read({**values, "findings": [values[name] for name in findings]})


def _fit(value: Any) -> str:
    text = _json(value)
    while len(text) > LONGEST:
        excess = len(text) - LONGEST + 1
        value = f"{value[: -max(1, excess // 6) - 1]}…"  # an escape has at most six characters
        text = _json(value)
    return text


def _fit_finding(finding: Finding) -> str:
    text = _json(dict(finding))
    if len(text) <= LONGEST:
        return text
    kept = {name: str(finding[name])[:60] for name in _KEPT if name in finding}
    evidence = {name: str(finding.get(name, ""))[:100] for name in ("evidence", "advice")}
    return _json(kept | evidence)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
