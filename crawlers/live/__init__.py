"""An outlet as it is now: its seeds and pages, through `crawlers.fetch_client`. This module is the public face."""

from crawlers.live.check import NOT_ASKED, Finding, check_outlet
from crawlers.live.pages import PageLook, look_at_page
from crawlers.live.seeds import SeedLook, look_at_seed, newest_looks

__all__ = [
    "NOT_ASKED",
    "Finding",
    "PageLook",
    "SeedLook",
    "check_outlet",
    "look_at_page",
    "look_at_seed",
    "newest_looks",
]
