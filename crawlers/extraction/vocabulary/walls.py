"""How pages say that they are none: bot walls, consent, "not found", scripts, subscriptions; in many languages.

DENIED and MISSING are looked for as whole lines, of the titles or of the blocks of the page, since articles tell of
such things too ("The page was not found in the archive, the court heard").
"""

from __future__ import annotations

import re

from crawlers.extraction.vocabulary import any_of, lazy

BEGIN = r"^[^\w\n]{0,9}+"  # of such a line; bounded, since what is hostile has thousands of dots in a row
# of such a line: a sentence that goes on about it, or a site's name
END = r"(?:\s*[.!?…].*|\s*[|–—·»-]\s*(?:\S+ ?){1,4})?\s*$"
SORRY = any_of("walls.sorry")

CHALLENGE = lazy(any_of("walls.challenge"), re.IGNORECASE)
DENIED = lazy(rf"{BEGIN}(?:{any_of('walls.denied')}){END}", re.IGNORECASE | re.MULTILINE)
CHALLENGE_SCRIPT = lazy(any_of("scripts.bot_walls"), re.IGNORECASE)
CONSENT = lazy(any_of("walls.consent"), re.IGNORECASE)
NOT_FOUND = lazy(any_of("walls.not_found"), re.IGNORECASE)
MISSING = lazy(
    rf"{BEGIN}(?:(?:{SORRY})\W+)?(?:{any_of('walls.missing')}){END}",
    re.IGNORECASE | re.MULTILINE,
)
SCRIPTED = lazy(any_of("walls.needs_script"), re.IGNORECASE)
# How a page says that the rest of its text is for others: in lines of their own beside a beginning of it.
WALLED = lazy(
    rf"{BEGIN}(?:{any_of('walls.subscribers_line')})|{any_of('walls.subscribers_short')}",
    re.IGNORECASE | re.MULTILINE,
)
PAYWALL = lazy(any_of("walls.paywall"), re.IGNORECASE)
