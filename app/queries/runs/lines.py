"""The steps of a run as lines: each as planned, as it stands, and with what the reader may do with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.models import RunEntry, RunStep
from app.queries.people import ELSEWHERE, Holders
from app.rules.people.access import Viewer
from app.rules.runbooks.access import may_check, may_do, may_lead
from app.rules.runbooks.acts import Doing, before_start, doing, steps_before
from app.rules.runbooks.forecast import Forecast, Span
from app.rules.runbooks.ledger import Act, StepState, Told
from app.rules.runbooks.steps import RunStep as Planned
from app.stored.runs import StoredRun


@dataclass(frozen=True)
class StepLine:
    """One step of the way that is gone now: as planned, as it stands, when it was or will be. `waits` says what it
    waits for before it may begin, `last` is the key of its last entry; `able`: the reader may do it, whatever it has
    come to; `free`: it waits for nothing but time.
    """

    planned: Planned
    row: RunStep
    told: Told
    span: Span | None
    on_chain: bool
    names: tuple[str, ...]
    holder: str
    waits: tuple[str, ...]
    free: bool
    doing: Doing
    mine: bool
    last: int
    able: bool

    @property
    def id(self) -> str:
        return self.planned.id

    @property
    def state(self) -> StepState:
        return self.told.state


class Lines:
    """Makes the line of each step from what was read once for all."""

    def __init__(
        self,
        found: StoredRun,
        forecast: Forecast,
        people: Holders,
        names: Mapping[int, str],
        viewer: Viewer,
        place: dict[str, Any],
        last: Mapping[int | None, int],
        entries: Sequence[RunEntry],
        now: datetime,
    ) -> None:
        self._found, self._forecast, self._people, self._names = found, forecast, people, names
        self._viewer, self._place, self._last, self._now = viewer, place, last, now
        self._chain = frozenset(forecast.chain)
        self._lead = may_lead(viewer, found.runbook, place)
        self._did = {(one.step_id, one.by_id) for one in entries if one.kind in (Act.STARTED, Act.FINISHED, Act.ROUND)}
        self._held: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._roles = viewer.roles(place["rollout"], place["location"])

    def line(self, one: Planned, gone: bool) -> StepLine:
        row, told = self._found.rows[one.id], self._found.told[one.id]
        owners = one.asked.owner.roles if one.asked.owner else ()
        closed = self._found.run.ended_at is not None
        able = may_do(self._viewer, self._found.runbook, one.asked, row.holder_id, self._place)
        checks = may_check(self._viewer, one.asked, self._place) and (row.id, self._viewer.person) not in self._did
        held = row.holder_id == self._viewer.person if row.holder_id else bool(self._roles & set(owners))
        found, begun = self._found, told.started is not None
        waits = () if begun else before_start(one, found.told, found.steps, self._now)
        return StepLine(
            planned=one,
            row=row,
            told=told,
            span=self._forecast.spans.get(one.id) if gone else None,
            on_chain=gone and one.id in self._chain,
            names=self._owners(owners),
            holder=self._names.get(row.holder_id, ELSEWHERE) if row.holder_id else "",
            waits=waits,
            free=told.state is StepState.TODO and not steps_before(one, found.told, found.steps),
            doing=doing(
                told,
                hand=able and not closed,
                lead=self._lead,
                checks=checks,
                critical=one.critical,
                closed=closed,
                way_is_gone=gone,
            ),
            mine=gone and held,
            last=self._last.get(row.id, 0),
            able=able,
        )

    def _owners(self, roles: tuple[str, ...]) -> tuple[str, ...]:
        if roles not in self._held:
            self._held[roles] = self._people.names(roles, self._place["location"])
        return self._held[roles]
