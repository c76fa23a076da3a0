"""Who enters the figures of a metric, and who reads what was written beside them. Pure."""

from __future__ import annotations

from typing import Any

from app.plan.format.metrics import Metric
from app.rules.people.access import Permission, Viewer

At = dict[str, Any]
"""`rollout` and `location`, as permissions ask for them."""


def may_enter(by: Viewer, metric: Metric, at: At) -> bool:
    """Whoever works at the place, whoever manages, and whoever the metric names as its owner."""
    return by.can(Permission.ENTER_FIGURES, **at, named=_owners(metric))


def may_read_texts(by: Viewer, metric: Metric, at: At) -> bool:
    """Notes and reasons are free text: for those who may read such there, and for the owner."""
    return by.can(Permission.SEE_DETAIL, **at, named=_owners(metric))


def may_sign(by: Viewer, at: At, *, frozen: bool) -> bool:
    """Whoever enters figures at the place; what is frozen is replaced by whoever directs."""
    return by.can(Permission.DIRECT if frozen else Permission.ENTER_FIGURES, **at)


def _owners(metric: Metric) -> tuple[str, ...]:
    return metric.owner.roles if metric.owner else ()
