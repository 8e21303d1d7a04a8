"""Messages to people about findings that changed: one for each change, all changes of a night in one message.

They go where the setting PRESSRUN_NOTIFY says: URLs of Apprise (https://github.com/caronc/apprise) for mail, webhooks
and messengers, or prefect://BLOCK-TYPE/NAME for a notification block of the Prefect server.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from crawlers.environment import Settings

if TYPE_CHECKING:
    from storage.health import StoredFinding

from .messages import send
from .watching import tell_watches

RECENT = timedelta(days=7)  # older changes are not told: the setting was made after them


def notify_changes(settings: Settings) -> str | None:
    """Tell people what runs brought: changed findings, and new stories of saved searches. Called when runs have ended.

    Returns a problem; what was not sent is tried again next time.
    """
    problems = filter(None, (_tell_findings(settings), tell_watches(settings)))
    return "; ".join(problems) or None


def _tell_findings(settings: Settings) -> str | None:
    if not settings.notify:
        return None
    from storage import health
    from storage.database import open_database

    with closing(open_database(settings.db)) as db:
        now = datetime.now(UTC)
        changed = health.take_untold(db, now)
        recent = [one for one in changed if now - (one.closed_at or one.opened_at) < RECENT]
        failed = [url for url in settings.notify if not _send(url, recent)] if recent else []
        if len(failed) == len(settings.notify):  # else somebody was told, and is not told twice
            health.put_back_untold(db, recent)
    if not failed:
        return None
    schemes = ", ".join(url.partition("://")[0] for url in failed)
    return f"the message about {len(recent)} findings could not be sent by {schemes}; look at PRESSRUN_NOTIFY"


async def notify_in_thread(settings: Settings, log: logging.Logger | logging.LoggerAdapter[Any]) -> None:
    """Send what has changed, without holding up the event loop; a problem is a warning in the log."""
    if problem := await asyncio.to_thread(notify_changes, settings):
        log.warning("%s", problem)


def message_of(findings: Sequence[StoredFinding]) -> tuple[str, str]:
    """Return the subject and the text of a message."""
    outlets = sorted({one.outlet_id for one in findings})
    named = ", ".join(outlets[:3]) + (f" and {len(outlets) - 3} more" if len(outlets) > 3 else "")
    return f"Pressrun: {named}", "\n\n".join(map(_paragraph, findings))


def _paragraph(stored: StoredFinding) -> str:
    one = stored.finding
    kind = one.kind.replace("_", " ")
    if stored.closed_at:
        return f"{stored.outlet_id}: {kind} since {one.since} has ended."
    return f"{stored.outlet_id}: {kind} since {one.since}: {one.evidence}.\nTry: {one.advice}.\nSee {one.runbook}"


def _send(url: str, findings: Sequence[StoredFinding]) -> bool:
    return send(url, *message_of(findings))
