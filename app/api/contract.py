"""The OpenAPI document: what FastAPI draws from the routes, and what it leaves out or gets wrong.

FastAPI drops every null from examples, knows nothing of a schema that is named in `responses` only, and takes the
rows of a list for JSON whatever `format` says. Examples stand at the operations, where clients and tests find them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts

from app.api.conditions import takes_conditions
from app.api.contract_components import share_components
from app.api.contract_vocabulary import TAGS
from app.api.deprecation import declare_deprecation
from app.api.deps import Permission, permissions_in, writing
from app.api.headers import CONDITIONS, HEADERS, IDEMPOTENCY_KEY, LIMITS, PRECONDITIONS, carries
from app.api.idempotency import WRITES
from app.api.import_schemas import ROWS
from app.api.kept_routes import is_kept
from app.api.negotiation import MEDIA
from app.api.problems import Problem, problems
from app.api.rate_limits import UNLIMITED
from app.api.uploads import FORMS, REF
from app.config import AnonymousRead
from app.services.rights import Scope

Json = dict[str, Any]
WRITTEN: dict[str, Json] = {
    "docx": {"type": "string", "format": "binary"},
    "pdf": {"type": "string", "format": "binary"},
    "xlsx": {"type": "string", "format": "binary"},
    "json-stat": {"$ref": REF.format(model="JsonStatDataset")},
}
"""The shapes of formats that are no plain text."""
FIGURE: Json = {"type": ["number", "null"]}
DATASET: Json = {
    "type": "object",
    "description": "A dataset of JSON-stat 2.0.",
    "properties": {
        "version": {"type": "string"},
        "class": {"type": "string"},
        "id": {"type": "array", "items": {"type": "string"}},
        "size": {"type": "array", "items": {"type": "integer"}},
        "dimension": {"type": "object", "additionalProperties": True},
        "value": {
            "description": "Figures in their order, or by their place in it.",
            "anyOf": [{"type": "array", "items": FIGURE}, {"type": "object", "additionalProperties": FIGURE}],
        },
    },
    "required": ["version", "class", "id", "size", "dimension", "value"],
    "additionalProperties": True,
}

KEY: Json = {"HTTPBearer": []}
"""The security requirement of an operation that takes a key; next to `{}` it may be left out."""


MAINTAINERS = {"name": "The maintainers of chiso"}
LICENSE = {"name": "Not stated", "identifier": "NOASSERTION"}
SERVERS = [{"url": ".", "description": "Where this document is read from, whatever stands before it in the address."}]


def describe(app: FastAPI) -> Json:
    """The document of an application, written as it is served."""
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
        contact=MAINTAINERS,
        license_info=LICENSE,
        servers=SERVERS,
        tags=[{"name": name, "description": text} for name, text in TAGS.items()],
    )
    schemas: Json = document["components"]["schemas"]
    problem = Problem.model_json_schema(ref_template=REF)
    schemas |= {**problem.pop("$defs"), "Problem": problem, "JsonStatDataset": DATASET, **ROWS, **FORMS}
    for operation, route in _operations(document, app):
        _restore_examples(operation, route)
        _lift_body_example(operation, schemas)
        _declare_formats(operation)
        if route.path_format not in UNLIMITED:
            _declare_limit(operation)
        _declare_permissions(operation, permissions_in(route.dependant), app.state.settings.anonymous_read)
        if WRITES.intersection(route.methods or ()):
            if takes_conditions(route.dependant):
                _declare_preconditions(operation)
            _declare_write(operation, route)
        else:
            _declare_unacceptable(operation)
            if is_kept(route):
                _declare_kept(operation)
        declare_deprecation(operation, route.endpoint)
    for schema in schemas.values():
        schema.pop("example", None)
        _fix_defaults(schema)
    document["components"]["headers"] = HEADERS
    return share_components(document)


def _operations(document: Json, app: FastAPI) -> Iterator[tuple[Json, APIRoute]]:
    for context in iter_route_contexts(app.routes):
        route = context.original_route
        if isinstance(route, APIRoute) and route.include_in_schema:
            for method in route.methods or ():
                yield document["paths"][context.path_format][method.lower()], route


def _restore_examples(operation: Json, route: APIRoute) -> None:
    """Put examples back as they were written, nulls included."""
    for status, declared in route.responses.items():
        _restore(operation["responses"][str(status)], declared)
    _restore(operation.get("requestBody", {}), (route.openapi_extra or {}).get("requestBody", {}))


def _restore(described: Json, written: Mapping[str, Any]) -> None:
    for kind, content in written.get("content", {}).items():
        if "example" in content:
            described["content"][kind]["example"] = content["example"]


def _lift_body_example(operation: Json, schemas: Mapping[str, Json]) -> None:
    """An example that stands at the model of a request body, put next to the body."""
    for content in operation.get("requestBody", {}).get("content", {}).values():
        schema = content["schema"]
        for choice in [schema, *schema.get("anyOf", ())]:
            model = schemas.get(choice.get("$ref", "").rpartition("/")[2], {})
            if "example" in model:
                content.setdefault("example", model["example"])


def _declare_formats(operation: Json) -> None:
    """What `format=` can answer besides JSON."""
    for parameter in operation.get("parameters", ()):
        if parameter["name"] == "format":
            content = operation["responses"]["200"]["content"]
            names = {name for choice in parameter["schema"]["anyOf"] for name in choice.get("enum", ())}
            for name, media in MEDIA.items():
                if name in names:
                    content.setdefault(media.partition(";")[0], {"schema": WRITTEN.get(name, {"type": "string"})})


def _declare_permissions(operation: Json, permissions: Sequence[Permission], anonymous_read: AnonymousRead) -> None:
    """Whether a key is needed, as the service is set, and which."""
    if not permissions:
        operation["security"] = []
        return
    optional = all(each.open_to_anybody(anonymous_read) for each in permissions)
    operation["security"] = [*([{}] if optional else []), KEY]
    # a key from elsewhere is refused whatever it asks, and so is a token without a unit
    refusals = {str(status): refusal for status, refusal in problems(401, 403, asks_database=False).items()}
    operation["responses"] = dict(sorted({**refusals, **operation["responses"]}.items()))
    sentences = [operation.get("description", ""), *dict.fromkeys(map(permission_text, permissions))]
    operation["description"] = "\n\n".join(filter(None, sentences))


def permission_text(permission: Permission) -> str:
    """What a permission asks for, in a sentence."""
    if not permission.scopes:
        return "Answered without a key, unless `CHISO_ANONYMOUS_READ` is `none`."
    scopes = " or ".join(f"`{scope}`" for scope in permission.scopes)
    whole = " that is bound to no unit" if permission.whole else ""
    open_where_all = Scope.VALUES_READ in permission.scopes and not permission.keyed
    unless = ", unless `CHISO_ANONYMOUS_READ` is `all`" if open_where_all else ""
    return f"Needs a key with the scope {scopes}{whole}{unless}."


def _declare_limit(operation: Json) -> None:
    """429 for too many requests, whatever they ask for; the headers come with every answer that is counted."""
    refusal = problems(429)[429]
    headers = {**refusal["headers"], **LIMITS}
    operation["responses"] = dict(sorted({**operation["responses"], "429": {**refusal, "headers": headers}}.items()))


def _declare_write(operation: Json, route: APIRoute) -> None:
    """The headers that the layers around the routes read from a write and add to its answers."""
    operation["parameters"] = [*operation.get("parameters", ()), IDEMPOTENCY_KEY]
    answers: Json = operation["responses"]
    for status, refusal in problems(409, 422).items():  # a key that is in use, or was used for something else
        answers.setdefault(str(status), refusal)
    operation["responses"] = dict(sorted(answers.items()))
    _add_headers(answers["409"], "Retry-After")
    for status, answer in answers.items():
        if status < "300" and _calls(route.dependant, writing):
            _add_headers(answer, "Chiso-Version")
        if status < "500" and status != "401":  # nothing is kept for an unknown caller, nor what failed
            _add_headers(answer, "Idempotency-Replayed")


def _declare_preconditions(operation: Json) -> None:
    """What a write upon a state that the client has read takes and answers."""
    own = [each for each in operation.get("parameters", ()) if each["name"] != "if-match"]
    operation["parameters"] = [*own, *PRECONDITIONS]
    answers: Json = operation["responses"]
    answers["412"] = problems(412)[412]
    operation["responses"] = dict(sorted(answers.items()))
    for status, answer in answers.items():
        if status < "300" or status == "412":
            _add_headers(answer, "ETag")


def _declare_unacceptable(operation: Json) -> None:
    """That `Accept` may refuse all that a read can be answered in."""
    operation["responses"] = dict(sorted({**operation["responses"], "406": problems(406)[406]}.items()))


def _declare_kept(operation: Json) -> None:
    """What the layer of boards reads from a request and adds to its answers."""
    operation["parameters"] = [*operation.get("parameters", ()), *CONDITIONS]
    answers: Json = operation["responses"]
    answers["304"] = {"description": "What the client holds still stands."}
    answers["412"] = problems(412)[412]
    operation["responses"] = dict(sorted(answers.items()))
    for status in ("200", "304"):
        _add_headers(answers[status], "Chiso-Version", "ETag")


def _add_headers(answer: Json, *names: str) -> None:
    answer["headers"] = {**answer.get("headers", {}), **carries(*names)["headers"]}


def _calls(dependant: Dependant, function: Callable[..., object]) -> bool:
    """Whether a route depends on a function, directly or not."""
    return dependant.call is function or any(_calls(each, function) for each in dependant.dependencies)


def _fix_defaults(schema: Json) -> None:
    """pydantic writes the default of an exact number as text."""
    for member in cast("dict[str, Json]", schema.get("properties", {})).values():
        default = member.get("default")
        if member.get("type") == "number" and isinstance(default, str):
            exact = Decimal(default)
            member["default"] = int(exact) if exact == exact.to_integral_value() else float(exact)
