"""The worked example of the source, to its printed digits, each figure on the way included.

The source adds 5,359 and 468 to 5,727 hours: a misprint, for three times 1,753 hours are 5,259, as it says before.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from app.rules.productivity.hours import HourKind, HoursLine, available_hours, fte
from app.rules.productivity.indices import BUSINESS_YEAR, indices, work_of
from app.rules.productivity.relative_values import read_relative_values

D = Decimal
CENT = D("0.01")
FULL_TIME = [
    HoursLine(HourKind.NORMAL_DAY, D(44), D(36)),
    HoursLine(HourKind.CALL_ON_SITE, D(44), D(6), shared_by=D(3)),
    HoursLine(HourKind.NORMAL_DAY, D(4), D(8), note="Holidays"),
    HoursLine(HourKind.NORMAL_DAY, D(52), D(4), shared_by=D(3), note="Sundays"),
    HoursLine(HourKind.STAFF_MEETINGS, D(20), D(1), within=True),
]
SATURDAYS = [HoursLine(HourKind.NORMAL_DAY, D(52), D(9), note="Saturdays, without lunch")]
PERFORMED = {"71010": 456, "71020": 2_345, "71250": 247, "72072": 873, "72156": 181}
FILE = """\
1992 National Physician Fee Schedule Relative Value File
,,,STATUS,WORK
HCPCS,MOD,DESCRIPTION,CODE,RVU
71010,26,Chest x-ray,A,0.19
71020,26,Chest x-ray,A,0.23
71250,26,Ct thorax w/o dye,A,1.22
72072,26,X-ray exam thoracic spine,A,0.23
72156,26,Mri neck spine,A,2.71
"""
VALUES = read_relative_values(line.split(",") for line in FILE.splitlines())


def rounded(value: Decimal | None, digits: Decimal = CENT, how: str = ROUND_HALF_UP) -> Decimal:
    assert value is not None
    return value.quantize(digits, how)


def test_the_hours_of_a_full_time_radiologist() -> None:
    assert [line.available for line in FULL_TIME] == [1_584, 88, 32, 69, -20]
    assert available_hours(FULL_TIME) == 1_753


def test_the_hours_of_the_practice() -> None:
    three = 3 * available_hours(FULL_TIME)
    assert (three, available_hours(SATURDAYS), three + available_hours(SATURDAYS)) == (5_259, 468, 5_727)


def test_the_full_positions() -> None:
    assert 3 * fte(D(36), D(36)) + fte(D(9), D(36)) == D("3.25")


def test_the_illustrated_procedures() -> None:
    extended = [VALUES.work[code] * number for code, number in PERFORMED.items()]
    assert extended == [D("86.64"), D("539.35"), D("301.34"), D("200.79"), D("490.51")]
    work = work_of(PERFORMED, VALUES)
    assert (work.procedures, work.rvu, work.unvalued) == (4_102, D("1618.63"), {})


def test_the_three_indices() -> None:
    illustrated = work_of(PERFORMED, VALUES)
    # The other examinations stand in the source as sums.
    rvu, procedures = illustrated.rvu + D("113750.37"), illustrated.procedures + 51_200
    assert (rvu, procedures) == (115_369, 55_302)
    found = indices(rvu=rvu, procedures=procedures, hours=D(5_727), positions=D("3.25"))
    assert rounded(5_727 / BUSINESS_YEAR, D("0.001")) == D("2.753")
    assert rounded(found.productivity) == D("20.14")
    assert rounded(found.availability, D("0.001")) == D("0.847")
    assert rounded(found.intensity) == D("2.09")
