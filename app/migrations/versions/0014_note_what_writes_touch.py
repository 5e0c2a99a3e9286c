"""Note which tables, and figures of which periods, each write touches, so that answers about others stand.

As long as nothing is noted, answers fall with every write.
Revision: 0014, after 0013.
"""

import sqlalchemy as sa
from alembic import op

from app.store.tables import CodeText

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "topic_versions",
        sa.Column("topic", CodeText, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("mark", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("topic", name=op.f("pk_topic_versions")),
    )


def downgrade() -> None:
    op.drop_table("topic_versions")
