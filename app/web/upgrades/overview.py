"""Which centre is on which version of the playbook, what each has changed of its own, and what may be asked again."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter
from starlette.responses import Response

from app.queries.upgrades.deviations import Deviation
from app.queries.upgrades.versions import Askable, PlaceVersion, Versions, askable, versions_of
from app.rules.clock import count, short_day, spelled
from app.rules.people.access import Permission
from app.web.frame import in_rollout, rail
from app.web.rhythm.ways import LESSONS, rhythm_ways
from app.web.site import Db, Desk, Now, Seeing
from app.web.templating import html

router = APIRouter()
NETWORK: Final = "-"
"""The network in forms and addresses, beside the ids of locations."""
_DEVIATES: Final = {
    "date": "another day for “{}”",
    "aside": "“{}” does not apply",
    "added": "“{}” was added",
    "cutover": "a cutover of its own",
}


@router.get("/rollouts/{slug}/upgrades")
def show(desk: Seeing, session: Db, now: Now) -> Response:
    rollout = desk.rollout
    desk_can = desk.can(Permission.DIRECT) and rollout.state == "running"
    found = versions_of(session, rollout, desk.extent)
    base = f"/rollouts/{rollout.slug}"
    return html(
        "upgrades/index.html",
        **in_rollout(desk, "Rhythm"),
        weeks=rail(rollout, now),
        ways=rhythm_ways(desk, LESSONS),
        crumbs=[("Lessons", f"{base}/lessons"), ("Versions", None)],
        say=_say(found),
        address=f"{base}/upgrades/new",
        changes_href=_changes(desk, found),
        newer=[(one.id, f"Version {one.version}") for one in reversed(found.newer)] if desk_can else [],
        newest=found.newest.version,
        offered=_offered(found),
        waves=_waves(desk, found),
        places=[_row(desk, one, now) for one in (found.network, *found.places)],
        again=[_again(desk, one) for one in askable(session, rollout, desk.extent)] if desk_can else [],
    )


def _say(found: Versions) -> str:
    behind = [one for one in (found.network, *found.places) if one.behind]
    if not behind:
        return f"Every centre is on version {found.newest.version}, the newest there is."
    where = [one for one in behind if one.place]
    if not where:
        return f"Every centre is on version {found.newest.version}; what is done for all of them is not yet."
    newest = f"on version {found.newest.version}, the newest there is"
    if len(where) == len(found.places):
        return f"No centre is {newest}."
    named = where[0].place.name if len(where) == 1 and where[0].place else ""
    many = f"{spelled(len(where))} of {count(len(found.places), 'centre')}"
    return f"{named or many} {'is' if len(where) == 1 else 'are'} not {newest}."


def _changes(desk: Desk, found: Versions) -> str:
    """What changed, between the version of the network (or the lowest) and the newest."""
    first = next((one.version.version for one in (found.network, *found.places) if one.behind), "")
    if not first or not desk.viewer.can(Permission.CHANGE_PLAYBOOK):
        return ""
    return f"/playbooks/{desk.rollout.playbook.id}/changes?old={first}&new={found.newest.version}"


def _offered(found: Versions) -> list[dict[str, str]]:
    """The places that may be brought to a newer version, the network first."""
    rows = [one for one in (found.network, *found.places) if one.behind and (one.place is None or one.place.planned)]
    return [
        {
            "value": one.place.slug if one.place else NETWORK,
            "label": one.place.name if one.place else "What is done once for all centres",
            "hint": f"on version {one.version.version}",
        }
        for one in rows
    ]


def _waves(desk: Desk, found: Versions) -> list[tuple[str, str]]:
    """A whole wave at once, to the newest version."""
    behind = {one.place.wave for one in found.places if one.behind and one.place}
    base = f"/rollouts/{desk.rollout.slug}/upgrades/new?to={found.newest.id}"
    waves = desk.rollout.playbook.waves
    return [(f"The whole of {waves[wave].title}", f"{base}&wave={wave}") for wave in waves if wave in behind]


def _row(desk: Desk, one: PlaceVersion, now: datetime) -> dict[str, Any]:
    place, last = one.place, one.last
    zone = ZoneInfo(place.zone if place else desk.rollout.zone)
    today = now.astimezone(zone).date()
    brought = f"{short_day(last.at.astimezone(zone).date(), today)}, by {last.by}" if last else "since the start"
    return {
        "name": place.name if place else "For all centres",
        "href": f"/rollouts/{desk.rollout.slug}/locations/{place.slug}" if place else "",
        "version": one.version.version,
        "newest": not one.behind,
        "brought": brought,
        "unchanging": one.unchanging,
        "count": len(one.deviations),
        "deviations": [_deviation(each) for each in one.deviations],
    }


def _deviation(one: Deviation) -> dict[str, str]:
    kept = f"kept against version {one.against}" if one.against else ""
    end = ", ".join(part for part in (kept, f"by {one.by}" if one.by else "") if part)
    text = _DEVIATES[one.kind].format(one.title)
    href = f"/tasks/{one.task}" if one.task else ""
    return {"text": text[:1].upper() + text[1:], "href": href, "end": end}


def _again(desk: Desk, one: Askable) -> dict[str, Any]:
    return {
        "task": one.task,
        "version": one.row_version,
        "title": one.title,
        "href": f"/tasks/{one.task}",
        "place": one.place.name if one.place else "For all centres",
        "under": f"version {one.under}",
        "changed": ", ".join(one.keys).replace("_", " "),
    }
