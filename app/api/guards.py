"""The permission that each operation names. A token acts for its owner, with the owner's rights now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends

from app.admission import demand_everywhere, demand_somewhere, enter_rollout
from app.api.callers import Db, Known
from app.api.fields import Slug
from app.errors import Refused
from app.queries.rollouts.facts import RolloutFacts
from app.request import Open
from app.rules.people.access import Extent, Permission, Viewer


class Public:
    """The guard of an operation that is there for everybody."""

    permission = Open.PUBLIC

    async def __call__(self) -> None:
        return None


class Guard:
    """The guard of an operation for people with a token.

    With a permission: those who hold it somewhere, or might by being named on an entry. What the operation then
    touches is judged by the query or action that loads it.
    """

    def __init__(self, permission: Permission | Open = Open.SIGNED_IN) -> None:
        self.permission = permission

    async def __call__(self, known: Known) -> Viewer:
        return self.admit(known.viewer)

    def admit(self, viewer: Viewer) -> Viewer:
        """The person. Raises what a guard with a permission of its own raises."""
        return viewer


class EverywhereGuard(Guard):
    """The guard of an operation that belongs to no rollout: the permission must be held somewhere."""

    def admit(self, viewer: Viewer) -> Viewer:
        return demand_somewhere(viewer, self.permission)


class AccountGuard(Guard):
    """The guard of an operation about accounts: the permission must be the account's own, not that of one rollout."""

    def admit(self, viewer: Viewer) -> Viewer:
        return demand_everywhere(viewer, self.permission)


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

    def counted_at(self, now: datetime) -> datetime:
        """The moment that every figure and list of the plan speaks of: now, or when the rollout was closed.

        Raises Refused while there is no whole plan yet.
        """
        if not self.rollout.has_plan:
            raise Refused("This plan is still being written.")
        return self.rollout.as_of(now)


class RolloutGuard(Guard):
    """The guard of an operation on one rollout: not seen is not found, seen but not allowed is refused.

    Not `whole`: of a network that somebody sees as such, no location is read.
    """

    def __init__(self, permission: Permission | Open = Open.SIGNED_IN, *, whole: bool = True) -> None:
        super().__init__(permission)
        self.whole = whole

    def __call__(self, known: Known, slug: Slug, session: Db) -> Desk:  # type: ignore[override]
        viewer = self.admit(known.viewer)
        return Desk(viewer, enter_rollout(session, viewer, slug, self.permission, whole=self.whole))


Anybody = Annotated[None, Depends(Public())]
Owner = Annotated[Viewer, Depends(Guard())]
Seeing = Annotated[Desk, Depends(RolloutGuard(Permission.SEE_PLAN))]
Directing = Annotated[Desk, Depends(RolloutGuard(Permission.DIRECT))]
Keeping = Annotated[Desk, Depends(RolloutGuard(Permission.MANAGE_PEOPLE))]
AccountKeeping = Annotated[Viewer, Depends(AccountGuard(Permission.MANAGE_PEOPLE))]
Doer = Annotated[Viewer, Depends(Guard(Permission.CHECK_OFF))]
Reader = Annotated[Viewer, Depends(Guard(Permission.SEE_PLAN))]
Detailed = Annotated[Viewer, Depends(Guard(Permission.SEE_DETAIL))]
