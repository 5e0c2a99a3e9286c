"""Seal by itself what letters need, so that a new signer does not change the seal of the scores.

Evaluations that stand keep their one digest, which covers both. Revision: 0011, after 0010.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("evaluations", sa.Column("letter_digest", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("evaluations", schema=None) as batch_op:
        batch_op.drop_column("letter_digest")
