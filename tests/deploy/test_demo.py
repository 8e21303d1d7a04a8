"""`make demo`, and that it touches nobody's archive."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.demo.__main__ import IDS, main
from deploy.demo.place import clean_place
from storage import articles
from storage.database import open_database
from storage.jobs import import_rows

ROW = {"url": "https://www.example.ge/1", "text": "Something happened in the town."}


def store(root: Path, outlet: str) -> Path:
    """A store at root/data with one article of an outlet, and a raw file of it."""
    file = root / "data" / "pressrun.db"
    db = open_database(f"sqlite:///{file}")
    import_rows(db, [(1, ROW | {"outlet": outlet})])
    db.close()
    (root / "data" / "archive").mkdir()
    (root / "data" / "archive" / f"20250101-{outlet.replace('_', '-')}-1.warc.gz").touch()
    return file


def test_what_an_earlier_demo_left_makes_room(tmp_path: Path) -> None:
    file = store(tmp_path, "demo_herald")
    settings = clean_place(IDS, tmp_path, tmp_path)
    assert (settings.db, settings.data) == (f"sqlite:///{file}", tmp_path / "data")
    assert not file.exists()
    assert not list((tmp_path / "data" / "archive").iterdir())


def test_an_archive_of_somebodys_own_is_left_alone(tmp_path: Path) -> None:
    file = store(tmp_path, "azernews")
    settings = clean_place(IDS, tmp_path, tmp_path)
    assert settings.db == f"sqlite:///{tmp_path}/data/demo/pressrun.db"
    db = open_database(f"sqlite:///{file}")
    assert len(list(articles.iter_articles(db))) == 1
    db.close()
    assert len(list((tmp_path / "data" / "archive").iterdir())) == 1


def test_a_first_demo_uses_the_usual_place(tmp_path: Path) -> None:
    assert clean_place(IDS, tmp_path, tmp_path).db == f"sqlite:///{tmp_path}/data/pressrun.db"


@pytest.mark.prefect
def test_the_demo_ends_well_and_says_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(tmp_path)
    out = capsys.readouterr().out
    assert code == 0, out
    assert "8 copies found" in out
    assert "1 gone:http_404" in out
    assert "second night: 0 articles, 10 seeds (10 unchanged)" in out
    assert "The second night fetched no article again." in out
    assert ".venv/bin/pressrun articles list" in out
    assert "http://127.0.0.1:4200" in out
