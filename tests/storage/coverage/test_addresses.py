"""What the store says of addresses and of an outlet's volume."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from storage import frontier
from storage.coverage import find_addresses, held_per_day, sample_dated_pages
from storage.database import Database
from storage.frontier import Gone, Rejected
from storage.urls import canonical_url, url_key
from tests.storage.building import START, begin, end_page, lease_page, put


def key(url: str) -> bytes:
    return url_key(canonical_url(url))


def test_addresses_are_held_or_have_the_state_and_reason_of_their_page(database: Database) -> None:
    run = begin(database)
    put(database, run, "https://example.az/a", "a")
    put(database, run, "https://example.az/short", "b", final="https://example.az/long")
    for name, result in (("r", Rejected("listing")), ("g", Gone("http_410"))):
        end_page(database, run, lease_page(database, run, f"https://example.az/{name}"), result)
        frontier.put_back_all(database, run)
    found = find_addresses(
        database,
        [key(f"https://www.example.az/{name}?utm_source=x") for name in ("a", "short", "long", "r", "g", "none")],
    )
    by_name = {name: found.get(key(f"https://example.az/{name}")) for name in ("a", "short", "long", "r", "g", "none")}
    assert by_name["none"] is None
    said = {name: (one.state, one.reason, one.held) for name, one in by_name.items() if one}
    assert said == {
        "a": ("stored", None, True), "short": ("stored", None, True), "long": ("stored", None, True),
        "r": ("rejected", "listing", False), "g": ("gone", "http_410", False),
    }  # fmt: skip
    assert by_name["a"] is not None
    assert by_name["a"].at == START
    assert by_name["r"] is not None
    assert by_name["r"].at is None


def test_more_addresses_than_one_statement_takes(database: Database) -> None:
    put(database, begin(database), "https://example.az/a", "a")
    keys = [key(f"https://example.az/{n}") for n in range(1200)] + [key("https://example.az/a")]
    assert list(find_addresses(database, keys)) == [keys[-1]]


def test_samples_are_spread_over_the_archive_and_volume_is_counted_by_day(database: Database) -> None:
    assert sample_dated_pages(database, "example") == []
    assert held_per_day(database, "example", ZoneInfo("Asia/Baku")) == {}
    run = begin(database)
    for n in range(6):
        put(database, run, f"https://example.az/{n}", n, hours=24 * n)
    pages = sample_dated_pages(database, "example", 3)
    assert [page.url for page in pages] == [f"https://example.az/{n}" for n in (0, 3, 5)]
    assert pages[-1].published_at == START + timedelta(days=5)
    volume = held_per_day(database, "example", ZoneInfo("Asia/Baku"))
    assert len(volume) == 91
    assert sum(volume.values()) == 6
    assert max(volume) == (START + timedelta(days=5)).date()
