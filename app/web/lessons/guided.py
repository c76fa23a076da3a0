"""The guided form of a change of the playbook: for a lesson, or as one change more of a proposal."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Form, Query
from sqlmodel import Session
from starlette.responses import Response

from app.actions.lessons.proposing import propose_change
from app.actions.lessons.revising import add_change
from app.errors import Forbidden, Invalid, Refused, Stale
from app.models import Task
from app.plan import Playbook, PlaybookError, Problem, Report
from app.plan.draft.guided import AddPoint, AddTask, Change, ChangeTask, SetLine
from app.queries.lessons.page import lesson_page
from app.queries.lessons.proposals import newest_text, proposal_page
from app.rules.clock import moment
from app.rules.people.access import Permission, Viewer
from app.rules.playbooks import parsed
from app.web.answers import see_other
from app.web.forms import Line, RowId, Seen
from app.web.frame import in_rollout, rail
from app.web.issues.identifiers import Confirmed, warned
from app.web.lessons import offered, words
from app.web.playbooks.problems import shown_problem
from app.web.site import Db, Desk, Guard, Now
from app.web.tasks.forms import Typed as Prose
from app.web.templating import html

router = APIRouter()
Proposer = Annotated[Viewer, Depends(Guard(Permission.CHANGE_PLAYBOOK))]
Do = Annotated[str, Query(max_length=20)]
Entry = Annotated[str, Query(pattern=r"^[a-z0-9-]{0,48}(/[a-z0-9-]{0,48})?$")]
FIRST: Final = "add-task"


@dataclass(frozen=True)
class Asked:
    """What the form sends: which kind of change, of which entry (`record/line` for a count), and its texts."""

    do: str
    entry: str = ""
    texts: Mapping[str, str] = field(default_factory=dict)
    waves: Sequence[str] = ()

    def change(self) -> Change:
        """The change. Raises Invalid for a kind that is none."""
        given, (entry, _, line) = self.texts, self.entry.partition("/")
        if self.do == "add-task":
            return AddTask(title=given["title"], group=given["group"], owner=given["owner"], due=given["due"],
                           waves=tuple(self.waves), how=given["how"])  # fmt: skip
        if self.do == "change-task":
            return ChangeTask(entry=entry, title=given["title"], owner=given["owner"], due=given["due"],
                              how=given["how"], line=given["line"])  # fmt: skip
        if self.do == "training":
            return AddPoint(entry=entry, topic=given["topic"], line=given["line"])
        if self.do == "line":
            return SetLine(entry=entry, line=line, title=given["title"], left=given["left"], right=given["right"],
                           tolerance=given["tolerance"], how=given["how"])  # fmt: skip
        raise Invalid({"do": "Choose what is to change."})


@dataclass(frozen=True)
class Told:
    """What was refused: faults by field, a rule, mistakes of the playbook that would come of it, words of a patient."""

    errors: Mapping[str, str] = field(default_factory=dict)
    refusal: str = ""
    problems: Sequence[Problem] = ()
    warning: Sequence[Mapping[str, Any]] = ()


async def asked(
    do: Line = "", entry: Line = "", group: Line = "", title: Line = "", owner: Line = "", due: Line = "",
    how: Prose = "", line: Line = "", topic: Line = "", left: Line = "", right: Line = "", tolerance: Line = "",
    waves: Annotated[list[str], Form(max_length=40)] = [],  # noqa: B006 (FastAPI copies it)
) -> Asked:  # fmt: skip
    texts = {"group": group, "title": title, "owner": owner, "due": due, "how": how, "line": line, "topic": topic,
             "left": left, "right": right, "tolerance": tolerance}  # fmt: skip
    return Asked(do, entry, texts, waves)


Sent = Annotated[Asked, Depends(asked)]


@dataclass(frozen=True)
class Target:
    """What the form is for: its address and version, the text it changes, and what the page says above it."""

    desk: Desk
    address: str
    text_address: str
    back: tuple[str, str]
    version: int
    text: str
    about: str

    @property
    def playbook(self) -> Playbook:
        return parsed(self.text)


def for_lesson(session: Session, lesson_id: int, viewer: Viewer, now: datetime) -> tuple[Target, str]:
    """A new proposal, and the entry that the lesson is about, where that is one. Raises NotFound and Forbidden."""
    page = lesson_page(session, lesson_id, viewer, now)
    if not page.may_propose:
        raise Forbidden("Only whoever may change the playbook proposes that.")
    lesson, base = page.lesson, f"/lessons/{lesson_id}"
    task = session.get(Task, lesson.subject_id) if lesson.subject_kind == "task" else None
    target = Target(Desk(viewer, page.rollout), f"{base}/proposal", f"{base}/text", (f"Lesson {lesson.number}", base),
                    lesson.version, newest_text(session, page.rollout.playbook.id), lesson.said)  # fmt: skip
    return target, task.entry if task and not task.added else ""


def for_proposal(session: Session, proposal_id: int, viewer: Viewer, now: datetime) -> Target:
    """One change more. Raises NotFound and Forbidden."""
    page = proposal_page(session, proposal_id, viewer, now)
    if not page.may_decide:
        raise Forbidden("Whoever may change the playbook writes on this.")
    row, base = page.proposal, f"/proposals/{proposal_id}"
    return Target(Desk(viewer, page.rollout), f"{base}/change", f"{base}/text", (f"Proposal {row.number}", base),
                  row.version, row.text, row.title)  # fmt: skip


@router.get("/lessons/{lesson_id}/proposal")
def ask(lesson_id: RowId, viewer: Proposer, session: Db, now: Now, do: Do = "", entry: Entry = "") -> Response:
    """Begins with the task that the lesson is about, where it is about one."""
    target, known = for_lesson(session, lesson_id, viewer, now)
    chosen = do if do in dict(offered.KINDS) else "change-task" if known else FIRST
    return _page(target, Asked(chosen, entry or (known if chosen == "change-task" else "")), Told(), now)


@router.post("/lessons/{lesson_id}/proposal")
def propose(
    lesson_id: RowId, viewer: Proposer, session: Db, now: Now, sent: Sent, version: Seen, token: Line = "",
    confirmed: Confirmed = "",
) -> Response:  # fmt: skip
    target, _ = for_lesson(session, lesson_id, viewer, now)

    def act(change: Change) -> int:
        row = propose_change(session, lesson_id, change=change, token=token, seen=version, by=viewer, now=now)
        return row.id or 0

    return _make(session, target, sent, act, confirmed, now)


@router.get("/proposals/{proposal_id}/change")
def ask_more(proposal_id: RowId, viewer: Proposer, session: Db, now: Now, do: Do = "", entry: Entry = "") -> Response:
    target = for_proposal(session, proposal_id, viewer, now)
    return _page(target, Asked(do if do in dict(offered.KINDS) else FIRST, entry), Told(), now)


@router.post("/proposals/{proposal_id}/change")
def propose_more(
    proposal_id: RowId, viewer: Proposer, session: Db, now: Now, sent: Sent, version: Seen, confirmed: Confirmed = ""
) -> Response:
    target = for_proposal(session, proposal_id, viewer, now)

    def act(change: Change) -> int:
        return add_change(session, proposal_id, change=change, seen=version, by=viewer, now=now).id or 0

    return _make(session, target, sent, act, confirmed, now)


def _make(session: Session, target: Target, sent: Asked, act: Any, confirmed: str, now: datetime) -> Response:
    """The change made; refused, the form once more with what was typed."""
    if found := warned(sent.texts, confirmed):
        return _page(target, sent, Told(warning=found), now, 422)
    try:
        return see_other(f"/proposals/{act(sent.change())}")
    except PlaybookError as mistake:
        told = _mistakes(mistake.report, sent, target.playbook)
    except Invalid as fault:
        told = Told(errors=fault.fields)
    except Stale as stale:
        when = moment(stale.when, target.desk.rollout.zone, now) if stale.when else ""
        told = Told(refusal=f"{stale.who} {words.act_words(stale.what)} in the meantime, {when}. Yours is kept below.")
    except Refused as refusal:
        told = Told(refusal=refusal.reason)
    session.rollback()
    return _page(target, sent, told, now, 409 if told.refusal else 422)


def _mistakes(report: Report, sent: Asked, book: Playbook) -> Told:
    """Each beside its field where it is about what was typed there; others, such as of what waits for it, in a list."""
    errors, rest = dict[str, str](), []
    for one in report.errors:
        *_, entry, name = ("", "", *one.path.split("."))
        own = entry not in book.entries or entry in sent.entry.split("/")
        if own and sent.texts.get(name):
            errors.setdefault(name, one.message)
        else:
            rest.append(one)
    return Told(errors=errors, problems=rest)


def _page(target: Target, sent: Asked, told: Told, now: datetime, status: int = 200) -> Response:
    desk, book = target.desk, target.playbook
    sent = replace(sent, texts=sent.texts or dict.fromkeys(
        ("group", "title", "owner", "due", "how", "line", "topic", "left", "right", "tolerance"), ""))  # fmt: skip
    return html(
        "lessons/guided.html",
        status,
        **in_rollout(desk, "Rhythm"),
        weeks=rail(desk.rollout, now),
        crumbs=[("Lessons", f"/rollouts/{desk.rollout.slug}/lessons"), target.back, ("A change of the playbook", None)],
        target=target,
        sent=sent,
        told=told,
        problems=[shown_problem(one) for one in told.problems],
        kinds=offered.kinds(book),
        offered=offered.offered(book, sent.do),
        stands=offered.stands(book, sent.do, sent.entry),
        token=secrets.token_urlsafe(12),
    )
