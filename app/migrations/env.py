"""Alembic's environment: the connection comes from `app.store.schema.migrate`, or from `make migration`."""

from alembic import context
from sqlmodel import SQLModel

from app.store.tables import every_table

every_table()
connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=SQLModel.metadata, render_as_batch=True, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
