"""Rows. Importing this package declares every table, which migrations rely on."""

from app.models.comments import Comment, Mention
from app.models.deliveries import Delivery, Heartbeat
from app.models.events import Event
from app.models.gates import GateAnswer, GateCondition, GateDecision, GateFile, GatePack, GateRecord, GateVote
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
from app.models.lessons import Lesson, Proposal, Upgrade
from app.models.meetings import MeetingAction, MeetingRecord, Remark
from app.models.occasions import Occasion
from app.models.people import Intent, Invitation, Leave, LoginFailure, Membership, Person, SavedFilter, SignIn, Token
from app.models.playbooks import PlaybookVersion
from app.models.presence import Duty, Mentorship
from app.models.reconciliations import (
    Reconciliation,
    ReconciliationCount,
    ReconciliationFile,
    ReconciliationReturn,
)
from app.models.rollouts import Consent, Location, Pause, Rollout
from app.models.runs import Run, RunEntry, RunFile, RunLink, RunStep
from app.models.schedule import ScheduledEntry
from app.models.selection import (
    SelectionAnswer,
    SelectionChoice,
    SelectionRecord,
    SelectionSignature,
    SelectionWaiver,
)
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
from app.models.training import Enrolment, Pairing, RosterDay, StaffMember, TrainingResult, TrainingSession

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
    "Duty",
    "Enrolment",
    "Event",
    "Evidence",
    "GateAnswer",
    "GateCondition",
    "GateDecision",
    "GateFile",
    "GatePack",
    "GateRecord",
    "GateVote",
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
    "Lesson",
    "Location",
    "LoginFailure",
    "MeetingAction",
    "MeetingRecord",
    "Membership",
    "Mention",
    "Mentorship",
    "Notice",
    "Occasion",
    "Pairing",
    "Pause",
    "Person",
    "Pin",
    "PlaybookVersion",
    "Proposal",
    "Reconciliation",
    "ReconciliationCount",
    "ReconciliationFile",
    "ReconciliationReturn",
    "Remark",
    "Resolution",
    "Rollout",
    "RosterDay",
    "Run",
    "RunEntry",
    "RunFile",
    "RunLink",
    "RunStep",
    "SameIssue",
    "SavedFilter",
    "ScheduledEntry",
    "SelectionAnswer",
    "SelectionChoice",
    "SelectionRecord",
    "SelectionSignature",
    "SelectionWaiver",
    "SignIn",
    "Signature",
    "Skip",
    "StaffMember",
    "Standstill",
    "Task",
    "Token",
    "TrainingResult",
    "TrainingSession",
    "Upgrade",
]
