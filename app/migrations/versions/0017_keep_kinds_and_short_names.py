"""Keep the kind and the short name of units, where they were stated.

Revision: 0017, after 0016.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("unit_versions", sa.Column("short_name", sa.String(), nullable=True))
    op.add_column("unit_versions", sa.Column("kind", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("unit_versions", "kind")
    op.drop_column("unit_versions", "short_name")
