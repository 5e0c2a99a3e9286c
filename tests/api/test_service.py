"""The service itself: alive, ready, documented."""

import httpx


async def test_readyz_names_the_same_instance_as_long_as_the_process_lives(api: httpx.AsyncClient) -> None:
    first = await api.get("/readyz")
    second = await api.get("/readyz")

    assert first.json()["status"] == "ready"
    assert len(first.json()["instance"]) == 16
    assert first.json() == second.json()


async def test_livez_answers(anonymous: httpx.AsyncClient) -> None:
    assert (await anonymous.get("/livez")).json() == {"status": "alive"}
