"""Somebody changes a run or one of its steps: the shapes of every such operation, with a version and without."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Path, Request
from pydantic import AwareDatetime
from starlette.responses import Response

from app.actions.days import demand_years
from app.api.acts import Act, Change
from app.api.callers import Db
from app.api.fields import RowId
from app.api.guards import Doer, Guard
from app.api.runs.step_shapes import StepWhole
from app.api.runs.step_whole import present_step, show_step
from app.api.runs.whole import show_run
from app.api.tags import IfMatch
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


class RunAct(Act):
    """Somebody is about to change a run, in whatever version it is."""

    def shown(self, status: int = 200) -> Response:
        return show_run(self.request, self.session, self.id, self.viewer, self.now, status=status)

    def shown_step(self, step: str, status: int = 200) -> Response:
        return show_step(self.request, self.session, self.id, step, self.viewer, self.now, status=status)


@dataclass(frozen=True)
class StepChange(Change):
    """Somebody is about to change a step of a run, of which they saw the last entry."""

    step: str

    def make_seen(self, change: Callable[..., object], /, *where: Any, **given: Any) -> Response:
        return super().make_seen(change, self.step, *where, **given)

    def shown(self, status: int = 200) -> Response:
        return show_step(self.request, self.session, self.id, self.step, self.viewer, self.now, status=status)

    def present(self) -> tuple[StepWhole, int]:
        return present_step(self.session, self.id, self.step, self.viewer, self.now)


async def acting(request: Request, run_id: RowId, viewer: Doer, session: Db, now: Now) -> RunAct:
    return RunAct(request, session, run_id, viewer, now)


async def stepping(
    request: Request, run_id: RowId, step: StepId, seen: IfMatch, viewer: Doer, session: Db, now: Now
) -> StepChange:
    return StepChange(request, session, run_id, viewer, now, seen.version, step)


async def checking(
    request: Request, run_id: RowId, step: StepId, seen: IfMatch, viewer: Checker, session: Db, now: Now
) -> StepChange:
    return StepChange(request, session, run_id, viewer, now, seen.version, step)


Acting = Annotated[RunAct, Depends(acting)]
Stepping = Annotated[StepChange, Depends(stepping)]
Checking = Annotated[StepChange, Depends(checking)]
