"""The return: where metrics stand at all locations together, and what they saved."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

DOC = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "metric_roll_up",
        sa.Column("rollout_id", sa.Integer(), nullable=False),
        sa.Column("metric", sa.String(), nullable=False),
        sa.Column("baseline", sa.Float(), nullable=True),
        sa.Column("latest", sa.Float(), nullable=True),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("of", sa.Integer(), nullable=False),
        sa.Column("signed", sa.Integer(), nullable=False),
        sa.Column("readings", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("otherwise", sa.Integer(), nullable=False),
        sa.Column("first", sa.Date(), nullable=True),
        sa.Column("last", sa.Date(), nullable=True),
        sa.Column("stands", DOC, nullable=False),
        sa.ForeignKeyConstraint(["rollout_id"], ["rollout.id"], name=op.f("fk_metric_roll_up_rollout_id")),
        sa.PrimaryKeyConstraint("rollout_id", "metric", name=op.f("pk_metric_roll_up")),
    )
    op.create_table(
        "metric_saved",
        sa.Column("rollout_id", sa.Integer(), nullable=False),
        sa.Column("metric", sa.String(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("amount", sa.Float(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["rollout_id"], ["rollout.id"], name=op.f("fk_metric_saved_rollout_id")),
        sa.PrimaryKeyConstraint("rollout_id", "metric", "first", "last", name=op.f("pk_metric_saved")),
    )
    op.create_table(
        "metric_saving",
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("metric", sa.String(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("rollout_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_metric_saving_location_id")),
        sa.ForeignKeyConstraint(["rollout_id"], ["rollout.id"], name=op.f("fk_metric_saving_rollout_id")),
        sa.PrimaryKeyConstraint("location_id", "metric", "first", "last", name=op.f("pk_metric_saving")),
    )
    with op.batch_alter_table("metric_saving", schema=None) as batch_op:
        batch_op.create_index(
            "ix_metric_saving_period", ["rollout_id", "metric", "last", "first", "amount"], unique=False
        )
    with op.batch_alter_table("metric_standing", schema=None) as batch_op:
        batch_op.add_column(sa.Column("parts", DOC, nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("better_run", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("metric_standing", schema=None) as batch_op:
        batch_op.drop_column("better_run")
        batch_op.drop_column("parts")
    with op.batch_alter_table("metric_saving", schema=None) as batch_op:
        batch_op.drop_index("ix_metric_saving_period")

    op.drop_table("metric_saving")
    op.drop_table("metric_saved")
    op.drop_table("metric_roll_up")
