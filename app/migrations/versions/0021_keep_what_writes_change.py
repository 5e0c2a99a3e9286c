"""Keep what every write changes, from the present version of the data on.

Revision: 0021, after 0020.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    code = sa.String().with_variant(sa.String(collation="C"), "postgresql")
    op.create_table(
        "changes",
        sa.Column("kind", code, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("unit", code, nullable=False),
        sa.Column("period", code, nullable=False),
        sa.Column("subject", code, nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "version", "period", "unit", "subject", name=op.f("pk_changes")),
        sqlite_with_rowid=False,
    )
    # a database that is laid anew has no clock yet, and notes everything
    op.execute(
        "INSERT INTO changes (kind, version, unit, period, subject, action, known_at, public)"
        " SELECT '', version, '', '', '', 'begun', known_at, false FROM clock"
    )


def downgrade() -> None:
    op.drop_table("changes")
