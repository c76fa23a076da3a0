"""The permission that each operation names. A token acts for its owner, with the owner's rights now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from app.actions.people.viewers import holds_everywhere
from app.api.callers import Db, Known
from app.api.fields import Slug
from app.errors import Forbidden, NotFound
from app.queries.rollouts.facts import RolloutFacts, rollout_facts
from app.request import Open
from app.rules.people.access import Extent, Permission, Viewer


class Public:
    """The guard of an operation that is there for everybody."""

    permission = Open.PUBLIC

    def __call__(self) -> None:
        return None


class Guard:
    """The guard of an operation for people with a token.

    With a permission: those who hold it somewhere, or might by being named on an entry. What the operation then
    touches is judged by the query or action that loads it.
    """

    def __init__(self, permission: Permission | Open = Open.SIGNED_IN) -> None:
        self.permission = permission

    def __call__(self, known: Known) -> Viewer:
        return known.viewer


class EverywhereGuard(Guard):
    """The guard of an operation that belongs to no rollout: the permission must be held somewhere."""

    def __call__(self, known: Known) -> Viewer:
        viewer = super().__call__(known)
        if isinstance(self.permission, Permission) and not viewer.can(self.permission):
            raise Forbidden
        return viewer


class AccountGuard(Guard):
    """The guard of an operation about accounts: the permission must be the account's own, not that of one rollout."""

    def __call__(self, known: Known) -> Viewer:
        viewer = super().__call__(known)
        if isinstance(self.permission, Permission) and not holds_everywhere(viewer, self.permission):
            raise Forbidden
        return viewer


@dataclass(frozen=True)
class Desk:
    """Somebody before one rollout, of which only the locations are left that the person may see."""

    viewer: Viewer
    rollout: RolloutFacts

    @property
    def extent(self) -> Extent:
        return self.viewer.locations(self.rollout.id)

    @property
    def address(self) -> str:
        return f"/api/v1/rollouts/{self.rollout.slug}"


class RolloutGuard(Guard):
    """The guard of an operation on one rollout: not seen is not found, seen but not allowed is refused."""

    def __call__(self, known: Known, slug: Slug, session: Db) -> Desk:  # type: ignore[override]
        viewer = super().__call__(known)
        facts = rollout_facts(session, slug)
        sees = viewer.can(Permission.SEE_PLAN, rollout=facts.id)
        # The technical administrator keeps the people of a rollout without seeing its plan.
        keeps = self.permission is Permission.MANAGE_PEOPLE and viewer.can(self.permission, rollout=facts.id)
        if not (sees or keeps):
            raise NotFound("rollout")
        if isinstance(self.permission, Permission) and not viewer.can(self.permission, rollout=facts.id):
            raise Forbidden
        return Desk(viewer, facts.within(viewer.locations(facts.id)) if sees else facts)


Anybody = Annotated[None, Depends(Public())]
Owner = Annotated[Viewer, Depends(Guard())]
Seeing = Annotated[Desk, Depends(RolloutGuard(Permission.SEE_PLAN))]
Directing = Annotated[Desk, Depends(RolloutGuard(Permission.DIRECT))]
Doer = Annotated[Viewer, Depends(Guard(Permission.CHECK_OFF))]
Reader = Annotated[Viewer, Depends(Guard(Permission.SEE_PLAN))]
Detailed = Annotated[Viewer, Depends(Guard(Permission.SEE_DETAIL))]
