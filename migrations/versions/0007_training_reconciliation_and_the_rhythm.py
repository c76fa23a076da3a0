"""Training, daily reconciliation, meetings, presence, lessons; what recurs, dated."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "proposal",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rollout_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("base_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("edits", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("result_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["base_id"], ["playbook_version.id"], name=op.f("fk_proposal_base_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_proposal_by_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_proposal_decided_by")),
        sa.ForeignKeyConstraint(["result_id"], ["playbook_version.id"], name=op.f("fk_proposal_result_id")),
        sa.ForeignKeyConstraint(["rollout_id"], ["rollout.id"], name=op.f("fk_proposal_rollout_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("rollout_id", "number", name=op.f("uq_proposal_rollout_id_number")),
    )
    op.create_table(
        "lesson",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rollout_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("judged_by", sa.Integer(), nullable=True),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=True),
        sa.Column("redacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_lesson_by_id")),
        sa.ForeignKeyConstraint(["judged_by"], ["person.id"], name=op.f("fk_lesson_judged_by")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_lesson_location_id")),
        sa.ForeignKeyConstraint(["proposal_id"], ["proposal.id"], name=op.f("fk_lesson_proposal_id")),
        sa.ForeignKeyConstraint(["rollout_id"], ["rollout.id"], name=op.f("fk_lesson_rollout_id")),
        sa.ForeignKeyConstraint(["told_by"], ["person.id"], name=op.f("fk_lesson_told_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson")),
        sa.UniqueConstraint("rollout_id", "number", name=op.f("uq_lesson_rollout_id_number")),
    )
    with op.batch_alter_table("lesson", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_lesson_proposal_id"), ["proposal_id"], unique=False)
        batch_op.create_index("ix_lesson_waiting", ["rollout_id", "judged_at"], unique=False)

    op.create_table(
        "mentorship",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rollout_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("from_location_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_mentorship_by_id")),
        sa.ForeignKeyConstraint(["from_location_id"], ["location.id"], name=op.f("fk_mentorship_from_location_id")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_mentorship_location_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mentorship_person_id")),
        sa.ForeignKeyConstraint(["rollout_id"], ["rollout.id"], name=op.f("fk_mentorship_rollout_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mentorship")),
    )
    with op.batch_alter_table("mentorship", schema=None) as batch_op:
        batch_op.create_index("ix_mentorship_rollout", ["rollout_id", "location_id"], unique=False)

    op.create_table(
        "occasion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rollout_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=True),
        sa.Column("wave", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("begins", sa.Date(), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("late_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_begins", sa.Date(), nullable=True),
        sa.Column("first_due", sa.Date(), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("playbook_version_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_occasion_location_id")),
        sa.ForeignKeyConstraint(
            ["playbook_version_id"], ["playbook_version.id"], name=op.f("fk_occasion_playbook_version_id")
        ),
        sa.ForeignKeyConstraint(["rollout_id"], ["rollout.id"], name=op.f("fk_occasion_rollout_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occasion")),
    )
    with op.batch_alter_table("occasion", schema=None) as batch_op:
        batch_op.create_index(
            "ix_occasion_next",
            ["next_at"],
            unique=False,
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )
        batch_op.create_index("ix_occasion_place", ["location_id", "kind", "due"], unique=False)
        batch_op.create_index("ix_occasion_rollout", ["rollout_id", "kind", "due"], unique=False)
        batch_op.create_index(
            "uq_occasion_location",
            ["location_id", "kind", "entry", "wave", "value"],
            unique=True,
            sqlite_where=sa.text("location_id IS NOT NULL"),
            postgresql_where=sa.text("location_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_occasion_network",
            ["rollout_id", "kind", "entry", "wave", "value"],
            unique=True,
            sqlite_where=sa.text("location_id IS NULL"),
            postgresql_where=sa.text("location_id IS NULL"),
        )

    op.create_table(
        "remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rollout_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("redacted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_remark_by_id")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_remark_location_id")),
        sa.ForeignKeyConstraint(["rollout_id"], ["rollout.id"], name=op.f("fk_remark_rollout_id")),
        sa.ForeignKeyConstraint(["settled_by"], ["person.id"], name=op.f("fk_remark_settled_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remark")),
    )
    with op.batch_alter_table("remark", schema=None) as batch_op:
        batch_op.create_index("ix_remark_rollout", ["rollout_id", "kind", "at"], unique=False)

    op.create_table(
        "staff_member",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rollout_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("shift", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_staff_member_by_id")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_staff_member_location_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_staff_member_person_id")),
        sa.ForeignKeyConstraint(["rollout_id"], ["rollout.id"], name=op.f("fk_staff_member_rollout_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_member")),
    )
    with op.batch_alter_table("staff_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_member_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_staff_member_rollout", ["rollout_id", "location_id", "role"], unique=False)
        batch_op.create_index(
            "uq_staff_member_number",
            ["location_id", "number"],
            unique=True,
            sqlite_where=sa.text("left_at IS NULL"),
            postgresql_where=sa.text("left_at IS NULL"),
        )

    op.create_table(
        "training_session",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rollout_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=True),
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("trainer_id", sa.Integer(), nullable=True),
        sa.Column("recording", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_by", sa.Integer(), nullable=True),
        sa.Column("called_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_off_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_training_session_by_id")),
        sa.ForeignKeyConstraint(["held_by"], ["person.id"], name=op.f("fk_training_session_held_by")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_training_session_location_id")),
        sa.ForeignKeyConstraint(["rollout_id"], ["rollout.id"], name=op.f("fk_training_session_rollout_id")),
        sa.ForeignKeyConstraint(["trainer_id"], ["person.id"], name=op.f("fk_training_session_trainer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_session")),
    )
    with op.batch_alter_table("training_session", schema=None) as batch_op:
        batch_op.create_index("ix_training_session_place", ["rollout_id", "location_id", "entry"], unique=False)

    op.create_table(
        "upgrade",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rollout_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=True),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("choices", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("summary", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_upgrade_by_id")),
        sa.ForeignKeyConstraint(["from_id"], ["playbook_version.id"], name=op.f("fk_upgrade_from_id")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_upgrade_location_id")),
        sa.ForeignKeyConstraint(["rollout_id"], ["rollout.id"], name=op.f("fk_upgrade_rollout_id")),
        sa.ForeignKeyConstraint(["to_id"], ["playbook_version.id"], name=op.f("fk_upgrade_to_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upgrade")),
    )
    with op.batch_alter_table("upgrade", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_upgrade_rollout_id"), ["rollout_id"], unique=False)

    op.create_table(
        "duty",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occasion_id", sa.Integer(), nullable=False),
        sa.Column("rollout_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=True),
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("on_call", sa.Boolean(), nullable=False),
        sa.Column("instead_of", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_duty_by_id")),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name=op.f("fk_duty_ended_by")),
        sa.ForeignKeyConstraint(["instead_of"], ["person.id"], name=op.f("fk_duty_instead_of")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_duty_location_id")),
        sa.ForeignKeyConstraint(["occasion_id"], ["occasion.id"], name=op.f("fk_duty_occasion_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_duty_person_id")),
        sa.ForeignKeyConstraint(["rollout_id"], ["rollout.id"], name=op.f("fk_duty_rollout_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty")),
    )
    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.create_index("ix_duty_occasion", ["occasion_id", "from_at"], unique=False)
        batch_op.create_index("ix_duty_person", ["person_id", "from_at"], unique=False)
        batch_op.create_index("ix_duty_rollout", ["rollout_id", "until_at"], unique=False)
        batch_op.create_index(
            "uq_duty_standing",
            ["occasion_id", "person_id", "from_at"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "enrolment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attended", sa.Boolean(), nullable=True),
        sa.Column("noted_by", sa.Integer(), nullable=True),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_enrolment_by_id")),
        sa.ForeignKeyConstraint(["noted_by"], ["person.id"], name=op.f("fk_enrolment_noted_by")),
        sa.ForeignKeyConstraint(["session_id"], ["training_session.id"], name=op.f("fk_enrolment_session_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_enrolment_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
    )
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enrolment_session_id"), ["session_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_enrolment_staff_id"), ["staff_id"], unique=False)
        batch_op.create_index(
            "uq_enrolment_standing",
            ["session_id", "staff_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "meeting_record",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occasion_id", sa.Integer(), nullable=False),
        sa.Column("rollout_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=True),
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("agenda", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("attended", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_by", sa.Integer(), nullable=True),
        sa.Column("called_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_off_by", sa.Integer(), nullable=True),
        sa.Column("called_off_reason", sa.Text(), nullable=False),
        sa.Column("missed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["called_off_by"], ["person.id"], name=op.f("fk_meeting_record_called_off_by")),
        sa.ForeignKeyConstraint(["held_by"], ["person.id"], name=op.f("fk_meeting_record_held_by")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_meeting_record_location_id")),
        sa.ForeignKeyConstraint(["occasion_id"], ["occasion.id"], name=op.f("fk_meeting_record_occasion_id")),
        sa.ForeignKeyConstraint(["rollout_id"], ["rollout.id"], name=op.f("fk_meeting_record_rollout_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_record")),
        sa.UniqueConstraint("occasion_id", name=op.f("uq_meeting_record_occasion_id")),
    )
    with op.batch_alter_table("meeting_record", schema=None) as batch_op:
        batch_op.create_index("ix_meeting_record_rollout", ["rollout_id", "day"], unique=False)

    op.create_table(
        "pairing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("buddy_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["buddy_id"], ["person.id"], name=op.f("fk_pairing_buddy_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_pairing_by_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_pairing_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing")),
    )
    with op.batch_alter_table("pairing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pairing_buddy_id"), ["buddy_id"], unique=False)
        batch_op.create_index(
            "uq_pairing_standing",
            ["staff_id", "entry"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "roster_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("shift", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_roster_day_by_id")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_roster_day_location_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_roster_day_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_day")),
    )
    with op.batch_alter_table("roster_day", schema=None) as batch_op:
        batch_op.create_index("ix_roster_day_place", ["location_id", "day"], unique=False)
        batch_op.create_index(
            "uq_roster_day_standing",
            ["staff_id", "day", "shift"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "training_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_training_result_by_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff_member.id"], name=op.f("fk_training_result_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_result")),
    )
    with op.batch_alter_table("training_result", schema=None) as batch_op:
        batch_op.create_index("ix_training_result_staff", ["staff_id", "entry", "kind"], unique=False)

    op.create_table(
        "meeting_action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_meeting_action_by_id")),
        sa.ForeignKeyConstraint(["record_id"], ["meeting_record.id"], name=op.f("fk_meeting_action_record_id")),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name=op.f("fk_meeting_action_task_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_action")),
        sa.UniqueConstraint("record_id", "task_id", name=op.f("uq_meeting_action_record_id_task_id")),
    )
    with op.batch_alter_table("meeting_action", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_action_task_id"), ["task_id"], unique=False)

    op.create_table(
        "reconciliation",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occasion_id", sa.Integer(), nullable=False),
        sa.Column("rollout_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=True),
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("playbook_version_id", sa.Integer(), nullable=False),
        sa.Column("counted_by", sa.Integer(), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by", sa.Integer(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clean", sa.Boolean(), nullable=True),
        sa.Column("missed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("issue_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["counted_by"], ["person.id"], name=op.f("fk_reconciliation_counted_by")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_reconciliation_issue_id")),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name=op.f("fk_reconciliation_location_id")),
        sa.ForeignKeyConstraint(["occasion_id"], ["occasion.id"], name=op.f("fk_reconciliation_occasion_id")),
        sa.ForeignKeyConstraint(
            ["playbook_version_id"], ["playbook_version.id"], name=op.f("fk_reconciliation_playbook_version_id")
        ),
        sa.ForeignKeyConstraint(["reviewed_by"], ["person.id"], name=op.f("fk_reconciliation_reviewed_by")),
        sa.ForeignKeyConstraint(["rollout_id"], ["rollout.id"], name=op.f("fk_reconciliation_rollout_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation")),
        sa.UniqueConstraint("occasion_id", name=op.f("uq_reconciliation_occasion_id")),
    )
    with op.batch_alter_table("reconciliation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reconciliation_issue_id"), ["issue_id"], unique=False)
        batch_op.create_index("ix_reconciliation_place", ["location_id", "entry", "day"], unique=False)
        batch_op.create_index(
            "ix_reconciliation_rollout",
            ["rollout_id", "day", "entry", "location_id", "clean", "missed_at", "reviewed_at", "counted_at"],
            unique=False,
        )

    op.create_table(
        "reconciliation_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reconciliation_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("left", sa.String(), nullable=True),
        sa.Column("right", sa.String(), nullable=True),
        sa.Column("answer", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("within", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_reconciliation_count_by_id")),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_reconciliation_count_issue_id")),
        sa.ForeignKeyConstraint(
            ["reconciliation_id"], ["reconciliation.id"], name=op.f("fk_reconciliation_count_reconciliation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation_count")),
    )
    with op.batch_alter_table("reconciliation_count", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reconciliation_count_issue_id"), ["issue_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_reconciliation_count_reconciliation_id"), ["reconciliation_id"], unique=False
        )
        batch_op.create_index(
            "uq_reconciliation_count_standing",
            ["reconciliation_id", "line"],
            unique=True,
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )

    op.create_table(
        "reconciliation_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reconciliation_id", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_reconciliation_file_by_id")),
        sa.ForeignKeyConstraint(
            ["reconciliation_id"], ["reconciliation.id"], name=op.f("fk_reconciliation_file_reconciliation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation_file")),
    )
    with op.batch_alter_table("reconciliation_file", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reconciliation_file_reconciliation_id"), ["reconciliation_id"], unique=False
        )

    op.create_table(
        "reconciliation_return",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reconciliation_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_reconciliation_return_by_id")),
        sa.ForeignKeyConstraint(
            ["reconciliation_id"], ["reconciliation.id"], name=op.f("fk_reconciliation_return_reconciliation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation_return")),
    )
    with op.batch_alter_table("reconciliation_return", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reconciliation_return_reconciliation_id"), ["reconciliation_id"], unique=False
        )

    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.add_column(sa.Column("playbook_version_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("known_as", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_task_playbook_version_id"), "playbook_version", ["playbook_version_id"], ["id"]
        )

    with op.batch_alter_table("pin", schema=None) as batch_op:
        batch_op.add_column(sa.Column("upgrade_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_pin_upgrade_id"), "upgrade", ["upgrade_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("pin", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_pin_upgrade_id"), type_="foreignkey")
        batch_op.drop_column("upgrade_id")

    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_task_playbook_version_id"), type_="foreignkey")
        batch_op.drop_column("retired_at")
        batch_op.drop_column("known_as")
        batch_op.drop_column("playbook_version_id")

    with op.batch_alter_table("reconciliation_return", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reconciliation_return_reconciliation_id"))

    op.drop_table("reconciliation_return")
    with op.batch_alter_table("reconciliation_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reconciliation_file_reconciliation_id"))

    op.drop_table("reconciliation_file")
    with op.batch_alter_table("reconciliation_count", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_reconciliation_count_standing",
            sqlite_where=sa.text("replaced_at IS NULL"),
            postgresql_where=sa.text("replaced_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_reconciliation_count_reconciliation_id"))
        batch_op.drop_index(batch_op.f("ix_reconciliation_count_issue_id"))

    op.drop_table("reconciliation_count")
    with op.batch_alter_table("reconciliation", schema=None) as batch_op:
        batch_op.drop_index("ix_reconciliation_rollout")
        batch_op.drop_index("ix_reconciliation_place")
        batch_op.drop_index(batch_op.f("ix_reconciliation_issue_id"))

    op.drop_table("reconciliation")
    with op.batch_alter_table("meeting_action", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_action_task_id"))

    op.drop_table("meeting_action")
    with op.batch_alter_table("training_result", schema=None) as batch_op:
        batch_op.drop_index("ix_training_result_staff")

    op.drop_table("training_result")
    with op.batch_alter_table("roster_day", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_roster_day_standing",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index("ix_roster_day_place")

    op.drop_table("roster_day")
    with op.batch_alter_table("pairing", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_pairing_standing",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_pairing_buddy_id"))

    op.drop_table("pairing")
    with op.batch_alter_table("meeting_record", schema=None) as batch_op:
        batch_op.drop_index("ix_meeting_record_rollout")

    op.drop_table("meeting_record")
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_enrolment_standing",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_enrolment_staff_id"))
        batch_op.drop_index(batch_op.f("ix_enrolment_session_id"))

    op.drop_table("enrolment")
    with op.batch_alter_table("duty", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_duty_standing", sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL")
        )
        batch_op.drop_index("ix_duty_person")
        batch_op.drop_index("ix_duty_occasion")

    op.drop_table("duty")
    with op.batch_alter_table("upgrade", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_upgrade_rollout_id"))

    op.drop_table("upgrade")
    with op.batch_alter_table("training_session", schema=None) as batch_op:
        batch_op.drop_index("ix_training_session_place")

    op.drop_table("training_session")
    with op.batch_alter_table("staff_member", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_staff_member_number",
            sqlite_where=sa.text("left_at IS NULL"),
            postgresql_where=sa.text("left_at IS NULL"),
        )
        batch_op.drop_index("ix_staff_member_rollout")
        batch_op.drop_index(batch_op.f("ix_staff_member_person_id"))

    op.drop_table("staff_member")
    with op.batch_alter_table("remark", schema=None) as batch_op:
        batch_op.drop_index("ix_remark_rollout")

    op.drop_table("remark")
    with op.batch_alter_table("occasion", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_occasion_network",
            sqlite_where=sa.text("location_id IS NULL"),
            postgresql_where=sa.text("location_id IS NULL"),
        )
        batch_op.drop_index(
            "uq_occasion_location",
            sqlite_where=sa.text("location_id IS NOT NULL"),
            postgresql_where=sa.text("location_id IS NOT NULL"),
        )
        batch_op.drop_index("ix_occasion_rollout")
        batch_op.drop_index("ix_occasion_place")
        batch_op.drop_index(
            "ix_occasion_next",
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        )

    op.drop_table("occasion")
    with op.batch_alter_table("mentorship", schema=None) as batch_op:
        batch_op.drop_index("ix_mentorship_rollout")

    op.drop_table("mentorship")
    with op.batch_alter_table("lesson", schema=None) as batch_op:
        batch_op.drop_index("ix_lesson_waiting")
        batch_op.drop_index(batch_op.f("ix_lesson_proposal_id"))

    op.drop_table("lesson")
    op.drop_table("proposal")
