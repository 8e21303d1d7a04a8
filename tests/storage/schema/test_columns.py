"""Classes of columns stand for their tables in statements."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

import pytest
from sqlalchemy import BigInteger, DateTime, Integer, String, Text, UniqueConstraint, select, update

from storage.schema.columns import Mapped, TableClass, mapped_column


class Shelf(TableClass):
    type_annotation_map: ClassVar[dict[Any, Any]] = {str: Text, datetime: DateTime}


class Book(Shelf):
    __tablename__ = "books"
    __table_args__ = (UniqueConstraint("title"), {"comment": "printed"})
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    title: Mapped[str]
    code: Mapped[str | None] = mapped_column(String(8), index=True)
    read_at: Mapped[datetime | None]
    times: Mapped[int] = mapped_column(server_default="0")


def test_annotations_give_types_and_what_may_be_null() -> None:
    columns = Book.__table__.c
    kinds = {"id": BigInteger, "title": Text, "code": String, "read_at": DateTime, "times": Integer}
    assert {column.name: type(column.type) for column in columns} == kinds
    assert [column.name for column in columns if column.nullable] == ["code", "read_at"]


def test_arguments_of_the_table_are_kept() -> None:
    assert Book.__table__.comment == "printed"
    assert [index.name for index in Book.__table__.indexes] == ["ix_books_code"]
    assert any(isinstance(each, UniqueConstraint) for each in Book.__table__.constraints)


def test_a_class_stands_for_its_table_in_statements() -> None:
    assert str(select(Book.title).select_from(Book).where(Book.id == 1)).startswith("SELECT books.title")
    assert str(update(Book).where(Book.id == 1).values(title="x")).startswith("UPDATE books SET title")


def test_a_column_can_be_added() -> None:
    class Map(Shelf):
        __tablename__ = "maps"
        id: Mapped[int] = mapped_column(primary_key=True)

    Map.add_column("scale", mapped_column(Text))
    assert str(select(Map.scale)) == "SELECT maps.scale \nFROM maps"  # type: ignore[attr-defined]


def test_a_name_that_is_no_column_is_an_error() -> None:
    with pytest.raises(AttributeError):
        Book.missing  # type: ignore[attr-defined] # noqa: B018 - the look-up is the test
