"""What the product is measured against: bare applications on the same machine, in the same run.

`uvicorn --factory tests.bench.limits:rows` and so on. They read BENCH_DATABASE (an SQLAlchemy URL) where they need one.
"""

from __future__ import annotations

import os
import sqlite3
from typing import Any

import psycopg
from fastapi import FastAPI
from jinja2 import DictLoader, Environment
from sqlalchemy import StaticPool, make_url
from starlette.responses import HTMLResponse, PlainTextResponse, Response

ROWS = 200
COUNTED = "SELECT location_id, workstream, count(*) FROM task GROUP BY location_id, workstream"
ROW = """\
{% macro row(one) %}<li class="task" id="task-{{ one.id }}" data-status="{{ one.status }}">
<form method="post" action="/tasks/{{ one.id }}/completion">
<input type="hidden" name="version" value="{{ one.version }}">
<button class="tick" type="submit"><svg class="icon"><use href="/static/icons/sprite.svg#i-check"/></svg>
<span class="sr">Done: {{ one.title }}</span></button></form>
<a class="task__what" href="/tasks/{{ one.id }}"><span class="task__title">{{ one.title }}</span>
<span class="task__about">{{ one.place }}, {{ one.who }}</span></a>
<span class="status" data-status="{{ one.status }}">{{ one.label }}</span>
<time datetime="{{ one.due }}">{{ one.when }}</time></li>{% endmacro %}"""
PAGE = """\
{% from "row" import row %}<!doctype html><html lang="en"><head><title>Plan</title></head><body><h1>{{ title }}</h1>
<ol class="tasks">{% for one in rows %}{{ row(one) }}{% endfor %}</ol></body></html>"""


def rows() -> FastAPI:
    """A `def` route that renders 200 dict rows by Jinja2 from memory."""
    app = FastAPI()
    templates = Environment(loader=DictLoader({"row": ROW, "page": PAGE}), autoescape=True)
    found = [_row(number) for number in range(ROWS)]

    @app.get("/")
    def show() -> Response:
        return HTMLResponse(templates.get_template("page").render(title="Plan", rows=found))

    return app


def _row(number: int) -> dict[str, Any]:
    return {
        "id": number, "version": 1, "title": f"Task {number} & more", "place": "Alder Quay", "who": "Chiara Amato",
        "status": "todo", "label": "Not started", "due": "2027-02-08", "when": "Mon 8 Feb",
    }  # fmt: skip


def fixed() -> FastAPI:
    """A route that answers the same 30 kB each time."""
    app = FastAPI()
    content = "x" * 30_000

    @app.get("/")
    def show() -> Response:
        return PlainTextResponse(content)

    return app


def write() -> FastAPI:
    """A route that does one update and one insert by the raw driver, in one durable transaction."""
    app = FastAPI()
    url = make_url(os.environ["BENCH_DATABASE"])
    change = _sqlite_change(str(url.database)) if url.get_backend_name() == "sqlite" else _postgresql_change(url)

    @app.post("/{row}")
    def tick(row: int) -> Response:
        change(row)
        return Response(status_code=204)

    return app


def _sqlite_change(file: str) -> Any:
    def change(row: int) -> None:
        with sqlite3.connect(file, timeout=60, isolation_level=None) as connection:
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("UPDATE bench_item SET done = done + 1 WHERE id = ?", (row,))
            connection.execute("INSERT INTO bench_event (item, said) VALUES (?, 'ticked')", (row,))
            connection.execute("COMMIT")
        connection.close()

    return change


def _postgresql_change(url: Any) -> Any:
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)

    def change(row: int) -> None:
        with psycopg.connect(plain) as connection:
            connection.execute("UPDATE bench_item SET done = done + 1 WHERE id = %s", (row,))
            connection.execute("INSERT INTO bench_event (item, said) VALUES (%s, 'ticked')", (row,))

    return change


def bare() -> FastAPI:
    """What any application of this stack imports and loads: FastAPI, SQLModel and a table, Jinja2 and a page."""
    from sqlmodel import Field, Session, SQLModel, create_engine, select

    class Item(SQLModel, table=True):
        id: int | None = Field(default=None, primary_key=True)
        title: str

    engine = create_engine("sqlite://", connect_args={"check_same_thread": False}, poolclass=StaticPool)
    SQLModel.metadata.create_all(engine)
    app = FastAPI()
    templates = Environment(loader=DictLoader({"page": "<h1>{{ items|length }}</h1>"}), autoescape=True)

    @app.get("/")
    def show() -> Response:
        with Session(engine) as session:
            session.exec(select(Item).limit(1))
        return HTMLResponse(templates.get_template("page").render(items=[]))

    return app
