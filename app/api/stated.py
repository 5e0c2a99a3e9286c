"""What the routes of targets, publications, tasks and letter profiles share: bodies, preconditions and answers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request, Response
from pydantic import BaseModel, Field, StringConstraints, WrapValidator
from sqlalchemy.orm import Session

from app.api.answers import Page
from app.api.conditions import Current, guarded, tag_of, tagged_page
from app.api.deps import WriteSession
from app.api.table_bodies import at_rows
from app.api.warnings import text_warnings, with_warnings
from app.domain.characters import NAME, ONE_LINE, SEVERAL_LINES
from app.domain.input_location import InputLocation
from app.domain.validation_faults import pointer_to
from app.store.stated import StatedTable, last_change

Line = Annotated[str, StringConstraints(min_length=1, max_length=500), NAME]
Prose = Annotated[str, StringConstraints(min_length=1, max_length=10_000), SEVERAL_LINES]
LegalRef = Annotated[str, StringConstraints(min_length=1, max_length=1000), SEVERAL_LINES]
WebAddress = Annotated[
    str,
    StringConstraints(
        pattern=r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s\x00-\x1f\x7f/?#]+([/?#][^\s\x00-\x1f\x7f]*)?$", max_length=2000
    ),
    ONE_LINE,
]
"""An address that a browser opens: http or https, with a host."""

NextCursor = Annotated[str | None, Field(description="As a list carries it; says nothing here.")]
Item = TypeVar("Item", bound=BaseModel)


def one_or_many(one: type[BaseModel], many: type[BaseModel]) -> Any:
    """A validator for a body that is one item, or `{"items": […]}`; pointers begin where the body does."""

    def chosen(body: object, _: Callable[[object], object]) -> BaseModel:
        if isinstance(body, one | many):
            return body
        model = many if isinstance(body, Mapping) and "items" in body else one
        return model.model_validate(body)

    return WrapValidator(chosen)


def placed(items: Sequence[Item]) -> list[tuple[InputLocation, Item]]:
    """The items of a body, each with its place."""
    return [(InputLocation(pointer_to(["items", row])), item) for row, item in enumerate(items)]


def unless_changed(table: StatedTable[Any]) -> Any:
    """A dependency of writes: they happen only upon the state of the whole table that their preconditions name."""

    def current(session: WriteSession) -> Current:
        return lambda: state_tag(session, table)

    return Depends(guarded(current), scope="function")


def state_tag(session: Session, table: StatedTable[Any]) -> str:
    """The ETag of a whole table: it changes with every statement."""
    return tag_of(last_change(session, table))


def stated_answer(
    request: Request, session: Session, table: StatedTable[Any], result: Mapping[str, Any], body: BaseModel
) -> Response:
    """What became of the statements in a body, and the new ETag of the table."""
    return with_warnings(
        request, result, at_rows(request, text_warnings(request, body)), headers={"ETag": state_tag(session, table)}
    )


def listed_answer(
    session: Session, table: StatedTable[Any], page: Page, items: Iterable[Mapping[str, Any]]
) -> Response:
    """A page of a table, with its ETag; what is null in a key is sorted as empty."""
    sent = page.send(items, lambda item: [item[name] or "" for name in table.key])
    return tagged_page(sent, state_tag(session, table))
