"""Tables as classes with typed columns, in the notation of SQLAlchemy's declarative mapping, without its ORM.

The store uses statements alone. The ORM would take a tenth of a second of every start, and a part of every statement.
`select(Page.id)`, `update(Page)`, `select(...).join(Page, ...)` and the like take such a class as they take a table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, get_args, get_type_hints

from sqlalchemy import Boolean, Column, Float, Integer, MetaData, Table
from sqlalchemy.types import TypeEngine

if TYPE_CHECKING:
    from sqlalchemy.orm import Mapped  # as a type it is right: `Page.id` is an expression of SQL
else:
    Mapped = Column  # an annotation says the type, and whether the column may be NULL: `Mapped[int | None]`

__all__ = ["Mapped", "TableClass", "mapped_column"]


@dataclass(frozen=True, slots=True)
class _Given:
    """What a class says of a column besides its annotation."""

    arguments: tuple[Any, ...] = ()
    options: Mapping[str, Any] | None = None


def mapped_column(*arguments: Any, **options: Any) -> Any:
    """Return a column of a class, of the given type or else of that which its annotation stands for."""
    return _Given(arguments, options)


class TableClass:
    """A base for tables. A direct subclass has `type_annotation_map` and `metadata`; its subclasses are tables.

    `__table__` is the table, and each column is an attribute of the class.
    """

    type_annotation_map: ClassVar[Mapping[Any, Any]] = {}
    metadata: ClassVar[MetaData]
    __table__: ClassVar[Table]

    def __init_subclass__(cls) -> None:
        if TableClass in cls.__bases__:
            cls.metadata = MetaData()
            return
        hints = get_type_hints(cls)
        made = [cls._column(name, hints[name]) for name in cls.__annotations__]
        arguments = tuple(cls.__dict__.get("__table_args__", ()))
        options = arguments[-1] if arguments and isinstance(arguments[-1], dict) else {}
        constraints = arguments[:-1] if options else arguments
        cls.__table__ = Table(cls.__dict__["__tablename__"], cls.metadata, *made, *constraints, **options)
        for column in made:
            setattr(cls, column.name, column)

    @classmethod
    def _column(cls, name: str, hint: Any) -> Column[Any]:
        given: _Given = cls.__dict__.get(name, _Given())
        (annotated,) = get_args(hint)
        members = [member for member in get_args(annotated) if member is not type(None)]
        optional = type(None) in get_args(annotated)
        return _column(name, given, cls._type(members[0] if optional else annotated), nullable=optional)

    @classmethod
    def _type(cls, annotated: Any) -> Any:
        return {int: Integer, float: Float, bool: Boolean, **cls.type_annotation_map}.get(annotated)

    @classmethod
    def __clause_element__(cls) -> Table:
        """Return the table: how SQLAlchemy sees it in an object that stands for one."""
        return cls.__table__

    @classmethod
    def add_column(cls, name: str, given: Any) -> None:
        """Add a column, as `mapped_column` returns it with its type, to the table and the class."""
        column = _column(name, given, None, nullable=True)
        cls.__table__.append_column(column)
        setattr(cls, name, column)


def _column(name: str, given: _Given, of_annotation: Any, *, nullable: bool) -> Column[Any]:
    first = given.arguments[0] if given.arguments else None
    has_type = isinstance(first, TypeEngine) or (isinstance(first, type) and issubclass(first, TypeEngine))
    arguments = given.arguments if has_type else (of_annotation, *given.arguments)
    options = dict(given.options or {})
    options.setdefault("nullable", nullable and not options.get("primary_key"))
    return Column(name, *arguments, **options)
