"""Somebody changes an issue: the shapes of every such operation, with a version and without."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Request
from pydantic import Field
from starlette.responses import Response

from app.actions.events import stale
from app.actions.loading import load
from app.api.acts import Act, Change
from app.api.callers import Db
from app.api.fields import Given, RowId
from app.api.guards import Guard
from app.api.issues.shapes import IssueWhole
from app.api.issues.whole import show_issue, whole
from app.api.tags import IfMatch
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


class IssueAct(Act):
    """Somebody is about to change an issue, in whatever version it is."""

    def shown(self, status: int = 200) -> Response:
        return show_issue(self.request, self.session, self.id, self.viewer, self.now, status=status)


class IssueChange(IssueAct, Change):
    """Somebody is about to change an issue of which they saw a version."""

    def make_unseen(self, change: Callable[..., object], **given: Any) -> Response:
        """Make a change that does not look at it: what is quiet stays so, everything else only of the version seen."""

        def act() -> None:
            issue = load(self.session, Issue, self.id, "issue")
            before = issue.version
            change(self.session, self.id, **given, by=self.viewer, now=self.now)
            self.session.flush()
            if before not in (self.seen, issue.version):
                self.session.rollback()
                raise stale(self.session, ("issue", self.id))

        self.run(act)
        return self.shown()

    def present(self) -> tuple[IssueWhole, int]:
        page = issue_page(self.session, self.id, self.viewer, self.now)
        return whole(page, self.now), page.issue.version


async def act_on(request: Request, issue_id: RowId, viewer: Solver, session: Db, now: Now) -> IssueAct:
    return IssueAct(request, session, issue_id, viewer, now)


async def change_of(
    request: Request, issue_id: RowId, seen: IfMatch, viewer: Solver, session: Db, now: Now
) -> IssueChange:
    return IssueChange(request, session, issue_id, viewer, now, seen.version)


Acting = Annotated[IssueAct, Depends(act_on)]
Changing = Annotated[IssueChange, Depends(change_of)]
