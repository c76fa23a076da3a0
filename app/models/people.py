"""People, how they come in, and what they are in a rollout."""

from datetime import date, datetime
from typing import Optional

from sqlalchemy import Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.models.columns import JSONDoc, UTCDateTime, unique_where


class Person(SQLModel, table=True):
    """Somebody with an account. `email` is stored casefolded; no `password_hash` = invited, not yet joined.

    `mail` is what is sent to the person: everything, only a daily digest, or nothing but what concerns the account;
    `unmailed` are kinds of message that do not come by mail; `next_digest_at` is when the next digest is due.
    """

    __tablename__ = "person"

    id: Optional[int] = Field(default=None, primary_key=True)
    name: str
    email: str = Field(unique=True)
    password_hash: Optional[str] = None
    created_at: datetime = Field(sa_type=UTCDateTime)
    deactivated_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    mail: str = "all"
    unmailed: list[str] = Field(default_factory=list, sa_type=JSONDoc)
    next_digest_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime, index=True)


class Invitation(SQLModel, table=True):
    """A link by which a person sets a password: the first one (`kind` join) or a new one (reset). Only the SHA-256
    of its token is kept.

    Without a person it is the first-run link, by which somebody becomes the first one.
    """

    __tablename__ = "invitation"

    id: Optional[int] = Field(default=None, primary_key=True)
    kind: str = "join"
    person_id: Optional[int] = Field(default=None, foreign_key="person.id", index=True)
    token_hash: str = Field(unique=True)
    created_by: Optional[int] = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(sa_type=UTCDateTime)
    expires_at: datetime = Field(sa_type=UTCDateTime)
    used_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)


class SignIn(SQLModel, table=True):
    """One signed-in device: a row on the server, so that it can be listed and ended.

    `proven_at` is when the person last proved to be there, by a password or a fresh single sign-on.
    """

    __tablename__ = "sign_in"

    id: Optional[int] = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    token_hash: str = Field(unique=True)
    own_device: bool = False
    address: str = ""
    user_agent: str = ""
    created_at: datetime = Field(sa_type=UTCDateTime)
    last_seen_at: datetime = Field(sa_type=UTCDateTime)
    proven_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    expires_at: datetime = Field(sa_type=UTCDateTime)
    ended_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)


class LoginFailure(SQLModel, table=True):
    """A failed sign-in, kept while it counts towards the throttle."""

    __tablename__ = "login_failure"
    __table_args__ = (
        Index("ix_login_failure_email_at", "email", "at"),
        Index("ix_login_failure_address_at", "address", "at"),
    )

    id: Optional[int] = Field(default=None, primary_key=True)
    email: str
    address: str
    at: datetime = Field(sa_type=UTCDateTime)


class Membership(SQLModel, table=True):
    """A person holds a role.

    With a rollout, `role` is a role id of its playbook and `access` the access of that role, frozen here; without
    one it is an account's right everywhere and `role` equals `access` (director, manager, executive or
    administrator). No location means the whole network. `steps_in` are the roles that this one takes
    over where all their holders are absent (the playbook's `backup`, frozen here): `role:access:scope`, blanks between.
    """

    __tablename__ = "membership"
    __table_args__ = (
        unique_where("uq_membership_account", "person_id", "role", where="rollout_id IS NULL"),
        unique_where(
            "uq_membership_network",
            "person_id",
            "rollout_id",
            "role",
            where="rollout_id IS NOT NULL AND location_id IS NULL",
        ),
        unique_where("uq_membership_location", "person_id", "location_id", "role", where="location_id IS NOT NULL"),
    )

    id: Optional[int] = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    rollout_id: Optional[int] = Field(default=None, foreign_key="rollout.id", index=True)
    location_id: Optional[int] = Field(default=None, foreign_key="location.id", index=True)
    role: str
    access: str
    steps_in: str = ""
    created_by: Optional[int] = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(sa_type=UTCDateTime)


class Leave(SQLModel, table=True):
    """A person is absent from the first to the last day, in `zone`: from `from_at` until before `until_at`.

    `cover_id` is who stands in meanwhile with all roles of the absent one; without, the backups of the roles do.
    """

    __tablename__ = "leave"
    __table_args__ = (Index("ix_leave_person_until", "person_id", "until_at"),)

    id: Optional[int] = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    first: date
    last: date
    zone: str
    from_at: datetime = Field(sa_type=UTCDateTime)
    until_at: datetime = Field(sa_type=UTCDateTime)
    cover_id: Optional[int] = Field(default=None, foreign_key="person.id", index=True)
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    ended_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)


class Token(SQLModel, table=True):
    """A personal token for the API, never above its owner's rights; only the SHA-256 of it is kept."""

    __tablename__ = "token"

    id: Optional[int] = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    name: str
    token_hash: str = Field(unique=True)
    reads_only: bool = False
    created_at: datetime = Field(sa_type=UTCDateTime)
    expires_at: datetime = Field(sa_type=UTCDateTime)
    last_used_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    ended_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)


class SavedFilter(SQLModel, table=True):
    """A view of a rollout's plan that a person keeps: the query of its address, under a name."""

    __tablename__ = "saved_filter"
    __table_args__ = (UniqueConstraint("person_id", "rollout_id", "name"),)

    id: Optional[int] = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    rollout_id: int = Field(foreign_key="rollout.id")
    name: str
    query: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=UTCDateTime)


class Intent(SQLModel, table=True):
    """Something a person made by a form that carries a token: the same form sent twice makes it once.

    `digest` is the SHA-256 of what the form asked for; empty for one of before digests were kept: it answers nothing.
    """

    __tablename__ = "intent"
    __table_args__ = (UniqueConstraint("person_id", "token"),)

    id: Optional[int] = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id")
    token: str
    subject_kind: str
    subject_id: int
    digest: str = ""
    at: datetime = Field(sa_type=UTCDateTime)
