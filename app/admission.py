"""Who may come in: what the guards of the pages and of the API ask, once they know who it is."""

from __future__ import annotations

from sqlmodel import Session

from app.actions.people.viewers import holds_everywhere
from app.errors import Forbidden, NotFound
from app.queries.rollouts.facts import RolloutFacts, rollout_facts
from app.request import Open
from app.rules.people.access import Permission, Viewer

Asked = Permission | Open


def demand_somewhere(viewer: Viewer, asked: Asked) -> Viewer:
    """For what belongs to no rollout. Raises Forbidden unless the permission is held somewhere."""
    if isinstance(asked, Permission) and not viewer.can(asked):
        raise Forbidden
    return viewer


def demand_everywhere(viewer: Viewer, asked: Asked) -> Viewer:
    """For what belongs to accounts. Raises Forbidden unless the permission is the account's own, not one rollout's."""
    if not may_everywhere(viewer, asked):
        raise Forbidden
    return viewer


def may_everywhere(viewer: Viewer, asked: Asked) -> bool:
    """Whether the permission is the account's own."""
    return isinstance(asked, Permission) and holds_everywhere(viewer, asked)


def enter_rollout(session: Session, viewer: Viewer, slug: str, asked: Asked, *, whole: bool = True) -> RolloutFacts:
    """The rollout, of which only the locations are left that the person may see; not `whole`: of those only the ones
    that they were named for, so that a page over a large network need not read it.

    Raises NotFound for one that the person does not see, and Forbidden for what may not be done there. The technical
    administrator keeps the people of a rollout without seeing its plan, and so needs the names of its locations.
    """
    only = None if whole else {grant.location for grant in viewer.grants if grant.location is not None}
    facts = rollout_facts(session, slug, only)
    sees = viewer.can(Permission.SEE_PLAN, rollout=facts.id)
    keeps = asked is Permission.MANAGE_PEOPLE and viewer.can(asked, rollout=facts.id)
    if not (sees or keeps):
        raise NotFound("rollout")
    if isinstance(asked, Permission) and not viewer.can(asked, rollout=facts.id):
        raise Forbidden
    return facts.within(viewer.locations(facts.id)) if sees else facts
