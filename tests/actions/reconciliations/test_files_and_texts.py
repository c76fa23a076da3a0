"""Files beside a day, and texts that are taken away for good."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlmodel import select

from app.actions.issues.talking import REDACTED
from app.actions.reconciliations.files import attach_day_file, demand_day_attachable, remove_day_file
from app.actions.reconciliations.redacting import redact_day
from app.actions.reconciliations.reviewing import send_back
from app.db import Database
from app.errors import Forbidden, Invalid, NotFound, Refused
from app.models import Event, Issue, ReconciliationFile, ReconciliationReturn
from app.rules.reconciliations.judging import Given
from app.storage import StoredFile
from tests.cast import NOW, Cast
from tests.reconciling import close_day, count_day, counts, given, occasion

STORED = StoredFile("a" * 64, 10, "text/plain")


def test_a_file_is_attached_once_and_taken_away(db: Database, counting: Cast) -> None:
    with db.writing() as session:
        day, by = occasion(session, counting), counting.viewer(session, "chA")
        row = attach_day_file(session, day, stored=STORED, file_name="C:\\till.txt", line="cash", by=by, now=NOW)
        again = attach_day_file(session, day, stored=STORED, file_name="till.txt", line="cash", by=by, now=NOW)
        assert (row is again, row.file_name) == (True, "till.txt")
        with pytest.raises(Invalid):
            attach_day_file(session, day, stored=STORED, file_name="x", line="nothing", by=by, now=NOW)
        other = occasion(session, counting, "birch")
        with pytest.raises(NotFound):
            remove_day_file(session, other, row.id or 0, by=counting.viewer(session, "opm"), now=NOW)
        remove_day_file(session, day, row.id or 0, by=by, now=NOW)
        remove_day_file(session, day, row.id or 0, by=by, now=NOW)
        verbs = session.exec(select(Event.verb).where(Event.subject_id == day)).all()
        assert verbs.count("reconciliation.file_removed") == 1


def test_nothing_is_attached_to_a_closed_day_nor_by_who_has_no_part_in_it(db: Database, counting: Cast) -> None:
    with db.writing() as session:
        day = occasion(session, counting)
        with pytest.raises(Forbidden):
            demand_day_attachable(session, day, by=counting.viewer(session, "exe"), now=NOW)
        close_day(session, counting, day)
        with pytest.raises(Refused):
            demand_day_attachable(session, day, by=counting.viewer(session, "chA"), now=NOW)


def test_a_reason_is_taken_away_with_what_its_issue_says_also_on_a_closed_day(db: Database, counting: Cast) -> None:
    with db.writing() as session:
        day = occasion(session, counting)
        lines = [Given("claims", Decimal(412), Decimal(400), reason="Ann Nobody, 12 May 1960"), *given()[1:]]
        close_day(session, counting, day, lines)
        first = counts(session, day)[0]
        by = counting.viewer(session, "chAB")
        redact_day(session, day, part="count", row_id=first.id or 0, by=by, now=NOW)
        redact_day(session, day, part="count", row_id=first.id or 0, by=by, now=NOW)
        assert counts(session, day)[0].reason == REDACTED
        assert session.exec(select(Issue.details)).one() == REDACTED
        events = session.exec(select(Event).where(Event.verb == "reconciliation.redacted")).all()
        assert [one.data["after"] for one in events] == [{"part": "count", "row": first.id}]


def test_why_a_day_was_given_back_and_the_name_of_a_file_are_taken_away(db: Database, counting: Cast) -> None:
    with db.writing() as session:
        day, by = occasion(session, counting), counting.viewer(session, "chA")
        row = attach_day_file(session, day, stored=STORED, file_name="Nobody.txt", by=by, now=NOW)
        count_day(session, counting, day)
        send_back(session, day, reason="Nobody", seen=None, by=counting.viewer(session, "opm"), now=NOW)
        back = session.exec(select(ReconciliationReturn)).one()
        redact_day(session, day, part="return", row_id=back.id or 0, by=by, now=NOW)
        redact_day(session, day, part="file", row_id=row.id or 0, by=by, now=NOW)
        found = session.get_one(ReconciliationFile, row.id)
        assert (back.reason, found.file_name, found.removed_at) == (REDACTED, REDACTED, NOW)
        with pytest.raises(Invalid):
            redact_day(session, day, part="day", row_id=1, by=by, now=NOW)
        with pytest.raises(Forbidden):
            redact_day(session, day, part="return", row_id=back.id or 0, by=counting.viewer(session, "exe"), now=NOW)
        with pytest.raises(NotFound):
            redact_day(session, occasion(session, counting, "birch"), part="return", row_id=back.id or 0,
                       by=counting.viewer(session, "opm"), now=NOW)  # fmt: skip
