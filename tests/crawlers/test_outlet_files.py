"""Every outlet file by itself, found by globbing; and what is said of a wrong one."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from crawlers.catalog import load_outlets, read_outlet
from crawlers.discovery import Clock, Seen, SpanWalk, seed_addresses, serving_seeds
from crawlers.environment import read_settings
from crawlers.errors import OutletFileError, SettingError, UnknownOutletError
from crawlers.outlet import Outlet
from crawlers.outlet_files import BUILT_IN, may_be_known
from crawlers.window import Window
from tests.crawlers.discovery.simulated_counter import Counter

FILES = sorted(BUILT_IN.glob("*/*.toml"))
GOOD = """
name = "Example"
home = "https://www.example.ge/"
country = "ge"
languages = ["ka", "en"]
timezone = "Asia/Tbilisi"
[urls]
article = '^https://www\\.example\\.ge/(?P<section>[a-z]+)/(?P<year>\\d{4})-(?P<month>\\d\\d)-(?P<day>\\d\\d)/(?P<id>\\d+)$'
[[seeds]]
kind = "feed"
url = "https://www.example.ge/rss"
"""


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_a_built_in_outlet(file: Path) -> None:
    outlet = read_outlet(file)
    assert outlet.country == file.parent.name
    assert outlet.examples, "an outlet file gives addresses of articles as examples"
    assert all(outlet.is_article(example) for example in outlet.examples)
    assert not outlet.is_article(outlet.home)
    assert not outlet.allow_private
    window = Window(date(2024, 2, 1), date(2024, 2, 29))
    assert any(seed_addresses(seed, None, date(2026, 3, 1)) for seed in outlet.seeds), "a night has something to ask"
    for seed in outlet.seeds:
        for address in (*seed_addresses(seed, None, date(2026, 3, 1)), *seed_addresses(seed, window, date(2026, 3, 1))):
            assert address.startswith("http")
            assert "{" not in address


def test_the_first_five_outlets_carry_every_kind_of_seed_but_a_plain_sitemap() -> None:
    kinds = {seed.kind for outlet in load_outlets() for seed in outlet.seeds}
    assert kinds >= {"feed", "dated_sitemap", "listing", "wordpress", "id_range"}


def written(folder: Path, text: str, name: str = "example_ge") -> Path:
    file = folder / f"{name}.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_the_address_gives_section_and_day(tmp_path: Path) -> None:
    outlet = read_outlet(written(tmp_path, GOOD))
    hints = outlet.url_hints("https://www.example.ge/economy/2024-02-29/17")
    assert hints.section == "economy"
    assert hints.published is not None
    assert hints.published.at.isoformat() == "2024-02-29T00:00:00+04:00"
    assert outlet.url_hints("https://www.example.ge/economy/2024-02-30/17").published is None


@pytest.mark.parametrize(
    ("change", "key", "said"),
    [
        (("name =", "nome ="), "nome", "unknown key"),
        (("url =", "adress ="), "seeds[0].", ""),
        (("Asia/Tbilisi", "Asia/Tiflis2"), "timezone", "time zone"),
        (('country = "ge"', 'country = "Georgia"'), "country", "pattern"),
        (("https://www.example.ge/rss", "www.example.ge/rss"), "seeds[0].url", "http"),
        (('kind = "feed"', 'kind = "fed"'), "seeds[0]", "fed"),
        (("(?P<section>", "(?P<section"), "urls.article", "regular expression"),
        (("[[seeds]]", "[fetch]\ndelay = -1\n[[seeds]]"), "fetch.delay", "greater"),
        (("[[seeds]]", "[[extract]]\nbody = 'div..x'\n[[seeds]]"), "extract[0].body", "CSS selector"),
        (("[[seeds]]", "[fetch]\ndealy = 1\n[[seeds]]"), "fetch.dealy", "unknown key"),
        (("name =", 'id = "x"\nname ='), "id", "file's name"),
        (('languages = ["ka", "en"]', "languages = []"), "languages", "at least 1"),
        (('kind = "feed"', 'kind = "ghost"'), "seeds[0].", "key"),
        (('kind = "feed"', 'kind = "ghost"\nkey = "a b"'), "seeds[0].", "key"),
        (('kind = "feed"', 'kind = "dated_listing"'), "seeds[0].", "{year}"),
        (('kind = "feed"', 'kind = "web_archive"\ncaptures = "https://a.example/{url}"'), "seeds[0].", "{timestamp}"),
        (('kind = "feed"', 'kind = "web_archive"\nlate = -1'), "seeds[0].", "late"),
        (('kind = "feed"', 'kind = "wordpress"\nfull_text = "never"'), "seeds[0].", "full_text"),
    ],
)
def test_a_wrong_file_is_named_with_its_key(change: tuple[str, str], key: str, said: str, tmp_path: Path) -> None:
    file = written(tmp_path, GOOD.replace(*change))
    with pytest.raises(OutletFileError) as wrong:
        read_outlet(file)
    assert str(wrong.value).startswith(f"{file}: {key}"), str(wrong.value)
    assert said in str(wrong.value)
    assert "\n" not in str(wrong.value)


COUNTER = """
[[seeds]]
kind = "id_range"
url = "https://www.example.ge/news/2025-01-01/{id}"
known = { 500 = 2024-01-01 }
"""


def test_a_counter_gives_pages_their_numbers(tmp_path: Path) -> None:
    outlet = read_outlet(written(tmp_path, GOOD + COUNTER))
    assert outlet.counter is not None
    assert (outlet.counter.budget, outlet.counter.languages) == (500, ())
    assert outlet.number("https://www.example.ge/economy/2024-02-29/17") == 17
    assert outlet.number("https://www.example.ge/economy/2024-02-29/" + "9" * 19) is None
    assert outlet.number("https://www.example.ge/") is None
    assert read_outlet(written(tmp_path, GOOD)).number("https://www.example.ge/economy/2024-02-29/17") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD + COUNTER + COUNTER, "only one seed may be of the kind id_range"),
        (GOOD + COUNTER.replace("/news/", "/9/"), "must match the URLs of the id_range seed"),
        (GOOD.replace("(?P<id>", "(?P<number>") + COUNTER, "with the id as its group `id`"),
        (GOOD + COUNTER + "budget = -1", "greater than or equal to 0"),
    ],
)
def test_a_counter_that_cannot_be_used_is_refused(text: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(OutletFileError) as wrong:
        read_outlet(written(tmp_path, text))
    assert said in str(wrong.value)
    assert "\n" not in str(wrong.value)


def test_a_file_that_is_no_toml_is_named_with_the_line(tmp_path: Path) -> None:
    with pytest.raises(OutletFileError, match=r"not valid TOML.*line 2"):
        read_outlet(written(tmp_path, 'name = "x"\nhome = \n'))


def test_an_outlet_cannot_be_changed(tmp_path: Path) -> None:
    outlet = read_outlet(written(tmp_path, GOOD))
    with pytest.raises(ValueError, match="frozen"):
        outlet.name = "Other"  # type: ignore[misc]


def test_a_users_own_file_stands_beside_the_built_in_ones_or_in_place_of_one(tmp_path: Path) -> None:
    written(tmp_path, GOOD)
    written(tmp_path / "az", GOOD.replace("Example", "Our Trend"), "trend")
    catalog = load_outlets(tmp_path)
    assert {"azernews", "example_ge", "trend"} <= set(catalog.ids)
    assert catalog.get("trend").name == "Our Trend"
    found = catalog.of_host("www.example.ge")
    assert found is not None
    assert catalog.of_host("www1.example.ge") is found
    assert catalog.of_host("m.example.ge") is found
    assert catalog.of_host("blog.example.ge") is None
    assert catalog.of_host("") is None


@pytest.mark.parametrize(
    ("host", "known"),
    [
        ("www.azernews.az", True),
        ("www1.azernews.az", True),
        ("www.example.ge", False),
        ("", False),
        ("xn--e1afmkfd.example", True),
    ],
)
def test_hosts_of_which_no_built_in_file_speaks_need_none_of_them(host: str, known: bool) -> None:
    assert may_be_known(host) is known


def test_every_host_of_a_built_in_outlet_may_be_known() -> None:
    assert all(may_be_known(host) for outlet in load_outlets() for host in outlet.hosts)


def test_two_files_with_one_id_are_refused(tmp_path: Path) -> None:
    written(tmp_path, GOOD)
    written(tmp_path / "ge", GOOD)
    with pytest.raises(OutletFileError, match="same id"):
        load_outlets(tmp_path)


def test_an_unknown_outlet_is_answered_with_near_ones() -> None:
    with pytest.raises(UnknownOutletError, match="did you mean azernews"):
        load_outlets().get("azernwes")


class TestSettings:
    def test_defaults(self) -> None:
        settings = read_settings({})
        assert settings.db == "sqlite:///data/pressrun.db"
        assert settings.data == Path("data").absolute()

    def test_the_data_folder_is_that_of_the_database_file(self) -> None:
        assert read_settings({"PRESSRUN_DB": "sqlite:////srv/news/p.db"}).data == Path("/srv/news")
        assert read_settings({"PRESSRUN_DB": "postgresql://h/n"}).data == Path("data").absolute()

    def test_what_is_given_by_hand_wins(self) -> None:
        assert read_settings({"PRESSRUN_DB": "sqlite:///a.db"}, db="sqlite:///b.db").db == "sqlite:///b.db"

    @pytest.mark.parametrize(
        ("env", "said"),
        [
            ({"PRESSRUN_BD": "x"}, "unknown setting PRESSRUN_BD; did you mean PRESSRUN_DB"),
            ({"PRESSRUN_OUTLETS": "/nowhere/at/all"}, "outlet folder /nowhere/at/all does not exist"),
            ({"PRESSRUN_CONTACT": "me"}, "PRESSRUN_CONTACT"),
            ({"PRESSRUN_CONTACT": "a@b.az\r\nX-Evil: 1"}, "PRESSRUN_CONTACT"),
            ({"PRESSRUN_CDX": "web.archive.org"}, "PRESSRUN_CDX"),
        ],
    )
    def test_unknown_and_malformed_ones_are_named(self, env: dict[str, str], said: str) -> None:
        with pytest.raises(SettingError, match=said):
            read_settings(env)


COUNTERS = [outlet for outlet in load_outlets(None) if outlet.counter]


@pytest.mark.parametrize("outlet", COUNTERS, ids=[outlet.id for outlet in COUNTERS])
def test_a_built_in_counter_serves_a_backfill_of_any_month_between_its_known_ids(outlet: Outlet) -> None:
    seed = outlet.counter
    assert seed is not None
    assert all(outlet.number(example) for example in outlet.examples)
    points = {number: datetime.combine(day, time(12), outlet.tz) for number, day in seed.known.items()}
    clock, first, last = Clock(points), min(points.values()), max(points.values())
    assert sorted(points) == [number for number, _ in clock.believed], "known ids contradict each other"
    start = first + (last - first) / 2
    window = Window(start.date(), start.date() + timedelta(days=30))
    assert seed in serving_seeds(outlet.seeds, window)
    # A counter that runs as the file says, of which every third id has no page.
    ids = range(min(points), max(points) + 1)
    made = Counter({number: Seen(exists=True, at=clock.estimate(number)) for number in ids if number % 3})
    end = start + timedelta(days=31)
    made.answer(SpanWalk(clock, start, end, newest=made.newest).span())
    wanted = made.published(start, end)
    assert wanted
    assert set(wanted) <= set(made.asked)
    assert len(made.asked) <= len(range(wanted[0], wanted[-1])) + 40
