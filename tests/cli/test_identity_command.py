"""`pressrun identity`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.calling import Pressrun


@pytest.fixture(name="key")
def a_key(pressrun: Pressrun, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "id.pem"
    said = pressrun("identity", "new", file)
    assert said.code == 0
    assert f"PRESSRUN_IDENTITY={file}" in said.out
    assert "PRIVATE" not in said.out
    monkeypatch.setenv("PRESSRUN_IDENTITY", str(file))
    monkeypatch.setenv("PRESSRUN_IDENTITY_URL", "https://bot.example")
    return file


def test_the_directory_holds_the_public_key_alone(pressrun: Pressrun, key: Path) -> None:
    (one,) = pressrun("identity", "directory").json["keys"]
    assert set(one) == {"kty", "crv", "x", "kid", "use"}


def test_a_script_learns_where_the_key_is(pressrun: Pressrun, tmp_path: Path) -> None:
    file = tmp_path / "my keys" / "id.pem"
    file.parent.mkdir()
    said = pressrun("identity", "new", file, "--json")
    path = "/.well-known/http-message-signatures-directory"
    assert said.json == {"file": str(file), "directory_path": path}
    file.unlink()
    assert f"PRESSRUN_IDENTITY='{file}'" in pressrun("identity", "new", file).out


def test_the_page_says_who_crawls_how_to_object_and_how_to_be_sure(
    pressrun: Pressrun, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESSRUN_CONTACT", "https://archive.example/bot?<b>")
    page = pressrun("identity", "page").out
    assert "https://archive.example/bot?&lt;b&gt;" in page
    assert "User-agent: Pressrun" in page
    assert "https://bot.example/.well-known/http-message-signatures-directory" in page


def test_the_page_needs_no_key(pressrun: Pressrun) -> None:
    page = pressrun("identity", "page").out
    assert "Disallow" in page
    assert "signature" not in page


def test_what_is_missing_is_named(pressrun: Pressrun, key: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "never overwritten" in pressrun("identity", "new", key).line
    monkeypatch.delenv("PRESSRUN_IDENTITY_URL")
    assert "PRESSRUN_IDENTITY_URL" in pressrun("identity", "directory").line
    monkeypatch.delenv("PRESSRUN_IDENTITY")
    assert "pressrun identity new" in pressrun("identity", "directory").line
