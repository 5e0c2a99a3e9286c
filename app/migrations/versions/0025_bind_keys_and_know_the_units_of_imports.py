"""Bind keys to times and networks, and know whose figures an import has written.

Revision: 0025, after 0024.
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

WRITTEN = """
INSERT INTO import_units (import_id, unit)
SELECT import_id, unit FROM current_values UNION SELECT import_id, unit FROM past_values
UNION SELECT imports.id, past_values.unit FROM imports JOIN past_values ON past_values.import_id = imports.undoes"""
"""An undo is known by the import that it took back."""


def upgrade() -> None:
    code = sa.String().with_variant(sa.String(collation="C"), "postgresql")
    op.create_table(
        "import_units",
        sa.Column("import_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("unit", code, nullable=False),
        sa.PrimaryKeyConstraint("import_id", "unit", name=op.f("pk_import_units")),
    )
    op.execute(WRITTEN)
    with op.batch_alter_table("keys", schema=None) as batch_op:
        batch_op.add_column(sa.Column("expires_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("networks", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("previous_hash", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("previous_until", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("last_used_at", sa.BigInteger(), nullable=True))
        batch_op.create_unique_constraint(op.f("uq_keys_previous_hash"), ["previous_hash"])


def downgrade() -> None:
    with op.batch_alter_table("keys", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("uq_keys_previous_hash"), type_="unique")
        for name in ("last_used_at", "previous_until", "previous_hash", "networks", "expires_at"):
            batch_op.drop_column(name)
    op.drop_table("import_units")
