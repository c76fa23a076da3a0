"""All rows of a database, taken out and put into another: what costs many steps to make is made once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, insert, inspect, select, text
from sqlmodel import SQLModel

from app.db import Database

Rows = dict[str, list[dict[str, Any]]]


def rows_of(database: Database) -> Rows:
    """Every row by table, with its key."""
    with database.engine.connect() as connection:
        return {
            table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in SQLModel.metadata.sorted_tables
        }


def put_back(database: Database, rows: Rows) -> None:
    """Write the rows into an empty database; keys given from then on follow theirs."""
    with database.engine.begin() as connection:
        for table in SQLModel.metadata.sorted_tables:
            if rows[table.name]:
                connection.execute(insert(table), rows[table.name])
                _count_on(connection, table.name)


def _count_on(connection: Connection, table: str) -> None:
    if connection.dialect.name != "postgresql":
        return
    if not any(column["name"] == "id" for column in inspect(connection).get_columns(table)):
        return  # a row that is found by what it is of has no number to count on
    sequence = connection.scalar(select(func.pg_get_serial_sequence(table, "id")))
    if sequence:
        connection.execute(text(f"SELECT setval(:sequence, max(id)) FROM {table}"), {"sequence": sequence})
