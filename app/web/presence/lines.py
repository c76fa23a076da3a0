"""The rota in sentences: how things stand, who is on duty, what is wrong before it happens."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from app.queries.presence.now import DutyLine
from app.queries.presence.rota import Post, Rota
from app.queries.presence.troubles import DoubleLine, GapLine, Troubles
from app.rules.clock import near_day, spelled
from app.rules.presence.doubles import Overlap
from app.web.held import listed
from app.web.presence.address import outside_at, turn_at
from app.web.presence.words import DOUBLE, away, begins, until, when, where
from app.web.site import Desk

GAPS: Final = 50
Part = dict[str, str]
Assigns = Callable[[Desk, Post], bool]


def rota_sentence(known: Rota, today: Sequence[DutyLine], found: Troubles, now: datetime) -> list[Part]:
    """How things stand: the gaps of the coming days first, else who is on duty."""
    if not known.posts:
        return [{"text": "Nobody has to be on duty."}]
    if found.gaps:
        first = found.gaps[0]
        day = near_day(first.post.cover.calendar.local_day(max(first.spans[0][0], now)), first.post.today(now))
        head = f"{spelled(len(found.gaps))} {'gap' if len(found.gaps) == 1 else 'gaps'}"
        return [{"text": head, "status": "missed"}, {"text": f" in the next 14 days, the first one {day}."}]
    if found.clashes:
        return [{"text": found.clashes[0].name}, {"text": " is on duty at two places at once.", "status": "missed"}]
    present = list(dict.fromkeys(line.name for line in today if line.at(now)))
    tail = f" {listed(present)} {'is' if len(present) == 1 else 'are'} on duty now." if present else ""
    return [{"text": "No gap in the next 14 days.", "status": "clean"}, {"text": tail}]


def now_lines(
    desk: Desk, known: Rota, today: Sequence[DutyLine], mails: Mapping[int, str], now: datetime
) -> list[dict[str, Any]]:
    """Who is on duty now and later today, then what nobody does now."""
    lines = [
        {
            "name": line.name,
            "id": line.person,
            "for": line.for_name,
            "cover": line.post.title,
            "where": where(desk.rollout, line.post),
            "now": line.at(now),
            "until": until(line.until_at, line.post.zone, now)
            if line.at(now)
            else begins(line.from_at, line.post.zone),
            "mail": mails.get(line.person, ""),
        }
        for line in today
    ]
    manned = {line.post.occasion for line in today if line.at(now)}
    for post in known.posts:
        day = post.today(now)
        wanted = next((slot for slot in post.within(day, day) if slot.from_at <= now < slot.until_at), None)
        if wanted and post.occasion not in manned:
            lines.append(_nobody(desk, post, wanted.until_at, now))
    return lines


def _nobody(desk: Desk, post: Post, ends: datetime, now: datetime) -> dict[str, Any]:
    return {
        "name": "", "id": 0, "for": "", "cover": post.title, "where": where(desk.rollout, post), "now": True,
        "until": until(ends, post.zone, now), "mail": "",
    }  # fmt: skip


def trouble_lines(desk: Desk, found: Troubles, assigns: Assigns, now: datetime) -> dict[str, Any]:
    """Gaps, people on duty twice, and duties that the dates have left behind."""
    return {
        "gaps": [_gap(desk, line, assigns, now) for line in found.gaps[:GAPS]],
        "more": max(0, len(found.gaps) - GAPS),
        "doubles": [_double(desk, line, now) for line in found.doubles],
        "outside": [
            {
                "cover": line.post.title,
                "where": where(desk.rollout, line.post),
                "names": listed(line.names),
                "when": when(line.spans, line.post.zone, now),
                "action": outside_at(desk, line.post.occasion) if assigns(desk, line.post) else "",
                "form": f"outside-{line.post.occasion}",
            }
            for line in found.outside
        ],
    }


def _gap(desk: Desk, line: GapLine, assigns: Assigns, now: datetime) -> dict[str, Any]:
    today = line.post.today(now)
    why = [away(leave, name, today) for name, leave, _ in line.absent]
    may = assigns(desk, line.post)
    return {
        "cover": line.post.title,
        "where": where(desk.rollout, line.post),
        "when": when(line.spans, line.post.zone, now),
        "missing": "nobody" if line.missing == line.post.cover.people else f"{line.missing} short",
        "why": f"{' and '.join(why)}." if why else "",
        "free": listed([hand.name for hand in line.free]),
        "href": turn_at(desk, line.post.occasion, line.turn),
        "do": ("Find a substitute" if line.absent else "Put somebody on duty") if may else "Look at the turn",
    }


def _double(desk: Desk, line: DoubleLine, now: datetime) -> dict[str, Any]:
    ends = [post for post in (line.first, line.second) if post is not None]
    said = [f"{post.title}, {where(desk.rollout, post)}" for post in ends]
    said += ["at another centre"] * (2 - len(ends))
    return {
        "name": line.name,
        "kind": DOUBLE[line.kind],
        "clash": line.kind is Overlap.TWO_PLACES,
        "what": " and ".join(said),
        "when": when(line.spans, ends[0].zone, now),
    }
