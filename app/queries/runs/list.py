"""Every runbook of a rollout that somebody may see: where, when, how often rehearsed, and what runs now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from app.models import Run, ScheduledEntry
from app.queries.gates.rehearsals import Where, rehearsals_of
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.queries.runs.standing import positions_of
from app.rules.runbooks.position import Position
from app.rules.runbooks.rehearsed import Rehearsed


@dataclass(frozen=True)
class RunbookLine:
    """A runbook at its place. `rehearsals` are those that went to their end, the first of them first; `open` is the run
    that is not over, with where it stands; `live` the last live run that is.
    """

    id: int
    entry: str
    title: str
    place: PlaceFacts | None
    wave: str
    zero: datetime | None
    due: date | None
    runs: int
    rehearsals: tuple[Rehearsed, ...]
    open: Run | None
    position: Position | None
    live: Run | None

    @property
    def done(self) -> bool:
        """Whether a live run has finished: it is behind us."""
        return self.live is not None and self.live.outcome == "finished"


def runbook_lines(session: Session, rollout: RolloutFacts, now: datetime) -> list[RunbookLine]:
    """The runbooks of the network and of the locations of `rollout`, which has only those that the reader may see; by
    wave and location. Six queries, one more for a playbook that is new here.
    """
    rows = _rows(session, rollout)
    at: dict[int, list[Run]] = {row.id or 0: [] for row in rows}
    for run in session.exec(select(Run).where(Run.rollout_id == rollout.id).order_by(col(Run.id))):
        if run.dated_id in at:
            at[run.dated_id].append(run)
    rehearsed = rehearsals_of(session, rollout, {row.entry for row in rows})
    going = [run for found in at.values() for run in found if run.ended_at is None]
    positions = positions_of(session, rollout, going, now)
    return [_line(rollout, row, at[row.id or 0], rehearsed, positions) for row in rows]


def _line(
    rollout: RolloutFacts,
    row: ScheduledEntry,
    runs: Sequence[Run],
    rehearsed: Mapping[Where, tuple[Rehearsed, ...]],
    positions: Mapping[int, Position],
) -> RunbookLine:
    going = next((run for run in runs if run.ended_at is None), None)
    place = rollout.location(row.location_id)
    return RunbookLine(
        id=row.id or 0,
        entry=row.entry,
        title=rollout.book_at(row.location_id).runbooks[row.entry].title,
        place=place,
        wave=place.wave if place else row.wave,
        zero=row.due_at,
        due=row.due,
        runs=len(runs),
        rehearsals=rehearsed.get((row.location_id, "" if place else row.wave, row.entry), ()),
        open=going,
        position=positions.get(going.id or 0) if going else None,
        live=next((run for run in reversed(runs) if run.live and run.ended_at is not None), None),
    )


def _rows(session: Session, rollout: RolloutFacts) -> list[ScheduledEntry]:
    """Those whose location the reader may see, and whose runbook the playbook there still has."""
    order = {place.id: number for number, place in enumerate(rollout.locations)}
    waves = {wave: number for number, wave in enumerate(rollout.playbook.waves)}
    seen_waves = {place.wave for place in rollout.locations}
    found = session.exec(
        select(ScheduledEntry).where(ScheduledEntry.rollout_id == rollout.id, ScheduledEntry.kind == "runbook")
    )

    def seen(row: ScheduledEntry) -> bool:
        here = row.location_id in order if row.location_id is not None else not row.wave or row.wave in seen_waves
        return here and row.entry in rollout.book_at(row.location_id).runbooks

    def key(row: ScheduledEntry) -> tuple[int, int, int, int]:
        place = rollout.location(row.location_id)
        wave = waves.get(place.wave if place else row.wave, -1)
        return wave, order.get(row.location_id or 0, -1), row.position, row.id or 0

    return sorted(filter(seen, found), key=key)
