"""What a web archive has of an outlet: the answers of CDX servers, in every form that they come in."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.discovery import first_pages, link_in_window, read_in_batches, read_seed
from crawlers.outlet import Outlet, WebArchive
from crawlers.seeds import capture_template
from crawlers.window import Window
from storage.model import Link

SITE = "https://www.example.az"
CDX = "https://archive.example/cdx/search/cdx"
ARCHIVE = WebArchive(kind="web_archive", url=CDX)
OUTLET = Outlet.model_validate(
    {
        "id": "example", "name": "Example", "home": f"{SITE}/", "country": "az", "languages": ["en"], "timezone": "Asia/Baku",
        "urls": {"article": r"^https?://(?:www\.)?example\.az/(?P<section>[a-z]+)/(?P<id>\d+)\.html$"}, "seeds": [ARCHIVE],
    }
)  # fmt: skip
HEADER = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]


def row(
    number: int, at: str = "20190304120000", *, site: str = SITE, mime: str = "text/html", status: str = "200"
) -> list[str]:
    return [f"az,example)/nation/{number}.html", at, f"{site}/nation/{number}.html", mime, status, "SHA", "900"]


ROWS = [
    row(1),
    row(1, "20200101000000"),
    row(2),
    row(3, mime="image/png"),
    row(4, status="301"),
    row(5, mime="warc/revisit", status="-"),
]


def wayback(rows: list[list[str]], resume_key: str | None = None) -> str:
    lines = [json.dumps(one) for one in [HEADER, *rows]] + (["[]", json.dumps([resume_key])] if resume_key else [])
    return "[" + ",\n".join(lines) + "]\n"


def pywb(rows: list[list[str]]) -> str:
    names = ["urlkey", "timestamp", "url", "mime", "status", "digest", "length"]
    return "".join(json.dumps(dict(zip(names, one, strict=True))) + "\n" for one in rows)


def cdxj(rows: list[list[str]]) -> str:
    return "".join(
        f"{one[0]} {one[1]} {json.dumps({'url': one[2], 'mime': one[3], 'status': one[4]})}\n" for one in rows
    )


def plain(rows: list[list[str]]) -> str:
    return "".join(" ".join(one) + "\n" for one in rows)


FORMS = [wayback, pywb, cdxj, plain, lambda rows: json.dumps([HEADER, *rows])]


@pytest.mark.parametrize("form", FORMS, ids=["wayback", "pywb", "cdxj", "plain", "one line"])
def test_each_page_once_by_its_oldest_capture_and_only_whole_html(form: object) -> None:
    reading = read_seed(ARCHIVE, OUTLET, CDX, form(ROWS).encode(), {})  # type: ignore[operator]
    assert [link.url for link in reading.links] == [f"{SITE}/nation/1.html", f"{SITE}/nation/2.html"]
    capture = reading.links[0].capture
    assert capture is not None
    assert capture.at == datetime(2019, 3, 4, 12, tzinfo=UTC)
    assert capture.url == f"https://archive.example/web/20190304120000id_/{SITE}/nation/1.html"
    assert reading.problems == ()
    assert reading.links[0].hints.published is None, "an instant comes from the page, never from its capture"


def test_forms_of_one_address_are_one_page() -> None:
    rows = [row(1, site="http://example.az"), row(1, "20200101000000")]
    (link,) = read_seed(ARCHIVE, OUTLET, CDX, wayback(rows).encode(), {}).links
    assert link.capture is not None
    assert link.capture.at.year == 2019


@pytest.mark.parametrize(
    "key", ["az,example)/nation/2.html 20190304120001", "az%2Cexample%29%2Fnation%2F2.html+20190304120001"]
)
def test_a_long_answer_goes_on_behind_its_resume_key(key: str) -> None:
    (address,) = first_pages(ARCHIVE, OUTLET, CDX, Window(date(2019, 3, 1), date(2019, 3, 31)))
    reading = read_seed(ARCHIVE, OUTLET, address, wayback([row(1)], key).encode(), {})
    assert len(reading.links) == 1
    asked = parse_qs(urlsplit(reading.next_page or "").query)
    assert asked["resumeKey"] == ["az,example)/nation/2.html 20190304120001"]
    assert asked["filter"] == ["statuscode:200", "mimetype:text/html"]
    again = read_seed(ARCHIVE, OUTLET, reading.next_page or "", plain([row(2)]).encode() + b"\nnext-key\n", {})
    assert parse_qs(urlsplit(again.next_page or "").query)["resumeKey"] == ["next-key"]


def test_many_captures_come_a_batch_at_a_time() -> None:
    rows = [row(number) for number in range(1200)]
    readings = list(read_in_batches(ARCHIVE, OUTLET, CDX, wayback(rows).encode(), {}))
    assert [len(reading.links) for reading in readings] == [500, 500, 200]
    assert [reading.final for reading in readings] == [False, False, True]


def test_the_server_is_asked_for_each_site_of_the_outlet_from_the_first_capture_on() -> None:
    (address,) = first_pages(ARCHIVE, OUTLET, CDX, Window(date(2019, 3, 1), date(2019, 3, 31)))
    asked = parse_qs(urlsplit(address).query)
    assert asked["url"] == ["example.az/*"]
    assert asked["to"] == ["20190430235959"]
    assert asked["collapse"] == ["urlkey"]
    assert "from" not in asked


def test_a_page_that_was_captured_before_the_window_is_older_than_it() -> None:
    window = Window(date(2019, 3, 4), date(2019, 3, 31))
    (old, new) = read_seed(
        ARCHIVE, OUTLET, CDX, wayback([row(1, "20190303195959"), row(2, "20190303200000")]).encode(), {}
    ).links
    assert link_in_window(old, OUTLET, window, CDX) is False
    assert link_in_window(new, OUTLET, window, CDX) is None, "20:00 UTC is the next day in Baku"
    assert link_in_window(Link(old.url), OUTLET, window, CDX) is None


@pytest.mark.parametrize(
    ("cdx", "template"),
    [
        (CDX, "https://archive.example/web/{timestamp}id_/{url}"),
        ("http://127.0.0.1:8080/news/cdx", "http://127.0.0.1:8080/news/{timestamp}id_/{url}"),
        ("http://pywb.example/news-cdx", "http://pywb.example/news/{timestamp}id_/{url}"),
        ("http://pywb.example/news-index?x=1", "http://pywb.example/news/{timestamp}id_/{url}"),
    ],
)  # fmt: skip
def test_where_captures_are_in_raw_form(cdx: str, template: str) -> None:
    assert capture_template(cdx) == template


@pytest.mark.parametrize("body", ["<html><body>Down for maintenance</body></html>", '{"error": "blocked"}'])
def test_an_answer_that_is_none_is_said(body: str) -> None:
    reading = read_seed(ARCHIVE, OUTLET, CDX, body.encode(), {})
    assert reading.problems == ("no captures: not the answer of a CDX server",)
    assert not reading.complete


def test_a_resume_key_that_is_no_text_is_said() -> None:
    body = wayback(ROWS, "key").replace('"key"', r'"\ud800"')
    reading = read_seed(ARCHIVE, OUTLET, CDX, body.encode(), {})
    assert (len(reading.links), reading.next_page, reading.complete) == (2, None, False)
    assert reading.problems == ("a resume key that is no text: the captures behind it are not read",)


def test_no_captures_are_no_problem() -> None:
    for body in ("", "[]", wayback([])):
        reading = read_seed(ARCHIVE, OUTLET, CDX, body.encode(), {})
        assert (reading.links, reading.problems) == ((), ())


@settings(max_examples=200, deadline=None)
@given(
    body=st.one_of(
        st.binary(max_size=300),
        st.text(alphabet='[]{},:" \n0129htpazurlstamp/.', max_size=200).map(str.encode),
        st.integers(0, 800).map(lambda cut: wayback(ROWS, "key").encode()[:cut]),
    )
)
def test_the_reader_is_total(body: bytes) -> None:
    reading = read_seed(ARCHIVE, OUTLET, CDX, body, {})
    assert all(link.url.startswith("http") for link in reading.links)
