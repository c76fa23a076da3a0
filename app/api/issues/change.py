"""Somebody changes an issue: the shapes of every such operation, with a version and without."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions.events import stale
from app.actions.loading import load
from app.api.callers import Db
from app.api.fields import Given, RowId
from app.api.guards import Guard
from app.api.issues.shapes import IssueWhole
from app.api.issues.whole import show_issue, whole
from app.api.tags import IfMatch, versioned_step
from app.errors import Invalid
from app.models import Issue
from app.queries.issues.page import issue_page
from app.request import Now
from app.rules.issues.identifiers import identifiers
from app.rules.people.access import Permission, Viewer

Solver = Annotated[Viewer, Depends(Guard(Permission.RAISE_ISSUE))]


class Written(Given):
    """Texts, which never name a patient."""

    no_patient: bool = Field(
        False, description="What looks like a patient's data in a text is refused (422) unless you say that it is none."
    )

    def checked(self) -> dict[str, Any]:
        """The members without that one. Raises Invalid, naming the texts and never repeating them."""
        given = self.model_dump(exclude={"no_patient"})
        texts = {name: value for name, value in given.items() if isinstance(value, str) and not self.no_patient}
        found = {name: {one.kind.value for one in identifiers(text)} for name, text in texts.items()}
        faults = {
            name: f"This looks like {' and '.join(sorted(kinds))}. Leave it out, or say `no_patient`."
            for name, kinds in found.items()
            if kinds
        }
        if faults:
            raise Invalid(faults)
        return given


@dataclass(frozen=True)
class Act:
    """Somebody is about to change an issue, in whatever version it is."""

    request: Request
    session: Session
    issue_id: int
    viewer: Viewer
    now: datetime

    def make(self, change: Callable[..., object], **given: Any) -> Response:
        """Make it, and show the issue as it is then. Raises what the change raises."""
        change(self.session, self.issue_id, **given, by=self.viewer, now=self.now)
        return self.shown()

    def shown(self, status: int = 200) -> Response:
        return show_issue(self.request, self.session, self.issue_id, self.viewer, self.now, status=status)


@dataclass(frozen=True)
class Change(Act):
    """Somebody is about to change an issue of which they saw a version."""

    seen: int

    def make_seen(self, change: Callable[..., object], **given: Any) -> Response:
        """Make a change that looks at the version itself; a stale one comes with the version that stands."""
        self._run(lambda: change(self.session, self.issue_id, **given, seen=self.seen, by=self.viewer, now=self.now))
        return self.shown()

    def make_unseen(self, change: Callable[..., object], **given: Any) -> Response:
        """The same for a change that does not: what is quiet stays so, everything else only of the version seen."""

        def act() -> None:
            issue = load(self.session, Issue, self.issue_id, "issue")
            before = issue.version
            change(self.session, self.issue_id, **given, by=self.viewer, now=self.now)
            self.session.flush()
            if before not in (self.seen, issue.version):
                self.session.rollback()
                raise stale(self.session, ("issue", self.issue_id))

        self._run(act)
        return self.shown()

    def _run(self, act: Callable[[], object]) -> None:
        versioned_step(self.session, act, self._present)

    def _present(self) -> tuple[IssueWhole, int]:
        page = issue_page(self.session, self.issue_id, self.viewer, self.now)
        return whole(page, self.now), page.issue.version


async def act_on(request: Request, issue_id: RowId, viewer: Solver, session: Db, now: Now) -> Act:
    return Act(request, session, issue_id, viewer, now)


async def change_of(request: Request, issue_id: RowId, seen: IfMatch, viewer: Solver, session: Db, now: Now) -> Change:
    return Change(request, session, issue_id, viewer, now, seen.version)


Acting = Annotated[Act, Depends(act_on)]
Changing = Annotated[Change, Depends(change_of)]
