"""The demo's press: three outlets that answer as the outlets behind them would."""

from __future__ import annotations

import gzip
import json
import re
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.demo.pages import OTHER, path_of
from deploy.demo.press import HELD_BACK, Press
from deploy.demo.stories import OUTLETS, all_stories


@pytest.fixture(name="press")
def a_press() -> Iterator[Press]:
    with Press() as press:
        yield press


def get(url: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    request = urllib.request.Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=5) as response:
            return response.status, response.read(), dict(response.headers)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(), dict(error.headers)


def test_each_outlet_has_a_dozen_articles_or_more_and_an_address_of_its_own(press: Press) -> None:
    assert len({press.origin(outlet) for outlet in OUTLETS}) == 3
    assert all(len([story for story in all_stories() if story.outlet == outlet]) >= 12 for outlet in OUTLETS)


def test_copies_have_the_paragraphs_of_an_earlier_original() -> None:
    herald = {story.title: story for story in all_stories() if story.outlet == "herald"}
    copies = [story for story in all_stories() if story.copied]
    assert len(copies) >= 6
    for copy in copies:
        assert copy.paragraphs == herald[copy.title].paragraphs
        assert copy.published > herald[copy.title].published


def test_outlet_files_name_the_chosen_ports_and_open_loopback(press: Press) -> None:
    for outlet in OUTLETS:
        text = (press.outlet_folder / f"demo_{outlet}.toml").read_text()
        rules = tomllib.loads(text)
        assert "ORIGIN" not in text
        assert rules["allow_private"] is True
        assert all(seed["url"].startswith(press.origin(outlet)) for seed in rules["seeds"])
        for story in press.stories(outlet):
            assert re.search(rules["urls"]["article"], press.origin(outlet) + path_of(story))
        for path in OTHER[outlet]:
            assert re.search(rules["urls"]["article"], press.origin(outlet) + path)


@pytest.mark.parametrize(
    ("outlet", "path"),
    [
        ("herald", "/rss/"),
        ("digest", "/rss.php"),
        ("digest", "/news/"),
        ("digest", "/news/?page=2"),
        ("xeber", "/news-sitemap.xml"),
        ("xeber", "/sitemap.xml"),
        ("xeber", "/sitemaps/2025-10.xml.gz"),
        ("xeber", "/az/xeberler/"),
        ("herald", "/nation/105030.html"),
    ],
)
def test_what_has_not_changed_is_answered_by_304(press: Press, outlet: str, path: str) -> None:
    url = press.origin(outlet) + path
    status, _, headers = get(url)
    assert status == 200
    assert get(url, If_None_Match=headers["ETag"])[:2] == (304, b"")
    assert get(url, If_Modified_Since=headers["Last-Modified"])[0] == 304


def test_seeds_together_name_every_article(press: Press) -> None:
    herald = get(press.origin("herald") + "/rss/")[1].decode()
    assert all(path_of(story) in herald for story in press.stories("herald"))
    pages = [get(f"{press.origin('digest')}/news/?page={page}")[1].decode() for page in (1, 2, 3)]
    assert all(any(path_of(story) in page for page in pages) for story in press.stories("digest"))
    assert 'rel="next"' not in pages[2]
    assert get(press.origin("digest") + "/news/?page=9")[0] == 404
    months = re.findall(r"<loc>(.*?)</loc>", get(press.origin("xeber") + "/sitemap.xml")[1].decode())
    entries = "".join(gzip.decompress(get(month)[1]).decode() for month in months)
    assert all(path_of(story) in entries for story in press.stories("xeber"))


def test_the_second_outlet_speaks_in_the_manner_of_2019(press: Press) -> None:
    page = get(press.origin("digest") + "/news/politics/187805.html")[1].decode()
    for words in (
        "30 October 2025 [15:12] - BAY TODAY",
        "By Caspian Herald",
        "By Rashad Huseynli",
        "Print version",
        "Views: 812",
    ):
        assert words in page


def test_pages_that_are_no_articles_answer_and_one_is_gone(press: Press) -> None:
    answers = {kind: get(press.origin(outlet) + path)[0] for outlet in OUTLETS for path, kind in OTHER[outlet].items()}
    assert answers.pop("gone") == 404
    assert set(answers.values()) == {200}


def test_held_back_articles_appear_when_they_are_published(press: Press) -> None:
    herald = press.origin("herald")
    late = [story for story in all_stories() if story.outlet == "herald"][-1]
    before = get(herald + "/rss/")[2]["ETag"]
    assert get(herald + path_of(late))[0] == 404
    shown = json.loads(urllib.request.urlopen(f"{herald}/-/publish?n=2", data=b"", timeout=5).read())["shown"]
    assert shown == len(all_stories()) - HELD_BACK + 2
    assert press.publish(100) == len(all_stories())
    assert get(herald + path_of(late))[0] == 200
    assert get(herald + "/rss/", If_None_Match=before)[0] == 200


def test_requests_are_counted_by_kind_and_article(press: Press) -> None:
    herald = press.origin("herald")
    _, _, headers = get(herald + "/nation/105030.html")
    get(herald + "/nation/105030.html", If_None_Match=headers["ETag"])
    get(herald + "/robots.txt")
    get(herald + "/rss/")
    get(herald + "/nowhere")
    assert [press.requests(kind) for kind in ("article", "robots", "seed", "missing")] == [2, 1, 1, 1]
    assert press.requests("article", 304) == 1
    stats = json.loads(get(herald + "/-/stats")[1])
    assert stats == press.stats()
    assert stats["articles"] == {"herald /nation/105030.html": 2}


def test_the_folder_that_it_made_is_removed_and_a_given_one_stays(tmp_path: Path) -> None:
    with Press(tmp_path / "mine") as press:
        assert press.outlet_folder == tmp_path / "mine"
    assert (tmp_path / "mine" / "demo_herald.toml").exists()
    with Press() as press:
        pass
    assert not press.outlet_folder.exists()
