"""T of a run is moved: by hand in a rehearsal that keeps hours, after the plan in a live run."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import select

from app.actions.runs.making import make_run
from app.actions.runs.returning import go_back
from app.actions.schedule.moves import move_cutover, planned_cutover_move
from app.models import Notice
from tests.cast import NOW
from tests.web.runs.nights import Night, text_of

HALF = timedelta(minutes=30)
BY_HAND = {"day": "2027-01-05", "time": "16:30", "why": "The crew comes later."}


def hours(night: Night) -> Night:
    """A rehearsal whose T is at four in the afternoon."""
    assert night.rehearse(how="hours", day="2027-01-05", time="16:00").status_code == 303
    return night


def test_the_planned_times_of_a_rehearsal_follow_its_t_and_the_baseline_stays(night: Night) -> None:
    before = hours(night).found()
    assert "Move T" in night.words("opm") and "Move T" not in night.words("itl")
    assert night.post("opm", "zero", **BY_HAND).status_code == 303
    after = night.found()
    assert after.run.zero_at - before.run.zero_at == HALF
    assert after.run.window_ends is not None and before.run.window_ends is not None
    assert after.run.window_ends - before.run.window_ends == HALF
    assert after.run.done_by is not None and before.run.done_by is not None
    assert after.run.done_by - before.run.done_by == HALF
    for id_, row in after.rows.items():
        was = before.rows[id_]
        assert (row.baseline_begins, row.baseline_ends) == (was.planned_begins, was.planned_ends)
        assert (row.planned_begins - was.planned_begins, row.planned_ends - was.planned_ends) == (HALF, HALF)
        assert row.not_before == (was.not_before and was.not_before + HALF)
    page = night.words("chA")
    assert "T is 16:30, no longer 16:00. Omar Haddad The crew comes later." in page
    with night.site.database.reading() as session:
        told = set(session.exec(select(Notice.person_id).where(Notice.kind == "run_retimed")))
    assert told == {night.site.cast.people[who] for who in ("dir", "itl", "chA", "chAB")}


def test_t_moves_for_the_lead_alone_once_and_with_a_reason(night: Night) -> None:
    hours(night)
    assert night.post("chA", "zero", **BY_HAND).status_code == 403
    assert night.post("chB", "zero", **BY_HAND).status_code == 404
    missing = night.post("opm", "zero", **{**BY_HAND, "why": " "})
    assert missing.status_code == 422 and 'value="16:30"' in missing.text
    nowhere = night.post("opm", "zero", why="So")
    assert nowhere.status_code == 422 and "Say when T is." in nowhere.text
    for _ in range(2):
        assert night.post("opm", "zero", **BY_HAND).status_code == 303
    assert len(night.entries("retimed")) == 1


def test_a_rehearsal_that_goes_straight_through_has_no_hours_to_move(begun: Night) -> None:
    assert "Move T" not in begun.words("opm")
    refused = begun.post("opm", "zero", **BY_HAND)
    assert refused.status_code == 409 and "it begins with its first step" in refused.text


def test_a_live_run_takes_over_the_t_of_a_moved_cutover(night: Night) -> None:
    site = night.site
    with site.database.writing() as session:
        by = site.cast.viewer(session, "opm")
        make_run(session, night.runbook, live=True, by=by, now=NOW)
    before = night.found()
    assert "T was moved" not in night.words("opm")
    alder = site.cast.locations["alder"]
    with site.database.writing() as session:
        by = site.cast.viewer(session, "dir")
        shown = planned_cutover_move(session, alder, cutover="2027-02-15 08:00", by=by, now=NOW).fingerprint
        move_cutover(session, alder, cutover="2027-02-15 08:00", reason="Snow.", shown=shown, by=by, now=NOW)
    assert "T was moved in the plan. It is Mon 15 Feb, 08:00, and this run has it Mon 8 Feb, 07:00." in night.words(
        "itl"
    )
    assert "Take over the new T" in night.words("opm") and "Take over the new T" not in night.words("itl")
    by_hand = night.post("opm", "zero", **BY_HAND)
    assert by_hand.status_code == 422 and night.found().run.zero_at == before.run.zero_at
    assert night.post("opm", "zero").status_code == 303
    after = night.found()
    later = after.run.zero_at - before.run.zero_at
    assert text_of(night.get("opm")).count("T was moved in the plan") == 0
    assert after.rows["open"].planned_begins - before.rows["open"].planned_begins == later > HALF
    assert after.rows["open"].baseline_begins == before.rows["open"].planned_begins


def test_who_goes_back_moves_no_t(night: Night) -> None:
    hours(night)
    with night.site.database.writing() as session:
        go_back(session, night.run, reason="Lost.", by=night.site.cast.proven(session, "dir"), now=NOW)
    assert "Move T" not in night.words("opm")
    assert night.post("opm", "zero", **BY_HAND).status_code == 409
