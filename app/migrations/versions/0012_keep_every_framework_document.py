"""Keep every document of a framework that was ever stored, so that answers as of a moment stay the same for ever.

Documents that stand keep the instant at which they became known; what they replaced before is lost.
Revision: 0012, after 0011.
"""

import sqlalchemy as sa
from alembic import op

from app.store.tables import CodeText

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

FRAMEWORKS = sa.table(
    "frameworks",
    sa.column("code", sa.String),
    sa.column("version", sa.String),
    sa.column("known_at", sa.BigInteger),
    sa.column("valid_from", sa.Date),
    sa.column("valid_to", sa.Date),
    sa.column("document", sa.String),
    sa.column("digest", sa.String),
)


def upgrade() -> None:
    documents = op.create_table(
        "framework_documents",
        sa.Column("code", CodeText, nullable=False),
        sa.Column("version", CodeText, nullable=False),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("code", "version", "known_at", name=op.f("pk_framework_documents")),
    )
    connection = op.get_bind()
    kept = [dict(row) for row in connection.execute(sa.select(FRAMEWORKS)).mappings()]
    if kept:
        connection.execute(sa.insert(documents), kept)


def downgrade() -> None:
    op.drop_table("framework_documents")
