"""Playbooks: the list, adding one, and one stored version."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from starlette.responses import Response

from app.db import Database
from app.errors import NotFound
from app.plan.terms import MAX_BYTES
from app.queries.playbooks import VersionLine, VersionPage, readable_version, versions
from app.rules.clock import count
from app.rules.people.access import Permission, Viewer
from app.rules.playbooks import checked
from app.shipped import shipped, shipped_text
from app.web.answers import see_other
from app.web.frame import framed
from app.web.playbooks.editor import Draft, keep
from app.web.playbooks.forms import Form, Keeper
from app.web.playbooks.problems import shown_problem
from app.web.prose import prose
from app.web.site import Base, Db, EverywhereGuard, Guard, Now
from app.web.templating import html

router = APIRouter()
ListKeeper = Annotated[Viewer, Depends(EverywhereGuard(Permission.CHANGE_PLAYBOOK))]
Reader = Annotated[Viewer, Depends(Guard(Permission.SEE_PLAN))]
Version = Annotated[str, Path(pattern=r"^[0-9]{1,5}\.[0-9]{1,5}$")]
PlaybookId = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{0,47}$")]


@router.get("/playbooks")
def show_all(viewer: ListKeeper, session: Db) -> Response:
    stored = versions(session)
    return html("playbooks/index.html", **framed(viewer, "Playbooks"), versions=[_line(one) for one in stored])


def _line(one: VersionLine) -> dict[str, Any]:
    used = ", ".join(one.rollouts)
    return {
        "title": one.title,
        "version": one.version,
        "href": f"/playbooks/{one.playbook}/{one.version}",
        "versions_href": f"/playbooks/{one.playbook}/versions",
        "said": f"used by {used}" if used else "not used yet",
        "by": one.uploaded_by or "comes with Muster",
    }


@router.get("/playbooks/new")
def ask(viewer: ListKeeper) -> Response:
    return html("playbooks/new.html", **framed(viewer, "Playbooks"), shipped=shipped(), limit=MAX_BYTES // 1000)


@router.post("/playbooks/new")
def upload(form: Form, viewer: Keeper, base: Base, now: Now) -> Response:
    """A file, or the text that was pasted; with mistakes it stays in the editor as it came."""
    return _keep(form.data, viewer, base, now)


def _keep(data: bytes, viewer: Viewer, base: Database, now: datetime) -> Response:
    return keep(Draft(data.decode("utf-8", "replace")), data, viewer, base, now)


@router.post("/playbooks/shipped")
def take_shipped(form: Form, viewer: Keeper, base: Base, now: Now) -> Response:
    """Keep one of the playbooks that come with the product."""
    try:
        text = shipped_text(form.fields.get("name", ""))
    except NotFound:
        return see_other("/playbooks/new")
    return _keep(text, viewer, base, now)


@router.get("/playbooks/{playbook_id}/{version}")
def show(viewer: Reader, playbook_id: PlaybookId, version: Version, session: Db) -> Response:
    """The page of a version: for whoever keeps playbooks, and for everybody in a rollout that follows it."""
    return _show(viewer, readable_version(session, playbook_id, version, viewer))


def _show(viewer: Viewer, page: VersionPage) -> Response:
    playbook = page.playbook
    report = checked(page.text.encode())
    warnings = [problem for problem in report.problems if problem.level != "error"]
    return html(
        "playbooks/show.html",
        **framed(viewer, "Playbooks"),
        title=playbook.title,
        version=playbook.version,
        address=f"/playbooks/{playbook.id}/{playbook.version}",
        versions_href=f"/playbooks/{playbook.id}/versions",
        summary=prose(playbook.summary),
        sources=playbook.sources,
        counts=counts(page),
        sha256=" ".join(page.sha256[at : at + 8] for at in range(0, 64, 8)),
        by=page.uploaded_by or "comes with Muster",
        warnings=[shown_problem(problem) for problem in warnings],
        lines=[{"no": no, "text": line} for no, line in enumerate(page.text.split("\n"), start=1)],
        may_direct=viewer.can(Permission.DIRECT),
        may_keep=viewer.can(Permission.CHANGE_PLAYBOOK),
        row=page.row,
    )


def counts(page: VersionPage) -> list[tuple[str, str]]:
    """What the playbook holds, in figures."""
    playbook = page.playbook
    return [
        ("Length", count(playbook.length, "week")),
        ("Waves", ", ".join(wave.title for wave in playbook.waves.values()) or "none"),
        ("Tasks", str(len(playbook.work))),
        ("Gates", str(len(playbook.gates))),
        ("Runbooks", str(len(playbook.runbooks))),
        ("Roles", str(len(playbook.people))),
        ("Zone", playbook.calendar.zone),
    ]
