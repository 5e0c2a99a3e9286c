"""Who writes while everything breaks: threads that send keyed writes, each again until it is answered."""

import json
import time
from collections.abc import Callable, Iterator
from itertools import count
from random import Random
from threading import Event, Thread

import httpx

from tests.make import BOOTSTRAP_KEY, a_commune, a_unit, bearer
from tests.torture.ledger import Ledger, Sent

WRITERS = 5
PERIODS = [f"{year}-{month:02d}" for year in range(2023, 2026) for month in range(1, 13)]
INDICATORS = ("published_on_time", "updated_on_time", "dossier_sync")
MOST_ROWS = len(PERIODS) * len(INDICATORS)
OTHERS = 75
"""Communes of nobody in particular; their figures make the tables larger than their logs."""
IMPORT, BACKGROUND, DRAFT, PUBLISH = "import", "background import", "evaluation", "published evaluation"
LARGE, UNIT, UNITS, PUBLICATION = "large import", "unit", "units", "publication"
MANY = 25
"""Units of a large import."""
PATIENCE_S = 90.0
"""Seconds within which a request is answered, whatever breaks meanwhile."""
TIMEOUT = httpx.Timeout(15.0, connect=2.0)
BREATH_S = 0.05
PASSING = (408, 429, 503)
AGAIN = 0.05
"""How often what was answered is sent once more."""

ANSWERED = "every write was answered with success, at the latest when it was sent again"
REFUSED = "a failure is a 503 with Retry-After, or a connection that broke"
KEYS = "409 under a key lasts no longer than the lease"
SAME = "a repetition gives the first answer, byte for byte"
GROWS = "the version of a write is above every one that was seen before it"


def unit_of(writer: int, which: int) -> str:
    """A writer has a unit for each way of importing, so that the order of what it wrote to one is known."""
    return f"H60.{100 + 10 * writer + which}"


def others() -> list[str]:
    return [f"H60.{500 + number}" for number in range(OTHERS)]


def filling() -> Iterator[Sent]:
    """What is there before anything breaks."""
    own = [unit_of(writer, which) for writer in range(WRITERS) for which in range(2)]
    yield Sent("units", UNITS, "POST", "/v1/units/import", [a_unit(), *map(a_commune, [*own, *others()])])
    figures = [row for unit in others() for row in rows(unit, 1, MOST_ROWS)]
    yield Sent("figures", IMPORT, "POST", "/v1/imports", figures, rows=len(figures))


def rows(unit: str, number: int, how_many: int) -> list[dict[str, object]]:
    """Figures of an import, each with its number; observed at one moment, so that the last one known stands."""
    same = {
        "unit": unit,
        "denominator": 10_000_000,
        "source": "national_portal",
        "observed_at": "2026-01-31T00:00:00+07:00",
    }
    every = ({"period": period, "indicator": code, "numerator": number} for period in PERIODS for code in INDICATORS)
    return [{**same, **each} for each, _ in zip(every, range(how_many), strict=False)]


class Writer(Thread):
    """One client. It has sent nothing else while a request of its is not answered."""

    def __init__(self, number: int, chance: Random, hosts: Callable[[], list[str]], ledger: Ledger, lease_s: int):
        super().__init__(name=f"writer-{number}", daemon=True)
        self.number, self.chance, self.hosts, self.ledger, self.lease_s = number, chance, hosts, ledger, lease_s
        self.over = Event()
        self.client = httpx.Client(headers=bearer(BOOTSTRAP_KEY), timeout=TIMEOUT)
        self.done: list[Sent] = []

    def run(self) -> None:
        with self.client:
            for sent in self.requests():
                self.finish(sent)
                if self.done and self.chance.random() < AGAIN:
                    self.repeat(self.chance.choice(self.done))
                if self.over.is_set():
                    return

    def finish(self, sent: Sent) -> None:
        """Send it until it is answered, and note how that ended."""
        self.ledger.note(sent)
        answered = self.until_answered(sent)
        self.ledger.check(ANSWERED, answered and 200 <= sent.status < 300, f"{sent.key} {sent.status} {sent.answer!r}")
        if answered:
            self.done.append(sent)

    def requests(self) -> Iterator[Sent]:
        """What it writes, one after the other, for ever."""
        drafts: list[Sent] = []
        for turn in count(1):
            number = 1 + turn * WRITERS + self.number
            kind = self.chance.choices(
                (IMPORT, LARGE, BACKGROUND, DRAFT, PUBLISH, UNIT, PUBLICATION), (8, 1, 2, 2, 1, 3, 2)
            )[0]
            if kind == PUBLISH and not drafts:
                kind = DRAFT
            sent = self.request(kind, f"{self.number}-{turn}", number, drafts)
            yield sent
            if kind == DRAFT and sent.status == 201:
                drafts.append(sent)

    def request(self, kind: str, key: str, number: int, drafts: list[Sent]) -> Sent:
        unit = unit_of(self.number, 0)
        if kind == LARGE:
            figures = [row for other in others()[:MANY] for row in rows(other, number, MOST_ROWS)]
            return Sent(key, IMPORT, "POST", "/v1/imports", figures, rows=len(figures))
        if kind in (IMPORT, BACKGROUND):
            unit = unit_of(self.number, int(kind == BACKGROUND))
            how_many = self.chance.choice((1, 20, MOST_ROWS))
            headers = {"Prefer": "respond-async"} if kind == BACKGROUND else {}
            return Sent(key, kind, "POST", "/v1/imports", rows(unit, number, how_many), unit, headers, how_many)
        if kind == DRAFT:
            period = self.chance.choice(PERIODS)
            body = {"period": period, "under": "H60", "levels": ["commune"], "title": key}
            return Sent(key, kind, "POST", "/v1/evaluations", body)
        if kind == PUBLISH:
            draft = json.loads(drafts.pop(self.chance.randrange(len(drafts))).answer)["id"]
            return Sent(key, kind, "POST", f"/v1/evaluations/{draft}/publish", None)
        if kind == UNIT:
            return Sent(key, kind, "PATCH", f"/v1/units/{unit}", {"name": f"UBND xã {number}"}, unit)
        stated = {"unit": unit, "period": PERIODS[0], "subject": "results", "due_on": "2023-02-28"}
        return Sent(key, kind, "PUT", "/v1/publications", {"items": [{**stated, "note": f"note {number}"}]}, unit)

    def until_answered(self, sent: Sent) -> bool:
        """Send it until there is an answer that is none of a passing failure; False where there never is one."""
        until, running_since = time.monotonic() + PATIENCE_S, None
        while time.monotonic() < until:
            newest = self.ledger.newest
            answer = self.send(sent)
            if answer is None:
                running_since = None
            elif answer.status_code == 409 and "idempotency_key_running" in answer.text:
                running_since = running_since or time.monotonic()
            elif answer.status_code < 500 and answer.status_code not in PASSING:
                self.ledger.check(KEYS, running_since is None or time.monotonic() - running_since < 2 * self.lease_s)
                self.take(sent, answer, newest)
                return True
            time.sleep(BREATH_S)
        return False

    def send(self, sent: Sent) -> httpx.Response | None:
        """The answer, None where the connection broke."""
        sent.tries += 1
        headers = {"Idempotency-Key": f"torture-{sent.key}", **sent.headers}
        address = self.chance.choice(self.hosts()) + sent.path
        try:
            answer = self.client.request(sent.method, address, json=sent.body, headers=headers)
        except httpx.HTTPError as error:
            self.ledger.see(f"connection: {type(error).__name__}")
            return None
        if answer.status_code >= 400:
            code = answer.json().get("code", "") if answer.content else ""
            self.ledger.see(f"{answer.status_code} {code}")
            if answer.status_code >= 500:
                holds = answer.status_code == 503 and "retry-after" in answer.headers
                self.ledger.check(REFUSED, holds, f"{sent.key} {answer.status_code} {answer.text}")
        return answer

    def take(self, sent: Sent, answer: httpx.Response, newest: int) -> None:
        """Note the first answer."""
        sent.status, sent.answer = answer.status_code, answer.content
        version = answer.headers.get("chiso-version")
        if version is None:
            return
        if "idempotency-replayed" not in answer.headers and answer.status_code != 202:
            self.ledger.check(GROWS, int(version) > newest, f"{sent.key}: {version}, and {newest} was seen")
        self.ledger.saw(int(version))

    def repeat(self, sent: Sent) -> None:
        """Send what was answered once more; nobody answering now is no fault."""
        answer = self.send(sent)
        if answer is not None and answer.status_code not in PASSING:
            same = (answer.status_code, answer.content) == (sent.status, sent.answer)
            self.ledger.check(
                SAME, same, f"{sent.key}: {answer.status_code} {answer.text[:200]} for {sent.answer[:200]!r}"
            )
