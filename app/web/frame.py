"""The frame of a page: who is signed in, where one can go, the week rail. Plain values for `layout.html`."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.plan import Playbook
from app.queries.rollouts.facts import RolloutFacts
from app.rules.clock import long_day, zone_name
from app.rules.people.access import Permission, Viewer
from app.rules.rollouts.weeks import Week, weeks
from app.web.site import AccountGuard, Desk, somewhere

Link = tuple[str, str, bool]
TABS: Final = 4


def bare(viewer: Viewer | None = None) -> dict[str, Any]:
    """The frame of a page that belongs to no rollout."""
    return {"viewer": signed_in(viewer), "nav": account_nav(viewer, "") if viewer else []}


def framed(viewer: Viewer, current: str = "") -> dict[str, Any]:
    """The frame of a page for somebody who is signed in, outside of a rollout."""
    return {"viewer": signed_in(viewer), "nav": account_nav(viewer, current)}


def signed_in(viewer: Viewer | None) -> dict[str, Any] | None:
    return None if viewer is None else {"id": viewer.person, "name": viewer.name, "unseen": viewer.unseen}


def account_nav(viewer: Viewer, current: str) -> list[Link]:
    """The ways of somebody who is in no rollout at the moment."""
    places = [("Rollouts", "/rollouts", somewhere(viewer, Permission.SEE_PLAN))]
    places.append(("Today", "/today", any(grant.rollout is not None for grant in viewer.grants)))
    places.append(("Playbooks", "/playbooks", viewer.can(Permission.CHANGE_PLAYBOOK)))
    places.append(("People", "/people", AccountGuard(Permission.MANAGE_PEOPLE).allows(viewer)))
    return [(label, href, label == current) for label, href, open_ in places if open_]


def in_rollout(desk: Desk, current: str) -> dict[str, Any]:
    """The frame of a page of one rollout."""
    rollout = desk.rollout
    ways = rollout_ways(desk)
    counts = {"Issues": sum(rollout.open_issues.values())}
    return {
        "viewer": {**(signed_in(desk.viewer) or {}), "role": role_words(desk)},
        "nav": [(label, href, label == current, counts.get(label, 0)) for label, href, _icon in ways],
        "tabs": [(label, href, icon, label == current, counts.get(label, 0)) for label, href, icon in ways[:TABS]],
        "tabs_more": [(label, href, label == current) for label, href, _icon in ways[TABS:]],
        "rollout_title": rollout.title,
        "rollout_slug": rollout.slug,
        "alarm": desk.alarm,
        "closed": closed_words(desk),
        "rollout_href": "/rollouts",
        "rollout_note": f"{rollout.playbook.length}-week rollout",
    }


def closed_words(desk: Desk) -> dict[str, str] | None:
    """What every page of a closed rollout says first; whoever directs it may take it up again."""
    at = desk.rollout.closed_at
    if at is None:
        return None
    day = at.astimezone(ZoneInfo(desk.rollout.zone)).date()
    directs = desk.can(Permission.DIRECT)
    href = f"/rollouts/{desk.rollout.slug}/close" if directs else ""
    return {"day": f"{long_day(day, day)} {day.year}", "note": desk.rollout.closed_note, "href": href}


def rollout_ways(desk: Desk) -> list[tuple[str, str, str]]:
    """Where this person can go inside a rollout: label, address, icon; the first ones are the tabs of a phone."""
    base = f"/rollouts/{desk.rollout.slug}"
    directs = overseeing(desk)
    executive = seeing_as_executive(desk)
    board = ("Board", f"{base}/board", "board")
    readiness = ("Readiness", f"{base}/readiness", "flag")
    gates = [("Gates", f"{base}/gates", "gate")] if desk.rollout.has_plan and desk.rollout.playbook.gates else []
    runbooks = [("Runbooks", f"{base}/runbooks", "list")] if has_runbooks(desk.rollout) else []
    returns = [("Return", f"{base}/return", "flag")] if desk.rollout.has_plan and desk.rollout.playbook.figures else []
    plan = ("Plan", f"{base}/plan", "plan")
    today = ("Today", "/today", "today")
    people = [("People", f"{base}/people", "people")] if desk.can(Permission.MANAGE_PEOPLE) else []
    issues = [("Issues", f"{base}/issues", "alert")] if has_issues(desk.rollout) else []
    shared = [("Shared", f"{base}/shared", "link")] if shares(desk.rollout) else []
    rhythm = [("Rhythm", f"{base}/rhythm", "clock")] if desk.rollout.has_plan else []
    if directs:
        playbook = ("Playbook", playbook_address(desk.rollout), "playbook")
        return [board, plan, *issues, readiness, *returns, *gates, *runbooks, *rhythm, today, *people, playbook]
    if executive:
        return [readiness, *returns, *gates, plan, *issues, *runbooks, *rhythm, *people]
    site = own_site(desk)
    if site:
        return [today, plan, *issues, site, *rhythm, *gates, *runbooks, board, *people, *shared]
    return [today, plan, *issues, *rhythm, *gates, *runbooks, board, *people, *shared]


def has_issues(rollout: RolloutFacts) -> bool:
    """Whether trouble is reported there: its plan is written, and the playbook says who hears of it."""
    return rollout.has_plan and rollout.playbook.issues is not None


def has_runbooks(rollout: RolloutFacts) -> bool:
    """Whether a night is run from here: its plan is written, and a version in use has a runbook."""
    return rollout.has_plan and any(book.runbooks for book in books_of(rollout))


def books_of(rollout: RolloutFacts) -> tuple[Playbook, ...]:
    """The versions in use where somebody may look; a page that did not read the locations speaks of all of them."""
    others = rollout.own_books if rollout.locations else rollout.books
    return (rollout.playbook, *others.values())


def shares(rollout: RolloutFacts) -> bool:
    """Whether a version in use names work or figures that centres may let each other see."""
    return any(
        one.tasks or one.workstreams or one.metrics
        for book in books_of(rollout)
        for one in (book.sharing or {}).values()
    )


def own_site(desk: Desk) -> tuple[str, str, str] | None:
    """The page of the one location that somebody works at; None for people of several or of the whole network."""
    rollout = desk.rollout
    held = {grant.location for grant in desk.viewer.grants if grant.rollout in (None, rollout.id)}
    place = rollout.location(next(iter(held))) if len(held) == 1 else None
    if place is None or not rollout.has_plan:
        return None
    return "Site", f"/rollouts/{rollout.slug}/locations/{place.slug}", "place"


def overseeing(desk: Desk) -> bool:
    """Directors and managers of the whole rollout."""
    return desk.viewer.can(Permission.STOP_ESCALATION, rollout=desk.rollout.id)


def seeing_as_executive(desk: Desk) -> bool:
    """Executives of the rollout who do not also work in it."""
    return not desk.can_somewhere(Permission.RAISE_ISSUE) and desk.can(Permission.SEE_PLAN)


def playbook_address(rollout: RolloutFacts) -> str:
    return f"/playbooks/{rollout.playbook.id}/{rollout.playbook.version}"


def role_words(desk: Desk) -> str:
    """The titles of the roles that the person holds here, and of those that they stand in for."""
    roles = desk.rollout.playbook.people
    mine = [grant for grant in desk.viewer.grants if grant.rollout == desk.rollout.id]
    own = {grant.role for grant in mine if grant.instead_of is None}
    others = {grant.role: grant.instead_of for grant in mine if grant.instead_of is not None and grant.role not in own}
    words = [role.title for id_, role in roles.items() if id_ in own]
    words += [role.title + _instead_words(others[id_] or ()) for id_, role in roles.items() if id_ in others]
    return ", ".join(words)


def _instead_words(names: tuple[str, ...]) -> str:
    return f" for {' and '.join(names)}" if names else ", stepping in"


def as_of(rollout: RolloutFacts, now: datetime) -> str:
    """`Tuesday 5 January, 10:00 Central`."""
    there = now.astimezone(ZoneInfo(rollout.zone))
    return f"{long_day(there.date(), there.date())}, {there:%H:%M} {zone_name(rollout.zone, now)}"


def rail(rollout: RolloutFacts, now: datetime) -> list[Week]:
    """The week rail; nothing before a start day is chosen."""
    if rollout.start is None:
        return []
    openings = [(place.name, place.cutover.date()) for place in rollout.locations if place.cutover]
    return weeks(rollout.playbook, rollout.start, openings, rollout.today(now))
