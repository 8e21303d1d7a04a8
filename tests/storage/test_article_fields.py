"""The fields of an article are stated in the model. The store, exports, imports, batches and the command line follow."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from dataclasses import fields
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from crawlers.extraction.workers.batch import as_row as batch_row
from storage.article_fields import KINDS, RULES, Kind, to_columns, to_row
from storage.articles import Selection, export_articles, iter_articles
from storage.articles.export import COLUMNS
from storage.database import Database
from storage.frontier import Extracted
from storage.jobs import import_rows
from storage.model import Article, DateSource, Precision, Published
from storage.schema import tables
from tests.storage.building import begin, end_page, lease_page

ROOT = Path(__file__).resolve().parent.parent.parent
AT = datetime(2025, 3, 4, 9, 30, tzinfo=timezone(timedelta(hours=4)))
FULL = Article(
    url="https://herald.example/1", title="A ferry", text="Words of the ferry. " * 12, authors=("A. Writer", "B. Other"),
    published=Published(AT, Precision.MINUTE, DateSource.META, "4 March"), language="en", section="harbour",
    credit="Agency", image="https://herald.example/1.jpg", canonical_url="https://herald.example/one",
    rights=("ai=no (meta robots)",), site_rights=("search=yes (robots.txt content-signal)",), quality=0.87,
)  # fmt: skip
NAMES = [field.name for field in fields(Article)]


def columns_of(name: str) -> list[str]:
    """The columns that hold a field: its own, or the three of a publication instant that others may read."""
    kinds = {Kind.PUBLISHED: ["published_at", "published_precision", "published_source"]}
    return kinds.get(KINDS[name], [name])


def test_the_example_fills_every_field() -> None:
    assert all(getattr(FULL, name) for name in NAMES)
    assert list(RULES) == list(KINDS) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_field_has_its_columns_in_the_store_in_exports_and_in_batches(name: str) -> None:
    for column in columns_of(name):
        assert column in tables.Article.__table__.columns
        assert column in COLUMNS
        assert column in to_columns(FULL)
        assert column in batch_row(1, FULL) or name == "url"


def test_an_article_comes_out_of_the_store_as_it_went_in(database: Database) -> None:
    run = begin(database, "herald")
    end_page(database, run, lease_page(database, run, FULL.url), Extracted(FULL))
    [stored] = iter_articles(database)
    assert {name: getattr(stored, name) for name in NAMES} == {name: getattr(FULL, name) for name in NAMES}
    assert stored.published is not None
    assert stored.published.at.isoformat() == AT.isoformat()


def test_what_is_exported_can_be_imported_with_every_field(database: Database) -> None:
    import_rows(database, [(1, to_row(FULL) | {"outlet": "herald"})])
    out = io.StringIO()
    export_articles(database, out, "jsonl", Selection())
    row = json.loads(out.getvalue())
    imported = {"published_precision": "second", "published_source": "import"}  # what a row says of its own date
    assert {name: row[name] for name in to_row(FULL)} == to_row(FULL) | imported


NEW_FIELD = """
import io, json, sys, types
from pathlib import Path

source = Path("storage/model.py").read_text()
last = "    canonical_url: str | None = field(default=None, metadata=_rules(4000))"
assert last in source
source = source.replace(last, last + "\\n    dateline: str | None = field(default=None, metadata=_rules(60, filled=True))")
model = types.ModuleType("storage.model")
sys.modules["storage.model"] = model
exec(compile(source, "storage/model.py", "exec"), model.__dict__)

from crawlers.extraction.workers.batch import as_row
from crawlers.extraction.workers.protocol import outcome_from_json, outcome_to_json
from storage.articles import Selection, export_articles
from storage.database import connect
from storage.jobs import import_rows
from storage.schema.tables import Base

db = connect(sys.argv[1])
Base.metadata.create_all(db.engine)
row = {"url": "https://a.example/1", "title": "T", "text": "words " * 50, "outlet": "a"}
import_rows(db, [(1, row), (2, row | {"dateline": "HARBOURTON"})])
out = io.StringIO()
export_articles(db, out, "jsonl", Selection())
article = model.Article("https://a.example/1", "T", "words", dateline="HARBOURTON")
print(json.loads(out.getvalue())["dateline"], outcome_from_json(outcome_to_json(article)).dateline, as_row(1, article)["dateline"])
"""


def test_a_new_field_of_the_model_is_stored_filled_exported_imported_and_sent_without_another_edit(
    tmp_path: Path,
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", NEW_FIELD, f"sqlite:///{tmp_path}/new.db"],
        capture_output=True, text=True, cwd=ROOT, timeout=120,
    )  # fmt: skip
    assert done.stdout.split() == ["HARBOURTON"] * 3, done.stderr
