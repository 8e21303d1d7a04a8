"""A command imports what it needs and nothing else: the program starts at once, and extraction needs no database."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
HEAVY = (
    "sqlalchemy",
    "scrapy",
    "prefect",
    "twisted",
    "rich",
    "trafilatura",
    "alembic",
    "pydantic",
    "numpy",
    "anyio.abc",
)

SCRIPT = """
import sys
from flows.cli.root import run
code = run(sys.argv[1:])
print("imported:", *sorted(sys.modules), file=sys.stderr)
sys.exit(code)
"""


def imported(*words: str, given: str = "", code: int = 0) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *words], input=given, capture_output=True, text=True, cwd=ROOT, timeout=60
    )
    assert done.returncode == code, done.stderr
    return {name for name in done.stderr.rpartition("imported:")[2].split() if name in HEAVY}


@pytest.mark.parametrize("words", [("--help",), ("--version",)])
def test_help_imports_nothing_heavy(words: tuple[str, ...]) -> None:
    assert imported(*words) == set()


def test_extraction_of_a_batch_needs_no_database_no_crawler_and_no_server() -> None:
    assert imported("extract", "--batch", "-") & {"sqlalchemy", "scrapy", "prefect", "twisted", "alembic"} == set()


def test_outlets_need_no_database() -> None:
    assert imported("outlets", "list") & {"sqlalchemy", "scrapy", "prefect", "trafilatura"} == set()


def test_reading_the_archive_needs_no_crawler_and_no_server(tmp_path: Path) -> None:
    db = f"sqlite:///{tmp_path}/p.db"
    imported("db", "upgrade", "--db", db)
    heavy = imported("articles", "list", "--db", db)
    assert heavy & {"scrapy", "prefect", "twisted", "trafilatura"} == set()


def test_status_needs_no_migrations_no_deduplication_and_no_outlet_models(tmp_path: Path) -> None:
    db = f"sqlite:///{tmp_path}/p.db"
    imported("db", "upgrade", "--db", db)
    assert imported("status", "--db", db) == {"sqlalchemy"}


def test_a_crawl_leaves_the_store_to_its_process(tmp_path: Path) -> None:
    """The command looks at the store without SQLAlchemy; here the crawl fails, since nothing answers."""
    db, outlets = f"sqlite:///{tmp_path}/p.db", tmp_path / "outlets"
    imported("db", "upgrade", "--db", db)
    outlets.mkdir()
    (outlets / "away.toml").write_text(
        'name = "Away"\nhome = "http://127.0.0.1:9/"\ncountry = "xx"\nlanguages = ["en"]\ntimezone = "UTC"\n'
        'allow_private = true\n[urls]\narticle = \'/news/\'\n[[seeds]]\nkind = "feed"\nurl = "http://127.0.0.1:9/feed"\n'
    )
    heavy = imported("crawl", "away", "--db", db, "--outlets", str(outlets), "--data", str(tmp_path), code=2)
    assert heavy == {"pydantic"}, "anyio is needed only where a crawl has to be stopped"
