"""Where metrics stand at all locations together, made anew in the change that moved one of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlmodel import Session, col, select

from app.actions.loading import key_of
from app.actions.metrics.saving import savings_kept, write_saved
from app.models import MetricRollUp, MetricStanding, Rollout
from app.rules.metrics.network import network_of
from app.rules.metrics.rolled import following
from app.stored import playbook_of
from app.stored.standings import at_of, kept, standings


def sum_anew(session: Session, rollout: Rollout, location_id: int) -> None:
    """The figures of all locations together, after one has left or come back."""
    one_at_a_time(session, rollout)
    write_saved(session, key_of(rollout), set(savings_kept(session, [location_id]).get(location_id, {})))
    write_roll_ups(session, rollout)


def one_at_a_time(session: Session, rollout: Rollout) -> None:
    """Wait until nobody else sums figures of this rollout; until the end of the transaction nobody does."""
    session.exec(select(Rollout.id).where(Rollout.id == rollout.id).with_for_update()).one()


def write_roll_ups(session: Session, rollout: Rollout, touched: Collection[str] = ()) -> None:
    """By the network's version of the playbook: of the metrics that were touched and those made from them, or (none
    named) of all.
    """
    metrics = dict(playbook_of(session, rollout.playbook_version_id).figures)
    wanted = set(metrics)
    if touched:
        wanted = {one for id_ in touched if id_ in metrics for one in following(metrics, id_)}
    if not wanted:
        return
    rows: dict[str, list[MetricStanding]] = defaultdict(list)
    for row in session.exec(standings(key_of(rollout), () if wanted == set(metrics) else wanted)):
        rows[row.metric].append(row)
    known = _kept(session, rollout)
    for id_, old in known.items():
        if id_ not in metrics or (id_ in wanted and id_ not in rows):
            session.delete(old)
    for id_ in sorted(wanted & rows.keys()):
        found = network_of(metrics, id_, [at_of(row, metrics[id_]) for row in rows[id_]])
        summed = known.get(id_) or MetricRollUp(rollout_id=key_of(rollout), metric=id_)
        kept(summed, found)
        session.add(summed)
    session.flush()


def _kept(session: Session, rollout: Rollout) -> dict[str, MetricRollUp]:
    statement = select(MetricRollUp).where(col(MetricRollUp.rollout_id) == rollout.id)
    return {row.metric: row for row in session.exec(statement)}
