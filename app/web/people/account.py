"""A person's own account: where they are signed in, and the password."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from sqlmodel import Session
from starlette.responses import Response

from app.actions.passwords import change_password
from app.actions.sign_ins import end_sign_ins
from app.errors import Invalid
from app.queries.people import Device, devices
from app.rules.access import Viewer
from app.rules.clock import moment
from app.web.answers import see_other
from app.web.forms import Password
from app.web.frame import framed
from app.web.people.sign_in import shown_errors, summary, without_cookie
from app.web.site import Config, Db, Guard, Now
from app.web.templating import html

router = APIRouter()
Own = Annotated[Viewer, Depends(Guard())]


@router.get("/account")
def show(viewer: Own, session: Db, now: Now) -> Response:
    return _page(session, viewer, now, {}, 200)


def _page(session: Session, viewer: Viewer, now: datetime, errors: dict[str, str], status: int) -> Response:
    return html(
        "people/account.html",
        status,
        **framed(viewer, ""),
        name=viewer.name,
        devices=[_device(device, now) for device in devices(session, viewer.person, now)],
        errors=shown_errors(errors, ("current", "new")),
        summary=summary(errors),
    )


def _device(device: Device, now: datetime) -> list[str]:
    kind = "own device" if device.own else "shared device"
    return [device_words(device.user_agent), device.address, kind, f"{moment(device.last_seen_at, 'UTC', now)} UTC"]


def device_words(user_agent: str) -> str:
    """The browser and system as far as a user agent says them."""
    browsers = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
    systems = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
               ("Mac OS", "Mac"), ("Linux", "Linux"))  # fmt: skip
    browser = next((name for sign, name in browsers if sign in user_agent), "A browser")
    system = next((name for sign, name in systems if sign in user_agent), "")
    return f"{browser} on {system}" if system else browser


@router.post("/account/sign-out-everywhere")
def leave_everywhere(viewer: Own, session: Db, config: Config, now: Now) -> Response:
    end_sign_ins(session, viewer.person, now=now)
    return without_cookie(see_other("/sign-in"), config)


@router.post("/account/password")
def new_password(
    viewer: Own, session: Db, config: Config, now: Now, current: Password = "", new: Password = ""
) -> Response:
    try:
        change_password(session, current=current, new=new, by=viewer, now=now)
    except Invalid as fault:
        session.rollback()
        return _page(session, viewer, now, fault.fields, 422)
    return without_cookie(see_other("/sign-in"), config)
