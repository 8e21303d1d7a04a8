"""What a page and its site say on the use of its text by machines, as statements: "ai=no (meta robots)".

Read are robots directives (meta and X-Robots-Tag: noarchive, noindex, noai, noml), the TDM Reservation Protocol (W3C
community group report: header, meta, /.well-known/tdmrep.json), Content-Signal (contentsignals.org), Content-Usage
(draft-ietf-aipref-attach) and the License line of RSL 1.0 in robots.txt. Uses: `tdm` text and data mining, `ai`
training of models, `ai-input` answers of models, `search` results, `archive` a kept copy. Pure functions of text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

MOST = 20  # statements of one page; a page that makes more makes them to fill a store
MAX_PATTERN = 2083  # characters: as long as the longest address that is fetched; a longer pattern fits none
MAX_POLICY = 300  # characters of the address of a licence or a policy
_DIRECTIVES = {"noarchive": "archive=no", "nocache": "archive=no", "noindex": "search=no", "none": "search=no",
               "noai": "ai=no", "noml": "ai=no"}  # fmt: skip
_SIGNALS = {"search": "search", "ai-train": "ai", "train-ai": "ai", "ai-input": "ai-input", "tdm": "tdm"}
_VALUES = {"yes": "yes", "y": "yes", "no": "no", "n": "no"}
_AGENT = "pressrun"
_LINE = re.compile(r"(?im)^[ \t]*(user-agent|content-signal|content-usage|license)\s*:\s*([^#\r\n]*)")
_PATH = re.compile(r"^(/\S*)\s+")
_ASTERISKS = re.compile(r"\*+")
_SPACE = re.compile(r"\s")
_TOKEN = re.compile(r"[\w*.-]+")
_WITH_VALUES = ("unavailable_after", "max-snippet", "max-image-preview", "max-video-preview")


def of_robots_directives(value: str, source: str) -> list[str]:
    """Return the statements of a robots meta element or an X-Robots-Tag. Directives for other agents say nothing."""
    agent, colon, rest = value.partition(":")
    name = agent.strip().lower()
    if colon and _TOKEN.fullmatch(name) and name not in _WITH_VALUES:
        if name not in (_AGENT, "*"):
            return []
        value = rest
    words = (word.strip().lower() for word in value.split(","))
    return [f"{_DIRECTIVES[word]} ({source})" for word in words if word in _DIRECTIVES]


def of_reservation(reserved: str, policy: str, source: str) -> list[str]:
    """Return the statement of a TDM reservation ("1" or "0"), with the address of its policy if there is one."""
    value = {"1": "no", "0": "yes"}.get(reserved.strip())
    if value is None:
        return []
    return [f"tdm={value} ({source})"] + ([f"licence {policy.strip()} ({source})"] if _is_address(policy) else [])


def of_page(meta: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return what a page's meta elements say, given by lower-case name."""
    said: list[str] = []
    for name in ("robots", _AGENT):
        for value in meta.get(name, ()):
            said += of_robots_directives(value, f"meta {name}")
    first = {name: next(iter(meta.get(name, ())), "") for name in ("tdm-reservation", "tdm-policy")}
    said += of_reservation(first["tdm-reservation"], first["tdm-policy"], "meta tdm-reservation")
    return statements(said)


def of_headers(headers: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """Return what the headers of an answer say."""
    said: list[str] = []
    by_name: dict[str, list[str]] = {}
    for name, value in headers:
        by_name.setdefault(name.lower(), []).append(value)
    for value in by_name.get("x-robots-tag", ()):
        said += of_robots_directives(value, "header x-robots-tag")
    for value in by_name.get("content-usage", ()):
        said += _signals(value, "header content-usage")
    first = {name: by_name.get(name, [""])[0] for name in ("tdm-reservation", "tdm-policy")}
    said += of_reservation(first["tdm-reservation"], first["tdm-policy"], "header tdm-reservation")
    return statements(said)


def statements(said: Iterable[str]) -> tuple[str, ...]:
    """Return each statement once, in order, and no more than MOST."""
    return tuple(dict.fromkeys(said))[:MOST]


@dataclass(frozen=True, slots=True)
class SiteRule:
    """What a site says of the addresses whose path fits a pattern of robots.txt (`*`, and `$` at its end)."""

    path: str
    said: tuple[str, ...]

    def fits(self, path: str) -> bool:
        """Return whether a path with its query fits the pattern, in time proportional to both."""
        first, *rest = self.path.removesuffix("$").split("*")
        if not path.startswith(first):
            return False
        if not self.path.endswith("$"):
            return _end_of_parts(rest, path, len(first)) is not None
        if not rest:
            return path == first
        last = rest.pop()
        at = _end_of_parts(rest, path, len(first))
        return at is not None and path.endswith(last) and at <= len(path) - len(last)


def _end_of_parts(parts: Sequence[str], path: str, at: int) -> int | None:
    """Find all `parts` in the path, one after the other, from index `at` on. Return where the last one ends, or None.

    The earliest occurrence of each is taken, which leaves the most of the path for the others.
    """
    for part in parts:
        found = path.find(part, at)
        if found < 0:
            return None
        at = found + len(part)
    return at


@dataclass(frozen=True, slots=True)
class SiteRights:
    """What robots.txt and /.well-known/tdmrep.json say of a site's pages."""

    rules: tuple[SiteRule, ...] = ()

    def of(self, url: str) -> tuple[str, ...]:
        """Return the statements on a page. Of several patterns of one source, all that fit count."""
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        return statements(said for rule in self.rules if rule.fits(path or "/") for said in rule.said)

    def __add__(self, other: SiteRights) -> SiteRights:
        return SiteRights(self.rules + other.rules)


def of_robots_txt(text: str) -> SiteRights:
    """Return what the lines of robots.txt say that concern all agents or Pressrun."""
    rules: list[SiteRule] = []
    ours, in_agents = True, False
    for match in _LINE.finditer(text):
        name, value = match[1].lower(), match[2].strip()
        if name == "user-agent":
            named = value.lower().partition("/")[0] in ("*", _AGENT)
            ours = named or (in_agents and ours)
            in_agents = True
            continue
        in_agents = False
        if name == "license":
            rules += [SiteRule("/", (f"licence {value} (robots.txt)",))] if _is_address(value) else []
        elif ours:
            path = _PATH.match(value)
            said = _signals(value[path.end() :] if path else value, f"robots.txt {name}")
            rules += _site_rules(path[1] if path else "/", said)
    return SiteRights(tuple(rules[:MOST]))


def of_tdmrep(body: bytes) -> SiteRights:
    """Return what /.well-known/tdmrep.json says. ValueError if it is none."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as wrong:
        raise ValueError(f"no JSON: {str(wrong)[:80]}") from wrong
    if not isinstance(found, list):
        raise ValueError("not a list of rules")
    return SiteRights(tuple(rule for one in found[:MOST] if isinstance(one, dict) for rule in _tdm_rules(one)))


def _tdm_rules(rule: Mapping[str, Any]) -> list[SiteRule]:
    location = rule.get("location")
    path = location if isinstance(location, str) and location.startswith("/") else "/"
    said = of_reservation(str(rule.get("tdm-reservation")), str(rule.get("tdm-policy") or ""), "tdmrep.json")
    return _site_rules(path, said)


def _site_rules(path: str, said: Sequence[str]) -> list[SiteRule]:
    """Return the rule of a path, if something is said of it, and if the path of an address can fit it."""
    pattern = _ASTERISKS.sub("*", path)
    return [SiteRule(pattern, tuple(said))] if said and len(pattern) <= MAX_PATTERN else []


NOTHING_SAID = SiteRights()
TDMREP_UNREAD = SiteRights((SiteRule("/", ("tdm=unknown (tdmrep.json could not be read)",)),))


def _signals(value: str, source: str) -> list[str]:
    said = []
    for part in value.split(","):
        name, _, answer = part.partition("=")
        use, says = _SIGNALS.get(name.strip().lower()), _VALUES.get(answer.strip().lower())
        if use and says:
            said.append(f"{use}={says} ({source})")
    return said


def _is_address(value: str) -> bool:
    text = value.strip()
    return text.startswith(("https://", "http://")) and len(text) <= MAX_POLICY and not _SPACE.search(text)
