"""Waivers: an exclusion does not keep a location out, by whoever signs the selection, with a reason that is kept."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from app.actions import texts
from app.actions.loading import key_of, load
from app.actions.selection.freezing import settle_changes
from app.actions.selection.opening import OpenSelection, begun, changed, open_selection
from app.errors import Forbidden, NotFound, ProofWanted, Refused
from app.models import SelectionWaiver
from app.rules.people.access import Viewer
from app.rules.selection.access import may_waive, roles_of
from app.rules.selection.judging import Scored
from app.rules.selection.words import lowered
from app.rules.signoffs import is_fresh


def waive_exclusion(
    session: Session, dated_id: int, location_id: int, *, exclusion: str, reason: str, by: Viewer, now: datetime
) -> SelectionWaiver:
    """Lift an exclusion that applies to a location, with a reason. Waived already is quiet.

    Raises NotFound, Forbidden for whoever does not sign the selection, ProofWanted without a fresh proof, Refused where
    the exclusion does not apply, and Invalid without a reason.
    """
    opened = open_selection(session, dated_id, by=by)
    candidate = opened.candidate(location_id, by)
    _demand_right(opened, by)
    present = _holding(opened, location_id, exclusion)
    if present is not None:
        return present
    _demand_applies(candidate, exclusion)
    said = texts.prose("reason", reason)
    if not is_fresh(by.proven_at, now):
        raise ProofWanted("a waiver")
    row = begun(session, opened)
    roles = roles_of(opened.selection.sign_off)
    held = by.roles(opened.rollout_id)
    waiver = SelectionWaiver(
        record_id=key_of(row), location_id=location_id, exclusion=exclusion, reason=said,
        waived_as=next((role for role in roles if role in held), by.access(opened.rollout_id)), by_id=by.person,
        name=by.name, at=now, proof="password",
    )  # fmt: skip
    session.add(waiver)
    session.flush()
    after = {"waiver": key_of(waiver), "location": location_id, "exclusion": exclusion}
    changed(session, opened, row, "waived", by=by, now=now, after=after)
    settle_changes(session, opened, by=by, now=now)
    return waiver


def withdraw_waiver(session: Session, dated_id: int, waiver_id: int, *, by: Viewer, now: datetime) -> SelectionWaiver:
    """The exclusion keeps the location out again. Withdrawn already is quiet. Raises NotFound, Forbidden, Refused."""
    opened = open_selection(session, dated_id, by=by)
    waiver = load(session, SelectionWaiver, waiver_id, "waiver")
    if opened.stored.record is None or waiver.record_id != key_of(opened.stored.record):
        raise NotFound("waiver")
    opened.candidate(waiver.location_id, by)
    _demand_right(opened, by)
    if waiver.withdrawn_at is not None:
        return waiver
    waiver.withdrawn_at, waiver.withdrawn_by = now, by.person
    session.add(waiver)
    row = begun(session, opened)
    after = {"waiver": waiver_id, "location": waiver.location_id, "exclusion": waiver.exclusion}
    changed(session, opened, row, "waiver_withdrawn", by=by, now=now, after=after)
    settle_changes(session, opened, by=by, now=now)
    return waiver


def _demand_right(opened: OpenSelection, by: Viewer) -> None:
    if not may_waive(by, opened.selection, opened.rollout_id):
        raise Forbidden("Only whoever signs this selection lifts an exclusion.")


def _holding(opened: OpenSelection, location_id: int, exclusion: str) -> SelectionWaiver | None:
    wanted = (location_id, exclusion)
    return next((one for one in opened.stored.waivers if (one.location_id, one.exclusion) == wanted), None)


def _demand_applies(candidate: Scored, exclusion: str) -> None:
    found = next((one for one in candidate.exclusions if one.id == exclusion), None)
    if found is None:
        raise NotFound("exclusion")
    if found.holds is None:
        raise Refused(f"It is not known yet whether this applies to {candidate.name}: {lowered(found.rule.title)}.")
    if not found.holds:
        raise Refused(f"This does not apply to {candidate.name}: there is nothing to waive.")
