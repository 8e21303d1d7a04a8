"""Write WACZ files: WARC records with an index and a list of pages in one ZIP, as web archives are passed on.

Formats: specs.webrecorder.net/wacz/1.1.1 and specs.webrecorder.net/cdxj/0.1.0. The index is divided into compressed
blocks, so that a reader such as replayweb.page loads only the part that it needs.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from storage.sorted_lines import SortedLines
from storage.warc.place import RawRecord

VERSION = "1.1.1"
_WARC, _INDEX = "data.warc.gz", "index.cdx.gz"
_BLOCK = 300  # lines of the index in one gzip member
_WWW = re.compile(r"www\d*\.")


@dataclass(frozen=True, slots=True)
class WaczEntry:
    """A record that goes into the file, and the title of its page."""

    record: RawRecord
    title: str


def write_wacz(out: IO[bytes], entries: Iterable[WaczEntry], title: str) -> int:
    """Write a WACZ file to a stream that can seek. Return the number of its pages. Memory does not grow with them."""
    with zipfile.ZipFile(out, "w") as file, tempfile.TemporaryFile() as pages, SortedLines() as index:
        package = _Package(file)
        written = _write_records(package, entries, index, pages)
        _write_index(package, index)
        with package.file("pages/pages.jsonl", packed=True) as part:
            pages.seek(0)
            while piece := pages.read(1 << 16):
                part.write(piece)
        _write_description(package, title)
    return written


class _Part:
    """A file in the package while it is written: it counts and hashes its bytes."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._hash, self.length = stream, hashlib.sha256(), 0

    def write(self, data: bytes) -> None:
        self._stream.write(data)
        self._hash.update(data)
        self.length += len(data)

    @property
    def digest(self) -> str:
        return f"sha256:{self._hash.hexdigest()}"


class _Package:
    """The ZIP file, and what its description lists."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._zip, self.resources = file, list[dict[str, Any]]()
        self._now = datetime.now(UTC)

    @property
    def created(self) -> str:
        return f"{self._now:%Y-%m-%dT%H:%M:%SZ}"

    @contextmanager
    def file(self, path: str, *, packed: bool = False, listed: bool = True) -> Iterator[_Part]:
        """Open the next file. Those that readers read in parts must not be packed."""
        about = zipfile.ZipInfo(path, self._now.timetuple()[:6])
        about.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        with self._zip.open(about, "w", force_zip64=True) as stream:
            part = _Part(stream)
            yield part
        if listed:
            name = path.rpartition("/")[2]
            self.resources.append({"name": name, "path": path, "hash": part.digest, "bytes": part.length})


def _write_records(package: _Package, entries: Iterable[WaczEntry], index: SortedLines, pages: IO[bytes]) -> int:
    from storage.warc.records import information  # at use: it brings a tenth of a second of other imports

    written = 0
    pages.write(_line({"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}))
    with package.file(f"archive/{_WARC}") as part:
        about = {"software": "Pressrun", "format": "WARC File Format 1.0"}
        part.write(_gzip(information(_WARC, about)))
        for entry in entries:
            index.add(_index_line(entry.record, part.length))
            pages.write(_page_line(entry))
            part.write(entry.record.member)
            written += 1
    return written


def _page_line(entry: WaczEntry) -> bytes:
    head, member = entry.record.head, entry.record.member
    name = hashlib.sha256(member).hexdigest()[:22]
    assert head.date
    return _line({"id": name, "url": head.url, "ts": f"{head.date:%Y-%m-%dT%H:%M:%SZ}", "title": entry.title})


def _index_line(record: RawRecord, offset: int) -> str:
    head, answer = record.head, record.answer
    assert head.date
    fields = {
        "url": head.url, "mime": answer.media_type or "unk", "status": answer.status,
        "digest": f"sha256:{hashlib.sha256(answer.body).hexdigest()}", "length": len(record.member), "offset": offset,
        "filename": _WARC,
    }  # fmt: skip
    return f"{sort_key(head.url)} {head.date:%Y%m%d%H%M%S} {json.dumps(fields)}"


def sort_key(url: str) -> str:
    """Return the key by which readers look an address up: "com,example)/path?a=1", without www, in lower case."""
    parts = urlsplit(url.lower())
    host = ",".join(reversed(_WWW.sub("", parts.hostname or "", count=1).split(".")))
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    query = f"?{urlencode(sorted(parse_qsl(parts.query, keep_blank_values=True)))}" if parts.query else ""
    return f"{host}{port}){parts.path or '/'}{query}".replace(" ", "%20")


def _write_index(package: _Package, index: SortedLines) -> None:
    """Write the index in blocks, and the index of the blocks."""
    blocks = [f"!meta 0 {json.dumps({'format': 'cdxj-gzip-1.0', 'filename': _INDEX})}\n"]
    with package.file(f"indexes/{_INDEX}") as part:
        for lines in _blocks(index):
            packed = _gzip("".join(f"{line}\n" for line in lines).encode())
            place = {
                "offset": part.length, "length": len(packed), "digest": f"sha256:{hashlib.sha256(packed).hexdigest()}",
                "filename": _INDEX,
            }  # fmt: skip
            blocks.append(f"{lines[0].partition(' {')[0]} {json.dumps(place)}\n")
            part.write(packed)
    with package.file("indexes/index.idx", packed=True) as part:
        part.write("".join(blocks).encode())


def _blocks(lines: Iterable[str]) -> Iterator[list[str]]:
    block = list[str]()
    for line in lines:
        block.append(line)
        if len(block) == _BLOCK:
            yield block
            block = []
    if block:
        yield block


def _write_description(package: _Package, title: str) -> None:
    description = {
        "profile": "data-package", "wacz_version": VERSION, "title": title, "created": package.created,
        "modified": package.created, "software": "Pressrun", "resources": package.resources,
    }  # fmt: skip
    data = json.dumps(description, indent=2, ensure_ascii=False).encode()
    with package.file("datapackage.json", packed=True, listed=False) as part:
        part.write(data)
    with package.file("datapackage-digest.json", packed=True, listed=False) as part:
        part.write(_line({"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(data).hexdigest()}"}))


def _line(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode() + b"\n"


def _gzip(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=31)
    return packer.compress(data) + packer.flush()
