"""Keep import profiles, and by which of them a file was read.

Revision: 0026, after 0025.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    code = sa.String().with_variant(sa.String(collation="C"), "postgresql")
    op.create_table(
        "import_profiles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", code, nullable=False),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("replaced_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_profiles")),
    )
    with op.batch_alter_table("import_profiles", schema=None) as batch_op:
        batch_op.create_index("ix_import_profiles_key", ["name", "replaced_at"], unique=True)
    op.add_column("imports", sa.Column("profile", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("imports", "profile")
    op.drop_table("import_profiles")
