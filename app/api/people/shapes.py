"""People, their roles and their tokens as the API shows them."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from app.api.fields import Shown
from app.queries.memberships import MembershipLine
from app.queries.people import PersonLine
from app.queries.tokens import TokenLine


class PersonItem(Shown):
    """An account."""

    id: int
    name: str
    email: str
    joined: bool = Field(description="The person has set a password.")
    active: bool


class MembershipItem(Shown):
    """Somebody holds a role of a rollout, or a right everywhere."""

    id: int
    person: int
    name: str
    role: str = Field(description="A role id of the playbook; for a right everywhere the access itself.")
    access: str = Field(description="director, manager, member, executive or administrator.")
    location: str | None = Field(description="The id of the location; null for the whole network.")


class GrantItem(Shown):
    """A role of the caller's own, or one that they stand in for."""

    role: str
    access: str
    rollout: int | None
    location: int | None
    instead_of: list[str] | None = Field(description="The names of those stood in for; null for a role of one's own.")


class Me(Shown):
    """Whom the token acts for, and what that person may do now."""

    id: int
    name: str
    grants: list[GrantItem]
    reads_only: bool = Field(description="The token may change nothing.")
    expires_at: datetime = Field(description="When the token ends.")


class Invited(Shown):
    """An account, and the link by which its owner joins: shown once, and to nobody who may not have it."""

    person: PersonItem
    link: str | None = Field(description="Null for who has joined, and where the same request came before.")


class TokenItem(Shown):
    """A token of one's own, without its text."""

    id: int
    name: str
    reads_only: bool
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = Field(description="To the minute.")
    ended_at: datetime | None


class NewToken(TokenItem):
    """A token just made."""

    token: str | None = Field(description="Its text, shown this once; null where the same request came before.")


def person_item(line: PersonLine) -> PersonItem:
    return PersonItem(id=line.id, name=line.name, email=line.email, joined=line.joined, active=line.active)


def membership_item(line: MembershipLine) -> MembershipItem:
    return MembershipItem(**vars(line))


def token_item(line: TokenLine) -> TokenItem:
    return TokenItem(**vars(line))
