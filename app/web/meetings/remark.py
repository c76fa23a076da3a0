"""One win or concern: what was said about what, what became of it, and the forms that settle it or take it away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from sqlmodel import Session
from starlette.responses import Response

from app.actions.issues.talking import REDACTED
from app.actions.meetings.settling import redact_remark, settle_remark, withdraw_remark
from app.errors import Invalid, Refused, Stale
from app.models import Rollout
from app.queries.meetings.remark_lines import About, RemarkLine
from app.queries.meetings.remarks import one_remark
from app.queries.rollouts.facts import RolloutFacts
from app.rules.clock import moment
from app.rules.meetings.remarks import ABOUT, Kind, Shown, Subject
from app.rules.people.access import Permission, Viewer
from app.web.answers import see_other
from app.web.forms import RowId
from app.web.frame import in_rollout, rail
from app.web.issues.identifiers import Confirmed, warned
from app.web.meetings.words import KIND_WORDS, NETWORK_WORDS, subject_address
from app.web.site import Db, Desk, Guard, Now
from app.web.tasks.forms import Typed
from app.web.templating import html
from app.web.told import NOTHING, Told

router = APIRouter()
Part = Annotated[str, Form(pattern=r"^(said|outcome)?$")]
Speaker = Annotated[Viewer, Depends(Guard(Permission.RAISE_ISSUE))]
Reader = Annotated[Viewer, Depends(Guard(Permission.SEE_PLAN))]


@router.get("/remarks/{remark_id}")
def show(remark_id: RowId, viewer: Reader, session: Db, now: Now) -> Response:
    return _page(session, remark_id, viewer, now, NOTHING)


@router.post("/remarks/{remark_id}/settlement")
def settle(
    remark_id: RowId, viewer: Speaker, session: Db, now: Now, outcome: Typed = "", confirmed: Confirmed = ""
) -> Response:
    told = Told(
        form="settle", typed={"outcome": outcome}, yours=outcome, warning=warned({"outcome": outcome}, confirmed)
    )
    return _make(
        session, remark_id, viewer, now, told,
        lambda: settle_remark(session, remark_id, outcome=outcome, by=viewer, now=now),
    )  # fmt: skip


@router.post("/remarks/{remark_id}/redaction")
def redact(remark_id: RowId, viewer: Speaker, session: Db, now: Now, part: Part = "") -> Response:
    told = Told(form="redact", errors={} if part else {"part": "Choose what is to be taken away."})
    return _make(
        session, remark_id, viewer, now, told,
        lambda: redact_remark(session, remark_id, part="outcome" if part == "outcome" else "said", by=viewer, now=now),
    )  # fmt: skip


@router.post("/remarks/{remark_id}/withdrawal")
def withdraw(remark_id: RowId, viewer: Speaker, session: Db, now: Now) -> Response:
    row = withdraw_remark(session, remark_id, by=viewer, now=now)
    return see_other(f"/rollouts/{session.get_one(Rollout, row.rollout_id).slug}/remarks")


def _make(
    session: Session, remark_id: int, viewer: Viewer, now: datetime, told: Told, change: Callable[[], object]
) -> Response:
    """Make one change, unless the form has a fault already; a refusal keeps what was typed."""
    one_remark(session, remark_id, viewer)
    if told.warning or told.errors:
        return _page(session, remark_id, viewer, now, told)
    try:
        change()
    except (Stale, Refused, Invalid) as refusal:
        session.rollback()
        return _page(session, remark_id, viewer, now, told.refused(refusal))
    return see_other(f"/remarks/{remark_id}")


def _page(session: Session, remark_id: int, viewer: Viewer, now: datetime, told: Told) -> Response:
    rollout, line = one_remark(session, remark_id, viewer)
    desk, base = Desk(viewer, rollout), f"/rollouts/{rollout.slug}/remarks"
    where = f"{base}?location={line.place.slug}" if line.place else base
    return html(
        "meetings/remark.html",
        told.status,
        **in_rollout(desk, "Rhythm"),
        weeks=rail(rollout, now),
        crumbs=[("Wins and concerns", f"{base}?shown={Shown.ALL}"), (_place(line), where)],
        **_shown(rollout, line, told, rollout.as_of(now)),
    )


def _place(line: RemarkLine) -> str:
    return line.place.name if line.place else NETWORK_WORDS


def _shown(rollout: RolloutFacts, line: RemarkLine, told: Told, now: datetime) -> dict[str, Any]:
    zone = line.place.zone if line.place else rollout.zone
    settled = moment(line.settled_at, zone, now) if line.settled_at else ""
    win = line.kind is Kind.WIN
    return {
        "remark": {
            "id": line.id,
            "kind": KIND_WORDS[line.kind],
            "status": "met" if win else "done" if line.settled_at else "open",
            "label": "Win" if win else "Settled" if line.settled_at else "Open",
            "said": line.said,
            "place": _place(line),
            "place_href": f"/rollouts/{rollout.slug}/locations/{line.place.slug}" if line.place else "",
            "by": line.by_name,
            "person": line.by,
            "when": moment(line.at, zone, now),
            "about": _about(line.about),
            "settled": f"{line.settled_name}, {settled}" if settled else "",
            "outcome": line.outcome,
            "redacted": line.redacted_at is not None,
        },
        "may_settle": line.may_settle,
        "own": line.own,
        "redactable": _redactable(line),
        "told": told,
    }


def _about(about: About | None) -> dict[str, str] | None:
    if about is None:
        return None
    words = ABOUT[Subject(about.kind)]
    if not about.title:
        return {"title": f"{words} that is no longer there", "href": ""}
    return {"title": f"{words}: {about.title}", "href": f"{subject_address(about.kind)}/{about.id}"}


def _redactable(line: RemarkLine) -> list[dict[str, str]]:
    texts = (("said", "What was said", line.said), ("outcome", "What became of it", line.outcome))
    standing = [(part, label) for part, label, text in texts if text not in (None, "", REDACTED)]
    return [{"value": part, "label": label} for part, label in standing] if line.may_redact else []
