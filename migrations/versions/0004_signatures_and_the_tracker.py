"""Signatures, assignments, comments, pins; locations paused, dropped and consenting; rollouts closed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

DOC = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
STANDS = "voided_at IS NULL AND withdrawn_at IS NULL"
NEW_KEYS = (
    ("block", "waits_for_task", "task"),
    ("block", "waits_for_person", "person"),
    ("location", "dropped_by", "person"),
    ("rollout", "closed_by", "person"),
    ("rollout", "follows_id", "rollout"),
)
# The plan as first written is the plan as it stands: nothing could be moved before.
FIRST_DATES = """
UPDATE task SET first_begins = begins, first_due = due, begun = (version > 1);
UPDATE scheduled_entry SET first_begins = begins, first_due = due;
UPDATE location SET first_cutover_at = cutover_at,
  planned_at = (SELECT planned_at FROM rollout WHERE rollout.id = location.rollout_id)
"""
# Signatures of old name no content: they stand until something of the task changes.
KEEP_APPROVALS = """
INSERT INTO signature
  (task_id, kind, role, signed_as, meaning, by_id, name, at, proof, content, sha256, changes, withdrawn_reason)
SELECT task_id, kind, role, role, CASE kind WHEN 'verify' THEN 'reviewed' ELSE 'approved' END, by_id, person.name, at,
  'session', '', '', '[]', ''
FROM approval JOIN person ON person.id = approval.by_id ORDER BY approval.id
"""
KEEP_SIGNATURES = """
INSERT INTO approval (task_id, kind, role, by_id, at)
SELECT task_id, kind, role, by_id, at FROM signature
WHERE voided_at IS NULL AND withdrawn_at IS NULL ORDER BY id
"""


def _new_columns() -> dict[str, tuple[sa.Column[object], ...]]:
    return {
        "task": (
            sa.Column("first_begins", sa.Date(), nullable=True),
            sa.Column("first_due", sa.Date(), nullable=True),
            sa.Column("begun", sa.Boolean(), nullable=False, server_default=sa.false()),
            sa.Column("added", sa.Boolean(), nullable=False, server_default=sa.false()),
            sa.Column("how", sa.Text(), nullable=False, server_default=""),
        ),
        "scheduled_entry": (
            sa.Column("first_begins", sa.Date(), nullable=True),
            sa.Column("first_due", sa.Date(), nullable=True),
        ),
        "block": (
            sa.Column("waits_for", sa.Text(), nullable=False, server_default=""),
            sa.Column("waits_for_task", sa.Integer(), nullable=True),
            sa.Column("waits_for_person", sa.Integer(), nullable=True),
            sa.Column("at_version", sa.Integer(), nullable=False, server_default="1"),
        ),
        "location": (
            sa.Column("first_cutover_at", sa.DateTime(timezone=True), nullable=True),
            sa.Column("planned_at", sa.DateTime(timezone=True), nullable=True),
            sa.Column("dropped_by", sa.Integer(), nullable=True),
            sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
            sa.Column("dropped_reason", sa.Text(), nullable=False, server_default=""),
        ),
        "rollout": (
            sa.Column("closed_by", sa.Integer(), nullable=True),
            sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
            sa.Column("closed_note", sa.Text(), nullable=False, server_default=""),
            sa.Column("follows_id", sa.Integer(), nullable=True),
        ),
    }


def _unique_where(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, unique=True, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def upgrade() -> None:
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("sharing", sa.String(), nullable=False),
        sa.Column("covers", DOC, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_consent_by_id"),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name="fk_consent_location_id"),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["person.id"], name="fk_consent_withdrawn_by"),
        sa.PrimaryKeyConstraint("id", name="pk_consent"),
    )
    op.create_index("ix_consent_location_id", "consent", ["location_id"])
    _unique_where("uq_consent_standing", "consent", ["location_id", "sharing"], "withdrawn_at IS NULL")
    op.create_table(
        "pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_pause_by_id"),
        sa.ForeignKeyConstraint(["ended_by"], ["person.id"], name="fk_pause_ended_by"),
        sa.ForeignKeyConstraint(["location_id"], ["location.id"], name="fk_pause_location_id"),
        sa.PrimaryKeyConstraint("id", name="pk_pause"),
    )
    op.create_index("ix_pause_location_id", "pause", ["location_id"])
    _unique_where("uq_pause_open", "pause", ["location_id"], "ended_at IS NULL")
    op.create_table(
        "assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_assignment_by_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_assignment_person_id"),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_assignment_task_id"),
        sa.PrimaryKeyConstraint("id", name="pk_assignment"),
        sa.UniqueConstraint("task_id", name="uq_assignment_task_id"),
    )
    op.create_index("ix_assignment_person_id", "assignment", ["person_id"])
    op.create_table(
        "pin",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("begins", sa.Date(), nullable=True),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_pin_by_id"),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_pin_task_id"),
        sa.PrimaryKeyConstraint("id", name="pk_pin"),
        sa.UniqueConstraint("task_id", name="uq_pin_task_id"),
    )
    op.create_table(
        "comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_comment_by_id"),
        sa.ForeignKeyConstraint(["removed_by"], ["person.id"], name="fk_comment_removed_by"),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_comment_task_id"),
        sa.PrimaryKeyConstraint("id", name="pk_comment"),
    )
    op.create_index("ix_comment_task_id", "comment", ["task_id"])
    op.create_table(
        "mention",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comment_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name="fk_mention_comment_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_mention_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_mention"),
        sa.UniqueConstraint("comment_id", "person_id", name="uq_mention_comment_id_person_id"),
    )
    op.create_index("ix_mention_person_id", "mention", ["person_id"])
    op.create_table(
        "signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("signed_as", sa.String(), nullable=False),
        sa.Column("meaning", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proof", sa.String(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("voided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("voided_by", sa.Integer(), nullable=True),
        sa.Column("changes", DOC, nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_signature_by_id"),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_signature_task_id"),
        sa.ForeignKeyConstraint(["voided_by"], ["person.id"], name="fk_signature_voided_by"),
        sa.PrimaryKeyConstraint("id", name="pk_signature"),
    )
    op.create_index("ix_signature_by_id", "signature", ["by_id"])
    op.create_index("ix_signature_task_id", "signature", ["task_id"])
    _unique_where(
        "uq_signature_person", "signature", ["task_id", "by_id"], "voided_at IS NULL AND withdrawn_at IS NULL"
    )
    _unique_where(
        "uq_signature_role", "signature", ["task_id", "kind", "role"], "voided_at IS NULL AND withdrawn_at IS NULL"
    )
    op.execute(KEEP_APPROVALS)
    op.drop_table("approval")
    op.create_index("ix_event_location", "event", ["location_id", "id"])
    for table, columns in _new_columns().items():
        with op.batch_alter_table(table) as batch:
            for column in columns:
                batch.add_column(column)
            for _, name, target in (key for key in NEW_KEYS if key[0] == table):
                batch.create_foreign_key(f"fk_{table}_{name}", target, [name], ["id"])
    for statement in FIRST_DATES.split(";"):
        op.execute(statement)


def downgrade() -> None:
    op.drop_index("ix_event_location", "event")
    for table, columns in _new_columns().items():
        with op.batch_alter_table(table) as batch:
            for _, name, _target in (key for key in NEW_KEYS if key[0] == table):
                batch.drop_constraint(f"fk_{table}_{name}", type_="foreignkey")
            for column in columns:
                batch.drop_column(column.name)
    op.create_table(
        "approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name="fk_approval_by_id"),
        sa.ForeignKeyConstraint(["task_id"], ["task.id"], name="fk_approval_task_id"),
        sa.PrimaryKeyConstraint("id", name="pk_approval"),
        sa.UniqueConstraint("task_id", "kind", "role", name="uq_approval_task_id_kind_role"),
    )
    op.execute(KEEP_SIGNATURES)
    for table in ("signature", "mention", "comment", "pin", "assignment", "pause", "consent"):
        op.drop_table(table)
