"""The editor's page: what it shows of a text, and keeping the text as a new version."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from starlette.responses import Response

from app.actions.playbooks import VersionTaken, upload_playbook
from app.db import Database
from app.plan import PlaybookError, Report
from app.plan.draft.completions import Completions
from app.plan.draft.versions import next_minor, order_of
from app.plan.terms import MAX_BYTES
from app.plan.versions import changes
from app.queries.playbooks import judged_beside, version_page
from app.rules.clock import instant
from app.rules.people.access import Viewer
from app.rules.playbooks import checked
from app.web.answers import see_other
from app.web.frame import framed
from app.web.playbooks.problems import lines_of, problem_words, shown_change, shown_problem
from app.web.templating import html

MOST_CHANGES = 12


@dataclass(frozen=True)
class Draft:
    """A text that somebody writes. `seen` is the newest version of `playbook` when they began; empty for a new one."""

    text: str
    playbook: str = ""
    seen: str = ""

    @property
    def data(self) -> bytes:
        return self.text.encode("utf-8", "replace")


@dataclass(frozen=True)
class Said:
    """What the page says besides the mistakes: why nothing was kept, what somebody else kept, keys for a place."""

    refusal: str = ""
    offer: str = ""
    theirs: dict[str, Any] | None = None
    keys: Completions | None = None


@dataclass(frozen=True)
class Judged:
    """A report, and the next free version where the text stands under one that is taken."""

    report: Report
    offer: str = ""


def judged(draft: Draft, base: Database) -> Judged:
    """The text against the rules, and against the newest version that is kept of the same playbook."""
    report = checked(draft.data)
    if report.playbook is None:
        return Judged(report)
    with base.reading() as session:
        found, newest = judged_beside(session, draft.data, report)
    if newest is None:
        return Judged(report)
    taken = order_of(report.playbook.version) <= order_of(newest.version)
    return Judged(found, next_minor(newest.version) if taken else "")


def keep(draft: Draft, data: bytes, viewer: Viewer, base: Database, now: datetime) -> Response:
    """Keep a text as a version; refused, everything stays on the page as it was typed."""
    checked(data)  # judged before the transaction that keeps it: a large text takes a while
    try:
        with base.writing() as session:
            kept = upload_playbook(session, data, by=viewer, now=now)
            address = f"/playbooks/{kept.playbook_id}/{kept.version}"
    except PlaybookError as mistake:
        return page(viewer, draft, Judged(mistake.report), Said(refusal="It has mistakes."), 422)
    except VersionTaken as taken:
        said = Said(taken.reason, taken.offer, _theirs(draft, taken, base, now))
        return page(viewer, draft, replace(judged(draft, base), offer=taken.offer), said, 409)
    return see_other(address)


def _theirs(draft: Draft, taken: VersionTaken, base: Database, now: datetime) -> dict[str, Any] | None:
    """What somebody else kept under this version after the page was opened; None where it was there before."""
    mine = checked(draft.data).playbook
    if mine is None or draft.playbook != mine.id or order_of(taken.stands) <= order_of(draft.seen or "0.0"):
        return None
    with base.reading() as session:
        theirs = version_page(session, mine.id, taken.stands)
    found = changes(theirs.playbook, mine)
    return {
        "who": theirs.uploaded_by or "Muster",
        "when": instant(theirs.uploaded_at, mine.calendar.zone, now),
        "version": taken.stands,
        "href": f"/playbooks/{mine.id}/{taken.stands}",
        "changes": [shown_change(change) for change in found[:MOST_CHANGES]],
        "more": max(0, len(found) - MOST_CHANGES),
    }


def page(viewer: Viewer, draft: Draft, found: Judged | None, said: Said, status: int) -> Response:
    """The whole page; `found` None before anything was judged."""
    return html(
        "playbooks/edit.html",
        status,
        **framed(viewer, "Playbooks"),
        draft=draft,
        refusal=said.refusal,
        theirs=said.theirs,
        limit=MAX_BYTES // 1000,
        listing=True,
        **checked_words(draft, found, said),
    )


def checked_words(draft: Draft, found: Judged | None, said: Said) -> dict[str, Any]:
    """What `_checked.html` shows: the mistakes, the free version, the keys of a line."""
    report = found.report if found else None
    problems = [shown_problem(problem) for problem in (report.problems if report else ())]
    offer = said.offer or (found.offer if found else "")
    return {
        "judged": report is not None,
        "sound": report is not None and report.playbook is not None and not offer,
        "problems": problems,
        "more": report.more if report else 0,
        "said": problem_words(report) if report else "",
        "offer": offer,
        "lines": lines_of(draft.text, [problem["line"] for problem in problems]),
        "keys": said.keys,
        "keys_at": ".".join(said.keys.path) if said.keys else "",
    }
