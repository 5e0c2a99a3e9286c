"""Keep the layouts that offices state.

Revision: 0020, after 0019.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    code = sa.String().with_variant(sa.String(collation="C"), "postgresql")
    op.create_table(
        "layouts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", code, nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("replaced_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_layouts")),
    )
    with op.batch_alter_table("layouts", schema=None) as batch_op:
        batch_op.create_index("ix_layouts_key", ["code", "replaced_at"], unique=True)


def downgrade() -> None:
    op.drop_table("layouts")
