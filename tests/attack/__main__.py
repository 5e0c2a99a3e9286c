"""What attacks cost a running service, and what those who ask for something else notice of them.

python -m tests.attack [sqlite|postgresql] prints a line an attack: what was sent and answered, the largest answer, how
long `/livez` and a read with a key took at worst meanwhile, and the memory of the service at its highest and after. It
ends with 1 where the service failed, or answered with more than twice what it was sent and more than a megabyte.
"""

import asyncio
import sys
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter

import httpx

from tests.attack.attacks import ATTACKS, MB, Ask, as_of_now, letters, letters_of_days, many_reads, verifications
from tests.attack.service import KINDS, Attacked, attacked, own_databases, writer_at_work

PATIENCE = 120.0
READ = "/v1/values?limit=1"
PROBE_S = 0.02
SETTLING_S = 2.0
AT_ONCE = 100
"""Requests under way at a time: httpx has as many connections, and looks at all that wait for one with each answer."""


@dataclass(frozen=True)
class Seen:
    """What came of an attack; bytes and seconds."""

    sent: int
    statuses: Counter[int]
    largest: int
    took: float
    livez: float
    read: float
    peak: int
    after: int

    def faults(self) -> list[str]:
        """What may not come of any attack."""
        found = [
            f"answered {status or 'not at all'}"
            for status in self.statuses
            if status == 0 or (status >= 500 and status != 503)
        ]
        if self.largest > max(MB, 2 * self.sent):
            found.append("the answer is larger than what was asked")
        return found


async def attack(service: Attacked, asks: list[Ask]) -> Seen:
    """Send the requests at once, and watch meanwhile."""
    watch = Watch(service)
    room = asyncio.Semaphore(AT_ONCE)
    async with httpx.AsyncClient(base_url=service.address, timeout=PATIENCE) as client:
        watching = asyncio.create_task(watch.run())
        began = perf_counter()
        answers = await asyncio.gather(*(send(client, room, service, ask) for ask in asks))
        took = perf_counter() - began
        await asyncio.sleep(SETTLING_S)
        watch.done = True
        await watching
    return Seen(
        sum(len(ask.path) + len(ask.body) for ask in asks),
        Counter(status for status, _ in answers),
        max(size for _, size in answers),
        took,
        max(watch.livez),
        max(watch.reads),
        watch.peak,
        service.memory(),
    )


async def send(client: httpx.AsyncClient, room: asyncio.Semaphore, service: Attacked, ask: Ask) -> tuple[int, int]:
    """Status and size of the answer to one request; 0 where none came."""
    headers = {**ask.headers, **service.headers(ask.caller)}
    with suppress(httpx.TransportError):
        async with room:
            answer = await client.request(ask.method, ask.path, content=ask.body, headers=headers)
        return answer.status_code, len(answer.content)
    return 0, 0


class Watch:
    """Somebody with a key who asks `/livez` and for a list again and again, and looks at the memory of the service."""

    def __init__(self, service: Attacked) -> None:
        self.service = service
        self.livez, self.reads = [0.0], [0.0]
        self.peak = 0
        self.done = False

    async def run(self) -> None:
        headers = self.service.headers("admin")
        async with httpx.AsyncClient(base_url=self.service.address, timeout=PATIENCE, headers=headers) as client:
            await asyncio.gather(self.ask(client, "/livez", self.livez), self.ask(client, READ, self.reads))

    async def ask(self, client: httpx.AsyncClient, path: str, waits: list[float]) -> None:
        """Ask until all is done, and note how long each answer took."""
        while not self.done:
            began = perf_counter()
            (await client.get(path)).raise_for_status()
            waits.append(perf_counter() - began)
            self.peak = max(self.peak, self.service.memory())
            await asyncio.sleep(PROBE_S)


def show(name: str, seen: Seen) -> None:
    statuses = ", ".join(f"{count} × {status or 'no answer'}" for status, count in sorted(seen.statuses.items()))
    print(
        f"{name:44} {seen.sent / MB:8.1f} {statuses:26} {seen.largest / 1000:11.1f} {seen.took:7.1f} "
        f"{seen.livez * 1000:9.0f} {seen.read * 1000:9.0f} {seen.peak / MB:9.0f} {seen.after / MB:9.0f}",
        flush=True,
    )
    for fault in seen.faults():
        print(f"  FAULT: {fault}")


def published(service: Attacked) -> int:
    """The number of a result that is published for it: the communes and departments of a province."""
    order = {"framework": "qd766", "period": "2026", "under": "H21", "levels": ["commune", "department"]}
    with httpx.Client(base_url=service.address, headers=service.headers("admin"), timeout=PATIENCE) as client:
        number = int(client.post("/v1/evaluations", json=order).raise_for_status().json()["id"])
        client.post(f"/v1/evaluations/{number}/publish").raise_for_status()
    return number


def main(kind: str) -> int:
    """Carry out every attack, first on a service without limits by key and address; how many did harm."""
    print(f"{kind:44} {'sent MB':>8} {'answers':26} {'largest kB':>11} {'took s':>7} ", end="")
    print(f"{'livez ms':>9} {'read ms':>9} {'peak MB':>9} {'after MB':>9}")
    harm = 0

    def carry_out(service: Attacked, name: str, asks: list[Ask]) -> None:
        nonlocal harm
        seen = asyncio.run(attack(service, asks))
        show(name, seen)
        harm += bool(seen.faults())

    with own_databases(kind) as databases, attacked(databases) as service:
        for name, make in ATTACKS.items():
            carry_out(service, name, make())
        number = published(service)
        carry_out(service, "20 letters of a public result as DOCX", letters(number))
        carry_out(service, "28 letters of it, a day each", letters_of_days(number))
        carry_out(service, "20 verifications of it", verifications(number))
        with writer_at_work(service):
            carry_out(service, "60 who wait for a writer", as_of_now())
    with own_databases(kind) as databases, attacked(databases, {}) as service:
        carry_out(service, "4,000 reads from one address", many_reads())
    return harm


if __name__ == "__main__":
    sys.exit(sum(main(kind) for kind in [word for word in sys.argv[1:] if word in KINDS] or list(KINDS)) > 0)
