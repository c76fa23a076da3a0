"""How somebody is reached: channels added, tried and ended, and which kind of message comes by which way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions.people.channels import add_channel, choose_ways, end_channel, try_channel
from app.errors import Invalid, ProofWanted, Refused
from app.models import Channel, Person
from app.queries.channels import ChannelLine, channels_of
from app.rules.clock import short_day
from app.rules.deliveries.mail import KINDS, TOLD
from app.rules.people.access import Viewer
from app.rules.signoffs import is_fresh
from app.web.answers import see_other
from app.web.deliveries import STATES
from app.web.forms import LARGEST_ID, Password, Prose, RowId, digits
from app.web.frame import framed
from app.web.people.sign_in import shown_errors, summary
from app.web.proof import fault_of_proof, told_of
from app.web.site import Base, Config, Db, Now, Own, ProvingGuard, Token, recognised
from app.web.templating import html

router = APIRouter()
Prover = Annotated[Viewer, Depends(ProvingGuard())]
SERVICES: Final = (
    ("slack", "Slack", "The address of an incoming webhook: https://hooks.slack.com/services/…"),
    ("teams", "Microsoft Teams", "The address of a workflow that posts to a channel when a webhook request comes."),
    ("sms", "Text message", "An account of a gateway: an address that begins with twilio://, vonage:// or plivo://."),
    ("webhook", "Web hook", "An https address that takes a signed POST with JSON."),
)
OF_CHANNEL: Final = "channel-"


async def chosen(request: Request) -> dict[str, list[str]]:
    """What was ticked, by the name of the field."""
    form = await request.form(max_fields=1_000)
    return {name: [str(one) for one in form.getlist(name)] for name in form}


@router.get("/account/channels")
def show(viewer: Own, session: Db, now: Now) -> Response:
    return _page(viewer, session, now)


@router.post("/account/channels")
def add(
    request: Request,
    viewer: Prover,
    base: Base,
    cookie: Token,
    config: Config,
    now: Now,
    service: Prose = "",
    name: Prose = "",
    url: Prose = "",
    password: Password = "",
) -> Response:
    """The page, for a web hook with the key that it is signed with, which is shown this once."""
    fault = fault_of_proof(request, base, viewer, cookie or "", password, now, undone="No channel was added.")
    allowed = config.webhook_hosts_allowed
    with base.writing() as session:
        by = recognised(session, cookie, now)
        try:
            if fault:
                raise Invalid({"password": fault})
            row = add_channel(session, service=service, name=name, url=url, allowed=allowed, by=by, now=now)
        except (Invalid, Refused, ProofWanted) as refusal:
            session.rollback()
            return _page(by, session, now, told_of(refusal), {"service": service, "name": name})
        return _page(by, session, now, made=row) if row.secret else see_other("/account/channels")


@router.post("/account/channels/{channel_id}/test")
def test(viewer: Own, channel_id: RowId, session: Db, now: Now) -> Response:
    try_channel(session, channel_id, by=viewer, now=now)
    return see_other("/account/channels")


@router.post("/account/channels/{channel_id}/end")
def end(viewer: Own, channel_id: RowId, session: Db, now: Now) -> Response:
    end_channel(session, channel_id, by=viewer, now=now)
    return see_other("/account/channels")


@router.post("/account/ways")
def choose(viewer: Own, session: Db, now: Now, ticked: Annotated[dict[str, list[str]], Depends(chosen)]) -> Response:
    try:
        channels = {_number(text): ticked.get(f"{OF_CHANNEL}{text}", []) for text in ticked.get("channel", [])}
        choose_ways(session, mailed=ticked.get("mail", []), by_channel=channels, by=viewer, now=now)
    except Invalid as fault:
        session.rollback()
        return _page(viewer, session, now, fault.fields)
    return see_other("/account/channels")


def _number(text: str) -> int:
    try:
        return min(int(digits(text[:10])), LARGEST_ID)
    except ValueError:
        raise Invalid({"ways": "Choose among what is shown."}) from None


def _page(
    viewer: Viewer,
    session: Session,
    now: datetime,
    told: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
    made: Channel | None = None,
) -> Response:
    errors = dict(told or {})
    found, person = channels_of(session, viewer.person), session.get_one(Person, viewer.person)
    return html(
        "people/channels.html",
        409 if "" in errors else 422 if errors else 200,
        **framed(viewer, ""),
        channels=[_shown(one, now) for one in found],
        services=[{"value": value, "label": label, "hint": hint} for value, label, hint in SERVICES],
        kinds=[{"value": kind, "label": KINDS[kind].title} for kind in TOLD],
        mailed=[kind for kind in TOLD if kind not in person.unmailed],
        wish=person.mail,
        values=typed or {"service": "slack", "name": ""},
        errors=shown_errors(errors, ("service", "name", "url", "password", "ways")),
        proof=not is_fresh(viewer.proven_at, now) or "password" in errors,
        summary=summary(errors),
        refusal=errors.get("", ""),
        made={"name": made.name, "secret": made.secret} if made else None,
    )


def _shown(one: ChannelLine, now: datetime) -> dict[str, Any]:
    mark, state = STATES[one.state] if one.state else ("todo", "Nothing sent yet")
    return {
        "id": one.id,
        "name": one.name,
        "shown": one.shown,
        "kinds": one.kinds,
        "added": short_day(one.made_at.date(), now.date()),
        "mark": mark,
        "state": state,
        "error": one.error,
    }
