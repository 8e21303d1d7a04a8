"""Migrations and models say the same, in both directions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, update

from storage import database as databases
from storage.articles import Selection, count_articles
from storage.database import Database, open_database
from storage.dedup import recheck_archive
from storage.jobs import check_store
from storage.schema import versions as schema
from storage.schema.tables import Article, Base
from storage.search import reindex
from tests.storage.building import all_articles, begin, put
from tests.storage.stories import FERRY, edited

INDEX = "search_index"  # the full-text index; it differs between the databases, and storage.search alone knows it


def tables(db: Database) -> set[str]:
    with db.read() as c:
        return {name for name in inspect(c).get_table_names() if not name.startswith(INDEX)} - {"alembic_version"}


def of_this_database(database: Database) -> Callable[..., bool]:
    """Leaves out what the models declare for the other database alone."""

    def included(thing: Any, name: str | None, kind: str, reflected: bool, compared: Any) -> bool:
        if kind == "table" and str(name).startswith(INDEX):
            return False
        condition = getattr(thing, "_ddl_if", None)
        return reflected or condition is None or condition.dialect == database.dialect

    return included


def test_models_and_migrations_make_the_same_tables(database: Database) -> None:
    opts = {"compare_type": True, "compare_server_default": True, "include_object": of_this_database(database)}
    with database.read() as c:
        context = MigrationContext.configure(c, opts=opts)
        assert compare_metadata(context, Base.metadata) == []


def test_every_migration_goes_forward_back_and_forward_again(bare_database_url: str) -> None:
    db = open_database(bare_database_url)
    everything = tables(db)
    assert everything == set(Base.metadata.tables)
    for version in [*sorted(schema.versions(), reverse=True)[1:], "base"]:
        databases.downgrade(db, version)
    assert tables(db) == set()
    for version in sorted(schema.versions()):
        databases.migrate(db, version)
        assert databases.version(db) == version
    assert tables(db) == everything
    db.close()


def test_migrations_keep_what_is_in_the_store(bare_database_url: str) -> None:
    db = open_database(bare_database_url)
    herald, xeber = begin(db, "herald"), begin(db, "xeber")
    put(db, herald, "https://herald.example/1", "a", text=FERRY)
    put(db, xeber, "https://xeber.example/1", "b", text=FERRY, hours=1)
    put(db, xeber, "https://xeber.example/2", "c", text=edited(FERRY, 0.1), hours=1)
    before = [(row.id, row.url, row.duplicate_of) for row in all_articles(db)]
    for version in sorted(schema.versions(), reverse=True)[1:]:
        databases.downgrade(db, version)
    for version in sorted(schema.versions())[1:]:
        databases.migrate(db, version)
    assert [(row.id, row.url, row.duplicate_of) for row in all_articles(db)] == before
    recheck_archive(db, apply=True)
    assert [(row.id, row.url, row.duplicate_of) for row in all_articles(db)] == before
    assert check_store(db) == ["3 articles are not in the search index (pressrun db reindex remedies that)"]
    assert reindex(db) == 3
    assert check_store(db) == []
    db.close()


def test_languages_of_older_stores_become_primary_subtags(bare_database_url: str) -> None:
    db = open_database(bare_database_url)
    run, tags = begin(db, "herald"), ["en-GB", "EN", "zh_Hant", "az", None, "-"]
    for n, _ in enumerate(tags, 1):
        put(db, run, f"https://herald.example/{n}", n, language="ka")
    databases.downgrade(db, "0014")
    for n, tag in enumerate(tags, 1):
        db.write(
            lambda c, n=n, tag=tag: c.execute(update(Article).where(Article.id == n).values(language=tag)) and None
        )  # type: ignore[misc]
    databases.migrate(db)
    assert [row.language for row in all_articles(db)] == ["en", "en", "zh", "az", None, None]
    assert count_articles(db, Selection(languages=("en",))) == 2
    reindex(db, everything=True)
    assert check_store(db) == []
    db.close()


def test_the_files_names_tell_the_versions() -> None:
    scripts = ScriptDirectory(str(schema.MIGRATIONS))
    assert {script.revision for script in scripts.walk_revisions()} == schema.versions()
    assert scripts.get_current_head() == databases.head()


def test_a_migration_that_dies_half_way_leaves_nothing(bare_database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from alembic import op

    db = databases.connect(bare_database_url)
    create = op.create_table

    def dies(name: str, *parts: object, **more: object) -> object:
        if name == "copies":
            raise KeyError(name)
        return create(name, *parts, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(op, "create_table", dies)
    with pytest.raises(KeyError):
        databases.migrate(db)
    assert tables(db) == set()
    monkeypatch.undo()
    databases.migrate(db)
    assert databases.version(db) == databases.head()
    db.close()
