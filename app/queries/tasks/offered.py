"""Who may be given a task at a place: the roles of the playbook, and the people who hold one there."""

from __future__ import annotations

from sqlmodel import Session

from app.queries.comments import viewers_of
from app.queries.rollouts.facts import RolloutFacts

Choice = tuple[str, str]


def owner_choices(session: Session, rollout: RolloutFacts, location: int | None) -> tuple[list[Choice], list[Choice]]:
    """Roles, as `role:<id>`, and people with their roles, as `person:<key>`, each with words. One query."""
    people = rollout.playbook.people
    roles = [(f"role:{id_}", role.title) for id_, role in people.items()]
    holders = []
    for viewer in viewers_of(session, rollout.id):
        held = viewer.roles(rollout.id, location)
        titles = [role.title for id_, role in people.items() if id_ in held]
        if titles:
            holders.append((f"person:{viewer.person}", f"{viewer.name}, {', '.join(titles)}"))
    return roles, holders
