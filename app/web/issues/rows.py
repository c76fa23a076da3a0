"""An issue as a line of a list, for every page that has one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from app.queries.issues.list import IssueLine, IssueSums
from app.queries.rollouts.facts import RolloutFacts
from app.rules.clock import spelled
from app.rules.issues.standing import may_read
from app.rules.people.access import Viewer
from app.rules.rollouts.sentences import Part
from app.web.issues.words import clock_of, near_instant, told_words

LARGEST_LADDER = 6


def shown_line(viewer: Viewer, rollout: RolloutFacts, one: IssueLine, now: datetime) -> dict[str, Any]:
    """Values for the `issue_row` component; what it waits for only for those who may read what people wrote."""
    waits_for = one.waits_for if may_read(viewer, rollout.id, one.place.id if one.place else None) else ""
    told, at = told_words(rollout.playbook, one.law, one.told)
    where = one.place.name if one.place else "The whole network"
    holder = one.holder or (0, "Nobody has it")
    state = ""
    if one.resolved_at is not None:
        state = "confirmed" if one.closed_at else "waits to be confirmed"
    return {
        "id": one.id,
        "href": f"/issues/{one.id}",
        "title": one.title,
        "rank": one.rank,
        "severity": one.law.title,
        "meta": " · ".join(word for word in (str(one.number), where, one.kind) if word),
        "clock": clock_of(one.standing, one.law, one.zone, now, waits_for),
        "holder": {"id": holder[0], "name": holder[1], "nobody": one.holder is None},
        "told": state or told,
        "rungs": (at, len(one.law.rungs)),
    }


def shown_lines(
    viewer: Viewer, rollout: RolloutFacts, found: Sequence[IssueLine], now: datetime
) -> list[dict[str, Any]]:
    return [shown_line(viewer, rollout, one, now) for one in found]


def issues_sentence(sums: IssueSums, zone: str, now: datetime) -> list[Part]:
    """`9 open. Two breach before 13:00, one is past its time.`"""
    if not sums.open:
        return [Part("Nothing is open.")]
    parts = [Part(f"{sums.open} open.")]
    if sums.soon and sums.soon_until:
        verb = "breaches" if sums.soon == 1 else "breach"
        by = near_instant(sums.soon_until, zone, now)
        parts += [Part(" "), Part(f"{spelled(sums.soon)} {verb} by {by}", "risk")]
    if sums.breached:
        number = spelled(sums.breached)
        past = f"{number.lower() if sums.soon else number} {'is' if sums.breached == 1 else 'are'} past"
        whose = "its time" if sums.breached == 1 else "their time"
        parts += [Part(", " if sums.soon else " "), Part(f"{past} {whose}", "late")]
    if sums.soon or sums.breached:
        return [*parts, Part(".")]
    next_ = f" The next one breaches {near_instant(sums.next_at, zone, now)}." if sums.next_at else ""
    return [*parts, Part(next_)]
