"""Index what every write asks for: answers past their time, and the last statement that was replaced.

Revision: 0010, after 0009.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

STATED = ("publications", "targets")
REPLACED = sa.text("replaced_at < 9223372036854775807")


def upgrade() -> None:
    op.create_index("ix_kept_answers_began_at", "kept_answers", ["began_at"])
    for table in STATED:
        name = f"ix_{table}_replaced"
        op.create_index(name, table, ["replaced_at"], sqlite_where=REPLACED, postgresql_where=REPLACED)


def downgrade() -> None:
    for table in STATED:
        op.drop_index(f"ix_{table}_replaced", table, sqlite_where=REPLACED, postgresql_where=REPLACED)
    op.drop_index("ix_kept_answers_began_at", "kept_answers")
