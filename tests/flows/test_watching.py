"""Saved searches are told after runs: once, by each destination, and as a feed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import pytest

from crawlers.environment import Settings
from flows import watching
from flows.notify import notify_changes
from flows.watching import feed, tell_watches
from storage import frontier, watches
from storage.articles import Selection, Which
from storage.database import Database
from storage.jobs import RemovalFiles, removal_of_address, take_down
from storage.watches import Watch
from tests.calling import Pressrun
from tests.cli.conftest import pressrun  # noqa: F401 - a fixture
from tests.flows.test_notify import Hook, a_webhook  # noqa: F401 - a fixture
from tests.storage.building import begin, put

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


@pytest.fixture(name="settings")
def some_settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(database_url, None, tmp_path, "a@example.org")


def save(db: Database, *to: str, daily: bool = False) -> None:
    wanted = Selection(query="number7", which=Which.ALL)
    watches.add_watch(db, Watch("ferries", wanted, to, daily, NOW, 0, NOW, None))


def story(db: Database, outlet: str, name: object, **more: object) -> None:
    run = begin(db, outlet)
    put(db, run, f"https://{outlet}.ge/{name}", 7, **more)
    frontier.end_run(db, run.id, "completed", {})


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ((), "name a query or a filter"),
        (("--only-copies",), "No such option '--only-copies'"),
        (("--copies",), "No such option '--copies'"),
        (("--author", ""), "the author '' has no letter or figure"),
        (("",), "the query '' is wrong at character 1: it is empty"),
    ],
)
def test_a_search_for_everything_is_not_saved(pressrun: Pressrun, given: tuple[str, ...], told: str) -> None:  # noqa: F811
    assert pressrun("db", "upgrade").code == 0
    said = pressrun("watch", "add", "everything", *given)
    assert (said.code, told in said.line) == (2, True), said.line
    assert "no saved searches yet" in pressrun("watch", "list").out


def test_the_end_of_a_run_tells_a_story_once_with_those_who_copied_it(
    database: Database, settings: Settings, hook: Hook
) -> None:
    save(database, hook.url)
    story(database, "herald", 1)
    story(database, "echo", 1, hours=2)
    assert notify_changes(settings) is None
    assert notify_changes(settings) is None
    [body] = hook.bodies
    assert body["title"] == "Pressrun, ferries: 1 new story"
    assert "About 7\nHerald, 2025-03-04 09:30 UTC; also in 1 other outlet: Echo\nhttps://herald.ge/1" in body["message"]


def test_what_could_not_be_sent_is_sent_later_and_only_there(
    database: Database, settings: Settings, hook: Hook
) -> None:
    closed = "json://127.0.0.1:1/"
    save(database, hook.url, closed)
    story(database, "herald", 1)
    problem = tell_watches(settings)
    assert problem == "the saved search ferries could not be told by json; try: pressrun watch test"
    assert tell_watches(settings) == problem
    assert len(hook.bodies) == 1, "one destination has it, and is not told twice"
    assert len(watches.waiting(database, "ferries")) == 1


def test_a_crash_between_finding_and_sending_loses_nothing(
    database: Database, settings: Settings, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(database, hook.url)
    story(database, "herald", 1)

    def killed(*_: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(watching, "send", killed)
        with pytest.raises(KeyboardInterrupt):
            tell_watches(settings)
    assert tell_watches(settings) is None
    assert len(hook.bodies) == 1


def test_a_crash_between_sending_and_noting_it_sends_once_more(
    database: Database, settings: Settings, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(database, hook.url)
    story(database, "herald", 1)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(watches, "note_sent", killed)
        with pytest.raises(KeyboardInterrupt):
            tell_watches(settings)
    assert tell_watches(settings) is None
    assert tell_watches(settings) is None
    assert len(hook.bodies) == 2


def test_a_digest_comes_once_a_day(database: Database, settings: Settings, hook: Hook) -> None:
    save(database, hook.url, daily=True)
    run = begin(database)
    for day, hour, told in ((29, 2, 1), (29, 14, 1), (30, 2, 2)):
        put(database, run, f"https://example.ge/{day}{hour}", f"{day}{hour}", text=f"{day}{hour} number7")
        assert tell_watches(settings, datetime(2026, 11, day, hour, tzinfo=UTC)) is None
        assert len(hook.bodies) == told
    assert hook.bodies[1]["title"] == "Pressrun, ferries: 2 new stories"


def test_what_was_taken_down_is_not_told(database: Database, settings: Settings, hook: Hook, tmp_path: Path) -> None:
    save(database, hook.url)
    story(database, "herald", 1)
    hook.status = 500
    assert tell_watches(settings)
    hook.bodies.clear()
    hook.status = 200
    removal = removal_of_address(database, "https://herald.ge/1")
    take_down(database, removal, "asked for", RemovalFiles(tmp_path / "archive", tmp_path / "takedowns.jsonl"))
    assert tell_watches(settings) is None
    assert hook.bodies == []
    assert watches.waiting(database, "ferries") == []


def test_the_feed_has_the_stories_without_a_destination_too(database: Database, settings: Settings) -> None:
    save(database)
    story(database, "herald", 1, title="Ferry <b>&amp; harbour")
    assert tell_watches(settings) is None
    root = ElementTree.fromstring(feed(database, "ferries"))
    [item] = root.iter("item")
    assert item.findtext("title") == "Ferry <b>&amp; harbour"
    assert item.findtext("link") == "https://herald.ge/1"
    assert item.findtext("description") == "Herald, 2025-03-04 09:30 UTC"
    assert item.findtext("pubDate") == "Tue, 04 Mar 2025 09:30:00 +0000"


def test_a_store_that_cannot_be_opened_is_a_problem_and_no_crash(settings: Settings, tmp_path: Path) -> None:
    broken = replace(settings, db=f"sqlite:///{tmp_path}")
    assert "saved searches: " in (tell_watches(broken) or "")


def test_searches_are_saved_listed_tried_and_removed(pressrun: Pressrun, database: Database, hook: Hook) -> None:  # noqa: F811
    db = ("--db", database.url.render_as_string(hide_password=False))
    story(database, "herald", 1)
    assert pressrun("watch", "add", "ferries", "number7 -fog", "--send-to", hook.url, *db).code == 0
    assert pressrun("watch", "list", *db, "--json").json == [
        {"name": "ferries", "query": "number7 -fog", "filters": {}, "digest": "at-once", "sent_to": ["json"],
         "waiting": 0, "told_at": None}
    ]  # fmt: skip
    assert "127.0.0.1" not in pressrun("watch", "list", *db).out, "an address may hold a password"
    said = pressrun("watch", "test", "ferries", *db)
    assert (said.code, "About 7" in said.out) == (0, True)
    assert hook.bodies[0]["title"] == "Pressrun, ferries: 1 new story (a trial)"
    assert pressrun("watch", "run", *db).code == 0
    assert len(hook.bodies) == 1, "what was there before is not told"
    assert pressrun("watch", "feed", "ferries", *db).out.startswith("<?xml")
    home = "https://archive.example/"
    assert f"<link>{home}</link>" in pressrun("watch", "feed", "ferries", "--home", home, *db).out
    assert (
        "'nowhere' is no http or https address" in pressrun("watch", "feed", "ferries", "--home", "nowhere", *db).line
    )
    assert pressrun("watch", "remove", "ferries", *db).code == 0
    for words, line in (
        (("test", "ferries"), "there is no saved search 'ferries'"),
        (("add", "x"), "name a query or a filter"),
        (("add", "x", "y", "--send-to", "secret"), "--send-to takes a URL of Apprise"),
        (("add", "x", "(y"), "the query '(y' is wrong"),
    ):
        said = pressrun("watch", *words, *db)
        assert said.code == 2
        assert line in said.line
        assert "secret" not in said.line


def test_each_command_says_what_it_did_and_as_json_for_scripts(
    pressrun: Pressrun,  # noqa: F811
    database: Database,
    hook: Hook,
) -> None:
    db = ("--db", database.url.render_as_string(hide_password=False))
    assert pressrun("watch", "run", *db, "--json").json == []
    assert "no saved searches yet" in pressrun("watch", "run", *db).out
    added = pressrun("watch", "add", "a b", "number7", "--send-to", hook.url, *db, "--json").json
    assert added == pressrun("watch", "list", *db, "--json").json[0]
    story(database, "herald", 1)
    tried = pressrun("watch", "test", "a b", *db, "--json").json
    [one] = tried["stories"]
    assert (one["url"], one["title"]) == ("https://herald.ge/1", "About 7")
    assert (tried["sent_to"], tried["failed"]) == (["json"], [])
    assert tried["subject"] == "Pressrun, a b: 1 new story"
    assert "About 7" in tried["text"]
    assert pressrun("watch", "run", *db, "--json").json == [{"name": "a b", "new": 1, "waiting": 0, "problem": None}]
    hook.status = 500
    story(database, "herald", 2, text="Another ferry, number7")
    failed = pressrun("watch", "run", *db, "--json")
    problem = "the saved search a b could not be told by json; try: pressrun watch test"
    assert (failed.code, failed.line) == (1, problem)
    assert failed.json == [{"name": "a b", "new": 1, "waiting": 1, "problem": problem}]
    assert pressrun("watch", "run", *db).out == "name\tnew\twaiting\na b\t0\t1\n"
    assert pressrun("watch", "test", "a b", *db, "--json").json["failed"] == ["json"]
    assert pressrun("watch", "remove", "a b", *db, "--json").json == {"removed": "a b"}
    said = pressrun("watch", "add", "a b", "number7", *db)
    assert said.err == "saved; try it: pressrun watch test 'a b'\n"
    assert pressrun("watch", "remove", "a b", *db).out == "a b: removed\n"


def test_an_old_teller_is_given_up_after_its_time(database: Database, settings: Settings, hook: Hook) -> None:
    save(database, hook.url)
    story(database, "herald", 1)
    assert watches.begin_telling(database, "ferries", NOW)
    assert tell_watches(settings, NOW + timedelta(minutes=1)) is None
    assert hook.bodies == []
    assert tell_watches(settings, NOW + timedelta(minutes=11)) is None
    assert len(hook.bodies) == 1
