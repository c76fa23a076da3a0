"""Rows. Importing this package declares every table, which migrations rely on."""

from app.models.events import Event
from app.models.installation import Installation
from app.models.jobs import Job
from app.models.people import Invitation, LoginFailure, Membership, Person, SignIn
from app.models.playbooks import PlaybookVersion
from app.models.rollouts import Location, Rollout
from app.models.schedule import ScheduledEntry
from app.models.tasks import Answer, Approval, Block, CheckItem, Completion, Evidence, Skip, Task

__all__ = [
    "Answer",
    "Approval",
    "Block",
    "CheckItem",
    "Completion",
    "Event",
    "Evidence",
    "Installation",
    "Invitation",
    "Job",
    "Location",
    "LoginFailure",
    "Membership",
    "Person",
    "PlaybookVersion",
    "Rollout",
    "ScheduledEntry",
    "SignIn",
    "Skip",
    "Task",
]
