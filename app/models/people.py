"""People, how they come in, and what they are in a rollout."""

from datetime import datetime
from typing import Optional

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models.columns import UTCDateTime, unique_where


class Person(SQLModel, table=True):
    """Somebody with an account. `email` is stored casefolded; no `password_hash` = invited, not yet joined."""

    __tablename__ = "person"

    id: Optional[int] = Field(default=None, primary_key=True)
    name: str
    email: str = Field(unique=True)
    password_hash: Optional[str] = None
    created_at: datetime = Field(sa_type=UTCDateTime)
    deactivated_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)


class Invitation(SQLModel, table=True):
    """A link by which a person sets the first password; only the SHA-256 of its token is kept.

    Without a person it is the first-run link, by which somebody becomes the first one.
    """

    __tablename__ = "invitation"

    id: Optional[int] = Field(default=None, primary_key=True)
    person_id: Optional[int] = Field(default=None, foreign_key="person.id", index=True)
    token_hash: str = Field(unique=True)
    created_by: Optional[int] = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(sa_type=UTCDateTime)
    expires_at: datetime = Field(sa_type=UTCDateTime)
    used_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)


class SignIn(SQLModel, table=True):
    """One signed-in device: a row on the server, so that it can be listed and ended."""

    __tablename__ = "sign_in"

    id: Optional[int] = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    token_hash: str = Field(unique=True)
    own_device: bool = False
    address: str = ""
    user_agent: str = ""
    created_at: datetime = Field(sa_type=UTCDateTime)
    last_seen_at: datetime = Field(sa_type=UTCDateTime)
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
    administrator). No location means the whole network.
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
    created_by: Optional[int] = Field(default=None, foreign_key="person.id")
    created_at: datetime = Field(sa_type=UTCDateTime)
