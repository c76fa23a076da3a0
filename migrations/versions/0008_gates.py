"""Gates: answers, frozen evidence, votes, conditions, decisions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gate_record",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dated_id", sa.Integer(), nullable=False),
        sa.Column("rollout_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=True),
        sa.Column("wave", sa.String(), nullable=False),
        sa.Column("gate", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["dated_id"], ["scheduled_entry.id"], name=op.f("fk_gate_record_dated_id")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_gate_record_location_id")),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"], name=op.f("fk_gate_record_opened_by")),
        sa.ForeignKeyConstraint(["rollout_id"], ["rollout.id"], name=op.f("fk_gate_record_rollout_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_record")),
        sa.UniqueConstraint("dated_id", name=op.f("uq_gate_record_dated_id")),
    )
    with op.batch_alter_table("gate_record", schema=None) as batch_op:
        batch_op.create_index(
            "ix_gate_record_next",
            ["next_at"],
            unique=False,
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )
        batch_op.create_index("ix_gate_record_rollout", ["rollout_id", "location_id"], unique=False)

    op.create_table(
        "gate_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(), nullable=False),
        sa.Column("value", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_gate_answer_by_id")),
        sa.ForeignKeyConstraint(["record_id"], ["gate_record.id"], name=op.f("fk_gate_answer_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_answer")),
    )
    with op.batch_alter_table("gate_answer", schema=None) as batch_op:
        batch_op.create_index("ix_gate_answer_record", ["record_id"], unique=False)
        batch_op.create_index(
            "uq_gate_answer_standing",
            ["record_id", "criterion"],
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    op.create_table(
        "gate_condition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("instead", sa.Text(), nullable=False),
        sa.Column("risk", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_by", sa.Integer(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refused_by", sa.Integer(), nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refusal", sa.Text(), nullable=False),
        sa.Column("met_by", sa.Integer(), nullable=True),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("met_how", sa.Text(), nullable=False),
        sa.Column("expired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["accepted_by"], ["person.id"], name=op.f("fk_gate_condition_accepted_by")),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_gate_condition_asked_by")),
        sa.ForeignKeyConstraint(["met_by"], ["person.id"], name=op.f("fk_gate_condition_met_by")),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name=op.f("fk_gate_condition_owner_id")),
        sa.ForeignKeyConstraint(["record_id"], ["gate_record.id"], name=op.f("fk_gate_condition_record_id")),
        sa.ForeignKeyConstraint(["refused_by"], ["person.id"], name=op.f("fk_gate_condition_refused_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_condition")),
    )
    with op.batch_alter_table("gate_condition", schema=None) as batch_op:
        batch_op.create_index("ix_gate_condition_record", ["record_id"], unique=False)

    op.create_table(
        "gate_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_gate_file_by_id")),
        sa.ForeignKeyConstraint(["record_id"], ["gate_record.id"], name=op.f("fk_gate_file_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_file")),
    )
    with op.batch_alter_table("gate_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gate_file_record_id"), ["record_id"], unique=False)

    op.create_table(
        "gate_pack",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen_by", sa.Integer(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("changes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["frozen_by"], ["person.id"], name=op.f("fk_gate_pack_frozen_by")),
        sa.ForeignKeyConstraint(["record_id"], ["gate_record.id"], name=op.f("fk_gate_pack_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_pack")),
    )
    with op.batch_alter_table("gate_pack", schema=None) as batch_op:
        batch_op.create_index("ix_gate_pack_record", ["record_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_gate_pack_sha256"), ["sha256"], unique=False)
        batch_op.create_index(
            "uq_gate_pack_in_force",
            ["record_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "gate_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("pack_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_as", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proof", sa.String(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("fell_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_gate_decision_by_id")),
        sa.ForeignKeyConstraint(["pack_id"], ["gate_pack.id"], name=op.f("fk_gate_decision_pack_id")),
        sa.ForeignKeyConstraint(["record_id"], ["gate_record.id"], name=op.f("fk_gate_decision_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_decision")),
    )
    with op.batch_alter_table("gate_decision", schema=None) as batch_op:
        batch_op.create_index("ix_gate_decision_record", ["record_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_gate_decision_sha256"), ["sha256"], unique=False)
        batch_op.create_index(
            "uq_gate_decision_standing",
            ["record_id"],
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    op.create_table(
        "gate_vote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("voted_as", sa.String(), nullable=False),
        sa.Column("instead_of", sa.String(), nullable=False),
        sa.Column("vote", sa.String(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proof", sa.String(), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_gate_vote_by_id")),
        sa.ForeignKeyConstraint(["pack_id"], ["gate_pack.id"], name=op.f("fk_gate_vote_pack_id")),
        sa.ForeignKeyConstraint(["record_id"], ["gate_record.id"], name=op.f("fk_gate_vote_record_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_vote")),
    )
    with op.batch_alter_table("gate_vote", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gate_vote_pack_id"), ["pack_id"], unique=False)
        batch_op.create_index("ix_gate_vote_record", ["record_id"], unique=False)
        batch_op.create_index(
            "uq_gate_vote_person",
            ["record_id", "by_id"],
            unique=True,
            sqlite_where=sa.text("voided_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL AND withdrawn_at IS NULL"),
        )
        batch_op.create_index(
            "uq_gate_vote_role",
            ["record_id", "role"],
            unique=True,
            sqlite_where=sa.text("voided_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL AND withdrawn_at IS NULL"),
        )


def downgrade() -> None:
    with op.batch_alter_table("gate_vote", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_gate_vote_role",
            sqlite_where=sa.text("voided_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL AND withdrawn_at IS NULL"),
        )
        batch_op.drop_index(
            "uq_gate_vote_person",
            sqlite_where=sa.text("voided_at IS NULL AND withdrawn_at IS NULL"),
            postgresql_where=sa.text("voided_at IS NULL AND withdrawn_at IS NULL"),
        )
        batch_op.drop_index("ix_gate_vote_record")
        batch_op.drop_index(batch_op.f("ix_gate_vote_pack_id"))

    op.drop_table("gate_vote")
    with op.batch_alter_table("gate_decision", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_gate_decision_standing",
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_gate_decision_sha256"))
        batch_op.drop_index("ix_gate_decision_record")

    op.drop_table("gate_decision")
    with op.batch_alter_table("gate_pack", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_gate_pack_in_force",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_gate_pack_sha256"))
        batch_op.drop_index("ix_gate_pack_record")

    op.drop_table("gate_pack")
    with op.batch_alter_table("gate_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gate_file_record_id"))

    op.drop_table("gate_file")
    with op.batch_alter_table("gate_condition", schema=None) as batch_op:
        batch_op.drop_index("ix_gate_condition_record")

    op.drop_table("gate_condition")
    with op.batch_alter_table("gate_answer", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_gate_answer_standing",
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )
        batch_op.drop_index("ix_gate_answer_record")

    op.drop_table("gate_answer")
    with op.batch_alter_table("gate_record", schema=None) as batch_op:
        batch_op.drop_index("ix_gate_record_rollout")
        batch_op.drop_index(
            "ix_gate_record_next",
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )

    op.drop_table("gate_record")
