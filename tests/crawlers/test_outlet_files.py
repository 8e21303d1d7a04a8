"""Every outlet file by itself, found by globbing; and what is said of a wrong one."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from crawlers.catalog import load_outlets, read_outlet
from crawlers.discovery import seed_addresses
from crawlers.environment import read_settings
from crawlers.errors import OutletFileError, SettingError, UnknownOutletError
from crawlers.outlet_files import BUILT_IN, may_be_known, outlet_files
from crawlers.seeds import KINDS
from crawlers.window import Window
from storage.urls import host_of

FILES = sorted(outlet_files(BUILT_IN).values())
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


def test_a_mounted_config_map_holds_each_file_once(tmp_path: Path) -> None:
    """Kubernetes mounts links to `..data`, which is a link to a folder with the day in its name."""
    files = tmp_path / "..2026_03_01"
    files.mkdir()
    (files / "example.toml").write_text(GOOD)
    (tmp_path / "..data").symlink_to(files.name)
    (tmp_path / "example.toml").symlink_to("..data/example.toml")
    assert outlet_files(tmp_path) == {"example": tmp_path / "example.toml"}


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_a_built_in_outlet(file: Path) -> None:
    outlet = read_outlet(file)
    assert file.read_text(encoding="utf-8").startswith("#:schema ../outlet.schema.json\n"), "editors complete by it"
    assert outlet.country == file.parent.name
    assert outlet.examples, "an outlet file gives addresses of articles as examples"
    assert outlet.not_articles, "and of pages that are none"
    assert [url for url in outlet.examples if not outlet.is_article(url)] == []
    assert [url for url in outlet.not_articles if outlet.is_article(url)] == []
    assert {host_of(example) for example in outlet.examples} <= outlet.hosts
    assert not outlet.is_article(outlet.home)
    assert not outlet.allow_private
    window = Window(date(2024, 2, 1), date(2024, 2, 29))
    assert any(seed_addresses(seed, None, date(2026, 3, 1)) for seed in outlet.seeds), "a night has something to ask"
    for seed in outlet.seeds:
        for address in (*seed_addresses(seed, None, date(2026, 3, 1)), *seed_addresses(seed, window, date(2026, 3, 1))):
            assert address.startswith("http")
            assert "{" not in address


def test_the_built_in_outlets_carry_every_kind_of_seed_but_ghosts_api() -> None:
    assert {seed.kind for outlet in load_outlets() for seed in outlet.seeds} == KINDS - {"ghost"}


def test_no_night_of_a_built_in_outlet_asks_for_its_whole_past() -> None:
    nightly = {
        each.id
        for each in load_outlets()
        if any(seed.kind == "sitemap" and not seed.backfill_only for seed in each.seeds)
    }
    assert nightly == {"turan", "oxu_az"}, "their sitemaps hold the newest addresses only"


def test_the_region_is_covered() -> None:
    countries = Counter(outlet.country for outlet in load_outlets())
    assert len(load_outlets()) >= 24
    assert countries["az"] >= 9
    assert countries["ge"] >= 4
    assert min(countries["am"], countries["kz"]) >= 3
    assert {"uz", "kg", "tj", "tr", "ua"} <= countries.keys()


def test_the_page_of_built_in_outlets_names_each_and_says_which_are_off() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "outlets-shipped.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"(?m)^\| `([a-z0-9_]+)` \| (yes|no) \|", page))
    assert rows == {outlet.id: "yes" if outlet.enabled else "no" for outlet in load_outlets()}


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
        (('languages = ["ka", "en"]', 'languages = ["Georgian"]'), "languages", "such as az, not 'Georgian'"),
        (('languages = ["ka", "en"]', 'languages = ["en-GB"]'), "languages", "two or three small letters"),
        (('kind = "feed"', 'kind = "ghost"'), "seeds[0].", "key"),
        (('kind = "feed"', 'kind = "ghost"\nkey = "a b"'), "seeds[0].", "key"),
        (('kind = "feed"', 'kind = "dated_listing"'), "seeds[0].", "{year}"),
        (('kind = "feed"', 'kind = "web_archive"\ncaptures = "https://a.example/{url}"'), "seeds[0].", "{timestamp}"),
        (('kind = "feed"', 'kind = "web_archive"\nlate = -1'), "seeds[0].", "late"),
        (('kind = "feed"', 'kind = "wordpress"\nfull_text = "never"'), "seeds[0].", "full_text"),
        (('rss"', '{year}/{month}"\nweekly = true'), "seeds[0].", "unknown key"),
        (("[[seeds]]", "[[urls.twins]]\npattern = '^a'\naddress = '\\1'\n[[seeds]]"), "urls.twins[0]", "does not fit"),
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


def test_a_weekly_sitemap_needs_a_day(tmp_path: Path) -> None:
    weekly = 'kind = "dated_sitemap"\nweekly = true\nurl = "https://a.example/{year}/{month}.xml"'
    with pytest.raises(OutletFileError, match=r"seeds\[0\].*weekly sitemap must hold \{day\}"):
        read_outlet(written(tmp_path, GOOD.partition('kind = "feed"')[0] + weekly))


TWINS = """
[[urls.twins]]
pattern = '^https://old\\.example\\.ge/(\\w+)/amp/'
address = 'https://www.example.ge/\\1/'
"""


def test_a_twin_is_the_page_itself(tmp_path: Path) -> None:
    outlet = read_outlet(written(tmp_path, GOOD.replace("[[seeds]]", f"{TWINS}[[seeds]]")))
    twin, page = "https://old.example.ge/economy/amp/2024-02-29/17", "https://www.example.ge/economy/2024-02-29/17"
    assert outlet.main_address(twin) == page
    assert outlet.main_address(page) == page
    assert outlet.is_article(twin)
    assert outlet.url_hints(twin) == outlet.url_hints(page)


def test_codes_of_languages_mean_what_the_file_says(tmp_path: Path) -> None:
    pattern = "article = '^https://www\\.example\\.ge/(?:(?P<language>geo|en)/)?'"
    changed = re.sub("(?m)^article = .*$", lambda _: pattern + '\nlanguages = { geo = "ka", "" = "en" }', GOOD)
    outlet = read_outlet(written(tmp_path, changed))
    hints = [outlet.url_hints(f"https://www.example.ge/{code}1").language for code in ("geo/", "en/", "")]
    assert hints == ["ka", "en", "en"]


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


def test_for_such_a_host_the_catalog_reads_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[Path] = []
    monkeypatch.setattr("crawlers.catalog.read_completed", read.append)
    assert load_outlets().of_host("www.example.ge") is None
    assert read == []


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

    @pytest.mark.parametrize(
        "line", ["*/10 * * * *", "0,30 6-22/2 * 1-12 0-7", "5 4 31 12 7", "0 6 * JAN,jun-aug mon-fri"]
    )
    def test_a_cron_line_is_read_as_it_stands(self, line: str) -> None:
        assert read_settings({"PRESSRUN_POLL_CRON": f" {line} "}).poll_cron == line

    def test_what_is_given_by_hand_wins(self) -> None:
        assert read_settings({"PRESSRUN_DB": "sqlite:///a.db"}, db="sqlite:///b.db").db == "sqlite:///b.db"

    @pytest.mark.parametrize(
        ("env", "said"),
        [
            ({"PRESSRUN_BD": "x"}, "unknown setting PRESSRUN_BD; did you mean PRESSRUN_DB"),
            *(
                ({"PRESSRUN_POLL_CRON": line}, "PRESSRUN_POLL_CRON must be a cron line of five fields")
                for line in (
                    "*/10 * * *",
                    "60 * * * *",
                    "*/0 * * * *",
                    "9-5 * * * *",
                    "5/10 * * * *",
                    "@hourly",
                    "* * 0 * *",
                    "* * mon * *",
                    "* * * * fri-mon",
                    "* * * * someday",
                )
            ),
            ({"PRESSRUN_OUTLETS": "/nowhere/at/all"}, "outlet folder /nowhere/at/all does not exist"),
            ({"PRESSRUN_CONTACT": "me"}, "PRESSRUN_CONTACT"),
            ({"PRESSRUN_CONTACT": "a@b.az\r\nX-Evil: 1"}, "PRESSRUN_CONTACT"),
            ({"PRESSRUN_CDX": "web.archive.org"}, "PRESSRUN_CDX"),
        ],
    )
    def test_unknown_and_malformed_ones_are_named(self, env: dict[str, str], said: str) -> None:
        with pytest.raises(SettingError, match=said):
            read_settings(env)
