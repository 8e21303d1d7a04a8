"""Reading foreign WARC and ARC files record by record: whole, resumed, cut and damaged."""

from __future__ import annotations

import gzip
import io
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from storage.errors import ArchiveError
from storage.warc import Fault, FileSource, Position, Record, RecordHead, WarcReader
from tests.warc_files import arc, arc_file, http, news, page, record, zipped

URLS = [f"https://news.example/{n}" for n in range(6)]
BEGIN = Position()
PAGES = [page(url, b"<p>Story</p>" * (50 * n + 1)) for n, url in enumerate(URLS)]


class MemorySource:
    """A file in memory."""

    def __init__(self, data: bytes) -> None:
        self.name, self.size, self.version = "memory", len(data), ""
        self._data, self._at = data, 0

    def read(self, count: int) -> bytes:
        piece = self._data[self._at : self._at + count]
        self._at += len(piece)
        return piece

    def seek(self, offset: int) -> None:
        self._at = offset

    def close(self) -> None:
        pass


def reader(data: bytes, start: Position = BEGIN, **more: object) -> WarcReader:
    return WarcReader(MemorySource(data), start=start, **more)  # type: ignore[arg-type]


def urls(records: list[Record]) -> list[str]:
    return [each.head.url for each in records if each.head and not each.fault]


LAYOUTS = {
    "a member each": b"".join(zipped(PAGES)),
    "plain": b"".join(PAGES),
    "one member": gzip.compress(b"".join(PAGES)),
    "two members": gzip.compress(b"".join(PAGES[:3])) + gzip.compress(b"".join(PAGES[3:])),
    "arc": b"".join(arc_file(arc(url, http(b"<p>Old</p>")) for url in URLS)),
    "arc.gz": b"".join(zipped(arc_file(arc(url, http(b"<p>Old</p>")) for url in URLS))),
}


@pytest.mark.parametrize("data", LAYOUTS.values(), ids=LAYOUTS)
def test_every_record_of_a_whole_file_is_read_and_nothing_is_lost(data: bytes) -> None:
    read = reader(data)
    records = list(read)
    assert [url for url in urls(records) if url.startswith("https:")] == URLS
    assert not any(each.fault for each in records)
    assert (read.lost_bytes, read.position) == (0, Position(len(data)))


@pytest.mark.parametrize("data", LAYOUTS.values(), ids=LAYOUTS)
def test_a_reader_resumes_at_every_record(data: bytes) -> None:
    whole = reader(data)
    positions = [Position()] + [whole.position for _ in whole]
    records = list(reader(data))
    for number, position in enumerate(positions):
        assert list(reader(data, position)) == records[number:]


def test_blocks_are_as_warcio_reads_them() -> None:
    data = LAYOUTS["a member each"]
    theirs = [each.content_stream().read() for each in ArchiveIterator(io.BytesIO(data))]
    assert [each.block.partition(b"\r\n\r\n")[2] for each in reader(data)] == theirs


def test_a_record_that_is_passed_over_is_named_but_not_kept() -> None:
    def pass_over(head: RecordHead) -> str:
        return "" if head.url.endswith("/3") else "other"

    records = list(reader(LAYOUTS["plain"], pass_over=pass_over))
    assert [each.passed_over for each in records] == ["other", "other", "other", "", "other", "other"]
    assert [bool(each.block) for each in records] == [False, False, False, True, False, False]


def test_a_large_block_is_kept_up_to_the_limit() -> None:
    big = page("https://news.example/big", b"x" * 3_000_000)
    for data in (big + PAGES[1], gzip.compress(big) + gzip.compress(PAGES[1])):
        first, second = reader(data, limit=10_000)
        assert first.head
        assert (len(first.block), first.head.length > 3_000_000, first.fault) == (10_000, True, None)
        assert urls([second]) == [URLS[1]]


def test_a_record_that_was_passed_over_without_reading_it_can_be_the_last_one_and_cut(tmp_path: Path) -> None:
    (tmp_path / "cut.warc").write_bytes((PAGES[0] + page(URLS[1], b"x" * 3_000_000))[:-1_000_000])
    with closing(FileSource(tmp_path / "cut.warc")) as source:
        read = WarcReader(source, pass_over=lambda _: "other")
        assert [each.fault for each in read] == [None, Fault.CUT]
    assert read.lost_bytes > 2_000_000


@pytest.mark.parametrize("layout", ["a member each", "plain"])
@pytest.mark.parametrize("missing", [1, 3, 9, 200, 350])
def test_a_cut_file_is_told_from_a_whole_one(layout: str, missing: int) -> None:
    members = zipped(PAGES) if layout == "a member each" else PAGES
    missing = min(missing, len(members[-1]) - 1) if layout == "a member each" else missing + 4
    read = reader(b"".join(members)[:-missing])
    records = list(read)
    assert urls(records) == URLS[:5]
    assert records[-1].fault is Fault.CUT
    assert read.lost_bytes == len(members[-1]) - missing
    assert "cut off" in str(read.losses[0])
    assert read.losses[0].offset == len(b"".join(members[:-1]))


@pytest.mark.parametrize("layout", ["a member each", "arc.gz"])
@pytest.mark.parametrize("place", [0, 1, 12, 40, -30, -6, -2])
def test_flipped_bytes_cost_their_member_alone(layout: str, place: int) -> None:
    records = PAGES if layout == "a member each" else [arc(url, http(b"<p>Old</p>")) for url in URLS]
    members = zipped(records)
    at = place % len(members[2])
    members[2] = members[2][:at] + bytes([members[2][at] ^ 0xFF]) + members[2][at + 1 :]
    read = reader(b"".join(members))
    found = list(read)
    assert urls(found) == URLS[:2] + URLS[3:]
    assert [each.fault for each in found if each.fault] == [Fault.DAMAGED]
    assert read.lost_bytes == len(members[2])
    assert read.losses[0].offset == len(members[0] + members[1])


def test_a_torn_member_and_garbage_cost_nothing_that_follows() -> None:
    members = zipped(PAGES)
    torn = members[1][: len(members[1]) // 2]
    read = reader(b"".join([members[0], torn, members[2], b"garbage \x1f\x8b\x08 WARC/1.0\r\n" * 40, *members[3:]]))
    found = list(read)
    assert urls(found) == [URLS[0], *URLS[2:]]
    assert [each.fault for each in found if each.fault] == [Fault.DAMAGED, Fault.DAMAGED]
    assert read.lost_bytes == len(torn) + 40 * 22


def test_the_first_member_can_be_the_damaged_one() -> None:
    members = zipped(PAGES)
    read = reader(b"\0" * len(members[0]) + b"".join(members[1:]))
    assert urls(list(read)) == URLS[1:]
    assert read.lost_bytes == len(members[0])


def test_a_plain_file_is_read_on_at_the_next_record_and_checksums_are_compared() -> None:
    flipped = PAGES[1].replace(b"Story", b"Stxry")
    long = PAGES[2].replace(b"Content-Length: ", b"Content-Length: 9", 1)
    broken = b"\0" * 50 + PAGES[3][50:]
    read = reader(b"".join([PAGES[0], flipped, long, broken, *PAGES[4:]]))
    assert urls(list(read)) == [URLS[0], *URLS[4:]]
    assert read.lost_bytes == sum(map(len, (flipped, long, broken)))


def test_a_record_shorter_than_it_says_in_a_whole_member() -> None:
    short = record(URLS[0], http(b"<p>Part"), Content_Length="5000", WARC_Block_Digest="")
    read = reader(gzip.compress(short) + gzip.compress(PAGES[1]))
    assert [each.fault for each in read] == [Fault.SHORT, None]
    assert read.lost_bytes == 0


def test_dates_and_addresses_of_all_writers() -> None:
    dates = ["2025-03-05T12:00:00Z", "20250305120000", "2025-03-05T12:00:00.123456789Z", "yesterday", "", None]
    data = b"".join(record("<HTTPS://News.Example/A>", b"", date=date) for date in dates)
    heads = [each.head for each in reader(data) if each.head]
    assert {head.url for head in heads} == {"https://news.example/A"}
    assert [head.date.isoformat()[:19] if head.date else None for head in heads] == [
        *["2025-03-05T12:00:00"] * 3, None, None, None,
    ]  # fmt: skip


def test_old_lines_of_arc_files() -> None:
    data = b"".join(arc_file([arc("http://old.example/a b", http(b"<p>x</p>"), date="19970704")]))
    info, old = reader(data)
    assert info.head
    assert old.head
    assert (info.head.kind, old.head.kind, old.head.url) == ("warcinfo", "response", "http://old.example/a b")
    assert old.head.date
    assert old.head.date.isoformat() == "1997-07-04T00:00:00+00:00"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=r"nowhere\.warc"):
        FileSource(tmp_path / "nowhere.warc")


def test_twenty_thousand_records_stream_through(tmp_path: Path) -> None:
    path = tmp_path / "news.warc.gz"
    with path.open("wb") as file:
        for member in zipped(news(20_000)):
            file.write(member)
    with closing(FileSource(path)) as source:
        read = WarcReader(source, pass_over=lambda head: "" if "//news." in head.url else "other")
        assert Counter(each.passed_over for each in read) == {"": 2_000, "other": 18_000}


_ALL = b"".join(zipped(PAGES[:3]))


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(_ALL) - 1), st.integers(0, 255)), max_size=6),
    st.integers(0, len(_ALL)),
    st.booleans(),
)
def test_whatever_is_damaged_every_byte_is_read_or_lost_and_nothing_raises(
    flips: list[tuple[int, int]], length: int, plain: bool
) -> None:
    data = bytearray(b"".join(PAGES[:3]) if plain else _ALL)
    for at, value in flips:
        data[at] = value
    read = reader(bytes(data[:length]))
    records = list(read)
    assert read.position.offset <= length
    assert read.lost_bytes <= length
    assert not plain or all(each.head is None or each.head.length < 10**15 for each in records)
    if not plain:
        assert set(urls(records)) <= set(URLS)
