"""The frozen scoring of a proposed set: taken when it is proposed, and anew as soon as anything of it has changed.

Once somebody has signed, only what concerns the set counts: then every signature is void, and whoever signed is asked
again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sqlmodel import Session, col, func, select

from app.actions.loading import key_of
from app.actions.selection.opening import OpenSelection, begun, changed, selection_of
from app.actions.selection.telling import tell_fallen
from app.models import Rollout, ScheduledEntry, SelectionChoice, SelectionRecord, SelectionSignature
from app.rules.people.access import Viewer
from app.rules.selection.contents import content_of
from app.rules.selection.faults import faults_of, unsettled
from app.rules.signoffs import Change, canonical, fingerprint


def freeze(
    session: Session,
    opened: OpenSelection,
    row: SelectionRecord,
    locations: Sequence[int],
    *,
    proposed: tuple[int, str, datetime],
    now: datetime,
) -> SelectionChoice:
    """Keep the scoring as it is now, with the set that was proposed (by whom: key and name, and when). Where nobody is
    asked to sign it is chosen with that, unless something is still open.
    """
    last = session.exec(select(func.max(SelectionChoice.number)).where(SelectionChoice.record_id == key_of(row))).one()
    content = canonical(content_of(opened.stored.scoring, locations))
    by, name, at = proposed
    open_ = opened.selection.sign_off is not None or unsettled(faults_of(opened.stored.scoring, locations))
    choice = SelectionChoice(
        record_id=key_of(row), number=(last or 0) + 1, locations=sorted(locations), content=content,
        sha256=fingerprint(content), proposed_by=by, name=name, proposed_at=at, frozen_at=now,
        settled_at=None if open_ else now,
    )  # fmt: skip
    session.add(choice)
    session.flush()
    return choice


def replace_choice(
    session: Session, choice: SelectionChoice, signatures: Sequence[SelectionSignature], *, now: datetime
) -> None:
    """It stands no more, and nor do its signatures."""
    choice.replaced_at = now
    session.add(choice)
    for one in signatures:
        one.voided_at = now
        session.add(one)
    session.flush()


def refreeze(session: Session, opened: OpenSelection, *, by: Viewer | None, now: datetime) -> tuple[Change, ...]:
    """Compare the scoring with what was frozen: nothing where it is the same. Else what changed; signatures fall, and
    the same set is frozen anew.
    """
    stored = opened.stored
    choice, changes = stored.choice, stored.changes
    if choice is None or not changes:
        return ()
    row = begun(session, opened)
    choice.changes = [asdict(change) for change in changes]
    replace_choice(session, choice, stored.signatures, now=now)
    proposed = (choice.proposed_by, choice.name, choice.proposed_at)
    anew = freeze(session, opened, row, choice.locations, proposed=proposed, now=now)
    after = {"choice": key_of(anew), "sha256": anew.sha256, "voided": [key_of(one) for one in stored.signatures]}
    before = {"choice": key_of(choice)}
    changed(session, opened, row, "evidence_changed", by=by, now=now, before=before, after=after)
    tell_fallen(session, opened, stored.signatures, by=by, now=now)
    return changes


def settle_changes(session: Session, opened: OpenSelection, *, by: Viewer | None, now: datetime) -> None:
    """After a change of what the scoring is made of: the proposed set is frozen anew."""
    refreeze(session, opened.again(session), by=by, now=now)


def look_again(session: Session, rollout: Rollout, *, by: Viewer, now: datetime) -> None:
    """After a change of the locations themselves: every selection of the rollout that has a set."""
    rows = session.exec(
        select(ScheduledEntry)
        .join(SelectionRecord, col(SelectionRecord.dated_id) == col(ScheduledEntry.id))
        .where(SelectionRecord.rollout_id == rollout.id)
    ).all()
    for dated in rows:
        opened = selection_of(session, dated, rollout)
        refreeze(session, opened, by=by, now=now)
