"""Pages that are kept as tests of an outlet file: ID/NAME.html, and beside it ID/NAME.json with what a person expects.

The JSON is that of the project's own test pages: {"page", "url", "outlet", "expect": {field: value}}, where needed with
"content_type" and "misses" ({field: reason} of what is known to be wrong). A page that nobody has read yet has "unread"
in place of "expect".
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from storage.errors import PressrunError

from .catalog import Catalog
from .outlet import Outlet

if TYPE_CHECKING:
    from .fetch_client import WebPage

NOT_COMPARED = ("id", "detail")  # keys of a row that expectations leave out
MAX_NAME = 60  # characters of a file's name
_NAME = re.compile(r"[a-z0-9_-]+")


class SavedPageError(PressrunError):
    """A saved page cannot be read, or would overwrite another."""


@dataclass(frozen=True, slots=True)
class PageTest:
    """The result of testing a saved page: a line for each wrong field. `fields`: how many were compared."""

    file: Path
    outlet: str
    fields: int
    faults: tuple[str, ...]


def saved_pages(folder: Path) -> list[Path]:
    """Return the JSON files of saved pages below a folder; other JSON files are passed over."""
    return [file for file in sorted(folder.rglob("*.json")) if _is_saved(file)]


def _is_saved(file: Path) -> bool:
    try:
        read = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return file.with_suffix(".html").exists()  # it is broken, and told so when it is tested
    return isinstance(read, dict) and isinstance(read.get("page"), str)


def outlet_of(file: Path, given: dict[str, Any], catalog: Catalog) -> Outlet | None:
    """Return the outlet of a saved page: the one that it names, else the one that its folder is called after."""
    named = given.get("outlet")
    if named:
        return catalog.get(str(named))
    return catalog.get(file.parent.name) if file.parent.name in catalog.ids else None


def run_page(file: Path, catalog: Catalog) -> PageTest:
    """Extract a saved page and compare. A file that is wrong is a fault of its own, not an error."""
    try:
        given = json.loads(file.read_text(encoding="utf-8"))
        outlet = outlet_of(file, given, catalog)
        html = (file.parent / given["page"]).read_bytes()
        row = page_row(html, str(given["url"]), outlet, given.get("content_type"))
    except (OSError, ValueError, KeyError, TypeError, PressrunError) as wrong:
        return PageTest(file, file.parent.name, 0, (f"cannot be read: {_fault_text(wrong)}",))
    name = outlet.id if outlet else ""
    if not isinstance(given.get("expect"), dict):
        unread = "read what stands under `unread`, correct it, and call it `expect`"
        return PageTest(file, name, 0, (unread,))
    return PageTest(file, name, len(given["expect"]), tuple(_faults(given["expect"], given.get("misses") or {}, row)))


def _fault_text(wrong: Exception) -> str:
    if isinstance(wrong, KeyError):
        return f"the key {wrong} is missing"
    return getattr(wrong, "strerror", None) or str(wrong)


def _faults(expect: dict[str, Any], misses: Collection[str], row: dict[str, Any]) -> Iterator[str]:
    for field, value in expect.items():
        if field not in row:
            yield f"{field}: is no field; known are {', '.join(row)}"
        elif field in misses:
            if row[field] == value:
                yield f"{field}: is right now; take it out of `misses`"
        elif row[field] != value:
            yield f"{field}: {_different(value, row[field])}"


def _different(expected: Any, found: Any) -> str:
    """Say how two values differ; of long texts, the first place."""
    one, other = str(expected), str(found)
    if len(one) < 100 and len(other) < 100:
        return f"expected {expected!r}, got {found!r}"
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    start = max(0, at - 20)
    return f"differs at character {at}: expected {one[start : at + 40]!r}, got {other[start : at + 40]!r}"


def page_row(html: bytes, url: str, outlet: Outlet | None, content_type: str | None = None) -> dict[str, Any]:
    """Return what extraction makes of a page, as `pressrun extract --batch` prints it, without `id` and `detail`."""
    from .extraction import extract
    from .extraction.workers import as_row

    row = as_row(None, extract(html, url, outlet, content_type=content_type))
    return {key: value for key, value in row.items() if key not in NOT_COMPARED}


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A page that was written. `changed`: fields that extraction reads differently since the page was stripped."""

    page: Path
    expectations: Path
    changed: tuple[str, ...]


def check_name(name: str) -> str:
    """Return a name for the files of a saved page. Raises SavedPageError for any other, such as one with a path."""
    if len(name) > MAX_NAME or not _NAME.fullmatch(name):
        rule = f"1 to {MAX_NAME} of the characters a-z, 0-9, _ and -"
        raise SavedPageError(f"{name!r} cannot name the files of a saved page; use {rule}")
    return name


def save_page(found: WebPage, outlet: Outlet, folder: Path, name: str | None, *, force: bool = False) -> SavedPage:
    """Write a page, stripped, into FOLDER/ID/, with what extraction makes of it as `unread`. Raises SavedPageError."""
    from .stripped_pages import strip_page

    stem = page_name(found.url) if name is None else check_name(name)
    page, expectations = (folder / outlet.id / f"{stem}{ending}" for ending in (".html", ".json"))
    if expectations.exists() and not force:
        raise SavedPageError(f"{expectations} exists; --force overwrites it, --name NAME writes another")
    stripped = strip_page(found.body, found.content_type)
    row = page_row(stripped, found.url, outlet)
    whole = page_row(found.body, found.url, outlet, found.content_type)
    said = row if row["outcome"] == "article" else {key: row[key] for key in ("outcome", "reason")}
    content = {"page": page.name, "url": found.url, "outlet": outlet.id, "unread": said}
    try:
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_bytes(stripped)
        expectations.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as failure:
        raise SavedPageError(f"{page} cannot be written: {failure.strerror}") from failure
    return SavedPage(page, expectations, tuple(key for key in row if row[key] != whole[key]))


def page_name(url: str) -> str:
    """Return the name of a saved page by its address: its last part, or its host."""
    parts = urlsplit(url)
    last = [part for part in parts.path.split("/") if part][-1:] or [parts.hostname or ""]
    name = re.sub(r"\.(?:s?html?|php)$", "", last[0].lower())
    return (
        re.sub(r"[^a-z0-9_-]+", "_", f"{name}_{parts.query}" if parts.query else name)[:MAX_NAME].strip("_") or "page"
    )
