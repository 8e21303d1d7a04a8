"""Platform files beneath outlet files: what is taken, what is kept, what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawlers.catalog import load_outlets, read_completed, read_outlet
from crawlers.errors import OutletFileError
from crawlers.outlet_files import BUILT_IN, PLATFORMS
from crawlers.platforms import KEYS, read_toml

BLOGS = """
[values]
feed = "rss"
api = "{home}/api"

[urls]
article = '^{home}/(?P<section>[a-z]+)/(?P<id>\\d{2,9})$'
drop = ['/tags/']

[[seeds]]
kind = "feed"
url = "{home}/{feed}/{language}"

[[seeds]]
kind = "dated_sitemap"
url = "{api}/{year}/{month:02}.xml"

[[extract]]
body = "div.text"
title = "h1"
drop = ['^Share$']

[fetch]
delay = 2.0
timeout = 20
"""
OUTLET = """
name = "Example"
home = "https://www.example.ge/"
country = "ge"
languages = ["ka", "en"]
timezone = "Asia/Tbilisi"
platform = "blogs"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / PLATFORMS).mkdir()
    (tmp_path / PLATFORMS / "blogs.toml").write_text(BLOGS, encoding="utf-8")
    return tmp_path


def outlet_file(folder: Path, more: str = "", name: str = "example_ge.toml") -> Path:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(OUTLET + more, encoding="utf-8")
    return folder / name


def test_an_outlet_may_leave_everything_but_itself_to_its_platform(folder: Path) -> None:
    outlet = read_outlet(outlet_file(folder))
    assert [seed.url for seed in outlet.seeds] == [
        "https://www.example.ge/rss/ka", "https://www.example.ge/api/{year}/{month:02}.xml",
    ]  # fmt: skip
    assert outlet.is_article("https://www.example.ge/news/17")
    assert not outlet.is_article("https://www-example.ge/news/17"), "the home is no expression"
    assert (outlet.extract[0].body, outlet.fetch.delay) == ("div.text", 2.0)


def test_own_values_win_and_the_rest_stays(folder: Path) -> None:
    outlet = read_outlet(outlet_file(folder, '[fetch]\ndelay = 9\n[urls]\narticle = "^https://www.example.ge/x/"\n'))
    assert (outlet.fetch.delay, outlet.fetch.timeout) == (9, 20)
    assert outlet.urls.article.pattern == "^https://www.example.ge/x/"
    assert [drop.pattern for drop in outlet.urls.drop] == ["/tags/"]


def test_a_value_of_the_platform_can_be_set(folder: Path) -> None:
    values = 'platform_values = { feed = "atom", api = "https://api.example.ge/{language}" }'
    assert [seed.url for seed in read_outlet(outlet_file(folder, values)).seeds] == [
        "https://www.example.ge/atom/ka", "https://api.example.ge/ka/{year}/{month:02}.xml",
    ]  # fmt: skip


def test_a_seed_replaces_that_of_its_kind_or_is_completed_by_it(folder: Path) -> None:
    seeds = '[[seeds]]\nkind = "feed"\nurl = "https://www.example.ge/own"\n[[seeds]]\nkind = "dated_sitemap"\n'
    again = '[[seeds]]\nkind = "dated_sitemap"\nurl = "https://www.example.ge/{year}/{month}.xml"\n'
    assert [seed.url for seed in read_outlet(outlet_file(folder, seeds + again)).seeds] == [
        "https://www.example.ge/own",
        "https://www.example.ge/api/{year}/{month:02}.xml",
        "https://www.example.ge/{year}/{month}.xml",
    ]


def test_the_newest_layout_is_completed_and_lines_to_drop_add_up(folder: Path) -> None:
    layouts = "[[extract]]\ntitle = 'h2'\ndrop = ['^Print$']\n[[extract]]\nuntil = 2019-06-30\nbody = 'td'\n"
    newest, older = read_outlet(outlet_file(folder, layouts)).extract
    assert (newest.body, newest.title) == ("div.text", "h2")
    assert [drop.pattern for drop in newest.drop] == ["^Print$", "^Share$"]
    assert (older.body, older.title, older.drop) == ("td", None, ())
    only_old = "[[extract]]\nuntil = 2019-06-30\nbody = 'td'\n"
    assert [rule.body for rule in read_outlet(outlet_file(folder, only_old)).extract] == ["div.text", "td"]


def test_it_is_known_what_came_from_the_platform(folder: Path) -> None:
    _, completed = read_completed(outlet_file(folder, "[fetch]\ndelay = 9\n"))
    assert completed.file == folder / PLATFORMS / "blogs.toml"
    assert completed.inherited["fetch.timeout"] == 20
    assert completed.inherited["seeds[0].url"] == "https://www.example.ge/rss/ka"
    assert "fetch.delay" not in completed.inherited
    assert "name" not in completed.inherited


def test_the_nearest_platform_of_a_name_is_taken(folder: Path) -> None:
    (folder / PLATFORMS / "wordpress.toml").write_text('[[seeds]]\nkind = "feed"\nurl = "{home}/own"\n')
    file = outlet_file(folder, "[urls]\narticle = 'x'\n", "ge/example_ge.toml")
    file.write_text(file.read_text().replace('"blogs"', '"wordpress"'), encoding="utf-8")
    assert [seed.url for seed in read_outlet(file).seeds] == ["https://www.example.ge/own"]
    (folder / PLATFORMS / "wordpress.toml").unlink()
    assert [seed.kind for seed in read_outlet(file).seeds] == ["feed", "wordpress"], "the built-in one"


def test_platform_files_are_no_outlets(folder: Path) -> None:
    outlet_file(folder)
    catalog = load_outlets(folder)
    assert "example_ge" in catalog.ids
    assert not {"blogs", "wordpress", "ghost"} & set(catalog.ids)


@pytest.mark.parametrize(
    ("own", "platform", "said"),
    [
        ('platform = "blog"', BLOGS, "example_ge.toml: platform: there is no platform 'blog'; did you mean blogs?"),
        ('platform = "x"', BLOGS, "there is no platform 'x'; there are blogs, "),
        ("platform = 1", BLOGS, "example_ge.toml: platform: "),
        ('platform = "blogs"\nplatform_values = { fed = "x" }', BLOGS, "platform_values.fed: is no value of the platform"),
        ('platform = "blogs"\nplatform_values = "x"', BLOGS, "platform_values: must be a table"),
        ('platform = "blogs"', 'home = "https://a.example/"', "blogs.toml: home: is no key of a platform file"),
        ('platform = "blogs"', '[values]\ncode = ""', "example_ge.toml: platform_values.code: is needed by the platform"),
        ('platform = "blogs"', "name = ", "blogs.toml: is not valid TOML"),
        ('platform = "blogs"', "[urls]\narticle = 'x'\n[fetch]\ndealy = 1", "blogs.toml: fetch.dealy: unknown key"),
        ('platform = "blogs"', "[urls]\narticle = '('", "blogs.toml: urls.article: is not a regular expression"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_file(folder: Path, own: str, platform: str, said: str) -> None:
    (folder / PLATFORMS / "blogs.toml").write_text(platform, encoding="utf-8")
    file = outlet_file(folder)
    file.write_text(OUTLET.replace('platform = "blogs"', own), encoding="utf-8")
    with pytest.raises(OutletFileError) as wrong:
        read_outlet(file)
    assert said in str(wrong.value)
    assert "\n" not in str(wrong.value)


PLATFORM_FILES = sorted((BUILT_IN / PLATFORMS).glob("*.toml"))


@pytest.mark.parametrize("file", PLATFORM_FILES, ids=[file.stem for file in PLATFORM_FILES])
def test_a_built_in_platform_is_used_and_gives_seeds(file: Path) -> None:
    catalog = load_outlets()
    users = [outlet for outlet in catalog if outlet.platform == file.stem]
    assert users
    assert read_toml(file).keys() <= KEYS
    for outlet in users:
        assert any(key.startswith("seeds[") for key in catalog.completed(outlet.id)[1].inherited)
        assert "{home}" not in str(outlet)
