"""Know whose figures an import has written.

Revision: 0021, after 0020.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

WRITTEN = """
INSERT INTO import_units (import_id, unit)
SELECT import_id, unit FROM current_values UNION SELECT import_id, unit FROM past_values
UNION SELECT imports.id, past_values.unit FROM imports JOIN past_values ON past_values.import_id = imports.undoes"""
"""An undo is known by the import that it took back."""


def upgrade() -> None:
    code = sa.String().with_variant(sa.String(collation="C"), "postgresql")
    op.create_table(
        "import_units",
        sa.Column("import_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("unit", code, nullable=False),
        sa.PrimaryKeyConstraint("import_id", "unit", name=op.f("pk_import_units")),
    )
    op.execute(WRITTEN)


def downgrade() -> None:
    op.drop_table("import_units")
