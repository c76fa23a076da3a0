"""The baseline of a place: completed, signed and frozen; later only another one with its reason takes its place."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, select

from app.actions import texts
from app.actions.events import record
from app.actions.loading import key_of, load
from app.actions.metrics.restanding import restand
from app.actions.tasks.opening import demand_open
from app.errors import Forbidden, NotFound, ProofWanted, Refused, Stale
from app.models import Baseline, Location, Person, Rollout
from app.rules.people.access import Permission, Viewer
from app.rules.signoffs import canonical, fingerprint, is_fresh
from app.stored.metrics import baseline_figures, place_at

SUBJECT: Final = "baseline"


def sign_baseline(
    session: Session,
    rollout_id: int,
    location_id: int | None,
    *,
    shown: str,
    reason: str = "",
    by: Viewer,
    now: datetime,
) -> Baseline:
    """Freeze what was captured at a location, or (None) of the network. `shown` is the hash of what was shown. The
    same figures as are frozen already are quiet; others need a director and a `reason`.

    Raises NotFound, Forbidden, Stale, ProofWanted, Refused with the metrics that are not captured, and Invalid.
    """
    rollout = load(session, Rollout, rollout_id, "rollout")
    location = _location(session, rollout, location_id, by)
    demand_open(rollout, location)
    place = place_at(rollout, location)
    where: dict[str, Any] = {"rollout": rollout_id, "location": location_id}
    if not by.can(Permission.ENTER_FIGURES, **where):
        raise Forbidden("You may see these figures, but signing them is not yours to do.")
    restand(session, rollout, [place])
    figures, missing = baseline_figures(session, rollout, place)
    content = canonical({"metrics": figures})
    standing = _standing(session, rollout_id, location_id)
    if standing is not None and standing.content == content:
        return standing
    if missing:
        raise Refused("This baseline is not complete yet.", missing)
    if not figures:
        raise Refused("The playbook asks for no baseline here.")
    if fingerprint(content) != shown:
        raise Stale("Somebody", None, "entered other figures")
    if standing is not None and not by.can(Permission.DIRECT, **where):
        raise Forbidden("This baseline is frozen. Only a director replaces it.")
    why = texts.prose("reason", reason) if standing is not None else ""
    if not is_fresh(by.proven_at, now):
        raise ProofWanted()
    row = _freeze(session, rollout, location_id, content, standing, why, by, now)
    restand(session, rollout, [place])
    return row


def _location(session: Session, rollout: Rollout, location_id: int | None, by: Viewer) -> Location | None:
    location = load(session, Location, location_id, "location") if location_id is not None else None
    if location is not None and location.rollout_id != rollout.id:
        raise NotFound("location")
    if not by.can(Permission.SEE_PLAN, rollout=rollout.id, location=location_id):
        raise NotFound("location" if location else "rollout")
    return location


def _standing(session: Session, rollout_id: int, location_id: int | None) -> Baseline | None:
    statement = select(Baseline).where(
        Baseline.rollout_id == rollout_id, Baseline.location_id == location_id, col(Baseline.replaced_at).is_(None)
    )
    return session.exec(statement.with_for_update()).one_or_none()


def _freeze(
    session: Session,
    rollout: Rollout,
    location_id: int | None,
    content: str,
    standing: Baseline | None,
    reason: str,
    by: Viewer,
    now: datetime,
) -> Baseline:
    if standing is not None:
        standing.replaced_at = now
        session.add(standing)
        session.flush()
    row = Baseline(
        rollout_id=key_of(rollout),
        location_id=location_id,
        number=(standing.number if standing else 0) + 1,
        content=content,
        sha256=fingerprint(content),
        reason=reason,
        by_id=by.person,
        name=session.get_one(Person, by.person).name,
        at=now,
    )
    session.add(row)
    session.flush()
    record(
        session, f"{SUBJECT}.{'replaced' if standing else 'signed'}", (SUBJECT, key_of(row)), by=by, now=now,
        rollout_id=key_of(rollout), location_id=location_id, after={"number": row.number, "sha256": row.sha256},
    )  # fmt: skip
    return row
