"""Words of the rota's pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.queries.presence.rota import Post
from app.queries.rollouts.facts import RolloutFacts
from app.rules.clock import near_day, short_day, zone_name
from app.rules.people.responsibility import Away
from app.rules.presence.doubles import Overlap
from app.rules.presence.words import hours_words, spans_words

A_DAY = timedelta(days=1)
DOUBLE = {
    Overlap.TWO_PLACES: "Two places at once",
    Overlap.TWO_DUTIES: "Two duties at once",
    Overlap.ON_CALL_TOO: "On call as well",
}


def where(rollout: RolloutFacts, post: Post) -> str:
    """The place of a cover: the centre, the wave, or the whole network."""
    if post.place:
        return post.place.name
    wave = rollout.playbook.waves.get(post.wave)
    return wave.title if wave else "The whole network"


def when(spans: Sequence[tuple[datetime, datetime]], zone: str, now: datetime) -> str:
    """`Mon 8 Feb to Fri 12 Feb, 08:00 to 17:00 Central`."""
    said = spans_words(spans, zone, now)
    return said if said.endswith(("all day", "times")) else f"{said} {zone_name(zone, spans[0][0])}"


def until(at: datetime, zone: str, now: datetime) -> str:
    """`until 17:00 Central`, to the end of today `until 24:00 Central`, else `until Sun 14 Feb, 24:00 Central`."""
    there = at.astimezone(ZoneInfo(zone))
    midnight = there.time() == time(0)
    day, today = there.date() - A_DAY * midnight, now.astimezone(there.tzinfo).date()
    clock = "24:00" if midnight else f"{there:%H:%M}"
    return f"until {'' if day == today else near_day(day, today) + ', '}{clock} {zone_name(zone, at)}"


def begins(at: datetime, zone: str) -> str:
    return f"from {at.astimezone(ZoneInfo(zone)):%H:%M} {zone_name(zone, at)}"


def stretch(post: Post, today: date) -> str:
    """`Mon 8 Feb to Fri 19 Feb`; empty without a date."""
    cover = post.cover
    if cover.due is None:
        return ""
    first = f"{short_day(cover.begins, today)} to " if cover.begins and cover.begins != cover.due else ""
    return first + short_day(cover.due, today)


def asked(post: Post) -> str:
    """What a cover asks for: `one person, 08:00 to 17:00 Central, open days`."""
    cover = post.cover
    people = f"{cover.people} people" if cover.people != 1 else "one person"
    days = cover.asked.days if isinstance(cover.asked.days, str) else "named days"
    hours = cover.asked.hours
    if not isinstance(hours, str):
        slot = next(iter(cover.slots()), None)
        hours = hours_words(slot.from_at, slot.until_at, post.zone) if slot else "no hours"
    return f"{people}, {hours}, {days}"


def away(leave: Away, name: str, today: date) -> str:
    """`Ivo Tanaka is on leave until Fri 12 Feb`."""
    return f"{name} is on leave until {short_day(leave.last, today)}"
