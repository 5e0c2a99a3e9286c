"""Alembic's environment: the connection comes from `app.store.schema.migrate`, or from `make migration`."""

from alembic import context
from sqlmodel import SQLModel

from app.store import (  # noqa: F401  (tables register on import)
    audit,
    db,
    evaluations,
    frameworks,
    idempotency,
    imports,
    jobs,
    keys,
    letter_profiles,
    periods,
    publications,
    targets,
    tasks,
    topics,
    unit_events,
    units,
    values,
)

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
