"""Golden tests of reports ask the service itself, with the fixtures of the tests of the API."""

from tests.api.conftest import (  # noqa: F401
    anonymous,
    api,
    as_key,
    client_of,
    clock,
    contract,
    count_queries,
    database,
    database_limits,
    ordinary,
    service,
    settings,
    shipped,
)
