"""One metric at one place: its readings with what stood before each, and the form for one of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Path
from sqlmodel import Session
from starlette.responses import Response

from app.actions.metrics.recording import record_reading
from app.actions.metrics.withdrawing import withdraw_reading
from app.errors import Invalid, Refused
from app.models import MetricReading
from app.queries.figures.metric import MetricFigures, ReadDays, demand_reading_there, metric_figures
from app.rules.clock import short_day
from app.rules.metrics.periods import cadence_of, last_complete, period_words
from app.web.answers import see_other
from app.web.figures.at import EnteringThere, SeeingThere, Spot
from app.web.figures.entering import OF_FAULT, given_of
from app.web.figures.place import Chosen
from app.web.figures.words import (
    captured_words,
    every_words,
    figure_words,
    latest_words,
    owner_words,
    plain_figure,
    reading_words,
    window_words,
    withdrawn_words,
    zone_of,
)
from app.web.forms import Filter, RowId
from app.web.frame import in_rollout, rail
from app.web.issues.identifiers import Confirmed, warned
from app.web.prose import prose
from app.web.rhythm.ways import FIGURES
from app.web.site import Db, Now
from app.web.tasks.forms import Day, Typed
from app.web.templating import html
from app.web.told import NOTHING, Told, attempted

router = APIRouter()
MetricId = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
Figure = Annotated[str, Form(max_length=40)]
FORM: Final = "reading"


@router.get("/rollouts/{slug}/locations/{location}/figures/{metric}")
def show(spot: SeeingThere, metric: MetricId, session: Db, now: Now, first: Filter = "", last: Filter = "") -> Response:
    """`first` and `last`: the days of a figure that is to be corrected."""
    if not spot.desk.rollout.has_plan:
        return see_other(f"/rollouts/{spot.desk.rollout.slug}/progress")
    return _answer(spot, session, metric, NOTHING, now, (first, last))


@router.post("/rollouts/{slug}/locations/{location}/readings/{metric}")
def enter(
    spot: EnteringThere,
    metric: MetricId,
    session: Db,
    now: Now,
    first: Day = "",
    last: Day = "",
    value: Figure = "",
    size: Figure = "",
    why: Typed = "",
    confirmed: Confirmed = "",
) -> Response:
    typed = {"first": first, "last": last, "value": value, "size": size, "why": why}
    told = Told(form=FORM, typed=typed)
    if found := warned({"why": why}, confirmed):
        return _answer(spot, session, metric, Told(form=FORM, typed=typed, warning=found), now)
    try:
        days = Chosen(first=first or "-", last=last or "-").stretch()
        given = given_of(spot, days, metric, typed) if days else None
        if given is None:
            raise Invalid({"value": "The figure is missing."})
        record_reading(session, spot.desk.rollout.id, given, by=spot.desk.viewer, now=now)
    except Invalid as fault:
        session.rollback()
        fields = {OF_FAULT.get(name, name): said for name, said in fault.fields.items()}
        return _answer(spot, session, metric, told.refused(Invalid(fields)), now)
    except Refused as refusal:
        session.rollback()
        return _answer(spot, session, metric, told.refused(refusal), now)
    return see_other(spot.address(f"figures/{metric}"))


@router.post("/rollouts/{slug}/locations/{location}/readings/{metric}/{reading_id}/withdrawal")
def withdraw(
    spot: EnteringThere,
    metric: MetricId,
    reading_id: RowId,
    session: Db,
    now: Now,
    reason: Typed = "",
    confirmed: Confirmed = "",
) -> Response:
    form = f"withdraw-{reading_id}"
    told = Told(form=form, typed={"reason": reason})
    demand_reading_there(session, spot.desk.rollout, spot.place, spot.wave, metric, reading_id)
    if found := warned({f"reason-{form}": reason}, confirmed):
        return _answer(spot, session, metric, replace(told, warning=found), now)
    act = partial(withdraw_reading, session, reading_id, reason=reason, by=spot.desk.viewer, now=now)
    if (refused := attempted(session, act, told)) is not NOTHING:
        return _answer(spot, session, metric, refused, now)
    return see_other(spot.address(f"figures/{metric}"))


def _answer(
    spot: Spot, session: Session, metric: str, told: Told, now: datetime, days: tuple[str, str] = ("", "")
) -> Response:
    at, desk = spot.desk.rollout.as_of(now), spot.desk
    page = metric_figures(session, desk.rollout, spot.place, spot.wave, metric, desk.viewer, at)
    return html("figures/metric.html", told.status, **in_rollout(desk, "Rhythm"), **shown(spot, page, days, told, at))


def shown(spot: Spot, page: MetricFigures, days: tuple[str, str], told: Told, now: datetime) -> dict[str, Any]:
    """Everything the template needs."""
    desk, metric = spot.desk, page.line.metric
    return {
        "weeks": rail(desk.rollout, now),
        "crumbs": [
            (FIGURES, f"/rollouts/{desk.rollout.slug}/figures"), (spot.name, spot.address()), (metric.title, None)
        ],
        "name": spot.name,
        "told": told,
        "metric": {
            "title": metric.title,
            "unit": metric.unit or "",
            "how": prose(metric.how),
            "formula": metric.formula.text if metric.formula else "",
            "accepts": metric.accept.text if metric.accept else "",
        },
        "facts": [(label, text) for label, text in _facts(page) if text],
        "read": [_days(spot, page, one, told, now) for one in page.read],
        "more": page.more,
        "form": _form(spot, page, days, told) if spot.open and page.line.enters else None,
    }  # fmt: skip


def _facts(page: MetricFigures) -> list[tuple[str, str]]:
    line, metric = page.line, page.line.metric
    latest, row, target = latest_words(line), line.standing, metric.target
    by = f", by {short_day(line.days.by, page.today)}" if line.days.by else ", no date set"
    captured = figure_words(row.captured, metric.unit) if row and row.captured is not None else "not captured yet"
    signed = figure_words(float(line.signed["value"]), line.signed["unit"]) if line.signed else ""
    return [
        ("Unit", metric.unit or ""),
        ("Reported by", owner_words(page.rollout, page.place, metric)),
        ("Read", every_words(metric.every) if not metric.formula else "computed"),
        ("Source", metric.source),
        ("Definition", f"version {metric.definition}" if metric.definition > 1 else ""),
        ("Target", f"{figure_words(target.value, metric.unit)}{by}" if target and target.value is not None else ""),
        ("Latest", f"{latest['value']}, {latest['days']}" if latest["value"] else ""),
        ("Baseline", f"{captured} ({captured_words(line)}), {window_words(line, page.today)}" if line.wanted else ""),
        ("Signed baseline", signed),
        ("Left out", f"{row.left_out} around the go-live, by the playbook" if row and row.left_out else ""),
        ("Of another definition", str(row.otherwise) if row and row.otherwise else ""),
    ]


def _days(spot: Spot, page: MetricFigures, one: ReadDays, told: Told, now: datetime) -> dict[str, Any]:
    """A figure that stands, if one does, and those before it."""
    row, days = one.stands, period_words((one.first, one.last))
    before = [_reading(page, before, now) for before in one.before]
    if row is None:
        return {"days": days, "before": before, "gone": True}
    correct = spot.address(f"figures/{row.metric}", first=row.first.isoformat(), last=row.last.isoformat())
    return {
        **_reading(page, row, now),
        "days": days,
        "gone": False,
        "counts": row.counts,
        "why": "" if row.counts else _left(page, row),
        "correct": f"{correct}#reading" if spot.open and page.line.enters else "",
        "withdraw": _withdrawal(spot, row, told) if spot.open and page.line.enters else None,
        "before": before,
    }


def _withdrawal(spot: Spot, row: MetricReading, told: Told) -> dict[str, Any]:
    """The form that takes a figure out."""
    form = f"withdraw-{row.id}"
    return {
        "form": form,
        "address": spot.address(f"readings/{row.metric}/{row.id}/withdrawal"),
        "reason": told.value(form, "reason"),
        "error": told.fault(form, "reason"),
        "found": told.found(form),
    }


def _left(page: MetricFigures, row: MetricReading) -> str:
    other = row.definition != page.line.metric.definition
    return "another definition" if other else "left out by the playbook"


def _reading(page: MetricFigures, row: MetricReading, now: datetime) -> dict[str, Any]:
    return {
        "value": figure_words(row.value, row.unit),
        "size": plain_figure(row.size),
        "by": reading_words(page, row, zone_of(page.rollout, page.place), now),
        "reason": row.reason if page.line.reads else "",
        "note": row.note if page.line.reads else "",
        "withdrawn": withdrawn_words(page, row, zone_of(page.rollout, page.place), now),
        "withdrawn_reason": row.withdrawn_reason if page.line.reads else "",
    }


def _form(spot: Spot, page: MetricFigures, days: tuple[str, str], told: Told) -> dict[str, Any]:
    """Empty for the days that are due, or with the figure that stands on the days that were asked for."""
    cadence = cadence_of(page.line.metric.every)
    usual = page.line.due or (last_complete(cadence, page.today) if cadence else None)
    first, last = days if any(days) else (usual[0].isoformat(), usual[1].isoformat()) if usual else ("", "")
    stands = next((one.stands for one in page.read if (one.first.isoformat(), one.last.isoformat()) == days), None)
    known = {"first": first, "last": last, "value": plain_figure(stands.value if stands else None),
             "size": plain_figure(stands.size if stands else None), "why": ""}  # fmt: skip
    return {
        "address": spot.address(f"readings/{page.line.metric.id}"),
        "values": {name: told.value(FORM, name, text) for name, text in known.items()},
        "errors": {name: told.fault(FORM, name) for name in known},
        "corrects": stands is not None or "why" in told.errors,
    }
