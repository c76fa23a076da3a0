"""The law an issue is under: what the playbook says for its severity, type, place and moment, frozen at its opening.

A law is plain data, so that it can be kept on the issue: a playbook that changes later changes no issue that is open.
Lengths are seconds of the issue's own clock. Pure.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from app.plan import Playbook
from app.plan.calendars import PlaceCalendar
from app.plan.format.issues import Recipient, Rung, Severity, Target
from app.plan.format.when import Week
from app.plan.format.who import Who
from app.plan.language.dates import DateRange
from app.plan.moments import Unresolvable
from app.plan.places import Spot
from app.plan.terms import Scope
from app.plan.timeline import Timeline
from app.rules.issues.running import Clock

Hours = Sequence[Sequence[int] | None]
"""For each weekday the quiet hours that begin on it, in seconds from midnight; None where there are none."""


class NoLaw(ValueError):
    """The playbook has no section `issues`, or not this severity or type."""


@dataclass(frozen=True)
class RungLaw:
    """A step of the ladder. `to` are lists of a kind (role, holder, duty, voters), a name, and the roles that are meant
    by it: those of whoever is on duty, or who votes. It is due when the clock
    has run for so many seconds since the opening: the issue's own clock where `own`, else all time, or (`open_hours`)
    the opening hours of the place.
    """

    to: Sequence[Sequence[str]]
    said: str
    seconds: float
    own: bool
    open_hours: bool
    unless: str


@dataclass(frozen=True)
class Law:
    """`period` is the stretch for which the target holds, in the playbook's words, with its last day; `loud`: its
    notices do not wait out the quiet hours. `pause` are the roles that may stop the clock (None: whoever may resolve);
    `confirm` those that confirm a fix.
    """

    severity: str
    title: str
    business: bool
    respond: int | None
    update: int | None
    resolve: int
    period: str
    until: str
    rungs: Sequence[RungLaw]
    loud: bool
    quiet_hours: Hours
    pausable: bool
    pause: Sequence[str] | None
    confirm: Sequence[str]
    again_after: int | None


def law_of(playbook: Playbook, severity: str, kind: str, timeline: Timeline, spot: Spot, opened: datetime) -> Law:
    """What holds for an issue that opens now. The first target whose stretch, types and places hold. Raises NoLaw."""
    issues = playbook.issues
    if issues is None or severity not in issues.severities or (kind and kind not in issues.types):
        raise NoLaw(severity)
    said = issues.severities[severity]
    calendar = timeline.calendar(spot)
    target, until = _target(said, kind, timeline, spot, calendar.local_day(opened))
    clock = Clock(target.clock == "business", calendar)
    resolve = clock.seconds(target.resolve) if target.resolve else 0
    pause = said.pause if said.pause is not None else issues.pause
    return Law(
        severity=severity,
        title=said.title or severity,
        business=clock.business,
        respond=clock.seconds(target.respond) if target.respond else None,
        update=clock.seconds(target.update) if target.update else None,
        resolve=resolve,
        period=target.when.text if target.when else "",
        until=until.isoformat() if until else "",
        rungs=[_rung(one, resolve, calendar, playbook) for one in said.ladder or issues.ladder],
        loud=not said.quiet,
        quiet_hours=_hours(issues.quiet_hours),
        pausable=pause != "none",
        pause=list(pause.roles) if isinstance(pause, Who) else None,
        confirm=list(issues.confirm.roles) if issues.confirm else [],
        again_after=Clock(False, calendar).seconds(issues.again_after) if issues.again_after else None,
    )


def _target(severity: Severity, kind: str, timeline: Timeline, spot: Spot, today: date) -> tuple[Target, date | None]:
    for target in severity.targets:
        if target.types and kind not in target.types:
            continue
        if timeline.applies(target, spot) is False:
            continue
        if target.when is None:
            return target, None
        until = _lasts(target.when, timeline, spot, today)
        if until is not None:
            return target, until
    raise NoLaw(f"no target of severity {severity.title} holds here")


def _lasts(when: DateRange, timeline: Timeline, spot: Spot, today: date) -> date | None:
    """The last day of a stretch in which today lies, else None. What is counted from a go-live holds for the network
    as long as it holds for any location: while one of them is new, so is what they share.
    """
    sites = () if spot.location else timeline.sites.values()
    found = []
    for place in (spot, *(Spot(Scope.LOCATION, site.wave, site.id) for site in sites)):
        try:
            span = timeline.span(when, place)
        except Unresolvable:  # a word that means nothing at this place
            continue
        if span is not None and span[0] <= today <= span[1]:
            found.append(span[1])
    return max(found, default=None)


def _rung(rung: Rung, resolve: int, calendar: PlaceCalendar, playbook: Playbook) -> RungLaw:
    to, at = [_to(one, playbook) for one in rung.to], rung.at
    if at is not None and at.share is not None:
        return RungLaw(to, at.text, resolve * at.share / 100, True, False, rung.unless)
    after = at.after if at else None
    open_hours = after is not None and after.unit == "wd"
    seconds = Clock(open_hours, calendar).seconds(after) if after else 0
    return RungLaw(to, at.text if at else "opened", seconds, False, open_hours, rung.unless)


def _to(one: Recipient, playbook: Playbook) -> list[str]:
    if one.kind == "role":
        return [one.kind, one.name, one.name]
    who: Who | None = None
    if one.kind == "duty" and one.name in playbook.coverage:
        who = playbook.coverage[one.name].owner
    if one.kind == "voters" and one.name in playbook.gates:
        who = playbook.gates[one.name].votes
    return [one.kind, one.name, *(who.roles if who else ())]


def _hours(week: Week | None) -> Hours:
    if week is None:
        return []
    return [None if span is None else (span.opens, span.closes) for span in (week[day] for day in range(7))]


def kept(law: Law) -> dict[str, Any]:
    """The law as a document to be stored."""
    return asdict(law)


def stored(document: Mapping[str, Any]) -> Law:
    """The law that was stored."""
    rungs = [RungLaw(**one) for one in document["rungs"]]
    return Law(**{**document, "rungs": rungs})


@lru_cache(maxsize=256)
def read(text: str) -> Law:
    """The law of a stored text; many issues are under the same."""
    return stored(json.loads(text))


def loud_at(law: Law, calendar: PlaceCalendar, at: datetime) -> datetime:
    """When a notice that is due goes out: at once, or when the quiet hours of the place end. The clock goes on."""
    if law.loud or not law.quiet_hours:
        return at
    there = at.astimezone(calendar.zone)
    for day in (there.date() - timedelta(days=1), there.date()):
        span = law.quiet_hours[day.weekday()]
        if span is None:
            continue
        begins, ends = (calendar.wall(day, second) for second in span)
        if begins <= at < ends:
            return ends
    return at


def rank(playbook: Playbook, severity: str) -> int:
    """The gravest is 1, as the playbook lists them; one that it no longer knows is the least."""
    known = list(playbook.issues.severities) if playbook.issues else []
    return known.index(severity) + 1 if severity in known else max(len(known), 1)
