"""Keep letter profiles.

Revision: 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    code = sa.String().with_variant(sa.String(collation="C"), "postgresql")
    op.create_table(
        "letter_profiles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit", code, nullable=False),
        sa.Column("profile", sa.JSON(), nullable=False),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("replaced_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_profiles")),
    )
    with op.batch_alter_table("letter_profiles", schema=None) as batch_op:
        batch_op.create_index("ix_letter_profiles_key", ["unit", "replaced_at"], unique=True)


def downgrade() -> None:
    op.drop_table("letter_profiles")
