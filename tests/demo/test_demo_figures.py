"""The demo has figures to look at: baselines that were signed in time, a correction, and readings up to last week."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from sqlmodel import col, func, select

from app.demo import open_demo
from app.models import Baseline, Location, MetricReading, MetricStanding
from app.settings import Settings

SATURDAY = datetime(2026, 11, 21, 19, tzinfo=UTC)
LAST_WEEK = date(2026, 11, 15)


def test_every_centre_has_signed_its_baseline_and_reads_on(tmp_path: Path) -> None:
    demo = open_demo(Settings(data=tmp_path), now=SATURDAY)
    with demo.database.reading() as session:
        signed = session.exec(select(Baseline.location_id).where(col(Baseline.replaced_at).is_(None))).all()
        assert len(signed) == 5
        assert set(signed) == {None, *session.exec(select(Location.id)).all()}
        replaced = session.exec(select(MetricReading).where(col(MetricReading.replaced_at).is_not(None))).all()
        assert [(row.metric, str(row.value)) for row in replaced] == [("denial-rate", "9.4")]
        stated = {"ar-days": 45, "denial-rate": 8, "equipment-utilisation": 62, "cost-per-exam": 12}
        for metric, wanted in stated.items():
            rows = session.exec(select(MetricStanding).where(MetricStanding.metric == metric)).all()
            mean = sum(row.baseline or 0 for row in rows) / len(rows)
            assert abs(mean - wanted) <= wanted / 25
        latest = select(func.max(MetricReading.last)).where(MetricReading.metric == "ar-days")
        assert session.exec(latest).one() == LAST_WEEK
    demo.database.dispose()
