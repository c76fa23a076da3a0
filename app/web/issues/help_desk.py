"""A location's help-desk link: made, renewed and ended by whoever directs or manages, with its poster."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from starlette.responses import Response

from app.actions.issues.intakes import end_intake, make_intake
from app.documents.poster import Poster, poster
from app.documents.typesetting import Paper
from app.errors import NotFound
from app.queries.issues.help_desks import HelpDesk, help_desk
from app.queries.rollouts.facts import PlaceFacts
from app.rules.clock import count, moment
from app.rules.people.access import Permission
from app.settings import Settings
from app.web.answers import see_other
from app.web.forms import LARGEST_ID
from app.web.frame import in_rollout, rail
from app.web.issues.boards import pdf_answer
from app.web.rollouts.cutovers import PlaceSlug
from app.web.site import Config, Db, Desk, Now, RolloutGuard
from app.web.templating import html

router = APIRouter()
Managing = Annotated[Desk, Depends(RolloutGuard(Permission.STOP_ESCALATION))]
Linked = Annotated[int, Form(alias="link", ge=0, le=LARGEST_ID)]


def address_of(desk: Desk, place: PlaceFacts) -> str:
    return f"/rollouts/{desk.rollout.slug}/locations/{place.slug}/help-desk"


@router.get("/rollouts/{slug}/locations/{location}/help-desk")
def show(desk: Managing, location: PlaceSlug, session: Db, config: Config, now: Now) -> Response:
    place = desk.rollout.place(location)
    found = help_desk(session, desk.rollout, place, now)
    return html(
        "issues/help_desk.html",
        **in_rollout(desk, "Site"),
        weeks=rail(desk.rollout, now),
        crumbs=[(place.name, address_of(desk, place).removesuffix("/help-desk")), ("Help desk", None)],
        name=place.name,
        address=address_of(desk, place),
        running=desk.rollout.state == "running",
        **_shown(found, config, place, now),
    )


def _shown(found: HelpDesk, config: Settings, place: PlaceFacts, now: datetime) -> dict[str, Any]:
    last = f", the last one {moment(found.last, place.zone, now)}" if found.last else ""
    return {
        "id": found.id,
        "link": f"{config.address}/help/{found.token}" if found.token else "",
        "made": f"{found.by} made it {moment(found.at, place.zone, now)}" if found.at else "",
        "came": f"{count(found.reports, 'report')} came from outside{last}" if found.reports else "Nobody has used it",
        "staffed": [(one.title, ", ".join(one.people) or "Nobody yet") for one in found.staffed],
        "empty_posts": not any(one.people for one in found.staffed),
    }


@router.post("/rollouts/{slug}/locations/{location}/help-desk")
def make(desk: Managing, location: PlaceSlug, session: Db, now: Now, link: Linked = 0) -> Response:
    """Make the link, or put a new one in the place of the one that the form was drawn with."""
    place = desk.rollout.place(location)
    make_intake(session, place.id, seen=link or None, by=desk.viewer, now=now)
    return see_other(address_of(desk, place))


@router.post("/rollouts/{slug}/locations/{location}/help-desk/end")
def end(desk: Managing, location: PlaceSlug, session: Db, now: Now) -> Response:
    place = desk.rollout.place(location)
    end_intake(session, place.id, by=desk.viewer, now=now)
    return see_other(address_of(desk, place))


@router.get("/rollouts/{slug}/locations/{location}/help-desk/poster")
def hang_up(
    desk: Managing, location: PlaceSlug, session: Db, config: Config, now: Now, paper: Paper = "a4"
) -> Response:
    """The poster as PDF. Raises NotFound where there is no link."""
    place = desk.rollout.place(location)
    found = help_desk(session, desk.rollout, place, now)
    if not found.token:
        raise NotFound("poster")
    made = poster(Poster(place.name, f"{config.address}/help/{found.token}", paper=paper))
    return pdf_answer(made, f"help-desk-{place.slug}")
