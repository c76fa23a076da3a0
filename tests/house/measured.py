"""A period of productivity at both locations, with a canary in its names, notes and files, and its addresses."""

from __future__ import annotations

from io import BytesIO
from typing import Any, Final

from sqlmodel import Session, select

from app.actions.productivity.procedures import bring_procedures, read_procedure_file
from app.actions.productivity.worksheets import put_worksheet
from app.models import Benchmark, ProcedureUpload, ProductivityPeriod, RelativeValueFile, Worksheet
from app.rules.productivity.figures import Sheet
from app.rules.productivity.hours import WHOLE, HourKind, HoursLine
from tests.actions.productivity.practice import practice
from tests.cast import NOW
from tests.house import policy
from tests.house.policy import AT, DO, Address, Rule
from tests.web.conftest import Site

R: Final = "/rollouts/two-sites"
ONE: Final = "/productivity/{period_id}"
OLD: Final = {"version": "0"}
Asked = tuple[str, Rule, Any, bool]


def measure_at(site: Site, session: Session, place: str, canary: str) -> None:
    """The practice of the example, somebody with a canary for a name, and a file of that name that waits."""
    known, by = practice(session, site.cast, place), site.cast.viewer(session, "dir")
    lines = (HoursLine(HourKind.NORMAL_DAY, WHOLE, WHOLE, note=f"{canary} hours"),)
    put_worksheet(session, known.period, Sheet(f"{canary} name", WHOLE, WHOLE, lines), seen=None, by=by, now=NOW)
    read = read_procedure_file(BytesIO(f"code\n71010\n{canary[:20]}\n".encode()))
    bring_procedures(session, known.period, read, file_name=f"{canary}.csv", sha256=canary, by=by, now=NOW)


class Known:
    """Keys of what was furnished, by location; files and benchmark are the rollout's."""

    def __init__(self, site: Site) -> None:
        slugs = {key: slug for slug, key in site.cast.locations.items()}
        with site.database.reading() as session:
            periods = session.exec(select(ProductivityPeriod)).all()
            self.period = {slugs[one.location_id]: one.id or 0 for one in periods}
            at = {key: slug for slug, key in self.period.items()}
            sheets, uploads = session.exec(select(Worksheet)).all(), session.exec(select(ProcedureUpload)).all()
            self.sheet = {at[one.period_id]: one.id or 0 for one in sheets}
            self.upload = {at[one.period_id]: one.id or 0 for one in uploads if one.counted_at}
            self.values = session.exec(select(RelativeValueFile.id)).first() or 0
            self.benchmark = session.exec(select(Benchmark.id)).first() or 0


def productivity_addresses(site: Site) -> dict[str, list[Address]]:
    """Every page and form of productivity."""
    known, room = Known(site), "/rollouts/{slug}/productivity"
    found = {
        room: [Address(f"{R}/productivity", policy.PLAN)],
        f"{room}/periods": [Address(f"{R}/productivity/periods", policy.ADD)],
        f"{room}/values": [Address(f"{R}/productivity/values", policy.OVERSEE)],
        f"{room}/benchmarks": [Address(f"{R}/productivity/benchmarks", policy.OVERSEE)],
        f"{room}/values/{{file_id}}/removal": [
            Address(f"{R}/productivity/values/{known.values}/removal", policy.OVERSEE)
        ],
        f"{room}/benchmarks/{{benchmark_id}}/removal": [
            Address(f"{R}/productivity/benchmarks/{known.benchmark}/removal", policy.OVERSEE)
        ],
        "/rollouts/{slug}/locations/{location}/productivity/{period_id}": [
            Address(f"{R}/locations/{at}/productivity/{known.period[at]}", AT[at]) for at in AT
        ],
    }
    for act in ("details", "removal", "worksheets", "worksheets/new", "procedures", "metrics"):
        found[f"{ONE}/{act}"] = [Address(f"/productivity/{known.period[at]}/{act}", DO[at], OLD) for at in AT]
    sheet, upload = f"{ONE}/worksheets/{{worksheet_id}}", f"{ONE}/procedures/{{upload_id}}"
    for path, keys in (
        (sheet, known.sheet), (f"{sheet}/removal", known.sheet), (f"{upload}/counting", known.upload),
        (f"{upload}/removal", known.upload),
    ):  # fmt: skip
        found[path] = [
            Address(path.replace("{period_id}", str(known.period[at])).replace("{worksheet_id}", str(keys[at]))
                    .replace("{upload_id}", str(keys[at])), DO[at], OLD)
            for at in AT
        ]  # fmt: skip
    return found


def productivity_asks(site: Site) -> dict[str, list[Asked]]:
    """For every operation of productivity: path, rule, body, and whether the thing may not be there."""
    known, base = Known(site), "/rollouts/{slug}"
    one = "/productivity-periods/{period_id}"
    days = {"first": "2026-01-01", "last": "2025-01-01", "full_time": "36"}
    found: dict[str, list[Asked]] = {
        f"GET {base}/productivity-periods": [(f"{R}/productivity-periods", policy.PLAN, None, False)],
        f"GET {base}/productivity-comparison": [
            (f"{R}/productivity-comparison?periods={known.period['alder']}", AT["alder"], None, False)
        ],
        f"POST {base}/locations/{{location}}/productivity-periods": [
            (f"{R}/locations/{at}/productivity-periods", DO[at], days, False) for at in AT
        ],
        "DELETE /relative-value-files/{values_id}": [
            (f"/relative-value-files/{known.values}", policy.OVERSEE, None, False)
        ],
        "DELETE /benchmarks/{benchmark_id}": [(f"/benchmarks/{known.benchmark}", policy.OVERSEE, None, False)],
    }
    for part in ("relative-value-files", "benchmarks"):
        found[f"GET {base}/{part}"] = [(f"{R}/{part}", policy.PLAN, None, False)]
        found[f"POST {base}/{part}"] = [(f"{R}/{part}", policy.OVERSEE, {"text": "nothing"}, False)]
    for key, rules, body in (
        ("GET ", AT, None), ("PUT ", DO, {"full_time": "1", "values": None}), ("DELETE ", DO, None),
        ("PUT /metrics", DO, {}), ("PUT /worksheets", DO, {"worksheets": []}),
        ("PUT /procedures", DO, {"lines": [], "other": 1}),
    ):  # fmt: skip
        method, end = key.split(" ")
        found[f"{method} {one}{end}"] = [
            (f"/productivity-periods/{known.period[at]}{end}", rules[at], body, False) for at in AT
        ]
    return found
