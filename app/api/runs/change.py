"""Somebody changes a run or one of its steps: the shapes of every such operation, with a version and without."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Path, Request
from pydantic import AwareDatetime
from sqlmodel import Session
from starlette.responses import Response

from app.actions.days import demand_years
from app.api.callers import Db
from app.api.fields import RowId
from app.api.guards import Doer, Guard
from app.api.runs.step_whole import present_step, show_step
from app.api.runs.whole import show_run
from app.api.tags import IfMatch, versioned_step
from app.request import Now
from app.rules.people.access import Permission, Viewer

Checker = Annotated[Viewer, Depends(Guard(Permission.SIGN_OFF))]
StepId = Annotated[
    str, Path(pattern=r"^[a-z0-9-]{1,200}$", description="The id of a step of the run.", examples=["freeze"])
]


def earlier(happened: AwareDatetime | None) -> dict[str, Any]:
    """What is said to have happened earlier came from paper. Raises Invalid for a year of no plan."""
    if happened is None:
        return {}
    demand_years(happened=happened.date())
    return {"happened": happened, "paper": True}


@dataclass(frozen=True)
class Act:
    """Somebody is about to change a run, in whatever version it is."""

    request: Request
    session: Session
    run_id: int
    viewer: Viewer
    now: datetime

    def make(self, change: Callable[..., object], **given: Any) -> Response:
        """Make it, and show the run as it is then. Raises what the change raises."""
        change(self.session, self.run_id, **given, by=self.viewer, now=self.now)
        return self.shown()

    def shown(self, status: int = 200) -> Response:
        return show_run(self.request, self.session, self.run_id, self.viewer, self.now, status=status)

    def shown_step(self, step: str, status: int = 200) -> Response:
        return show_step(self.request, self.session, self.run_id, step, self.viewer, self.now, status=status)


@dataclass(frozen=True)
class Change(Act):
    """Somebody is about to change a step of which they saw the last entry."""

    step: str
    seen: int

    def make_seen(self, change: Callable[..., object], **given: Any) -> Response:
        """Make a change that looks at the last entry itself; a stale one comes with the version that stands."""

        def act() -> object:
            return change(self.session, self.run_id, self.step, **given, seen=self.seen, by=self.viewer, now=self.now)

        versioned_step(
            self.session, act, lambda: present_step(self.session, self.run_id, self.step, self.viewer, self.now)
        )
        return self.shown_step(self.step)


async def acting(request: Request, run_id: RowId, viewer: Doer, session: Db, now: Now) -> Act:
    return Act(request, session, run_id, viewer, now)


async def stepping(
    request: Request, run_id: RowId, step: StepId, seen: IfMatch, viewer: Doer, session: Db, now: Now
) -> Change:
    return Change(request, session, run_id, viewer, now, step, seen.version)


async def checking(
    request: Request, run_id: RowId, step: StepId, seen: IfMatch, viewer: Checker, session: Db, now: Now
) -> Change:
    return Change(request, session, run_id, viewer, now, step, seen.version)


Acting = Annotated[Act, Depends(acting)]
Stepping = Annotated[Change, Depends(stepping)]
Checking = Annotated[Change, Depends(checking)]
