"""Somebody changes a gate: the shapes of every such operation, with a version and without."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request
from starlette.responses import Response

from app.api.acts import Act, Change
from app.api.callers import Db
from app.api.fields import RowId
from app.api.gates.shapes import GateWhole
from app.api.gates.whole import show_gate, whole
from app.api.guards import Guard
from app.api.tags import IfMatch
from app.queries.gates.evidence import Evidence
from app.queries.gates.page import gate_page, whole_evidence
from app.request import Now
from app.rules.gates.packs import Pack
from app.rules.people.access import Permission, Viewer

Voter = Annotated[Viewer, Depends(Guard(Permission.VOTE))]


class GateAct(Act):
    """Somebody is about to change a gate, in whatever version it is."""

    def shown(self, status: int = 200) -> Response:
        return show_gate(self.request, self.session, self.id, self.viewer, self.now, status=status)

    def evidence(self) -> Evidence:
        """As things stand. Raises NotFound."""
        return whole_evidence(self.session, self.id, self.viewer, self.now)

    def measure(self) -> Pack:
        return self.evidence().pack


class GateChange(GateAct, Change):
    """Somebody is about to change a gate of which they saw a version."""

    def present(self) -> tuple[GateWhole, int]:
        page = gate_page(self.session, self.id, self.viewer, self.now)
        return whole(page), page.version


async def acting(request: Request, gate_id: RowId, viewer: Voter, session: Db, now: Now) -> GateAct:
    return GateAct(request, session, gate_id, viewer, now)


async def changing_gate(
    request: Request, gate_id: RowId, seen: IfMatch, viewer: Voter, session: Db, now: Now
) -> GateChange:
    return GateChange(request, session, gate_id, viewer, now, seen.version)


Acting = Annotated[GateAct, Depends(acting)]
Changing = Annotated[GateChange, Depends(changing_gate)]
