"""A set is proposed, and signed by whoever must: bound to the whole scoring as it was frozen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from app.actions.loading import key_of
from app.actions.selection.freezing import freeze, refreeze, replace_choice
from app.actions.selection.opening import OpenSelection, begun, changed, demand_version, open_selection
from app.actions.selection.telling import tell_fallen, tell_proposer, tell_signers
from app.errors import Forbidden, Invalid, ProofWanted, Refused
from app.models import SelectionChoice, SelectionSignature
from app.rules.people.access import Permission, Viewer
from app.rules.selection.access import may_propose, may_sign, roles_of
from app.rules.selection.faults import bars, faults_of, unsettled
from app.rules.signoffs import Change, is_fresh, open_roles


@dataclass(frozen=True)
class Signed:
    """A signed set; or none, and what of the scoring had changed meanwhile: it is frozen anew since."""

    choice: SelectionChoice | None
    changes: tuple[Change, ...] = ()


def propose_set(
    session: Session, dated_id: int, *, locations: Sequence[int], seen: int | None, by: Viewer, now: datetime
) -> SelectionChoice:
    """Propose which locations go; whoever signs is told. The same set again is quiet.

    Raises NotFound, Forbidden for whoever does not own the selection, Stale, Invalid for field `locations`, and Refused
    with what bars the set.
    """
    opened = open_selection(session, dated_id, by=by)
    if not may_propose(by, opened.selection, opened.rollout_id):
        raise Forbidden("You may see this selection, but the set is not yours to propose.")
    chosen = sorted(set(locations))
    _demand_known(opened, chosen, by)
    stored = opened.stored
    if stored.choice is not None and stored.choice.locations == chosen and not stored.changes:
        return stored.choice
    demand_version(session, opened, seen)
    faults = faults_of(stored.scoring, chosen)
    missing = bars(faults) if opened.selection.sign_off is not None else unsettled(faults)
    if missing:
        raise Refused("This set cannot be proposed.", missing)
    return _propose(session, opened, chosen, by, now)


def _demand_known(opened: OpenSelection, chosen: Sequence[int], by: Viewer) -> None:
    known = opened.stored.scoring.by_id
    for one in chosen:
        if one not in known or not by.can(Permission.SEE_PLAN, rollout=opened.rollout_id, location=one):
            raise Invalid({"locations": "Choose among the centres of this rollout."})


def _propose(
    session: Session, opened: OpenSelection, chosen: Sequence[int], by: Viewer, now: datetime
) -> SelectionChoice:
    row, before = begun(session, opened), opened.stored.choice
    if before is not None:
        replace_choice(session, before, opened.stored.signatures, now=now)
    choice = freeze(session, opened, row, chosen, proposed=(by.person, by.name, now), now=now)
    after = {"choice": key_of(choice), "locations": list(chosen), "sha256": choice.sha256}
    was = {"choice": key_of(before)} if before else None
    changed(session, opened, row, "proposed", by=by, now=now, before=was, after=after)
    tell_fallen(session, opened, opened.stored.signatures, by=by, now=now)
    sign_off = opened.selection.sign_off
    if sign_off is not None:
        tell_signers(session, opened, choice, open_roles(sign_off, ()), by=by, now=now)
    return choice


def sign_set(session: Session, dated_id: int, *, number: int, by: Viewer, now: datetime) -> Signed:
    """Sign the set that stands, for the role that is wanted next. `number` is that of the choice that was read.

    The same person's signature again is quiet. Raises NotFound, Forbidden, ProofWanted, and Refused: nothing is
    proposed, something is still open, one's own proposal, or nothing more to sign.
    """
    opened = open_selection(session, dated_id, by=by)
    stored = opened.stored
    if any(one.by_id == by.person for one in stored.signatures) and not stored.changes:
        return Signed(stored.choice)
    roles = stored.wanted or roles_of(opened.selection.sign_off)
    if not may_sign(by, opened.rollout_id, roles):
        raise Forbidden("You may see this selection, but the signature is not yours to give.")
    if stored.choice is None:
        raise Refused("No set has been proposed yet.")
    changes = refreeze(session, opened, by=by, now=now)
    if changes or stored.choice.number != number:
        return Signed(None, changes)
    missing = unsettled(stored.faults)
    if missing:
        raise Refused("This set cannot be signed yet.", missing)
    if not stored.wanted:
        raise Refused("Nothing more is to be signed.")
    if stored.choice.proposed_by == by.person:
        raise Refused("Nobody signs what they proposed. A second person is needed.")
    if not is_fresh(by.proven_at, now):
        raise ProofWanted
    return Signed(_sign(session, opened, stored.choice, by, now))


def _sign(
    session: Session, opened: OpenSelection, choice: SelectionChoice, by: Viewer, now: datetime
) -> SelectionChoice:
    wanted, held = opened.stored.wanted, by.roles(opened.rollout_id)
    role = next((one for one in wanted if one in held), None)
    signature = SelectionSignature(
        choice_id=key_of(choice), role=role or wanted[0], signed_as=role or by.access(opened.rollout_id),
        by_id=by.person, name=by.name, at=now, proof="password",
    )  # fmt: skip
    session.add(signature)
    given = [*(one.role for one in opened.stored.signatures), signature.role]
    sign_off = opened.selection.sign_off
    if sign_off is not None and not open_roles(sign_off, given):
        choice.settled_at = now
        session.add(choice)
    session.flush()
    after = {"choice": key_of(choice), "role": signature.role, "sha256": choice.sha256}
    changed(session, opened, begun(session, opened), "signed", by=by, now=now, after=after)
    if choice.settled_at is not None:
        tell_proposer(session, opened, choice, by=by, now=now)
    return choice
