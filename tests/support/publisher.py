"""A process that publishes an evaluation while another one does the same.

python -m tests.support.publisher DATABASE_URL ID

Says `ready`, waits for a line, then publishes and says what became of it: `published`, or the code of the refusal.
"""

import sys

from app.errors import AppError
from app.services.evaluation_states import publish
from app.services.rights import Caller, Scope
from app.store.db import Database

CALLER = Caller("publisher", frozenset({Scope.EVALUATIONS_PUBLISH}))


def publish_once(database: Database, id: int) -> str:
    """The state that the evaluation is in afterwards, or the code of the refusal."""
    try:
        with database.writing() as session:
            return publish(session, CALLER, id).status
    except AppError as error:
        return f"{error.status} {error.code}"


if __name__ == "__main__":
    held = Database(sys.argv[1])
    with held.reading() as opened:
        opened.connection()
    print("ready", flush=True)  # noqa: T201 - the parent process reads it
    sys.stdin.readline()
    print(publish_once(held, int(sys.argv[2])), flush=True)  # noqa: T201
