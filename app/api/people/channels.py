"""How you are reached: your channels, tried and ended, and which kind of message comes by which way."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final

from fastapi import APIRouter, Request
from pydantic import ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions.loading import load
from app.actions.people.channels import MOST, choose_ways, end_channel, try_channel
from app.api.callers import Db
from app.api.describing import changing, reading, versioned
from app.api.fields import Given, Line, RowId, RowKey, Shown
from app.api.guards import Owner
from app.api.kinds import PROOF_WANTED
from app.api.paging import Page, Paged, page_of
from app.api.reading import StrictRoute
from app.api.tags import IfMatch, answer
from app.errors import NotFound, ProofWanted
from app.models import Person
from app.queries.channels import ChannelLine, channels_of
from app.request import Now
from app.rules.deliveries.mail import TOLD
from app.rules.people.access import Viewer

router = APIRouter(tags=["people"], route_class=StrictRoute)
SAID: Final = {"enum": list(TOLD)}
Kinds = Annotated[list[Annotated[Line, Field(json_schema_extra=SAID)]], Field(max_length=len(TOLD))]


class ChannelItem(Shown):
    """A channel of your own. Its address is a secret, and nowhere told."""

    id: int
    name: str
    service: str = Field(description="Slack, Teams, Text message or Web hook.")
    shown: str = Field(description="The service, and of a web hook its host.")
    kinds: list[str] = Field(description="What comes by it.")
    made_at: datetime
    state: str | None = Field(description="Of its last message: waiting, sent, failed or dropped; null: none yet.")
    error: str = Field(description="Why the last try failed.")


class ByChannel(Given):
    channel: RowKey
    kinds: Kinds


class Ways(Given):
    """What comes which way; a channel that is not named keeps what comes by it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"mail": ["mention", "issue_rung"], "channels": []}]})

    mail: Kinds
    channels: list[ByChannel] = Field(default=[], max_length=MOST)


class ChannelWay(Shown):
    channel: int
    kinds: list[str]


class WaysShown(Shown):
    """What comes which way, besides what concerns the account."""

    mail: list[str] = Field(description="What comes by mail, as far as `/me/mail` lets it.")
    channels: list[ChannelWay]


def _item(line: ChannelLine) -> ChannelItem:
    return ChannelItem(**{**vars(line), "kinds": list(line.kinds)})


def _one(session: Session, viewer: Viewer, channel_id: int) -> ChannelItem:
    session.flush()
    found = next((one for one in channels_of(session, viewer.person) if one.id == channel_id), None)
    if found is None:
        raise NotFound("channel")
    return _item(found)


def _ways(session: Session, viewer: Viewer) -> WaysShown:
    session.flush()
    unmailed = session.get_one(Person, viewer.person).unmailed
    channels = [ChannelWay(channel=one.id, kinds=list(one.kinds)) for one in channels_of(session, viewer.person)]
    return WaysShown(mail=[kind for kind in TOLD if kind not in unmailed], channels=channels)


@router.get("/me/channels", summary="Your channels", response_model=Page[ChannelItem], responses=reading())
def list_own(viewer: Owner, page: Paged, session: Db) -> Response:
    """Those in use, each with what became of its last message."""
    return page_of(page, "channels", ChannelItem, channels_of(session, viewer.person), lambda one: one.id, _item)


@router.post(
    "/me/channels", summary="Add a channel", status_code=201, response_model=ChannelItem,
    responses=changing(PROOF_WANTED),
)  # fmt: skip
def add(_viewer: Owner) -> Response:
    """Refused to every token: a new way to be reached asks for a fresh proof of who you are, which only the page of
    your account takes.
    """
    raise ProofWanted("a channel")


@router.get(
    "/me/channels/{channel_id}", summary="One of your channels", response_model=ChannelItem, responses=reading()
)
def show(request: Request, channel_id: RowId, viewer: Owner, session: Db) -> Response:
    return answer(request, _one(session, viewer, channel_id))


@router.put("/me/channels/{channel_id}/test", summary="Try a channel", response_model=ChannelItem, responses=changing())
def test(request: Request, channel_id: RowId, viewer: Owner, session: Db, now: Now) -> Response:
    """A message is sent by it, once a minute; asked more often is quiet. `state` says what became of it."""
    try_channel(session, channel_id, by=viewer, now=now)
    return answer(request, _one(session, viewer, channel_id))


@router.delete("/me/channels/{channel_id}", summary="End a channel", status_code=204, responses=versioned())
def end(channel_id: RowId, seen: IfMatch, viewer: Owner, session: Db, now: Now) -> Response:
    """Nothing goes by it any more, and its address is forgotten."""
    seen.demand(session, _one(session, viewer, channel_id), ("person", viewer.person))
    end_channel(session, channel_id, by=viewer, now=now)
    return Response(status_code=204)


@router.get("/me/ways", summary="What comes which way", response_model=WaysShown, responses=reading())
def ways(request: Request, viewer: Owner, session: Db) -> Response:
    return answer(request, _ways(session, viewer))


@router.put("/me/ways", summary="Choose what comes which way", response_model=WaysShown, responses=versioned())
def choose(request: Request, given: Ways, seen: IfMatch, viewer: Owner, session: Db, now: Now) -> Response:
    """A kind that is not named does not come that way. The same again is quiet."""
    load(session, Person, viewer.person, "person")
    present = _ways(session, viewer)
    wanted = {one.channel: one.kinds for one in given.channels}
    before = {one.channel: one.kinds for one in present.channels if one.channel in wanted}
    if _sets({0: given.mail, **wanted}) != _sets({0: present.mail, **before}):
        seen.demand(session, present, ("person", viewer.person))
    choose_ways(session, mailed=given.mail, by_channel=wanted, by=viewer, now=now)
    return answer(request, _ways(session, viewer))


def _sets(kinds: dict[int, list[str]]) -> dict[int, set[str]]:
    return {way: set(chosen) for way, chosen in kinds.items()}
