"""One period for its page: every figure on the way, the codes, the file that waits to be counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from sqlmodel import Session, col, select

from app.errors import NotFound
from app.models import ProcedureCount, ProcedureUpload, ProductivityPeriod, RelativeValue, RelativeValueFile, Rollout
from app.queries.productivity.facts import PeriodFacts, with_figures
from app.queries.rollouts.facts import RolloutFacts, facts_of
from app.rules.people.access import Permission, Viewer

SHOWN_CODES: Final = 50


@dataclass(frozen=True)
class CodeLine:
    """Procedures of one code: `work` is the RVU of one of them, None where the file has none."""

    code: str
    quantity: int
    work: Decimal | None

    @property
    def extended(self) -> Decimal | None:
        return None if self.work is None else self.work * self.quantity


@dataclass(frozen=True)
class PeriodPage:
    """A period. `codes` are those with most work, `unvalued` those without a value, the first of each; `shown` is the
    file that waits to be counted. `detail`: the reader may know whose worksheet it is; `enters`: and change it.
    """

    rollout: RolloutFacts
    facts: PeriodFacts
    codes: tuple[CodeLine, ...]
    unvalued: tuple[CodeLine, ...]
    total_codes: int
    shown: ProcedureUpload | None
    files: tuple[RelativeValueFile, ...]
    detail: bool
    enters: bool

    @property
    def row(self) -> ProductivityPeriod:
        return self.facts.row


def period_page(session: Session, period_id: int, viewer: Viewer) -> PeriodPage:
    """Raises NotFound, also for a period at a location that the person does not see."""
    row = session.get(ProductivityPeriod, period_id)
    if row is None or row.removed_at is not None:
        raise NotFound("period")
    at: dict[str, Any] = {"rollout": row.rollout_id, "location": row.location_id}
    if not viewer.can(Permission.SEE_PLAN, **at):
        raise NotFound("period")
    whole = facts_of(session, session.get_one(Rollout, row.rollout_id))
    rollout = whole.within(viewer.locations(whole.id))
    (facts,) = with_figures(session, rollout, [row])
    codes = _codes(session, facts)
    valued = sorted((one for one in codes if one.work is not None), key=_by_work, reverse=True)
    unvalued = sorted((one for one in codes if one.work is None), key=lambda one: (-one.quantity, one.code))
    open_ = rollout.state == "running" and any(one.id == row.location_id for one in rollout.locations)
    return PeriodPage(
        rollout=rollout,
        facts=facts,
        codes=tuple(valued[:SHOWN_CODES]),
        unvalued=tuple(unvalued[:SHOWN_CODES]) if facts.values else (),
        total_codes=len(codes),
        shown=_shown(session, period_id),
        files=value_files(session, rollout),
        detail=viewer.can(Permission.SEE_DETAIL, **at),
        enters=open_ and viewer.can(Permission.ENTER_FIGURES, **at),
    )


def value_files(session: Session, rollout: RolloutFacts) -> tuple[RelativeValueFile, ...]:
    """The files of relative values that are offered, newest year first."""
    return tuple(
        session.exec(
            select(RelativeValueFile)
            .where(RelativeValueFile.rollout_id == rollout.id, col(RelativeValueFile.removed_at).is_(None))
            .order_by(col(RelativeValueFile.year).desc(), col(RelativeValueFile.id).desc())
        )
    )


def _codes(session: Session, facts: PeriodFacts) -> Sequence[CodeLine]:
    if facts.upload is None:
        return ()
    value = (col(RelativeValue.code) == ProcedureCount.code) & (col(RelativeValue.file_id) == facts.row.values_id)
    rows = session.exec(
        select(col(ProcedureCount.code), col(ProcedureCount.quantity), col(RelativeValue.work))
        .select_from(ProcedureCount)
        .join(RelativeValue, value, isouter=True)
        .where(ProcedureCount.upload_id == facts.upload.id)
    )
    return [CodeLine(code, quantity, work) for code, quantity, work in rows]


def _by_work(line: CodeLine) -> tuple[Decimal, str]:
    return line.extended or Decimal(0), line.code


def _shown(session: Session, period_id: int) -> ProcedureUpload | None:
    return session.exec(
        select(ProcedureUpload).where(
            ProcedureUpload.period_id == period_id,
            col(ProcedureUpload.counted_at).is_(None),
            col(ProcedureUpload.replaced_at).is_(None),
        )
    ).first()
