"""How tables are declared and named in queries, so that mypy knows every column and its type.

A field is declared once, as `code: Mapped[str] = Field(sa_type=CodeText)`. On a row `code` is then a `str`; on what
`columns` returns it is a column of text, and one that the table does not have is an error of types.
"""

from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import ColumnElement, String, Table, TableClause
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel

if TYPE_CHECKING:
    from sqlalchemy.orm import Mapped as Mapped  # noqa: PLC0414 - for the tables
else:

    class Mapped:
        """`Mapped[str]` is `str` to SQLModel, which reads the types of fields when it makes a table."""

        def __class_getitem__(cls, type_: object) -> object:
            return type_


SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

CodeText = String().with_variant(String(collation="C"), "postgresql")
"""Text compared byte by byte on both databases, so that order and cursors do not depend on a locale."""

INSERTS: dict[str, Callable[..., Any]] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
"""INSERT of each database, which can say what is done about a row that is there already."""

AnyTable = TypeVar("AnyTable", bound=SQLModel)


def columns(table: type[AnyTable]) -> type[AnyTable]:
    """The columns of a table, by the names of its fields, for queries.

    At run time they are the plain columns: rows of these are read faster than rows of the attributes of the class.
    """
    plain: type[AnyTable] = table_of(table).c  # type: ignore[assignment]
    return plain


def columns_named(table: object, names: Iterable[str]) -> list[ColumnElement[Any]]:
    """Columns whose names are only known at run time."""
    return [getattr(table, name) for name in names]


def table_of(table: type[SQLModel]) -> TableClause:
    """The table itself, for rows written in bulk past the class."""
    plain: TableClause = table.__table__  # type: ignore[attr-defined]
    return plain


def every_table() -> Sequence[Table]:
    """Every table of the store, those that others refer to first. Tables register when their modules are imported."""
    package = __name__.rpartition(".")[0]
    for module in iter_modules(import_module(package).__path__):
        import_module(f"{package}.{module.name}")
    return SQLModel.metadata.sorted_tables
