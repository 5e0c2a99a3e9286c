"""The figures of `GET /metrics`."""

import httpx


def figures_of(answer: httpx.Response) -> dict[str, float]:
    """Each figure by its series, as `chiso_requests_total{operation="read_units",status="200"}`."""
    lines = (line.rpartition(" ") for line in answer.text.splitlines() if not line.startswith("#"))
    return {series: float(figure) for series, _, figure in lines}


def asked(operation: str, status: int) -> str:
    """The series of the requests for an operation that were answered with this status."""
    return f'chiso_requests_total{{operation="{operation}",status="{status}"}}'
