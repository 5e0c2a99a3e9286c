"""Run imports in the background.

Revision: 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("imports", sa.Column("requested_at", sa.BigInteger(), nullable=True))
    op.add_column("imports", sa.Column("problem", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("kept_answers", sa.Column("location", sa.String(), nullable=True))
    op.create_table(
        "import_jobs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["imports.id"], name=op.f("fk_import_jobs_id_imports")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_jobs")),
    )


def downgrade() -> None:
    op.drop_table("import_jobs")
    op.drop_column("kept_answers", "location")
    op.drop_column("imports", "problem")
    op.drop_column("imports", "requested_at")
