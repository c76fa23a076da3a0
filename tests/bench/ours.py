"""Muster as it is served, over the database that BENCH_DATABASE names, with its worker elsewhere."""

from __future__ import annotations

import os
from pathlib import Path

from fastapi import FastAPI

from app.main import create_app
from app.settings import Settings


def app() -> FastAPI:
    return create_app(
        Settings(database_url=os.environ["BENCH_DATABASE"], data=Path(os.environ["BENCH_DATA"]), worker="separate")
    )
