"""Reading requests strictly: unknown and repeated parameters, NUL in any of them and loose JSON are refused.

FastAPI would ignore the first two and answer some of the others with 500 (PostgreSQL takes no NUL in a text).
"""

from collections.abc import Callable, Coroutine
from difflib import get_close_matches
from email.message import Message
from typing import Any

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import request_params_to_args
from fastapi.routing import APIRoute

from app.api.problems import placed
from app.errors import Fault, Invalid, Text, UnsupportedMedia
from app.formats.strict_json import read_json

REFUSED = Text(
    "The request has parameters that this address does not take.", "Yêu cầu có tham số không được chấp nhận."
)
UNKNOWN = Text(
    "There is no parameter `{name}` here; {known}.",
    "Không có tham số `{name}`; {known}.",
)
NONE_KNOWN = Text("this address takes none", "địa chỉ này không nhận tham số nào")
NUL = Text("The parameter `{name}` holds a NUL character.", "Tham số `{name}` chứa ký tự NUL.")
REPEATED = Text("The parameter `{name}` is given {times} times.", "Tham số `{name}` được ghi {times} lần.")
NOT_JSON = Text(
    "The body must be JSON, declared as `Content-Type: application/json`.",
    "Nội dung phải là JSON, khai báo bằng `Content-Type: application/json`.",
)


class StrictRequest(Request):
    """A request whose JSON body was read by the strict reader before FastAPI asks for it."""

    document: object

    async def json(self) -> Any:
        return self.document


class StrictRoute(APIRoute):
    """A route that takes what it declares and nothing else."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        known = sorted(query_parameters(self.dependant))
        takes_json = self.body_field is not None

        async def strictly(request: Request) -> Response:
            refuse_parameters(request, known, self.dependant)
            strict = StrictRequest(request.scope, request.receive)
            if takes_json:
                strict.document = await read_document(request, strict)
            return await handle(strict)

        return strictly


def query_parameters(dependant: Dependant) -> set[str]:
    """The query parameters that a route and all it depends on declare."""
    own = {each.alias for each in dependant.query_params}
    return own.union(*(query_parameters(each) for each in dependant.dependencies))


async def read_document(request: Request, strict: StrictRequest) -> object:
    """The JSON body, read exactly; an empty body is None and fails as a missing one."""
    body = await strict.body()
    kind, charset = content_type(request)
    if body and kind != "application/json" and not kind.endswith("+json"):
        raise UnsupportedMedia("content_type_unsupported", NOT_JSON)
    return read_json(body, charset) if body else None


def content_type(request: Request) -> tuple[str, str | None]:
    """The declared kind of the body in small letters, and the charset where one is declared."""
    declared = Message()
    declared["Content-Type"] = request.headers.get("content-type", "")
    charset = declared.get_param("charset")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind, charset if isinstance(charset, str) else None


def unknown_parameter(name: str, known: list[str]) -> Fault:
    """A parameter that an address does not take."""
    near = get_close_matches(name, known, 1)
    context = {"name": name[:60], "known": told(known)}
    suggestion = near[0] if near else None
    return Fault("parameter_unknown", UNKNOWN, context, parameter=name[:60], suggestion=suggestion)


def told(known: list[str]) -> Text:
    """The parameters that an address takes, in words."""
    names = ", ".join(known)
    return Text(f"known are {names}", f"các tham số được nhận: {names}") if known else NONE_KNOWN


def refuse_parameters(request: Request, known: list[str], dependant: Dependant) -> None:
    """Raise Invalid naming every query parameter that is not declared or given twice, and every NUL.

    Where there is one, the others are looked at as well, so that all is mended at once.
    """
    faults = []
    query = request.query_params.multi_items()
    given = [name for name, _ in query]
    for name, value in (*query, *request.path_params.items()):
        if "\0" in str(value):
            faults.append(Fault("text_invalid", NUL, {"name": name[:60]}, parameter=name[:60]))
    for name in dict.fromkeys(given):
        if name not in known:
            faults.append(unknown_parameter(name, known))
        elif given.count(name) > 1:
            context = {"name": name, "times": str(given.count(name))}
            faults.append(Fault("parameter_repeated", REPEATED, context, parameter=name))
    if faults:
        named = {fault.parameter for fault in faults}
        values = [fault for fault in value_faults(request, dependant) if fault.parameter not in named]
        raise Invalid("parameters_refused", REFUSED, faults=[*faults, *values])


def value_faults(request: Request, dependant: Dependant) -> list[Fault]:
    """What is wrong with the values of declared query parameters."""
    _, errors = request_params_to_args(dependant.query_params, request.query_params)
    deeper = [fault for each in dependant.dependencies for fault in value_faults(request, each)]
    return [*map(placed, errors), *deeper]
