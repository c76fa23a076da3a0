"""People are put on duty, taken off, and replaced: once, by whom it is for, and everybody concerned hears of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import select

from app.actions.people.leaves import record_leave
from app.actions.presence.duties import Turn, accept_turns, call_off_duties, call_off_outside, substitute
from app.actions.schedule.moves import move_cutover, planned_cutover_move
from app.errors import Forbidden, Invalid, NotFound, Refused, Stale
from app.models import Delivery, Duty, Event, Notice
from tests.actions.presence.manned import BEFORE, FIRST, LIVE, SECOND, Manned

WEEK = [date(2027, 2, day) for day in range(8, 13)]


def told(works: Manned) -> list[tuple[str, str, str]]:
    with works.db.reading() as session:
        rows = session.exec(select(Notice).where(Notice.subject_kind == "duty").order_by(Notice.id))  # type: ignore[arg-type]
        return [(row.kind, works.name(row.person_id), row.said) for row in rows]


def events(works: Manned) -> list[str]:
    with works.db.reading() as session:
        return [event.verb for event in session.exec(select(Event)) if event.verb.startswith("duty.")]


def leave(works: Manned, who: str, first: int, last: int) -> None:
    with works.db.writing() as session:
        record_leave(
            session, works.cast.people[who], first=date(2027, 2, first), last=date(2027, 2, last),
            by=works.cast.viewer(session, "dir", BEFORE), now=BEFORE,
        )  # fmt: skip


def test_a_turn_is_given_whole_told_once_and_one_event(works: Manned) -> None:
    rows = works.assign("on-site", "alder", "itl")
    assert works.standing() == [("itl", "on-site", "alder", day) for day in WEEK]
    assert {(row.role, row.on_call, row.instead_of) for row in rows} == {("it-lead", False, None)}
    assert (rows[0].until_at - rows[0].from_at) == timedelta(hours=9)
    assert told(works) == [("duty", "itl", "Mon 8 Feb to Fri 12 Feb, 08:00 to 17:00")]
    assert events(works) == ["duty.assigned"]
    with works.db.reading() as session:
        assert [row.kind for row in session.exec(select(Delivery).where(Delivery.subject_kind == "duty"))] == ["duty"]


def test_the_same_again_is_quiet(works: Manned) -> None:
    works.assign("on-site", "alder", "itl")
    assert works.assign("on-site", "alder", "itl") == []
    assert (len(works.standing()), len(told(works)), events(works)) == (5, 1, ["duty.assigned"])


def test_one_day_of_a_turn(works: Manned) -> None:
    works.assign("on-site", "alder", "itl", day=WEEK[2])
    works.assign("on-site", "alder", "cto")
    assert [who for who, *_ in works.standing()] == ["cto", "cto", "itl", "cto", "cto"]


def test_whoever_comes_second_is_told_who_was_quicker(works: Manned) -> None:
    works.assign("on-site", "alder", "itl", by="chA")
    with pytest.raises(Stale) as quicker:
        works.assign("on-site", "alder", "cto")
    assert (quicker.value.who, quicker.value.what) == ("Chiara Amato", "put Ivo Tanaka on duty")
    assert {who for who, *_ in works.standing()} == {"itl"}


def test_nobody_is_put_in_two_places_and_on_call_is_no_place(works: Manned) -> None:
    works.assign("on-site", "alder", "itl")
    with pytest.raises(Refused, match=r"Ivo Tanaka is on duty at another place on Mon 8 Feb\."):
        works.assign("on-site", "birch", "itl")
    assert len(works.assign("on-call", "", "itl")) == 7
    assert len(works.assign("help-desk", "", "itl")) == 5


def test_days_of_a_leave_are_left_out(works: Manned) -> None:
    leave(works, "itl", 10, 11)
    works.assign("on-site", "alder", "itl")
    assert [day.day for *_, day in works.standing()] == [8, 9, 12]
    with pytest.raises(Refused, match=r"Ivo Tanaka is on leave on Wed 10 Feb\."):
        works.assign("on-site", "alder", "itl", day=WEEK[2])


def test_another_is_put_beside_whoever_is_on_leave(works: Manned) -> None:
    works.assign("on-site", "alder", "itl")
    leave(works, "itl", 10, 10)
    assert [row.day for row in works.assign("on-site", "alder", "cto")] == [WEEK[2]]


def test_what_is_over_is_given_to_nobody(works: Manned) -> None:
    assert [row.day for row in works.assign("on-site", "alder", "itl", now=LIVE)] == WEEK[1:]
    with pytest.raises(Refused, match="over"):
        works.assign("on-site", "birch", "cto", now=LIVE + timedelta(days=7))
    with pytest.raises(Refused, match="over"):
        works.assign("on-site", "birch", "cto", "2027-03-01")


@pytest.mark.parametrize(
    ("entry", "place", "by", "fault"),
    [
        ("on-site", "alder", "chB", NotFound),
        ("on-site", "alder", "cto", Forbidden),
        ("on-site", "alder", "exe", Forbidden),
        ("on-site", "alder", "ch0", NotFound),
        ("on-call", "", "chA", Forbidden),
        ("on-call", "", "cto", Forbidden),
    ],
)
def test_who_may_not(works: Manned, entry: str, place: str, by: str, fault: type[Exception]) -> None:
    with pytest.raises(fault):
        works.assign(entry, place, "itl", by=by)
    assert works.standing() == []


@pytest.mark.parametrize(
    ("entry", "place", "by"), [("on-site", "alder", "chA"), ("on-call", "", "opm"), ("on-call", "", "itl")]
)
def test_who_may(works: Manned, entry: str, place: str, by: str) -> None:
    assert works.assign(entry, place, "itl", by=by)


def test_only_who_sees_the_place_is_put_there(works: Manned) -> None:
    for who in ("chB", "ch0", "adm", "off"):
        with pytest.raises(Invalid):
            works.assign("on-site", "alder", who)


def test_called_off_with_a_reason_that_stands_in_no_event(works: Manned) -> None:
    rows = works.assign("on-site", "alder", "itl")
    ids = [row.id for row in rows[:2]]
    with pytest.raises(Invalid):
        works.do(call_off_duties, ids, reason=" ")
    works.do(call_off_duties, ids, reason="Birch needs him")
    assert works.do(call_off_duties, ids, reason="again") == []
    assert [day.day for *_, day in works.standing()] == [10, 11, 12]
    assert told(works)[-1] == ("duty_off", "itl", "Mon 8 Feb to Tue 9 Feb, 08:00 to 17:00")
    with works.db.reading() as session:
        assert session.get_one(Duty, ids[0]).ended_reason == "Birch needs him"
        assert all("Birch needs him" not in str(event.data) for event in session.exec(select(Event)))
    assert events(works) == ["duty.assigned", "duty.called_off"]
    works.assign("on-site", "alder", "itl")
    assert len(works.standing()) == 5


def test_a_substitute_takes_over_and_both_are_told(works: Manned) -> None:
    ids = [row.id for row in works.assign("on-site", "alder", "itl")][2:4]
    found = works.do(substitute, ids, person_id=works.cast.people["cto"])
    assert {(row.instead_of, row.role) for row in found} == {(works.cast.people["itl"], "cto")}
    assert [who for who, *_ in works.standing()] == ["itl", "itl", "cto", "cto", "itl"]
    assert [(kind, who) for kind, who, _ in told(works)[1:]] == [("duty_off", "itl"), ("duty", "cto")]
    assert told(works)[-1][2] == "Wed 10 Feb to Thu 11 Feb, 08:00 to 17:00"
    with pytest.raises(Refused, match="called off"):
        works.do(substitute, ids, person_id=works.cast.people["opm"])
    assert events(works) == ["duty.assigned", "duty.substituted"]


def test_a_substitute_who_cannot_changes_nothing(works: Manned) -> None:
    ids = [row.id for row in works.assign("on-site", "alder", "itl")]
    works.assign("on-site", "birch", "cto")
    before = works.standing()
    with pytest.raises(Invalid, match="another place"):
        works.do(substitute, ids, person_id=works.cast.people["cto"])
    leave(works, "opm", 9, 9)
    with pytest.raises(Invalid, match="on leave on Tue 9 Feb"):
        works.do(substitute, ids, person_id=works.cast.people["opm"])
    assert works.standing() == before


def test_duties_of_another_cover_are_not_touched_by_its_side(works: Manned) -> None:
    alder, birch = works.assign("on-site", "alder", "itl"), works.assign("on-site", "birch", "cto")
    with pytest.raises(NotFound):
        works.do(call_off_duties, [alder[0].id, birch[0].id], reason="x", by="chA")
    with pytest.raises(NotFound):
        works.do(call_off_duties, [birch[0].id], reason="x", by="chA")


def test_a_proposal_is_accepted_whole_or_not_at_all(works: Manned) -> None:
    itl, cto = works.cast.people["itl"], works.cast.people["cto"]
    with works.db.reading() as session:
        alder, birch = works.cover(session, "on-site", "alder"), works.cover(session, "on-site", "birch")
    turns = [Turn(alder, FIRST, itl), Turn(birch, FIRST, cto), Turn(alder, SECOND, cto), Turn(birch, SECOND, itl)]
    works.assign("on-site", "birch", "opm", SECOND)
    before = works.standing()
    with pytest.raises(Stale):
        works.do(accept_turns, turns)
    assert works.standing() == before
    assert works.do(accept_turns, turns[:3]) == 15
    assert works.do(accept_turns, turns[:3]) == 0


def test_days_that_the_cover_has_left_are_called_off_together(works: Manned) -> None:
    works.assign("on-site", "alder", "itl")
    with works.db.writing() as session:
        by, at, day = works.cast.viewer(session, "dir", BEFORE), works.cast.locations["alder"], "2027-02-10 07:00"
        shown = planned_cutover_move(session, at, cutover=day, by=by, now=BEFORE).fingerprint
        move_cutover(session, at, cutover=day, reason="Not ready", shown=shown, by=by, now=BEFORE)
    with works.db.reading() as session:
        cover = works.cover(session, "on-site", "alder")
    assert works.do(call_off_outside, cover, reason="The dates moved", by="chA") == 2
    assert [day.day for *_, day in works.standing()] == [10, 11, 12]
    assert works.do(call_off_outside, cover, reason="The dates moved") == 0


def test_nothing_is_changed_in_a_rollout_that_does_not_see_one(works: Manned) -> None:
    with pytest.raises(NotFound):
        works.do(call_off_duties, [987_654], reason="x")
    with pytest.raises(Invalid):
        works.do(call_off_duties, [], reason="x")
