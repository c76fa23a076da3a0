"""What metrics are worth in money since a go-live, and when that has paid for what the change cost. Pure.

Three kinds of figures are worth money. A ratio in a currency, `spend / exams`: (baseline − figure) × exams of the same
days. A plain figure in a currency that is part of no other figure, such as a year's insurance premium: baseline −
figure. Positions (FTE): baseline − figure, worth what somebody said that a position costs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from typing import Final

from app.plan.format.metrics import Metric
from app.rules.metrics.readings import Mean, Reading

_CODES: Final = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG
HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA
MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD
RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX
USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG
"""
ISO_4217: Final = frozenset(_CODES.split())
FTE: Final = "FTE"
YEAR: Final = Decimal("365.25")
MONTHS: Final = 3
ALIKE: Final = (Decimal("0.85"), Decimal("1.15"))
"""So many times as long as a reading of the baseline a plain figure's may be: any month beside any other is."""
RULE: Final = (
    "Saved is what was not spent, against the baseline, in the days from which on figures count at each centre."
    " Those that the playbook leaves out count in nothing. Different currencies are never added."
)


def currency_of(unit: str | None) -> str:
    """The currency of a unit, its first word as ISO 4217 has it: `USD`, `EUR per exam`; empty where it is none."""
    word = (unit or "").split(" ")[0]
    return word if word in ISO_4217 else ""


def worth(metrics: Mapping[str, Metric], id_: str) -> str:
    """In what a metric saves: a currency, `FTE`, or empty where the playbook does not state how it is money."""
    metric = metrics[id_]
    if metric.better is None:
        return ""
    if metric.formula is not None:
        return currency_of(metric.unit) if volume_of(metric) else ""
    if any(one.formula and id_ in one.formula.metrics for one in metrics.values()):
        return ""
    if (metric.unit or "") == FTE:
        return FTE if metric.better == "lower" else ""
    return currency_of(metric.unit)


def volume_of(metric: Metric) -> str:
    """Of `A / B` with one metric below the line: that metric; else empty."""
    steps = metric.formula.steps if metric.formula else ()
    below = steps[-2] if len(steps) > 2 and steps[-1] == "/" else ""
    return below if isinstance(below, str) and metric.formula and below in metric.formula.metrics else ""


@dataclass(frozen=True, slots=True)
class Saving:
    """What was saved over some days, in the currency or in positions; below 0: it cost more than before."""

    first: date
    last: date
    amount: Decimal

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def alike(counted: Sequence[Reading], captured: Mean | None) -> tuple[Reading, ...]:
    """Of a plain figure in a currency: the readings over about as many days as each of the baseline has, since a week
    beside a month would save three quarters of it. Empty where the baseline was captured from no readings.

    >>> november, march = (Reading(date(2027, m, 1), date(2027, m, 30), Decimal(9)) for m in (11, 3))
    >>> week = Reading(date(2028, 1, 3), date(2028, 1, 9), Decimal(2))
    >>> [one.last.isoformat() for one in alike([march, november, week], Mean(Decimal(9), 1, march.first, march.last))]
    ['2027-03-30', '2027-11-30']
    """
    if captured is None:
        return ()
    before = {_length(one) for one in counted if captured.first <= one.first and one.last <= captured.last}
    low, high = ALIKE
    return tuple(one for one in counted if all(low <= Decimal(_length(one)) / days <= high for days in before))


def _length(reading: Reading) -> int:
    return (reading.last - reading.first).days + 1


def savings(
    counted: Sequence[Reading],
    baseline: Decimal | None,
    better: str | None,
    live: date | None,
    volumes: Mapping[tuple[date, date], Decimal] | None = None,
) -> tuple[Saving, ...]:
    """Of the readings that lie whole after the go-live. `volumes`: of a ratio, the figure below the line by its days;
    a reading without it saves nothing that can be said.

    An exam cost $12 before; in March 1,000 exams cost $9 each: 1,000 × (12 − 9) = $3,000.

    >>> march = Reading(date(2027, 3, 1), date(2027, 3, 31), Decimal(9))
    >>> savings([march], Decimal(12), "lower", date(2027, 2, 8), {(march.first, march.last): Decimal(1000)})[0].amount
    Decimal('3000')

    A premium of $50,000 a year that is $40,000 in the first year after: $10,000.

    >>> year = Reading(date(2027, 3, 1), date(2028, 2, 29), Decimal(40000))
    >>> savings([year], Decimal(50000), "lower", date(2027, 2, 8))[0].amount
    Decimal('10000')
    """
    if baseline is None or better is None or live is None:
        return ()
    sign = 1 if better == "lower" else -1
    found = []
    for one in counted:
        times = Decimal(1) if volumes is None else volumes.get((one.first, one.last))
        if one.first >= live and times is not None:
            found.append(Saving(one.first, one.last, sign * (baseline - one.value) * times))
    return tuple(found)


def of_positions(saved: Saving, yearly: Decimal) -> Saving:
    """Saved positions in money: so much a year, over the days of the reading.

    Half a position at $60,000 a year, over 73 days: 0.5 × 60,000 × 73 / 365.25 = $5,996.

    >>> half = Saving(date(2027, 1, 1), date(2027, 3, 14), Decimal("0.5"))
    >>> round(of_positions(half, Decimal(60000)).amount)
    5996
    """
    return Saving(saved.first, saved.last, saved.amount * yearly * saved.days / YEAR)


@dataclass(frozen=True, slots=True)
class Cost:
    day: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Payback:
    """`spent` and `saved` so far. `since`: the day from which the savings have covered the costs. Before it, `on` is
    the day on which they will at the mean pace of the last whole months, `earliest` and `latest` at the best and the
    worst of them; None where that pace saves nothing. `pace`: the mean saving of a month; None without a whole month.
    """

    spent: Decimal
    saved: Decimal
    since: date | None = None
    on: date | None = None
    earliest: date | None = None
    latest: date | None = None
    pace: Decimal | None = None
    months: int = 0


def by_month(found: Iterable[Saving]) -> dict[date, Decimal]:
    """Savings by month, each spread over its days alike, from the first month to the last; a key is the first of the
    month.

    $700 of a week of which two days lie in March and five in April:

    >>> week = Saving(date(2027, 3, 30), date(2027, 4, 5), Decimal(700))
    >>> [(f"{month:%b}", str(amount)) for month, amount in by_month([week]).items()]
    [('Mar', '200'), ('Apr', '500')]
    """
    sums: dict[date, Decimal] = defaultdict(Decimal)
    for one in found:
        first = one.first
        while first <= one.last:
            then = _next(first)
            last = min(one.last, then - timedelta(days=1))
            sums[first.replace(day=1)] += one.amount * ((last - first).days + 1) / one.days
            first = then
    for month in sorted(sums)[:-1]:
        while (month := _next(month)) not in sums:
            sums[month] = Decimal(0)
    return dict(sorted(sums.items()))


def _next(day: date) -> date:
    """The first of the next month."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def payback(costs: Sequence[Cost], found: Sequence[Saving], today: date) -> Payback:
    """Of one currency. Costs after today and savings of days that are not over do not count.

    $9,000 spent; saved in three months $1,000, $2,000 and $3,000: $3,000 are open on 2 June. At the mean of
    $2,000 a month that takes 1.5 months, at the best one, at the worst three.

    >>> months = [Saving(date(2027, m, 1), date(2027, m, 30), Decimal(1000) * (m - 2)) for m in (3, 4, 5)]
    >>> p = payback([Cost(date(2027, 2, 1), Decimal(9000))], months, date(2027, 6, 2))
    >>> p.spent, p.saved, p.on.isoformat(), p.earliest.isoformat(), p.latest.isoformat()
    (Decimal('9000'), Decimal('6000'), '2027-07-18', '2027-07-02', '2027-09-01')
    """
    paid = [one for one in costs if one.day <= today]
    done = [one for one in found if one.last <= today]
    spent = sum((one.amount for one in paid), Decimal(0))
    saved = sum((one.amount for one in done), Decimal(0))
    last = _last_months(done, today)
    pace = sum(last, Decimal(0)) / len(last) if last else None
    if not done or not spent:
        return Payback(spent, saved, pace=pace, months=len(last))
    if saved >= spent:
        return Payback(spent, saved, since=_since(done, paid), pace=pace, months=len(last))
    if pace is None:
        return Payback(spent, saved)
    on, earliest, latest = (_after(today, spent - saved, one) for one in (pace, max(last), min(last)))
    return Payback(spent, saved, None, on, earliest, latest, pace, len(last))


def _last_months(done: Sequence[Saving], today: date) -> list[Decimal]:
    """What each of the last whole calendar months saved, the newest first; none that began before the savings did. A
    month of which nothing was read saved nothing that is known.
    """
    if not done:
        return []
    sums, began = by_month(done), min(one.first for one in done)
    found: list[Decimal] = []
    month = today.replace(day=1)
    while len(found) < MONTHS and (month := (month - timedelta(days=1)).replace(day=1)) >= began:
        found.append(sums.get(month, Decimal(0)))
    return found


def _since(done: Sequence[Saving], paid: Sequence[Cost]) -> date:
    """The first day after which savings, spread over their days, were never below costs again."""
    by_day: dict[date, Fraction] = defaultdict(Fraction)
    for cost in paid:
        by_day[cost.day] -= Fraction(cost.amount)
    for one in done:
        share = Fraction(one.amount) / one.days
        for number in range(one.days):
            by_day[one.first + timedelta(days=number)] += share
    days = sorted(by_day)
    sums = list(accumulate(by_day[day] for day in days))
    below = max((number for number, value in enumerate(sums) if value < 0), default=-1)
    return days[min(below + 1, len(days) - 1)]


def _after(today: date, left: Decimal, pace: Decimal) -> date | None:
    """None where the pace saves nothing, or would take a hundred years."""
    if pace <= 0:
        return None
    days = int((left / pace * YEAR / 12).to_integral_value(rounding="ROUND_HALF_UP"))
    return today + timedelta(days=days) if days < 36_525 else None
