"""What is kept for the whole rollout: files of relative values, and benchmarks."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.actions.productivity.benchmarks import bring_benchmark, read_benchmark_file, remove_benchmark
from app.actions.productivity.opening import demand_network
from app.actions.productivity.values import bring_values, read_value_file, remove_values
from app.actions.tables import digest_of_file
from app.api.callers import Db
from app.api.describing import changing, reading
from app.api.fields import Given, Line, RowId
from app.api.guards import Desk, Guard, RolloutGuard, Seeing
from app.api.productivity.shapes import Benchmarks, BenchmarkShown, ValueFile, ValueFiles
from app.api.productivity.whole import benchmark_shown, value_file
from app.api.reading import StrictRoute
from app.api.tags import answer
from app.queries.productivity.comparison import benchmark_facts, benchmarks
from app.queries.productivity.page import value_files
from app.request import Now
from app.rules.people.access import Permission, Viewer

router = APIRouter(tags=["productivity"], route_class=StrictRoute)
Entering = Annotated[Desk, Depends(RolloutGuard(Permission.ENTER_FIGURES))]
Enterer = Annotated[Viewer, Depends(Guard(Permission.ENTER_FIGURES))]
GONE: Final[dict[str, Any]] = {"status_code": 204, "response_class": Response, "responses": changing()}


class TableGiven(Given):
    """A file as text: CSV, as it would be brought on the page."""

    file_name: Line = Field("api.csv", min_length=1)
    text: str = Field(max_length=10_000_000)


@router.get(
    "/rollouts/{slug}/relative-value-files", summary="Files of relative values", response_model=ValueFiles,
    responses=reading(),
)  # fmt: skip
def list_values(request: Request, desk: Seeing, session: Db) -> Response:
    """Newest year first."""
    return answer(request, ValueFiles(files=[value_file(one) for one in value_files(session, desk.rollout)]))


@router.post(
    "/rollouts/{slug}/relative-value-files", summary="Bring a file of relative values", status_code=201,
    response_model=ValueFile, responses=changing(),
)  # fmt: skip
def take_values(request: Request, given: TableGiven, desk: Entering, session: Db, now: Now) -> Response:
    """In the public layout of the Medicare physician fee schedule. The same file again is quiet."""
    row = _brought(session, desk, given, read_value_file, bring_values, now)
    return answer(request, value_file(row), status=201, location=f"{desk.address}/relative-value-files")


@router.delete("/relative-value-files/{values_id}", summary="Offer a file of relative values no more", **GONE)
def drop_values(values_id: RowId, viewer: Enterer, session: Db, now: Now) -> Response:
    """Periods that rest on it keep it. Removed already is quiet."""
    remove_values(session, values_id, by=viewer, now=now)
    return Response(status_code=204)


@router.get("/rollouts/{slug}/benchmarks", summary="Benchmarks", response_model=Benchmarks, responses=reading())
def list_benchmarks(request: Request, desk: Seeing, session: Db) -> Response:
    """Newest first."""
    found = [benchmark_shown(benchmark_facts(one)) for one in benchmarks(session, desk.rollout)]
    return answer(request, Benchmarks(benchmarks=found))


@router.post(
    "/rollouts/{slug}/benchmarks", summary="Bring a benchmark", status_code=201, response_model=BenchmarkShown,
    responses=changing(),
)  # fmt: skip
def take_benchmark(request: Request, given: TableGiven, desk: Entering, session: Db, now: Now) -> Response:
    """Percentiles by metric, and what they rest on. The same file again is quiet."""
    row = _brought(session, desk, given, read_benchmark_file, bring_benchmark, now)
    return answer(request, benchmark_shown(benchmark_facts(row)), status=201, location=f"{desk.address}/benchmarks")


@router.delete("/benchmarks/{benchmark_id}", summary="Take a benchmark away", **GONE)
def drop_benchmark(benchmark_id: RowId, viewer: Enterer, session: Db, now: Now) -> Response:
    """Removed already is quiet."""
    remove_benchmark(session, benchmark_id, by=viewer, now=now)
    return Response(status_code=204)


def _brought(
    session: Session, desk: Desk, given: TableGiven, read: Callable[[Any], Any], keep: Callable[..., Any], now: Any
) -> Any:
    demand_network(session, desk.rollout.id, by=desk.viewer)
    file = BytesIO(given.text.encode())
    found = read(file)
    return keep(
        session, desk.rollout.id, found, file_name=given.file_name, sha256=digest_of_file(file), by=desk.viewer,
        now=now,
    )  # fmt: skip
