"""The form that reports an issue: what, where, how bad, a photo; made for two taps on a phone."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, UploadFile
from sqlmodel import Session
from starlette.responses import Response

from app.actions.issues.files import attach_issue_file
from app.actions.issues.reporting import report_issue
from app.admission import enter_rollout
from app.errors import Invalid, Refused
from app.queries.issues.offered import Promise, places_to_report, promises, task_to_link
from app.rules.clock import instant
from app.rules.issues.filtering import NETWORK
from app.rules.people.access import Permission, Viewer
from app.web.answers import is_fragment, see_other
from app.web.forms import Filter, Line, Slug
from app.web.frame import in_rollout, rail
from app.web.issues.identifiers import Confirmed, warned
from app.web.issues.words import length_words
from app.web.site import (
    AllowingGuard,
    Base,
    Db,
    Desk,
    Now,
    ProvingGuard,
    Store,
    Token,
    recognised,
)
from app.web.tasks.forms import Key, key_of
from app.web.tasks.forms import Typed as Text
from app.web.templating import html
from app.web.uploads import uploaded

router = APIRouter()
MOST_FILES = 6
Reporter = Annotated[Viewer, Depends(ProvingGuard(Permission.RAISE_ISSUE))]


GUARD = AllowingGuard(Permission.RAISE_ISSUE, "You may see this rollout, but not report an issue in it.")


@dataclass(frozen=True)
class Typed:
    """What somebody has typed; `errors` by field, what the action refused, and words that may name a patient. `lost`: a
    photo was chosen too, which a page that comes back cannot hold; a script swaps the words only, and keeps it.
    """

    title: str = ""
    details: str = ""
    location: str = ""
    severity: str = ""
    kind: str = ""
    task: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    refusal: str = ""
    warning: Sequence[Mapping[str, Any]] = ()
    lost: bool = False


@router.get("/rollouts/{slug}/issues/new")
def ask(
    desk: Annotated[Desk, Depends(GUARD)],
    session: Db,
    now: Now,
    location: Filter = "",
    severity: Filter = "",
    kind: Filter = "",
    task: Annotated[str, Query(pattern=r"^[0-9]{0,10}$")] = "",
) -> Response:
    return _form(desk, session, Typed(location=location, severity=severity, kind=kind, task=task), 200, now)


@router.post("/rollouts/{slug}/issues/new")
def report(
    request: Request,
    slug: Slug,
    viewer: Reporter,
    base: Base,
    sign_in: Token,
    store: Store,
    now: Now,
    title: Line = "",
    details: Text = "",
    location: Line = "",
    severity: Line = "",
    kind: Line = "",
    task: Key = "",
    token: Line = "",
    confirmed: Confirmed = "",
    file: list[UploadFile] = [],  # noqa: B006 (FastAPI copies it)
) -> Response:
    """Photos are written and hashed before the transaction of the change, which they would hold up."""
    lost = any(one.filename for one in file) and not is_fragment(request)
    typed = Typed(title, details, location, severity, kind, task, lost=lost)
    with base.reading() as session:
        desk = GUARD.demand(Desk(viewer, enter_rollout(session, viewer, slug, Permission.SEE_PLAN)))
        if found := warned({"title": title, "details": details}, confirmed):
            return _form(desk, session, replace(typed, warning=found), 422, now)
        try:
            kept = uploaded(store, [one for one in file if one.filename], "photo", MOST_FILES)
        except Invalid as fault:
            return _form(desk, session, replace(typed, errors=fault.fields), 422, now)
    with base.writing() as session:
        by = recognised(session, sign_in, now)
        try:
            issue = report_issue(
                session, desk.rollout.id, location_id=_place_id(desk, location), title=title, details=details,
                severity=severity, kind=kind, task_id=key_of(task), token=token, by=by, now=now,
            )  # fmt: skip
            for name, stored in kept:
                attach_issue_file(session, issue.id or 0, stored=stored, file_name=name, by=by, now=now)
        except (Invalid, Refused) as fault:
            session.rollback()
            errors = fault.fields if isinstance(fault, Invalid) else {}
            refusal = fault.reason if isinstance(fault, Refused) else ""
            again = replace(typed, errors=errors, refusal=refusal)
            return _form(desk, session, again, 422 if errors else 409, now)
        there = f"/issues/{issue.id}"
        return Response(status_code=204, headers={"HX-Redirect": there}) if is_fragment(request) else see_other(there)


def _place_id(desk: Desk, slug: str) -> int | None:
    """The location that somebody chose; none for the whole network. Raises NotFound, and Invalid without a choice."""
    if slug == NETWORK:
        return None
    if not slug:
        raise Invalid({"location": "Choose where it is."})
    return desk.rollout.place(slug).id


def _form(desk: Desk, session: Session, typed: Typed, status: int, now: datetime) -> Response:
    rollout = desk.rollout
    places = _places(desk)
    task = task_to_link(session, rollout, key_of(typed.task), desk.viewer)
    chosen = _chosen(desk, typed.location, [slug for slug, _ in places])
    place = next((one for one in rollout.locations if one.slug == chosen), None)
    offered = promises(session, rollout, place, typed.kind, now) if chosen else ()
    issues = rollout.playbook.issues
    return html(
        "issues/new.html",
        status,
        **in_rollout(desk, "Issues"),
        weeks=rail(rollout, now),
        crumbs=[("Issues", f"/rollouts/{rollout.slug}/issues"), ("Report an issue", None)],
        action=f"/rollouts/{rollout.slug}/issues/new",
        typed=typed,
        places=places,
        chosen=chosen,
        kinds=[(id_, one.title) for id_, one in issues.types.items()] if issues else [],
        severities=[_choice(one, place.zone if place else rollout.zone, now) for one in offered],
        severity=typed.severity or (issues.default if issues else ""),
        law=issues is not None,
        task={"id": task.id, "title": task.title} if task else None,
        token=secrets.token_urlsafe(12),
    )


def _places(desk: Desk) -> list[tuple[str, str]]:
    """Where the reader may report something."""
    at = [(place.slug, place.name) for place in places_to_report(desk.rollout, desk.viewer)]
    return [*at, (NETWORK, "The whole network")] if desk.can(Permission.RAISE_ISSUE) else at


def _chosen(desk: Desk, wanted: str, known: Sequence[str]) -> str:
    """The place that stands in the form: the one asked for, the only one there is, else none."""
    if wanted in known:
        return wanted
    return known[0] if len(known) == 1 else ""


def _choice(one: Promise, zone: str, now: datetime) -> dict[str, Any]:
    """A severity with what follows from it."""
    if one.solved_by is None:
        said = "The playbook sets no time for this here."
    else:
        respond = f"first answer within {length_words(one.respond, one.business)}, " if one.respond else ""
        said = f"{respond}solved by {instant(one.solved_by, zone, now)}{' (open hours)' if one.business else ''}"
        said = said[0].upper() + said[1:] + "."
    return {
        "value": one.id,
        "label": f"{one.rank}: {one.title}",
        "hint": said,
        "disabled": one.solved_by is None,
    }
