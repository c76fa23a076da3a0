"""A moment as the forms of runs send it: a day and an hour by the clock of the place."""

from __future__ import annotations

from datetime import datetime

from app.errors import Invalid
from app.web.training.fields import instant_of


def when_of(name: str, day: str, time: str, zone: str) -> datetime | None:
    """The instant; nothing for two empty fields. Raises Invalid for the field `name`."""
    if not day and not time:
        return None
    try:
        return instant_of(day, time, zone)
    except Invalid as fault:
        raise Invalid({name: next(iter(fault.fields.values()))}) from fault
