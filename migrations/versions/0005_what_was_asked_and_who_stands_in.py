"""What a form asked for beside its token; and the backups of roles on memberships from before these were kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
import yaml
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

VERSIONS = "SELECT id, text FROM playbook_version WHERE id IN (SELECT playbook_version_id FROM rollout)"
KEEP = """
UPDATE membership SET steps_in = :steps_in
WHERE steps_in = '' AND role = :role AND rollout_id IN (SELECT id FROM rollout WHERE playbook_version_id = :version)
"""


def upgrade() -> None:
    with op.batch_alter_table("intent") as batch:
        batch.add_column(sa.Column("digest", sa.String(), nullable=False, server_default=""))
    connection = op.get_bind()
    for version, text in connection.execute(sa.text(VERSIONS)).all():
        for role, steps_in in _backups(text).items():
            connection.execute(sa.text(KEEP), {"version": version, "role": role, "steps_in": steps_in})


def downgrade() -> None:
    with op.batch_alter_table("intent") as batch:
        batch.drop_column("digest")


def _backups(text: str) -> dict[str, str]:
    """By its id, the roles that each role takes over, as they are frozen: `role:access:scope`, blanks between.

    Written out here, so that this step does the same whatever becomes of the reader of playbooks.
    """
    book = yaml.load(text, yaml.BaseLoader)  # noqa: S506 (it makes texts, lists and mappings, and nothing else)
    if not isinstance(book, Mapping):
        return {}
    found: dict[str, list[str]] = {}
    for role, asked, scope in _roles(book, "location" if book.get("waves") else "network"):
        if backup := asked.get("backup"):
            where = "network" if scope == "network" else "location"
            found.setdefault(backup, []).append(f"{role}:{asked.get('access', 'member')}:{where}")
    return {role: " ".join(parts) for role, parts in found.items()}


def _roles(inside: Mapping[str, Any], scope: str) -> Iterator[tuple[str, Mapping[str, Any], str]]:
    """Single roles with their scope, which groups hand down; the short form is a title alone."""
    roles = inside.get("roles")
    for role, asked in roles.items() if isinstance(roles, Mapping) else ():
        asked = asked if isinstance(asked, Mapping) else {}
        if "roles" in asked:
            yield from _roles(asked, asked.get("scope", scope))
        else:
            yield role, asked, asked.get("scope", scope)
