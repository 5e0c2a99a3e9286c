"""Fold the names of units anew: look-alike letters and i/y are ignored in a search."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from app.domain.vietnamese import fold

revision = "0009"
down_revision = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

VERSIONS = sa.table("unit_versions", sa.column("id"), sa.column("name"), sa.column("name_folded"))


def upgrade() -> None:
    """Only rows whose key changes are written."""
    connection = op.get_bind()
    rows = connection.execute(sa.select(VERSIONS.c.id, VERSIONS.c.name, VERSIONS.c.name_folded)).all()
    changed = [{"of": id, "folded": fold(name)} for id, name, folded in rows if fold(name) != folded]
    if changed:
        one = sa.update(VERSIONS).where(VERSIONS.c.id == sa.bindparam("of"))
        connection.execute(one.values(name_folded=sa.bindparam("folded")), changed)


def downgrade() -> None:
    """The keys stay: an older service searches by them as well as it can."""
