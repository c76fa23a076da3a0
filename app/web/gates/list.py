"""All gates of a rollout, wave by wave: a row for each location, the gate it comes to in words, the others as marks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.queries.gates.list import GateLine, gate_lines
from app.queries.selection.list import selection_lines
from app.rules.clock import count
from app.rules.gates.list_sentence import Ahead, gates_sentence
from app.web.answers import see_other
from app.web.frame import as_of, in_rollout, rail
from app.web.gates.rows import groups_of, rows_of, today_at, where_of
from app.web.kept import Kept, by_the_minute
from app.web.selection.listed import listed_selections
from app.web.site import Db, Desk, Now, Seeing
from app.web.templating import html

router = APIRouter()


@router.get("/rollouts/{slug}/gates")
@by_the_minute
def show(kept: Kept, desk: Seeing, session: Db, now: Now) -> Response:
    if not desk.rollout.has_plan:
        return see_other(f"/rollouts/{desk.rollout.slug}/progress")
    at = desk.rollout.as_of(now)
    desk = Desk(desk.viewer, desk.rollout.within(desk.extent), desk.alarm)
    lines = gate_lines(session, desk.rollout, desk.viewer, at)
    chosen = listed_selections(selection_lines(session, desk.rollout), desk.rollout.today(at))
    values = {**shown(desk, lines, at), "selections": chosen}
    return kept.answer(html("gates/list.html", **in_rollout(desk, "Gates"), **values))


def shown(desk: Desk, lines: Sequence[GateLine], now: datetime) -> dict[str, Any]:
    """Everything the template needs."""
    rollout = desk.rollout
    rows = rows_of(desk.rollout, lines, now)
    ahead = [
        Ahead(one.gate.title, where_of(rollout, one), one.at.due, today_at(rollout, one.place, now))
        for one in (row.next for row in rows)
        if one is not None and one.at.due is not None
    ]
    opened = sum(one.held.opened_at is not None for one in lines)
    return {
        "weeks": rail(rollout, now),
        "when": as_of(rollout, now),
        "say": gates_sentence(opened, sum(one.held.fallen for one in lines), ahead),
        "pager": None,
        "needs": [_need(desk, one) for one in lines if one.vote_wanted or one.asked],
        "groups": groups_of(rollout, rows, now),
    }


def _need(desk: Desk, one: GateLine) -> dict[str, Any]:
    wanted = ["your vote is wanted"] if one.vote_wanted else []
    wanted += [f"{count(one.asked, 'condition')} to decide"] if one.asked else []
    return {
        "text": f"{one.gate.title}, {where_of(desk.rollout, one)}",
        "href": f"/gates/{one.at.id}",
        "end": " and ".join(wanted),
        "status": "running" if one.vote_wanted else "wait",
        "status_label": "Vote" if one.vote_wanted else "To decide",
    }
