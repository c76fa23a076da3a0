"""A metric of one place beside that of another: the figures, and what must agree before they are compared. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from app.plan.format.metrics import Metric
from app.rules.metrics.course import Change, change

UNSAID: Final = "not stated"

Basis = Mapping[str, str]
"""Facts that must agree, in words, by the id under which the metric asks for them."""


@dataclass(frozen=True)
class Figure:
    """A metric at one place: the latest figure over the days `first` to `last`, the signed baseline, the target and its
    day, and what the latest figure is based on. None: there is no such thing.
    """

    metric: Metric
    latest: Decimal | None = None
    first: date | None = None
    last: date | None = None
    baseline: Decimal | None = None
    target: Decimal | None = None
    by: date | None = None
    live: date | None = None
    basis: Basis = field(default_factory=dict)

    @property
    def change(self) -> Change | None:
        """Since the baseline; None as long as nothing was read after the go-live."""
        if self.latest is None or self.baseline is None or self.live is None:
            return None
        if self.last is None or self.last < self.live:
            return None
        return change(self.baseline, self.latest, self.metric.better)


def read_for(metrics: Mapping[str, Metric], id_: str) -> frozenset[str]:
    """The metrics whose readings make a metric: itself, or those that it is computed from in the end."""
    formula = metrics[id_].formula if id_ in metrics else None
    if formula is None:
        return frozenset({id_})
    return frozenset().union(*(read_for(metrics, part) for part in formula.metrics))


def basis_words(metric: Metric, bases: Collection[Mapping[str, Any]]) -> dict[str, str]:
    """What readings rest on, as their metric asks; several words where they do not rest on the same."""
    return {id_: " / ".join(sorted({_said(one.get(id_)) for one in bases})) or UNSAID for id_ in metric.basis or {}}


def _said(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(sorted(str(one) for one in value)) or UNSAID
    if isinstance(value, bool):
        return "yes" if value else "no"
    return UNSAID if value in (None, "") else str(value)


def differences(other: Figure, own: Figure) -> tuple[str, ...]:
    """Why the figure of another place must not be read beside one's own, in words; empty: it may, or one has none."""
    if other.latest is None or own.latest is None:
        return ()
    found = []
    if other.metric.unit != own.metric.unit:
        found.append(f"Unit: {other.metric.unit or 'none'} there, {own.metric.unit or 'none'} here.")
    if other.metric.definition != own.metric.definition:
        found.append(f"Definition {other.metric.definition} there, {own.metric.definition} here.")
    for id_, title in titles(other.metric, own.metric).items():
        there, here = other.basis.get(id_, UNSAID), own.basis.get(id_, UNSAID)
        if there != here or UNSAID in (there, here) or " / " in there:
            found.append(f"{title}: {there} there, {here} here.")
    return tuple(found)


def titles(*metrics: Metric) -> dict[str, str]:
    """What the facts that must agree are called, by their ids."""
    return {id_: one.title for metric in metrics for id_, one in (metric.basis or {}).items()}
