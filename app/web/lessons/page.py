"""The page of one lesson, and the forms that say what becomes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form
from sqlmodel import Session
from starlette.responses import Response

from app.actions.lessons.carrying import join_proposal
from app.actions.lessons.judging import judge_lesson, pass_on
from app.actions.lessons.redacting import REDACTED, redact_lesson
from app.errors import Invalid, Refused, Stale
from app.queries.lessons.page import LessonPage, lesson_page
from app.rules.clock import moment
from app.rules.lessons.standing import State
from app.rules.people.access import Permission, Viewer
from app.web.answers import see_other
from app.web.forms import RowId, Seen
from app.web.frame import in_rollout, rail
from app.web.issues.identifiers import Confirmed, warned
from app.web.lessons import words
from app.web.site import Db, Desk, Guard, Now
from app.web.tasks.forms import Key, Typed, key_of
from app.web.templating import html
from app.web.told import NOTHING, Told

router = APIRouter()
Reader = Annotated[Viewer, Depends(Guard(Permission.SEE_PLAN))]
Judge = Annotated[Viewer, Depends(Guard(Permission.ASSIGN))]
Sayer = Annotated[Viewer, Depends(Guard(Permission.RAISE_ISSUE))]
Outcome = Annotated[str, Form(pattern=r"^[a-z]{0,20}$")]


@router.get("/lessons/{lesson_id}")
def show(lesson_id: RowId, viewer: Reader, session: Db, now: Now) -> Response:
    page = lesson_page(session, lesson_id, viewer, now)
    return html("lessons/show.html", **shown(page, viewer, NOTHING, now))


@dataclass(frozen=True)
class LessonForm:
    """A form of one lesson, sent by somebody who may know of it."""

    session: Session
    viewer: Viewer
    lesson_id: int
    now: datetime

    def make(self, change: Callable[..., object], told: Told = NOTHING, **given: Any) -> Response:
        """Make one change of the lesson, with what the form gives for it; a refusal keeps what was typed."""
        try:
            change(self.session, self.lesson_id, **given, by=self.viewer, now=self.now)
        except (Stale, Refused, Invalid) as refusal:
            self.session.rollback()
            return self.answer(told.refused(refusal))
        return see_other(f"/lessons/{self.lesson_id}")

    def answer(self, told: Told) -> Response:
        """The page once more: 409 for a refusal, 422 for a fault of what was typed."""
        page = lesson_page(self.session, self.lesson_id, self.viewer, self.now)
        return html("lessons/show.html", told.status, **shown(page, self.viewer, told, self.now))


async def judging(lesson_id: RowId, viewer: Judge, session: Db, now: Now) -> LessonForm:
    return LessonForm(session, viewer, lesson_id, now)


async def saying(lesson_id: RowId, viewer: Sayer, session: Db, now: Now) -> LessonForm:
    return LessonForm(session, viewer, lesson_id, now)


Judging = Annotated[LessonForm, Depends(judging)]
Saying = Annotated[LessonForm, Depends(saying)]


@router.post("/lessons/{lesson_id}/judgement")
def judge(
    form: Judging, version: Seen, outcome: Outcome = "", reason: Typed = "", confirmed: Confirmed = ""
) -> Response:
    """Note it, or set it aside."""
    label = words.STATES[State(outcome)][1] if outcome in ("noted", "dismissed") else "What becomes of it"
    told = Told(form=outcome, label=label, yours=reason, typed={"reason": reason})
    if found := warned({"reason": reason}, confirmed):
        return form.answer(replace(told, warning=found))
    return form.make(judge_lesson, told, outcome=outcome, reason=reason, seen=version)


@router.post("/lessons/{lesson_id}/joining")
def join(form: Judging, version: Seen, proposal: Key = "") -> Response:
    """It stands behind a proposal that is there already."""
    told = Told(form="join", label="The proposal", typed={"proposal": proposal})
    return form.make(join_proposal, told, proposal_id=key_of(proposal) or 0, seen=version)


@router.post("/lessons/{lesson_id}/passing-on")
def tell_others(form: Judging) -> Response:
    return form.make(pass_on)


@router.post("/lessons/{lesson_id}/redaction")
def redact(form: Saying, part: Outcome = "") -> Response:
    return form.make(redact_lesson, Told(form="redact"), part=part)


def shown(page: LessonPage, viewer: Viewer, told: Told, now: datetime) -> dict[str, Any]:
    """Everything the page needs, frame and all."""
    desk, lesson = Desk(viewer, page.rollout), page.lesson
    base = f"/rollouts/{page.rollout.slug}/lessons"
    mark, word = words.STATES[page.state]
    where = page.place.name if page.place else "Another centre" if page.elsewhere else "The whole network"
    return {
        **in_rollout(desk, "Rhythm"),
        "weeks": rail(page.rollout, now),
        "crumbs": [("Lessons", base), (f"Lesson {lesson.number}", None)],
        "lesson": {
            "id": lesson.id,
            "number": lesson.number,
            "version": lesson.version,
            "said": lesson.said if page.detail else f"Lesson {lesson.number}",
            "status": (mark, word),
            "sub": f"{where}. Said by {page.name(lesson.by_id)}, {moment(lesson.at, page.zone, now)}.",
            "where": where,
            "where_href": f"/rollouts/{page.rollout.slug}/locations/{page.place.slug}" if page.place else "",
            "judged": _judged(page, now),
            "reason": lesson.reason if page.detail and not page.elsewhere else "",
        },
        "subject": _subject(page),
        "proposal": _proposal(page),
        "passed": _passed(page, now),
        "detail": page.detail,
        "page": page,
        "free": page.state not in (State.PROPOSED, State.ACCEPTED),
        "joinable": [(str(one.id), f"{one.number}. {one.title}") for one in page.open_proposals],
        "ahead": words.place_items(page.rollout, page.ahead, now),
        "redactable": _redactable(page),
        "history": words.history_lines(page.history, page.zone, now),
        "told": told,
        "conflict": conflict(told, word, page.zone, now),
    }


def _subject(page: LessonPage) -> dict[str, str] | None:
    """What it is about; a location is named as the place already."""
    one = page.subject
    if one is None or one.kind == "location":
        return None
    return {"kind": words.SUBJECTS[one.kind], "title": one.title, "href": one.path}


def _judged(page: LessonPage, now: datetime) -> str:
    lesson = page.lesson
    if lesson.judged_at is None or page.elsewhere:
        return ""
    return f"{page.name(lesson.judged_by)}, {moment(lesson.judged_at, page.zone, now)}"


def _proposal(page: LessonPage) -> dict[str, str] | None:
    one = page.proposal
    if one is None or page.state not in (State.PROPOSED, State.ACCEPTED, State.REJECTED):
        return None
    end = f"in version {page.result}" if page.result else words.PROPOSALS[one.outcome][1].lower()
    return {"title": f"{one.number}. {one.title}", "href": f"/proposals/{one.id}", "end": end}


def _passed(page: LessonPage, now: datetime) -> str:
    at = page.lesson.told_at
    return f"{page.name(page.lesson.told_by)}, {moment(at, page.zone, now)}" if at else ""


def _redactable(page: LessonPage) -> list[dict[str, str]]:
    """What the reader may take away, for `choices`."""
    lesson, found = page.lesson, []
    if page.may_redact and page.detail and lesson.redacted_at is None:
        found.append({"value": "said", "label": "What was learnt", "hint": lesson.said})
    if page.may_redact_reason and page.detail and lesson.reason not in ("", REDACTED):
        found.append({"value": "reason", "label": "Why it was judged so", "hint": lesson.reason})
    return found


def conflict(told: Told, stands: str, zone: str, now: datetime) -> dict[str, Any] | None:
    """Who was quicker, and what they did beside what was meant; the form below still holds what was typed."""
    if told.stale is None:
        return None
    when = moment(told.stale.when, zone, now).removeprefix("today ") if told.stale.when else "the same moment"
    said = f"{told.stale.who} {words.act_words(told.stale.what)}; {stands.lower()}"
    change = {"label": told.label, "theirs": said, "yours": told.yours or told.label or "nothing"}
    return {"who": told.stale.who, "when": when, "changes": [change]}
