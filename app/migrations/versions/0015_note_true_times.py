"""Note when a write happened whose instant lies ahead of the clock.

Revision: 0015, after 0014.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "true_times",
        sa.Column("known_at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("clock", sa.BigInteger(), nullable=False),
        sa.Column("ahead_from", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("known_at", name=op.f("pk_true_times")),
    )


def downgrade() -> None:
    op.drop_table("true_times")
