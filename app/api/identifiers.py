"""Units that a read names by an identifier of another register, `gso:08`: their codes are put in its place.

An identifier stands for the unit that bears it today, as it does in an import. It is put right before anything else of
the query is read, so whatever is computed, paged or kept under the query goes by the code (ADR 24). Where units are
written the code itself is demanded, since an identifier may pass to another unit.
"""

from collections.abc import Collection, Iterator
from typing import Annotated, Any, get_args, get_origin
from urllib.parse import urlencode

from fastapi import Request
from fastapi.dependencies.models import Dependant

from app.api.deps import database_of
from app.domain.unit_code import BARE_CODE, read_identifier
from app.store.units import UNKNOWN, identified

Identifiers = dict[tuple[str, str], tuple[str, str]]
"""Scheme and value by where they stand: (`path` or `query`, the name of the parameter)."""


def identifiers_in(request: Request, parameters: Collection[tuple[str, str]]) -> Identifiers:
    """Those of a route's `unit_parameters` that name a unit by an identifier."""
    given = {"path": request.path_params, "query": request.query_params}
    return {
        (place, name): found
        for place, name in parameters
        if (found := read_identifier(str(given[place].get(name, ""))))
    }


def unit_parameters(dependant: Dependant) -> Iterator[tuple[str, str]]:
    """Where a route and all it depends on take the code of a unit."""
    for place, fields in (("path", dependant.path_params), ("query", dependant.query_params)):
        yield from ((place, field.alias) for field in fields if takes_code(field.field_info))
    for below in dependant.dependencies:
        yield from unit_parameters(below)


def takes_code(info: Any) -> bool:
    """Whether a parameter is a `UnitCode`, or one that may be left out."""
    parts = [part for part in get_args(info.annotation) if get_origin(part) is Annotated]
    return BARE_CODE in info.metadata or any(BARE_CODE in part.__metadata__ for part in parts)


def put_codes(request: Request, named: Identifiers) -> None:
    """Put the codes of the units into the request; NotFound `unit_unknown` where no unit bears an identifier."""
    with database_of(request).reading() as session:
        known = identified(session, set(named.values()))
    for identifier in named.values():
        if identifier not in known:
            raise UNKNOWN.error(code=":".join(identifier))
    codes = {place: known[identifier] for place, identifier in named.items()}
    query = [(name, codes.get(("query", name), value)) for name, value in request.query_params.multi_items()]
    paths = {name: codes.get(("path", name), value) for name, value in request.path_params.items()}
    request.scope["path_params"], request.scope["query_string"] = paths, urlencode(query).encode()
