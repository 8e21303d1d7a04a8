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

BLOCK = "prefect://"
RECENT = timedelta(days=7)  # older changes are not told: the setting was made after them


def notify_changes(settings: Settings) -> str | None:
    """Send what has changed since the last message. Return a problem; what was not sent is tried again next time.

    Nothing is read from the store without the setting.
    """
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
    subject, text = message_of(findings)
    return _send_by_block(url, subject, text) if url.startswith(BLOCK) else _send_by_apprise(url, subject, text)


def _send_by_apprise(url: str, subject: str, text: str) -> bool:
    from apprise import Apprise

    sender = Apprise()
    return bool(sender.add(url)) and bool(sender.notify(title=subject, body=text))


def _send_by_block(url: str, subject: str, text: str) -> bool:
    from prefect.blocks.core import Block

    try:
        block: Any = asyncio.run(Block.aload(url.removeprefix(BLOCK)))
        asyncio.run(_notified(block, subject, text))
    except Exception:
        logging.getLogger(__name__).exception("the Prefect block %s did not send", url.removeprefix(BLOCK))
        return False
    return True


async def _notified(block: Any, subject: str, text: str) -> None:
    sent = block.notify(text, subject)
    if asyncio.iscoroutine(sent):
        await sent
