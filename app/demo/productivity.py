"""The invented practices of the demo: a year of hours and procedures at two centres, and a benchmark beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Final

from app.actions.loading import key_of
from app.actions.productivity.benchmarks import bring_benchmark
from app.actions.productivity.periods import begin_period
from app.actions.productivity.procedures import bring_procedures, count_procedures
from app.actions.productivity.values import bring_values
from app.actions.productivity.worksheets import put_worksheets
from app.demo.people import DIRECTOR
from app.demo.scene import Act, Scene, Step
from app.rules.productivity.benchmarks import read_benchmark
from app.rules.productivity.figures import Sheet
from app.rules.productivity.hours import HourKind, HoursLine
from app.rules.productivity.procedures import read_procedures
from app.rules.productivity.relative_values import read_relative_values

D = Decimal
WORK: Final[Mapping[str, tuple[str, str]]] = {
    "71010": ("Single view chest", "0.19"), "71020": ("AP and lateral chest", "0.23"),
    "71250": ("CT of chest", "1.22"), "72072": ("Thoracic spine", "0.23"), "72156": ("MRI spine", "2.71"),
    "90001": ("Wrist, two views", "0.17"), "90002": ("Abdomen, ultrasound", "0.83"),
    "90003": ("Knee, MRI", "1.38"), "90004": ("Head, CT", "0.88"), "90005": ("Breast, screening", "0.74"),
    "90006": ("Abdomen and pelvis, CT", "1.79"), "90007": ("Thyroid, ultrasound", "0.58"),
}  # fmt: skip
"""What each code is, and its work RVU: the first five are those of the source's example, the others are made up."""
QUANTITIES: Final[Mapping[str, Sequence[int]]] = {
    "alder-quay": (3_100, 6_420, 2_860, 1_240, 2_310, 2_050, 3_880, 3_420, 3_060, 5_930, 3_140, 1_470),
    "fenmoor": (2_480, 4_910, 1_730, 980, 1_120, 1_840, 2_960, 1_890, 2_150, 4_270, 1_910, 1_130),
}
RADIOLOGISTS: Final[Mapping[str, Sequence[tuple[str, int]]]] = {
    "alder-quay": (("Leo Marchetti", 38), ("Ines Oduya", 38), ("Rolf Castellan", 19)),
    "fenmoor": (("Hana Novak", 38), ("Wendell Achebe", 30), ("Mirela Stoica", 19)),
}
"""Who they are, and the hours a week that each of them reads."""
FULL_TIME: Final = D(38)
BENCHMARK: Final = (
    ("name", "Invented practices"), ("source", "Made up for the demo"), ("share of year", "1"),
    ("hours", "normal-day", "call-on-site", "travel-between"), ("metric", "percentile", "value"),
    ("productivity", "25", "6.4"), ("productivity", "50", "8.1"), ("productivity", "75", "9.9"),
    ("availability", "25", "0.78"), ("availability", "50", "0.86"), ("availability", "75", "0.93"),
    ("intensity", "25", "0.71"), ("intensity", "50", "0.84"), ("intensity", "75", "1.02"),
)  # fmt: skip


@dataclass(frozen=True)
class Practices:
    """Gives the moments and acts of measuring how productive two centres were in the year before."""

    scene: Scene

    def steps(self) -> Iterator[Step]:
        began = self.scene.on(None, self.scene.rollout.start or self.scene.now.date(), 11) + timedelta(days=3)
        yield began, self._brings
        for number, slug in enumerate(QUANTITIES):
            yield began + timedelta(days=1, hours=number), self._measures(slug)

    def _brings(self, at: datetime) -> None:
        """The values of the year and the benchmark, for the whole network."""
        by, year = self.scene.viewer(DIRECTOR.name, at), str(at.year - 1)
        mark = (("rvu year", year), *BENCHMARK)
        rows = [[f"{year} National Physician Fee Schedule Relative Value File"], ["", "", "", "WORK"],
                ["HCPCS", "MOD", "DESCRIPTION", "RVU"],
                *([code, "26", title, work] for code, (title, work) in WORK.items())]  # fmt: skip
        bring_values(
            self.scene.session, self.scene.id, read_relative_values(rows), file_name="values-of-the-demo.csv",
            sha256=_digest(rows), by=by, now=at,
        )  # fmt: skip
        bring_benchmark(
            self.scene.session, self.scene.id, read_benchmark(mark), file_name="benchmark-of-the-demo.csv",
            sha256=_digest(mark), by=by, now=at,
        )  # fmt: skip

    def _measures(self, slug: str) -> Act:
        def act(at: datetime) -> None:
            session, by = self.scene.session, self.scene.viewer(self.scene.holder("champion", slug), at)
            year = at.year - 1
            period = begin_period(
                session, key_of(self.scene.place(slug)), first=date(year, 1, 1), last=date(year, 12, 31),
                full_time=FULL_TIME, by=by, now=at,
            )  # fmt: skip
            key = key_of(period)
            put_worksheets(session, key, [_sheet(*one) for one in RADIOLOGISTS[slug]], seen=None, by=by, now=at)
            counts = zip(WORK, QUANTITIES[slug], strict=True)
            rows = [["code", "modifier", "quantity"], *([code, "26", str(number)] for code, number in counts)]
            brought = bring_procedures(
                session, key, read_procedures(rows), file_name=f"procedures-{year}.csv", sha256=_digest(rows), by=by,
                now=at,
            )  # fmt: skip
            count_procedures(session, key_of(brought), seen=None, by=by, now=at)

        return act


def _sheet(name: str, weekly: int) -> Sheet:
    """Forty-four weeks of work, call in turns among three, and the hours that do not count."""
    lines = (
        HoursLine(HourKind.NORMAL_DAY, D(44), D(weekly)),
        HoursLine(HourKind.CALL_ON_SITE, D(44), D(6), shared_by=D(3), note="Call in turns among three"),
        HoursLine(HourKind.TRAVEL_BETWEEN, D(44), D(1), note="To the other office and back"),
        HoursLine(HourKind.STAFF_MEETINGS, D(12), D(1), within=True),
        HoursLine(HourKind.VACATION, D(6), D(weekly)),
        HoursLine(HourKind.EDUCATION, D(2), D(weekly)),
    )
    return Sheet(name, D(weekly), lines=lines)


def _digest(rows: Sequence[Sequence[str]]) -> str:
    return sha256(repr(rows).encode()).hexdigest()
