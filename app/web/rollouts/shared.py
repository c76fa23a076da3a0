"""What centres share with each other: what the reader sees of others, and what the reader's own let others see."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.actions.locations.consents import give_consent, withdraw_consent
from app.queries.people import Holders, holders
from app.queries.shared import Neighbour, Offer, SharedPart, neighbours, offers
from app.rules.clock import moment, near_day, spelled
from app.rules.tasks.progress import WORDS
from app.web.answers import see_other
from app.web.forms import Line, Slug
from app.web.frame import in_rollout, rail
from app.web.rollouts.cutovers import PlaceSlug
from app.web.rollouts.shared_figures import shown_figures
from app.web.site import Db, Desk, Now, Seeing
from app.web.templating import html

router = APIRouter()


@router.get("/rollouts/{slug}/shared")
def show(desk: Seeing, session: Db, now: Now) -> Response:
    rollout = desk.rollout
    others = neighbours(session, rollout.id, desk.extent, rollout.as_of(now))
    own = offers(session, rollout)
    people = holders(session, rollout.id, desk.extent, now)
    return html(
        "rollouts/shared.html",
        **in_rollout(desk, "Shared"),
        weeks=rail(rollout, now),
        say=_say(others, everywhere=desk.extent.everywhere),
        everywhere=desk.extent.everywhere,
        others=[_neighbour(one, rollout.today(now)) for one in others],
        figures=shown_figures(others),
        own=[_offer(desk, one, people, now) for one in own],
    )


def _say(others: list[Neighbour], *, everywhere: bool) -> str:
    if everywhere:
        return "You see every centre; here is what they let each other see."
    if not others:
        return "No other centre shares anything with yours yet."
    shares = [share for one in others for share in one.shares]
    its = "its" if len(others) == 1 else "their"
    work = [f"how some of {its} work stands"] if any(share.parts for share in shares) else []
    figures = [f"some of {its} figures"] if any(share.figures for share in shares) else []
    said = " and ".join([*work, *figures])
    if len(others) == 1:
        return f"{others[0].name} lets you see {said}."
    return f"{spelled(len(others))} centres let you see {said}."


def _neighbour(one: Neighbour, today: date) -> dict[str, Any]:
    shares = [
        {
            "title": share.title,
            "parts": [_part(part, today) for part in share.parts],
            "figures": [each.figure.metric.title for each in share.figures],
        }
        for share in one.shares
    ]
    return {"name": one.name, "shares": shares}


def _part(part: SharedPart, today: date) -> dict[str, str]:
    several = part.stands.total > 1
    return {
        "title": part.title,
        "status": part.stands.state.value,
        "label": WORDS[part.stands.state],
        "counted": part.stands.said if several else "",
        "due": near_day(part.due, today) if part.due else "no date",
    }


def _offer(desk: Desk, one: Offer, people: Holders, now: datetime) -> dict[str, Any]:
    base = f"/rollouts/{desk.rollout.slug}/locations/{one.place.slug}/sharing/{one.id}"
    role = desk.rollout.playbook.people.get(one.role)
    open_ = desk.rollout.state == "running" and one.place.planned
    mine = one.role in desk.viewer.roles(desk.rollout.id, one.place.id)
    names = people.names((one.role,), one.place.id)
    return {
        "place": one.place.name,
        "slug": one.place.slug,
        "id": one.id,
        "title": one.title,
        "work": one.work,
        "figures": one.figures,
        "shown": one.shown,
        "agreed": f"{one.by} agreed {moment(one.at, one.place.zone, now)}." if one.by and one.at else "",
        "unseen": one.unseen,
        "asked": f"{role.title if role else one.role}{f' ({names[0]})' if names else ''} decides.",
        "give": f"{base}/consent" if mine and open_ and (one.by is None or one.unseen) else "",
        "withdraw": f"{base}/withdrawal" if mine and one.by else "",
    }


@router.post("/rollouts/{slug}/locations/{location}/sharing/{sharing}/consent")
def agree(desk: Seeing, location: PlaceSlug, sharing: Slug, session: Db, now: Now, shown: Line = "") -> Response:
    place = desk.rollout.place(location)
    give_consent(session, place.id, sharing, shown=shown or None, by=desk.viewer, now=now)
    return see_other(f"/rollouts/{desk.rollout.slug}/shared#own-{place.slug}-{sharing}")


@router.post("/rollouts/{slug}/locations/{location}/sharing/{sharing}/withdrawal")
def withdraw(desk: Seeing, location: PlaceSlug, sharing: Slug, session: Db, now: Now) -> Response:
    place = desk.rollout.place(location)
    withdraw_consent(session, place.id, sharing, by=desk.viewer, now=now)
    return see_other(f"/rollouts/{desk.rollout.slug}/shared#own-{place.slug}-{sharing}")
