"""Who may do what, in one table. Pure.

Two layers. Access is what a role's holder may do everywhere in the scope of the membership: the whole network, or
the locations named there. Being named is narrower: whoever holds a role that an entry names (owner, verify, sign_off,
votes, decide) may do that act on that entry. Outside what a person may see everything is NotFound, inside it Forbidden.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.plan.terms import Access

ADMINISTRATOR: Final = "administrator"
ACCOUNT_ACCESS: Final = (Access.DIRECTOR, Access.MANAGER, Access.EXECUTIVE, ADMINISTRATOR)


class Permission(StrEnum):
    """An act. The value is its name in the matrix of routes."""

    SEE_PLAN = "see plan, status and dates"
    SEE_DETAIL = "see free text and evidence"
    CHECK_OFF = "check off, answer, attach"
    SIGN_OFF = "verify and sign off"
    ASSIGN = "assign work"
    MOVE = "move a task"
    RAISE_ISSUE = "raise and resolve an issue"
    STOP_ESCALATION = "stop an escalation"
    RECONCILE = "record a daily reconciliation"
    VOTE = "vote at a gate"
    ENTER_FIGURES = "enter baseline and metrics"
    DIRECT = "draft, start and change a rollout, move a cutover"
    CHANGE_PLAYBOOK = "upload a playbook"
    MANAGE_PEOPLE = "people, roles and locations"
    EXPORT = "export what one sees"
    SEE_AUDIT = "read the audit log"
    SEE_ACCOUNT_EVENTS = "read the events of accounts"
    RUN_MACHINE = "settings, backup and tokens"


class Holder(StrEnum):
    """A column of the table: an access, and for members whether they hold it for the network or for a location."""

    DIRECTOR = "director"
    MANAGER = "manager"
    MEMBER = "member"
    LOCAL_MEMBER = "local member"
    EXECUTIVE = "executive"
    ADMINISTRATOR = "administrator"


class Reach(StrEnum):
    """A cell: everything in scope, only entries that name the person's role, or nothing."""

    YES = "yes"
    NAMED = "named"
    NO = "no"


_Y, _N, _X = Reach.YES, Reach.NAMED, Reach.NO

TABLE: Final[Mapping[Permission, Mapping[Holder, Reach]]] = {
    permission: dict(zip(Holder, cells, strict=True))
    for permission, cells in {
        #                        director manager member local executive administrator
        Permission.SEE_PLAN: (_Y, _Y, _Y, _Y, _Y, _X),
        Permission.SEE_DETAIL: (_Y, _Y, _N, _Y, _N, _X),
        Permission.CHECK_OFF: (_Y, _Y, _N, _Y, _N, _X),
        Permission.SIGN_OFF: (_Y, _N, _N, _N, _N, _X),
        Permission.ASSIGN: (_Y, _Y, _X, _Y, _X, _X),
        Permission.MOVE: (_Y, _Y, _X, _X, _X, _X),
        Permission.RAISE_ISSUE: (_Y, _Y, _Y, _Y, _X, _X),
        Permission.STOP_ESCALATION: (_Y, _Y, _N, _N, _X, _X),
        Permission.RECONCILE: (_Y, _Y, _N, _Y, _X, _X),
        Permission.VOTE: (_Y, _N, _N, _N, _N, _X),
        Permission.ENTER_FIGURES: (_Y, _Y, _N, _Y, _X, _X),
        Permission.DIRECT: (_Y, _X, _X, _X, _X, _X),
        Permission.CHANGE_PLAYBOOK: (_Y, _X, _X, _X, _X, _X),
        Permission.MANAGE_PEOPLE: (_Y, _X, _X, _X, _X, _Y),
        Permission.EXPORT: (_Y, _Y, _Y, _Y, _Y, _X),
        Permission.SEE_AUDIT: (_Y, _Y, _N, _Y, _X, _X),
        Permission.SEE_ACCOUNT_EVENTS: (_Y, _X, _X, _X, _X, _Y),
        Permission.RUN_MACHINE: (_X, _X, _X, _X, _X, _Y),
    }.items()
}


READING: Final = frozenset(
    {
        Permission.SEE_PLAN,
        Permission.SEE_DETAIL,
        Permission.EXPORT,
        Permission.SEE_AUDIT,
        Permission.SEE_ACCOUNT_EVENTS,
    }
)
"""What changes nothing."""


def allowed(permission: Permission, holder: Holder, *, named: bool = False) -> bool:
    """One cell of the table; `named` says that the entry names a role the person holds."""
    reach = TABLE[permission][holder]
    return reach is Reach.YES or (named and reach is Reach.NAMED)


@dataclass(frozen=True)
class Grant:
    """One membership. No rollout: an account's right everywhere; no location: the whole network of the rollout.

    `instead_of` tells a role that the person only stands in for: the names of those absent, none of them where nobody
    holds it. None is a role of one's own.
    """

    role: str
    access: str
    rollout: int | None = None
    location: int | None = None
    instead_of: tuple[str, ...] | None = None

    @property
    def holder(self) -> Holder:
        if self.access == Access.MEMBER:
            return Holder.MEMBER if self.location is None else Holder.LOCAL_MEMBER
        return Holder(self.access)

    def covers(self, rollout: int | None, location: int | None) -> bool:
        """Whether the grant speaks of that place. Without a rollout: of some whole network."""
        if rollout is not None and self.rollout not in (None, rollout):
            return False
        return self.location is None or self.location == location


def _reaches_network(
    grant: Grant, permission: Permission, rollout: int | None, location: int | None, named: bool
) -> bool:
    if location is not None or rollout not in (None, grant.rollout):
        return False
    return permission is Permission.SEE_PLAN or named


@dataclass(frozen=True)
class Extent:
    """Locations a person may see in one rollout. Nothing in `ids` and not `everywhere` means no location at all."""

    everywhere: bool
    ids: frozenset[int]

    def __contains__(self, location: int) -> bool:
        return self.everywhere or location in self.ids


@dataclass(frozen=True)
class Viewer:
    """A signed-in person and all memberships: what every page and every change is judged by.

    `proven_at` is when this sign-in last proved who it is; None for a token, which never signs. `covers` are the
    people on leave whose named cover this person is now: what is assigned to them is this person's to do. `reads_only`:
    whatever the roles say, nothing is changed. `unseen` is how many lines of the inbox wait to be looked at.
    """

    person: int
    name: str
    grants: tuple[Grant, ...] = ()
    proven_at: datetime | None = None
    covers: frozenset[int] = frozenset()
    reads_only: bool = False
    unseen: int = field(default=0, compare=False)

    def reading(self) -> Viewer:
        """The same person before something that is only read any more, as in a closed rollout."""
        return replace(self, reads_only=True)

    def can(
        self,
        permission: Permission,
        *,
        rollout: int | None = None,
        location: int | None = None,
        named: Collection[str] = (),
        assigned: int | None = None,
    ) -> bool:
        """Whether the person may. No location: something of the whole network (or of a wave); no rollout: anywhere.

        `named` are the ids of the roles that the entry names for this act, `assigned` the person it is assigned to,
        who is named by that. Everybody in a rollout may see its plan; a role of a location that a network entry names
        means its holders everywhere.
        """
        if self.reads_only and permission not in READING:
            return False
        own = self.answers_for(assigned)
        return any(
            allowed(permission, grant.holder, named=own or grant.role in named)
            for grant in self.grants
            if grant.covers(rollout, location)
            or _reaches_network(grant, permission, rollout, location, own or grant.role in named)
        )

    def answers_for(self, assigned: int | None) -> bool:
        """Whether what is assigned to that person is this one's to do: as the assignee, or as the assignee's cover."""
        return assigned is not None and (assigned == self.person or assigned in self.covers)

    def rollouts(self) -> Extent:
        """Rollouts in which the person may see the plan; `everywhere` for an account's own right."""
        seeing = [grant for grant in self.grants if allowed(Permission.SEE_PLAN, grant.holder)]
        return Extent(
            any(grant.rollout is None for grant in seeing),
            frozenset(grant.rollout for grant in seeing if grant.rollout is not None),
        )

    def locations(self, rollout: int, permission: Permission = Permission.SEE_PLAN) -> Extent:
        """Locations of a rollout for which the person holds the permission without being named."""
        seeing = [
            grant for grant in self.grants if grant.rollout in (None, rollout) and allowed(permission, grant.holder)
        ]
        return Extent(
            any(grant.location is None for grant in seeing),
            frozenset(grant.location for grant in seeing if grant.location is not None),
        )

    def roles(self, rollout: int, location: int | None = None) -> frozenset[str]:
        """Role ids that the person holds at a location, or (no location) anywhere in the rollout."""
        return frozenset(
            grant.role
            for grant in self.grants
            if grant.rollout == rollout and (location is None or grant.location in (None, location))
        )

    def access(self, rollout: int, location: int | None = None) -> str:
        """The widest access held there: of a director before that of a manager, and so on; empty for none."""
        held = {grant.access for grant in self.grants if grant.covers(rollout, location)}
        return next((access.value for access in Access if access in held), "")
