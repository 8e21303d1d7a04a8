"""Lists of addresses in every form that is read."""

from __future__ import annotations

import gzip
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from crawlers.address_lists import AddressListError, ListedAddress, ListProblems, read_addresses

A, B = "https://example.ge/news/1", "https://example.ge/news/2"
DAY = date(2024, 3, 5)


def read(path: Path, text: str | bytes, **more: Any) -> tuple[list[ListedAddress], ListProblems]:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    problems = ListProblems()
    return list(read_addresses(path, problems, **more)), problems


def test_plain_lines_with_comments_a_mark_and_a_bad_line(tmp_path: Path) -> None:
    found, problems = read(tmp_path / "list.txt", f"\ufeff{A}\r\n\r\n# a comment\n{B} 2024-03-05\nno address\n{A}")
    assert found == [ListedAddress(A), ListedAddress(B, DAY), ListedAddress(A)]
    assert (problems.unreadable, problems.first) == (1, f"{tmp_path}/list.txt, line 5")


@pytest.mark.parametrize(
    "line",
    [
        f'{{"url": "{A}", "timestamp": "20240305101112"}}',
        f'ge,example)/news/1 20240305101112 {{"url": "{A}", "mime": "text/html", "status": "200"}}',
        f"ge,example)/news/1 20240305101112 {A} text/html 200 ABC - - 1200 34 x.warc.gz",
        f'{{"url": "{A}", "published_at": "2024-03-05T01:02:03+04:00", "text": "{{}}"}}',
    ],
)
def test_lines_of_an_index(tmp_path: Path, line: str) -> None:
    found, problems = read(tmp_path / "index", f"{line}\n")
    assert found == [ListedAddress(A, DAY)]
    assert problems.unreadable == 0


@pytest.mark.parametrize("line", ['{"url": 3}', '{"url"', "{}", '[{"url": "https://x.ge/"}]', "ge,example)/ 2024"])
def test_a_line_of_an_index_without_an_address_is_counted(tmp_path: Path, line: str) -> None:
    found, problems = read(tmp_path / "index", f"{line}\n{A}\n")
    assert (found, problems.unreadable) == ([ListedAddress(A)], 1)


SITEMAP = f"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> {A} </loc><lastmod>2024-03-09</lastmod><image:image><image:loc>https://example.ge/1.jpg</image:loc></image:image>
<news:news><news:publication_date>2024-03-05T10:00:00+04:00</news:publication_date></news:news></url>
<url><loc>{B}?a=1&amp;b=2</loc><lastmod>2024-03-05</lastmod></url>
<url><lastmod>2024-03-05</lastmod></url>
</urlset>
"""


@pytest.mark.parametrize("packed", [False, True])
def test_a_sitemap(tmp_path: Path, packed: bool) -> None:
    body = SITEMAP.encode()
    found, problems = read(tmp_path / "sitemap.xml", gzip.compress(body) if packed else body)
    assert found == [ListedAddress(A, DAY), ListedAddress(f"{B}?a=1&b=2", DAY)]
    assert (problems.unreadable, problems.first) == (1, f"{tmp_path}/sitemap.xml, entry 3")


def test_an_index_is_read_as_far_as_its_parts_lie_beside_it(tmp_path: Path) -> None:
    (tmp_path / "2024-03.xml.gz").write_bytes(gzip.compress(SITEMAP.encode()))
    names = ("2024-03.xml.gz", "2024-02.xml", "index.xml", "")
    parts = "".join(f"<sitemap><loc>https://example.ge/{name}</loc></sitemap>" for name in names)
    found, problems = read(tmp_path / "index.xml", f"<sitemapindex>{parts}</sitemapindex>")
    assert [one.url for one in found] == [A, f"{B}?a=1&b=2"]
    assert problems.faults[0] == (
        f"{tmp_path}/index.xml names https://example.ge/2024-02.xml, but there is no file 2024-02.xml beside it"
    )
    assert problems.faults[1] == (
        f"{tmp_path}/index.xml names https://example.ge/index.xml, and index.xml leads back to it; it is not read again"
    )
    assert len(problems.faults) == 3


def test_indexes_that_name_each_other_are_read_once(tmp_path: Path) -> None:
    def index_of(*names: str) -> str:
        parts = "".join(f"<sitemap><loc>https://example.ge/{name}</loc></sitemap>" for name in names)
        return f"<sitemapindex>{parts}</sitemapindex>"

    (tmp_path / "news.xml").write_text(SITEMAP)
    (tmp_path / "b.xml").write_text(index_of("a.xml", "news.xml"))
    found, problems = read(tmp_path / "a.xml", index_of("b.xml"))
    assert [one.url for one in found] == [A, f"{B}?a=1&b=2"]
    assert problems.faults == [
        f"{tmp_path}/b.xml names https://example.ge/a.xml, and a.xml leads back to it; it is not read again"
    ]


def test_a_column_of_a_csv(tmp_path: Path) -> None:
    rows = f'\ufefftitle,link\n"Said ""yes"", then\nno",{A}\nshort\n,{B}\n'
    found, problems = read(tmp_path / "x.csv", rows, column="link")
    assert [one.url for one in found] == [A, B]
    assert problems.unreadable == 1
    with pytest.raises(AddressListError, match=r"x.csv has no column 'url'; its columns are 'title', 'link'"):
        read(tmp_path / "x.csv", rows, column="url")
    with pytest.raises(AddressListError, match="its columns are none: it is empty"):
        read(tmp_path / "x.csv", "", column="url")


@pytest.mark.parametrize("side_by_side", [1, 2])
def test_a_csv_may_hold_texts_as_long_as_articles_are(tmp_path: Path, side_by_side: int) -> None:
    def read_it(number: int) -> list[ListedAddress]:
        rows = f'text,url\n"{"a word, " * 200_000}",{A}{number}\nshort,{B}\n'
        return read(tmp_path / f"{number}.csv", rows, column="url")[0]

    with ThreadPoolExecutor(side_by_side) as threads:
        found = list(threads.map(read_it, range(2)))
    assert found == [[ListedAddress(f"{A}{number}"), ListedAddress(B)] for number in range(2)]


def test_files_that_cannot_be_read_say_so(tmp_path: Path) -> None:
    with pytest.raises(AddressListError, match=r"cannot read .*nosuch: No such file or directory; name a file"):
        list(read_addresses(tmp_path / "nosuch", ListProblems()))
    with pytest.raises(AddressListError, match=r"cannot read .*: Is a directory"):
        list(read_addresses(tmp_path, ListProblems()))
    with pytest.raises(AddressListError, match="is XML without entries of a sitemap"):
        read(tmp_path / "page.html", "<html><body>Not a sitemap</body></html>")
    whole = gzip.compress("\n".join(f"{A}{n}" for n in range(5000)).encode())
    with pytest.raises(AddressListError, match="damaged gzip"):
        read(tmp_path / "cut.gz", whole[: len(whole) // 2])


def test_a_cut_sitemap_gives_what_stands_before_the_cut(tmp_path: Path) -> None:
    found, _ = read(tmp_path / "cut.xml", SITEMAP[: SITEMAP.index(f"{B}?a")])
    assert [one.url for one in found] == [A]


def test_a_sitemap_of_any_length_takes_the_same_memory(tmp_path: Path) -> None:
    def entries(number: int) -> Iterator[str]:
        yield "<urlset>"
        for n in range(number):
            yield f"<url><loc>{A}{n}</loc></url>\n"
        yield "</urlset>"

    (tmp_path / "long.xml").write_text("".join(entries(60_000)))
    tracemalloc.start()
    assert sum(1 for _ in read_addresses(tmp_path / "long.xml", ListProblems())) == 60_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_500_000
