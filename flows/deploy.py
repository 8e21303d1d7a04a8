"""Set up a Prefect server: work pool, queues, deployments, schedules, notification block and automations."""

from __future__ import annotations

import httpx

from .automations import register_automations, set_webhook
from .deployments import Change, register
from .errors import ServerUnreachableError


async def deploy(api_url: str, webhook: str | None = None) -> list[Change]:
    """Register everything on the server of PREFECT_API_URL, which is `api_url`. Safe to repeat.

    `webhook`: where automations send their messages from now on. Returns what became of each thing. Raises
    ServerUnreachableError.
    """
    try:
        block = [await set_webhook(webhook)] if webhook else []
        return [*await register(), *block, *await register_automations()]
    except httpx.TransportError as trouble:
        raise ServerUnreachableError(api_url, str(trouble) or type(trouble).__name__) from trouble
