"""What somebody has shown: the recording, practice piece by piece, the check with its retakes; buddies; the roster."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import select

from app.actions.people.leaves import record_leave
from app.actions.training.attendance import close_attendance
from app.actions.training.pairing import pair, pair_everybody, unpair
from app.actions.training.results import note_check, note_practice, watch_recording, withdraw_result
from app.actions.training.roster import roster_shift, set_roster
from app.actions.training.staff import Entry, add_staff, change_staff, mark_left
from app.errors import Forbidden, Invalid, NotFound, Refused, Stale
from app.models import Pairing, Rollout, StaffMember
from app.queries.rollouts.facts import facts_of
from app.queries.training.coverage import coverage_percents, covers, training_shares
from app.queries.training.facts import training_facts
from app.queries.training.place import place_page
from tests.actions.training.school import AFTER, LATER, School

DESK = "desk-basics"


def attend(pupils: School, *names: str, there: bool = True) -> None:
    at = pupils.session()
    pupils.enrol(at, *names)
    present = [pupils.ids[name] for name in names] if there else []
    pupils.act(close_attendance, at, present, seen=pupils.version(at), at=AFTER)


def practise(pupils: School, name: str, passed: int = 3, failed: int = 0, **named: object) -> None:
    pupils.act(note_practice, pupils.ids[name], DESK, "bookings", passed=passed, failed=failed, at=AFTER, **named)


def test_passed_means_there_practised_and_checked(pupils: School) -> None:
    attend(pupils, "Ann")
    assert pupils.progress("Ann").standing == "practising"
    practise(pupils, "Ann", passed=2, failed=4)
    found = pupils.progress("Ann")
    assert (found.standing, found.practised, found.pieces) == ("practising", 2, 3)
    practise(pupils, "Ann", passed=2)
    assert (pupils.progress("Ann").standing, pupils.progress("Ann").practised) == ("attended", 3)
    pupils.act(note_check, pupils.ids["Ann"], DESK, score=79, at=AFTER)
    found = pupils.progress("Ann")
    assert (found.standing, found.attempts, found.score) == ("failed", 1, 79)
    passed = pupils.act(note_check, pupils.ids["Ann"], DESK, score=80, at=AFTER)
    found = pupils.progress("Ann")
    assert (found.standing, found.attempts, found.score) == ("passed", 2, 80)
    pupils.act(withdraw_result, passed.id, at=AFTER)
    pupils.act(withdraw_result, passed.id, at=AFTER)
    assert pupils.progress("Ann").standing == "failed"


def test_pieces_noted_by_the_same_form_count_once(pupils: School) -> None:
    attend(pupils, "Ann")
    practise(pupils, "Ann", passed=1, token="t")
    practise(pupils, "Ann", passed=1, token="t")
    assert pupils.progress("Ann").practised == 1


def test_the_recording_is_for_who_missed_it_and_said_by_themselves_or_who_holds_it(pupils: School) -> None:
    with pytest.raises(Refused):
        pupils.act(watch_recording, pupils.ids["Ann"], DESK)
    attend(pupils, "Ann", "Ben", there=False)
    with pupils.db.writing() as session:
        session.get_one(StaffMember, pupils.ids["Ann"]).person_id = pupils.cast.people["cto"]
    pupils.act(watch_recording, pupils.ids["Ann"], DESK, who="cto", at=AFTER)
    pupils.act(watch_recording, pupils.ids["Ann"], DESK, who="cto", at=AFTER)
    with pytest.raises(Forbidden):
        pupils.act(watch_recording, pupils.ids["Ben"], DESK, who="cto", at=AFTER)
    pupils.act(watch_recording, pupils.ids["Ben"], DESK, who="itl", at=AFTER)
    assert (pupils.progress("Ann").standing, pupils.progress("Ben").standing) == ("practising", "practising")
    assert pupils.verbs("staff").count("training.watched") == 2


def test_nobody_notes_what_they_have_shown_themselves(pupils: School) -> None:
    attend(pupils, "Ann")
    with pupils.db.writing() as session:
        session.get_one(StaffMember, pupils.ids["Ann"]).person_id = pupils.cast.people["chA"]
    for change, given in ((note_check, {"score": 100}), (note_practice, {"line": "bookings", "passed": 3})):
        with pytest.raises(Forbidden):
            pupils.act(change, pupils.ids["Ann"], DESK, **given, who="chA", at=AFTER)


def test_what_the_playbook_does_not_ask_for_is_not_noted(pupils: School) -> None:
    dev = pupils.ids["Dev"]
    with pytest.raises(Refused, match="no check"):
        pupils.act(note_check, dev, "billing-basics", score=90)
    with pytest.raises(Refused, match="role"):
        pupils.act(note_check, dev, DESK, score=90)
    with pytest.raises(Refused, match="not recorded"):
        pupils.act(watch_recording, dev, "billing-basics")
    with pytest.raises(Invalid):
        pupils.act(note_practice, pupils.ids["Ann"], DESK, "no-such", passed=1)
    with pytest.raises(NotFound):
        pupils.act(note_check, pupils.ids["Finn"], DESK, score=90, who="chA")


def test_staff_come_change_and_leave(pupils: School) -> None:
    alder = pupils.cast.locations["alder"]
    with pytest.raises(Invalid, match="Ann Abel"):
        pupils.act(add_staff, alder, Entry("1", "Another", "desk"), who="chA")
    with pytest.raises(Invalid, match="role"):
        pupils.act(add_staff, alder, Entry("9", "Another", "champion"), who="chA")
    for who, refusal in (("itl", Forbidden), ("exe", Forbidden), ("chB", NotFound)):
        with pytest.raises(refusal):
            pupils.act(add_staff, alder, Entry("9", "Another", "desk"), who=who)
    ann = pupils.ids["Ann"]
    pupils.act(change_staff, ann, Entry("1", "Ann Abel-Roe", "desk", "ann@example.org", "late"), seen=1, who="chA")
    pupils.act(change_staff, ann, Entry("1", "Ann Abel-Roe", "desk", "ann@example.org", "late"), seen=1, who="chA")
    with pytest.raises(Stale):
        pupils.act(change_staff, ann, Entry("1", "Ann", "desk"), seen=1, who="chA")
    pupils.act(mark_left, ann, who="chA")
    pupils.act(mark_left, ann, who="chA")
    assert pupils.act(add_staff, alder, Entry("1", "Anew", "desk"), who="chA").id != ann
    assert pupils.verbs("staff")[-3:] == ["staff.changed", "staff.left", "staff.added"]


def test_buddies_are_shared_out_and_what_is_wrong_with_a_pair_is_shown(pupils: School) -> None:
    alder, cto = pupils.cast.locations["alder"], pupils.cast.people["cto"]
    made = pupils.act(pair_everybody, alder, "billing-basics")
    pupils.act(pair_everybody, alder, "billing-basics")
    assert [(row.buddy_id, row.first, row.last) for row in made] == [(cto, date(2027, 2, 8), date(2027, 2, 14))] * 2
    pupils.act(record_leave, cto, first=date(2027, 2, 9), last=date(2027, 2, 10))
    with pupils.db.reading() as session:
        rollout = facts_of(session, session.get_one(Rollout, pupils.cast.rollout))
        page = place_page(session, rollout, rollout.place("alder"), pupils.cast.viewer(session, "dir"), AFTER)
        found = page.training("billing-basics")
        assert found is not None
        trouble = found.pairs[pupils.ids["Dev"]].trouble
        assert trouble is not None
        assert (trouble.away, trouble.shared) == (2, (pupils.ids["Eli"],))
        assert len(session.exec(select(Pairing)).all()) == 2
    with pytest.raises(Invalid):
        pupils.act(pair, pupils.ids["Dev"], "billing-basics", pupils.cast.people["itl"])
    pupils.act(unpair, pupils.ids["Dev"], "billing-basics")


def test_cover_wants_people_both_trained_and_on_the_roster(pupils: School) -> None:
    alder = pupils.cast.locations["alder"]
    helper = pupils.act(add_staff, alder, Entry("6", "Gus Gray", "helper", shift="early")).id
    attend(pupils, "Ann", "Ben")
    for name in ("Ann",):
        practise(pupils, name)
        pupils.act(note_check, pupils.ids[name], DESK, score=90, at=AFTER)
    with pupils.db.reading() as session:
        rollout = facts_of(session, session.get_one(Rollout, pupils.cast.rollout))
        places = [rollout.place("alder")]
        assert coverage_percents(session, rollout, places) == {alder: None}
    assert pupils.act(roster_shift, alder, "early", who="chA") == 5
    assert pupils.act(roster_shift, alder, "early", who="chA") == 0
    with pupils.db.reading() as session:
        facts = training_facts(session, rollout, places)
        found = covers(session, facts, places)[alder]
        cells = {(cell.role, cell.shift): (len(cell.rostered), cell.covered) for cell in found.cells}
        assert cells == {("desk", "early"): (2, 1), ("helper", "early"): (1, 0), ("billing", "early"): (2, 0)}
        assert [(one.shift, one.people, one.needed, one.short, one.untrained) for one in found.helpers] == [
            ("early", 2, 1, 1, (helper,))
        ]
        assert coverage_percents(session, rollout, places, "super-users") == {alder: 0.0}
        shares = training_shares(session, rollout, places, LATER)
        assert (shares[alder, DESK].wanted, shares[alder, DESK].passed, shares[alder, DESK].met) == (4, 1, False)
        assert shares[alder, "billing-basics"].needed == 1
    assert pupils.act(set_roster, alder, [pupils.ids["Ann"]], who="chA") == 4
    with pupils.db.reading() as session:
        assert coverage_percents(session, rollout, places) == {alder: 50.0}
