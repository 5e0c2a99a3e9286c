"""Lay the tables.

Revision: 0001, the first.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("request_id", sa.String(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_subject"), ["subject"], unique=False)

    op.create_table(
        "clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("trace", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock")),
    )
    op.create_table(
        "current_values",
        sa.Column("numerator", sa.BigInteger(), nullable=True),
        sa.Column("denominator", sa.BigInteger(), nullable=True),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("decimals", sa.SmallInteger(), nullable=True),
        sa.Column("observed_at", sa.BigInteger(), nullable=False),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("retracted", sa.Boolean(), nullable=False),
        sa.Column("period", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("unit", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("indicator", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("source", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("period", "unit", "indicator", "source", name=op.f("pk_current_values")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("current_values", schema=None) as batch_op:
        batch_op.create_index("ix_current_values_import", ["import_id"], unique=False)
        batch_op.create_index("ix_current_values_unit", ["unit", "period"], unique=False)

    op.create_table(
        "frameworks",
        sa.Column("code", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("version", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("code", "version", name=op.f("pk_frameworks")),
    )
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("created", sa.Integer(), nullable=False),
        sa.Column("updated", sa.Integer(), nullable=False),
        sa.Column("unchanged", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("errors", sa.JSON(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("plan", sa.String(), nullable=True),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_table(
        "indicators",
        sa.Column("code", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("document", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_indicators")),
    )
    op.create_table(
        "keys",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("unit", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_keys")),
        sa.UniqueConstraint("hash", name=op.f("uq_keys_hash")),
    )
    op.create_table(
        "kept_answers",
        sa.Column("caller", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("key", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("request", sa.String(), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("caller", "key", name=op.f("pk_kept_answers")),
    )
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
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("unit", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("indicator", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("source", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("undone_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_values")),
    )
    with op.batch_alter_table("past_values", schema=None) as batch_op:
        batch_op.create_index("ix_past_values_import", ["import_id"], unique=False)
        batch_op.create_index("ix_past_values_key", ["period", "unit", "indicator", "source"], unique=False)
        batch_op.create_index("ix_past_values_unit", ["unit", "period"], unique=False)

    op.create_table(
        "period_locks",
        sa.Column("period", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("period", name=op.f("pk_period_locks")),
    )
    op.create_table(
        "unit_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("parent", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=True),
        sa.Column("legal_ref", sa.String(), nullable=True),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_events")),
    )
    op.create_table(
        "unit_identifiers",
        sa.Column("scheme", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("value", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("unit", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.PrimaryKeyConstraint("scheme", "value", name=op.f("pk_unit_identifiers")),
    )
    with op.batch_alter_table("unit_identifiers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_identifiers_unit"), ["unit"], unique=False)

    op.create_table(
        "unit_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("parent", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=True),
        sa.Column("begins", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("last", sa.Boolean(), nullable=False),
        sa.Column("name_folded", sa.String(), nullable=False),
        sa.Column("name_order", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("identifiers", sa.JSON(), nullable=False),
        sa.Column("successors", sa.JSON(), nullable=False),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("forgotten_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_versions")),
    )
    with op.batch_alter_table("unit_versions", schema=None) as batch_op:
        batch_op.create_index("ix_unit_versions_code", ["code", "begins", "forgotten_at"], unique=True)
        batch_op.create_index("ix_unit_versions_level", ["level", "code"], unique=False)
        batch_op.create_index("ix_unit_versions_parent", ["parent", "level", "code"], unique=False)

    op.create_table(
        "unit_event_members",
        sa.Column("event", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(), nullable=False),
        sa.Column("unit", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("share", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["event"], ["unit_events.id"], name=op.f("fk_unit_event_members_event_unit_events")),
        sa.PrimaryKeyConstraint("event", "side", "unit", name=op.f("pk_unit_event_members")),
    )
    with op.batch_alter_table("unit_event_members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_event_members_unit"), ["unit"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("unit_event_members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_event_members_unit"))

    op.drop_table("unit_event_members")
    with op.batch_alter_table("unit_versions", schema=None) as batch_op:
        batch_op.drop_index("ix_unit_versions_parent")
        batch_op.drop_index("ix_unit_versions_level")
        batch_op.drop_index("ix_unit_versions_code")

    op.drop_table("unit_versions")
    with op.batch_alter_table("unit_identifiers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unit_identifiers_unit"))

    op.drop_table("unit_identifiers")
    op.drop_table("unit_events")
    op.drop_table("period_locks")
    with op.batch_alter_table("past_values", schema=None) as batch_op:
        batch_op.drop_index("ix_past_values_unit")
        batch_op.drop_index("ix_past_values_key")
        batch_op.drop_index("ix_past_values_import")

    op.drop_table("past_values")
    op.drop_table("kept_answers")
    op.drop_table("keys")
    op.drop_table("indicators")
    op.drop_table("imports")
    op.drop_table("frameworks")
    with op.batch_alter_table("current_values", schema=None) as batch_op:
        batch_op.drop_index("ix_current_values_unit")
        batch_op.drop_index("ix_current_values_import")

    op.drop_table("current_values")
    op.drop_table("clock")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_subject"))

    op.drop_table("audit")
