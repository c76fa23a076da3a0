"""The tasks of a rollout one after the other, in an order that nothing changes: that of their keys."""

from __future__ import annotations

from datetime import datetime
from itertools import islice

from sqlalchemy import select
from sqlmodel import Session, col

from app.models import Task
from app.queries.rollouts.facts import RolloutFacts
from app.queries.tasks.alone import alone, of_rollout, with_what_was_said
from app.queries.tasks.counted import Counted, states_among
from app.queries.tasks.ownership import with_assignment
from app.queries.tasks.picking import Reader, picked
from app.queries.tasks.rows import task_rows
from app.queries.tasks.standing import waits_everywhere
from app.rules.people.access import Extent
from app.rules.tasks.filtering import PlanFilter, states_of
from app.rules.tasks.progress import State, held_up
from app.rules.tasks.waiting import Spot


def tasks_after(
    session: Session,
    rollout: RolloutFacts,
    extent: Extent,
    wanted: PlanFilter,
    reader: Reader,
    after: int,
    limit: int,
    now: datetime,
) -> list[Counted]:
    """At most `limit` tasks with a key above `after` that the filter picks, each with its state. The number of queries
    does not grow with them.
    """
    waits, states = waits_everywhere(session, rollout, extent, now), states_of(wanted.state)
    columns = (col(Task.id), col(Task.entry), col(Task.location_id), col(Task.wave), alone(rollout, now))
    statement = of_rollout(
        with_assignment(with_what_was_said(select(*columns))), rollout.id, None if extent.everywhere else extent.ids
    )
    only = picked(session, rollout, wanted, reader, now)
    statement = statement.where(*only, col(Task.id) > after).order_by(col(Task.id))
    if len(states) == len(State):
        statement = statement.limit(limit)
    matching = (
        id_
        for id_, entry, location, wave, stands in session.execute(statement)
        if held_up(State(stands), waits.before(Spot(entry, location, wave))) in states
    )
    rows = task_rows(session, rollout.id, None, col(Task.id).in_(list(islice(matching, limit))))
    return states_among(sorted(rows, key=lambda row: row.id), rollout, waits, now)
