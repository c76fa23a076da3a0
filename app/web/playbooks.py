"""Playbooks: the list, the upload with every problem beside its line, and one stored version."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Path, UploadFile
from sqlmodel import Session
from starlette.responses import Response

from app.actions.playbooks import upload_playbook
from app.errors import NotFound, Refused
from app.plan import PlaybookError, Problem, Report, check
from app.plan.terms import MAX_BYTES
from app.queries.playbooks import VersionLine, VersionPage, followed, version_page, versions
from app.rules.access import Permission, Viewer
from app.rules.clock import count
from app.rules.playbooks import parsed
from app.web.answers import see_other
from app.web.folders import folder
from app.web.forms import Line
from app.web.frame import framed
from app.web.prose import prose
from app.web.site import Db, EverywhereGuard, Guard, Now
from app.web.templating import html

router = APIRouter()
Keeper = Annotated[Viewer, Depends(EverywhereGuard(Permission.CHANGE_PLAYBOOK))]
Reader = Annotated[Viewer, Depends(Guard(Permission.SEE_PLAN))]
LINES_AROUND = 2
_FORMAT = re.compile(r"^muster: ", re.MULTILINE)
Version = Annotated[str, Path(pattern=r"^[0-9]{1,5}\.[0-9]{1,5}$")]
PlaybookId = Annotated[str, Path(pattern=r"^[a-z][a-z0-9-]{0,47}$")]


def shipped() -> list[dict[str, str]]:
    """Playbooks that come with the product: the name of the file, and the title."""
    found = sorted(folder("playbooks").glob("*.yaml"))
    texts = ((path.stem, path.read_text(encoding="utf-8")) for path in found)
    return [{"name": name, "title": parsed(text).title} for name, text in texts if _FORMAT.search(text)]


@router.get("/playbooks")
def show_all(viewer: Keeper, session: Db) -> Response:
    stored = versions(session)
    return html("playbooks/index.html", **framed(viewer, "Playbooks"), versions=[_line(one) for one in stored])


def _line(one: VersionLine) -> dict[str, Any]:
    used = ", ".join(one.rollouts)
    return {
        "title": one.title,
        "version": one.version,
        "href": f"/playbooks/{one.playbook}/{one.version}",
        "said": f"used by {used}" if used else "not used yet",
        "by": one.uploaded_by or "comes with Muster",
    }


@router.get("/playbooks/new")
def ask(viewer: Keeper) -> Response:
    return _form(viewer, "", None, "", 200)


def _form(viewer: Viewer, text: str, report: Report | None, refusal: str, status: int) -> Response:
    problems = [shown_problem(problem) for problem in (report.problems if report else ())]
    return html(
        "playbooks/new.html",
        status,
        **framed(viewer, "Playbooks"),
        text=text,
        problems=problems,
        more=report.more if report else 0,
        said=problem_words(report) if report else "",
        lines=lines_of(text, [problem["line"] for problem in problems]),
        refusal=refusal,
        shipped=shipped(),
        limit=MAX_BYTES // 1000,
    )


def shown_problem(problem: Problem) -> dict[str, Any]:
    """A mistake for the `code` and `problems` macros."""
    return {
        "line": problem.line,
        "column": problem.column,
        "id": problem.id,
        "kind": problem.level,
        "message": f"{problem.path}: {problem.message}" if problem.path else problem.message,
        "hint": None,
    }


def problem_words(report: Report) -> str:
    words = [
        count(len(report.errors), "error"),
        count(len(report.warnings), "warning"),
        count(len(report.notes), "note"),
    ]
    return ", ".join(words)


def lines_of(text: str, wanted: Sequence[int]) -> list[dict[str, Any]]:
    """The lines with a problem and a few around each; nothing where there is none."""
    rows = text.split("\n")
    near = {no for line in wanted for no in range(line - LINES_AROUND, line + LINES_AROUND + 1)}
    return [{"no": no, "text": rows[no - 1][:400]} for no in sorted(near) if 1 <= no <= len(rows)]


@router.post("/playbooks/new")
def upload(
    viewer: Keeper,
    session: Db,
    now: Now,
    text: Annotated[str, Form()] = "",
    file: UploadFile | None = None,
) -> Response:
    """A file, or the text that was pasted; the text stays on the page while it has errors."""
    given = file.file.read(MAX_BYTES + 1) if file is not None and file.filename else b""
    data = given or text.replace("\r\n", "\n").encode("utf-8", "replace")
    return _keep(viewer, session, now, data)


def _keep(viewer: Viewer, session: Session, now: datetime, data: bytes) -> Response:
    try:
        kept = upload_playbook(session, data, by=viewer, now=now)
    except PlaybookError as mistake:
        session.rollback()
        return _form(viewer, data.decode("utf-8", "replace"), mistake.report, "", 422)
    except Refused as refusal:
        session.rollback()
        return _form(viewer, data.decode("utf-8", "replace"), check(data), refusal.reason, 409)
    return see_other(f"/playbooks/{kept.playbook_id}/{kept.version}")


@router.post("/playbooks/shipped")
def take_shipped(viewer: Keeper, session: Db, now: Now, name: Line = "") -> Response:
    """Keep one of the playbooks that come with the product."""
    if name not in {one["name"] for one in shipped()}:
        return see_other("/playbooks/new")
    return _keep(viewer, session, now, (folder("playbooks") / f"{name}.yaml").read_bytes())


@router.get("/playbooks/{playbook_id}/{version}")
def show(viewer: Reader, playbook_id: PlaybookId, version: Version, session: Db) -> Response:
    """The page of a version: for whoever keeps playbooks, and for everybody in a rollout that follows it."""
    page = version_page(session, playbook_id, version)
    if not viewer.can(Permission.CHANGE_PLAYBOOK) and not followed(session, page.row, viewer.rollouts()):
        raise NotFound("playbook")
    return _show(viewer, page)


def _show(viewer: Viewer, page: VersionPage) -> Response:
    playbook = page.playbook
    report = check(page.text.encode())
    warnings = [problem for problem in report.problems if problem.level != "error"]
    return html(
        "playbooks/show.html",
        **framed(viewer, "Playbooks"),
        title=playbook.title,
        version=playbook.version,
        summary=prose(playbook.summary),
        sources=playbook.sources,
        counts=counts(page),
        sha256=" ".join(page.sha256[at : at + 8] for at in range(0, 64, 8)),
        by=page.uploaded_by or "comes with Muster",
        warnings=[shown_problem(problem) for problem in warnings],
        lines=[{"no": no, "text": line} for no, line in enumerate(page.text.split("\n"), start=1)],
        may_direct=viewer.can(Permission.DIRECT),
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
