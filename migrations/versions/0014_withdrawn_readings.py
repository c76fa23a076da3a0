"""A figure that was taken out: by whom and why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("metric_reading", schema=None) as batch_op:
        batch_op.add_column(sa.Column("withdrawn_by", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("withdrawn_reason", sa.Text(), nullable=False, server_default=""))
        batch_op.create_foreign_key(batch_op.f("fk_metric_reading_withdrawn_by"), "person", ["withdrawn_by"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("metric_reading", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_metric_reading_withdrawn_by"), type_="foreignkey")
        batch_op.drop_column("withdrawn_reason")
        batch_op.drop_column("withdrawn_by")
