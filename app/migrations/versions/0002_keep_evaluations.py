"""Keep evaluations.

Revision: 0002, after 0001.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

PUBLISHED = sa.text("status = 'published'")


def upgrade() -> None:
    code = sa.String().with_variant(sa.String(collation="C"), "postgresql")
    op.create_table(
        "evaluations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("framework", code, nullable=False),
        sa.Column("version", code, nullable=False),
        sa.Column("period", code, nullable=False),
        sa.Column("under", code, nullable=True),
        sa.Column("levels", sa.String(), nullable=False),
        sa.Column("scope", code, nullable=False),
        sa.Column("against", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("as_of", sa.BigInteger(), nullable=False),
        sa.Column("observed_by", sa.BigInteger(), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("seal", sa.String(), nullable=False),
        sa.Column("cohorts", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=True),
        sa.Column("superseded_at", sa.BigInteger(), nullable=True),
        sa.Column("superseded_by", sa.Integer(), nullable=True),
        sa.Column("supersedes", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.CheckConstraint(
            "status IN ('draft', 'published', 'superseded', 'withdrawn')", name=op.f("ck_evaluations_status")
        ),
        sa.ForeignKeyConstraint(
            ["superseded_by"], ["evaluations.id"], name=op.f("fk_evaluations_superseded_by_evaluations")
        ),
        sa.ForeignKeyConstraint(["supersedes"], ["evaluations.id"], name=op.f("fk_evaluations_supersedes_evaluations")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluations")),
    )
    with op.batch_alter_table("evaluations", schema=None) as batch_op:
        batch_op.create_index(
            "ix_evaluations_published", ["scope"], unique=True, sqlite_where=PUBLISHED, postgresql_where=PUBLISHED
        )
        batch_op.create_index("ix_evaluations_scope", ["scope"], unique=False)

    op.create_table(
        "evaluation_parts",
        sa.Column("evaluation", sa.Integer(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["evaluation"], ["evaluations.id"], name=op.f("fk_evaluation_parts_evaluation_evaluations")
        ),
        sa.PrimaryKeyConstraint("evaluation", "part", name=op.f("pk_evaluation_parts")),
    )


def downgrade() -> None:
    op.drop_table("evaluation_parts")
    with op.batch_alter_table("evaluations", schema=None) as batch_op:
        batch_op.drop_index("ix_evaluations_scope")
        batch_op.drop_index("ix_evaluations_published", sqlite_where=PUBLISHED, postgresql_where=PUBLISHED)

    op.drop_table("evaluations")
