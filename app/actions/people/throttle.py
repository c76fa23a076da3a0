"""The brakes on guessing: failures are counted by account and by place, and too many have to wait."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, delete, func, select

from app.errors import Throttled
from app.models import LoginFailure

ACCOUNT_FAILURES, ACCOUNT_WINDOW = 10, timedelta(minutes=15)
ADDRESS_FAILURES, ADDRESS_WINDOW = 20, timedelta(hours=1)


def count_try(session: Session, email: str, place: str, *, own_count: bool = False, now: datetime) -> None:
    """Count a try as a failure until it is forgiven. Raises Throttled when there were too many.

    With its own count it is measured by the tries of this account at this place alone, else by those of the account
    anywhere and by those of everybody at this place.
    """
    of_account, here = col(LoginFailure.email) == email, col(LoginFailure.address) == place
    if own_count:
        _throttle(session, and_(of_account, here), ACCOUNT_FAILURES, ACCOUNT_WINDOW, now)
    else:
        _throttle(session, of_account, ACCOUNT_FAILURES, ACCOUNT_WINDOW, now)
        _throttle(session, here, ADDRESS_FAILURES, ADDRESS_WINDOW, now)
    session.exec(delete(LoginFailure).where(col(LoginFailure.at) <= now - ADDRESS_WINDOW))
    session.add(LoginFailure(email=email, address=place, at=now))


def _throttle(session: Session, counted: ColumnElement[bool], limit: int, window: timedelta, now: datetime) -> None:
    recent = select(func.count(), func.min(LoginFailure.at)).where(counted, col(LoginFailure.at) > now - window)
    count, oldest = session.exec(recent).one()
    if count >= limit:
        raise Throttled(oldest + window, now)
