"""What must be so when everything runs again, asked over HTTP and of the database."""

import hashlib
import json
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any

import httpx
from sqlalchemy import func, select, union_all

from app.store.audit import ENTRY
from app.store.db import Database
from app.store.engines import sqlite_file
from app.store.idempotency import KeptAnswer
from app.store.values import CURRENT, PAST
from tests.support.command import chiso
from tests.support.services import Service
from tests.torture.ledger import Ledger, Sent
from tests.torture.writers import BACKGROUND, DRAFT, IMPORT, PUBLICATION, PUBLISH, SAME, UNIT, UNITS, WRITERS, unit_of

MOST_REPEATED, MOST_VERIFIED = 400, 60
"""So many are asked for again; of the others the database is asked."""

ONCE = "what was acknowledged is there, and once: {}"
WHOLE = "an import has all its rows or none"
LAST = "the newest figures are those of the last import"
FOLLOW = "the content of a frozen evaluation has its digest, and gives its numbers again"
ENDED = "no import is left running"
TRACED = "the trace has one entry for each write: {}"
KEPT = "one answer is kept under each key"
DOCTOR = "`chiso doctor` finds nothing bad (audit, evaluations, pages)"
PAGES = "PRAGMA integrity_check says ok"

ACTIONS = {
    (DRAFT,): "evaluation.created",
    (PUBLISH,): "evaluation.published",
    (UNIT, UNITS): "units.stated",
    (PUBLICATION,): "publications.stated",
}


def items(client: httpx.Client, path: str, **asked: str) -> Iterator[dict[str, Any]]:
    """All items of a list, page by page."""
    query: dict[str, str | int] = {"limit": 1000, **asked}
    while True:
        page = client.get(path, params=query).raise_for_status().json()
        yield from page["items"]
        if page.get("next_cursor") is None:
            return
        query["cursor"] = page["next_cursor"]


class Reckoning:
    """Goes through the invariants, with a service that runs undisturbed."""

    def __init__(self, service: Service, url: str, ledger: Ledger, chance: Random, lease_s: int) -> None:
        self.client, self.url, self.ledger, self.chance, self.lease_s = service.client, url, ledger, chance, lease_s

    def make(self, home: Path) -> None:
        self.nothing_runs()
        self.imports()
        self.evaluations()
        self.last_writes()
        self.repetitions()
        self.database()
        self.pages(home)

    def nothing_runs(self) -> None:
        until = time.monotonic() + 4 * self.lease_s + 30
        while running := [each["id"] for each in items(self.client, "/v1/imports") if each["status"] == "running"]:
            if time.monotonic() > until:
                break
            time.sleep(0.5)
        self.ledger.check(ENDED, not running, running)

    def once(self, kind: str, stored: Counter[object], acknowledged: list[object]) -> None:
        """What is stored is what was acknowledged, no more and no less."""
        sentence = ONCE.format(kind)
        for each in acknowledged:
            self.ledger.check(sentence, stored[each] == 1, f"{each}: {stored[each]} times")
        for each in stored.keys() - set(acknowledged):
            self.ledger.check(sentence, False, f"{each}: stored and never acknowledged")
        self.ledger.check(sentence, len(set(acknowledged)) == len(acknowledged), "two keys were given one answer")

    def imports(self) -> None:
        stored = {each["id"]: each for each in items(self.client, "/v1/imports")}
        sent = {answered(each)["id"]: each for each in self.ledger.of(IMPORT, BACKGROUND)}
        self.once(
            "import", Counter(list(stored)), [answered(each)["id"] for each in self.ledger.of(IMPORT, BACKGROUND)]
        )
        revisions = self.revisions()
        for id, each in stored.items():
            if id not in sent:
                continue
            whole = sent[id].rows if each["status"] == "applied" else 0
            fits = each["rows"] == whole == revisions[id] and (
                each["status"] == "applied" or sent[id].kind == BACKGROUND
            )
            self.ledger.check(WHOLE, fits, f"{id} {sent[id].kind} {each['status']}: {revisions[id]} of {sent[id].rows}")
        self.ledger.check(WHOLE, not revisions.keys() - stored.keys(), "figures of an import that there is not")

    def revisions(self) -> Counter[object]:
        """How many revisions there are of each import."""
        database = Database(self.url)
        with database.reading() as session:
            found = Counter[object](
                session.execute(union_all(select(CURRENT.import_id), select(PAST.import_id))).scalars()
            )
        database.dispose()
        return found

    def evaluations(self) -> None:
        stored = {each["id"]: each for each in items(self.client, "/v1/evaluations")}
        self.once(DRAFT, Counter(list(stored)), [answered(each)["id"] for each in self.ledger.of(DRAFT)])
        for each in self.ledger.of(PUBLISH):
            found = stored.get(answered(each)["id"], {}).get("status")
            self.ledger.check(ONCE.format(PUBLISH), found in ("published", "superseded"), f"{each.key}: {found}")
        some = self.chance.sample(sorted(stored, key=str), min(len(stored), MOST_VERIFIED))
        for id in some:
            content = self.client.get(f"/v1/evaluations/{id}/content").content
            digest = hashlib.sha256(content).hexdigest()
            verified = self.client.get(f"/v1/evaluations/{id}/verify").json()
            holds = digest in str(stored[id]["digest"]) and verified.get("matches") is True
            self.ledger.check(FOLLOW, holds, f"{id}: {digest} {stored[id]['digest']} {verified}")

    def last_writes(self) -> None:
        """What shows of a unit is what was written to it last."""
        notes = {each["unit"]: each["note"] for each in items(self.client, "/v1/publications")}
        for writer in range(WRITERS):
            unit = unit_of(writer, 0)
            own = [each for each in self.ledger.of(IMPORT, UNIT, PUBLICATION) if each.unit == unit]
            if named := [each for each in own if each.kind == UNIT]:
                found = self.client.get(f"/v1/units/{unit}").json()["name"]
                self.ledger.check(LAST, found == answered(named[-1])["name"], f"{unit}: {found}")
            if stated := [each for each in own if each.kind == PUBLICATION]:
                note = answered(stated[-1])["items"][0]["note"]
                self.ledger.check(LAST, notes.get(unit) == note, f"{unit}: {notes.get(unit)}, not {note}")
            self.figures(unit, [each for each in own if each.kind == IMPORT])

    def figures(self, unit: str, imported: list[Sent]) -> None:
        expected: dict[tuple[object, object], object] = {}
        for each in imported:
            assert isinstance(each.body, list)
            expected |= {(row["period"], row["indicator"]): row["numerator"] for row in each.body}
        found = {
            (each["period"], each["indicator"]): each["numerator"]
            for each in items(self.client, "/v1/values", unit=unit)
        }
        differ = sorted(str(each) for each in expected.items() ^ found.items())
        self.ledger.check(LAST, not differ, f"{unit}: {differ[:6]}")

    def repetitions(self) -> None:
        every = list(self.ledger.sent.values())
        for sent in self.chance.sample(every, min(len(every), MOST_REPEATED)):
            headers = {"Idempotency-Key": f"torture-{sent.key}", **sent.headers}
            again = self.client.request(sent.method, sent.path, json=sent.body, headers=headers)
            same = (again.status_code, again.content) == (sent.status, sent.answer)
            self.ledger.check(
                SAME, same, f"{sent.key}: {again.status_code} {again.text[:200]} for {sent.answer[:200]!r}"
            )

    def database(self) -> None:
        database = Database(self.url)
        with database.reading() as session:
            actions = Counter(session.execute(select(ENTRY.action)).scalars())
            kept = session.execute(select(func.count()).select_from(KeptAnswer)).scalar_one()
        database.dispose()
        for kinds, action in ACTIONS.items():
            wanted = len(self.ledger.of(*kinds))
            self.ledger.check(TRACED.format(action), actions[action] == wanted, f"{actions[action]}, not {wanted}")
        self.ledger.check(KEPT, kept == len(self.ledger.sent), f"{kept}, not {len(self.ledger.sent)}")

    def pages(self, home: Path) -> None:
        found = chiso(home, "doctor", database_url=self.url)
        self.ledger.check(DOCTOR, found.returncode == 0, found.stdout + found.stderr)
        file = sqlite_file(self.url)
        if file is not None:
            with closing(sqlite3.connect(file)) as connection:
                said = connection.execute("PRAGMA integrity_check").fetchall()
            self.ledger.check(PAGES, said == [("ok",)], said)


def answered(sent: Sent) -> dict[str, Any]:
    """The answer as JSON."""
    found: dict[str, Any] = json.loads(sent.answer or b"{}")
    return found
