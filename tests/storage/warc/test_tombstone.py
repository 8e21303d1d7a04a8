"""An answer that is taken down is overwritten where it stands; every other reader and record goes on."""

from __future__ import annotations

import gzip
import random
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from storage.errors import ArchiveError
from storage.warc import ArchiveWriter, Place, WantedAnswers, erase, files_of, find_answers, read_place
from storage.warc.tombstone import _tombstone

HTML = [(b"Content-Type", b"text/html")]


def archive(folder: Path, *bodies: tuple[str, list[tuple[bytes, bytes]], bytes]) -> list[Place]:
    writer = ArchiveWriter(folder, 7, "example")
    now = datetime.now(UTC)
    places = [writer.write(url=u, status=200, headers=h, body=b, fetched_at=now) for u, h, b in bodies]
    writer.close()
    return places


def noise(size: int) -> bytes:
    return random.Random(size).randbytes(size)


@pytest.mark.parametrize("size", [0, 3, 4_000, 70_000, 400_000])
def test_only_the_answer_goes_and_every_other_one_keeps_its_place(tmp_path: Path, size: int) -> None:
    places = archive(
        tmp_path, *((f"https://example.az/{n}", HTML, b"secret" + noise(size) if n == 1 else b"kept") for n in range(3))
    )
    file = tmp_path / places[0].file
    before = file.stat().st_size
    erase(tmp_path, places[1], "court order")
    assert file.stat().st_size == before
    with pytest.raises(ArchiveError, match="no answer"):
        read_place(tmp_path, places[1])
    assert [read_place(tmp_path, place).body for place in (places[0], places[2])] == [b"kept", b"kept"]
    whole = gzip.decompress(file.read_bytes())
    assert b"secret" not in whole
    assert b"example.az/1" not in whole
    with file.open("rb") as stream:
        kinds = [record.rec_type for record in ArchiveIterator(stream)]
    assert kinds == ["warcinfo", "response", "metadata", "response"]


def test_a_tombstone_tells_reason_and_digest_and_is_safe_to_write_twice(tmp_path: Path) -> None:
    (place,) = archive(tmp_path, ("https://example.az/1", HTML, b"secret" * 100))
    erase(tmp_path, place, "asked for\nby the author")
    erase(tmp_path, place, "again")
    text = gzip.decompress((tmp_path / place.file).read_bytes()).decode()
    assert "replaces: sha256:" in text
    assert "reason: again" in text


@given(st.integers(18, 3_000), st.text(max_size=600))
def test_a_tombstone_is_a_gzip_member_of_exactly_the_length(length: int, why: str) -> None:
    made = _tombstone(b"x" * length, why)
    assert len(made) == length
    if length >= 20:  # the shortest gzip member there is
        gzip.decompress(made)


def test_answers_are_found_by_address_and_lists_by_the_addresses_in_them(tmp_path: Path) -> None:
    json, page = [(b"Content-Type", b"application/json")], "https://example.az/news/1"
    places = archive(
        tmp_path,
        (page, HTML, b"first visit"),
        ("https://example.az/api", json, rb'[{"link": "https:\/\/example.az\/news\/1"}]'),
        ("https://example.az/api?page=2", json, rb'[{"link": "https:\/\/example.az\/news\/2"}]'),
        ("https://example.az/other", HTML, b'<a href="/news/1">one</a>'),
        (page, HTML, b"second visit"),
    )
    wanted = WantedAnswers(lambda url: url == page, (b"/news/1", rb"\/news\/1"))
    (file,) = files_of(tmp_path, "example")
    assert list(find_answers(file, wanted)) == [places[0], places[1], places[4]]
    assert files_of(tmp_path, "examp") == []


def test_a_missing_file_and_a_short_one_are_told(tmp_path: Path) -> None:
    (place,) = archive(tmp_path, ("https://example.az/1", HTML, b"x"))
    file = tmp_path / place.file
    file.write_bytes(file.read_bytes()[:-5])
    with pytest.raises(ArchiveError, match="ends after"):
        erase(tmp_path, place, "")
    file.unlink()
    with pytest.raises(ArchiveError, match="missing"):
        erase(tmp_path, place, "")
