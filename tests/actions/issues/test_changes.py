"""What people do with an issue, and what its clock makes of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from app.actions.issues.changes import acknowledge, assign_issue, change_severity, go_on, wait_on
from app.actions.issues.solving import confirm_issue, reopen_issue, resolve_issue
from app.actions.issues.talking import redact, say
from app.actions.people.leaves import record_leave
from app.errors import Forbidden, NotFound, Refused, Stale
from tests.actions.issues.clockwork import DAY, HOUR, LIVE, Clockwork, each
from tests.rows import rows_of

FIXED = {"cause": "A switch was off", "fix": "Switched on"}
WAITING = {"waits_for": "The vendor", "reason": "They send a part"}


def test_a_pause_moves_everything_by_its_length_and_one_that_does_not_stop_the_clock_moves_nothing(
    works: Clockwork,
) -> None:
    paused, waits = works.report(), works.report()
    works.act(wait_on, paused, "chA", at=LIVE + HOUR, stops_clock=True, **WAITING)
    works.act(wait_on, waits, "chA", at=LIVE + HOUR, stops_clock=False, **WAITING)
    assert (works.issue(paused).breach_at, works.issue(waits).breach_at) == (None, LIVE + DAY)
    works.run(LIVE + HOUR, LIVE + 3 * HOUR, HOUR)
    works.do(go_on, paused, "chA", at=LIVE + 3 * HOUR)
    assert works.issue(paused).breach_at == LIVE + 26 * HOUR
    works.run(LIVE + 3 * HOUR, LIVE + 15 * HOUR, HOUR)
    assert works.told(paused, kinds=["rung"])[2:] == [(14, "rung", "opm")]
    assert works.told(waits, kinds=["rung"])[2:] == [(12, "rung", "opm")]
    with pytest.raises(Refused):
        works.act(wait_on, waits, "chA", at=LIVE + 15 * HOUR, stops_clock=True, **WAITING)


def test_reopened_the_clock_goes_on_where_it_stopped(works: Clockwork) -> None:
    issue = works.report()
    works.act(resolve_issue, issue, "chA", at=LIVE + 10 * HOUR, **FIXED)
    works.run(LIVE + 10 * HOUR, LIVE + 100 * HOUR, 5 * HOUR)
    assert works.told(issue, kinds=["rung", "breach"]) == each(0, "rung", "chA", "chAB")
    works.do(reopen_issue, issue, "chAB", at=LIVE + 100 * HOUR, reason="It is back")
    assert works.issue(issue).breach_at == LIVE + 114 * HOUR
    works.run(LIVE + 100 * HOUR, LIVE + 115 * HOUR, HOUR)
    assert [one for one in works.told(issue, kinds=["rung", "breach", "again"]) if one[0] >= 100] == [
        *each(100, "again", "chA"),
        *each(102, "rung", "opm"),
        *each(108, "rung", "chA"),  # who solved it had taken it
        *each(114, "breach", "chA"),
        *each(114, "rung", "cto"),
    ]


def test_a_clock_set_back_during_a_pause_never_makes_the_breach_earlier(works: Clockwork) -> None:
    issue = works.report()
    works.act(wait_on, issue, "chA", at=LIVE + 2 * HOUR, stops_clock=True, **WAITING)
    works.do(go_on, issue, "chA", at=LIVE + HOUR)
    assert works.issue(issue).breach_at == LIVE + DAY


def test_a_severity_that_rises_counts_from_the_opening_and_tells_at_once_what_it_has_reached(works: Clockwork) -> None:
    issue = works.report()
    at = LIVE + 2 * HOUR
    works.act(change_severity, issue, "chA", at=at, severity="critical", kind="", reason="The site stands still")
    assert works.issue(issue).breach_at == LIVE + 4 * HOUR
    told = works.told(issue, kinds=["rung"])
    assert [one for one in told if one[0] == 2] == sorted(
        [*each(2, "rung", "chA", "chAB"), *each(2, "rung", "opm", "cto"), *each(2, "rung", "dir", "chA", "chAB")]
    )
    reminders = [one for one in works.told(issue, kinds=["waits"]) if one[0] == 2]
    assert len(reminders) == len(set(reminders))  # not one for every quarter of an hour that has passed
    late = works.report()
    works.act(change_severity, late, "chA", at=LIVE + 9 * HOUR, severity="critical", kind="", reason="It grew")
    assert (9, "breach", "chA") in works.told(late)


def test_a_severity_that_falls_does_not_tell_again_whom_it_has_told(works: Clockwork) -> None:
    issue = works.report(severity="critical")
    works.run(LIVE, LIVE + 4 * HOUR)
    before = works.told(issue, kinds=["rung"])
    assert {who for _, _, who in before} == {"chA", "chAB", "opm", "cto", "dir", "exe"}
    at = LIVE + 5 * HOUR
    works.act(change_severity, issue, "chA", at=at, severity="normal", kind="", reason="There is a way around it")
    works.look(at)
    assert works.told(issue, kinds=["rung"]) == before
    works.run(at, LIVE + DAY, HOUR)
    later = [one for one in works.told(issue, kinds=["rung"]) if one not in before]
    assert later == [(12, "rung", "opm"), *each(18, "rung", "chA", "chAB"), (24, "rung", "cto")]


def test_on_leave_the_cover_is_told(works: Clockwork) -> None:
    with works.db.writing() as session:
        by, first = works.cast.viewer(session, "dir", LIVE), LIVE.date()
        opm, itl = works.cast.people["opm"], works.cast.people["itl"]
        record_leave(session, opm, first=first, last=first + timedelta(days=3), cover_id=itl, by=by, now=LIVE)
    issue = works.report()
    works.run(LIVE + 12 * HOUR, LIVE + 12 * HOUR)
    assert works.told(issue, kinds=["rung"])[2:] == [(12, "rung", "itl")]


def test_whoever_it_is_given_to_holds_it_and_nobody_confirms_an_own_fix(works: Clockwork) -> None:
    issue = works.report("itl")
    works.act(assign_issue, issue, "opm", at=LIVE, person=works.cast.people["itl"])
    works.do(acknowledge, issue, "itl", at=LIVE)
    works.run(LIVE, LIVE + 18 * HOUR, HOUR)
    assert (18, "rung", "itl") in works.told(issue)
    works.act(resolve_issue, issue, "itl", at=LIVE + 19 * HOUR, **FIXED)
    assert works.told(issue, kinds=["confirm"]) == each(19, "confirm", "chA", "chAB")
    with pytest.raises(Forbidden):
        works.do(confirm_issue, issue, "itl", at=LIVE + 19 * HOUR)
    with pytest.raises(Forbidden):
        works.do(confirm_issue, issue, "cto", at=LIVE + 19 * HOUR)
    works.do(confirm_issue, issue, "chA", at=LIVE + 20 * HOUR)
    assert works.issue(issue).closed_at == LIVE + 20 * HOUR


def test_who_may_not_see_it_does_not_find_it_and_who_may_not_act_is_refused(works: Clockwork) -> None:
    issue = works.report(severity="critical")
    for who in ("chB", "ch0", "adm"):
        with pytest.raises(NotFound):
            works.do(acknowledge, issue, who, at=LIVE)
    for who in ("exe", "itl"):
        with pytest.raises(Forbidden):
            works.do(acknowledge, issue, who, at=LIVE)
    with pytest.raises(Forbidden):  # the playbook lets nobody stop this clock
        works.act(wait_on, issue, "chA", at=LIVE, stops_clock=True, **WAITING)
    works.do(acknowledge, issue, "cto", at=LIVE)


def test_a_form_drawn_before_the_last_change_is_stale(works: Clockwork) -> None:
    issue = works.report()
    seen = works.issue(issue).version
    works.do(say, issue, "chA", at=LIVE, text="Looking")
    with pytest.raises(Stale):
        works.do(resolve_issue, issue, "chAB", at=LIVE, seen=seen, **FIXED)
    with pytest.raises(Stale):
        works.do(assign_issue, issue, "opm", at=LIVE, seen=seen, person=works.cast.people["chA"])


SECRET = "Zzyzx Quatermain"


def test_what_is_redacted_is_nowhere_in_the_database(works: Clockwork) -> None:
    issue = works.report(title=f"{SECRET} waits", details=f"{SECRET} is on the table", token="one-form")
    note = works.do(say, issue, "chA", at=LIVE, text=f"{SECRET} again", tell_too=[works.cast.people["chAB"]])
    works.act(wait_on, issue, "chA", at=LIVE, stops_clock=False, waits_for=f"{SECRET}'s ward", reason=f"For {SECRET}")
    works.act(resolve_issue, issue, "chA", at=LIVE, cause=f"{SECRET} moved", fix=f"{SECRET} was asked")
    works.do(reopen_issue, issue, "chAB", at=LIVE, reason=f"{SECRET} moved again")
    works.look(LIVE + 30 * HOUR)
    assert SECRET in str(rows_of(works.db))
    for part in ("title", "details", "waits", "solutions"):
        works.do(redact, issue, "chA", at=LIVE, part=part)
    works.do(redact, issue, "chA", at=LIVE, part="note", note_id=note.id)
    assert SECRET not in str(rows_of(works.db))
    assert works.verbs(issue)[-5:] == ["redacted"] * 5
    with works.db.reading() as session:
        assert session.connection().execute(text("SELECT count(*) FROM issue")).scalar() == 1
