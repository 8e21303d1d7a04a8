"""What crawls learn of an outlet's layout is kept for the next one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from storage.database import Database
from storage.learned_containers import LearnedContainer, list_containers, save_container_event
from tests.storage.building import begin

AT = datetime(2025, 3, 4, tzinfo=UTC)


def test_lessons_are_kept_by_outlet(database: Database) -> None:
    begin(database, "herald")
    begin(database, "xeber")
    save_container_event(database, "herald", "//article", True, "learned", AT)
    save_container_event(database, "herald", "//article", True, "verified", AT + timedelta(hours=1))
    assert list_containers(database, "herald") == [
        LearnedContainer("//article", True, AT, AT + timedelta(hours=1), None)
    ]
    assert list_containers(database, "xeber") == []


def test_a_changed_layout_is_remembered_and_what_holds_comes_first(database: Database) -> None:
    begin(database, "herald")
    save_container_event(database, "herald", "//article", True, "learned", AT)
    save_container_event(database, "herald", "//article", True, "changed", AT + timedelta(days=1))
    save_container_event(database, "herald", "//main", False, "learned", AT + timedelta(days=2))
    assert [(one.path, one.changed_at) for one in list_containers(database, "herald")] == [
        ("//main", None), ("//article", AT + timedelta(days=1)),
    ]  # fmt: skip
    save_container_event(database, "herald", "//article", True, "learned", AT + timedelta(days=3))
    assert [one.changed_at for one in list_containers(database, "herald")] == [None, None]
