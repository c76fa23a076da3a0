"""What lies behind the bars, from the edges of the waves alone."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.rules.playbooks import parsed
from app.rules.schedule.sketch import Opening, Shade, meetings, shades, sketch
from tests.cast import PLAYBOOK

CHICAGO = ZoneInfo("America/Chicago")
MORE = """\
freezes:
  settings:
    title: No change of settings
    when: cutover - 3d .. cutover + 4d
    stops: change of settings in any system
  holiday: {title: Holiday, when: week 2 mon .. week 2 wed, stops: everything, scope: network}
meetings:
  call:
    title: Champions' call
    when: week 3 .. week 4
    every: working day 16:30
    owner: director
    who: [champion]
    scope: network
"""
BOOK = parsed(PLAYBOOK.replace("locations: 2}", 'locations: 2, buffer: "cutover + 1d .. cutover + 7d"}') + MORE)
START = date(2027, 1, 4)


def opening(slug: str, day: int) -> Opening:
    return Opening(slug, "pilot", datetime(2027, 2, day, 7, tzinfo=CHICAGO))


def test_learning_time_and_freezes_follow_the_openings_as_they_stand() -> None:
    timeline = sketch(BOOK, START, [opening("alder", 8), opening("birch", 10), opening("cedar", 12)])
    buffer = Shade("buffer", "Learning time, Pilot", "pilot", date(2027, 2, 9), date(2027, 2, 15))
    network = Shade("freeze", "Holiday", "", date(2027, 1, 11), date(2027, 1, 13))
    assert shades(timeline) == [buffer, network]
    own = Shade("freeze", "No change of settings", "pilot", date(2027, 2, 9), date(2027, 2, 16))
    assert shades(timeline, "cedar") == [buffer, own, network]


def test_meetings_of_a_stretch_are_those_that_the_place_goes_to() -> None:
    timeline = sketch(BOOK, START, [opening("alder", 8)])
    found = meetings(timeline, "alder", "pilot", date(2027, 1, 18), date(2027, 1, 20))
    assert [(item.title, item.due) for item in found] == [
        ("Champions' call", date(2027, 1, day)) for day in (18, 19, 20)
    ]


def test_without_an_opening_the_plan_of_the_wave_holds() -> None:
    assert shades(sketch(BOOK, START, []))[0].first == date(2027, 2, 9)
