"""Where metrics stand follows every change that it is made from: a figure, a signature, a moved go-live."""

from __future__ import annotations

from datetime import date, timedelta

from sqlmodel import Session, col, select

from app.actions.schedule.moves import move_cutover, planned_cutover_move
from app.db import Database
from app.models import MetricPoint
from tests.cast import Cast
from tests.measuring import LATER, LIVE_WEEK, MONDAY, WEEK, of_week, read, read_all, sign, standing, two_weeks


def points(session: Session, metric: str) -> list[tuple[date, float, int]]:
    statement = select(MetricPoint).where(MetricPoint.metric == metric).order_by(col(MetricPoint.first))
    return [(row.first, row.value, row.places) for row in session.exec(statement)]


def test_a_standing_says_what_was_captured_what_is_latest_and_the_course(db: Database, measuring: Cast) -> None:
    with db.writing() as session:
        read_all(session, measuring, two_weeks())
        found = standing(session, measuring, "ar-days")
        assert (found.captured, found.captured_readings, found.latest) == (45, 2, 45)
        assert (found.live, found.target, found.target_by) == (
            LIVE_WEEK,
            35,
            LIVE_WEEK + timedelta(days=91),
        )  # not a Sunday
        sign(session, measuring)
        for value, course in ((43, "on-course"), (45, "behind"), (35, "met")):
            read(session, measuring, of_week("ar-days", value, LIVE_WEEK + WEEK, reason="Again."), now=LATER)
            found = standing(session, measuring, "ar-days")
            assert (found.baseline, found.latest, found.course) == (45, value, course)
        assert standing(session, measuring, "cost").course == "unknown"


def test_a_computed_metric_stands_where_its_parts_are_read(db: Database, measuring: Cast) -> None:
    with db.writing() as session:
        read_all(session, measuring, two_weeks())
        found = standing(session, measuring, "cost")
        assert (found.captured, found.latest, found.latest_last) == (12, 12, date(2027, 1, 3))


def test_the_figure_of_all_places_follows_the_rule_of_the_playbook(db: Database, measuring: Cast) -> None:
    with db.writing() as session:
        read_all(session, measuring, [*two_weeks(), *two_weeks("birch", ar_days=35, denials=4, exams=300, spend=1200)])
        weeks = [MONDAY, MONDAY + WEEK]
        assert points(session, "ar-days") == [(week, 40, 2) for week in weeks]
        assert points(session, "denials") == [(week, 5, 2) for week in weeks]
        assert points(session, "exams") == [(week, 400, 2) for week in weeks]
        assert points(session, "cost") == [(week, 6, 2) for week in weeks]
        read(session, measuring, of_week("exams", 100, location="birch", reason="Counted anew."), "dir")
        assert points(session, "denials") == [(weeks[0], 6, 2), (weeks[1], 5, 2)]
        assert points(session, "cost") == [(weeks[0], 12, 2), (weeks[1], 6, 2)]


def test_what_the_playbook_leaves_out_is_kept_and_not_counted(db: Database, measuring: Cast) -> None:
    with db.writing() as session:
        read_all(session, measuring, [of_week("exams", 60, LIVE_WEEK), of_week("exams", 110, LIVE_WEEK + WEEK)],
                 now=LATER)  # fmt: skip
        found = standing(session, measuring, "exams")
        assert (found.latest, found.readings, found.left_out) == (110, 1, 1)
        assert points(session, "exams") == [(LIVE_WEEK + WEEK, 110, 1)]


def test_a_moved_go_live_judges_the_figures_anew(db: Database, measuring: Cast) -> None:
    with db.writing() as session:
        weeks = [of_week("exams", 60, LIVE_WEEK), of_week("exams", 110, LIVE_WEEK + WEEK)]
        read_all(session, measuring, weeks, now=LATER)
        alder, by, later = measuring.locations["alder"], measuring.viewer(session, "dir", LATER), "2027-03-01 07:00"
        move = planned_cutover_move(session, alder, cutover=later, by=by, now=LATER)
        move_cutover(session, alder, cutover=later, reason="Snow.", shown=move.fingerprint, by=by, now=LATER)
        found = standing(session, measuring, "exams")
        assert (found.live, found.captured, found.readings, found.left_out) == (date(2027, 3, 1), 85, 2, 0)
        assert points(session, "exams") == [(LIVE_WEEK, 60, 1), (LIVE_WEEK + WEEK, 110, 1)]
