"""One metric of the return: all centres together, and each of them small."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from sqlmodel import Session
from starlette.responses import Response

from app.errors import NotFound
from app.plan.format.metrics import Metric
from app.queries.metrics.metric import AT_ONCE, MetricAt, MetricPlaces, metric_places
from app.queries.metrics.network import MetricLine, network_line
from app.queries.metrics.replaced import replaced_in
from app.rules.clock import count
from app.rules.metrics.course import RULE as COURSE_RULE
from app.rules.metrics.network import RULE as NETWORK_RULE
from app.rules.metrics.network import rule_words
from app.rules.metrics.words import figure
from app.rules.rollouts.sentences import Part
from app.web.answers import see_other
from app.web.forms import Filter, Slug
from app.web.frame import as_of, in_rollout
from app.web.kept import Kept, by_the_minute
from app.web.metrics.network import moved_words, openings_rail, replaced_lines
from app.web.metrics.series import about_of, drawn_of, now_of, replaced_words, said_of, target_of
from app.web.metrics.shown import drawn_line, facts_of, point_rows, sentence_of, trend_sentence
from app.web.metrics.shown import target_of as network_target
from app.web.metrics.trend import HEIGHT, SMALL, reach_of, span_of, trend
from app.web.metrics.words import COURSES, change_of, target_words
from app.web.site import Db, Desk, Now, Overseeing
from app.web.templating import html

router = APIRouter()


@router.get("/rollouts/{slug}/return/{metric}")
@by_the_minute
def show(
    kept: Kept,
    desk: Overseeing,
    metric: Slug,
    session: Db,
    now: Now,
    wave: Filter = "",
    axis: Filter = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """`axis`: `shared` draws every centre to the same values."""
    if not desk.rollout.has_plan:
        return see_other(f"/rollouts/{desk.rollout.slug}/progress")
    known = desk.rollout.playbook.figures.get(metric)
    if known is None:
        raise NotFound("metric")
    at = desk.rollout.as_of(now)
    values = shown(session, desk, known, wave, axis == "shared", page, at)
    return kept.answer(html("metrics/metric.html", **in_rollout(desk, "Return"), **values))


def shown(
    session: Session, desk: Desk, metric: Metric, wave: str, is_shared: bool, page: int, now: datetime
) -> dict[str, Any]:
    """Everything the template needs."""
    rollout, today = desk.rollout, desk.rollout.today(now)
    base = f"/rollouts/{rollout.slug}"
    waves = rollout.playbook.waves
    wave = wave if wave in waves else ""
    line = network_line(session, rollout, desk.extent, metric)
    found = metric_places(session, rollout, desk.extent, metric.id, wave, page, today)
    return {
        "weeks": openings_rail(session, rollout, desk.extent, now),
        "when": as_of(rollout, now),
        "title": metric.title,
        "how": metric.how,
        "source": metric.source,
        "return_href": f"{base}/return",
        "say": sentence(line),
        "network": _network(line, today),
        "address": f"{base}/return/{metric.id}",
        "wave": wave,
        "waves": [("", "All"), *((id_, one.title) for id_, one in waves.items())] if len(waves) > 1 else [],
        "axis": "shared" if is_shared else "",
        "axes": [("", "Own values each"), ("shared", "The same values")],
        "multiples": _multiples(base, found, is_shared, today),
        "rows": [_row(base, one, waves, today) for one in found.places],
        "said": count(found.total, "centre"),
        "go_lives": rollout.goes_live,
        "replaced": replaced_lines(base, replaced_in(session, rollout, desk.extent), now),
        "rules": [sentence_of(rule_words(rollout.playbook.figures, metric)), NETWORK_RULE, COURSE_RULE],
        "pager": _pager(f"{base}/return/{metric.id}", wave, is_shared, page, found.total),
    }


def sentence(line: MetricLine) -> list[Part]:
    if line.network.latest is not None:
        return [Part(f"{moved_words(line)}.")]
    if line.network.baseline is not None:
        words = figure(line.network.baseline, line.metric.unit)
        return [Part(f"{line.metric.title}: the baseline is {words}; no centre has a figure that counts yet.")]
    return [Part(f"{line.metric.title}: no figures yet.")]


def _network(line: MetricLine, today: date) -> dict[str, Any]:
    words = {}
    found, unit, target = line.network, line.metric.unit, network_target(line.network)
    if found.baseline is not None:
        words["baseline"] = figure(found.baseline, unit)
    if target is not None:
        words["target"] = figure(target, unit)
    if line.points:
        words["last"] = figure(line.points[-1].value, unit)
    return {
        "trend": drawn_line(line, target, HEIGHT),
        "said": trend_sentence(line),
        "words": words,
        "facts": facts_of(line.metric, found, {}, today),
        "rows": point_rows(line.points, unit),
    }


def _multiples(base: str, found: MetricPlaces, is_shared: bool, today: date) -> list[dict[str, Any]]:
    """One axis of time for all of them; values of their own, or the same."""
    drawn = [drawn_of(one.standing, one.cut) for one in found.places]
    span, reach = span_of(drawn), reach_of(drawn) if is_shared else None
    return [
        {
            "id": one.slug,
            "name": one.name,
            "href": f"{base}/locations/{one.slug}/return",
            "status": COURSES[one.course][0],
            "label": COURSES[one.course][1],
            "now": figure(now_of(one.standing), one.standing.series.metric.unit),
            "trend": trend(picture, height=SMALL, span=span, reach=reach),
            "said": said_of(one.standing, one.name),
            "about": about_of(one.standing, one.cut, today),
            "notes": [replaced_words(each, one.standing.series.metric, one.zone, today) for each in one.replaced],
        }
        for one, picture in zip(found.places, drawn, strict=True)
    ]


def _row(base: str, one: MetricAt, waves: Any, today: date) -> dict[str, Any]:
    found, metric = one.standing, one.standing.series.metric
    latest = now_of(found)
    moved = change_of(found.before, latest, metric)
    target = target_of(found)
    known = found.series.sorted
    unsigned = "" if found.baseline is not None or found.before is None else ", not signed"
    return {
        "name": one.name,
        "href": f"{base}/locations/{one.slug}/return#metric-{metric.id}",
        "wave": waves[one.wave].title if one.wave in waves else one.wave,
        "status": COURSES[one.course][0],
        "label": COURSES[one.course][1],
        "before": f"{figure(found.before, metric.unit)}{unsigned}",
        "now": figure(latest, metric.unit),
        "change": f"{moved['by']} ({moved['percent']})" if moved and moved["percent"] else moved["by"] if moved else "",
        "way": moved["way"] if moved else "",
        "target": target_words(target, {found.series.days.by: 1}, metric.unit, today) if target is not None else "",
        "readings": f"{len(known.counted)}" + (f", {len(known.left_out)} left out" if known.left_out else ""),
    }


def _pager(address: str, wave: str, is_shared: bool, page: int, total: int) -> dict[str, Any] | None:
    pages = max(1, -(-total // AT_ONCE))
    if pages == 1:
        return None

    def href(number: int) -> str:
        asked = {"wave": wave, "axis": "shared" if is_shared else "", "page": str(number) if number > 1 else ""}
        query = urlencode({name: value for name, value in asked.items() if value})
        return f"{address}?{query}" if query else address

    first = (page - 1) * AT_ONCE
    return {
        "page": page,
        "pages": pages,
        "prev_href": href(page - 1) if page > 1 else None,
        "next_href": href(page + 1) if page < pages else None,
        "said": f"{first + 1} to {min(first + AT_ONCE, total)} of {total:,} centres",
    }
