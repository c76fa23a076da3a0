"""Rows. Importing this package declares every table, which migrations rely on."""

from app.models.comments import Comment, Mention
from app.models.deliveries import Delivery, Heartbeat
from app.models.events import Event
from app.models.installation import Installation
from app.models.issues import (
    Channel,
    Intake,
    IntakeUse,
    Issue,
    IssueFile,
    IssueNote,
    IssueStep,
    Notice,
    Resolution,
    SameIssue,
    Standstill,
)
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
    "Channel",
    "CheckItem",
    "Comment",
    "Completion",
    "Consent",
    "Delivery",
    "Event",
    "Evidence",
    "Heartbeat",
    "Installation",
    "Intake",
    "IntakeUse",
    "Intent",
    "Invitation",
    "Issue",
    "IssueFile",
    "IssueNote",
    "IssueStep",
    "Job",
    "Leave",
    "Location",
    "LoginFailure",
    "Membership",
    "Mention",
    "Notice",
    "Pause",
    "Person",
    "Pin",
    "PlaybookVersion",
    "Resolution",
    "Rollout",
    "SameIssue",
    "SavedFilter",
    "ScheduledEntry",
    "SignIn",
    "Signature",
    "Skip",
    "Standstill",
    "Task",
    "Token",
]
