"""The invented trouble of the demo: reported, taken, waited on, solved, and escalated by the clock as it would be."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, select

from app.actions.issues.changes import acknowledge, assign_issue, wait_on
from app.actions.issues.reporting import report_from_outside, report_issue
from app.actions.issues.solving import confirm_issue, reopen_issue, resolve_issue
from app.actions.issues.sweep import sweep
from app.actions.issues.talking import same_elsewhere, say
from app.actions.people.viewers import viewer_of
from app.models import Issue, Location, Rollout
from app.rules.people.access import Viewer

Act = Callable[[datetime], object]
LONGEST: Final = 54
"""Hours back to the oldest of them."""


@dataclass(frozen=True)
class Trouble:
    """Something that went wrong so many minutes ago, by whom it was reported; without a name, at the help desk."""

    name: str
    place: str
    ago: int
    title: str
    by: str
    kind: str
    severity: str = ""
    details: str = ""


FAX = Trouble("fax", "alder-quay", 25 * 60 + 12, "Referrals by fax land in the wrong queue", "Chiara Amato", "defect",
              details="Since Monday's update every fax goes to the queue of the front desk.")  # fmt: skip
SLOTS = Trouble("slots", "alder-quay", 22 * 60 + 38, "Two schedulers cannot see late slots", "Wilma Sorensen", "access")
CLAIMS = Trouble("claims", "fenmoor", 21 * 60 + 50, "Claims rejected: payer number missing", "Abena Boateng", "data")
SLOW = Trouble("slow", "fenmoor", 40 * 60, "Prior CT studies open slowly", "Hana Novak", "defect")
TILL = Trouble("till", "fenmoor", 30 * 60 + 20, "Till report prints in the wrong time zone", "Gordon Pryce", "defect")
LABELS = Trouble("labels", "alder-quay", LONGEST * 60 - 30, "Label printer prints every label twice", "Priya Raman",
                 "hardware")  # fmt: skip
COPAY = Trouble("copay", "fenmoor", 5 * 60 + 4, "Copay is asked for twice", "", "question",
                details="The screen asks for the copay at check-in, and once more at check-out.")  # fmt: skip
LINE = Trouble("line", "kestrel-ridge", 52, "Second line is down, images do not reach the archive", "Bengt Holm",
               "hardware", "critical")  # fmt: skip
WISH = Trouble("wish", "fenmoor", 27 * 60, "Shorter reminder text for MRI", "Gordon Pryce", "wish", "low")
ALL: Final = (LABELS, SLOW, TILL, WISH, FAX, SLOTS, CLAIMS, COPAY, LINE)


class Troubles:
    """Gives the moments and acts; `keys` are the keys of people by e-mail address."""

    def __init__(self, session: Session, rollout: Rollout, keys: Mapping[str, int], now: datetime) -> None:
        self._session, self._rollout, self._keys, self._now = session, rollout, keys, now
        self._made: dict[str, int] = {}

    def steps(self) -> Iterator[tuple[datetime, Act]]:
        """In no order; none of them lies after now."""
        for one in ALL:
            yield self._ago(one.ago), self._reports(one)
        yield from self._lived()
        for minutes in range(0, LONGEST * 60, 30):
            yield self._ago(minutes) - timedelta(seconds=1), lambda at: sweep(self._session, now=at)

    def _lived(self) -> Iterator[tuple[datetime, Act]]:
        """What people did about it, by minutes ago."""
        for name, who, minutes in (("fax", "Chiara Amato", 1471), ("claims", "Abena Boateng", 1296),
                                   ("slow", "Abena Boateng", 2360), ("labels", "Chiara Amato", 3190),
                                   ("till", "Abena Boateng", 1800), ("line", "Bengt Holm", 46)):  # fmt: skip
            yield self._ago(minutes), self._act(acknowledge, name, who)
        yield self._ago(1262), self._says("claims", "Marta Oyelaran", "61 claims are held, none is lost. The payer "
                                          "table misses the numbers of two insurers.")  # fmt: skip
        yield self._ago(31), self._says("claims", "Tomas Reyes", "Table corrected in test; 20 of 20 claims accepted.")
        yield self._ago(24), self._says("line", "Ivo Tanaka", "The carrier sees the fault and has somebody on the "
                                        "way. Images wait at the site, none is lost.")  # fmt: skip
        yield self._ago(1290), self._gives("claims", "Marta Oyelaran", "Omar Haddad")
        yield self._ago(44), self._gives("line", "Ivo Tanaka", "Bengt Holm")
        yield self._ago(1580), self._waits
        yield self._ago(3000), self._solves("labels", "Kofi Mensah", "Two print queues pointed at the same printer.",
                                            "Removed the old queue on all four desks.")  # fmt: skip
        yield self._ago(2900), self._act(confirm_issue, "labels", "Chiara Amato")
        yield self._ago(1700), self._solves("slow", "Miguel Torres", "The archive fetched from tape.",
                                            "The last twelve months are kept on disk.")  # fmt: skip
        yield self._ago(350), self._reopens
        yield self._ago(200), self._found_elsewhere

    def _ago(self, minutes: int) -> datetime:
        return self._now - timedelta(minutes=minutes)

    def _viewer(self, name: str, at: datetime) -> Viewer:
        key = self._keys[name.lower().replace(" ", ".") + "@demo.example.org"]
        return viewer_of(self._session, key, now=at)

    def _place(self, slug: str) -> Location:
        statement = select(Location).where(Location.rollout_id == self._rollout.id, Location.slug == slug)
        return self._session.exec(statement).one()

    def _reports(self, one: Trouble) -> Act:
        def act(at: datetime) -> None:
            place = self._place(one.place)
            if one.by:
                issue = report_issue(
                    self._session, self._rollout.id or 0, location_id=place.id, title=one.title, details=one.details,
                    severity=one.severity, kind=one.kind, by=self._viewer(one.by, at), now=at,
                )  # fmt: skip
            else:
                issue = report_from_outside(
                    self._session, place, title=one.title, details=one.details, caller="Front desk, left counter",
                    kind=one.kind, now=at,
                )  # fmt: skip
            self._made[one.name] = issue.id or 0

        return act

    def _act(self, change: Callable[..., object], name: str, who: str) -> Act:
        return lambda at: change(self._session, self._made[name], by=self._viewer(who, at), now=at)

    def _says(self, name: str, who: str, text: str) -> Act:
        return lambda at: say(self._session, self._made[name], text=text, by=self._viewer(who, at), now=at)

    def _solves(self, name: str, who: str, cause: str, fix: str) -> Act:
        def act(at: datetime) -> object:
            seen, by = self._seen(name), self._viewer(who, at)
            return resolve_issue(self._session, self._made[name], cause=cause, fix=fix, seen=seen, by=by, now=at)

        return act

    def _gives(self, name: str, to: str, who: str) -> Act:
        def act(at: datetime) -> object:
            person, by = self._viewer(to, at).person, self._viewer(who, at)
            return assign_issue(self._session, self._made[name], person=person, seen=self._seen(name), by=by, now=at)

        return act

    def _waits(self, at: datetime) -> object:
        reason = "The report's zone is set in the supplier's part; they have the ticket and answer within two days."
        return wait_on(
            self._session, self._made["till"], waits_for="the supplier", reason=reason, stops_clock=True,
            seen=self._seen("till"), by=self._viewer("Abena Boateng", at), now=at,
        )  # fmt: skip

    def _reopens(self, at: datetime) -> object:
        reason = "Studies older than a year are as slow as before."
        by = self._viewer("Hana Novak", at)
        return reopen_issue(self._session, self._made["slow"], reason=reason, by=by, now=at)

    def _found_elsewhere(self, at: datetime) -> object:
        place = self._place("alder-quay").id or 0
        by = self._viewer("Omar Haddad", at)
        return same_elsewhere(self._session, self._made["copay"], location_id=place, by=by, now=at)

    def _seen(self, name: str) -> int:
        return self._session.get_one(Issue, self._made[name]).version
