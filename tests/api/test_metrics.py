"""`GET /metrics`: requests counted by operation, for Prometheus."""

import re

import httpx


def counted(text: str, operation: str, status: int) -> float:
    found = re.search(rf'chiso_requests_total{{operation="{operation}",status="{status}"}} ([0-9.]+)', text)
    return float(found[1]) if found else 0.0


async def test_answered_requests_are_counted_by_operation_and_status(anonymous: httpx.AsyncClient) -> None:
    before = (await anonymous.get("/metrics")).text

    await anonymous.get("/v1/units")
    await anonymous.get("/v1/units/H99")
    await anonymous.get("/v1/nothing-here")
    after = (await anonymous.get("/metrics")).text

    assert counted(after, "read_units", 200) == counted(before, "read_units", 200) + 1
    assert counted(after, "read_unit", 404) == counted(before, "read_unit", 404) + 1
    assert counted(after, "none", 404) == counted(before, "none", 404) + 1
    assert "nothing-here" not in after
