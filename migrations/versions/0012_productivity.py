"""Productivity: relative values, periods with worksheets and procedures, benchmarks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "benchmark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rollout_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("rvu_year", sa.Integer(), nullable=False),
        sa.Column("year_share", sa.String(), nullable=False),
        sa.Column("kinds", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("percentiles", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_benchmark_by_id")),
        sa.ForeignKeyConstraint(["rollout_id"], ["rollout.id"], name=op.f("fk_benchmark_rollout_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_benchmark")),
    )
    with op.batch_alter_table("benchmark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_benchmark_rollout_id"), ["rollout_id"], unique=False)
        batch_op.create_index(
            "uq_benchmark_standing",
            ["rollout_id", "sha256"],
            unique=True,
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        )

    op.create_table(
        "relative_value_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rollout_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("codes", sa.Integer(), nullable=False),
        sa.Column("faulty", sa.Integer(), nullable=False),
        sa.Column("faults", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_relative_value_file_by_id")),
        sa.ForeignKeyConstraint(["rollout_id"], ["rollout.id"], name=op.f("fk_relative_value_file_rollout_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relative_value_file")),
    )
    with op.batch_alter_table("relative_value_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_relative_value_file_rollout_id"), ["rollout_id"], unique=False)
        batch_op.create_index(
            "uq_relative_value_file_standing",
            ["rollout_id", "sha256"],
            unique=True,
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        )

    op.create_table(
        "productivity_period",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rollout_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("full_time", sa.String(), nullable=False),
        sa.Column("values_id", sa.Integer(), nullable=True),
        sa.Column("procedures", sa.Integer(), nullable=False),
        sa.Column("rvu", sa.String(), nullable=True),
        sa.Column("unvalued", sa.Integer(), nullable=False),
        sa.Column("unvalued_procedures", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_productivity_period_by_id")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_productivity_period_location_id")),
        sa.ForeignKeyConstraint(["rollout_id"], ["rollout.id"], name=op.f("fk_productivity_period_rollout_id")),
        sa.ForeignKeyConstraint(
            ["values_id"], ["relative_value_file.id"], name=op.f("fk_productivity_period_values_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_productivity_period")),
    )
    with op.batch_alter_table("productivity_period", schema=None) as batch_op:
        batch_op.create_index("ix_productivity_period_rollout", ["rollout_id", "location_id", "last"], unique=False)
        batch_op.create_index(
            "uq_productivity_period_standing",
            ["location_id", "first", "last"],
            unique=True,
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        )

    op.create_table(
        "relative_value",
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("work", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["relative_value_file.id"], name=op.f("fk_relative_value_file_id")),
        sa.PrimaryKeyConstraint("file_id", "code", name=op.f("pk_relative_value")),
    )
    op.create_table(
        "procedure_upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("technical", sa.Integer(), nullable=False),
        sa.Column("codes", sa.Integer(), nullable=False),
        sa.Column("procedures", sa.Integer(), nullable=False),
        sa.Column("other", sa.Integer(), nullable=False),
        sa.Column("other_rvu", sa.String(), nullable=False),
        sa.Column("faulty", sa.Integer(), nullable=False),
        sa.Column("faults", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("counted_by", sa.Integer(), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_procedure_upload_by_id")),
        sa.ForeignKeyConstraint(["counted_by"], ["person.id"], name=op.f("fk_procedure_upload_counted_by")),
        sa.ForeignKeyConstraint(["period_id"], ["productivity_period.id"], name=op.f("fk_procedure_upload_period_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_procedure_upload")),
    )
    with op.batch_alter_table("procedure_upload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_procedure_upload_period_id"), ["period_id"], unique=False)
        batch_op.create_index(
            "uq_procedure_upload_counted",
            ["period_id"],
            unique=True,
            sqlite_where=sa.text("counted_at IS NOT NULL AND replaced_at IS NULL"),
            postgresql_where=sa.text("counted_at IS NOT NULL AND replaced_at IS NULL"),
        )
        batch_op.create_index(
            "uq_procedure_upload_shown",
            ["period_id"],
            unique=True,
            sqlite_where=sa.text("counted_at IS NULL AND replaced_at IS NULL"),
            postgresql_where=sa.text("counted_at IS NULL AND replaced_at IS NULL"),
        )

    op.create_table(
        "worksheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("weekly", sa.String(), nullable=False),
        sa.Column("worked", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_worksheet_by_id")),
        sa.ForeignKeyConstraint(["period_id"], ["productivity_period.id"], name=op.f("fk_worksheet_period_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worksheet")),
    )
    with op.batch_alter_table("worksheet", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_worksheet_period_id"), ["period_id"], unique=False)
        batch_op.create_index(
            "uq_worksheet_standing",
            ["period_id", "position"],
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    op.create_table(
        "procedure_count",
        sa.Column("upload_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["upload_id"], ["procedure_upload.id"], name=op.f("fk_procedure_count_upload_id")),
        sa.PrimaryKeyConstraint("upload_id", "code", name=op.f("pk_procedure_count")),
    )
    op.create_table(
        "worksheet_line",
        sa.Column("worksheet_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("times", sa.String(), nullable=False),
        sa.Column("hours", sa.String(), nullable=False),
        sa.Column("shared_by", sa.String(), nullable=False),
        sa.Column("within", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["worksheet_id"], ["worksheet.id"], name=op.f("fk_worksheet_line_worksheet_id")),
        sa.PrimaryKeyConstraint("worksheet_id", "position", name=op.f("pk_worksheet_line")),
    )


def downgrade() -> None:
    op.drop_table("worksheet_line")
    op.drop_table("procedure_count")
    with op.batch_alter_table("worksheet", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_worksheet_standing",
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_worksheet_period_id"))

    op.drop_table("worksheet")
    with op.batch_alter_table("procedure_upload", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_procedure_upload_shown",
            sqlite_where=sa.text("counted_at IS NULL AND replaced_at IS NULL"),
            postgresql_where=sa.text("counted_at IS NULL AND replaced_at IS NULL"),
        )
        batch_op.drop_index(
            "uq_procedure_upload_counted",
            sqlite_where=sa.text("counted_at IS NOT NULL AND replaced_at IS NULL"),
            postgresql_where=sa.text("counted_at IS NOT NULL AND replaced_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_procedure_upload_period_id"))

    op.drop_table("procedure_upload")
    op.drop_table("relative_value")
    with op.batch_alter_table("productivity_period", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_productivity_period_standing",
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        )
        batch_op.drop_index("ix_productivity_period_rollout")

    op.drop_table("productivity_period")
    with op.batch_alter_table("relative_value_file", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_relative_value_file_standing",
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_relative_value_file_rollout_id"))

    op.drop_table("relative_value_file")
    with op.batch_alter_table("benchmark", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_benchmark_standing",
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_benchmark_rollout_id"))

    op.drop_table("benchmark")
