"""Column types that mean the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Optional

from sqlalchemy import JSON, DateTime, Dialect, Index, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import declared_attr
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

JSONDoc = JSON().with_variant(JSONB(), "postgresql")

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def unique_where(name: str, *columns: str, where: str) -> Index:
    """A unique index over the rows that `where` picks: NULL is never equal to NULL in a plain one."""
    return Index(name, *columns, unique=True, sqlite_where=text(where), postgresql_where=text(where))


class UTCDateTime(TypeDecorator[datetime]):
    """An instant. Takes aware datetimes only (ValueError otherwise) and gives them back in UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class DecimalText(TypeDecorator[Decimal]):
    """An exact figure, kept as its digits: what was counted is never rounded by a database."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        return None if value is None else f"{value:f}"

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class Versioned(SQLModel):
    """Counts every change of its row; a writer that read an older count gets StaleDataError."""

    version: int = Field(default=1, nullable=False)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 (SQLAlchemy calls it on the class)
        return {"version_id_col": cls.version}


class Attached(SQLModel):
    """A file that proves something; `sha256` names the stored content (empty where the row is a link). Removed, the row
    stays and so does the content.
    """

    id: Optional[int] = Field(default=None, primary_key=True)
    file_name: str = ""
    content_type: str = ""
    size: int = 0
    sha256: str = ""
    at: datetime = Field(sa_type=UTCDateTime)
    removed_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
