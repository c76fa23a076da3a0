"""A selection from the facts of its page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from fastapi import Request
from sqlmodel import Session
from starlette.responses import Response

from app.api.selection import shapes
from app.api.tags import answer
from app.models import SelectionAnswer, SelectionWaiver
from app.queries.selection.page import SelectionPage, selection_page
from app.rules.people.access import Viewer
from app.rules.selection.choosing import set_key
from app.rules.selection.contents import found_of
from app.rules.selection.faults import faults_of
from app.rules.selection.judging import Judged, Part, Scored, Stand, answer_of
from app.rules.selection.words import out_reasons, unknown_words


def show_selection(
    request: Request, session: Session, selection_id: int, viewer: Viewer, now: datetime, *, status: int = 200
) -> Response:
    """The selection as it is now, with the tag of its version. Raises NotFound."""
    session.flush()
    session.expire_all()
    page = selection_page(session, selection_id, viewer, now)
    return answer(request, whole(page), version=page.version, status=status)


def whole(page: SelectionPage) -> shapes.SelectionWhole:
    """Everything that its page shows."""
    wanted, best = page.scoring.wanted, [one.id for one in page.scoring.best]
    return shapes.SelectionWhole(
        id=page.id,
        entry=page.selection.id,
        title=page.selection.title,
        wave=page.selection.wave,
        due=page.dated.due,
        proposed=page.choice is not None,
        settled=page.stored.settled,
        rollout=page.rollout.slug,
        version=page.version,
        at_least=wanted.least,
        at_most=wanted.most,
        hidden=page.hidden,
        may_answer=page.rights.answer,
        may_propose=page.rights.propose,
        may_waive=page.rights.waive,
        may_sign=page.rights.sign,
        candidates=[_candidate(page, one) for one in page.candidates],
        best=_set(page, best) if best and _seen(page, best) else None,
        choice=_choice(page),
        waivers=[_waiver(page, one) for one in (*page.stored.waivers, *page.withdrawn) if page.place(one.location_id)],
    )


def _seen(page: SelectionPage, ids: Iterable[int]) -> bool:
    return all(page.place(one) for one in ids)


def _candidate(page: SelectionPage, one: Scored) -> shapes.CandidateLine:
    why = {Stand.OUT: out_reasons, Stand.UNCLEAR: unknown_words}.get(one.stand)
    answers, reads = page.answers(one.id), one.id in page.readable
    return shapes.CandidateLine(
        location=one.candidate.slug,
        name=one.name,
        wave=one.candidate.facts.wave,
        stands=one.stand,
        why=list(why(one)) if why else [],
        score=one.score,
        of=one.of,
        exclusions=[_rule(Part.EXCLUDE, rule, answers, reads) for rule in one.exclusions],
        criteria=[_rule(Part.CRITERIA, rule, answers, reads) for rule in one.criteria],
    )


def _rule(part: Part, one: Judged, answers: Sequence[SelectionAnswer], reads: bool) -> shapes.RuleLine:
    asked = answer_of(one.rule)
    given = next((row for row in answers if (row.part, row.criterion) == (part, one.id)), None)
    typed = asked is not None and asked.type in ("text", "person")
    return shapes.RuleLine(
        id=one.id,
        title=one.rule.title,
        critical=one.rule.critical,
        weight=one.rule.weight,
        stands=found_of(part, one),
        found=one.said,
        missing=list(one.missing),
        asked=asked.type if asked else None,
        value=given.value if given and (reads or not typed) else None,
        note=given.note if given and reads else None,
        by=given.by_id if given else None,
        at=given.at if given else None,
    )


def _set(page: SelectionPage, ids: Sequence[int]) -> shapes.SetShown:
    chosen = page.scoring.chosen(ids)
    answers = [one for one in page.stored.answers if one.location_id is None and one.chosen == set_key(ids)]
    return shapes.SetShown(
        locations=[one.candidate.slug for one in chosen],
        mix=[
            shapes.MixLine(title=line.mix.title, location=line.by.candidate.slug if line.by else None)
            for line in page.scoring.mixed(chosen)
        ],
        together=[_rule(Part.TOGETHER, one, answers, page.detail) for one in page.scoring.together(chosen)],
        faults=[one.said for one in faults_of(page.scoring, ids)],
    )


def _choice(page: SelectionPage) -> shapes.ChoiceShown | None:
    choice = page.choice
    if choice is None or not _seen(page, choice.locations):
        return None
    signed = [
        shapes.SignatureLine(role=one.role, signed_as=one.signed_as, by=one.by_id, by_name=one.name, at=one.at)
        for one in page.stored.signatures
    ]
    return shapes.ChoiceShown(
        **dict(_set(page, choice.locations)),
        id=choice.id or 0,
        number=choice.number,
        sha256=choice.sha256,
        content=f"/api/v1/selections/{page.id}/choices/{choice.id}/content",
        proposed_by=choice.proposed_by,
        by_name=choice.name,
        proposed_at=choice.proposed_at,
        settled=page.stored.settled,
        signatures=signed,
        wanted=list(page.stored.wanted),
    )


def _waiver(page: SelectionPage, one: SelectionWaiver) -> shapes.WaiverLine:
    place = page.place(one.location_id)
    return shapes.WaiverLine(
        id=one.id or 0,
        location=place.slug if place else "",
        exclusion=one.exclusion,
        reason=one.reason if one.location_id in page.readable else None,
        waived_as=one.waived_as,
        by=one.by_id,
        by_name=one.name,
        at=one.at,
        withdrawn_at=one.withdrawn_at,
    )
