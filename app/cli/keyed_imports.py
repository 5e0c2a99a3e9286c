"""`chiso import --idempotency-key` into the database of the settings: a file sent twice under a key is stored once."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, BinaryIO

from sqlalchemy.orm import Session

from app.api.idempotency import BAD_KEY, KEY, REUSED, RUNNING
from app.cli.remote import ImportCommand
from app.errors import Fault
from app.formats.strict_json import write_json
from app.services.imports.files import CHUNK
from app.services.rights import Caller, Scope
from app.store import idempotency as store
from app.store.db import Database

OPERATOR = Caller("chiso", frozenset({Scope.ADMIN}))
"""Whoever may run commands on the machine of the database may do everything."""


@dataclass(frozen=True, slots=True)
class KeyedImport:
    """An import under the operator's key; `same` tells whether another one is the same."""

    key: str
    same: str

    def answered(self, database: Database) -> Mapping[str, Any] | None:
        """What was answered under the key. Invalid where that was another import."""
        with database.reading() as session:
            kept = store.find_response(session, OPERATOR.name, self.key)
        if kept is not None and kept.request != self.same:
            raise REUSED.error()
        return None if kept is None else json.loads(kept.body)

    def keep(self, session: Session, answer: object) -> None:
        """Keep an answer in the transaction of what it tells of. Conflict where another import was faster."""
        if not store.keep(session, (OPERATOR.name, self.key), self.same, 200, [], write_json(answer)):
            raise RUNNING.error()


def keyed(asked: ImportCommand, file: BinaryIO) -> KeyedImport:
    """The import by its key, its parameters and its content. Invalid where the key cannot be one."""
    if KEY.fullmatch(asked.key or "") is None:
        raise Fault(BAD_KEY, parameter="Idempotency-Key").error()
    file.seek(0)
    content = hashlib.sha256()
    for chunk in iter(partial(file.read, CHUNK), b""):
        content.update(chunk)
    same = json.dumps([sorted(asked.query.items()), asked.charset, content.hexdigest()])
    return KeyedImport(asked.key or "", same)
