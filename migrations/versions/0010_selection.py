"""The choice of a wave's locations: answers, waivers, sets, signatures."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "selection_record",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dated_id", sa.Integer(), nullable=False),
        sa.Column("rollout_id", sa.Integer(), nullable=False),
        sa.Column("selection", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["dated_id"], ["scheduled_entry.id"], name=op.f("fk_selection_record_dated_id")),
        sa.ForeignKeyConstraint(["rollout_id"], ["rollout.id"], name=op.f("fk_selection_record_rollout_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_record")),
        sa.UniqueConstraint("dated_id", name=op.f("uq_selection_record_dated_id")),
    )
    with op.batch_alter_table("selection_record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_selection_record_rollout_id"), ["rollout_id"], unique=False)

    op.create_table(
        "selection_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=True),
        sa.Column("chosen", sa.Text(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("criterion", sa.String(), nullable=False),
        sa.Column("value", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_selection_answer_by_id")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_selection_answer_location_id")),
        sa.ForeignKeyConstraint(["record_id"], ["selection_record.id"], name=op.f("fk_selection_answer_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_answer")),
    )
    with op.batch_alter_table("selection_answer", schema=None) as batch_op:
        batch_op.create_index("ix_selection_answer_record", ["record_id"], unique=False)
        batch_op.create_index(
            "uq_selection_answer_location",
            ["record_id", "location_id", "part", "criterion"],
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL AND location_id IS NOT NULL"),
            postgresql_where=sa.text("replaced_at IS NULL AND location_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_selection_answer_set",
            ["record_id", "chosen", "criterion"],
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL AND location_id IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL AND location_id IS NULL"),
        )

    op.create_table(
        "selection_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("locations", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["proposed_by"], ["person.id"], name=op.f("fk_selection_choice_proposed_by")),
        sa.ForeignKeyConstraint(["record_id"], ["selection_record.id"], name=op.f("fk_selection_choice_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_choice")),
    )
    with op.batch_alter_table("selection_choice", schema=None) as batch_op:
        batch_op.create_index("ix_selection_choice_record", ["record_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_selection_choice_sha256"), ["sha256"], unique=False)
        batch_op.create_index(
            "uq_selection_choice_standing",
            ["record_id"],
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    op.create_table(
        "selection_waiver",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("exclusion", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("waived_as", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proof", sa.String(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_selection_waiver_by_id")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_selection_waiver_location_id")),
        sa.ForeignKeyConstraint(["record_id"], ["selection_record.id"], name=op.f("fk_selection_waiver_record_id")),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["person.id"], name=op.f("fk_selection_waiver_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_waiver")),
    )
    with op.batch_alter_table("selection_waiver", schema=None) as batch_op:
        batch_op.create_index("ix_selection_waiver_record", ["record_id"], unique=False)
        batch_op.create_index(
            "uq_selection_waiver_holds",
            ["record_id", "location_id", "exclusion"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )

    op.create_table(
        "selection_signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("choice_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("signed_as", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proof", sa.String(), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_selection_signature_by_id")),
        sa.ForeignKeyConstraint(["choice_id"], ["selection_choice.id"], name=op.f("fk_selection_signature_choice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selection_signature")),
    )
    with op.batch_alter_table("selection_signature", schema=None) as batch_op:
        batch_op.create_index(
            "uq_selection_signature_person",
            ["choice_id", "by_id"],
            unique=True,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )
        batch_op.create_index(
            "uq_selection_signature_role",
            ["choice_id", "role"],
            unique=True,
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("selection_signature", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_selection_signature_role",
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )
        batch_op.drop_index(
            "uq_selection_signature_person",
            sqlite_where=sa.text("voided_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL"),
        )

    op.drop_table("selection_signature")
    with op.batch_alter_table("selection_waiver", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_selection_waiver_holds",
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )
        batch_op.drop_index("ix_selection_waiver_record")

    op.drop_table("selection_waiver")
    with op.batch_alter_table("selection_choice", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_selection_choice_standing",
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_selection_choice_sha256"))
        batch_op.drop_index("ix_selection_choice_record")

    op.drop_table("selection_choice")
    with op.batch_alter_table("selection_answer", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_selection_answer_set",
            sqlite_where=sa.text("replaced_at IS NULL AND location_id IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL AND location_id IS NULL"),
        )
        batch_op.drop_index(
            "uq_selection_answer_location",
            sqlite_where=sa.text("replaced_at IS NULL AND location_id IS NOT NULL"),
            postgresql_where=sa.text("replaced_at IS NULL AND location_id IS NOT NULL"),
        )
        batch_op.drop_index("ix_selection_answer_record")

    op.drop_table("selection_answer")
    with op.batch_alter_table("selection_record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_selection_record_rollout_id"))

    op.drop_table("selection_record")
