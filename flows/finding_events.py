"""Prefect events for findings that changed, on which an automation can act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from prefect.events import emit_event


def emit_changes(outlet: str, findings: Iterable[Mapping[str, Any]]) -> None:
    """Emit `pressrun.outlet.KIND` for a new finding, `pressrun.outlet.recovered` for one that ended."""
    for finding in findings:
        if finding.get("change") == "open":
            continue
        name = "recovered" if finding["change"] == "recovered" else finding["kind"]
        resource = {"prefect.resource.id": f"pressrun.outlet.{outlet}", "prefect.resource.name": outlet}
        emit_event(f"pressrun.outlet.{name}", resource=resource, payload=dict(finding))
