"""WACZ files: one ZIP that validators accept, whose index leads to each record."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zipfile
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import surt
from warcio.archiveiterator import ArchiveIterator

from storage.warc import ArchiveWriter, WaczEntry, read_raw, write_wacz
from storage.warc.wacz import sort_key

HTML = [(b"Content-Type", b"text/html; charset=utf-8"), (b"Content-Encoding", b"identity")]
AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def entries(folder: Path, *urls: str) -> list[WaczEntry]:
    writer = ArchiveWriter(folder, 7, "example")
    places = [writer.write(url=u, status=200, headers=HTML, body=u.encode() * 9, fetched_at=AT) for u in urls]
    writer.close()
    return [WaczEntry(read_raw(folder, place), f"Title of {url}") for url, place in zip(urls, places, strict=True)]


def package(folder: Path, *urls: str) -> zipfile.ZipFile:
    with (folder / "a.wacz").open("wb") as out:
        assert write_wacz(out, entries(folder, *urls), "A title") == len(urls)
    return zipfile.ZipFile(folder / "a.wacz")


def index_of(file: zipfile.ZipFile) -> list[tuple[str, str, dict[str, Any]]]:
    lines = gzip.decompress(file.read("indexes/index.cdx.gz")).decode().splitlines()
    return [(key, at, json.loads(fields)) for key, at, fields in (line.split(" ", 2) for line in lines)]


def test_the_index_is_sorted_and_leads_to_each_record(tmp_path: Path) -> None:
    urls = [f"https://www.Example.az/{name}" for name in ("b", "a?y=2&x=1", "c")]
    with package(tmp_path, *urls) as file:
        index, data = index_of(file), file.read("archive/data.warc.gz")
    assert [key for key, _, _ in index] == ["az,example)/a?x=1&y=2", "az,example)/b", "az,example)/c"]
    for _, at, fields in index:
        assert (at, fields["status"], fields["mime"], fields["filename"]) == (
            "20260304050607", 200, "text/html", "data.warc.gz",
        )  # fmt: skip
        member = data[fields["offset"] : fields["offset"] + fields["length"]]
        record = next(iter(ArchiveIterator(io.BytesIO(member))))
        assert record.rec_headers["WARC-Target-URI"].lower() == fields["url"].lower()
        body = record.content_stream().read()
        assert fields["digest"] == f"sha256:{hashlib.sha256(body).hexdigest()}"


def test_the_index_of_the_index_leads_to_its_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.warc.wacz._BLOCK", 2)
    with package(tmp_path, *(f"https://example.az/{n}" for n in range(5))) as file:
        packed, lines = file.read("indexes/index.cdx.gz"), file.read("indexes/index.idx").decode().splitlines()
    assert lines[0] == '!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}'
    assert len(lines) == 4
    for line in lines[1:]:
        start, _, place = line.partition(" {")
        at = json.loads("{" + place)
        block = zlib.decompress(packed[at["offset"] : at["offset"] + at["length"]], wbits=31).decode()
        assert block.startswith(start)


def test_pages_and_description_have_what_the_format_asks_for(tmp_path: Path) -> None:
    with package(tmp_path, "https://example.az/1") as file:
        header, page = map(json.loads, file.read("pages/pages.jsonl").decode().splitlines())
        description = json.loads(file.read("datapackage.json"))
        digest = json.loads(file.read("datapackage-digest.json"))
        sums = {one["path"]: one["hash"] for one in description["resources"]}
        real = {
            path: f"sha256:{hashlib.sha256(file.read(path)).hexdigest()}"
            for path in file.namelist()
            if not path.startswith("datapackage")
        }
        stored = {one.filename: one.compress_type for one in file.infolist()}
        whole = f"sha256:{hashlib.sha256(file.read('datapackage.json')).hexdigest()}"
    assert header == {"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}
    assert (page["url"], page["ts"]) == ("https://example.az/1", "2026-03-04T05:06:07Z")
    assert page["title"] == "Title of https://example.az/1"
    assert (description["wacz_version"], description["profile"]) == ("1.1.1", "data-package")
    assert sums == real
    assert digest == {"path": "datapackage.json", "hash": whole}
    for path in ("archive/data.warc.gz", "indexes/index.cdx.gz"):
        assert stored[path] == zipfile.ZIP_STORED, "readers fetch parts of it"


@pytest.mark.filterwarnings("ignore")  # of the validator's own packages
def test_the_validator_of_the_format_finds_nothing(tmp_path: Path) -> None:
    from wacz.validate import Validation

    package(tmp_path, *(f"https://example.az/{n}" for n in range(3))).close()
    checked = Validation(str(tmp_path / "a.wacz"))
    assert checked.version == "1.1.1"
    assert checked.check_required_contents() == 0
    assert checked.frictionless_validate()
    assert checked.check_file_paths()
    assert checked.check_compression()
    assert checked.check_file_hashes()
    assert checked.check_data_package_hash_and_sig()
    checked.dir.cleanup()


@pytest.mark.parametrize(
    "url",
    [
        "https://www.example.az/News/1",
        "http://example.az",
        "https://example.az:8080/a?b=2&a=1",
        "https://m.example.az/a/b.html?id=7",
        "https://www2.example.az/x",
    ],
)
def test_keys_are_those_of_other_archives(url: str) -> None:
    assert sort_key(url) == surt.surt(url)
