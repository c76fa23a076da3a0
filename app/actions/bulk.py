"""Many rows in one statement: for what concerns a thousand things at once.

SQLAlchemy prepares the values of each row anew, which takes several times as long as writing them. Here a column's
values are prepared in one go: on PostgreSQL all rows are sent as one document, on SQLite as plain tuples.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Table
from sqlmodel import Session, SQLModel

Rows = Sequence[dict[str, Any]]


def insert_rows(session: Session, model: type[SQLModel], rows: Rows, *, unless: str = "") -> None:
    """Write rows, all with the same columns; those whose value of the unique column `unless` is there already are left
    out.
    """
    if not rows:
        return
    columns = _columns(model, rows)
    names = ", ".join(_quoted(one.name) for one in columns)
    into = f"INSERT INTO {_quoted(_table(model).name)} ({names}) "
    quietly = f" ON CONFLICT ({unless}) DO NOTHING" if unless else ""
    if _is_postgresql(session):
        # S608: the names are those of our own tables.
        _document(session, f"{into}SELECT {names} FROM {{given}}{quietly}", columns, rows)  # noqa: S608
    else:
        marks = ", ".join("?" for _ in columns)
        _tuples(session, f"{into}VALUES ({marks}){quietly}", columns, rows)


def update_rows(session: Session, model: type[SQLModel], rows: Rows) -> None:
    """Give the rows whose key is `id` their new values, all in the same columns."""
    if not rows:
        return
    columns = sorted(_columns(model, rows), key=lambda one: one.name == "id")
    names = [_quoted(one.name) for one in columns]
    update = f"UPDATE {_quoted(_table(model).name)} AS target SET "  # noqa: S608
    if _is_postgresql(session):
        sets = ", ".join(f"{name} = given.{name}" for name in names[:-1])
        _document(session, f"{update}{sets} FROM {{given}} WHERE target.id = given.id", columns, rows)
    else:
        sets = ", ".join(f"{name} = ?" for name in names[:-1])
        _tuples(session, f"{update}{sets} WHERE id = ?", columns, rows)


def _document(session: Session, statement: str, columns: Sequence[Column[Any]], rows: Rows) -> None:
    dialect = session.get_bind().dialect
    typed = ", ".join(f"{_quoted(one.name)} {one.type.compile(dialect)}" for one in columns)
    given = f"jsonb_to_recordset(%s::jsonb) AS given({typed})"
    text = json.dumps(rows, default=datetime.isoformat)
    session.connection().exec_driver_sql(statement.format(given=given), (text,))


def _tuples(session: Session, statement: str, columns: Sequence[Column[Any]], rows: Rows) -> None:
    values = list(zip(*(_values(session, one, rows) for one in columns), strict=True))
    session.connection().exec_driver_sql(statement, values)


def _values(session: Session, column: Column[Any], rows: Rows) -> Sequence[Any]:
    """A column's values as the driver takes them."""
    dialect = session.get_bind().dialect
    prepare: Callable[[Any], Any] | None = column.type.dialect_impl(dialect).bind_processor(dialect)
    name = column.name
    if prepare is None:
        return [row[name] for row in rows]
    known: dict[object, Any] = {}  # what stands in many rows, such as one moment for all, is prepared once
    found = []
    for row in rows:
        value = row[name]
        key = value if isinstance(value, datetime) else id(value)
        if key not in known:
            known[key] = prepare(value)
        found.append(known[key])
    return found


def _columns(model: type[SQLModel], rows: Rows) -> list[Column[Any]]:
    return [one for one in _table(model).columns if one.name in rows[0]]


def _table(model: type[SQLModel]) -> Table:
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table


def _quoted(name: str) -> str:
    return f'"{name}"'


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
