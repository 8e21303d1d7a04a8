"""What a web archive has captured of an outlet: the answers of a CDX server, Wayback's or pywb's.

Sources: the README of wayback-cdx-server (2013, as web.archive.org runs it) and the CDXJ server API of pywb 2.x. Both
answer sorted by address and then by time, so that of a page's captures the oldest comes first.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit, urlunsplit

from crawlers.captures import instant_of
from crawlers.outlet import Outlet, WebArchive
from crawlers.seeds import capture_template
from crawlers.window import Window
from storage.model import Capture
from storage.urls import canonical_url, site_of, url_key

from .seed_document import Collector, SeedDocument

LIMIT = 10_000  # captures of one answer; more follow by its resume key
BATCH = 500  # links that are given at a time, as the ledger takes them
MAX_LINE = 100_000  # bytes of one capture; what is longer is none
_WAYBACK = ("urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length")
_NAMES = {"url": "original", "mime": "mimetype", "status": "statuscode"}  # pywb's words for them


@dataclass(frozen=True, slots=True)
class _Row:
    """One capture of a page."""

    at: str
    original: str
    mimetype: str
    status: str


def first_pages(seed: WebArchive, outlet: Outlet, cdx: str, window: Window) -> tuple[str, ...]:
    """What to ask the CDX server at `cdx` first: the captures of each of the outlet's sites, from the very first.

    The oldest capture of a page is no younger than the page, so a page that was captured before the window is known to
    be older than it. Those captured after it by more than `late` days are not asked for.
    """
    until = window.last + timedelta(days=seed.late)
    query = [
        ("output", "json"), ("filter", "statuscode:200"), ("filter", "mimetype:text/html"), ("collapse", "urlkey"),
        ("to", f"{until:%Y%m%d}235959"),
    ]  # fmt: skip
    if _is_wayback(cdx):  # pywb gives everything in one answer, and knows no way to go on
        query += [("fl", "timestamp,original,mimetype,statuscode"), ("limit", str(LIMIT)), ("showResumeKey", "true")]
    sites = sorted({site_of(f"https://{host}/") for host in outlet.hosts})
    return tuple(f"{cdx}{'&' if '?' in cdx else '?'}{urlencode([('url', f'{site}/*'), *query])}" for site in sites)


def _is_wayback(cdx: str) -> bool:
    return urlsplit(cdx).path.startswith("/cdx")


def read_captures(seed: WebArchive, outlet: Outlet, url: str, body: bytes) -> Iterator[SeedDocument]:
    """The pages captured, each once by its oldest capture, a batch at a time; then the way to the rest."""
    collector = Collector(outlet, url)
    template = seed.captures or capture_template(url)
    rows, seen = _Rows(body), set[bytes]()
    for row in rows:
        at = instant_of(row.at)
        if at is None:
            collector.problem("captures without an instant")
        elif row.status == "200" and "html" in row.mimetype.lower() and _is_first(row, seen):
            collector.link(row.original, capture=Capture(_filled(template, row), at))
        if collector.waiting >= BATCH:
            yield collector.batch()
    if rows.broken:
        collector.problem(f"{rows.broken} lines that are no captures")
    if rows.count == 0 and rows.broken:
        yield SeedDocument(problems=("no captures: not the answer of a CDX server",), complete=False)
        return
    try:
        yield collector.document(next_page=_following(url, rows.resume_key))
    except UnicodeEncodeError:
        collector.problem("a resume key that is no text: the captures behind it are not read")
        yield collector.document(complete=False)


def _is_first(row: _Row, seen: set[bytes]) -> bool:
    """True for the oldest capture of a page, whatever form of its address it was captured under."""
    try:
        key = url_key(canonical_url(row.original))
    except ValueError:
        return True  # counted as a link that is no address
    if key in seen:
        return False
    seen.add(key)
    return True


def _filled(template: str, row: _Row) -> str:
    # Not str.format: a template from an outlet file may hold braces of its own.
    return template.replace("{timestamp}", row.at).replace("{url}", row.original)


def _following(url: str, resume_key: str | None) -> str | None:
    if not resume_key:
        return None
    if "," not in resume_key and "%2C" in resume_key.upper():
        resume_key = unquote_plus(resume_key)  # some servers print it as it goes into an address
    parts = urlsplit(url)
    query = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] != "resumeKey"]
    return urlunsplit(parts._replace(query=urlencode([*query, ("resumeKey", resume_key)])))


class _Rows:
    """The captures that a CDX server lists, as a JSON array (Wayback), JSON lines (pywb), CDXJ, or plain CDX.

    `broken` counts lines that are none of these, `resume_key` is what stands behind an empty row at the end.
    """

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._fields: tuple[str, ...] = ()
        self._after_gap = False
        self.count = self.broken = 0
        self.resume_key: str | None = None

    def __iter__(self) -> Iterator[_Row]:
        for line in self._lines():
            try:
                row = self._row(line)
            except (ValueError, RecursionError, TypeError):
                self.broken += 1
                continue
            if row is not None:
                self.count += 1
                yield row

    def _lines(self) -> Iterator[str]:
        if self._body.count(b"\n", 0, 65_536) < 2 and self._body.lstrip()[:2] == b"[[":
            yield from self._of_one_line()
            return
        for line in BytesIO(self._body):
            if len(line) > MAX_LINE:
                self.broken += 1
            else:
                yield line.decode("utf-8", "replace").strip()

    def _of_one_line(self) -> Iterator[str]:
        """A JSON array without line breaks, as some proxies make of it."""
        try:
            rows = json.loads(self._body.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            self.broken += 1
            return
        yield from map(json.dumps, rows)

    def _row(self, line: str) -> _Row | None:
        if line.startswith("["):
            return self._of_array(json.loads(_alone(line)))
        if line.startswith("{"):
            return _of_object(json.loads(line))
        if line in ("", "]"):
            self._after_gap = not line
            return None
        if self._after_gap and self.count and len(line.split()) < 3:
            self.resume_key = line
            return None
        return _of_text(line)

    def _of_array(self, row: list[Any]) -> _Row | None:
        if not row:
            self._after_gap = True
        elif self._after_gap and len(row) == 1:
            self.resume_key = str(row[0])
        elif not self._fields and "timestamp" in row:
            self._fields = tuple(map(str, row))
        else:
            return _of_object(dict(zip(self._fields or _WAYBACK, row, strict=False)))
        return None


def _alone(line: str) -> str:
    """A row of an array that has one row a line: without the array's own brackets and the comma between rows."""
    if line.startswith("[["):
        line = line[1:]
    line = line.removesuffix(",")
    return line[:-1] if line.endswith("]]") else line


def _of_object(fields: Mapping[str, Any]) -> _Row:
    named = {_NAMES.get(name, name): str(value) for name, value in fields.items()}
    if not {"timestamp", "original"} <= named.keys():
        raise ValueError("no capture")
    return _Row(named["timestamp"], named["original"], named.get("mimetype", ""), named.get("statuscode", ""))


def _of_text(line: str) -> _Row:
    """`urlkey timestamp original mimetype statuscode ...`, or `urlkey timestamp {json}`."""
    key, timestamp, rest = line.split(" ", 2)
    if rest.startswith("{"):
        return _of_object({"urlkey": key, "timestamp": timestamp} | json.loads(rest))
    original, mimetype, status, *_ = rest.split(" ")
    return _Row(timestamp, original, mimetype, status)
