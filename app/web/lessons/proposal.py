"""The page of one proposed change of the playbook: what it changes, for whom, what the check says, the decision."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form
from sqlmodel import Session
from starlette.responses import Response

from app.actions.lessons.deciding import accept_proposal, reject_proposal
from app.actions.lessons.redacting import redact_proposal
from app.actions.lessons.revising import renew_proposal
from app.errors import Invalid, Refused, Stale
from app.plan import Problem, Report
from app.plan.check import PlaybookError
from app.plan.lines import line_changes
from app.plan.uploads import judged_after
from app.plan.versions import changes
from app.queries.lessons.proposals import ProposalPage, proposal_page
from app.rules.clock import count, moment
from app.rules.people.access import Permission, Viewer
from app.rules.playbooks import checked, parsed
from app.web.answers import see_other
from app.web.forms import RowId, Seen
from app.web.frame import in_rollout, rail
from app.web.issues.identifiers import Confirmed, warned
from app.web.lessons import words
from app.web.lessons.page import conflict
from app.web.playbooks.problems import lines_of, shown_change, shown_problem
from app.web.site import Db, Desk, Guard, Now
from app.web.tasks.forms import Typed
from app.web.templating import html
from app.web.told import NOTHING, Told

router = APIRouter()
Reader = Annotated[Viewer, Depends(Guard(Permission.SEE_PLAN))]
Proposer = Annotated[Viewer, Depends(Guard(Permission.CHANGE_PLAYBOOK))]
Part = Annotated[str, Form(pattern=r"^[a-z]{0,20}$")]
MOST_CHANGES: Final = 60
MOST_HUNKS: Final = 30
LONGEST_LINE: Final = 400


@router.get("/proposals/{proposal_id}")
def show(proposal_id: RowId, viewer: Reader, session: Db, now: Now) -> Response:
    page = proposal_page(session, proposal_id, viewer, now)
    return html("lessons/proposal.html", **shown(page, viewer, NOTHING, now))


@dataclass(frozen=True)
class ProposalForm:
    """A form of one proposal, sent by somebody who may change playbooks."""

    session: Session
    viewer: Viewer
    proposal_id: int
    now: datetime

    def make(self, change: Callable[..., object], told: Told, **given: Any) -> Response:
        """Make one change of the proposal; a refusal keeps what was typed, mistakes stand beside their lines."""
        report = None
        try:
            change(self.session, self.proposal_id, **given, by=self.viewer, now=self.now)
        except PlaybookError as mistake:
            self.session.rollback()
            told, report = replace(told, refusal="The playbook would have mistakes."), mistake.report
        except (Stale, Refused, Invalid) as refusal:
            self.session.rollback()
            told = told.refused(refusal)
        else:
            return see_other(f"/proposals/{self.proposal_id}")
        return self.answer(told, report)

    def answer(self, told: Told, report: Report | None = None) -> Response:
        page = proposal_page(self.session, self.proposal_id, self.viewer, self.now)
        status = 422 if report else told.status
        return html("lessons/proposal.html", status, **shown(page, self.viewer, told, self.now, report))


async def proposing(proposal_id: RowId, viewer: Proposer, session: Db, now: Now) -> ProposalForm:
    return ProposalForm(session, viewer, proposal_id, now)


Proposing = Annotated[ProposalForm, Depends(proposing)]


@router.post("/proposals/{proposal_id}/acceptance")
def accept(form: Proposing, version: Seen, reason: Typed = "", confirmed: Confirmed = "") -> Response:
    """It becomes the next version of the playbook."""
    told = Told(form="accept", label="Accept", yours=reason, typed={"reason": reason})
    if found := warned({"reason": reason}, confirmed):
        return form.answer(replace(told, warning=found))
    return form.make(accept_proposal, told, reason=reason, seen=version)


@router.post("/proposals/{proposal_id}/rejection")
def reject(form: Proposing, version: Seen, reason: Typed = "", confirmed: Confirmed = "") -> Response:
    told = Told(form="reject", label="Reject", yours=reason, typed={"reason": reason})
    if found := warned({"reason": reason}, confirmed):
        return form.answer(replace(told, warning=found))
    return form.make(reject_proposal, told, reason=reason, seen=version)


@router.post("/proposals/{proposal_id}/renewal")
def renew(form: Proposing, version: Seen) -> Response:
    """Once more, for the newest version."""
    return form.make(renew_proposal, Told(form="renew", label="Write it anew"), seen=version)


@router.post("/proposals/{proposal_id}/redaction")
def redact(form: Proposing, part: Part = "") -> Response:
    return form.make(redact_proposal, Told(form="redact"), part=part)


def shown(
    page: ProposalPage, viewer: Viewer, told: Told, now: datetime, report: Report | None = None
) -> dict[str, Any]:
    """Everything the page needs, frame and all. `report`: what is wrong with the text that was refused."""
    rollout, row = page.rollout, page.proposal
    address = f"/rollouts/{rollout.slug}/lessons"
    mark, word = ("stale", "Outdated") if page.outdated else words.PROPOSALS[row.outcome]
    return {
        **in_rollout(Desk(viewer, rollout), "Rhythm"),
        "weeks": rail(rollout, now),
        "crumbs": [("Lessons", address), (f"Proposal {row.number}", None)],
        "proposal": {
            "id": row.id,
            "number": row.number,
            "version": row.version,
            "title": row.title if page.detail else f"Proposal {row.number}",
            "status": (mark, word),
            "sub": f"By {page.name(row.by_id)}, {moment(row.at, rollout.zone, now)}.",
            "decided": _decided(page, now),
            "reason": row.reason if page.detail else "",
            "base": page.base.version,
            "newest": page.newest,
            "result": page.result,
            "result_href": f"/playbooks/{rollout.playbook.id}/{page.result}",
            "upgrades_href": f"/rollouts/{rollout.slug}/upgrades",
        },
        **changed_words(page),
        **_problems(page, report),
        "measured": _measured(page),
        "lessons": [words.lesson_item(one, now) for one in page.lessons],
        "matters": words.place_items(rollout, page.matters, now),
        "may": page.may_decide and not row.outcome,
        "outdated": page.outdated,
        "redactable": _redactable(page),
        "history": words.history_lines(page.history, rollout.zone, now),
        "told": told,
        "conflict": conflict(told, word, rollout.zone, now),
    }


def _measured(page: ProposalPage) -> dict[str, str] | None:
    """That it was made of measured minutes, and the review of the run from which it was proposed."""
    if not any(edit["do"] == "minutes" for edit in page.proposal.edits):
        return None
    made = (line.data.get("after") or {} for line in page.history if line.verb == "proposal.made")
    run = next((after["run"] for after in made if "run" in after), None)
    return {"href": f"/runs/{run}/review" if run else ""}


def _decided(page: ProposalPage, now: datetime) -> str:
    row = page.proposal
    return f"{page.name(row.decided_by)}, {moment(row.decided_at, page.rollout.zone, now)}" if row.decided_at else ""


def changed_words(page: ProposalPage) -> dict[str, Any]:
    """What the proposal changes, in words and line by line."""
    found = changes(parsed(page.base.text), parsed(page.proposal.text))
    entries = [one for one in found if one.key != "version"]
    hunks = line_changes(page.base.text, page.proposal.text)
    return {
        "changes": [shown_change(change) for change in entries[:MOST_CHANGES]],
        "more_changes": max(0, len(entries) - MOST_CHANGES),
        "change_words": count(len(entries), "change"),
        "hunks": [
            {
                "what": f"Line {one.first}" if one.first >= one.last else f"Lines {one.first} to {one.last}",
                "rows": [(kind, text[:LONGEST_LINE]) for kind, text in one.rows],
            }
            for one in hunks[:MOST_HUNKS]
        ],
        "more_hunks": max(0, len(hunks) - MOST_HUNKS),
    }


def _problems(page: ProposalPage, refusal: Report | None) -> dict[str, Any]:
    """What the checker says of the text that it did not say of the version before, beside the lines."""
    report = refusal or judged_after(parsed(page.base.text), checked(page.proposal.text.encode()))
    before = {_key(one) for one in checked(page.base.text.encode()).problems}
    new = [shown_problem(one) for one in report.problems if _key(one) not in before]
    text = page.proposal.text if refusal is None else ""
    return {"problems": new, "problem_lines": lines_of(text, [one["line"] for one in new]) if text else []}


def _key(one: Problem) -> Sequence[str]:
    return one.id, one.path, one.message


def _redactable(page: ProposalPage) -> list[dict[str, str]]:
    if not page.may_decide or not page.detail:
        return []
    texts = (("title", "The name of the proposal", page.proposal.title),
             ("reason", "Why it was decided so", page.proposal.reason))  # fmt: skip
    return [{"value": part, "label": label, "hint": text} for part, label, text in texts if text]
