"""Issues with their clocks and ladders; inboxes, channels, and the help desk's links."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("delivery") as batch:
        batch.add_column(sa.Column("channel_id", sa.Integer(), nullable=True))
    with op.batch_alter_table("person") as batch:
        kinds = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
        batch.add_column(sa.Column("unmailed", kinds, nullable=False, server_default="[]"))
    with op.batch_alter_table("installation") as batch:
        batch.add_column(sa.Column("link_key", sa.String(), nullable=False, server_default=""))
    op.get_bind().execute(sa.text("UPDATE installation SET link_key = :key"), {"key": secrets.token_hex(32)})
    op.create_table(
        "channel",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("kinds", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_channel_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel")),
    )
    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_channel_person_id"), ["person_id"], unique=False)

    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("rollout_id", sa.Integer(), nullable=True),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("by_name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_person_id")),
        sa.ForeignKeyConstraint(["rollout_id"], ["rollout.id"], name=op.f("fk_notice_rollout_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("key", name=op.f("uq_notice_key")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index("ix_notice_person", ["person_id", "id"], unique=False)
        batch_op.create_index(
            "ix_notice_unseen",
            ["person_id"],
            unique=False,
            sqlite_where=sa.text("seen_at IS NULL"),
            postgresql_where=sa.text("seen_at IS NULL"),
        )

    op.create_table(
        "intake",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_intake_by_id")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_intake_location_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake")),
        sa.UniqueConstraint("token", name=op.f("uq_intake_token")),
    )
    with op.batch_alter_table("intake", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_intake_location_id"), ["location_id"], unique=False)
        batch_op.create_index(
            "uq_intake_open",
            ["location_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "issue",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rollout_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("law", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("breach_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("holder_id", sa.Integer(), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by", sa.Integer(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["acknowledged_by"], ["person.id"], name=op.f("fk_issue_acknowledged_by")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_issue_by_id")),
        sa.ForeignKeyConstraint(["holder_id"], ["person.id"], name=op.f("fk_issue_holder_id")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_issue_location_id")),
        sa.ForeignKeyConstraint(["rollout_id"], ["rollout.id"], name=op.f("fk_issue_rollout_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_issue_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue")),
        sa.UniqueConstraint("rollout_id", "number", name=op.f("uq_issue_rollout_id_number")),
    )
    with op.batch_alter_table("issue", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_issue_holder_id"), ["holder_id"], unique=False)
        batch_op.create_index("ix_issue_open", ["rollout_id", "closed_at", "breach_at"], unique=False)
        batch_op.create_index("ix_issue_place", ["location_id", "opened_at"], unique=False)
        batch_op.create_index(op.f("ix_issue_task_id"), ["task_id"], unique=False)

    op.create_table(
        "issue_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_issue_file_by_id")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_issue_file_issue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_file")),
    )
    with op.batch_alter_table("issue_file", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_issue_file_issue_id"), ["issue_id"], unique=False)

    op.create_table(
        "issue_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("redacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_issue_note_by_id")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_issue_note_issue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_note")),
    )
    with op.batch_alter_table("issue_note", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_issue_note_issue_id"), ["issue_id"], unique=False)

    op.create_table(
        "issue_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("to", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("said", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unless", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("told", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_issue_step_by_id")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_issue_step_issue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_step")),
    )
    with op.batch_alter_table("issue_step", schema=None) as batch_op:
        batch_op.create_index(
            "ix_issue_step_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        )
        batch_op.create_index("ix_issue_step_issue", ["issue_id", "id"], unique=False)

    op.create_table(
        "resolution",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("fix", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened_by", sa.Integer(), nullable=True),
        sa.Column("reopened_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_resolution_by_id")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["person.id"], name=op.f("fk_resolution_confirmed_by")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_resolution_issue_id")),
        sa.ForeignKeyConstraint(["reopened_by"], ["person.id"], name=op.f("fk_resolution_reopened_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolution")),
    )
    with op.batch_alter_table("resolution", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_resolution_issue_id"), ["issue_id"], unique=False)
        batch_op.create_index(
            "uq_resolution_standing",
            ["issue_id"],
            unique=True,
            sqlite_where=sa.text("reopened_at IS NULL"),
            postgresql_where=sa.text("reopened_at IS NULL"),
        )

    op.create_table(
        "same_issue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_same_issue_by_id")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_same_issue_issue_id")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_same_issue_location_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_same_issue")),
        sa.UniqueConstraint("issue_id", "location_id", name=op.f("uq_same_issue_issue_id_location_id")),
    )
    with op.batch_alter_table("same_issue", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_same_issue_location_id"), ["location_id"], unique=False)

    op.create_table(
        "standstill",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("waits_for", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("stops_clock", sa.Boolean(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("until_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_standstill_by_id")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_standstill_issue_id")),
        sa.ForeignKeyConstraint(["until_by"], ["person.id"], name=op.f("fk_standstill_until_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standstill")),
    )
    with op.batch_alter_table("standstill", schema=None) as batch_op:
        batch_op.create_index(op.f("ix_standstill_issue_id"), ["issue_id"], unique=False)
        batch_op.create_index(
            "uq_standstill_open",
            ["issue_id"],
            unique=True,
            sqlite_where=sa.text("until IS NULL"),
            postgresql_where=sa.text("until IS NULL"),
        )

    op.create_table(
        "intake_use",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("intake_id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_intake_use_intake_id")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_intake_use_issue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_use")),
        sa.UniqueConstraint("intake_id", "form", name=op.f("uq_intake_use_intake_id_form")),
    )
    with op.batch_alter_table("intake_use", schema=None) as batch_op:
        batch_op.create_index("ix_intake_use_intake_at", ["intake_id", "at"], unique=False)
        batch_op.create_index("ix_intake_use_address_at", ["address", "at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("intake_use", schema=None) as batch_op:
        batch_op.drop_index("ix_intake_use_address_at")
        batch_op.drop_index("ix_intake_use_intake_at")

    op.drop_table("intake_use")
    with op.batch_alter_table("standstill", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_standstill_open", sqlite_where=sa.text("until IS NULL"), postgresql_where=sa.text("until IS NULL")
        )
        batch_op.drop_index(op.f("ix_standstill_issue_id"))

    op.drop_table("standstill")
    with op.batch_alter_table("same_issue", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_same_issue_location_id"))

    op.drop_table("same_issue")
    with op.batch_alter_table("resolution", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_resolution_standing",
            sqlite_where=sa.text("reopened_at IS NULL"),
            postgresql_where=sa.text("reopened_at IS NULL"),
        )
        batch_op.drop_index(op.f("ix_resolution_issue_id"))

    op.drop_table("resolution")
    with op.batch_alter_table("issue_step", schema=None) as batch_op:
        batch_op.drop_index("ix_issue_step_issue")
        batch_op.drop_index(
            "ix_issue_step_due",
            sqlite_where=sa.text("settled_at IS NULL"),
            postgresql_where=sa.text("settled_at IS NULL"),
        )

    op.drop_table("issue_step")
    with op.batch_alter_table("issue_note", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_issue_note_issue_id"))

    op.drop_table("issue_note")
    with op.batch_alter_table("issue_file", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_issue_file_issue_id"))

    op.drop_table("issue_file")
    with op.batch_alter_table("issue", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_issue_task_id"))
        batch_op.drop_index("ix_issue_place")
        batch_op.drop_index("ix_issue_open")
        batch_op.drop_index(op.f("ix_issue_holder_id"))

    op.drop_table("issue")
    with op.batch_alter_table("intake", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_intake_open", sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL")
        )
        batch_op.drop_index(op.f("ix_intake_location_id"))

    op.drop_table("intake")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_notice_unseen",
            sqlite_where=sa.text("seen_at IS NULL"),
            postgresql_where=sa.text("seen_at IS NULL"),
        )
        batch_op.drop_index("ix_notice_person")

    op.drop_table("notice")
    with op.batch_alter_table("channel", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_channel_person_id"))

    op.drop_table("channel")
    with op.batch_alter_table("installation") as batch:
        batch.drop_column("link_key")
    with op.batch_alter_table("person") as batch:
        batch.drop_column("unmailed")
    with op.batch_alter_table("delivery") as batch:
        batch.drop_column("channel_id")
