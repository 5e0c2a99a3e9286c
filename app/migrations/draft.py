"""Draft a migration from the difference between the tables in `app/store` and the migrations that stand.

    make migration NAME="Keep the reason of a withdrawal"

The draft is a proposal: read it, give new columns a server default, name the checks, and try it on both databases.
"""

import sys
import tempfile
from pathlib import Path

from alembic import command

from app.store.schema import migrations
from app.store.engines import make_engine


def draft(name: str) -> None:
    """Write one revision to `versions/`, compared against a fresh SQLite file at the newest revision."""
    config = migrations()
    with tempfile.TemporaryDirectory() as directory:
        engine = make_engine(f"sqlite:///{Path(directory) / 'draft.db'}", new=True)
        with engine.execution_options(writer=True).begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            command.revision(config, message=name, autogenerate=True)
        engine.dispose()


if __name__ == "__main__":
    draft(" ".join(sys.argv[1:]) or sys.exit('say what the migration does: make migration NAME="…"'))
