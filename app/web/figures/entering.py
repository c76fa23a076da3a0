"""Several figures of one period, entered from the form of a place: all of them, or none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from app.actions.metrics.planned import Given, Planned, planned_readings
from app.actions.metrics.recording import record_readings
from app.errors import Invalid, Refused
from app.rules.metrics.judging import figure_of, sign_of
from app.rules.metrics.readings import Stretch
from app.web.answers import see_other
from app.web.figures.at import EnteringThere, Spot
from app.web.figures.place import Chosen, answer, value_of
from app.web.figures.shown import FIELDS
from app.web.issues.identifiers import warned
from app.web.setup.locations import Form
from app.web.site import Db, Now
from app.web.told import Told

router = APIRouter()
OF_FAULT: Final[Mapping[str, str]] = {"size": "size", "reason": "why", "note": "why"}
"""The fields of the row beside its figure; whatever else is wrong stands at the figure."""


@router.post("/rollouts/{slug}/locations/{location}/readings")
def enter(form: Form, spot: EnteringThere, session: Db, now: Now) -> Response:
    """The form is read before the transaction: a slow sender must not hold it."""
    sent = {name: "\n".join(texts) for name, texts in form.items()}
    told = Told(form="readings", typed=sent)
    try:
        days = Chosen(sent.get("period", "")).stretch()
    except Invalid as fault:
        return answer(spot, session, None, Told(form="period", errors=fault.fields), now)
    if days is None:
        return answer(spot, session, None, Told(form="period", errors={"first": "Choose the days first."}), now)
    metrics = [name.removeprefix("value-") for name in sent if name.startswith("value-")]
    if found := warned({f"why-{id_}": sent.get(f"why-{id_}", "") for id_ in metrics}, sent.get("no_patient", "")):
        return answer(spot, session, days, Told(form="readings", typed=sent, warning=found), now)
    try:
        given = _all_given(spot, days, metrics, sent)
        done = _enter(session, spot, given, now)
    except (Invalid, Refused) as refusal:
        session.rollback()
        return answer(spot, session, days, told.refused(refusal), now)
    return see_other(spot.address(period=value_of(days), entered=str(done)) + "#readings")


def _all_given(spot: Spot, days: Stretch, metrics: list[str], sent: Mapping[str, str]) -> list[Given]:
    """The metrics of which anything was typed. Raises Invalid with every fault beside its field."""
    found: list[Given] = []
    faults: dict[str, str] = {}
    for id_ in metrics:
        texts = {name: sent.get(f"{name}-{id_}", "") for name in FIELDS}
        try:
            given = given_of(spot, days, id_, texts)
        except Invalid as fault:
            faults |= {f"{name}-{id_}": said for name, said in fault.fields.items()}
            continue
        found += [given] if given else []
    if faults:
        raise Invalid(faults)
    return found


def given_of(spot: Spot, days: Stretch, metric: str, texts: Mapping[str, str]) -> Given | None:
    """One figure as it was typed: its `value`, of how many (`size`), and a note or the reason (`why`). Nothing where
    nothing was typed. Raises Invalid for what is no figure.
    """
    if not any(texts[name] for name in FIELDS):
        return None
    numbers: dict[str, Decimal | None] = {"value": None, "size": None}
    faults = {} if texts["value"] else {"value": "The figure is missing."}
    for name in numbers:
        try:
            numbers[name] = figure_of(texts[name]) if texts[name] else None
        except ValueError as fault:
            faults[name] = f"{str(fault)[0].upper()}{str(fault)[1:]}"
    value = numbers["value"]
    if faults or value is None:
        raise Invalid(faults)
    place = spot.place.slug if spot.place else ""
    return Given(
        metric,
        *days,
        value,
        place,
        spot.wave,
        numbers["size"],
        texts["why"],
        texts["why"],
        sign=sign_of(texts["value"]),
    )


def _enter(session: Session, spot: Spot, given: list[Given], now: datetime) -> int:
    """How many figures are other ones now. Raises Invalid with what is wrong beside its field, and Refused."""
    if not given:
        raise Invalid({"": "No figure was typed."})
    by, rollout = spot.desk.viewer, spot.desk.rollout.id
    plan = planned_readings(session, rollout, given, by=by, now=now)
    faults = {field_of(row, name): fault for row in plan.of("faulty") for name, fault in row.faults.items()}
    if faults:
        raise Invalid(faults)
    record_readings(session, rollout, given, shown=plan.fingerprint, source="form", by=by, now=now)
    return len(plan.of("new")) + len(plan.of("corrected"))


def field_of(row: Planned, fault: str) -> str:
    return f"{OF_FAULT.get(fault, 'value')}-{row.given.metric}"
