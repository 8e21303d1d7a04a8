"""Schedules of a running server: the demo and the tests switch the polls off, which would change what they count."""

from __future__ import annotations

import httpx


def set_schedule(api_url: str, deployment: str, *, active: bool) -> None:
    """Pause or resume all schedules of a deployment (FLOW/DEPLOYMENT), as the switch in the UI does."""
    found = httpx.get(f"{api_url}/deployments/name/{deployment}").raise_for_status().json()
    for schedule in found["schedules"]:
        url = f"{api_url}/deployments/{found['id']}/schedules/{schedule['id']}"
        httpx.patch(url, json={"active": active}).raise_for_status()
