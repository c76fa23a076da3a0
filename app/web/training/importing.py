"""A staff list is brought: shown first, with every fault in its line, then taken over whole."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form, UploadFile
from pydantic import AfterValidator
from sqlmodel import Session
from starlette.responses import Response

from app.actions.training.importing import Preview, apply_staff, preview_staff
from app.actions.training.sheets import LARGEST_FILE, read_sheet, read_text
from app.errors import Invalid, Refused
from app.rules.clock import count
from app.rules.people.access import Permission
from app.rules.training.exported import cell
from app.rules.training.staff_list import Fault
from app.web.answers import see_other
from app.web.forms import Filter, Line
from app.web.frame import in_rollout, rail
from app.web.site import AllowingGuard, Db, Desk, Now
from app.web.tasks.forms import Key, key_of
from app.web.templating import html
from app.web.training.staff import role_titles

router = APIRouter()
SHOWN_FAULTS: Final = 200
SHOWN_NAMES: Final = 200
MOST_ASKED: Final = 500
"""A form holds a thousand fields; of more people than these is asked when the list is brought again."""


def _list_text(text: str) -> str:
    """A pasted list; its line ends are those of a file. Raises ValueError for what is no text."""
    if any(0xD800 <= ord(sign) <= 0xDFFF for sign in text):
        raise ValueError("has characters that are not text")
    return text


Pasted = Annotated[str, Form(max_length=LARGEST_FILE), AfterValidator(_list_text)]

GUARD = AllowingGuard(Permission.CHECK_OFF, "You may see this rollout, but keep no staff list in it.")
Keeper = Annotated[Desk, Depends(GUARD)]


@router.get("/rollouts/{slug}/training/staff")
def ask(desk: Keeper, now: Now, location: Filter = "") -> Response:
    return _page(desk, now, location)


def _page(
    desk: Desk,
    now: datetime,
    location: str,
    *,
    error: str = "",
    refusal: str = "",
    preview: dict[str, Any] | None = None,
    status: int = 200,
) -> Response:
    rollout = desk.rollout
    places = [place for place in rollout.locations if desk.can(Permission.CHECK_OFF, place.id)]
    chosen = location if location in {place.slug for place in places} else places[0].slug if len(places) == 1 else ""
    return html(
        "training/import.html",
        status,
        **in_rollout(desk, "Rhythm"),
        weeks=rail(rollout, now),
        crumbs=[("Training", f"/rollouts/{rollout.slug}/training"), ("Bring a staff list", None)],
        address=f"/rollouts/{rollout.slug}/training/staff",
        places=[(place.slug, place.name) for place in places],
        location=chosen,
        roles=list(role_titles(desk).items()),
        error=error,
        refusal=refusal,
        preview=preview,
        open=rollout.state == "running",
    )


@router.post("/rollouts/{slug}/training/staff/preview")
def look(
    desk: Keeper, session: Db, now: Now, file: UploadFile | None = None, text: Pasted = "", location: Line = ""
) -> Response:
    """What the list would do. Nothing is stored."""
    try:
        sent = file is not None and bool(file.filename)
        table = read_sheet(file.file.read(LARGEST_FILE + 1)) if sent and file else read_text(text)
        if not sent and not text.strip():
            raise Invalid({"file": "Choose a file, or paste the list."})
        found = preview_staff(session, desk.rollout.id, table, usual=location, by=desk.viewer, now=now)
    except Invalid as fault:
        return _page(desk, now, location, error=fault.fields.get("file", str(fault)), status=422)
    except Refused as refusal:
        return _page(desk, now, location, refusal=refusal.reason, status=409)
    status = 422 if found.read.faults else 200
    return _page(desk, now, location, preview=_shown(desk, found, table, location), status=status)


@router.post("/rollouts/{slug}/training/staff/import")
def take_over(
    desk: Keeper,
    session: Db,
    now: Now,
    text: Pasted = "",
    location: Line = "",
    shown: Line = "",
    left: Annotated[list[Key], Form(max_length=5_000)] = [],  # noqa: B006 (FastAPI copies it)
) -> Response:
    """The list as it was shown, all of it or nothing."""
    gone = [key_of(one) or 0 for one in left]
    try:
        table = read_text(text)
        apply_staff(session, desk.rollout.id, table, usual=location, left=gone, shown=shown, by=desk.viewer, now=now)
    except Invalid as fault:
        session.rollback()
        return _page(desk, now, location, error=fault.fields.get("file", str(fault)), status=422)
    except Refused as refusal:
        session.rollback()
        return _again(desk, session, table, location, refusal.reason, now)
    place = desk.rollout.named(location)
    base = f"/rollouts/{desk.rollout.slug}"
    return see_other(f"{base}/locations/{place.slug}/training/staff" if place else f"{base}/training")


def _again(
    desk: Desk, session: Session, table: Sequence[Sequence[str]], location: str, refusal: str, now: datetime
) -> Response:
    """What the list does now, where it does something else than was shown."""
    try:
        found = preview_staff(session, desk.rollout.id, table, usual=location, by=desk.viewer, now=now)
    except Refused:
        return _page(desk, now, location, refusal=refusal, status=409)
    shown = _shown(desk, found, table, location)
    return _page(desk, now, location, refusal=refusal, preview=shown, status=409)


def _shown(desk: Desk, found: Preview, table: Sequence[Sequence[str]], location: str) -> dict[str, Any]:
    changes, faults = found.changes, found.read.faults
    names = {place.slug: place.name for place in desk.rollout.locations}
    roles = role_titles(desk)
    return {
        "faults": [_fault(one) for one in faults[:SHOWN_FAULTS]],
        "faulty": count(len({one.line for one in faults}), "row") if faults else "",
        "more_faults": max(0, len(faults) - SHOWN_FAULTS),
        "ignored": ", ".join(found.read.ignored),
        "rows": count(len(found.read.rows), "row"),
        "new": len(changes.new),
        "changed": len(changes.changed) + len(changes.roster),
        "same": changes.same,
        "nothing": changes.nothing and not changes.missing,
        "new_rows": [
            [row.name, row.number, roles.get(row.role, row.role), row.shift, names.get(row.location, row.location)]
            for row in changes.new[:SHOWN_NAMES]
        ],
        "changed_rows": [
            [one.was.name, ", ".join(_column(name) for name in one.columns), names.get(one.row.location, "")]
            for one in (*changes.changed, *changes.roster)[:SHOWN_NAMES]
        ],
        "missing": [
            {"value": one.id, "label": one.name, "hint": f"{one.number}, {names.get(one.location, '')}"}
            for one in changes.missing[:MOST_ASKED]
        ],
        "more_missing": max(0, len(changes.missing) - MOST_ASKED),
        "digest": changes.digest,
        "location": location,
        "text": "" if faults else "\n".join(",".join(cell(part) for part in line) for line in table),
    }


def _fault(one: Fault) -> list[str]:
    return [str(one.line), _column(one.column) if one.column else "the list", one.say]


def _column(name: str) -> str:
    return {"go_live": "go-live day", "email": "e-mail"}.get(name, name)
