"""Forms that change a period: its basis, its procedures, and that it is taken away."""

from __future__ import annotations

from functools import partial
from typing import Any

from fastapi import APIRouter, UploadFile
from starlette.responses import Response

from app.actions.productivity.opening import demand_period
from app.actions.productivity.periods import change_period, remove_period
from app.actions.productivity.procedures import (
    bring_procedures,
    count_procedures,
    leave_out_procedures,
    read_procedure_file,
)
from app.actions.productivity.taking_over import take_over
from app.actions.productivity.worksheets import remove_worksheet
from app.actions.tables import digest_of_file
from app.errors import Invalid
from app.rules.productivity.cells import figure
from app.rules.productivity.figures import WEEK
from app.web.forms import Line, RowId
from app.web.productivity.bringing import Bringer, opened_file
from app.web.productivity.page import Changing, Enterer, PeriodForm, address_of, room_of
from app.web.site import Base, Db, Now, Token, recognised
from app.web.tasks.forms import Key, key_of
from app.web.told import Told

router = APIRouter()


@router.post("/productivity/{period_id}/details")
def change(form: Changing, full_time: Line = "", values: Key = "") -> Response:
    typed = {"full_time": full_time, "values": values}

    def act() -> object:
        demand_period(form.session, form.period_id, by=form.viewer, now=form.now)
        weekly = figure(full_time, WEEK)
        if weekly is None:
            raise Invalid({"full_time": f"A figure up to {WEEK}, such as 36."})
        return change_period(
            form.session, form.period_id, full_time=weekly, values_id=key_of(values), seen=form.seen, by=form.viewer,
            now=form.now,
        )  # fmt: skip

    return form.make(act, Told(form="details", typed=typed))


@router.post("/productivity/{period_id}/removal")
def remove(form: Changing) -> Response:
    to = room_of(form.page())
    act = partial(remove_period, form.session, form.period_id, seen=form.seen, by=form.viewer, now=form.now)
    return form.make(act, to=to)


@router.post("/productivity/{period_id}/worksheets/{worksheet_id}/removal")
def remove_sheet(form: Changing, worksheet_id: RowId) -> Response:
    return form.make(
        partial(
            remove_worksheet, form.session, form.period_id, worksheet_id, seen=form.seen, by=form.viewer, now=form.now
        )
    )


@router.post("/productivity/{period_id}/procedures")
def bring(
    period_id: RowId, viewer: Bringer, base: Base, token: Token, now: Now, file: UploadFile | None = None
) -> Response:
    """The file is read before the transaction of the change: a year of lines takes seconds."""
    with base.reading() as session:
        demand_period(session, period_id, by=viewer, now=now)
    told = Told(form="procedures")
    try:
        name, content = opened_file(file)
        read, sha256 = read_procedure_file(content), digest_of_file(content)
    except Invalid as fault:
        with base.reading() as session:
            return PeriodForm(session, recognised(session, token, now), period_id, 0, now).answer(told.refused(fault))
    with base.writing() as session:
        form = PeriodForm(session, recognised(session, token, now), period_id, 0, now)
        given: dict[str, Any] = {"file_name": name, "sha256": sha256, "by": form.viewer, "now": now}
        return form.make(partial(bring_procedures, session, period_id, read, **given), told)


@router.post("/productivity/{period_id}/procedures/{upload_id}/counting")
def count(form: Changing, upload_id: RowId) -> Response:
    return form.make(partial(count_procedures, form.session, upload_id, seen=form.seen, by=form.viewer, now=form.now))


@router.post("/productivity/{period_id}/procedures/{upload_id}/removal")
def leave_out(period_id: RowId, upload_id: RowId, viewer: Enterer, session: Db, now: Now) -> Response:
    form = PeriodForm(session, viewer, period_id, 0, now)
    return form.make(partial(leave_out_procedures, session, upload_id, by=viewer, now=now))


@router.post("/productivity/{period_id}/metrics")
def take(form: Changing, reason: Line = "") -> Response:
    """The figures become readings of the playbook's metrics."""
    act = partial(take_over, form.session, form.period_id, reason=reason, seen=form.seen, by=form.viewer, now=form.now)
    return form.make(
        act, Told(form="metrics", typed={"reason": reason}), to=f"{address_of(form.page())}?taken=yes#metrics"
    )
