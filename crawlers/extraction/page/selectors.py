"""Read what an outlet's file says of its pages: the elements that its selectors find, and its time zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import tzinfo
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from lxml.etree import XPath, _Element

from crawlers.extraction.page.metadata import find_all, text_in
from storage.model import Hints

if TYPE_CHECKING:
    from crawlers.outlet import ExtractRule, Outlet

# Countries with one time zone, by the last label of their hosts: the region's, where outlets leave the offset out.
ZONES = {
    "az": "Asia/Baku", "am": "Asia/Yerevan", "ge": "Asia/Tbilisi", "tr": "Europe/Istanbul", "ir": "Asia/Tehran",
    "uz": "Asia/Tashkent",
    "kg": "Asia/Bishkek", "tj": "Asia/Dushanbe", "tm": "Asia/Ashgabat", "ua": "Europe/Kyiv", "kz": "Asia/Almaty",
}  # fmt: skip
MOST_TEXT = 400  # characters of what a selector for a date or an author finds


@dataclass(frozen=True, slots=True)
class Selected:
    """What the selectors of one layout found; None for what the layout does not name or the page lacks."""

    body: _Element | None = None
    title: str | None = None
    date: str | None = None
    author: str | None = None
    section: str | None = None
    drop: tuple[re.Pattern[str], ...] = ()
    break_after: tuple[re.Pattern[str], ...] = ()


def read_selected(tree: _Element, outlet: Outlet | None, hints: Hints) -> Selected:
    """Read the parts that the outlet's file names, by the newest layout whose body the page has.

    A layout that had ended when the page was published (as the seed says) is not tried. Its `drop` lines apply even
    where none of its selectors match.
    """
    if outlet is None or not outlet.extract:
        return Selected()
    rules = [rule for rule in outlet.extract if not _is_over(rule, hints)] or list(outlet.extract)
    rule = next((rule for rule in rules if rule.body is None or _first(tree, rule.body) is not None), rules[0])
    return Selected(
        body=_first(tree, rule.body),
        title=_text(tree, rule.title),
        date=_text(tree, rule.date),
        author=_text(tree, rule.author),
        section=_text(tree, rule.section),
        drop=rule.drop,
        break_after=rule.break_after,
    )


def _is_over(rule: ExtractRule, hints: Hints) -> bool:
    return rule.until is not None and hints.published is not None and hints.published.at.date() > rule.until


def _first(tree: _Element, selector: str | None) -> _Element | None:
    if selector is None:
        return None
    return next(iter(find_all(_compiled(selector), tree)), None)


def _text(tree: _Element, selector: str | None) -> str | None:
    element = _first(tree, selector)
    if element is None:
        return None
    text = element.get("datetime") or element.get("content") or text_in(element)
    return text[:MOST_TEXT] or None


@lru_cache(maxsize=2_000)
def _compiled(selector: str) -> XPath:
    from cssselect import HTMLTranslator  # late: pages without an outlet's rules have no use for it

    return XPath(HTMLTranslator().css_to_xpath(selector))


def zone_of(url: str) -> tzinfo | None:
    """Return the time zone of a host's country, where the country has one; else None, also for what is no address."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return None
    label = host.rstrip(".").rsplit(".", 1)[-1]
    return ZoneInfo(ZONES[label]) if label in ZONES else None
