"""Runs of runbooks: steps, entries, files, links to the wall."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "run",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dated_id", sa.Integer(), nullable=False),
        sa.Column("rollout_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=True),
        sa.Column("wave", sa.String(), nullable=False),
        sa.Column("runbook", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("playbook_version_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("straight", sa.Boolean(), nullable=False),
        sa.Column("broadcasts", sa.String(), nullable=False),
        sa.Column("zero_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("window_begins", sa.DateTime(timezone=True), nullable=True),
        sa.Column("window_ends", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.DateTime(timezone=True), nullable=True),
        sa.Column("margin_seconds", sa.Integer(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("returning_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("returning_by", sa.Integer(), nullable=True),
        sa.Column("returning_reason", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("outcome_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["dated_id"], ["scheduled_entry.id"], name=op.f("fk_run_dated_id")),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name=op.f("fk_run_ended_by")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_run_location_id")),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"], name=op.f("fk_run_made_by")),
        sa.ForeignKeyConstraint(
            ["playbook_version_id"], ["playbook_version.id"], name=op.f("fk_run_playbook_version_id")
        ),
        sa.ForeignKeyConstraint(["returning_by"], ["person.id"], name=op.f("fk_run_returning_by")),
        sa.ForeignKeyConstraint(["rollout_id"], ["rollout.id"], name=op.f("fk_run_rollout_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
    )
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_run_dated_id"), ["dated_id"], unique=False)
        batch_op.create_index("ix_run_rollout", ["rollout_id", "location_id"], unique=False)
        batch_op.create_index(
            "uq_run_open",
            ["dated_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "run_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_run_link_by_id")),
        sa.ForeignKeyConstraint(["revoked_by"], ["person.id"], name=op.f("fk_run_link_revoked_by")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_link_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_run_link_token_hash")),
    )
    with op.batch_alter_table("run_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_run_link_run_id"), ["run_id"], unique=False)

    op.create_table(
        "run_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("back", sa.Boolean(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("groups", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("takes", sa.Integer(), nullable=False),
        sa.Column("wait", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("after", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("done_after", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("no_return", sa.Boolean(), nullable=False),
        sa.Column("critical", sa.Boolean(), nullable=False),
        sa.Column("optional", sa.Boolean(), nullable=False),
        sa.Column("undoes", sa.String(), nullable=False),
        sa.Column("undo_within", sa.Integer(), nullable=True),
        sa.Column("back_out_takes", sa.Integer(), nullable=False),
        sa.Column("baseline_begins", sa.DateTime(timezone=True), nullable=False),
        sa.Column("baseline_ends", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_begins", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_ends", sa.DateTime(timezone=True), nullable=False),
        sa.Column("holder_id", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("skipped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lost_seconds", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["holder_id"], ["person.id"], name=op.f("fk_run_step_holder_id")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_step_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run_step")),
        sa.UniqueConstraint("run_id", "step", name=op.f("uq_run_step_run_id_step")),
    )
    op.create_table(
        "run_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("paper", sa.Boolean(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("corrects_id", sa.Integer(), nullable=True),
        sa.Column("value", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_run_entry_by_id")),
        sa.ForeignKeyConstraint(["corrects_id"], ["run_entry.id"], name=op.f("fk_run_entry_corrects_id")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_run_entry_issue_id")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_entry_run_id")),
        sa.ForeignKeyConstraint(["step_id"], ["run_step.id"], name=op.f("fk_run_entry_step_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run_entry")),
    )
    with op.batch_alter_table("run_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_run_entry_issue_id"), ["issue_id"], unique=False)
        batch_op.create_index("ix_run_entry_run", ["run_id", "id"], unique=False)

    op.create_table(
        "run_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_run_file_by_id")),
        sa.ForeignKeyConstraint(["step_id"], ["run_step.id"], name=op.f("fk_run_file_step_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run_file")),
    )
    with op.batch_alter_table("run_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_run_file_step_id"), ["step_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("run_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_run_file_step_id"))

    op.drop_table("run_file")
    with op.batch_alter_table("run_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_run_entry_run")
        batch_op.drop_index(batch_op.f("ix_run_entry_issue_id"))

    op.drop_table("run_entry")
    op.drop_table("run_step")
    with op.batch_alter_table("run_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_run_link_run_id"))

    op.drop_table("run_link")
    with op.batch_alter_table("run", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_run_open", sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL")
        )
        batch_op.drop_index("ix_run_rollout")
        batch_op.drop_index(batch_op.f("ix_run_dated_id"))

    op.drop_table("run")
