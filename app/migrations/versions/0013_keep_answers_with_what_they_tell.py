"""Keep answers with what they tell of: nothing says any more that a request has begun.

Revision: 0013, after 0012. The column of the age is named for what it is; its index stays.
"""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def rename(old: str, new: str) -> None:
    op.drop_index(f"ix_kept_answers_{old}", "kept_answers")
    op.execute(f"ALTER TABLE kept_answers RENAME COLUMN {old} TO {new}")
    op.create_index(f"ix_kept_answers_{new}", "kept_answers", [new])


def upgrade() -> None:
    op.execute("DELETE FROM kept_answers WHERE status = 0")
    rename("began_at", "kept_at")


def downgrade() -> None:
    rename("kept_at", "began_at")
