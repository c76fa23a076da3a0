"""Set-up: the centres, row by row or as the pasted list of a locations file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import available_timezones

from fastapi import APIRouter, Depends, HTTPException, Request
from sqlmodel import Session
from starlette.responses import Response

from app.actions.rollouts.drafting import set_locations
from app.errors import Invalid, Stale
from app.plan.format.locations import read_places
from app.plan.source import Node, read_source
from app.queries.rollouts.draft import stated_locations
from app.web.answers import see_other
from app.web.forms import LARGEST_ID, prose
from app.web.playbooks.problems import shown_problem
from app.web.security import PLAYBOOK_LIMIT
from app.web.setup.location_rows import Row, attribute_fields, rows_of_form, rows_of_stated, stated_row
from app.web.setup.steps import address, demand_draft, done_steps, step_frame
from app.web.site import Db, Desk, Directing, Now
from app.web.templating import html

router = APIRouter()
MOST_FIELDS = 20_000
Typed = Mapping[str, Sequence[str]]


async def typed_form(request: Request) -> Typed:
    """Every text of a form with any number of fields; control characters refused."""
    try:
        form = await request.form(max_fields=MOST_FIELDS, max_files=0, max_part_size=PLAYBOOK_LIMIT)
    except (UnicodeError, LookupError):  # a charset that names no encoding of text
        raise HTTPException(422) from None
    found: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if not isinstance(value, str) or len(value) > 600_000:
            raise HTTPException(422)
        try:
            found.setdefault(name, []).append(prose(value))
        except ValueError:
            raise HTTPException(422) from None
    return found


Form = Annotated[Typed, Depends(typed_form)]


def version_of(form: Typed) -> int:
    """The version that the form showed. Raises 422 where it names none."""
    text = next(iter(form.get("version", ())), "")
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= LARGEST_ID):
        raise HTTPException(422)
    return int(text)


@router.get("/rollouts/{slug}/set-up/locations")
def ask(desk: Directing, session: Db) -> Response:
    demand_draft(desk.rollout)
    stated = stated_locations(session, desk.rollout.id)
    return page(desk, rows_of_stated(stated, desk.rollout.playbook), 200)


def page(
    desk: Desk,
    rows: list[Row],
    status: int,
    *,
    extra: int = 1,
    text: str = "",
    problems: Sequence[Mapping[str, Any]] = (),
    stale: str = "",
    told: str = "",
) -> Response:
    playbook = desk.rollout.playbook
    empty = [Row({"zone": playbook.calendar.zone}) for _ in range(extra if rows else max(extra, 2))]
    return html(
        "rollouts/set_up/locations.html",
        status,
        **step_frame(desk, "locations", done_steps(desk.rollout)),
        rows=[shown_row(row, number, desk) for number, row in enumerate([*rows, *empty])],
        filled=len(rows),
        waves=[(id_, wave.title) for id_, wave in playbook.waves.items()],
        counts=[f"{wave.title}: {wave.locations.text}" for wave in playbook.waves.values()],
        attributes=attribute_fields(playbook),
        zones=zone_names(),
        text=text,
        problems=problems,
        summary=[
            {"href": f"#f-{field}-{no}", "text": fault}
            for no, row in enumerate(rows)
            for field, fault in row.errors.items()
        ],
        stale=stale,
        told=told,
    )


def zone_names() -> list[str]:
    """The zones that a person would choose, by name."""
    return sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix")))


def shown_row(row: Row, number: int, desk: Desk) -> dict[str, Any]:
    fields = (
        "id",
        "name",
        "zone",
        "wave",
        "cutover",
        *(f"attribute-{id_}" for id_ in desk.rollout.playbook.attributes),
    )
    return {
        "no": number,
        "legend": row.typed.get("name") or "Another centre",
        "values": {name: row.typed.get(name, "") for name in fields},
        "lists": {id_: row.lists.get(id_, []) for id_ in desk.rollout.playbook.attributes},
        "errors": {name: row.errors.get(name) for name in fields},
        "open": any(name.startswith("attribute-") for name in row.errors),
    }


@router.post("/rollouts/{slug}/set-up/locations")
def keep(form: Form, desk: Directing, session: Db, now: Now) -> Response:
    """Keep the rows, ask for more of them, or read a pasted list.

    The form is read first: a slow sender must not hold the transaction.
    """
    seen = version_of(form)
    text = next(iter(form.get("list", ())), "")
    if text and "read" in form:
        return _keep_list(desk, session, now, seen, text)
    rows = rows_of_form(form, desk.rollout.playbook)
    if "more" in form:
        return page(desk, rows, 200, extra=3)
    kept = {place["id"]: place for place in stated_locations(session, desk.rollout.id)}
    stated = [stated_row(row, desk.rollout.playbook, kept.get(row.typed.get("id", ""), {})) for row in rows]
    if any(row.errors for row in rows):
        return page(desk, rows, 422)
    if not stated:
        return page(desk, rows, 422, told="Name at least one centre.")
    return _set(desk, session, now, seen, [one for one in stated if one], rows, text)


def _keep_list(desk: Desk, session: Session, now: datetime, seen: int, text: str) -> Response:
    data = text.encode("utf-8", "replace")
    read = read_places(data, desk.rollout.playbook)
    if read.errors or not read.places:
        rows = rows_of_stated(stated_locations(session, desk.rollout.id), desk.rollout.playbook)
        problems = [shown_problem(problem) for problem in read.problems]
        return page(desk, rows, 422, text=text, problems=problems, told="" if problems else "The list is empty.")
    root, _ = read_source(data)
    zone = desk.rollout.playbook.calendar.zone
    stated = [{"zone": zone, **plain(item)} for item in (root.items if root else ())]
    return _set(desk, session, now, seen, stated, rows_of_stated(stated, desk.rollout.playbook), text)


def plain(node: Node) -> Any:
    """A read value as plain lists, mappings and scalars."""
    if node.kind == "list":
        return [plain(item) for item in node.items]
    return {name.text: plain(value) for name, value in node.pairs} if node.kind == "mapping" else node.scalar


def _set(
    desk: Desk, session: Session, now: datetime, seen: int, stated: list[dict[str, Any]], rows: list[Row], text: str
) -> Response:
    try:
        set_locations(session, desk.rollout.id, stated, seen=seen, by=desk.viewer, now=now)
    except Invalid as fault:
        session.rollback()
        return page(desk, rows, 422, text=text, told=" ".join(fault.fields.values()))
    except Stale as refusal:
        session.rollback()
        return page(desk, rows, 409, text=text, stale=str(refusal))
    return see_other(address(desk.rollout, "people"))
