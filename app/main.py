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
from app.web import errors
from app.web.hub import Hub
from app.web.kept import KeptPages
from app.web.routers import ROUTERS
from app.web.security import (
    FORM_OVERHEAD,
    PLAYBOOK_LIMIT,
    PROCEDURES_LIMIT,
    STAFF_LIMIT,
    VALUES_LIMIT,
    BodyLimit,
    CrossSiteRefusal,
    SafeHeaders,
)
from app.worker.channels import switchboard_of
from app.worker.post import office_of


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
        ("/figures/upload", STAFF_LIMIT),
        ("/procedures", PROCEDURES_LIMIT),
        ("/productivity/values", VALUES_LIMIT),
        ("/relative-value-files", VALUES_LIMIT),
        ("/worksheets", PLAYBOOK_LIMIT),
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
