"""Pages get the keys of today's canonical form after an update that changed it."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from storage import frontier
from storage.database import Database
from storage.jobs import check_store, readdress
from storage.model import Link
from storage.schema.tables import Page, PageAddress
from storage.urls import canonical_url, url_key
from tests.storage.building import begin, put

APOSTROPHE, PLAIN = "https://herald.example/o%27neill", "https://herald.example/plain"
BEFORE = "https://herald.example/o%27neill"  # the canonical form that an earlier version made of it


def as_before(db: Database, url: str, form: str) -> int:
    """Store the page under the key of an earlier canonical form."""
    key = url_key(canonical_url(url))

    def work(c):  # type: ignore[no-untyped-def]
        page = c.execute(select(Page.id).where(Page.url == url)).scalar_one()
        c.execute(update(Page).where(Page.id == page).values(url_key=url_key(form), canonical_url=form))
        mine = (PageAddress.page_id == page, PageAddress.url_key == key)
        c.execute(update(PageAddress).where(*mine).values(url_key=url_key(form)))
        return page

    return int(db.write(work))


@pytest.fixture(name="page")
def a_page_of_an_earlier_version(database: Database) -> int:
    herald = begin(database, "herald")
    put(database, herald, PLAIN, "p")
    put(database, herald, APOSTROPHE, "a")
    return as_before(database, APOSTROPHE, BEFORE)


def test_a_page_is_found_by_all_its_forms_again(database: Database, page: int) -> None:
    other = begin(database, "xeber")
    assert frontier.count_unknown(database, ["https://herald.example/o'neill"]) == 1
    done = readdress(database)
    assert (done.pages, done.moved, done.taken) == (2, 1, 0)
    assert frontier.discover(database, other, None, [Link("https://herald.example/o'neill")]).known == 1
    with database.read() as c:
        keys = set(c.execute(select(PageAddress.url_key).where(PageAddress.page_id == page)).scalars())
    assert keys == {url_key(canonical_url(APOSTROPHE))}
    assert check_store(database) == []


def test_a_second_time_changes_nothing(database: Database, page: int) -> None:
    readdress(database)
    assert readdress(database).moved == 0


def test_a_page_whose_new_key_another_page_holds_stays_as_it_is(database: Database, page: int) -> None:
    put(database, begin(database, "xeber"), "https://herald.example/o'neill", "b")
    done = readdress(database)
    assert (done.moved, done.taken) == (0, 1)
    assert check_store(database) == []


def test_two_articles_that_were_one_page_are_two_from_then_on(database: Database) -> None:
    herald = begin(database, "herald")
    put(database, herald, "https://herald.example/a.php?sid=4711", "a")
    as_before(database, "https://herald.example/a.php?sid=4711", "https://herald.example/a.php")
    assert readdress(database).moved == 1
    other = [Link(f"https://herald.example/a.php?sid={n}") for n in (4711, 4712)]
    found = frontier.discover(database, herald, None, other)
    assert (found.known, found.new) == (1, 1)
    assert check_store(database) == []
