"""Rows. Importing this package declares every table, which migrations rely on."""

from app.models.comments import Comment, Mention
from app.models.deliveries import Delivery, Heartbeat
from app.models.events import Event
from app.models.installation import Installation
from app.models.jobs import Job
from app.models.people import Intent, Invitation, Leave, LoginFailure, Membership, Person, SavedFilter, SignIn, Token
from app.models.playbooks import PlaybookVersion
from app.models.rollouts import Consent, Location, Pause, Rollout
from app.models.schedule import ScheduledEntry
from app.models.tasks import (
    Answer,
    Assignment,
    Block,
    CheckItem,
    Completion,
    Evidence,
    Pin,
    Signature,
    Skip,
    Task,
)

__all__ = [
    "Answer",
    "Assignment",
    "Block",
    "CheckItem",
    "Comment",
    "Completion",
    "Consent",
    "Delivery",
    "Event",
    "Evidence",
    "Heartbeat",
    "Installation",
    "Intent",
    "Invitation",
    "Job",
    "Leave",
    "Location",
    "LoginFailure",
    "Membership",
    "Mention",
    "Pause",
    "Person",
    "Pin",
    "PlaybookVersion",
    "Rollout",
    "SavedFilter",
    "ScheduledEntry",
    "SignIn",
    "Signature",
    "Skip",
    "Task",
    "Token",
]
