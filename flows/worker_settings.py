"""Prefect settings of every worker, which a user may override by variables. Does not import Prefect."""

from __future__ import annotations

WORKER_DEFAULTS = {
    "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
    "PREFECT_WORKER_QUERY_SECONDS": "1",
    "PREFECT_WORKER_ENABLE_CANCELLATION": "true",
}
