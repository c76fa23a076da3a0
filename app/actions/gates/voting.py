"""A vote is opened on frozen evidence, votes are cast and taken back, and it is closed again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from app.actions import texts
from app.actions.gates.conditions import expire_conditions
from app.actions.gates.opening import Measure, OpenGate, begun, changed, demand_version, open_gate, pack_in_force
from app.actions.gates.packs import end_pack, freeze, refreeze, set_next_look, void_votes, votes_standing
from app.actions.gates.telling import tell_roles
from app.actions.loading import key_of, load
from app.errors import Forbidden, Invalid, NotFound, ProofWanted, Refused
from app.models import GateDecision, GatePack, GateRecord, GateVote
from app.rules.gates.access import may_prepare, may_vote
from app.rules.gates.voting import Vote, votable
from app.rules.people.access import Viewer
from app.rules.signoffs import Change, is_fresh
from app.stored import roles_held


@dataclass(frozen=True)
class Cast:
    """A vote that was cast; or none, and what of the evidence had changed meanwhile: every vote is void since."""

    vote: GateVote | None
    changes: tuple[Change, ...] = ()


def open_vote(
    session: Session, dated_id: int, *, measure: Measure, waits: tuple[str, ...], seen: int | None, by: Viewer,
    now: datetime,
) -> GatePack:  # fmt: skip
    """Open the vote: the evidence of this minute is frozen, and everybody who votes is told. Open already is quiet.

    `waits` are what the gate may not be held before. Raises NotFound, Forbidden, Stale, and Refused where it still
    waits or a go stands.
    """
    opened = _preparing(session, dated_id, by)
    if opened.row is not None and opened.row.opened_at is not None:
        return _in_force(session, opened.row)
    demand_version(session, opened, seen)
    if waits:
        raise Refused("This gate cannot be held yet.", tuple(f"it waits for {one}" for one in waits))
    expire_conditions(session, opened, now=now)
    row = begun(session, opened)
    _demand_undecided(session, key_of(row))
    void_votes(session, row, now=now)
    frozen = freeze(session, row, measure(), by=by, now=now)
    row.opened_at, row.opened_by = now, by.person
    set_next_look(session, row, now=now)
    changed(session, opened, "vote_opened", by=by, now=now, after={"pack": frozen.number, "sha256": frozen.sha256})
    tell_roles(session, opened, "gate_vote", by=by, now=now, key=f"{key_of(frozen)}")
    return frozen


def _demand_undecided(session: Session, record_id: int) -> None:
    statement = select(GateDecision).where(
        GateDecision.record_id == record_id,
        col(GateDecision.replaced_at).is_(None),
        col(GateDecision.fell_at).is_(None),
        col(GateDecision.outcome).in_(("go", "go-with-conditions")),
    )
    if session.exec(statement).first() is not None:
        raise Refused("A go stands already. What speaks against it now is an issue, or a decision of its own.")


def close_vote(session: Session, dated_id: int, *, seen: int | None, by: Viewer, now: datetime) -> None:
    """Call the vote off: what was cast is void. None open is quiet. Raises NotFound, Forbidden, Stale and Refused."""
    opened = _preparing(session, dated_id, by)
    row = opened.row
    if row is None or row.opened_at is None:
        return
    demand_version(session, opened, seen)
    fallen = void_votes(session, row, now=now)
    end_pack(session, row, now=now)
    row.opened_at = row.opened_by = None
    set_next_look(session, row, now=now)
    changed(session, opened, "vote_closed", by=by, now=now, after={"voided": [key_of(vote) for vote in fallen]})


def _preparing(session: Session, dated_id: int, by: Viewer) -> OpenGate:
    opened = open_gate(session, dated_id, by=by)
    if not may_prepare(by, opened.gate, opened.place):
        raise Forbidden("You may see this gate, but not open or close its vote.")
    return opened


def cast_vote(
    session: Session,
    dated_id: int,
    *,
    role: str = "",
    vote: str,
    comment: str,
    pack: int,
    measure: Measure,
    by: Viewer,
    now: datetime,
) -> Cast:
    """Vote for a role (empty: the first that one may) on the pack that was read. The same again is quiet; another vote
    takes the place of one's own.

    Where the evidence has changed nothing is cast, and every vote is void (see `Cast`). Raises NotFound, Forbidden,
    ProofWanted without a fresh proof, Refused where no vote is open or the role has voted, Stale for an older pack, and
    Invalid: a comment is asked of whoever does not vote go.
    """
    opened = open_gate(session, dated_id, by=by)
    if not may_vote(by, opened.gate, opened.place):
        raise Forbidden("You may see this gate, but you have no vote at it.")
    row = opened.row
    if row is None or row.opened_at is None:
        raise Refused("No vote is open at this gate.")
    meant, said = _meant(vote), _comment(vote, comment)
    changes = refreeze(session, opened, row, measure(), by=by, now=now)
    if changes:
        return Cast(None, changes)
    frozen = _in_force(session, row)
    if frozen.number != pack:
        return Cast(None, tuple(Change(**one) for one in _last_changes(session, key_of(row))))
    own = next((one for one in votes_standing(session, row) if one.by_id == by.person), None)
    if own is not None and (own.vote, own.comment, own.pack_id) == (meant, said, key_of(frozen)):
        return Cast(own)
    role, voted_as = _role(session, opened, role, own, by)
    if not is_fresh(by.proven_at, now):
        raise ProofWanted("a vote")
    if own is not None:
        own.withdrawn_at = now
        session.add(own)
        session.flush()
    ballot = GateVote(
        record_id=key_of(row), pack_id=key_of(frozen), role=role, voted_as=voted_as,
        instead_of=_instead_of(opened, by, role), vote=meant, comment=said, by_id=by.person, name=by.name, at=now,
        proof="password",
    )  # fmt: skip
    return Cast(_cast(session, opened, ballot, frozen, by, now))


def _cast(
    session: Session, opened: OpenGate, ballot: GateVote, frozen: GatePack, by: Viewer, now: datetime
) -> GateVote:
    session.add(ballot)
    session.flush()
    after = {"role": ballot.role, "vote": ballot.vote, "pack": frozen.number}
    changed(session, opened, "voted", by=by, now=now, after=after)
    return ballot


def _in_force(session: Session, row: GateRecord) -> GatePack:
    frozen = pack_in_force(session, row)
    if frozen is None:
        raise RuntimeError("an open vote has frozen evidence")
    return frozen


def _meant(vote: str) -> Vote:
    if vote not in list(Vote):
        raise Invalid({"vote": "Choose how you vote."})
    return Vote(vote)


def _comment(vote: str, comment: str) -> str:
    said = texts.prose("comment", comment, required=False)
    if vote != Vote.GO and not said:
        raise Invalid({"comment": "Say why: it is asked for unless you vote go."})
    return said


def _last_changes(session: Session, record_id: int) -> Sequence[dict[str, Any]]:
    statement = (
        select(GatePack.changes)
        .where(GatePack.record_id == record_id, col(GatePack.ended_at).is_not(None))
        .order_by(col(GatePack.number).desc())
    )
    return session.exec(statement).first() or []


def _role(session: Session, opened: OpenGate, role: str, own: GateVote | None, by: Viewer) -> tuple[str, str]:
    """For which role, and as what: each role has one vote, and each person casts one."""
    given = {one.role for one in votes_standing(session, opened.row) if own is None or one.id != own.id}
    held = votable(opened.gate, roles_held(session, by, **opened.spot), given)
    access = by.access(opened.dated.rollout_id, opened.dated.location_id)
    everyone = votable(opened.gate, opened.gate.votes.roles if opened.gate.votes else (), given)
    open_ = held or (everyone if access == "director" else ())
    if role and role not in open_:
        raise Refused("This role has voted already, or its vote is not yours.")
    chosen = role or (own.role if own is not None and own.role in open_ else next(iter(open_), ""))
    if not chosen:
        raise Refused("Every role that you could vote for has voted.")
    return chosen, chosen if chosen in held else access


def _instead_of(opened: OpenGate, by: Viewer, role: str) -> str:
    """Whom a stand-in stands in for; empty where the role is one's own."""
    place = opened.dated.location_id
    grants = [one for one in by.grants if one.role == role and one.covers(opened.dated.rollout_id, place)]
    if not grants or any(one.instead_of is None for one in grants):
        return ""
    return ", ".join(name for one in grants for name in one.instead_of or ())


def withdraw_vote(session: Session, dated_id: int, vote_id: int, *, by: Viewer, now: datetime) -> None:
    """Take one's own vote back as long as the vote is open. Taken back already is quiet, and so is one that fell.

    Raises NotFound, Forbidden (somebody else's) and Refused.
    """
    opened = open_gate(session, dated_id, by=by)
    vote = load(session, GateVote, vote_id, "vote")
    if opened.row is None or vote.record_id != key_of(opened.row):
        raise NotFound("vote")
    if vote.by_id != by.person:
        raise Forbidden("Only who voted takes the vote back.")
    if vote.withdrawn_at is not None or vote.voided_at is not None:
        return
    if opened.row.opened_at is None:
        raise Refused("The vote is closed: what was decided on it stands.")
    vote.withdrawn_at = now
    session.add(vote)
    changed(session, opened, "vote_withdrawn", by=by, now=now, after={"role": vote.role})
