"""Help-desk links of locations: listed, made, renewed and ended by whoever manages there, with their posters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions.events import stale
from app.actions.issues.intakes import end_intake, make_intake
from app.actions.loading import load
from app.api.callers import Db
from app.api.describing import Responses, reading, versioned
from app.api.fields import PlaceSlug, Shown
from app.api.guards import Desk, RolloutGuard
from app.api.paging import Page, Paged, page_of
from app.api.problems import StaleThing
from app.api.reading import StrictRoute
from app.api.tags import IfMatch, Seen, answer, is_known, tag_of, tagged, text_of
from app.documents.poster import Poster, poster
from app.documents.typesetting import Paper
from app.errors import NotFound
from app.models import Location
from app.queries.issues.help_desks import HelpDesk, help_desk, standing_links
from app.queries.rollouts.facts import PlaceFacts
from app.request import Config, Now
from app.rules.people.access import Permission
from app.settings import Settings

router = APIRouter(tags=["issues"], route_class=StrictRoute)
Managing = Annotated[Desk, Depends(RolloutGuard(Permission.STOP_ESCALATION))]
PDF: Responses = {
    200: {
        "description": "The poster, as a download.",
        "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
    }
}


class LinkItem(Shown):
    """The link of a location that has one. It opens a form that reports and shows nothing."""

    location: str
    link: str
    by: str = Field(description="The name of whoever made it.")
    at: datetime = Field(description="When it was made.")


class StaffedLine(Shown):
    """A role that hears of a report as soon as it is made."""

    role: str = Field(description="Its title.")
    people: list[str] = Field(description="The names of those who answer for it now.")


class HelpDeskWhole(Shown):
    """The help desk of a location, with a link or without."""

    location: str
    link: str | None
    by: str | None
    at: datetime | None
    poster: str | None = Field(description="The address of its poster.")
    reports: int = Field(description="How many came from outside, by this link or an earlier one.")
    last_at: datetime | None = Field(description="When the last of them came.")
    staffed: list[StaffedLine]


def _address(config: Settings, token: str) -> str:
    return f"{config.address}/help/{token}"


@dataclass(frozen=True)
class There:
    """Somebody who manages before the help desk of a location."""

    request: Request
    session: Session
    desk: Desk
    place: PlaceFacts
    config: Settings
    now: datetime

    def found(self) -> HelpDesk:
        return help_desk(self.session, self.desk.rollout, self.place, self.now)

    def shown(self) -> Response:
        found = self.found()
        return answer(self.request, self._whole(found), version=found.id or 0)

    def demand(self, seen: Seen) -> None:
        """Nobody changes the link from here on. Raises StaleThing where another one stands than the one seen."""
        load(self.session, Location, self.place.id, "location")
        present = self.found()
        if (present.id or 0) != seen.version:
            tag = tag_of(text_of(self._whole(present)), present.id or 0)
            raise StaleThing(stale(self.session, ("location", self.place.id)), tag)

    def _whole(self, found: HelpDesk) -> HelpDeskWhole:
        poster = f"{self.desk.address}/locations/{self.place.slug}/help-desk/poster"
        return HelpDeskWhole(
            location=self.place.slug, link=_address(self.config, found.token) if found.token else None,
            by=found.by or None, at=found.at, poster=poster if found.token else None, reports=found.reports,
            last_at=found.last, staffed=[StaffedLine(role=one.title, people=list(one.people)) for one in found.staffed],
        )  # fmt: skip


async def there(
    request: Request, desk: Managing, location: PlaceSlug, session: Db, config: Config, now: Now
) -> There:  # fmt: skip
    return There(request, session, desk, desk.rollout.place(location), config, now)


Standing = Annotated[There, Depends(there)]


@router.get(
    "/rollouts/{slug}/help-desks", summary="Help-desk links", response_model=Page[LinkItem], responses=reading()
)
def list_links(desk: Managing, page: Paged, session: Db, config: Config) -> Response:
    """Of the locations that have one."""
    found = standing_links(session, desk.rollout.locations)
    shown = [(place, *found[place.id]) for place in desk.rollout.locations if place.id in found]
    return page_of(
        page, "help-desks", LinkItem, shown, lambda one: one[0].id,
        lambda one: LinkItem(location=one[0].slug, link=_address(config, one[1].token), by=one[2], at=one[1].at),
    )  # fmt: skip


@router.get(
    "/rollouts/{slug}/locations/{location}/help-desk", summary="The help desk of a location",
    response_model=HelpDeskWhole, responses=reading(),
)  # fmt: skip
def show(there: Standing) -> Response:
    """Its `ETag` names the link that stands, or that there is none."""
    return there.shown()


@router.put(
    "/rollouts/{slug}/locations/{location}/help-desk", summary="Make or renew a help-desk link",
    response_model=HelpDeskWhole, responses=versioned(),
)  # fmt: skip
def make(there: Standing, seen: IfMatch) -> Response:
    """A link, or a new one in the place of the one that you saw: posters with that one lead nowhere from then on."""
    there.demand(seen)
    make_intake(there.session, there.place.id, seen=seen.version or None, by=there.desk.viewer, now=there.now)
    return there.shown()


@router.delete(
    "/rollouts/{slug}/locations/{location}/help-desk", summary="End a help-desk link", response_model=HelpDeskWhole,
    responses=versioned(),
)  # fmt: skip
def end(there: Standing, seen: IfMatch) -> Response:
    """Its posters lead nowhere from then on. None there is quiet."""
    if there.found().id is not None:
        there.demand(seen)
    end_intake(there.session, there.place.id, by=there.desk.viewer, now=there.now)
    return there.shown()


@router.get(
    "/rollouts/{slug}/locations/{location}/help-desk/poster", summary="The poster of a help desk",
    responses={**reading(), **PDF},
)  # fmt: skip
def hang_up(there: Standing, paper: Paper = "a4") -> Response:
    """As PDF, with the code to scan. 404 where there is no link."""
    found, place = there.found(), there.place
    if not found.token:
        raise NotFound("poster")
    facts = Poster(place.name, _address(there.config, found.token), paper=paper)
    tag = tag_of(repr(facts).encode(), found.id or 0)
    made = b"" if is_known(there.request, tag) else poster(facts)
    headers = {"Content-Disposition": f'attachment; filename="help-desk-{place.slug}.pdf"'}
    return tagged(there.request, made, tag, headers=headers, media_type="application/pdf")
