"""The one place where failures become HTTP: `application/problem+json`, English or Vietnamese."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, Field
from pydantic_core import ErrorDetails
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException

from app.answers.faults import FaultBody
from app.api.headers import carries
from app.api.http_errors import NotAcceptable, NotAllowed, RangeNotSatisfiable, TooLarge, TooManyRequests
from app.api.negotiation import negotiated, preferred_language
from app.domain.validation_faults import UNNAMED, shape_fault
from app.errors import (
    AppError,
    Fault,
    Faults,
    Forbidden,
    Invalid,
    Malformed,
    NotFound,
    RefusalCode,
    Unauthorized,
    Unavailable,
    UnsupportedMedia,
)
from app.formats.pdf import NotInstalled
from app.formats.strict_json import write_json
from app.store.failures import is_full, is_passing, reason_of

log = logging.getLogger("chiso")
PROBLEM = "application/problem+json"
"""The media type of every refusal."""

INTERNAL = RefusalCode(
    "internal_error",
    "Something went wrong inside the service; it is recorded under the request id.",
    "Dịch vụ gặp lỗi bên trong; lỗi đã được ghi lại theo mã yêu cầu.",
    AppError,
)
AWAY = RefusalCode(
    "database_unavailable",
    "The database does not answer right now; nothing was changed. Try again in a moment.",
    "Cơ sở dữ liệu tạm thời không trả lời; chưa có gì thay đổi. Vui lòng thử lại sau giây lát.",
    Unavailable,
)
NO_ROOM = RefusalCode(
    "disk",
    "There is no room left on the disk of the service; nothing was changed. Try again when there is.",
    "Ổ đĩa của dịch vụ đã hết chỗ; chưa có gì thay đổi. Vui lòng thử lại khi đã có chỗ.",
    Unavailable,
)
NO_RANGE = RefusalCode(
    "range_not_satisfiable",
    "What is asked for by `Range` is not there.",
    "Không có phần nội dung mà `Range` yêu cầu.",
    RangeNotSatisfiable,
)
NO_ROUTE = RefusalCode("route_unknown", "There is nothing at {path}.", "Không có gì tại địa chỉ {path}.", NotFound)
NO_METHOD = RefusalCode(
    "method_not_allowed", "{path} does not take {method}.", "{path} không nhận phương thức {method}.", NotAllowed
)
UNREADABLE = RefusalCode(
    "request_unreadable", "The request cannot be read: {reason}.", "Không đọc được yêu cầu: {reason}.", Malformed
)
REFUSED = RefusalCode(
    "request_invalid",
    "{count} thing(s) in the request must be mended; each is named in `errors`.",
    "Yêu cầu có {count} chỗ cần sửa; từng chỗ được nêu trong `errors`.",
    Invalid,
)


class Problem(BaseModel):
    """Why a request was refused (RFC 9457), in the language of `Accept-Language`."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: Annotated[
        list[FaultBody] | None,
        Field(
            description="The first 1,000 faults; where there are more, a last entry `further_errors` counts the others."
        ),
    ] = None


PROBLEM_STATUSES = {
    cls.status: cls.title.en
    for cls in (
        Malformed,
        Unauthorized,
        Forbidden,
        NotFound,
        NotAcceptable,
        TooLarge,
        UnsupportedMedia,
        Invalid,
        TooManyRequests,
        NotInstalled,
        Unavailable,
    )
}


def problems(*statuses: int, asks_database: bool = True) -> dict[int | str, dict[str, Any]]:
    """The declared refusals of an operation, one by one, for OpenAPI; one that asks the database may find it away."""
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    titles = {**PROBLEM_STATUSES, 409: "Conflict", 410: "No longer there", 412: "Changed meanwhile"}
    return {
        status: {
            "description": titles[status],
            "content": content,
            **(carries("Retry-After") if status in (429, 503) else {}),
        }
        for status in sorted({*statuses, 503} if asks_database else statuses)
    }


def problem(error: AppError, scope: Mapping[str, Any]) -> Response:
    """The answer to a failed request."""
    language = preferred_language(scope.get("headers", ()))
    body: dict[str, object] = {
        **error.summary(language),
        "request_id": scope.get("state", {}).get("request_id", ""),
        **error.extra,
    }
    if error.faults:
        body["errors"] = [fault.body(language) for fault in error.faults]
    return Response(
        write_json(body),
        error.status,
        {**negotiated(language), **error.headers},
        PROBLEM,
    )


def from_validation(errors: Sequence[ErrorDetails]) -> AppError:
    """FastAPI's findings about parameters and bodies as our faults; what was sent is never echoed from them."""
    faults = Faults()
    once = {(each["type"], each["loc"]): each for each in errors}  # a route and its dependencies may ask for the same
    for each in once.values():
        if each["type"] == UNNAMED:
            faults.add_unnamed(each["ctx"]["count"])
        else:
            faults.add(placed(each))
    return REFUSED.error(faults=faults, count=faults.count)


def placed(found: ErrorDetails) -> Fault:
    place, *path = found["loc"] or ("body",)
    if place == "body":
        return shape_fault(found, path)
    return replace(shape_fault(found, ()), pointer=None, parameter=str(path[0]) if path else str(place))


def from_http(status: int, reason: str, scope: Mapping[str, Any]) -> AppError:
    """Starlette's own refusals in our words."""
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return internal()
    path = str(scope.get("path", ""))[:200]
    known: dict[int, Callable[[], AppError]] = {
        404: lambda: NO_ROUTE.error(path=path),
        405: lambda: NO_METHOD.error(path=path, method=scope.get("method", "")),
        416: lambda: NO_RANGE.error(),
    }
    return known.get(status, lambda: UNREADABLE.error(reason=reason))()


def from_database(error: Exception) -> AppError:
    """What the database would not do: passing where it is away, locked, full or shutting down."""
    log.error("The database: %s", reason_of(error))
    if is_full(error):
        return no_room()
    return AWAY.error(headers={"Retry-After": "2"}) if is_passing(error) else internal()


def from_system(request: Request, error: Exception) -> Response:
    """The answer where no temporary file can be written for want of room; anything else is not foreseen."""
    if not is_full(error):
        raise error
    log.error("No room for a temporary file: %s", error)
    return problem(no_room(), request.scope)


def no_room() -> AppError:
    return NO_ROOM.error(headers={"Retry-After": "60"})


def methods_at(app: FastAPI, path: str) -> set[str]:
    """Every method that is taken at a path. Mounted files are only read.

    An address that stands word for word in the contract is what it says, and no value of another's parameter.
    """
    literal = literal_methods(app).get(path)
    found = (each.methods for each in iter_route_contexts(app.routes) if each.path_regex.match(path))
    return literal or {method for methods in found for method in methods or ("GET",)}


def literal_methods(app: FastAPI) -> dict[str, set[str]]:
    """The methods of every address without parameters; gathered once, when the first request asks."""
    if not hasattr(app.state, "literal_methods"):
        found: dict[str, set[str]] = {}
        for each in iter_route_contexts(app.routes):
            if each.path_format and "{" not in each.path_format and each.methods:
                found.setdefault(each.path_format, set()).update(each.methods)
        app.state.literal_methods = found
    methods: dict[str, set[str]] = app.state.literal_methods
    return methods


def install(app: FastAPI) -> None:
    """Hand every failure that the application lets out to `problem`."""
    app.add_exception_handler(OSError, from_system)

    @app.exception_handler(AppError)
    def refused(request: Request, error: AppError) -> Response:
        return problem(error, request.scope)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        return problem(from_validation(error.errors()), request.scope)

    @app.exception_handler(HTTPException)
    def framework(request: Request, error: HTTPException) -> Response:
        answer = problem(from_http(error.status_code, str(error.detail), request.scope), request.scope)
        for name, value in (error.headers or {}).items():
            answer.headers.setdefault(name, value)
        if error.status_code == 405:
            answer.headers["Allow"] = ", ".join(sorted(methods_at(app, request.scope["path"])))
        return answer

    @app.exception_handler(DBAPIError)
    @app.exception_handler(PoolTimeout)
    def away(request: Request, error: Exception) -> Response:
        return problem(from_database(error), request.scope)

    @app.exception_handler(Exception)
    def unforeseen(request: Request, error: Exception) -> Response:
        return problem(internal(), request.scope)


def internal() -> AppError:
    """What failed inside, of which a caller learns the request id."""
    return INTERNAL.error()
