"""Public holidays by ISO country or subdivision (`US`, `US-IL`), from the well-kept `holidays` library."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from app.plan.problems import Wrong, shown


@lru_cache(maxsize=1)
def _supported() -> dict[str, list[str]]:
    from holidays.utils import list_supported_countries  # imported late: it costs a command that needs none

    return list_supported_countries(include_aliases=False)


def check_calendar(text: str) -> str:
    """A country or subdivision whose holidays are known. Raises `Wrong` D9."""
    country, dash, part = text.partition("-")
    known = _supported()
    if country not in known:
        raise Wrong(
            "D9", f"no holidays for `{shown(text)}`; write an ISO country as US, or US-IL", meant=text, names=known
        )
    if dash and part not in known[country]:
        names = [f"{country}-{each}" for each in known[country]]
        raise Wrong("D9", f"no holidays for `{shown(text)}`; {country} alone is known", meant=text, names=names)
    return text


@lru_cache(maxsize=512)
def holidays_of(code: str, year: int) -> dict[date, str]:
    """The public holidays of one country or subdivision in one year, by day, with their names."""
    from holidays import country_holidays

    country, _, part = code.partition("-")
    found = country_holidays(country, subdiv=part or None, years=year)
    return {day: name for day, name in found.items() if day.year == year}
