"""Count the figures that complete files retract.

Revision: 0022, after 0021.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("imports", sa.Column("retracted", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("imports", "retracted")
