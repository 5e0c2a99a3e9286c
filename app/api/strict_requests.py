"""Reading requests strictly: unknown and repeated parameters, NUL in any of them and loose JSON are refused.

FastAPI would ignore the first two and answer some of the others with 500 (PostgreSQL takes no NUL in a text).
"""

from collections import Counter
from collections.abc import Callable, Collection, Coroutine, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, get_origin

from anyio import CapacityLimiter, to_thread
from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import request_params_to_args
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.routing import Match
from starlette.types import Receive, Scope, Send

from app.api.body import LARGE, in_thread, limited, read_model
from app.api.conditions import refuse_conditions, takes_conditions
from app.api.deps import Permission, admit, concurrency_limits_of, database_of, permissions_in, prepare, settings_of
from app.api.idempotency import IdempotentWrite, note_answer
from app.api.identifiers import identifiers_in, put_codes, unit_parameters
from app.api.negotiated_routes import NegotiatedRoute
from app.api.problems import literal_methods, placed
from app.config import Settings
from app.domain.suggest import Suggester, similar
from app.errors import ErrorCode, Fault, Faults, Invalid, RefusalCode, Text

REFUSED = RefusalCode(
    "parameters_refused",
    "The request has parameters that this address does not take.",
    "Yêu cầu có tham số không được chấp nhận.",
    Invalid,
)
UNKNOWN = ErrorCode(
    "parameter_unknown",
    "There is no parameter `{name}` here; {known}.",
    "Không có tham số `{name}`; {known}.",
)
LARGEST_WORD_FILE = (2 << 20) + 10_000
"""Bytes of a body with a Word file, and of the form around it."""
LONGEST_QUERY = 16_000
"""Bytes of a query string; the longest that a list needs, a cursor and every filter, has a quarter of it."""
LONG_QUERY = RefusalCode(
    "query_too_long",
    "The query is longer than {limit} bytes; ask for less at a time.",
    "Chuỗi truy vấn dài quá {limit} byte; hãy hỏi ít hơn trong mỗi lần.",
    Invalid,
)
NONE_KNOWN = Text("this address takes none", "địa chỉ này không nhận tham số nào")
NUL = ErrorCode("text_invalid", "The parameter `{name}` holds a NUL character.", "Tham số `{name}` chứa ký tự NUL.")
REPEATED = ErrorCode(
    "parameter_repeated", "The parameter `{name}` is given {times} times.", "Tham số `{name}` được ghi {times} lần."
)


class StrictRequest(Request):
    """A request whose body is a model already when FastAPI asks for it; FastAPI takes a model as it is.

    It asks for the JSON of bodies alone that are declared as such, and tables can be models as well.
    """

    model: object

    @property
    def headers(self) -> Headers:
        if not hasattr(self, "model"):
            return super().headers
        sent = MutableHeaders(raw=list(self.scope["headers"]))
        sent["content-type"] = "application/json"
        return sent

    async def body(self) -> bytes:
        """What was sent; where nothing is a model, something, for FastAPI takes an empty body for a missing one."""
        return await super().body() or (b"-" if hasattr(self, "model") else b"")

    async def json(self) -> Any:
        return self.model


class StrictRoute(NegotiatedRoute):
    """A route that takes what it declares and nothing else, and only from callers who may.

    In this order: who calls and what that may (401, 403), what it accepts (406), the parameters, the body. A body is
    not even received for somebody who may not call (ADR 16).
    """

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """No match where what would stand for a parameter of this route is an address of its own."""
        literal = literal_methods(scope["app"]).get(scope["path"])
        return super().matches(scope) if literal is None or "{" not in self.path else (Match.NONE, {})

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] not in (self.methods or ()):
            await super().handle(scope, receive, send)  # which refuses
            return
        request = Request(scope)
        if self.permissions:
            await prepare(request)
            threads = self.threads_of_keys(request)
            await to_thread.run_sync(admit, request, self.permissions, limiter=threads)
        receive = limited(request, receive, self.largest_body(settings_of(request)))
        once = IdempotentWrite(super().handle, database_of(request), concurrency_limits_of(request))
        await once(scope, receive, send)

    def threads_of_keys(self, _request: Request) -> CapacityLimiter | None:
        """The threads in which keys are looked up; None: those that requests work in."""
        return None

    @cached_property
    def permissions(self) -> list[Permission]:
        return permissions_in(self.dependant)

    def largest_body(self, settings: Settings) -> int:
        """How many bytes a body may have."""
        return settings.max_body_bytes

    def is_missing(self, _request: Request, sent: bytes) -> bool:
        """Whether nothing was sent as the body."""
        return not sent

    async def read_body(self, request: Request, sent: bytes) -> object:
        """The model that the route declares as its body."""
        assert self.body_field is not None
        other_errors = parameter_errors(request, self.dependant)
        validate = self.body_field.validate
        return await in_thread(request, read_model, request, sent, validate, other_errors, large=len(sent) > LARGE)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()
        known = sorted(query_parameters(self.dependant))
        listed = {each.alias for each in self.dependant.query_params if get_origin(each.field_info.annotation) is list}
        units = list(unit_parameters(self.dependant)) if "GET" in (self.methods or ()) else []
        conditional = "GET" in (self.methods or ()) or takes_conditions(self.dependant)

        async def strictly(request: Request) -> Response:
            refuse_parameters(request, known, self.dependant, listed)
            if named := identifiers_in(request, units):
                await run_in_threadpool(put_codes, request, named)
            if not conditional:
                refuse_conditions(request)
            strict = StrictRequest(request.scope, request.receive)
            if self.body_field is not None:
                sent = await strict.body()
                if not self.is_missing(request, sent):
                    strict.model = await self.read_body(request, sent)
            return note_answer(request, await handle(strict))

        return strictly


class WordFileRoute(StrictRoute):
    """A route whose body may be a Word file."""

    def largest_body(self, settings: Settings) -> int:
        return max(settings.max_body_bytes, LARGEST_WORD_FILE)


class BulkRoute(StrictRoute):
    """A route whose body may be as large as an import."""

    def largest_body(self, settings: Settings) -> int:
        return settings.max_import_bytes


def query_parameters(dependant: Dependant) -> set[str]:
    """The query parameters that a route and all it depends on declare."""
    own = {each.alias for each in dependant.query_params}
    return own.union(*(query_parameters(each) for each in dependant.dependencies))


def unknown_parameter(name: str, known: list[str], near: Suggester) -> Fault:
    """A parameter that an address does not take."""
    context = {"name": name[:60], "known": parameter_names_text(known)}
    return Fault(UNKNOWN, context, parameter=name[:60], suggestion=near(name))


def parameter_names_text(known: list[str]) -> Text:
    """The parameters that an address takes, in words."""
    names = ", ".join(known)
    return Text(f"known are {names}", f"các tham số được nhận: {names}") if known else NONE_KNOWN


def refuse_parameters(request: Request, known: list[str], dependant: Dependant, listed: Collection[str] = ()) -> None:
    """Raise Invalid naming every query parameter that is not declared, or given twice and not `listed`, and every NUL.

    Where there is one, the others are looked at as well, so that all is mended at once. A query is read on the event
    loop, so a long one is not read, and of very many unknown parameters only the first are named.
    """
    if len(request.scope["query_string"]) > LONGEST_QUERY:
        raise LONG_QUERY.error(limit=LONGEST_QUERY)
    query = request.query_params.multi_items()
    faults = Faults(nul_faults([*query, *request.path_params.items()]))
    faults.extend(name_faults(Counter(name for name, _ in query if name not in listed), known))
    if faults:
        named = {fault.parameter for fault in faults}
        faults.extend(fault for fault in value_faults(request, dependant) if fault.parameter not in named)
        raise REFUSED.error(faults=faults)


def nul_faults(given: Iterable[tuple[str, object]]) -> Iterator[Fault]:
    """Values that hold a NUL."""
    for name, value in given:
        if "\0" in str(value):
            yield Fault(NUL, {"name": name[:60]}, parameter=name[:60])


def name_faults(given: Mapping[str, int], known: list[str]) -> Iterator[Fault]:
    """Parameters that are not declared, and those that are given more than once."""
    near = Suggester(known, similar)
    for name, times in given.items():
        if name not in known:
            yield unknown_parameter(name, known, near)
        elif times > 1:
            yield Fault(REPEATED, {"name": name, "times": str(times)}, parameter=name)


def value_faults(request: Request, dependant: Dependant) -> list[Fault]:
    """What is wrong with the values of declared parameters."""
    return list(map(placed, parameter_errors(request, dependant)))


def parameter_errors(request: Request, dependant: Dependant) -> list[Any]:
    """The same as FastAPI finds it, in its order."""
    deeper = [error for each in dependant.dependencies for error in parameter_errors(request, each)]
    own = (
        (dependant.path_params, request.path_params),
        (dependant.query_params, request.query_params),
        (dependant.header_params, request.headers),
    )
    return [*deeper, *(error for declared, given in own for error in request_params_to_args(declared, given)[1])]
