"""Put the columns of a key first in the tables of SQLite that are kept in its order.

`PRAGMA integrity_check` of SQLite 3.40 takes the columns of such a table for those of its key and reports values that
are not missing as missing. The rows are the same. On PostgreSQL the order of columns means nothing, and stays.

Revision: 0016, after 0015.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KEY = ("period", "unit", "indicator", "source")
CLOCKS = ("observed_at", "known_at")
FIGURES = ("numerator", "denominator", "value", "decimals")
REST = ("import_id", "note", "retracted")


def upgrade() -> None:
    _lay_anew(*KEY, *CLOCKS, *FIGURES, *REST)


def downgrade() -> None:
    _lay_anew(*FIGURES, *CLOCKS, *REST, *KEY)


def _lay_anew(*names: str) -> None:
    if op.get_bind().dialect.name != "sqlite":
        return
    _lay("current_values", names, KEY)
    _lay("past_values", (*names, "undone_at"), (*KEY, *CLOCKS))
    op.create_index("ix_current_values_unit", "current_values", ["unit", "period"])


def _lay(table: str, names: tuple[str, ...], key: tuple[str, ...]) -> None:
    """The same rows in a table whose columns stand in this order."""
    op.rename_table(table, f"old_{table}")
    constraint = sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{table}"))
    op.create_table(table, *(_column(name) for name in names), constraint, sqlite_with_rowid=False)
    listed = ", ".join(names)
    op.execute(f"INSERT INTO {table} ({listed}) SELECT {listed} FROM old_{table}")  # noqa: S608 - our own names
    op.drop_table(f"old_{table}")


def _column(name: str) -> sa.Column[int] | sa.Column[str] | sa.Column[bool]:
    if name in (*KEY, "note"):
        return sa.Column(name, sa.String(), nullable=name == "note")
    if name == "retracted":
        return sa.Column(name, sa.Boolean(), nullable=False)
    if name in ("decimals", "import_id"):
        return sa.Column(name, sa.SmallInteger() if name == "decimals" else sa.Integer(), nullable=name == "decimals")
    return sa.Column(name, sa.BigInteger(), nullable=name not in CLOCKS)
