"""Automations of automations.yaml, and the notification block that they use."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml  # type: ignore[import-untyped]
from prefect.blocks.notifications import CustomWebhookNotificationBlock
from prefect.client.orchestration import PrefectClient, get_client
from prefect.events.schemas.automations import Automation, AutomationCore

from .deployments import Change, _of_deploy

BLOCK = "pressrun"  # the notification block, of whatever type
PREFIX = "Pressrun: "  # of the names of our automations
MESSAGE = {"text": "{{subject}}\n{{body}}"}  # what chat services read from a webhook


def automations_yaml() -> Path:
    """Return the file of the automations, as `prefect_yaml` does that of the deployments."""
    return _of_deploy("automations.yaml")


def read_automations(file: Path) -> list[dict[str, Any]]:
    """Return the automations as they stand in the file."""
    automations: list[dict[str, Any]] = yaml.safe_load(file.read_text(encoding="utf-8"))["automations"]
    return automations


async def set_webhook(url: str) -> Change:
    """Create the notification block, or change its URL."""
    thing = f"notification block {BLOCK}"
    async with get_client() as client:
        known = await _block(client)
    block = CustomWebhookNotificationBlock.model_validate({"name": BLOCK, "url": url, "json_data": MESSAGE})
    await block.asave(BLOCK, overwrite=True)
    return Change(thing, "created" if known is None else "set")


async def register_automations(file: Path | None = None) -> list[Change]:
    """Create or update the automations, and remove ours that are gone from the file. Safe to repeat.

    One that was paused in the UI stays paused. Without the notification block they are left out.
    """
    specs = {PREFIX + spec["name"]: spec for spec in read_automations(file or automations_yaml())}
    async with get_client() as client:
        block = await _block(client)
        known = {each.name: each for each in await client.read_automations() if each.name.startswith(PREFIX)}
        if block is None:
            return [Change(f"automation {name}", "left out: it needs a notification block") for name in specs]
        changes = [await _set(client, name, spec, block, known.get(name)) for name, spec in specs.items()]
        for name in known.keys() - specs.keys():
            await client.delete_automation(known[name].id)
            changes.append(Change(f"automation {name}", "removed"))
    return changes


async def _set(
    client: PrefectClient, name: str, spec: Mapping[str, Any], block: UUID, known: Automation | None
) -> Change:
    action = {"type": "send-notification", "block_document_id": str(block), **spec["message"]}
    wanted = AutomationCore.model_validate(
        {
            "name": name,
            "description": spec["description"],
            "enabled": known.enabled if known else True,
            "trigger": spec["trigger"],
            "actions": [action],
        }
    )
    if known is None:
        await client.create_automation(wanted)
        return Change(f"automation {name}", "created")
    if _comparable(known) == _comparable(wanted):
        return Change(f"automation {name}", "unchanged")
    await client.update_automation(known.id, wanted)
    return Change(f"automation {name}", "changed")


def _comparable(automation: AutomationCore) -> dict[str, Any]:
    values = automation.model_dump(mode="json", include={"description", "trigger", "actions"})
    values["trigger"].pop("id", None)
    for lists in ("after", "expect", "for_each"):
        values["trigger"][lists] = sorted(values["trigger"][lists])
    return values


async def _block(client: PrefectClient) -> UUID | None:
    """Return the id of the notification block that `pressrun deploy --notify` made, or a person in the UI."""
    found = [each for each in await client.read_block_documents() if each.name == BLOCK]
    return found[0].id if found else None
