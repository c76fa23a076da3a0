"""Refusals with a name: raised below the entrypoints, turned into a page or a problem document by one handler."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from math import ceil


class MusterError(Exception):
    """Base of every refusal that is meant for the person who asked."""


class NotFound(MusterError):
    """There is no such thing, or none that this person may know of. The two are never told apart."""

    def __init__(self, what: str = "page") -> None:
        super().__init__(f"There is no such {what}.")
        self.what = what


class Forbidden(MusterError):
    """The person may see the thing but not do this to it."""

    def __init__(self, message: str = "You may see this, but not change it.") -> None:
        super().__init__(message)


class Invalid(MusterError):
    """What was typed cannot be taken. `fields` maps a form field's name to what is wrong with it."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {message}" for name, message in fields.items()))
        self.fields = dict(fields)


class Refused(MusterError):
    """A rule of the playbook or the rollout says no. `missing` names what is still wanted, one line each."""

    def __init__(self, reason: str, missing: tuple[str, ...] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.missing = missing


class Stale(MusterError):
    """Somebody changed the thing after the form was drawn: `who` did `what` (a past participle) at `when` (UTC)."""

    def __init__(self, who: str, when: datetime | None, what: str) -> None:
        super().__init__(f"{who} changed this in the meantime: {what}.")
        self.who = who
        self.when = when
        self.what = what


class StaleAmong(Stale):
    """Of several things to be changed in one step some have changed: `ids` are their keys, `lines` says of each that
    stands in the way why.
    """

    def __init__(self, first: Stale, ids: tuple[int, ...], lines: tuple[str, ...], total: int) -> None:
        super().__init__(first.who, first.when, first.what)
        self.args = (f"Nothing was changed: {len(lines)} of {total} tasks stand in the way.",)
        self.ids = ids
        self.lines = lines


class ProofWanted(MusterError):
    """The person is signed in but must prove again who they are, for `what` is theirs alone."""

    def __init__(self, what: str = "a signature") -> None:
        super().__init__(f"Enter your password once more: {what} is yours alone.")


class Throttled(MusterError):
    """Too many failed attempts; the next one counts from `until` (UTC) on, which is `seconds` away."""

    def __init__(self, until: datetime, now: datetime) -> None:
        super().__init__("Too many failed attempts. Wait a little, then try again.")
        self.until = until
        self.seconds = max(1, ceil((until - now).total_seconds()))


class LostClaim(MusterError):
    """Another worker has taken the job over; nothing of the present batch was written."""


class DatabaseProblem(MusterError):
    """The installation refuses to start: its database is missing, foreign, or newer than this code."""
