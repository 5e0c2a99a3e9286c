"""Name past values by their key and clocks, and let imports tell the periods of their figures.

Revision: 0006, after 0005.
"""

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

CODE = sa.String().with_variant(sa.String(collation="C"), "postgresql")
FIGURES = (
    "numerator, denominator, value, decimals, observed_at, known_at, import_id, note, retracted, "
    "period, unit, indicator, source, undone_at"
)


def upgrade() -> None:
    _lay_past_values_anew(
        sa.PrimaryKeyConstraint(
            *("period", "unit", "indicator", "source", "observed_at", "known_at"), name=op.f("pk_past_values")
        ),
        sqlite_with_rowid=False,
    )
    op.drop_index("ix_current_values_import", table_name="current_values")
    op.add_column("imports", sa.Column("periods", sa.JSON(), server_default="[]", nullable=False))
    _fill_periods()


def downgrade() -> None:
    _lay_past_values_anew(
        sa.Column("id", sa.Integer(), nullable=False), sa.PrimaryKeyConstraint("id", name=op.f("pk_past_values"))
    )
    op.create_index("ix_past_values_import", "past_values", ["import_id"])
    op.create_index("ix_past_values_unit", "past_values", ["unit", "period"])
    op.create_index("ix_past_values_key", "past_values", ["period", "unit", "indicator", "source"])
    op.create_index("ix_current_values_import", "current_values", ["import_id"])
    op.drop_column("imports", "periods")


def _lay_past_values_anew(*identity: sa.schema.SchemaItem, **options: bool) -> None:
    """The same rows in a table that is kept in another order."""
    op.rename_table("past_values", "old_past_values")
    if op.get_bind().dialect.name == "postgresql":  # names of constraints and indexes move with neither
        op.execute("ALTER TABLE old_past_values DROP CONSTRAINT pk_past_values")
    for index in sa.inspect(op.get_bind()).get_indexes("old_past_values"):
        op.drop_index(str(index["name"]), table_name="old_past_values")
    op.create_table(
        "past_values",
        sa.Column("numerator", sa.BigInteger(), nullable=True),
        sa.Column("denominator", sa.BigInteger(), nullable=True),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("decimals", sa.SmallInteger(), nullable=True),
        sa.Column("observed_at", sa.BigInteger(), nullable=False),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("retracted", sa.Boolean(), nullable=False),
        sa.Column("period", CODE, nullable=False),
        sa.Column("unit", CODE, nullable=False),
        sa.Column("indicator", CODE, nullable=False),
        sa.Column("source", CODE, nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        *identity,
        **options,
    )
    op.execute(f"INSERT INTO past_values ({FIGURES}) SELECT {FIGURES} FROM old_past_values")  # noqa: S608 - our own names
    op.drop_table("old_past_values")


def _fill_periods() -> None:
    """What imports added until now is read off the figures."""
    connection = op.get_bind()
    told = sa.text(
        "SELECT import_id, period FROM current_values UNION SELECT import_id, period FROM past_values ORDER BY 1, 2"
    )
    periods = defaultdict(list)
    for import_id, period in connection.execute(told):
        periods[import_id].append(period)
    imports = sa.table("imports", sa.column("id", sa.Integer), sa.column("periods", sa.JSON))
    for import_id, held in periods.items():
        connection.execute(imports.update().where(imports.c.id == import_id).values(periods=held))
