"""Bad input ends in one clear line that names the thing and the remedy, exit code 2, and no traceback."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import socket
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.cli.root import COMMANDS
from tests.calling import OUTLET, Pressrun, outlet_file


@pytest.mark.parametrize("command", ["crawl", "outlets show", "outlets check"])
def test_an_unknown_outlet_is_named_with_its_neighbours(pressrun: Pressrun, command: str) -> None:
    said = pressrun(*command.split(), "azernwes")
    assert said.code == 2
    assert said.line == "there is no outlet 'azernwes'; did you mean azernews?"


def test_bad_toml_is_named_by_file(pressrun: Pressrun, tmp_path: Path) -> None:
    folder = outlet_file(tmp_path / "mine", "name = Example")
    said = pressrun("crawl", "example_ge", "--outlets", folder)
    assert said.code == 2
    assert "example_ge.toml: is not valid TOML" in said.line


def test_an_unknown_key_is_named_by_file_and_key(pressrun: Pressrun, tmp_path: Path) -> None:
    folder = outlet_file(tmp_path / "mine", f"max_retries = 3\n{OUTLET}")
    said = pressrun("--outlets", folder, "outlets", "show", "example_ge")
    assert said.code == 2
    assert "example_ge.toml: max_retries: unknown key" in said.line


def test_a_missing_outlet_folder_is_named(pressrun: Pressrun, tmp_path: Path) -> None:
    said = pressrun("outlets", "--outlets", tmp_path / "nowhere")
    assert said.code == 2
    assert "nowhere does not exist" in said.line


def test_one_bad_file_does_not_hide_the_other_outlets(pressrun: Pressrun, tmp_path: Path) -> None:
    said = pressrun("outlets", "list", "--outlets", outlet_file(tmp_path / "mine", "name = 1"))
    assert said.code == 2
    assert "azernews" in said.out
    assert "example_ge.toml" in said.line


@pytest.mark.parametrize(
    "command", ["articles list", "status", "db check", "db upgrade", "crawl azernews", "reextract"]
)
def test_an_unreachable_database_is_named(pressrun: Pressrun, command: str) -> None:
    said = pressrun(*command.split(), "--db", "postgresql://someone:secret@127.0.0.1:1/news")
    assert said.code == 2
    assert "127.0.0.1" in said.line
    assert "secret" not in said.line


READING = (
    "status", "articles", "articles list", "articles show 1", "articles search harbour", "articles review",
    "articles export", "articles remove 1 --reason x", "gaps", "recall {tmp}/list.txt", "watch list", "watch test x",
    "watch run", "watch feed x", "watch remove x", "dedup check", "dedup split 1", "dedup join 1 2", "db check",
    "db stats", "db reindex", "reextract", "mcp",
)  # fmt: skip


@pytest.mark.parametrize("command", READING)
def test_a_command_that_needs_a_store_makes_none(pressrun: Pressrun, tmp_path: Path, command: str) -> None:
    (tmp_path / "list.txt").write_text("https://example.ge/1\n")
    said = pressrun(*command.format(tmp=tmp_path).split(), "--db", f"sqlite:///{tmp_path}/nowhere/x.db")
    assert (said.code, said.out) == (2, "")
    assert said.line == (
        f"there is no database at {tmp_path}/nowhere/x.db; name the right one with --db, or make it: "
        "pressrun db upgrade"
    )
    assert not (tmp_path / "nowhere").exists()


def test_a_bare_database_of_a_server_is_no_store_either(pressrun: Pressrun, bare_database_url: str) -> None:
    if bare_database_url.startswith("sqlite"):
        Path(bare_database_url.removeprefix("sqlite:///")).touch()
    said = pressrun("status", "--db", bare_database_url)
    assert said.code == 2
    assert said.line.endswith("holds no tables of Pressrun; run: pressrun db upgrade")


@pytest.mark.parametrize("url", ["nonsense", "mysql://root@localhost/x", "postgresql+foo://host/x"])
def test_a_database_url_that_is_none_says_what_one_looks_like(pressrun: Pressrun, url: str) -> None:
    said = pressrun("articles", "--db", url)
    assert said.code == 2
    assert "sqlite:///" in said.line


def test_a_database_of_a_newer_version_is_left_alone(pressrun: Pressrun, tmp_path: Path) -> None:
    assert pressrun("db", "upgrade").code == 0
    with sqlite3.connect(tmp_path / "data" / "pressrun.db") as store:
        store.execute("UPDATE alembic_version SET version_num = '9999'")
    store.close()
    said = pressrun("articles")
    assert said.code == 2
    assert "newer" in said.line
    assert "update" in said.line.lower()


@pytest.mark.parametrize("place", ["/proc/no/pressrun.db", "{tmp}/file/pressrun.db"])
def test_a_folder_that_cannot_be_written_is_named(pressrun: Pressrun, tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("not a folder")
    path = place.format(tmp=tmp_path)
    said = pressrun("db", "upgrade", "--db", f"sqlite:///{path}")
    assert said.code == 2
    assert str(Path(path).parent) in said.line


@pytest.mark.parametrize("outlets", [("azernews",), ("azernews", "trend")])
def test_a_folder_in_which_a_crawl_cannot_write_is_named(
    pressrun: Pressrun, tmp_path: Path, outlets: tuple[str, ...]
) -> None:
    (tmp_path / "file").write_text("not a folder")
    said = pressrun("crawl", *outlets, "--data", tmp_path / "file")
    assert said.code == 2
    assert said.line.startswith(f"cannot write logs to {tmp_path}/file/logs/")
    assert said.line.endswith("(Not a directory); make it writable, or set PRESSRUN_DATA")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_named(pressrun: Pressrun, tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    said = pressrun("db", "upgrade", "--db", f"sqlite:///{folder}/pressrun.db")
    assert said.code == 2
    assert str(folder) in said.line


def test_an_unknown_setting_in_the_environment_is_named(pressrun: Pressrun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSRUN_DBS", "x")
    said = pressrun("outlets")
    assert said.code == 2
    assert said.line == "unknown setting PRESSRUN_DBS; did you mean PRESSRUN_DB?"


def test_a_setting_that_is_not_in_utf_8_is_named(pressrun: Pressrun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESSRUN_DATA", "/data/caf\udce9")
    said = pressrun("outlets")
    assert said.code == 2
    assert said.line == r"PRESSRUN_DATA is not in UTF-8: '/data/caf\udce9'; rename what it names"


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("crwal",), "No such command 'crwal'"),
        (("--colour",), "No such option"),
        (("crawl",), "Missing argument"),
        (("crawl", "azernews", "--limit", "0"), "--limit"),
        (("crawl", "azernews", "--since", "yesterday"), "'yesterday' is not a day such as 2024-03-31"),
        (("backfill", "trend", "--from", "2024-03-01"), "--to"),
        (("backfill", "trend", "--from", "2024-03-01", "--to", "2024-02-01"), "2024-03-01"),
        (("articles", "list", "--from", "2024-13-01"), "'2024-13-01' is not a day"),
        (("articles", "list", "--from", "2024-02-02", "--to", "2024-02-01"), "--from 2024-02-02 is after --to"),
        (("articles", "list", "--from", "0001-01-01"), "0001-01-01 is not between 1600-01-01 and 2999-12-31"),
        (("gaps", "--to", "9999-12-31"), "9999-12-31 is not between 1600-01-01 and 2999-12-31"),
        (("articles", "list", "--changed-since", "9999-12-31T23:59-12:00"), "9999-12-31 is not between"),
        (("articles", "list", "--limit", "99999999999999999999"), "99999999999999999999"),
        (("articles", "show", "99999999999999999999"), "99999999999999999999"),
        (("articles", "remove", "99999999999999999999", "--reason", "x"), "99999999999999999999"),
        (("articles", "list", "--outlets", "x" * 5000), "File name too long"),
        (("gaps", "--html", ""), "cannot write .: Is a directory"),
        (("watch", "add", "caf\udce9"), r"'caf\udce9' is not in UTF-8"),
        (("db", "restore", "nowhere.db", "--db", "nonsense"), "the database URL cannot be read"),
        (("articles", "export", "--format", "parquet"), "parquet"),
        (("articles", "export", "--format", "txt"), "name a folder with --out"),
        (("articles", "show", "first"), "'first' is no id of an article; `pressrun articles list` shows ids"),
        (("dedup", "join", "1", "0"), "'0' is no id of an article"),
        (("import",), "Missing argument"),
        (("import", "nowhere.jsonl"), "nowhere.jsonl"),
        (("import", "ftp://x/y"), "ftp://x/y is no address that can be read; give a file, or an http or https address"),
        (("extract", "nowhere.html"), "nowhere.html"),
        (("extract", "--batch", "nowhere.jsonl"), "nowhere.jsonl"),
        (("extract", "--batch", "rows.jsonl", "--explain"), "--explain shows a single page: name a FILE"),
        (("extract", "p.html", "--batch", "rows.jsonl"), "--batch names its pages itself: leave p.html out"),
        (("extract", "--batch", "rows.jsonl", "--url", "https://example.com/a"), "--url and --outlet are for a single"),
        (("extract", "p.html", "--url", "foo"), "--url 'foo' is no http or https address"),
    ],
)
def test_wrong_use_says_what_is_wrong(
    pressrun: Pressrun, sqlite_template: Path, tmp_path: Path, words: tuple[str, ...], part: str
) -> None:
    (tmp_path / "data").mkdir()
    shutil.copy(sqlite_template, tmp_path / "data" / "pressrun.db")
    said = pressrun(*words)
    assert said.code == 2
    assert part in said.line


def test_a_folder_instead_of_rows_is_named(pressrun: Pressrun, tmp_path: Path) -> None:
    said = pressrun("extract", "--batch", tmp_path)
    assert (said.code, said.line) == (2, f"cannot read the rows of {tmp_path}: Is a directory")


def test_an_id_that_no_encoding_can_write_is_escaped(pressrun: Pressrun, tmp_path: Path) -> None:
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"id": "half a pair \\ud800", "url": "https://example.com/a", "file": "nowhere.html"}\n')
    said = pressrun("extract", "--batch", rows)
    assert said.code == 1
    assert json.loads(said.out)["id"] == "half a pair \ud800"


def test_rows_without_a_page_that_can_be_read_need_a_person(pressrun: Pressrun, tmp_path: Path) -> None:
    (tmp_path / "empty.html").write_text("")
    rows = tmp_path / "rows.jsonl"
    rows.write_text('{"id": 1, "url": "https://example.com/a", "file": "nowhere.html"}\nno row\n{"id": 3}\n')
    said = pressrun("extract", "--batch", rows)
    assert said.code == 1
    assert said.line == "3 of 3 rows name no page that can be read; their `detail` says why"
    answers = [json.loads(line) for line in said.out.splitlines()]
    assert [answer["reason"] for answer in answers] == ["empty"] * 3
    assert answers[0]["detail"] == "cannot read nowhere.html: No such file or directory"
    assert answers[1]["detail"].startswith("cannot read row 2: Expecting value")
    assert answers[2]["detail"] == "cannot read row 3: the key 'file' is missing"
    rows.write_text('{"id": 1, "url": "https://example.com/a", "file": "empty.html"}\n')
    said = pressrun("extract", "--batch", rows)
    assert (said.code, said.err) == (0, ""), "a page without bytes is a page that was read"
    assert not json.loads(said.out)["detail"].startswith("cannot read")


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda packed: packed[:10] + b"\x07" + packed[11:], "its gzip is damaged: "),  # a block of a type that is none
        (lambda packed: packed[:-4] + b"\0\0\0\0", "its gzip is damaged: "),  # another length than was packed
        (lambda packed: packed[:-20], "its gzip is cut off"),
    ],
    ids=["damaged", "other length", "cut off"],
)
def test_a_saved_page_whose_gzip_is_not_whole_is_named(
    pressrun: Pressrun, tmp_path: Path, spoil: Callable[[bytes], bytes], why: str
) -> None:
    file = tmp_path / "page.html.gz"
    file.write_bytes(spoil(gzip.compress(b"<html><body><p>One line.</p></body></html>" * 20)))
    said = pressrun("extract", file)
    assert said.code == 2
    assert said.line.startswith(f"cannot read {file}: {why}")


def test_a_saved_page_that_unpacks_to_more_than_a_page_may_hold_is_refused(pressrun: Pressrun, tmp_path: Path) -> None:
    file = tmp_path / "bomb.html.gz"
    file.write_bytes(gzip.compress(b"<p>" * 20_000_000))
    said = pressrun("extract", file)
    assert (said.code, said.out) == (1, "rejected: hostile (size: 16000001 bytes)\n")


def test_an_article_that_is_not_there_is_named(pressrun: Pressrun) -> None:
    pressrun("db", "upgrade")
    said = pressrun("articles", "show", "7")
    assert said.code == 2
    pressrun("db", "upgrade")
    assert "7" in said.line


def test_a_port_that_is_taken_is_named(pressrun: Pressrun) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = pressrun("up", "--port", port)
    assert said.code == 2
    assert f"port {port}" in said.line
    assert "--port" in said.line


def test_debug_shows_the_traceback_on_either_side_of_the_command(pressrun: Pressrun) -> None:
    for words in (("--debug", "outlets", "show", "none"), ("outlets", "show", "none", "--debug")):
        said = pressrun(*words)
        assert said.code == 2
        assert "Traceback" in said.err
        assert said.err.splitlines()[-1].startswith("pressrun: there is no outlet 'none'")


def test_an_error_of_our_own_is_one_line_too(pressrun: Pressrun, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(COMMANDS, "outlets", ("no_such_module", ""))
    said = pressrun("outlets")
    assert said.code == 1
    assert "ModuleNotFoundError" in said.line
    assert "--debug" in said.line
