"""Somebody changes a gate: the shapes of every such operation, with a version and without."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.api.callers import Db
from app.api.fields import RowId
from app.api.gates.shapes import GateWhole
from app.api.gates.whole import show_gate, whole
from app.api.guards import Guard
from app.api.tags import IfMatch, versioned_step
from app.queries.gates.evidence import Evidence
from app.queries.gates.page import gate_page, whole_evidence
from app.request import Now
from app.rules.gates.packs import Pack
from app.rules.people.access import Permission, Viewer

Voter = Annotated[Viewer, Depends(Guard(Permission.VOTE))]


@dataclass(frozen=True)
class Act:
    """Somebody is about to change a gate, in whatever version it is."""

    request: Request
    session: Session
    gate_id: int
    viewer: Viewer
    now: datetime

    def make(self, change: Callable[..., object], *args: Any, **given: Any) -> Response:
        """Make it, and show the gate as it is then. Raises what the change raises."""
        change(self.session, self.gate_id, *args, **given, by=self.viewer, now=self.now)
        return self.shown()

    def shown(self, status: int = 200) -> Response:
        return show_gate(self.request, self.session, self.gate_id, self.viewer, self.now, status=status)

    def evidence(self) -> Evidence:
        """As things stand. Raises NotFound."""
        return whole_evidence(self.session, self.gate_id, self.viewer, self.now)

    def measure(self) -> Pack:
        return self.evidence().pack


@dataclass(frozen=True)
class Change(Act):
    """Somebody is about to change a gate of which they saw a version."""

    seen: int

    def make_seen(self, change: Callable[..., object], **given: Any) -> Response:
        """Make a change that looks at the version itself; a stale one comes with the version that stands."""

        def act() -> object:
            return change(self.session, self.gate_id, **given, seen=self.seen, by=self.viewer, now=self.now)

        versioned_step(self.session, act, self._present)
        return self.shown()

    def _present(self) -> tuple[GateWhole, int]:
        page = gate_page(self.session, self.gate_id, self.viewer, self.now)
        return whole(page), page.version


async def acting(request: Request, gate_id: RowId, viewer: Voter, session: Db, now: Now) -> Act:
    return Act(request, session, gate_id, viewer, now)


async def changing_gate(
    request: Request, gate_id: RowId, seen: IfMatch, viewer: Voter, session: Db, now: Now
) -> Change:
    return Change(request, session, gate_id, viewer, now, seen.version)


Acting = Annotated[Act, Depends(acting)]
Changing = Annotated[Change, Depends(changing_gate)]
