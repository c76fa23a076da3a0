"""The versions of a playbook, and what changed between any two: in words, and line by line."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.errors import NotFound
from app.plan.draft.versions import order_of
from app.plan.lines import Hunk, line_changes
from app.plan.versions import changes
from app.queries.playbooks import VersionLine, version_page, versions
from app.rules.clock import count, moment
from app.web.frame import framed
from app.web.playbooks.forms import Keeper
from app.web.playbooks.pages import ListKeeper, PlaybookId
from app.web.playbooks.problems import shown_change
from app.web.site import Base, Db, Now
from app.web.templating import html

router = APIRouter()
Which = Annotated[str, Query(pattern=r"^([0-9]{1,5}\.[0-9]{1,5})?$")]
MOST_CHANGES = 200
MOST_HUNKS = 60
LONGEST_LINE = 400


@router.get("/playbooks/{playbook_id}/versions")
def show(viewer: ListKeeper, playbook_id: PlaybookId, session: Db, now: Now) -> Response:
    """Every version, who kept it, when, and the rollouts that follow it."""
    found = _by_number(versions(session, playbook_id))
    if not found:
        raise NotFound("playbook")
    zone = version_page(session, playbook_id, found[0].version).playbook.calendar.zone
    before = {line.version: older.version for line, older in pairwise(found)}
    return html(
        "playbooks/versions.html",
        **framed(viewer, "Playbooks"),
        title=found[0].title,
        versions=[
            {
                "version": line.version,
                "href": f"/playbooks/{playbook_id}/{line.version}",
                "edit_href": f"/playbooks/{playbook_id}/{line.version}/edit",
                "changes_href": _changes_address(playbook_id, before.get(line.version, ""), line.version),
                "before": before.get(line.version, ""),
                "when": moment(line.uploaded_at, zone, now),
                "instant": line.uploaded_at.isoformat(),
                "by": line.uploaded_by or "comes with Muster",
                "used": line.rollouts,
            }
            for line in found
        ],
    )


def _by_number(lines: list[VersionLine]) -> list[VersionLine]:
    return sorted(lines, key=lambda line: order_of(line.version), reverse=True)


def _changes_address(playbook: str, old: str, new: str) -> str:
    return f"/playbooks/{playbook}/changes?old={old}&new={new}"


@router.get("/playbooks/{playbook_id}/changes")
def compare(viewer: Keeper, playbook_id: PlaybookId, base: Base, old: Which = "", new: Which = "") -> Response:
    """What changed between two versions; by default between the newest and the one before it."""
    with base.reading() as session:
        lines = _by_number(versions(session, playbook_id))
        if not lines:
            raise NotFound("playbook")
        new = new or lines[0].version
        old = old or next((line.version for line in lines if order_of(line.version) < order_of(new)), new)
        before, after = (version_page(session, playbook_id, each) for each in (old, new))
    found = changes(before.playbook, after.playbook)
    hunks = line_changes(before.text, after.text)
    return html(
        "playbooks/changes.html",
        **framed(viewer, "Playbooks"),
        title=after.playbook.title,
        old=old,
        new=new,
        versions=[(line.version, line.version) for line in lines],
        address=f"/playbooks/{playbook_id}/changes",
        versions_href=f"/playbooks/{playbook_id}/versions",
        changes=[shown_change(change) for change in found[:MOST_CHANGES]],
        said=_said(len(found), len(hunks)),
        more=max(0, len(found) - MOST_CHANGES),
        hunks=[_shown_hunk(hunk) for hunk in hunks[:MOST_HUNKS]],
        more_hunks=max(0, len(hunks) - MOST_HUNKS),
    )


def _said(changed: int, hunks: int) -> str:
    if not hunks:
        return "Nothing: the two texts are the same."
    if not changed:
        return "Only how it is written: every entry says the same."
    return f"{count(changed, 'change')} in {count(hunks, 'place')} of the text."


def _shown_hunk(hunk: Hunk) -> dict[str, Any]:
    lines = f"Line {hunk.first}" if hunk.first >= hunk.last else f"Lines {hunk.first} to {hunk.last}"
    return {"what": lines, "rows": [(kind, text[:LONGEST_LINE]) for kind, text in hunk.rows]}
