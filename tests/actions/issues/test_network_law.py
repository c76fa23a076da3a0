"""What holds for an issue of the whole network where the playbook counts from a go-live."""

from __future__ import annotations

from datetime import UTC, datetime

from app.actions.issues.reporting import report_issue
from app.db import Database
from app.rules.issues.law import stored
from tests import cast as casting


def test_while_one_location_is_new_so_is_the_network(database_url: str) -> None:
    database = Database(database_url)
    cast = casting.running(database)
    moments = {
        "before any go-live": (datetime(2027, 1, 5, 15, tzinfo=UTC), True),
        "in the first week": (datetime(2027, 2, 9, 15, tzinfo=UTC), False),
        "weeks later": (datetime(2027, 4, 20, 15, tzinfo=UTC), True),
    }
    with database.writing() as session:
        for said, (at, business) in moments.items():
            by = cast.viewer(session, "dir", at)
            made = report_issue(session, cast.rollout, location_id=None, title=said, by=by, now=at)
            assert (said, stored(made.law).business) == (said, business)
    database.dispose()
