"""Posts of WordPress and Ghost whose text comes with the answer: what is whole, what is not, and how it is read."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from crawlers.discovery import pages_in_answer, read_seed, seed_addresses
from crawlers.discovery.full_text import is_whole
from crawlers.extraction import extract
from crawlers.outlet import Ghost, Outlet, WordPress
from crawlers.window import Window
from storage.model import Article, DateSource

SITE = "https://gazette.example.ge"
POSTS = WordPress(kind="wordpress", url=f"{SITE}/wp-json/wp/v2/posts")
LINKS_ONLY = WordPress(kind="wordpress", url=f"{SITE}/wp-json/wp/v2/posts", full_text=False)
GHOST = Ghost(kind="ghost", url=f"{SITE}/ghost/api/content/posts/", key="22444f78447824223cefc48062")
OUTLET = Outlet.model_validate(
    {
        "id": "gazette", "name": "Gazette", "home": f"{SITE}/", "country": "ge", "languages": ["en"], "timezone": "Asia/Tbilisi",
        "urls": {"article": rf"^{SITE}/(?P<id>\d+)/?$"}, "seeds": [POSTS, GHOST],
    }
)  # fmt: skip
FIRST = (
    "The ferry to the island left an hour late on Tuesday, since the harbour master had found a fault in its engine."
)
SECOND = (
    "Passengers waited in the hall, where the town's bakery handed out bread and tea until the repair was done at noon."
)
BODY = f"<p>{FIRST}</p>\n<p>{SECOND}</p><script>track('ferry')</script>"


def post(**changes: Any) -> dict[str, Any]:
    return {
        "link": f"{SITE}/17/",
        "date": "2024-05-07T18:30:00",
        "date_gmt": "2024-05-07T14:30:00",
        "modified_gmt": "2024-05-08T06:00:00",
        "title": {"rendered": "Ferry leaves an hour late &#8211; engine repaired"},
        "content": {"rendered": BODY, "protected": False},
        "excerpt": {"rendered": f"<p>{FIRST} [&hellip;]</p>"},
        "_embedded": {
            "author": [{"name": "Nino Kapanadze"}],
            "wp:term": [[{"taxonomy": "category", "name": "Uncategorized"}, {"taxonomy": "category", "name": "Ports &amp; Sea"}], [{"taxonomy": "post_tag", "name": "ferry"}]],
            "wp:featuredmedia": [{"source_url": f"{SITE}/ferry.jpg"}],
        },
    } | changes  # fmt: skip


def ghost_post(**changes: Any) -> dict[str, Any]:
    return {
        "url": f"{SITE}/17/", "title": "Ferry leaves an hour late", "html": BODY, "excerpt": FIRST,
        "published_at": "2024-05-07T14:30:00.000+00:00", "updated_at": "2024-05-08T06:00:00.000+00:00",
        "feature_image": f"{SITE}/ferry.jpg", "authors": [{"name": "Nino Kapanadze"}],
        "tags": [{"name": "#breaking", "visibility": "internal"}, {"name": "Ports", "visibility": "public"}],
    } | changes  # fmt: skip


class TestWordPress:
    def test_a_post_brings_its_text_author_section_and_edit(self) -> None:
        (link,) = read_seed(POSTS, OUTLET, POSTS.url, json.dumps([post()]).encode(), {}).links
        assert link.full_text
        assert (link.hints.authors, link.hints.section) == (("Nino Kapanadze",), "Ports & Sea")
        assert link.hints.published is not None
        assert link.hints.published.at == datetime(2024, 5, 7, 14, 30, tzinfo=UTC)
        assert link.hints.modified == datetime(2024, 5, 8, 6, tzinfo=UTC)

    @pytest.mark.parametrize(
        "changes",
        [
            {"content": {"rendered": BODY, "protected": True}},
            {"content": {"rendered": "", "protected": False}},
            {"content": {"rendered": "<p>Watch the ferry leave.</p><iframe src='//video'></iframe>"}},
            {"content": {"rendered": f"<p>{FIRST}</p>"}, "excerpt": {"rendered": f"<p>{FIRST}</p>\n"}},
            {"content": {"rendered": f"{BODY}<p>And then [&hellip;]</p>"}},
            {"content": {"rendered": f"{BODY}<p><a href='/17'>Continue reading</a> &rarr;</p>"}},
            {"content": {"rendered": f"[vc_row][vc_column]{BODY}[/vc_column][/vc_row]"}},
            {"content": None},
            {"content": {"rendered": 7}},
        ],
    )
    def test_what_is_not_the_whole_text_leaves_the_page_to_be_fetched(self, changes: dict[str, Any]) -> None:
        answer = json.dumps([post(**changes)]).encode()
        (link,) = read_seed(POSTS, OUTLET, POSTS.url, answer, {}).links
        assert not link.full_text
        assert pages_in_answer(OUTLET, POSTS.url, answer) == {}

    def test_an_outlet_file_can_say_that_pages_are_to_be_fetched(self) -> None:
        (link,) = read_seed(LINKS_ONLY, OUTLET, POSTS.url, json.dumps([post()]).encode(), {}).links
        assert not link.full_text
        (address,) = seed_addresses(LINKS_ONLY, None, date(2026, 3, 1))
        assert "content" not in address

    @pytest.mark.parametrize(
        "said", ["\u00b2", "9" * 5000, "-1", "", "3.5", " ", "\u0663"]
    )  # a header is whatever a server likes
    def test_a_total_that_is_no_number_is_not_believed_and_the_next_page_is_tried(self, said: str) -> None:
        url = f"{POSTS.url}?page=3"
        reading = read_seed(POSTS, OUTLET, url, json.dumps([post()]).encode(), {"x-wp-totalpages": said})
        assert reading.next_page == f"{POSTS.url}?page=4"

    def test_no_posts_no_next_page(self) -> None:
        assert read_seed(POSTS, OUTLET, POSTS.url, b"[]", {"x-wp-totalpages": "900"}).next_page is None

    def test_the_days_are_asked_for_with_a_margin_since_nobody_knows_the_sites_clock(self) -> None:
        (address,) = seed_addresses(POSTS, Window(date(2024, 5, 1), date(2024, 5, 31)), date(2026, 3, 1))
        for part in ("after=2024-04-30T00", "before=2024-06-02T00", "per_page=100", "_embed=", "content"):
            assert part in address


class TestGhost:
    def answer(self, *posts: Any, following: Any = None) -> bytes:
        return json.dumps({"posts": posts, "meta": {"pagination": {"page": 1, "next": following}}}).encode()

    def test_a_post_brings_its_text_author_section_and_edit(self) -> None:
        (link,) = read_seed(GHOST, OUTLET, GHOST.url, self.answer(ghost_post()), {}).links
        assert link.full_text
        assert (link.hints.authors, link.hints.section) == (("Nino Kapanadze",), "Ports")
        assert link.hints.published is not None
        assert (link.hints.published.at, link.hints.published.source) == (
            datetime(2024, 5, 7, 14, 30, tzinfo=UTC),
            DateSource.API,
        )

    @pytest.mark.parametrize("changes", [{"access": False}, {"html": None}, {"html": f"<p>{FIRST}</p>"}, {"html": 1}])
    def test_what_readers_must_pay_for_is_not_the_whole_text(self, changes: dict[str, Any]) -> None:
        (link,) = read_seed(GHOST, OUTLET, GHOST.url, self.answer(ghost_post(**changes)), {}).links
        assert not link.full_text

    @pytest.mark.parametrize(
        ("said", "leads"), [(2, True), (None, False), (True, False), ("2", False), (10**30, False)]
    )
    def test_the_next_page_is_the_one_that_the_answer_names(self, said: Any, leads: bool) -> None:
        (address,) = seed_addresses(GHOST, None, date(2026, 3, 1))
        reading = read_seed(GHOST, OUTLET, address, self.answer(ghost_post(), following=said), {})
        assert reading.next_page == (address.replace("page=1", "page=2") if leads else None)

    def test_an_error_of_the_api_is_said(self) -> None:
        said = json.dumps({"errors": [{"message": "Unknown Content API Key", "type": "UnauthorizedError"}]}).encode()
        reading = read_seed(GHOST, OUTLET, GHOST.url, said, {})
        assert "Unknown Content API Key" in reading.problems[0]
        assert not reading.complete

    def test_the_days_are_asked_for_in_utc_with_a_margin(self) -> None:
        (address,) = seed_addresses(GHOST, Window(date(2024, 5, 1), date(2024, 5, 31)), date(2026, 3, 1))
        assert "published_at%3A%3E%3D%272024-04-30+00%3A00%3A00%27%2Bpublished_at%3A%3C%272024-06-02" in address
        assert f"key={GHOST.key}" in address


@pytest.mark.parametrize(
    "answer",
    [json.dumps([post()]).encode(), json.dumps({"posts": [ghost_post()]}).encode()],
    ids=["wordpress", "ghost"],
)
def test_a_page_of_an_answer_is_read_by_the_same_extraction_as_any_page(answer: bytes) -> None:
    pages = pages_in_answer(OUTLET, POSTS.url, answer)
    ((address, page),) = pages.items()
    assert address == f"{SITE}/17"
    article = extract(page, f"{SITE}/17/", OUTLET)
    assert isinstance(article, Article)
    assert article.text == f"{FIRST}\n\n{SECOND}"
    assert article.title.startswith("Ferry leaves an hour late")
    assert article.image == f"{SITE}/ferry.jpg"


@pytest.mark.parametrize(
    "answer", [b"", b"[", b"{}", b'{"posts": 3}', b"[1, null]", b"<html>", b'[{"link": "javascript:1"}]']
)
def test_an_answer_that_is_none_holds_no_pages(answer: bytes) -> None:
    assert pages_in_answer(OUTLET, POSTS.url, answer) == {}


def test_a_title_with_markup_of_its_own_stays_text() -> None:
    answer = json.dumps(
        [post(title={"rendered": '&lt;script&gt;x&lt;/script&gt; &amp; "quotes" of the island ferry'})]
    ).encode()
    (page,) = pages_in_answer(OUTLET, POSTS.url, answer).values()
    article = extract(page, f"{SITE}/17/", OUTLET)
    assert isinstance(article, Article)
    assert article.title == '<script>x</script> & "quotes" of the island ferry'


def test_whole_is_judged_by_the_text_and_not_by_its_markup() -> None:
    assert is_whole(BODY)
    assert not is_whole("<div>" * 3000)
    assert not is_whole("<p></p>" * 100)


def test_a_body_with_a_tag_of_thousands_of_attributes_is_not_parsed() -> None:
    attributes = " ".join(f"a{n}" for n in range(2_000))
    assert is_whole(f"{BODY}<img {' '.join(f'data-{n}=1' for n in range(200))}>")
    assert not is_whole(f"{BODY}<img {attributes}>")
    assert is_whole(BODY, excerpt=f"<p {attributes}>{BODY}</p>")
    (link,) = read_seed(
        POSTS, OUTLET, POSTS.url, json.dumps([post(content={"rendered": f"<a {attributes}>{BODY}"})]).encode(), {}
    ).links
    assert not link.full_text
