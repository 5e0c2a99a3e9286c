"""Where a request can name a unit, as the contract declares it."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import TypeAdapter

from app.config import Settings
from app.domain.unit_code import UnitCode
from app.main import create_app
from tests.api.conftest import NOT_OPENED
from tests.support.contract import Contract, Operation

DOCUMENT = Contract(create_app(Settings(_env_file=None, database_url=NOT_OPENED)).openapi())
PATTERN = TypeAdapter(UnitCode).json_schema()["pattern"]


def unit_fields(operation: Operation) -> Iterator[str]:
    """A path or query parameter by its name, a member of the body by its JSON pointer."""
    for parameter in (*operation.parameters("path"), *operation.parameters("query")):
        if any(True for _ in units_in(parameter["schema"], "")):
            yield parameter["name"]
    body = operation.spec.get("requestBody", {"content": {}})["content"].get("application/json")
    yield from () if body is None else units_in(body["schema"], "")


def units_in(schema: Mapping[str, Any], pointer: str, above: tuple[str, ...] = ()) -> Iterator[str]:
    """Pointers to the unit codes of a body of this schema; of a list to the first item, of a tree to its top."""
    name = schema.get("$ref", "")
    if name in above:
        return
    above = (*above, name) if name else above
    schema = DOCUMENT.document["components"]["schemas"][name.rpartition("/")[2]] if name else schema
    if schema.get("pattern") == PATTERN:
        yield pointer
    for name, member in schema.get("properties", {}).items():
        yield from units_in(member, f"{pointer}/{name}", above)
    if "items" in schema:
        yield from units_in(schema["items"], f"{pointer}/0", above)
    for variant in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from units_in(variant, pointer, above)
