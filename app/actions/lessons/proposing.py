"""A lesson becomes a proposed change of the playbook; and how a proposal is kept, whatever is behind it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlmodel import Session, col, select

from app.actions import texts
from app.actions.events import record
from app.actions.intents import once
from app.actions.lessons.carrying import carry, open_to_carry
from app.actions.lessons.drafts import sound, title_of, with_change, with_edit
from app.actions.lessons.judging import demand_free
from app.actions.lessons.opening import demand_version, newest_of
from app.actions.loading import key_of, load
from app.models import Proposal, Rollout
from app.plan.draft.guided import Change, kept
from app.rules.people.access import Viewer


def propose_change(
    session: Session, lesson_id: int, *, change: Change, token: str = "", seen: int | None, by: Viewer, now: datetime
) -> Proposal:
    """A proposal that makes one change in the newest version of the playbook. The same form (`token`) again is quiet.

    Raises NotFound, Forbidden, Stale, Refused, Invalid for a field that does not fit, and PlaybookError where the
    playbook would have mistakes.
    """

    def write(base_text: str) -> tuple[str, str]:
        return title_of(base_text, change), with_change(base_text, change)

    return _propose(session, lesson_id, write, change, kept(change), token, seen, by, now)


def propose_text(
    session: Session, lesson_id: int, *, title: str, text: str, token: str = "", seen: int | None, by: Viewer,
    now: datetime,
) -> Proposal:  # fmt: skip
    """A proposal that somebody has written freely: the whole text. Raises as `propose_change`."""
    name = texts.one_line("title", title)
    asked = {"title": name, "text": text}
    return _propose(session, lesson_id, lambda _: (name, text), None, asked, token, seen, by, now)


def _propose(
    session: Session, lesson_id: int, write: Callable[[str], tuple[str, str]], change: Change | None,
    asked: dict[str, Any], token: str, seen: int | None, by: Viewer, now: datetime,
) -> Proposal:  # fmt: skip
    opened = open_to_carry(session, lesson_id, by=by)

    def make() -> Proposal:
        demand_version(session, opened.lesson, seen)
        demand_free(session, opened.lesson)
        row = make_proposal(
            session, opened.lesson.rollout_id, write, edits=with_edit((), change), behind={"lesson": opened.id}, by=by,
            now=now,
        )  # fmt: skip
        carry(session, opened, row, by, now)
        return row

    return once(session, token, Proposal, make, asked={"lesson": lesson_id, **asked}, by=by, now=now)


def make_proposal(
    session: Session, rollout_id: int, write: Callable[[str], tuple[str, str]], *, edits: list[dict[str, Any]],
    behind: dict[str, Any], by: Viewer, now: datetime,
) -> Proposal:  # fmt: skip
    """Keep a proposal: `write` makes its title and its text of that of the newest version, `edits` are the changes in
    it, and `behind` is what it comes from, for the event. Raises Refused where nothing differs, and PlaybookError.
    """
    rollout = load(session, Rollout, rollout_id, "rollout")
    base = newest_of(session, rollout)
    title, text = write(base.text)
    row = Proposal(
        rollout_id=key_of(rollout), number=_next_number(session, rollout), title=title, base_id=key_of(base),
        text=sound(base, text), edits=edits, by_id=by.person, at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    subject, after = ("proposal", key_of(row)), {"number": row.number, **behind, "base": base.version}
    record(session, "proposal.made", subject, by=by, now=now, rollout_id=row.rollout_id, after=after)
    return row


def _next_number(session: Session, rollout: Rollout) -> int:
    """One more than the last; the rollout's row is locked, so that no two get the same."""
    last = session.exec(select(func.max(col(Proposal.number))).where(Proposal.rollout_id == rollout.id)).one()
    return (last or 0) + 1
