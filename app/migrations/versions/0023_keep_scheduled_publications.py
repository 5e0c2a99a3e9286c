"""Keep when a draft is to be published, in whose name, and why it was not.

Revision: 0023, after 0022.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("evaluations", sa.Column("publish_at", sa.BigInteger(), nullable=True))
    op.add_column("evaluations", sa.Column("scheduled_by", sa.JSON(), nullable=True))
    op.add_column("evaluations", sa.Column("publish_problem", sa.JSON(), nullable=True))
    op.create_index("ix_evaluations_publish_at", "evaluations", ["publish_at"])


def downgrade() -> None:
    op.drop_index("ix_evaluations_publish_at", "evaluations")
    op.drop_column("evaluations", "publish_problem")
    op.drop_column("evaluations", "scheduled_by")
    op.drop_column("evaluations", "publish_at")
