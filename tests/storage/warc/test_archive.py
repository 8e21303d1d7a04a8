"""The archive: what goes in comes out, and a kill costs at most the record that was being written."""

from __future__ import annotations

import gzip
import io
import os
import resource
import signal
import subprocess
import sys
import tempfile
import zlib
from datetime import UTC, datetime
from pathlib import Path

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from storage.content_encoding import plain_body
from storage.errors import ArchiveError, FolderNotWritableError
from storage.warc import ArchiveWriter, Place, files_of, read_place, recover
from tests.warc import answers, by_warcio

WHEN = datetime(2025, 3, 4, 9, 30, tzinfo=UTC)
HTML = [(b"Content-Type", b"text/html"), (b"X-Twice", b"first"), (b"X-Twice", b"second")]
WRITES = """
import sys, time
from datetime import UTC, datetime
from pathlib import Path
from storage.warc import ArchiveWriter
writer = ArchiveWriter(Path(sys.argv[1]), 7, "example")
for n in range(3):
    writer.write(url=f"https://example.az/{n}", status=200, headers=[], body=b"x" * 5000, fetched_at=datetime.now(UTC))
writer.flush()
print("written", flush=True)
time.sleep(60)
"""


def write(
    writer: ArchiveWriter, n: int, body: bytes = b"<p>", headers: list[tuple[bytes, bytes]] | None = None
) -> Place:
    return writer.write(
        url=f"https://example.az/{n}", status=200, headers=headers or HTML, body=body, fetched_at=WHEN, ip="192.0.2.1"
    )


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_an_answer_is_read_back_from_its_place_while_and_after_it_is_written(tmp_path: Path) -> None:
    writer = ArchiveWriter(tmp_path, 1, "example")
    places = [write(writer, n, f"<p>{n}</p>".encode()) for n in range(3)]
    writer.flush()
    assert read_place(tmp_path, places[1]).body == b"<p>1</p>"
    writer.close()
    page = read_place(tmp_path, places[1])
    assert (page.url, page.status, page.fetched_at) == ("https://example.az/1", 200, WHEN)
    assert page.headers["x-twice"] == "first"
    assert [(place, url) for place, url, _, _ in by_warcio(tmp_path / places[0].file)] == [
        (place, f"https://example.az/{n}") for n, place in enumerate(places)
    ]


def test_bodies_are_kept_as_sent_and_read_decoded(tmp_path: Path) -> None:
    writer = ArchiveWriter(tmp_path, 1, "example")
    sent = gzip.compress(b"<p>text</p>")
    encoded = [(b"Content-Encoding", b"gzip"), (b"Transfer-Encoding", b"chunked")]
    place = write(writer, 1, sent, encoded)
    writer.close()
    assert read_place(tmp_path, place).body == b"<p>text</p>"
    with (tmp_path / place.file).open("rb") as file:
        bodies = [record.raw_stream.read() for record in ArchiveIterator(file) if record.rec_type == "response"]
    assert bodies == [sent], "other readers find the body without chunks that are not there"


def test_what_came_compressed_is_not_compressed_again(tmp_path: Path) -> None:
    writer = ArchiveWriter(tmp_path, 1, "example")
    page = b"<p>" + os.urandom(8000).hex().encode()
    sent = {b"gzip": gzip.compress(page), b"br": brotli.compress(page)}
    places = [write(writer, n, sent[name], [(b"Content-Encoding", name)]) for n, name in enumerate(sent)]
    misnamed = write(writer, 7, page, [(b"Content-Encoding", b"gzip")])
    writer.close()
    for place, body in zip(places, sent.values(), strict=True):
        member = (tmp_path / place.file).read_bytes()[place.offset : place.offset + place.length]
        assert body in member
    assert misnamed.length < len(page) * 0.7
    assert [read_place(tmp_path, place).body for place in (*places, misnamed)] == [page] * 3
    assert [body for *_, body in by_warcio(tmp_path / misnamed.file)] == [*sent.values(), page]


def test_a_run_that_archived_nothing_leaves_no_file(tmp_path: Path) -> None:
    ArchiveWriter(tmp_path, 1, "example").close()
    assert names(tmp_path) == []


def test_two_runs_of_one_number_do_not_overwrite_each_other(tmp_path: Path) -> None:
    for body in (b"<p>one", b"<p>two"):
        writer = ArchiveWriter(tmp_path, 1, "example")
        write(writer, 1, body)
        writer.close()
    pages = [body for name in names(tmp_path) for *_, body in by_warcio(tmp_path / name)]
    assert sorted(pages) == [b"<p>one", b"<p>two"]


def test_names_hold_nothing_of_what_an_outlet_could_choose(tmp_path: Path) -> None:
    writer = ArchiveWriter(tmp_path, 1, "../../etc/passwd\n")
    assert (tmp_path / write(writer, 1).file).parent == tmp_path
    writer.close()
    assert "/" not in names(tmp_path)[0]


def test_a_torn_file_is_cut_to_its_last_whole_record(tmp_path: Path) -> None:
    for torn in (1, 200):
        writer = ArchiveWriter(tmp_path, torn, "example")
        places = [write(writer, n, os.urandom(3000)) for n in range(3)]
        writer.flush()
        path = tmp_path / f"{places[0].file}.open"
        os.truncate(path, path.stat().st_size - torn)
        writer._file.close()  # as a kill would
        assert recover(tmp_path, "example") == [places[0].file]
        assert read_place(tmp_path, places[1]).status == 200
        with pytest.raises(ArchiveError):
            read_place(tmp_path, places[2])


def test_a_file_that_held_nothing_whole_is_removed(tmp_path: Path) -> None:
    (tmp_path / "20250304-093000-example-abc123-1.warc.gz.open").write_bytes(b"\x1f\x8b\x08\x00torn")
    assert recover(tmp_path, "example") == []
    assert names(tmp_path) == []


def test_a_file_that_another_process_still_writes_is_left_alone_until_it_dies(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", WRITES, str(tmp_path)], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "written\n"
        assert recover(tmp_path, "example") == []
        assert names(tmp_path)[0].endswith(".open")
        child.kill()
    [name] = recover(tmp_path, "example")
    assert len(by_warcio(tmp_path / name)) == 3
    assert recover(tmp_path, "example") == []


def test_files_of_other_outlets_are_left_to_whoever_holds_them(tmp_path: Path) -> None:
    writer = ArchiveWriter(tmp_path, 1, "today_az")
    place = write(writer, 1)
    writer.flush()
    writer._file.close()
    assert recover(tmp_path, "az") == []
    assert recover(tmp_path, "today_az", living=frozenset({1})) == []
    assert recover(tmp_path, "today_az") == [place.file]


@pytest.mark.parametrize(("mine", "other"), [("civil_ge", "civil.ge"), ("news", "News"), ("a" * 60, "a" * 61)])
def test_outlets_that_share_a_slug_have_files_of_their_own(tmp_path: Path, mine: str, other: str) -> None:
    places = {}
    for outlet in (mine, other):
        writer = ArchiveWriter(tmp_path, 1, outlet)
        places[outlet] = write(writer, 1)
        writer.flush()
        writer._file.close()  # as a kill would
    assert [path.name for path in files_of(tmp_path, mine)] == [f"{places[mine].file}.open"]
    assert recover(tmp_path, mine) == [places[mine].file]
    assert recover(tmp_path, mine) == []
    assert recover(tmp_path, other) == [places[other].file]
    assert [path.name for path in files_of(tmp_path, other)] == [places[other].file]


def test_a_file_whose_first_record_is_damaged_is_of_the_outlet_in_its_name(tmp_path: Path) -> None:
    writer = ArchiveWriter(tmp_path, 1, "civil_ge")
    place = write(writer, 1)
    writer.close()
    path = tmp_path / place.file
    damaged = bytearray(path.read_bytes())
    damaged[place.offset // 2] ^= 4
    path.write_bytes(damaged)
    assert files_of(tmp_path, "civil_ge") == [path]
    assert files_of(tmp_path, "civil") == []


VALUES = st.binary(max_size=40).filter(lambda value: value == value.strip() and not set(value) & {0, 10, 13})


@given(st.lists(VALUES, min_size=1, max_size=5))
def test_headers_of_any_bytes_are_read_back_as_they_came_by_others_too(values: list[bytes]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        writer = ArchiveWriter(Path(folder), 1, "example")
        place = write(writer, 1, b"<p>text", [(b"X-%d" % n, value) for n, value in enumerate(values)])
        writer.close()
        [record] = answers(Path(folder) / place.file)
        assert record.head.split(b"\r\n")[1:] == [b"X-%d: %b" % (n, value) for n, value in enumerate(values)]
        assert record.body == b"<p>text"
        page = read_place(Path(folder), place)
        assert (page.status, page.body, len(page.headers)) == (200, b"<p>text", len(values))


@pytest.mark.parametrize(
    "header", [(b"X", b"a\r\nY: b"), (b"X", b"a\nb"), (b"X", b"a\rb"), (b"X", b"\0"), (b"", b"a"), (b"X Y", b"a")]
)
def test_a_header_that_no_message_can_hold_leaves_the_file_as_it_was(
    header: tuple[bytes, bytes], tmp_path: Path
) -> None:
    writer = ArchiveWriter(tmp_path, 1, "example")
    first = write(writer, 1)
    with pytest.raises(ValueError, match="header"):
        write(writer, 2, b"<p>two", [header])
    third = write(writer, 3)
    writer.close()
    assert third.offset == first.offset + first.length
    assert [one.warc["warc-target-uri"] for one in answers(tmp_path / first.file)] == [
        "https://example.az/1",
        "https://example.az/3",
    ]


def test_a_record_that_found_no_room_is_taken_back(tmp_path: Path) -> None:
    writer = ArchiveWriter(tmp_path, 1, "example")
    first = write(writer, 1)
    limits, on_excess = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))
    try:
        with pytest.raises(FolderNotWritableError, match="too large"):
            write(writer, 2, os.urandom(100_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, on_excess)
    third = write(writer, 3)
    writer.close()
    assert third.offset == first.offset + first.length
    assert len(answers(tmp_path / first.file)) == 2


def test_what_cannot_be_read_is_one_error(tmp_path: Path) -> None:
    (tmp_path / "bad.warc.gz").write_bytes(b"not a WARC file at all")
    with pytest.raises(ArchiveError, match=r"bad\.warc\.gz at 0 .*the record is cut"):
        read_place(tmp_path, Place("bad.warc.gz", 0, 22))
    with pytest.raises(ArchiveError, match="none"):
        read_place(tmp_path, Place("none.warc.gz", 0, 10))
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderNotWritableError):
        ArchiveWriter(tmp_path / "file" / "below", 1, "example")


def test_a_record_that_is_not_whole_is_no_page(tmp_path: Path) -> None:
    writer = ArchiveWriter(tmp_path, 1, "example")
    first, second = (write(writer, n, f"<p>{n} of the town</p>".encode() * 50) for n in range(2))
    writer.close()
    file = tmp_path / first.file
    whole = file.read_bytes()
    file.write_bytes(whole[: second.offset + second.length - 9])
    assert read_place(tmp_path, first).url.endswith("/0")
    with pytest.raises(ArchiveError, match="the file ends after"):
        read_place(tmp_path, second)
    with pytest.raises(ArchiveError, match="the record is cut"):
        read_place(tmp_path, Place(second.file, second.offset, second.length - 9))
    flipped = bytearray(whole)
    flipped[second.offset + second.length // 2] ^= 4
    file.write_bytes(flipped)
    with pytest.raises(ArchiveError, match="the record is damaged"):
        read_place(tmp_path, second)
    with pytest.raises(ArchiveError, match="no answer"):
        read_place(tmp_path, Place(first.file, 0, first.offset))


class TestPlainBody:
    @pytest.mark.parametrize(
        ("name", "encode"),
        [
            ("gzip", gzip.compress),
            ("deflate", zlib.compress),
            ("br", brotli.compress),
            ("deflate", lambda b: zlib.compress(b)[2:-4]),
        ],
    )
    def test_encodings_are_undone_and_bounded(self, name: str, encode: object) -> None:
        sent = encode(b"x" * 1_000_000)  # type: ignore[operator]
        assert plain_body(sent, {"content-encoding": name}, 2_000_000) == b"x" * 1_000_000
        assert len(plain_body(sent, {"content-encoding": name}, 1000)) == 1000

    def test_gzip_members_one_after_the_other_are_one_body(self) -> None:
        sent = gzip.compress(b"one, ") + gzip.compress(b"") * 100 + gzip.compress(b"two")
        assert plain_body(sent, {"content-encoding": "gzip"}, 1000) == b"one, two"
        assert plain_body(sent, {"content-encoding": "gzip"}, 6) == b"one, t"

    def test_chunks_are_joined(self) -> None:
        body = b"5\r\nhello\r\n6;ext=1\r\n world\r\n0\r\n\r\n"
        assert plain_body(body, {"transfer-encoding": "chunked"}, 100) == b"hello world"

    @given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "br", "gzip, br", "unknown"]), st.booleans())
    def test_it_takes_anything(self, body: bytes, name: str, chunked: bool) -> None:
        headers = {"content-encoding": name} | ({"transfer-encoding": "chunked"} if chunked else {})
        assert len(plain_body(body, headers, 200)) <= 200


def test_our_files_are_read_by_others(tmp_path: Path) -> None:
    writer = ArchiveWriter(tmp_path, 1, "example")
    write(writer, 1)
    writer.close()
    data = gzip.decompress((tmp_path / names(tmp_path)[0]).read_bytes())
    kinds = [record.rec_type for record in ArchiveIterator(io.BytesIO(data))]
    assert kinds == ["warcinfo", "response"]
