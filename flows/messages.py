"""Messages to people: URLs of Apprise for mail, webhooks and messengers, or prefect://BLOCK-TYPE/NAME."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

BLOCK = "prefect://"


def send(url: str, subject: str, text: str) -> bool:
    """Send a message. Return False if it could not be sent."""
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
