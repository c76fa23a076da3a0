"""Readings of metrics, signed baselines, where each metric stands, and what a go-live cost."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "metric_point",
        sa.Column("rollout_id", sa.Integer(), nullable=False),
        sa.Column("metric", sa.String(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["rollout_id"], ["rollout.id"], name=op.f("fk_metric_point_rollout_id")),
        sa.PrimaryKeyConstraint("rollout_id", "metric", "first", "last", name=op.f("pk_metric_point")),
    )
    op.create_table(
        "position_cost",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rollout_id", sa.Integer(), nullable=False),
        sa.Column("metric", sa.String(), nullable=False),
        sa.Column("amount", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_position_cost_by_id")),
        sa.ForeignKeyConstraint(["rollout_id"], ["rollout.id"], name=op.f("fk_position_cost_rollout_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_position_cost")),
    )
    with op.batch_alter_table("position_cost", schema=None) as batch_op:
        batch_op.create_index(
            "uq_position_cost_standing",
            ["rollout_id", "metric"],
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    op.create_table(
        "baseline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rollout_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_baseline_by_id")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_baseline_location_id")),
        sa.ForeignKeyConstraint(["rollout_id"], ["rollout.id"], name=op.f("fk_baseline_rollout_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_baseline")),
    )
    with op.batch_alter_table("baseline", schema=None) as batch_op:
        batch_op.create_index("ix_baseline_place", ["rollout_id", "location_id"], unique=False)
        batch_op.create_index(
            "uq_baseline_location",
            ["location_id"],
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL AND location_id IS NOT NULL"),
            postgresql_where=sa.text("replaced_at IS NULL AND location_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_baseline_network",
            ["rollout_id"],
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL AND location_id IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL AND location_id IS NULL"),
        )

    op.create_table(
        "implementation_cost",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rollout_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("amount", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("spent_on", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_implementation_cost_by_id")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_implementation_cost_location_id")),
        sa.ForeignKeyConstraint(["removed_by"], ["person.id"], name=op.f("fk_implementation_cost_removed_by")),
        sa.ForeignKeyConstraint(["rollout_id"], ["rollout.id"], name=op.f("fk_implementation_cost_rollout_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_implementation_cost")),
    )
    with op.batch_alter_table("implementation_cost", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_implementation_cost_rollout_id"), ["rollout_id"], unique=False)

    op.create_table(
        "metric_reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rollout_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=True),
        sa.Column("wave", sa.String(), nullable=False),
        sa.Column("metric", sa.String(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("size", sa.String(), nullable=True),
        sa.Column("definition", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("basis", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("figure", sa.Float(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_metric_reading_by_id")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_metric_reading_location_id")),
        sa.ForeignKeyConstraint(["rollout_id"], ["rollout.id"], name=op.f("fk_metric_reading_rollout_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_metric_reading")),
    )
    with op.batch_alter_table("metric_reading", schema=None) as batch_op:
        batch_op.create_index("ix_metric_reading_period", ["rollout_id", "metric", "last", "first"], unique=False)
        batch_op.create_index(
            "uq_metric_reading_location",
            ["location_id", "metric", "first", "last"],
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL AND location_id IS NOT NULL"),
            postgresql_where=sa.text("replaced_at IS NULL AND location_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_metric_reading_shared",
            ["rollout_id", "wave", "metric", "first", "last"],
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL AND location_id IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL AND location_id IS NULL"),
        )

    op.create_table(
        "metric_standing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rollout_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=True),
        sa.Column("wave", sa.String(), nullable=False),
        sa.Column("metric", sa.String(), nullable=False),
        sa.Column("definition", sa.Integer(), nullable=False),
        sa.Column("baseline_due", sa.Date(), nullable=True),
        sa.Column("captured", sa.Float(), nullable=True),
        sa.Column("captured_readings", sa.Integer(), nullable=False),
        sa.Column("captured_size", sa.Float(), nullable=True),
        sa.Column("captured_first", sa.Date(), nullable=True),
        sa.Column("captured_last", sa.Date(), nullable=True),
        sa.Column("baseline", sa.Float(), nullable=True),
        sa.Column("baseline_weight", sa.Float(), nullable=True),
        sa.Column("latest", sa.Float(), nullable=True),
        sa.Column("latest_first", sa.Date(), nullable=True),
        sa.Column("latest_last", sa.Date(), nullable=True),
        sa.Column("latest_size", sa.Float(), nullable=True),
        sa.Column("weight", sa.Float(), nullable=True),
        sa.Column("season", sa.Float(), nullable=True),
        sa.Column("readings", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("otherwise", sa.Integer(), nullable=False),
        sa.Column("target", sa.Float(), nullable=True),
        sa.Column("target_by", sa.Date(), nullable=True),
        sa.Column("live", sa.Date(), nullable=True),
        sa.Column("course", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_metric_standing_location_id")),
        sa.ForeignKeyConstraint(["rollout_id"], ["rollout.id"], name=op.f("fk_metric_standing_rollout_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_metric_standing")),
    )
    with op.batch_alter_table("metric_standing", schema=None) as batch_op:
        batch_op.create_index(
            "ix_metric_standing_sum",
            [
                "rollout_id",
                "metric",
                "location_id",
                "baseline",
                "latest",
                "course",
                "live",
                "weight",
                "baseline_weight",
            ],
            unique=False,
        )
        batch_op.create_index(
            "uq_metric_standing_location",
            ["location_id", "metric"],
            unique=True,
            sqlite_where=sa.text("location_id IS NOT NULL"),
            postgresql_where=sa.text("location_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_metric_standing_shared",
            ["rollout_id", "wave", "metric"],
            unique=True,
            sqlite_where=sa.text("location_id IS NULL"),
            postgresql_where=sa.text("location_id IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("metric_standing", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_metric_standing_shared",
            sqlite_where=sa.text("location_id IS NULL"),
            postgresql_where=sa.text("location_id IS NULL"),
        )
        batch_op.drop_index(
            "uq_metric_standing_location",
            sqlite_where=sa.text("location_id IS NOT NULL"),
            postgresql_where=sa.text("location_id IS NOT NULL"),
        )
        batch_op.drop_index("ix_metric_standing_sum")

    op.drop_table("metric_standing")
    with op.batch_alter_table("metric_reading", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_metric_reading_shared",
            sqlite_where=sa.text("replaced_at IS NULL AND location_id IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL AND location_id IS NULL"),
        )
        batch_op.drop_index(
            "uq_metric_reading_location",
            sqlite_where=sa.text("replaced_at IS NULL AND location_id IS NOT NULL"),
            postgresql_where=sa.text("replaced_at IS NULL AND location_id IS NOT NULL"),
        )
        batch_op.drop_index("ix_metric_reading_period")

    op.drop_table("metric_reading")
    with op.batch_alter_table("implementation_cost", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_implementation_cost_rollout_id"))

    op.drop_table("implementation_cost")
    with op.batch_alter_table("baseline", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_baseline_network",
            sqlite_where=sa.text("replaced_at IS NULL AND location_id IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL AND location_id IS NULL"),
        )
        batch_op.drop_index(
            "uq_baseline_location",
            sqlite_where=sa.text("replaced_at IS NULL AND location_id IS NOT NULL"),
            postgresql_where=sa.text("replaced_at IS NULL AND location_id IS NOT NULL"),
        )
        batch_op.drop_index("ix_baseline_place")

    op.drop_table("baseline")
    with op.batch_alter_table("position_cost", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_position_cost_standing",
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    op.drop_table("position_cost")
    op.drop_table("metric_point")
