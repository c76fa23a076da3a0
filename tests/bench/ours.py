"""Muster as it is served, over the database that BENCH_DATABASE names, with its worker elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

from fastapi import FastAPI

from app.main import create_app
from app.serving import keep_what_started
from app.settings import Settings


def app() -> FastAPI:
    settings = Settings(
        database_url=os.environ["BENCH_DATABASE"], data=Path(os.environ["BENCH_DATA"]), worker="separate"
    )
    made = create_app(settings)
    keep_what_started()
    return made
