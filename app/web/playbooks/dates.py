"""A stored version with dates: when every entry falls for chosen locations from a chosen day, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import yaml
from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from app.errors import NotFound
from app.folders import folder
from app.plan import Playbook
from app.plan.format.locations import PLACE, Place, read_places
from app.plan.language.dates import parse_iso_date
from app.plan.problems import Problem, Wrong
from app.plan.timeline import first_start
from app.queries.playbooks import version_page
from app.queries.rollouts.draft import stated_locations
from app.queries.rollouts.facts import RolloutLine, rollout_lines
from app.rules.clock import count, instant, short_day
from app.rules.people.access import Permission, Viewer
from app.rules.schedule.schedule import Plan, plan_rollout
from app.rules.tasks.filtering import SHARED
from app.web.forms import Filter
from app.web.frame import framed
from app.web.playbooks.forms import Form, Keeper
from app.web.playbooks.pages import ListKeeper, PlaybookId, Version
from app.web.playbooks.problems import shown_problem
from app.web.setup.preview import weeks_of
from app.web.site import Base, Db, Now
from app.web.templating import html

router = APIRouter()
PAGE = 60
MOST_FINDINGS = 40


@dataclass(frozen=True)
class Asked:
    """What the form says: the day, the locations as text, whose dates to show, and which page of them."""

    start: str
    text: str
    chosen: str = ""
    number: int = 1
    problems: Sequence[Problem] = field(default=())
    wrong: str = ""


@router.get("/playbooks/{playbook_id}/{version}/dates")
def ask(
    viewer: ListKeeper, playbook_id: PlaybookId, version: Version, session: Db, now: Now, rollout: Filter = ""
) -> Response:
    """The form, with the locations of a rollout or with an example."""
    playbook = version_page(session, playbook_id, version).playbook
    known = rollouts_of(viewer, session)
    chosen = next((line for line in known if line.slug == rollout), None)
    if rollout and chosen is None:
        raise NotFound("rollout")
    start = chosen.start if chosen and chosen.start else first_start(playbook, now.date())
    text = locations_text(stated_locations(session, chosen.id)) if chosen else example_locations(playbook)
    return _page(viewer, playbook, known, Asked(start.isoformat(), text), None, now, 200)


def rollouts_of(viewer: Viewer, session: Session) -> list[RolloutLine]:
    """Rollouts whose locations the person may see without exception."""
    extent = viewer.rollouts()
    lines = rollout_lines(session, None if extent.everywhere else sorted(extent.ids))
    return [line for line in lines if viewer.can(Permission.DIRECT, rollout=line.id)]


def locations_text(stated: Sequence[dict[str, Any]]) -> str:
    """Locations as the text of a locations file."""
    known = [{key: value for key, value in one.items() if key in PLACE.keys and value} for one in stated]
    return yaml.safe_dump(known, sort_keys=False, allow_unicode=True, default_flow_style=None, width=120)


@lru_cache(maxsize=1)
def _shipped_locations() -> tuple[str, ...]:
    return tuple(path.read_text(encoding="utf-8") for path in sorted(folder("playbooks").glob("locations*.yaml")))


def example_locations(playbook: Playbook) -> str:
    """A locations file that fits: one that comes with the product, else the fewest locations that each wave takes."""
    for text in _shipped_locations():
        if not read_places(text.encode(), playbook).errors:
            return text
    zone = playbook.calendar.zone
    waves = {wave.id: max(wave.locations.least, 1) for wave in playbook.waves.values()} or {"": 1}
    places = [
        {"id": f"{wave or 'place'}-{no}", "name": f"{title} {no}", "zone": zone, **({"wave": wave} if wave else {})}
        for wave, least in waves.items()
        for title in [playbook.waves[wave].title if wave else "Location"]
        for no in range(1, least + 1)
    ]
    return locations_text(places)


@router.post("/playbooks/{playbook_id}/{version}/dates")
def show(form: Form, viewer: Keeper, playbook_id: PlaybookId, version: Version, base: Base, now: Now) -> Response:
    """The dates of one location at a time, or of what is for all of them."""
    with base.reading() as session:
        playbook = version_page(session, playbook_id, version).playbook
        known = rollouts_of(viewer, session)
    fields = form.fields
    asked = Asked(fields.get("start", ""), form.text, fields.get("location", ""), form.number("page"))
    read = read_places(form.text.encode("utf-8", "replace"), playbook)
    try:
        start = parse_iso_date(asked.start)
    except Wrong:
        wrong = Asked(asked.start, form.text, wrong="Write a day, such as 2027-01-04.", problems=read.problems)
        return _page(viewer, playbook, known, wrong, None, now, 422)
    if read.errors:
        return _page(viewer, playbook, known, Asked(asked.start, form.text, problems=read.problems), None, now, 422)
    shown = _dated(plan_rollout(playbook, start, read.places), read.places, asked, now)
    return _page(viewer, playbook, known, asked, shown, now, 200)


def _page(
    viewer: Viewer,
    playbook: Playbook,
    known: Sequence[RolloutLine],
    asked: Asked,
    dated: dict[str, Any] | None,
    now: datetime,
    status: int,
) -> Response:
    address = f"/playbooks/{playbook.id}/{playbook.version}"
    return html(
        "playbooks/dates.html",
        status,
        **framed(viewer, "Playbooks"),
        title=playbook.title,
        version=playbook.version,
        playbook_href=address,
        address=f"{address}/dates",
        rollouts=[{"title": line.title, "href": f"{address}/dates?rollout={line.slug}"} for line in known],
        start=asked.start,
        start_error=asked.wrong,
        text=asked.text,
        problems=[shown_problem(problem) for problem in asked.problems],
        dated=dated,
    )


def _dated(plan: Plan, places: Sequence[Place], asked: Asked, now: datetime) -> dict[str, Any]:
    names = {place.id: place.name for place in places}
    first = next(iter(names), SHARED)
    chosen = asked.chosen if asked.chosen in names or asked.chosen == SHARED else first
    items = [item for item in plan.items_at("" if chosen == SHARED else chosen) if item.kind != "group"]
    items.sort(key=lambda item: (item.due is None, item.due or date.max))
    pages = max(1, -(-len(items) // PAGE))
    number = min(max(asked.number, 1), pages)
    part = items[(number - 1) * PAGE : number * PAGE]
    days = f"{short_day(plan.start, plan.start)} to {short_day(plan.end, plan.start)}"
    return {
        "said": f"{count(plan.tasks, 'task')} over {count(len(places), 'location')}, {days}.",
        "settle": [finding.message for finding in plan.problems if finding.settle][:MOST_FINDINGS],
        "warnings": [f"{f.id}: {f.message}" for f in plan.problems if not f.settle][:MOST_FINDINGS],
        "cutovers": [
            {"text": names[slug], "end": instant(at, str(at.tzinfo), now)}
            for slug, at in sorted(plan.cutovers.items(), key=lambda pair: pair[1])
        ],
        "places": [*names.items(), (SHARED, "For all locations")],
        "chosen": chosen,
        "chosen_name": names.get(chosen, "For all locations"),
        "weeks": weeks_of(part, plan.start),
        "number": number,
        "pages": pages,
        "shown": f"{(number - 1) * PAGE + 1 if items else 0} to {(number - 1) * PAGE + len(part)} of {len(items)}",
    }
