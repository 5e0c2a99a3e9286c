"""Tests of files ask the service itself, with the fixtures of the tests of the API."""

from tests.api.conftest import (  # noqa: F401
    api,
    client_of,
    clock,
    contract,
    database,
    database_limits,
    ordinary,
    service,
    settings,
    shipped,
)
