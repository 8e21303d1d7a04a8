"""Articles whose page or site objects to a use are left out where that is asked for."""

from __future__ import annotations

import pytest

from storage.articles import iter_articles
from storage.database import Database
from storage.selection import USES, Selection
from tests.storage.building import begin, put

SAID: dict[str, dict[str, tuple[str, ...]]] = {
    "nothing": {},
    "asked": {"rights": (), "site_rights": ()},
    "page": {"rights": ("tdm=no (meta tdm-reservation)",)},
    "site": {"site_rights": ("search=yes (robots.txt content-signal)", "ai=no (robots.txt content-signal)")},
    "unknown": {"site_rights": ("tdm=unknown (tdmrep.json could not be read)",)},
    "kept": {"rights": ("archive=no (header x-robots-tag)",)},
    "allowed": {"site_rights": ("tdm=yes (tdmrep.json)",)},
    "input": {"site_rights": ("ai-input=no (robots.txt content-signal)",)},
}


@pytest.mark.parametrize(
    ("respect", "out"),
    [
        ((), set()),
        (("tdm",), {"page", "unknown"}),
        (("ai",), {"site"}),
        (("ai-input",), {"input"}),
        (("archive", "tdm"), {"page", "unknown", "kept"}),
        (("search",), set()),
        (USES, {"page", "site", "unknown", "kept", "input"}),
    ],
)
def test_what_is_objected_to_is_left_out(database: Database, respect: tuple[str, ...], out: set[str]) -> None:
    run = begin(database)
    for name, said in SAID.items():
        put(database, run, f"https://example.ge/{name}", name, **said)
    kept = {one.url.rsplit("/", 1)[1] for one in iter_articles(database, Selection(respect=respect))}
    assert kept == set(SAID) - out
