"""Lessons: captured, listed, judged, passed on, and taken away where they name a patient."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from pydantic import ConfigDict, Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions.lessons.capturing import capture_lesson
from app.actions.lessons.carrying import join_proposal
from app.actions.lessons.judging import judge_lesson, pass_on
from app.actions.lessons.redacting import redact_lesson
from app.api.callers import Db
from app.api.describing import changing, reading, versioned
from app.api.fields import LARGEST_ID, Given, Line, Prose, RowId, RowKey, Word
from app.api.guards import Guard, Reader, Seeing
from app.api.intents import IntentKey
from app.api.issues.change import Written
from app.api.lessons.shapes import LessonItem, LessonWhole
from app.api.paging import Page, Paged, cut_page
from app.api.reading import StrictRoute
from app.api.tags import IfMatch, answer, versioned_step
from app.queries.lessons.list import LessonLine, lessons_after
from app.queries.lessons.page import LessonPage, lesson_page
from app.request import Now
from app.rules.lessons.filtering import STATES, LessonFilter
from app.rules.people.access import Permission, Viewer

router = APIRouter(tags=["lessons"], route_class=StrictRoute)
Judge = Annotated[Viewer, Depends(Guard(Permission.ASSIGN))]
Proposer = Annotated[Viewer, Depends(Guard(Permission.CHANGE_PLAYBOOK))]
Sayer = Annotated[Viewer, Depends(Guard(Permission.RAISE_ISSUE))]


class Learnt(Written):
    """What was learnt, in one line, and about what."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"said": "Count the labels before the scanner", "subject": "task", "id": 12}]}
    )

    said: Line
    subject: Literal["", "task", "issue", "reconciliation", "meeting", "location", "run"] = Field(
        "", description="What it is about; empty: the whole network. A day or a meeting is named by its occasion."
    )
    id: RowKey | None = Field(None, description="Which one.")


class Judgement(Written):
    outcome: Literal["noted", "dismissed"]
    reason: Prose = Field("", description="Needed to dismiss it.")


class Redaction(Given):
    part: Literal["said", "reason"] = Field(description="What was learnt, or why it was judged so.")


async def lesson_filter(
    state: Annotated[Word, Query(description="A state; empty: all.")] = "",
    location: Annotated[Word, Query(description="A location's id, or `network`.")] = "",
) -> LessonFilter:
    return LessonFilter(state if state in STATES else "", location)


@router.get("/rollouts/{slug}/lessons", summary="Lessons", response_model=Page[LessonItem], responses=reading())
def list_lessons(
    desk: Seeing, wanted: Annotated[LessonFilter, Depends(lesson_filter)], page: Paged, session: Db, now: Now
) -> Response:
    """What was learnt where you see it, or was passed on to everybody."""
    rollout, after = desk.rollout, page.after("lessons")
    found: tuple[LessonLine, ...] = ()
    if after <= LARGEST_ID:
        at = rollout.as_of(now)
        found = lessons_after(session, rollout, desk.viewer, wanted, after, page.limit + 1, at)
    return cut_page(page, "lessons", LessonItem, found, lambda one: one.id, lambda one: _item(rollout.slug, one))


@router.post(
    "/rollouts/{slug}/lessons", summary="Say what was learnt", status_code=201, response_model=LessonWhole,
    responses=changing(),
)  # fmt: skip
def capture(request: Request, given: Learnt, desk: Seeing, session: Db, now: Now, key: IntentKey = "") -> Response:
    """The same words about the same thing again are quiet."""
    said = given.checked()["said"]
    row = capture_lesson(
        session, desk.rollout.id, said=said, subject=given.subject, subject_id=given.id, token=key, by=desk.viewer,
        now=now,
    )  # fmt: skip
    there = f"/api/v1/lessons/{row.id}"
    return show_lesson(request, session, row.id or 0, desk.viewer, now, status=201, location=there)


@router.get("/lessons/{lesson_id}", summary="One lesson", response_model=LessonWhole, responses=reading())
def show(request: Request, lesson_id: RowId, viewer: Reader, session: Db, now: Now) -> Response:
    return show_lesson(request, session, lesson_id, viewer, now)


@router.put(
    "/lessons/{lesson_id}/judgement", summary="Note or dismiss a lesson", response_model=LessonWhole,
    responses=versioned(),
)  # fmt: skip
def judge(
    request: Request, lesson_id: RowId, given: Judgement, seen: IfMatch, viewer: Judge, session: Db, now: Now
) -> Response:
    """Whoever raised it is told."""
    said = given.checked()

    def act() -> object:
        return judge_lesson(
            session, lesson_id, outcome=given.outcome, reason=said["reason"], seen=seen.version, by=viewer, now=now
        )

    versioned_step(session, act, lambda: _present(session, lesson_id, viewer, now))
    return show_lesson(request, session, lesson_id, viewer, now)


@router.put(
    "/lessons/{lesson_id}/proposal/{proposal_id}", summary="Put a lesson behind a proposal",
    response_model=LessonWhole, responses=versioned(),
)  # fmt: skip
def join(
    request: Request, lesson_id: RowId, proposal_id: RowId, seen: IfMatch, viewer: Proposer, session: Db, now: Now
) -> Response:
    """There already is quiet."""

    def act() -> object:
        return join_proposal(session, lesson_id, proposal_id=proposal_id, seen=seen.version, by=viewer, now=now)

    versioned_step(session, act, lambda: _present(session, lesson_id, viewer, now))
    return show_lesson(request, session, lesson_id, viewer, now)


@router.put(
    "/lessons/{lesson_id}/passing-on", summary="Tell the locations that have not gone live",
    response_model=LessonWhole, responses=changing(),
)  # fmt: skip
def tell_others(request: Request, lesson_id: RowId, viewer: Judge, session: Db, now: Now) -> Response:
    """In whatever version it is. From then on everybody who works in the rollout may read it."""
    pass_on(session, lesson_id, by=viewer, now=now)
    return show_lesson(request, session, lesson_id, viewer, now)


@router.put(
    "/lessons/{lesson_id}/redaction", summary="Take a text of a lesson away for good", response_model=LessonWhole,
    responses=changing(),
)  # fmt: skip
def redact(request: Request, lesson_id: RowId, given: Redaction, viewer: Sayer, session: Db, now: Now) -> Response:
    """In whatever version it is. What was there is kept nowhere."""
    redact_lesson(session, lesson_id, part=given.part, by=viewer, now=now)
    return show_lesson(request, session, lesson_id, viewer, now)


def show_lesson(
    request: Request, session: Session, lesson_id: int, viewer: Viewer, now: datetime, *, status: int = 200,
    location: str = "",
) -> Response:  # fmt: skip
    """The lesson as it is now, with the tag of its version. Raises NotFound."""
    session.flush()
    session.expire_all()
    shown, version = _present(session, lesson_id, viewer, now)
    return answer(request, shown, version=version, status=status, location=location)


def _present(session: Session, lesson_id: int, viewer: Viewer, now: datetime) -> tuple[LessonWhole, int]:
    page = lesson_page(session, lesson_id, viewer, now)
    return _whole(page), page.lesson.version


def _item(rollout: str, one: LessonLine) -> LessonItem:
    return LessonItem(
        id=one.id, rollout=rollout, number=one.number, said=one.said or None,
        location=one.place.slug if one.place else None, subject=one.subject, subject_id=one.subject_id,
        state=one.state, at=one.at, proposal=one.proposal[0] if one.proposal else None, told_at=one.told_at,
        version=one.version,
    )  # fmt: skip


def _whole(page: LessonPage) -> LessonWhole:
    lesson, known = page.lesson, not page.elsewhere
    carried: dict[str, Any] = {"proposal": page.proposal.id if page.proposal else None}
    return LessonWhole(
        id=lesson.id or 0, rollout=page.rollout.slug, number=lesson.number, said=lesson.said if page.detail else None,
        location=page.place.slug if page.place else None, subject=lesson.subject_kind if known else "",
        subject_id=lesson.subject_id if known else None, state=page.state, at=lesson.at, told_at=lesson.told_at,
        version=lesson.version, by=page.name(lesson.by_id), judged_at=lesson.judged_at,
        judged_by=page.name(lesson.judged_by), reason=lesson.reason if page.detail and known else None,
        may_judge=page.may_judge, may_propose=page.may_propose, **carried,
    )  # fmt: skip
