"""The web application: routes, the middlewares before them, and the worker inside where it is wanted."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from app import worker
from app.api.application import ADDRESS, create_api
from app.db import Database
from app.folders import folder
from app.settings import Settings
from app.storage import EvidenceStore
from app.web import deliveries, errors, health, live, reference, search, styles
from app.web.gates import readiness
from app.web.hub import Hub
from app.web.issues import boards as issue_boards
from app.web.issues import causes as issue_causes
from app.web.issues import changes as issue_changes
from app.web.issues import files as issue_files
from app.web.issues import help_desk, intake, taking
from app.web.issues import list as issue_list
from app.web.issues import page as issue_page
from app.web.issues import report as issue_report
from app.web.kept import KeptPages
from app.web.lessons import guided as lesson_guided
from app.web.lessons import list as lesson_list
from app.web.lessons import page as lesson_page
from app.web.lessons import proposal as lesson_proposal
from app.web.lessons import written as lesson_written
from app.web.locations import sheet
from app.web.locations import show as place_page
from app.web.meetings import calendar as meeting_calendar
from app.web.meetings import changes as meeting_changes
from app.web.meetings import list as meeting_list
from app.web.meetings import page as meeting_page
from app.web.meetings import remark, remarks, saying
from app.web.people import (
    account,
    accounts,
    channels,
    inbox,
    invitations,
    leaves,
    members,
    passwords,
    person,
    sign_in,
    tokens,
)
from app.web.playbooks import dates, edit, history, pages
from app.web.presence import mentors as presence_mentors
from app.web.presence import mine as presence_mine
from app.web.presence import proposal as presence_proposal
from app.web.presence import rota, turn
from app.web.reconciliations import changes as count_changes
from app.web.reconciliations import files as count_files
from app.web.reconciliations import network as count_network
from app.web.reconciliations import page as count_page
from app.web.reconciliations import place as count_place
from app.web.reconciliations import upload as count_upload
from app.web.rhythm import show as rhythm
from app.web.rollouts import board, closing, cutovers, manage, places, rollouts, shared, stays, timeline
from app.web.security import FORM_OVERHEAD, PLAYBOOK_LIMIT, STAFF_LIMIT, BodyLimit, CrossSiteRefusal, SafeHeaders
from app.web.setup import locations, people, preview, start
from app.web.tasks import added, changes, comments, evidence, moves, page, plan, plan_bulk, plan_views, signoffs, today
from app.web.training import importing as staff_import
from app.web.training import network as training_network
from app.web.training import person as staff_person
from app.web.training import person_changes as staff_changes
from app.web.training import place as training_place
from app.web.training import session as training_session
from app.web.training import session_changes
from app.web.training import staff as staff_pages
from app.web.upgrades import overview as version_list
from app.web.upgrades import stepping as version_step
from app.worker.channels import switchboard_of
from app.worker.post import office_of

ROUTERS = (
    health.router,
    styles.router,
    live.router,
    search.router,
    reference.router,
    sign_in.router,
    passwords.router,
    account.router,
    inbox.router,
    channels.router,
    taking.router,
    tokens.router,
    leaves.router,
    members.router,
    invitations.router,
    accounts.router,
    person.router,
    deliveries.router,
    edit.router,
    history.router,
    dates.router,
    pages.router,
    start.router,
    locations.router,
    people.router,
    preview.router,
    rollouts.router,
    manage.router,
    places.router,
    place_page.router,
    sheet.router,
    stays.router,
    closing.router,
    shared.router,
    board.router,
    timeline.router,
    readiness.router,
    issue_boards.router,
    issue_causes.router,
    help_desk.router,
    intake.router,
    plan.router,
    plan_bulk.router,
    plan_views.router,
    today.router,
    page.router,
    changes.router,
    signoffs.router,
    moves.router,
    cutovers.router,
    evidence.router,
    comments.router,
    added.router,
    meeting_list.router,
    meeting_page.router,
    meeting_changes.router,
    meeting_calendar.router,
    remarks.router,
    saying.router,
    remark.router,
    rhythm.router,
    training_network.router,
    training_place.router,
    staff_import.router,
    staff_pages.router,
    training_session.router,
    session_changes.router,
    staff_person.router,
    staff_changes.router,
    issue_list.router,
    issue_report.router,
    issue_page.router,
    issue_changes.router,
    issue_files.router,
    count_network.router,
    count_place.router,
    count_upload.router,
    count_page.router,
    count_changes.router,
    count_files.router,
    version_list.router,
    version_step.router,
    lesson_list.router,
    lesson_page.router,
    lesson_guided.router,
    lesson_written.router,
    lesson_proposal.router,
    rota.router,
    presence_proposal.router,
    turn.router,
    presence_mentors.router,
    presence_mine.router,
)


def create_app(settings: Settings, database: Database | None = None) -> FastAPI:
    """The application over an opened database (by default the one that the settings name)."""
    return furnish(assemble(settings), settings, database or Database(settings.database))


def assemble(settings: Settings) -> FastAPI:
    """All routes behind the middlewares, which need the limits of the settings and whether HTTPS ends before them. It
    serves nothing before it is furnished.
    """
    app = FastAPI(
        title="Muster",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_with_worker,
        middleware=[
            Middleware(SafeHeaders, https=settings.secure_cookies),
            Middleware(CrossSiteRefusal, without_cookies=ADDRESS),
            Middleware(BodyLimit, larger=_larger(settings)),
            Middleware(KeptPages),
        ],
    )
    for router in ROUTERS:
        app.include_router(router)
    api = create_api()
    api.state = app.state
    app.state.api = api
    api.dependency_overrides = app.dependency_overrides
    app.router.routes.append(Whole(ADDRESS, api, name="api"))
    app.mount("/static", GZipMiddleware(Static(directory=folder("static"))), name="static")
    errors.install(app)
    return app


def furnish(app: FastAPI, settings: Settings, base: Database) -> FastAPI:
    """The application with what it works on: its database, its files, and whoever listens."""
    app.state.settings = settings
    app.state.database = base
    app.state.hub = Hub(base)
    app.state.store = EvidenceStore(settings.evidence_folder, settings.evidence_limit)
    return app


def _larger(settings: Settings) -> list[tuple[str, int]]:
    """Endings of the addresses that take more than a page's worth, and how much."""
    return [
        ("/evidence", settings.evidence_limit + FORM_OVERHEAD),
        ("/files", settings.evidence_limit + FORM_OVERHEAD),
        ("/issues/new", settings.evidence_limit + FORM_OVERHEAD),
        ("/playbooks/new", PLAYBOOK_LIMIT),
        ("/playbooks/edit", PLAYBOOK_LIMIT),
        ("/playbooks/offers", PLAYBOOK_LIMIT),
        ("/dates", PLAYBOOK_LIMIT),
        ("/set-up/locations", PLAYBOOK_LIMIT),
        ("/reconciliation/file", PLAYBOOK_LIMIT),
        ("/training/staff/preview", STAFF_LIMIT),
        ("/training/staff/import", STAFF_LIMIT),
        ("/text", PLAYBOOK_LIMIT),
    ]


@asynccontextmanager
async def _with_worker(app: FastAPI) -> AsyncIterator[None]:
    """The worker beside the pages, where the settings say so."""
    stop = None
    settings: Settings = app.state.settings
    if settings.worker == "inside":
        stop = worker.start_inside(app.state.database, office_of(settings), switchboard_of(settings))
    yield
    if stop:
        stop()


class Whole(Mount):
    """Everything below an address, but not the address itself; line ends too, which the framework leaves out."""

    def __init__(self, path: str, app: ASGIApp, name: str) -> None:
        super().__init__(path, app, name=name)
        self.path_regex = re.compile(self.path_regex.pattern.replace(".*", ".+"), re.DOTALL)


class Static(StaticFiles):
    """Our own stylesheets, scripts and fonts; a browser asks each time whether they are still the same."""

    def file_response(self, *args: Any, **kwargs: Any) -> Any:
        answer = super().file_response(*args, **kwargs)
        answer.headers["Cache-Control"] = "no-cache"
        return answer
