"""A cutover of the shipped playbook, walked to a minute of its night, for the pictures on a wall."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import yaml
from sqlmodel import Session, select

from app.actions.playbooks import upload_playbook
from app.actions.rollouts.drafting import Holding, draft_rollout, set_locations, set_people, set_start
from app.actions.runs.links import make_link
from app.actions.runs.making import make_run
from app.actions.runs.opening import enter, open_run
from app.actions.schedule.starting import start_rollout
from app.db import Database
from app.models import Location, Rollout, ScheduledEntry
from app.rules.runbooks.forecast import forecast
from app.rules.runbooks.graph import Graph
from app.rules.runbooks.ledger import Act
from app.worker import tick
from tests import cast as casting
from tests.cast import NOW, Cast
from tests.house.tree import ROOT

MINUTE = timedelta(minutes=1)
PLACE = "alder-quay"
HOLDINGS = (
    ("director", "dir", ""), ("ops-manager", "opm", ""), ("it-lead", "itl", ""), ("data-lead", "cto", ""),
    ("champion", "chA", PLACE), ("systems-lead", "chB", ""), ("billing-manager", "chAB", ""),
)  # fmt: skip


def medical(database: Database) -> Cast:
    """The cast in a running rollout of the shipped playbook at the shipped locations."""
    cast, shipped = casting.people(database), ROOT / "playbooks"
    places = yaml.safe_load((shipped / "locations-example.yaml").read_text("utf-8"))
    with database.writing() as session:
        by = cast.viewer(session, "dir")
        version = upload_playbook(session, (shipped / "ray-medical.yaml").read_bytes(), by=by, now=NOW)
        draft = draft_rollout(session, title="Medical", playbook_version_id=version.id or 0, by=by, now=NOW)
        cast.rollout = draft.id or 0
        set_start(session, cast.rollout, start=date(2027, 1, 4), seen=draft.version, by=by, now=NOW)
        set_locations(session, cast.rollout, places, seen=draft.version, by=by, now=NOW)
        people = [Holding(role, cast.people[who], place) for role, who, place in HOLDINGS]
        set_people(session, cast.rollout, people, seen=draft.version, by=by, now=NOW)
    with database.writing() as session:
        seen = session.get_one(Rollout, cast.rollout).version
        start_rollout(session, cast.rollout, seen=seen, by=cast.viewer(session, "dir"), now=NOW)
        tick(session, NOW)
    with database.reading() as session:
        cast.locations = {row.slug: row.id or 0 for row in session.exec(select(Location))}
    return cast


def cutover(session: Session, cast: Cast, **given: Any) -> tuple[int, str]:
    """A run of the cutover, and a link to its wall."""
    here = ScheduledEntry.location_id == cast.locations[PLACE]
    dated = session.exec(select(ScheduledEntry.id).where(ScheduledEntry.entry == "cutover-run", here)).one()
    by = cast.viewer(session, "opm")
    run = make_run(session, dated or 0, by=by, now=NOW, **given).id or 0
    return run, f"/wall/{make_link(session, run, title='Wall', by=by, now=NOW)[1]}"


def walk(session: Session, cast: Cast, run: int, until: datetime, slower: dict[str, int] | None = None) -> None:
    """Every step at its planned minutes, those that take longer by as many more, until a moment."""
    by = cast.viewer(session, "opm")
    opened = open_run(session, run, by=by)
    steps = [replace(one, takes=one.takes + (slower or {}).get(one.id, 0) * MINUTE) for one in opened.found.plan.steps]
    begins = min(row.planned_begins for row in opened.found.rows.values() if not row.back)
    spans = forecast(Graph(steps), {}, zero=begins).spans
    acts = [(spans[one.id].begin, 0, one.id, Act.STARTED) for one in steps]
    acts += [(spans[one.id].end, 1, one.id, Act.FINISHED) for one in steps]
    acts += [(spans[one.id].end, 2, one.id, Act.VERIFIED) for one in steps if one.asked.verify]
    for at, _, step, act in sorted(acts, key=lambda one: one[:2]):
        if at <= until:
            enter(session, opened, act, opened.step(step)[0], by=by, now=at)
