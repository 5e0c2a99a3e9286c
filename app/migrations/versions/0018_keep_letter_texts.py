"""Keep what one letter says of one period.

Revision: 0018, after 0017.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    code = sa.String().with_variant(sa.String(collation="C"), "postgresql")
    op.create_table(
        "letter_texts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit", code, nullable=False),
        sa.Column("period", code, nullable=False),
        sa.Column("kind", code, nullable=False),
        sa.Column("text", sa.JSON(), nullable=False),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("replaced_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_texts")),
    )
    with op.batch_alter_table("letter_texts", schema=None) as batch_op:
        batch_op.create_index("ix_letter_texts_key", ["unit", "period", "kind", "replaced_at"], unique=True)


def downgrade() -> None:
    op.drop_table("letter_texts")
