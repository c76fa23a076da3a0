"""Files that are brought for the whole rollout, and taken away: relative values and benchmarks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, BinaryIO

from fastapi import APIRouter, UploadFile
from sqlmodel import Session
from starlette.responses import Response

from app.actions.productivity.benchmarks import bring_benchmark, read_benchmark_file, remove_benchmark
from app.actions.productivity.opening import demand_network
from app.actions.productivity.values import bring_values, read_value_file, remove_values
from app.actions.tables import digest_of_file
from app.errors import Invalid, NotFound
from app.rules.people.access import Permission, Viewer
from app.web.answers import see_other
from app.web.forms import RowId, Slug
from app.web.productivity.bringing import Bringer, opened_file
from app.web.productivity.overview import Entering, overview_page
from app.web.site import Base, Db, Desk, Now, RolloutGuard, Token, recognised
from app.web.told import NOTHING, Told, attempted

router = APIRouter()


@router.post("/rollouts/{slug}/productivity/values")
def take_values(
    slug: Slug, viewer: Bringer, base: Base, token: Token, now: Now, file: UploadFile | None = None
) -> Response:
    return _taken(base, slug, viewer, token, now, file, "values", read_value_file, bring_values)


@router.post("/rollouts/{slug}/productivity/benchmarks")
def take_benchmark(
    slug: Slug, viewer: Bringer, base: Base, token: Token, now: Now, file: UploadFile | None = None
) -> Response:
    return _taken(base, slug, viewer, token, now, file, "benchmarks", read_benchmark_file, bring_benchmark)


def _taken(
    base: Base, slug: str, viewer: Viewer, token: str | None, now: datetime, file: UploadFile | None, form: str,
    read: Callable[[BinaryIO], Any], keep: Callable[..., object],
) -> Response:  # fmt: skip
    """The file is read between two transactions: one asks whether it may be brought, the other keeps it."""
    with base.reading() as session:
        desk = _desk(session, viewer, slug, now)
        demand_network(session, desk.rollout.id, by=viewer)
    told = Told(form=form)
    try:
        name, content = opened_file(file)
        found, sha256 = read(content), digest_of_file(content)
    except Invalid as fault:
        with base.reading() as session:
            return overview_page(_desk(session, viewer, slug, now), session, now, told.refused(fault))
    with base.writing() as session:
        desk = _desk(session, recognised(session, token, now), slug, now)
        given = {"file_name": name, "sha256": sha256, "by": desk.viewer, "now": now}
        told = attempted(session, partial(keep, session, desk.rollout.id, found, **given), told)
        return see_other(_room(desk, form)) if told is NOTHING else overview_page(desk, session, now, told)


def _desk(session: Session, viewer: Viewer, slug: str, now: datetime) -> Desk:
    return RolloutGuard(Permission.SEE_PLAN)(viewer, slug, session, now)


def _room(desk: Desk, part: str) -> str:
    return f"/rollouts/{desk.rollout.slug}/productivity#{part}"


@router.post("/rollouts/{slug}/productivity/values/{file_id}/removal")
def drop_values(desk: Entering, file_id: RowId, session: Db, now: Now) -> Response:
    row = remove_values(session, file_id, by=desk.viewer, now=now)
    return _dropped(desk, row.rollout_id, "values")


@router.post("/rollouts/{slug}/productivity/benchmarks/{benchmark_id}/removal")
def drop_benchmark(desk: Entering, benchmark_id: RowId, session: Db, now: Now) -> Response:
    row = remove_benchmark(session, benchmark_id, by=desk.viewer, now=now)
    return _dropped(desk, row.rollout_id, "benchmarks")


def _dropped(desk: Desk, rollout_id: int, part: str) -> Response:
    if rollout_id != desk.rollout.id:
        raise NotFound("file")
    return see_other(_room(desk, part))
