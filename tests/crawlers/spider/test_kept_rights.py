"""What a page, its answer and its site say on the use of the text is kept with the article, as of the latest look."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from storage.articles import iter_articles
from storage.database import open_database
from tests.crawling import crawl
from tests.past.site import PastSite
from tests.past.stories import stories

DAY = date(2024, 3, 10)
JSON = "application/json"


class Saying(PastSite):
    """A site that says something of its pages. `tdmrep`: status and body of that file."""

    tdmrep = (200, b'[{"location": "/news", "tdm-reservation": 1}]')
    robots = b"User-agent: *\nContent-Signal: ai-train=no\n"
    header = "noarchive"

    def answer(self, path: str, query: Any) -> Any:
        if path == "/.well-known/tdmrep.json":
            return self.tdmrep[0], JSON, self.tdmrep[1], {}
        status, kind, body, headers = super().answer(path, query)
        body = body.replace(b"</head>", b'<meta name="robots" content="noai"></head>')
        return status, kind, body, headers | {"X-Robots-Tag": self.header}


def looked(database_url: str, folder: Path) -> Any:
    where: dict[str, Any] = {"db": database_url, "data": folder / "data", "outlets": folder / "outlets"}
    span = {"kind": "backfill", "first": DAY.isoformat(), "last": DAY.isoformat(), "refetch": True}
    done = crawl("gazette", **where, **span)
    assert done.end["state"] == "completed", done.log[-3000:]
    db = open_database(database_url)
    (kept,) = iter_articles(db)
    db.close()
    return kept


@pytest.fixture
def outlets(tmp_path: Path) -> Path:
    return tmp_path / "outlets"


def seed(site: PastSite, outlets: Path) -> None:
    site.write_outlet(outlets, "[[seeds]]\nkind = 'sitemap'\nurl = 'ORIGIN/sitemap-index.xml'\n")


def test_everything_that_is_said_is_kept_and_what_is_taken_back_goes(
    database_url: str, tmp_path: Path, outlets: Path
) -> None:
    with Saying(stories(DAY, DAY, 1)) as site:
        seed(site, outlets)
        kept = looked(database_url, tmp_path)
        assert kept.rights == ("ai=no (meta robots)", "archive=no (header x-robots-tag)")
        assert kept.site_rights == ("ai=no (robots.txt content-signal)", "tdm=no (tdmrep.json)")
        site.header, site.tdmrep = "all", (404, b"")
        kept = looked(database_url, tmp_path)
        assert kept.rights == ("ai=no (meta robots)",)
        assert kept.site_rights == ("ai=no (robots.txt content-signal)",)
        assert dict(site.asked(lambda hit: "tdmrep" in hit)) == {"/.well-known/tdmrep.json": 2}


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((200, b"<html>not found</html>"), ()),
        ((500, b""), ("tdm=unknown (tdmrep.json could not be read)",)),
        ((200, b"[" + b" " * 100_000 + b"]"), ("tdm=unknown (tdmrep.json could not be read)",)),
    ],
)
def test_a_reservation_that_cannot_be_read_is_not_taken_for_none(
    tmp_path: Path, outlets: Path, answer: tuple[int, bytes], said: tuple[str, ...]
) -> None:
    with Saying(stories(DAY, DAY, 1)) as site:
        site.robots, site.tdmrep = b"", answer
        seed(site, outlets)
        assert looked(f"sqlite:///{tmp_path}/pressrun.db", tmp_path).site_rights == said


def test_a_file_that_robots_txt_forbids_is_not_asked_for(tmp_path: Path, outlets: Path) -> None:
    with Saying(stories(DAY, DAY, 1)) as site:
        site.robots = b"User-agent: *\nDisallow: /.well-known/\n"
        seed(site, outlets)
        assert looked(f"sqlite:///{tmp_path}/pressrun.db", tmp_path).site_rights == ()
        assert not site.asked(lambda hit: "tdmrep" in hit)
