"""What a front page says of its site."""

from __future__ import annotations

import pytest

from crawlers.survey import SurveyOptions, provisional_outlet
from crawlers.survey.front_page import read_front_page

OUTLET = provisional_outlet(SurveyOptions("https://www.gazette.ge/"))


def test_marks_of_platforms_and_the_name_are_read() -> None:
    page = (
        '<html lang="ka-GE"><head><title>News | Gazette</title><meta property="og:site_name" content="The &amp; Gazette">'
        '<link rel="https://api.w.org/" href="/wp-json/"><script data-key="22444f78447824223cefc48062" '
        'data-api="https://www.gazette.ge/ghost/api/content/"></script></head><body></body></html>'
    )
    front = read_front_page(OUTLET, "https://www.gazette.ge/", page.encode(), {})
    assert (front.name, front.language, front.region) == ("The & Gazette", "ka", "ge")
    assert front.wordpress == "https://www.gazette.ge/wp-json/wp/v2/posts"
    assert (front.ghost, front.ghost_key) == (
        "https://www.gazette.ge/ghost/api/content/posts/",
        "22444f78447824223cefc48062",
    )


@pytest.mark.parametrize("title", ["Home | Gazette", "Gazette - Latest news of the region", "Gazette"])
def test_the_name_is_the_part_of_the_title_that_is_in_the_host(title: str) -> None:
    page = f"<html><head><title>{title}</title></head><body></body></html>".encode()
    assert read_front_page(OUTLET, "https://www.gazette.ge/", page, {}).name == "Gazette"
