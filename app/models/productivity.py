"""Productivity of radiologists: relative values, worksheets of hours, procedures, and benchmarks to compare with."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Optional

from sqlalchemy import Index, Text
from sqlmodel import Field, SQLModel

from app.models.columns import DecimalText, JSONDoc, UTCDateTime, Versioned, unique_where


class RelativeValueFile(SQLModel, table=True):
    """A file of work RVU for one year, never changed. `faults` are the first rows that were passed over, `faulty` how
    many they are. Removed, it is offered no more; periods that rest on it keep it.
    """

    __tablename__ = "relative_value_file"
    __table_args__ = (
        unique_where("uq_relative_value_file_standing", "rollout_id", "sha256", where="removed_at IS NULL"),
    )

    id: Optional[int] = Field(default=None, primary_key=True)
    rollout_id: int = Field(foreign_key="rollout.id", index=True)
    year: int
    file_name: str
    sha256: str
    codes: int
    faulty: int = 0
    faults: Any = Field(sa_type=JSONDoc)
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    removed_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)


class RelativeValue(SQLModel, table=True):
    """The work RVU of the professional component of one code."""

    __tablename__ = "relative_value"

    file_id: int = Field(foreign_key="relative_value_file.id", primary_key=True)
    code: str = Field(primary_key=True)
    work: Decimal = Field(sa_type=DecimalText)


class Benchmark(SQLModel, table=True):
    """Percentiles of the indices, by metric a list of pairs, and the basis that they rest on: the year of the values,
    the share of a year, and the kinds of hours that count.
    """

    __tablename__ = "benchmark"
    __table_args__ = (unique_where("uq_benchmark_standing", "rollout_id", "sha256", where="removed_at IS NULL"),)

    id: Optional[int] = Field(default=None, primary_key=True)
    rollout_id: int = Field(foreign_key="rollout.id", index=True)
    name: str
    source: str = Field(default="", sa_type=Text)
    rvu_year: int
    year_share: Decimal = Field(sa_type=DecimalText)
    kinds: Any = Field(sa_type=JSONDoc)
    percentiles: Any = Field(sa_type=JSONDoc)
    file_name: str
    sha256: str
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    removed_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)


class ProductivityPeriod(Versioned, table=True):
    """A period at a location: `full_time` weekly hours of a full position, the relative values that it rests on, and
    what follows from them and the procedures that count: `rvu` is None while there are no values.
    """

    __tablename__ = "productivity_period"
    __table_args__ = (
        unique_where("uq_productivity_period_standing", "location_id", "first", "last", where="removed_at IS NULL"),
        Index("ix_productivity_period_rollout", "rollout_id", "location_id", "last"),
    )

    id: Optional[int] = Field(default=None, primary_key=True)
    rollout_id: int = Field(foreign_key="rollout.id")
    location_id: int = Field(foreign_key="location.id")
    first: date
    last: date
    full_time: Decimal = Field(sa_type=DecimalText)
    values_id: Optional[int] = Field(default=None, foreign_key="relative_value_file.id")
    procedures: int = 0
    rvu: Optional[Decimal] = Field(default=None, sa_type=DecimalText)
    unvalued: int = 0
    unvalued_procedures: int = 0
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    removed_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)


class Worksheet(SQLModel, table=True):
    """The hours of one radiologist in a period: what they work a week, and the share of the period that they were
    there. A changed worksheet is a row more; the old one keeps `replaced_at`.
    """

    __tablename__ = "worksheet"
    __table_args__ = (unique_where("uq_worksheet_standing", "period_id", "position", where="replaced_at IS NULL"),)

    id: Optional[int] = Field(default=None, primary_key=True)
    period_id: int = Field(foreign_key="productivity_period.id", index=True)
    position: int
    name: str
    weekly: Decimal = Field(sa_type=DecimalText)
    worked: Decimal = Field(sa_type=DecimalText)
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    replaced_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)


class WorksheetLine(SQLModel, table=True):
    """So many times so many hours of one kind, shared by so many; `within` what other lines count, and taken off it."""

    __tablename__ = "worksheet_line"

    worksheet_id: int = Field(foreign_key="worksheet.id", primary_key=True)
    position: int = Field(primary_key=True)
    kind: str
    times: Decimal = Field(sa_type=DecimalText)
    hours: Decimal = Field(sa_type=DecimalText)
    shared_by: Decimal = Field(sa_type=DecimalText)
    within: bool = False
    note: str = ""


class ProcedureUpload(SQLModel, table=True):
    """A file of procedures, read and summed up by code. It counts from `counted_at` on, until another one does or it is
    left out. `other` and `other_rvu` are procedures that the file knows as a sum only.
    """

    __tablename__ = "procedure_upload"
    __table_args__ = (
        unique_where(
            "uq_procedure_upload_counted", "period_id", where="counted_at IS NOT NULL AND replaced_at IS NULL"
        ),
        unique_where("uq_procedure_upload_shown", "period_id", where="counted_at IS NULL AND replaced_at IS NULL"),
    )

    id: Optional[int] = Field(default=None, primary_key=True)
    period_id: int = Field(foreign_key="productivity_period.id", index=True)
    file_name: str
    sha256: str
    lines: int
    technical: int = 0
    codes: int
    procedures: int
    other: int = 0
    other_rvu: Decimal = Field(default=Decimal(0), sa_type=DecimalText)
    faulty: int = 0
    faults: Any = Field(sa_type=JSONDoc)
    by_id: int = Field(foreign_key="person.id")
    at: datetime = Field(sa_type=UTCDateTime)
    counted_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)
    counted_by: Optional[int] = Field(default=None, foreign_key="person.id")
    replaced_at: Optional[datetime] = Field(default=None, sa_type=UTCDateTime)


class ProcedureCount(SQLModel, table=True):
    """How many of one code a file has."""

    __tablename__ = "procedure_count"

    upload_id: int = Field(foreign_key="procedure_upload.id", primary_key=True)
    code: str = Field(primary_key=True)
    quantity: int
