"""Requests that reach something: of what is generated freely, some parts are put in place of known ones."""

from __future__ import annotations

from random import Random
from typing import Any

from sqlmodel import Session, select
from starlette.testclient import TestClient

from app.models import (
    Benchmark,
    Channel,
    Comment,
    Delivery,
    Evidence,
    GateCondition,
    GateDecision,
    GateVote,
    ImplementationCost,
    Issue,
    IssueFile,
    Leave,
    Lesson,
    Membership,
    Mentorship,
    MetricReading,
    Notice,
    Occasion,
    PlaybookVersion,
    ProductivityPeriod,
    Proposal,
    RelativeValueFile,
    Remark,
    Run,
    RunEntry,
    RunLink,
    SavedFilter,
    ScheduledEntry,
    SelectionChoice,
    SelectionWaiver,
    Signature,
    StaffMember,
    Task,
    Token,
    TrainingResult,
    TrainingSession,
)
from tests.web.conftest import Site

ROWS = {
    "task_id": Task, "evidence_id": Evidence, "comment_id": Comment, "signature_id": Signature, "leave_id": Leave,
    "membership_id": Membership, "right_id": Membership, "token_id": Token, "delivery_id": Delivery,
    "view_id": SavedFilter, "issue_id": Issue, "file_id": IssueFile, "notice_id": Notice,
    "channel_id": Channel, "occasion_id": Occasion, "remark_id": Remark, "lesson_id": Lesson, "proposal_id": Proposal,
    "staff_id": StaffMember, "session_id": TrainingSession, "result_id": TrainingResult,
    "mentorship_id": Mentorship, "gate_id": ScheduledEntry, "condition_id": GateCondition, "vote_id": GateVote,
    "decision_id": GateDecision, "selection_id": ScheduledEntry, "choice_id": SelectionChoice,
    "waiver_id": SelectionWaiver, "runbook_id": ScheduledEntry, "run_id": Run, "entry_id": RunEntry,
    "link_id": RunLink, "period_id": ProductivityPeriod, "values_id": RelativeValueFile, "benchmark_id": Benchmark,
    "reading_id": MetricReading, "cost_id": ImplementationCost,
}  # fmt: skip
WORDS = {
    "slug": ("two-sites",), "location": ("alder", "birch"), "criterion": ("ready", "safe", "fast"),
    "playbook_id": ("two-sites",), "version": ("1.0",), "path": ("front-desk", "reading-room.screens"),
    "sharing": ("progress",), "metric": ("wait", "ar-days"), "training": ("train-desk",), "number": (1, 2),
    "step": ("freeze", "patients", "orders", "tell", "pulse", "unfreeze"),
}  # fmt: skip
# The address whose tag a change asks for, by the beginning of its own.
TAGGED = ("/tasks/{task_id}", "/productivity-periods/{period_id}", "/issues/{issue_id}", "/meetings/{occasion_id}",
          "/gates/{gate_id}/answers/{criterion}", "/gates/{gate_id}", "/selections/{selection_id}",
          "/runs/{run_id}/steps/{step}", "/rollouts/{slug}/memberships/{membership_id}",
          "/people/{person_id}/rights/{right_id}", "/people/{person_id}", "/me/mail", "/me/ways",
          "/me/channels/{channel_id}", "/rollouts/{slug}/locations/{location}/help-desk",
          "/rollouts/{slug}/mail/{delivery_id}", "/mail/{delivery_id}", "/rollouts/{slug}/views/{view_id}",
          "/rollouts/{slug}/locations/{location}/consents/{sharing}", "/rollouts/{slug}/locations/{location}/plan",
          "/tokens/{token_id}", "/leaves/{leave_id}", "/rollouts/{slug}/locations/{location}",
          "/rollouts/{slug}")  # fmt: skip


class Likely:
    """Draws what is there from the database, reproducibly."""

    def __init__(self, site: Site, seed: int) -> None:
        self.site, self.random = site, Random(seed)

    def steer(self, case: Any, client: TestClient) -> None:
        """Most parameters and members of a valid request name something that is there, most versions are present."""
        for name in case.path_parameters or {}:
            if self.random.random() < 0.85:
                case.path_parameters[name] = self._known(name, case.path_parameters[name])
        if isinstance(case.body, dict):
            for name in case.body.keys() & {"person", "playbook", "task", "role", "location", "severity"}:
                case.body[name] = self._member(name, case.body[name])
            if "severity" in case.body and "kind" in case.body and self.random.random() < 0.7:
                case.body["kind"] = self.random.choice(("", "defect"))
        if case.headers and "If-Match" in case.headers and self.random.random() < 0.85:
            tag = self._tag(case, client)
            if tag:
                case.headers["If-Match"] = tag

    def _known(self, name: str, otherwise: Any) -> Any:
        if name in WORDS:
            return self.random.choice(WORDS[name])
        if name == "person_id":
            return self.random.choice(list(self.site.cast.people.values()))
        with self.site.database.reading() as session:
            return self._row(session, name) or otherwise

    def _row(self, session: Session, name: str) -> int | None:
        model: Any = ROWS[name]
        only = [model.kind == name.removesuffix("_id")] if model is ScheduledEntry else []
        ids = [id_ or 0 for id_ in session.exec(select(model.id).where(*only).order_by(model.id))]
        return self.random.choice(ids) if ids else None

    def _member(self, name: str, otherwise: Any) -> Any:
        if not isinstance(otherwise, int | str) or self.random.random() < 0.3:
            return otherwise
        with self.site.database.reading() as session:
            known = {
                "person": list(self.site.cast.people.values()),
                "playbook": [id_ or 0 for id_ in session.exec(select(PlaybookVersion.id))],
                "task": [id_ or 0 for id_ in session.exec(select(Task.id))],
                "role": ["champion", "it-lead", "executive", "manager"],
                "location": ["alder", "birch"],
                "severity": ["critical", "normal"],
            }.get(name, [otherwise])
        return self.random.choice(known)

    def _tag(self, case: Any, client: TestClient) -> str | None:
        place = next((place for place in TAGGED if f"{case.path}/".startswith(f"{place}/")), None)
        if place is None:
            return None
        return client.get(place.format(**case.path_parameters)).headers.get("etag")
