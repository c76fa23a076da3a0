"""The return: where each metric stands against its baseline and target, of all, of one location, of one metric."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from app.api.callers import Db
from app.api.describing import reading
from app.api.fields import PLACE_PATTERN, PlaceSlug, Word
from app.api.guards import Desk, RolloutGuard, Seeing
from app.api.kinds import REFUSED
from app.api.metrics import shapes
from app.api.reading import StrictRoute
from app.api.tags import answer
from app.errors import NotFound
from app.plan.format.metrics import Metric
from app.queries.metrics.metric import AT_ONCE, metric_places
from app.queries.metrics.money import Money, money_of
from app.queries.metrics.network import MetricLine, network_line, network_return
from app.queries.metrics.places import place_return
from app.request import Now
from app.rules.metrics.course import Course, change
from app.rules.metrics.network import rule_words, tally
from app.rules.metrics.standing import Standing
from app.rules.people.access import Permission

router = APIRouter(tags=["return"], route_class=StrictRoute)
Overseeing = Annotated[Desk, Depends(RolloutGuard(Permission.SEE_PLAN, whole=False))]
MetricId = Annotated[str, Path(pattern=PLACE_PATTERN, description="The id of a metric in the playbook.")]


@router.get(
    "/rollouts/{slug}/return", summary="The return", response_model=shapes.NetworkReturn, responses=reading(REFUSED)
)
def show_return(request: Request, desk: Overseeing, session: Db, now: Now) -> Response:
    """Every metric over the locations that you see, and what was saved."""
    today = desk.rollout.today(desk.counted_at(now))
    found = network_return(session, desk.rollout, desk.extent, today)
    money = money_of(session, desk.rollout, desk.extent, today)
    metrics = [shapes.MetricReturn(**metric_values(desk, line, today)) for line in found.lines]
    return answer(request, shapes.NetworkReturn(metrics=metrics, saved=_saved(money), payback=_payback(money)))


@router.get(
    "/rollouts/{slug}/return/metrics/{metric}", summary="The return of one metric",
    response_model=shapes.OneMetricReturn, responses=reading(REFUSED),
)  # fmt: skip
def show_metric(
    request: Request, desk: Overseeing, metric: MetricId, session: Db, now: Now, wave: Word = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:  # fmt: skip
    known = desk.rollout.playbook.figures.get(metric)
    if known is None:
        raise NotFound("metric")
    today = desk.rollout.today(desk.counted_at(now))
    line = network_line(session, desk.rollout, desk.extent, known)
    found = metric_places(session, desk.rollout, desk.extent, metric, wave, page, today)
    points = [
        shapes.Point(first=one.first, last=one.last, value=f"{one.value:f}", locations=one.places)
        for one in line.points
    ]
    places = [shapes.LocationLine(**place_values(one.slug, one.course, one.standing)) for one in found.places]
    pages = max(1, -(-found.total // AT_ONCE))
    values = metric_values(desk, line, today)
    return answer(request, shapes.OneMetricReturn(**values, points=points, page=page, pages=pages, by_location=places))


@router.get(
    "/rollouts/{slug}/return/locations/{location}", summary="The return of one location",
    response_model=shapes.PlaceReturn, responses=reading(REFUSED),
)  # fmt: skip
def show_place(request: Request, desk: Seeing, location: PlaceSlug, session: Db, now: Now) -> Response:
    place, at = desk.rollout.place(location), desk.counted_at(now)
    found = place_return(session, desk.rollout, place)
    lines = [
        shapes.PlaceMetric(
            metric=line.metric.id, title=line.metric.title, unit=line.metric.unit or "",
            **place_values(place.slug, _course(line.standing, place.today(at)), line.standing),
        )
        for line in found.lines
    ]  # fmt: skip
    signed_at = found.signed[0] if found.signed else None
    return answer(request, shapes.PlaceReturn(location=place.slug, signed_at=signed_at, metrics=lines))


def metric_values(desk: Desk, line: MetricLine, today: date) -> dict[str, Any]:
    metric, found = line.metric, line.network
    moved = None
    if found.baseline is not None and found.latest is not None:
        moved = change(found.baseline, found.latest, metric.better)
    counts = tally(found.counts, today).courses
    return {
        "metric": metric.id,
        "title": metric.title,
        "unit": metric.unit or "",
        "better": metric.better,
        "rule": rule_words(desk.rollout.playbook.figures, metric),
        "baseline": _text(found.baseline),
        "latest": _text(found.latest),
        "change": _text(moved.by if moved else None),
        "percent": _text(moved.percent if moved else None),
        "improved": moved.better if moved else None,
        "expected_change": _expected(metric),
        "locations": found.places,
        "of": found.of,
        "signed": found.signed,
        "readings": found.readings,
        "left_out": found.left_out,
        "other_definition": found.otherwise,
        "targets": [
            shapes.TargetLine(value=f"{value:f}", by=by, locations=n) for (value, by), n in found.targets.items()
        ],
        "courses": [shapes.CourseCount(course=one, locations=counts[one]) for one in Course if counts.get(one)],
    }


def place_values(slug: str, course: Course, found: Standing) -> dict[str, Any]:
    series, latest = found.series, found.latest
    target = series.metric.target.value if series.metric.target else None
    return {
        "location": slug,
        "course": course,
        "baseline": _text(found.before),
        "signed": found.baseline is not None,
        "latest": _text(latest.value if latest else None),
        "latest_first": latest.first if latest else None,
        "latest_last": latest.last if latest else None,
        "target": None if target is None else _text(Decimal(repr(target))),
        "target_by": series.days.by,
        "go_live": series.days.live,
        "readings": len(series.sorted.counted),
        "left_out": len(series.sorted.left_out),
        "other_definition": len(series.sorted.otherwise),
        "same_season": _text(found.season.value if found.season else None),
    }


def _course(found: Standing, today: date) -> Course:
    live = found.series.days.live
    early = found.course is not Course.NO_TARGET and (live is None or live > today)
    return Course.EARLY if early else found.course


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _expected(metric: Metric) -> str | None:
    if metric.expected_change is None:
        return None
    low, high, is_percent = metric.expected_change
    return f"{low:g} to {high:g}{'%' if is_percent else ''}"


def _saved(money: Money) -> list[shapes.SavedMetric]:
    return [
        shapes.SavedMetric(
            metric=one.metric.id, currency=one.currency or None, saved=f"{one.saved:f}",
            added=one.added and bool(one.currency),
        )
        for one in money.lines
    ]  # fmt: skip


def _payback(money: Money) -> list[shapes.PaybackLine]:
    return [
        shapes.PaybackLine(
            currency=currency, spent=f"{one.spent:f}" if money.whole else None, saved=f"{one.saved:f}",
            paid_back_since=one.since if money.whole else None, expected_on=one.on if money.whole else None,
            earliest=one.earliest if money.whole else None, latest=one.latest if money.whole else None,
        )
        for currency, one in money.paybacks.items()
    ]  # fmt: skip
