"""Lists of addresses from outside: plain lines, sitemaps, CDX and CC-NEWS index lines, a column of a CSV.

Files are read as streams, plain or in gzip, so that a list of millions needs no memory.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from lxml import etree

from storage.content_encoding import GZIP
from storage.errors import PressrunError

MAX_LINE = 1_000_000  # bytes; a longer line is no address
MAX_CELL = 16_000_000  # characters in a CSV: no page that is read has more, and so no text in an export
_STAMP = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")
MAX_HEADER = 10_000  # characters of a first line that are read as names of columns
_NAME = re.compile(r"[\w \".-]{1,100}")
_XML = re.compile(rb"^(?:\xef\xbb\xbf)?\s*<")


class AddressListError(PressrunError):
    """A list of addresses cannot be read."""


@dataclass(frozen=True, slots=True)
class ListedAddress:
    """An address of a list, and the day that the list gives it: publication, change or capture; None if none."""

    url: str
    day: date | None = None


@dataclass(slots=True)
class ListProblems:
    """What could not be read: the number of lines without an address, and the first of them; faults of files."""

    unreadable: int = 0
    first: str = ""
    faults: list[str] = field(default_factory=list)

    def bad_line(self, place: str) -> None:
        """Count a line without an address."""
        self.unreadable += 1
        self.first = self.first or place


def read_addresses(path: Path, problems: ListProblems, column: str | None = None) -> Iterator[ListedAddress]:
    """Yield the addresses of a list in its order; what cannot be read goes into `problems`.

    `column`: the file is a CSV, and this its column of addresses. Raises AddressListError if the file cannot be opened,
    has no such column, or is damaged; what stands before the damage was yielded then.
    """
    return _read(path, problems, column, (path,))


def _read(path: Path, problems: ListProblems, column: str | None, opened: tuple[Path, ...]) -> Iterator[ListedAddress]:
    """Read a file. `opened`: it and the indexes that have led to it."""
    try:
        with _opened(path) as stream:
            if column is not None:
                yield from _csv_column(path, stream, column, problems)
            elif _XML.match(stream.peek(512)):
                yield from _sitemap(path, stream, problems, opened)
            else:
                yield from _lines(path, stream, problems)
    except (EOFError, zlib.error, gzip.BadGzipFile) as damage:
        raise AddressListError(f"{path} is damaged gzip ({damage}); what stands before the damage was read") from damage
    except OSError as failure:
        raise AddressListError(
            f"cannot read {path}: {failure.strerror or failure}; name a file of addresses"
        ) from failure


@contextmanager
def _opened(path: Path) -> Iterator[io.BufferedReader[Any]]:
    """Open a file, plain or in gzip."""
    with path.open("rb") as file:
        if file.peek(2)[:2] != GZIP:
            yield file
        else:
            with gzip.GzipFile(fileobj=file) as unzipped, io.BufferedReader(unzipped) as stream:
                yield stream


def _lines(path: Path, stream: IO[bytes], problems: ListProblems) -> Iterator[ListedAddress]:
    for number, raw in enumerate(_text_lines(stream), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        found = _of_line(line)
        if number == 1:
            _check_no_table(path, line, named=found is None)
        if found is None:
            problems.bad_line(f"{path}, line {number}")
        else:
            yield found


def _check_no_table(path: Path, line: str, *, named: bool) -> None:
    """Raise AddressListError if the first line is that of a CSV. `named`: it has no address, but maybe names."""
    cells = [cell.strip() for cell in line[:MAX_HEADER].split(",")]
    if len(cells) < 2:
        return
    if named and all(map(_NAME.fullmatch, cells)):
        raise AddressListError(f"{path} looks like a CSV with the columns {', '.join(cells)}; choose one with --column")
    if ".csv" in path.suffixes:
        raise AddressListError(f"{path} is a CSV; name its columns in a first line, and choose one with --column")


def _text_lines(stream: IO[bytes], longest: int = MAX_LINE) -> Iterator[str]:
    """Yield lines of text; one of more than `longest` bytes comes in parts."""
    first = True
    while line := stream.readline(longest):
        yield line.decode("utf-8-sig" if first else "utf-8", "replace")
        first = False


def _of_line(line: str) -> ListedAddress | None:
    """Return the address of a line: an address, JSON with `url`, or a line of a CDX index with or without JSON."""
    start = line.find("{")
    if start >= 0 and line.endswith("}"):
        return _of_json(line[start:], line[:start])
    words = line.split()
    if _is_address(words[0]):
        return ListedAddress(words[0], _day(words[1]) if len(words) > 1 else None)
    if len(words) > 2 and words[1].isdecimal() and _is_address(words[2]):  # urlkey timestamp original ...
        return ListedAddress(words[2], _day(words[1]))
    return None


def _of_json(text: str, before: str) -> ListedAddress | None:
    try:
        row = json.loads(text)
    except (ValueError, RecursionError):
        return None
    url = row.get("url") if isinstance(row, dict) else None
    if not isinstance(url, str) or not _is_address(url):
        return None
    stamps = (row.get("published_at"), row.get("timestamp"), *before.split()[1:2])
    return ListedAddress(url, next(filter(None, map(_day, map(str, filter(None, stamps)))), None))


def _csv_column(path: Path, stream: IO[bytes], column: str, problems: ListProblems) -> Iterator[ListedAddress]:
    # The limit is of the whole process. It is only raised, always to the same number, so that threads may do it.
    csv.field_size_limit(max(MAX_CELL, csv.field_size_limit()))
    rows = csv.reader(_text_lines(stream, 2 * MAX_CELL))
    try:
        header = next(rows, [])
        if column not in header:
            names = ", ".join(map(repr, header[:20])) or "none: it is empty"
            raise AddressListError(f"{path} has no column {column!r}; its columns are {names}")
        place = header.index(column)
        for row in rows:
            value = row[place].strip() if place < len(row) else ""
            if _is_address(value):
                yield ListedAddress(value)
            elif row:
                problems.bad_line(f"{path}, line {rows.line_num}")
    except csv.Error as wrong:
        raise AddressListError(f"{path}, line {rows.line_num}: {wrong}; is it a CSV file?") from wrong


def _sitemap(
    path: Path, stream: IO[bytes], problems: ListProblems, opened: tuple[Path, ...]
) -> Iterator[ListedAddress]:
    for name, address in _entries(path, stream, problems):
        if name == "url":
            yield address
        else:
            yield from _part(path, address.url, problems, opened)


def _entries(path: Path, stream: IO[bytes], problems: ListProblems) -> Iterator[tuple[str, ListedAddress]]:
    events = etree.iterparse(
        stream, events=("end",), recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    count = 0
    try:
        for _, element in events:
            name = _local(element)
            if name not in ("url", "sitemap"):
                continue
            count += 1
            address = _of_entry(element)
            if address is None:
                problems.bad_line(f"{path}, entry {count}")
            else:
                yield name, address
            _forget(element)
    except etree.XMLSyntaxError as wrong:
        raise AddressListError(f"{path}: {wrong.msg}; what stands before that was read") from wrong
    if not count:
        raise AddressListError(f"{path} is XML without entries of a sitemap; name a sitemap, or a list of addresses")


def _part(index: Path, url: str, problems: ListProblems, opened: tuple[Path, ...]) -> Iterator[ListedAddress]:
    """Read a sitemap that an index names, if a file of its name lies beside the index."""
    part = index.with_name(urlsplit(url).path.rpartition("/")[2] or "-")
    if part in opened:
        problems.faults.append(f"{index} names {url}, and {part.name} leads back to it; it is not read again")
        return
    if not part.is_file():
        problems.faults.append(f"{index} names {url}, but there is no file {part.name} beside it")
        return
    try:
        yield from _read(part, problems, None, (*opened, part))
    except AddressListError as wrong:
        problems.faults.append(str(wrong))


def _of_entry(entry: etree._Element) -> ListedAddress | None:
    texts = {_local(element): (element.text or "").strip() for element in reversed(list(entry.iter()))}
    url = texts.get("loc", "")
    stamp = texts.get("publication_date") or texts.get("lastmod")
    return ListedAddress(url, _day(stamp) if stamp else None) if _is_address(url) else None


def _forget(element: etree._Element) -> None:
    """Free an entry and what stands before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _is_address(text: str) -> bool:
    return text[:8].lower().startswith(("http://", "https://"))


def _day(stamp: str) -> date | None:
    """Return the day at the beginning of 2024-03-05T..., 20240305123000 and the like; None for anything else."""
    match = _STAMP.match(stamp)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None
