"""Which records of a WARC file may be articles, judged by the head of the record before its block is read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache

from crawlers.catalog import Catalog
from crawlers.outlet import Outlet
from storage.urls import canonical_url, host_of, site_of
from storage.warc import PAGE_KINDS, RecordHead

KINDS = frozenset({"request", "metadata", "warcinfo", "revisit", "continuation"})  # counted by their own names
_CACHED = 10_000  # hosts


class RecordFilter:
    """The outlets whose articles are wanted, found by host and article pattern.

    `outlets`: their ids; None for every page of the web, where a site without an outlet file is named by its host.
    Raises UnknownOutletError.
    """

    def __init__(self, catalog: Catalog, outlets: Sequence[str] | None = None) -> None:
        self._all = outlets is None
        sites: dict[str, list[Outlet]] = defaultdict(list)
        for outlet in catalog if outlets is None else map(catalog.get, outlets):
            for site in sorted({_site(host) for host in outlet.hosts}):
                sites[site].append(outlet)
        self._sites = dict(sites)
        self._of_host = lru_cache(_CACHED)(self._candidates)

    def pass_over(self, head: RecordHead) -> str:
        """Return why a record is not to be read, as a word for the counts; empty if it may hold an article."""
        if head.kind not in PAGE_KINDS:
            return head.kind if head.kind in KINDS else "other_kind"
        if not head.url.startswith(("http://", "https://")):
            return "not_http"
        host = host_of(head.url)
        refusal = self._refusal(host, head.url) if host else "bad_address"
        return refusal or ("" if _is_address(head.url) else "bad_address")

    def owner(self, url: str) -> Outlet | None:
        """Return the outlet that has this address among its articles, or None."""
        return next((outlet for outlet in self._of_host(host_of(url))[0] if outlet.is_article(url)), None)

    def _refusal(self, host: str, url: str) -> str:
        candidates, is_own_site = self._of_host(host)
        if any(outlet.is_article(url) for outlet in candidates):
            return ""
        if is_own_site or (candidates and not self._all):
            return "no_article_address"
        return "" if self._all else "other_site"

    def _candidates(self, host: str) -> tuple[tuple[Outlet, ...], bool]:
        """Return the outlets of the host's site and of the domains above, and whether the site itself has one."""
        found = [outlet for site in _domains(_site(host)) for outlet in self._sites.get(site, ())]
        return tuple({outlet.id: outlet for outlet in found}.values()), _site(host) in self._sites


def _site(host: str) -> str:
    return site_of(f"http://{host}/") or host


def _domains(host: str) -> Iterator[str]:
    labels = host.split(".")
    for start in range(max(1, len(labels) - 1)):
        yield ".".join(labels[start:])


def _is_address(url: str) -> bool:
    try:
        return bool(canonical_url(url))
    except ValueError:
        return False
