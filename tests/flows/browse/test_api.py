"""The API through real HTTP: values, errors, and a system that follows the archive."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx

from storage.jobs import RemovalFiles, removal_of_article, take_down
from tests.flows.reading import FERRY_TITLE

from .conftest import TOKEN, Served, served


def test_another_system_follows_edits_and_removals(archive: Served, tmp_path: Path) -> None:
    mirror: dict[int, Any] = {}

    def follow(since: int) -> int:
        while True:
            page = archive.json("/api/v1/changes", params={"since": since, "limit": 2})
            for change in page["changes"]:  # type: ignore[attr-defined]
                if change["kind"] == "removed":
                    del mirror[change["id"]]
                else:
                    mirror[change["id"]] = change["article"]
            since = int(str(page["cursor"]))
            if not page["more"]:
                return since

    cursor = follow(0)
    assert len(mirror) == 6
    snow = archive.id_of("herald", 2)
    take_down(archive.db, removal_of_article(archive.db, snow), "test", RemovalFiles(tmp_path / "a", tmp_path / "log"))
    cursor = follow(cursor)
    assert len(mirror) == 5
    assert snow not in mirror
    listed = archive.json("/api/v1/articles", params={"which": "all"})["articles"]
    assert mirror == {each["id"]: each for each in listed}  # type: ignore[attr-defined]
    ahead = archive.get("/api/v1/changes", params={"since": cursor + 1})
    assert ahead.status_code == 409
    assert "begin again" in ahead.json()["error"]


def test_articles_and_search_answer_with_values(archive: Served) -> None:
    found = archive.json("/api/v1/search", params={"q": "ferries", "country": "az"})
    hit = found["articles"][0]  # type: ignore[index]
    assert hit["title"] == FERRY_TITLE
    assert hit["copies"] == 2
    assert ["ferries", True] in hit["marked_title"]
    for use, number in (("ai", 0), ("tdm", 1)):  # the page says ai=no
        titled = archive.json("/api/v1/search", params={"q": "title:harbourton", "respect": use})
        assert len(titled["articles"]) == number, use  # type: ignore[arg-type]
    article = archive.json(f"/api/v1/articles/{hit['id']}")
    assert article["outlet_name"] == "The Harbour Herald"
    assert article["provenance"]["http_status"] == 200  # type: ignore[index]
    listed = archive.json("/api/v1/articles", params={"outlet": "herald", "limit": 1})
    assert len(listed["articles"]) == 1  # type: ignore[arg-type]
    assert listed["cursor"]
    assert {each["id"] for each in archive.json("/api/v1/outlets")["outlets"]} >= {"herald", "bandar"}  # type: ignore[attr-defined]
    assert len(archive.json("/api/v1/runs", params={"limit": 2})["runs"]) == 2  # type: ignore[arg-type]


WRONG = (
    ("articles?limit=101", 400), ("articles?x=1", 400), ("outlets?x=1", 400), ("articles/4711", 404),
    ("changes?since=-1", 400), ("changes?limit=1001", 400), ("nothing", 404), ("search?q=(", 400), ("articles/x", 400),
)  # fmt: skip


def test_an_error_is_json_with_one_sentence(archive: Served) -> None:
    for path, status in WRONG:
        answer = archive.get(f"/api/v1/{path}")
        assert answer.status_code == status, path
        assert set(answer.json()) == {"error"}
        assert "\n" not in answer.json()["error"]


def test_the_description_names_every_path_and_the_page_of_it_needs_nothing_else(archive: Served) -> None:
    described = archive.json("/api/v1/openapi.json")
    paths = set(described["paths"])  # type: ignore[call-overload]
    names = ("articles", "articles/{article_id}", "search", "outlets", "runs", "changes")
    assert paths == {f"/api/v1/{name}" for name in names}
    page = archive.get("/api").text
    for path in paths:
        assert path in page
    assert "https://" not in page


def test_a_token_is_asked_for_and_a_browser_is_led_to_the_login(database_url: str, tmp_path: Path) -> None:
    with served(database_url, tmp_path, TOKEN) as url, httpx.Client(base_url=url, timeout=60) as client:
        refused = client.get("/api/v1/articles")
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
        assert client.get("/api/v1/articles", headers={"authorization": "Bearer wrong"}).status_code == 401
        assert client.get("/api/v1/articles", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200
        led = client.get("/search?q=a%26b", headers={"accept": "text/html"})
        assert (led.status_code, led.headers["location"]) == (303, "/login?next=/search%3Fq%3Da%2526b")
        assert client.get(led.headers["location"]).status_code == 200
        assert client.post("/login", data={"token": "wrong", "next": "/runs"}).status_code == 401
        assert client.get("/runs").status_code == 401
        came = client.post("/login", data={"token": TOKEN, "next": "//evil.example/"})
        assert (came.status_code, came.headers["location"]) == (303, "/")
        cookie = came.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert TOKEN not in cookie
        assert client.get("/runs").status_code == 200
        client.post("/logout")
        assert client.get("/runs").status_code == 401


def test_without_a_token_other_names_of_this_machine_are_refused(archive: Served) -> None:
    assert archive.get("/", headers={"host": "evil.example"}).status_code == 421
    assert archive.get("/", headers={"host": "localhost:80"}).status_code == 200
    assert archive.get("/", headers={"host": "[::1]:80"}).status_code == 200
