"""The views of a plan that somebody keeps."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import Session, col, select

from app.models import SavedFilter


@dataclass(frozen=True)
class View:
    """A kept view: its name, and the query of the plan's address."""

    id: int
    name: str
    query: str


def views(session: Session, rollout_id: int, person_id: int) -> list[View]:
    """A person's own views of a rollout's plan, by name. One query."""
    found = session.exec(
        select(SavedFilter)
        .where(SavedFilter.rollout_id == rollout_id, SavedFilter.person_id == person_id)
        .order_by(col(SavedFilter.name))
    )
    return [View(row.id or 0, row.name, row.query) for row in found]
