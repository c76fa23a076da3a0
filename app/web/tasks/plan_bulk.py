"""Many tasks of the plan at once: first what will happen to which, then all of it in one step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form
from sqlmodel import Session
from starlette.responses import Response

from app.actions.tasks.assignments import assign_tasks
from app.actions.tasks.bulk import MOST, complete_tasks, skip_tasks
from app.errors import Forbidden, Invalid, Refused, Stale
from app.models import Task
from app.queries.people import Holders, holders
from app.queries.tasks.bulk import Outcome, chosen_tasks, outcome, picked_tasks
from app.queries.tasks.counted import Counted
from app.queries.tasks.picking import Reader
from app.rules.clock import count
from app.rules.tasks.bulk import Act
from app.rules.tasks.filter_texts import filter_of, query_of
from app.web.answers import see_other
from app.web.forms import LARGEST_ID, Prose
from app.web.frame import in_rollout, rail
from app.web.site import Db, Desk, Now, Seeing
from app.web.tasks.rows import titled
from app.web.templating import html

router = APIRouter()
Picked = Annotated[list[Annotated[str, Form(max_length=24)]], Form(max_length=2 * MOST)]
Word = Annotated[str, Form(max_length=12)]
Kept = Annotated[str, Form(alias="filter", max_length=2_000)]
ROLE: Final = "role"
"""In place of a person: back to everybody who holds the owner's role."""
ADDRESSES: Final = {Act.ASSIGN: "assignment", Act.COMPLETE: "completion", Act.SKIP: "setting-aside"}
EVENTS: Final = {Act.ASSIGN: "assigned", Act.COMPLETE: "completed", Act.SKIP: "skipped"}
NOTHING = "Choose at least one task."


@dataclass(frozen=True)
class Step:
    """What a form asks for: an act, on whom, on which tasks (by id, with the version the form showed or 0)."""

    act: Act
    person: str
    seen: Mapping[int, int]
    query: str
    everything: bool = False
    reason: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    refusal: str = ""
    lines: tuple[str, ...] = ()

    @property
    def person_id(self) -> int | None:
        return int(self.person) if self.person.isascii() and self.person.isdigit() else None


def seen_of(picked: Sequence[str]) -> dict[int, int]:
    """`12-3` is task 12 in its third version. What is nothing of the kind is left out."""
    found = {}
    for one in picked:
        task, _, version = one.partition("-")
        if task.isascii() and task.isdigit() and 0 < int(task) <= LARGEST_ID:
            found[int(task)] = int(version) if version.isascii() and version.isdigit() else 0
    return found


@router.post("/rollouts/{slug}/plan/bulk")
def ask(
    desk: Seeing, session: Db, now: Now,
    task: Picked = [], act: Word = "", person: Word = "", all: Word = "", kept: Kept = "",  # noqa: B006
) -> Response:  # fmt: skip
    """What would happen; nothing changes yet."""
    chosen = Act(act) if act in list(Act) else Act.ASSIGN
    step = Step(chosen, person, seen_of(task), query_of(filter_of(kept)), everything=all == "yes")
    if not step.seen and not step.everything:
        return _page(desk, session, replace(step, refusal=NOTHING), now, 422)
    if chosen is Act.ASSIGN and step.person_id is None and person != ROLE:
        return _page(desk, session, replace(step, errors={"person": "Choose who gets them."}), now, 422)
    return _page(desk, session, step, now, 200)


@router.post("/rollouts/{slug}/plan/assignment")
def assign(
    desk: Seeing, session: Db, now: Now, task: Picked = [], person: Word = "", kept: Kept = ""  # noqa: B006
) -> Response:  # fmt: skip
    step = Step(Act.ASSIGN, person, seen_of(task), query_of(filter_of(kept)))
    return _do(desk, session, step, now)


@router.post("/rollouts/{slug}/plan/completion")
def complete(desk: Seeing, session: Db, now: Now, task: Picked = [], kept: Kept = "") -> Response:  # noqa: B006
    return _do(desk, session, Step(Act.COMPLETE, "", seen_of(task), query_of(filter_of(kept))), now)


@router.post("/rollouts/{slug}/plan/setting-aside")
def set_aside(
    desk: Seeing, session: Db, now: Now, task: Picked = [], reason: Prose = "", kept: Kept = ""  # noqa: B006
) -> Response:  # fmt: skip
    step = Step(Act.SKIP, "", seen_of(task), query_of(filter_of(kept)), reason=reason)
    return _do(desk, session, step, now)


def _do(desk: Desk, session: Session, step: Step, now: datetime) -> Response:
    if not step.seen:
        return _page(desk, session, replace(step, refusal=NOTHING), now, 422)
    if step.act is Act.ASSIGN and step.person_id is None and step.person != ROLE:
        return _page(desk, session, replace(step, errors={"person": "Choose who gets them."}), now, 422)
    try:
        done = _change(desk, session, step, now)
    except Invalid as fault:
        session.rollback()
        return _page(desk, session, replace(step, errors=fault.fields), now, 422)
    except (Refused, Stale, Forbidden) as refusal:
        session.rollback()
        lines = refusal.missing if isinstance(refusal, Refused) else getattr(refusal, "lines", ())
        status = 403 if isinstance(refusal, Forbidden) else 409
        return _page(desk, session, replace(step, refusal=str(refusal), lines=lines), now, status)
    word = "unassigned" if step.act is Act.ASSIGN and step.person == ROLE else EVENTS[step.act]
    query = f"{step.query}&" if step.query else ""
    return see_other(f"/rollouts/{desk.rollout.slug}/plan?{query}did={word}-{len(done)}")


def _change(desk: Desk, session: Session, step: Step, now: datetime) -> list[Task]:
    if step.act is Act.ASSIGN:
        return assign_tasks(session, step.seen, step.person_id, within=desk.rollout.id, by=desk.viewer, now=now)
    if step.act is Act.COMPLETE:
        return complete_tasks(session, step.seen, within=desk.rollout.id, by=desk.viewer, now=now)
    return skip_tasks(session, step.seen, reason=step.reason, within=desk.rollout.id, by=desk.viewer, now=now)


def _page(desk: Desk, session: Session, step: Step, now: datetime, status: int) -> Response:
    """What would happen to which tasks, and the form that does it; the tasks as they stand now."""
    rollout = desk.rollout
    people = holders(session, rollout.id, desk.extent, now)
    reader = Reader(desk.viewer, people)
    if step.everything:
        tasks, beyond = picked_tasks(session, rollout, desk.extent, filter_of(step.query), MOST, now, reader)
    else:
        tasks, beyond = chosen_tasks(session, rollout, desk.extent, step.seen, now)
    found = replace(outcome(session, rollout, tasks, step.act, step.person_id, reader), beyond=beyond)
    base = f"/rollouts/{rollout.slug}/plan"
    return html(
        "tasks/bulk.html",
        status,
        **in_rollout(desk, "Plan"),
        weeks=rail(rollout, now),
        back=f"{base}?{step.query}",
        crumbs=[("Plan", f"{base}?{step.query}"), ("Several tasks", None)],
        action=f"{base}/{ADDRESSES[step.act]}",
        again=f"{base}/bulk",
        say=say_words(step, found, people),
        verb=verb_words(step, found, people),
        ready=bool(found.changed) and "person" not in step.errors,
        changed=[_line(desk, task) for task in found.changed],
        left=[{**_line(desk, task), "end": reason} for task, reason in found.left],
        beyond=f"{count(beyond, 'task')} more: at most {MOST} change in one step." if beyond else "",
        seen=[f"{task.row.id}-{task.row.version}" for task in found.changed],
        step=step,
        people=[(str(key), name) for key, name in people.known().items()],
    )


def _line(desk: Desk, task: Counted) -> dict[str, Any]:
    place = desk.rollout.location(task.row.location_id)
    where = place.name if place else "for all centres"
    return {"text": titled(task), "href": f"/tasks/{task.row.id}", "end": where}


def say_words(step: Step, found: Outcome, people: Holders) -> str:
    """`12 tasks become Chiara Amato's; 3 stay as they are.`"""
    number = len(found.changed)
    if not number:
        return "None of these tasks would change."
    tasks, one = count(number, "task"), number == 1
    what = {
        Act.ASSIGN: f"{'goes' if one else 'go'} to {_whom(step, people)}",
        Act.COMPLETE: f"{'is' if one else 'are'} done",
        Act.SKIP: f"{'does' if one else 'do'} not apply",
    }[step.act]
    left = len(found.left)
    rest = f"; {count(left, 'stays as it is', 'stay as they are')}" if left else ""
    return f"{tasks} {what}{rest}."


def verb_words(step: Step, found: Outcome, people: Holders) -> str:
    tasks = count(len(found.changed), "task")
    if step.act is Act.ASSIGN:
        return f"Give {tasks} to {_whom(step, people)}"
    return (
        f"Say that {tasks} {'is' if len(found.changed) == 1 else 'are'} done"
        if step.act is Act.COMPLETE
        else (f"Set {tasks} aside")
    )


def _whom(step: Step, people: Holders) -> str:
    if step.person_id is None:
        return "whoever holds the role"
    return people.known().get(step.person_id, "somebody else")
