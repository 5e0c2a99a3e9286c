"""Keep due dates.

Revision: 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "period_dues",
        sa.Column("period", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("period", name=op.f("pk_period_dues")),
    )


def downgrade() -> None:
    op.drop_table("period_dues")
