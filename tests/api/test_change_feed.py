"""The feed of changes: what every write leaves in it."""

import httpx
from sqlalchemy import true

from app.store.changes import KINDS, ChangePlace, list_changes
from app.store.db import Database
from tests.api.test_audit import STORES_NOTHING
from tests.api.test_examples import in_order, send
from tests.support.contract import Contract


async def test_every_write_leaves_a_change(api: httpx.AsyncClient, database: Database, contract: Contract) -> None:
    for operation in in_order(contract):
        answer = await send(api, operation)
        if not operation.writes or operation.id in STORES_NOTHING:
            continue
        before = ChangePlace(int(answer.headers["chiso-version"]) - 1)
        with database.reading() as session:
            left = list_changes(session, after=before, kinds=dict.fromkeys(KINDS, true()), limit=1000)
        assert left, operation.id
