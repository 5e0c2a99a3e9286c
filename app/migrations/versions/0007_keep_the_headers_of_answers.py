"""Keep every header of an answer, so that a replay says all that was said first.

Revision: 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ANSWERS = sa.table(
    "kept_answers",
    sa.column("caller", sa.String),
    sa.column("key", sa.String),
    sa.column("content_type", sa.String),
    sa.column("location", sa.String),
    sa.column("headers", sa.JSON),
)


def upgrade() -> None:
    op.add_column("kept_answers", sa.Column("headers", sa.JSON(), nullable=False, server_default="[]"))
    connection = op.get_bind()
    for row in connection.execute(sa.select(ANSWERS).where(ANSWERS.c.content_type != "")).mappings().all():
        said = {"content-type": row["content_type"], "location": row["location"]}
        headers = [[name, value] for name, value in said.items() if value is not None]
        _set(connection, row, headers=headers)
    with op.batch_alter_table("kept_answers", schema=None) as batch_op:
        batch_op.alter_column("headers", server_default=None)
        batch_op.drop_column("content_type")
        batch_op.drop_column("location")


def downgrade() -> None:
    op.add_column("kept_answers", sa.Column("content_type", sa.String(), nullable=False, server_default=""))
    op.add_column("kept_answers", sa.Column("location", sa.String(), nullable=True))
    connection = op.get_bind()
    for row in connection.execute(sa.select(ANSWERS)).mappings().all():
        said = dict(row["headers"])
        _set(connection, row, content_type=said.get("content-type", ""), location=said.get("location"))
    with op.batch_alter_table("kept_answers", schema=None) as batch_op:
        batch_op.alter_column("content_type", server_default=None)
        batch_op.drop_column("headers")


def _set(connection: sa.Connection, row: sa.RowMapping, **columns: object) -> None:
    mine = (ANSWERS.c.caller == row["caller"], ANSWERS.c.key == row["key"])
    connection.execute(sa.update(ANSWERS).where(*mine).values(columns))
