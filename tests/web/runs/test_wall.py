"""The wall of a run: what it says, to whom, and what it never shows."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlmodel import select

from app.actions.runs.blocking import block_step
from app.actions.runs.ending import end_run
from app.actions.runs.making import make_run
from app.actions.runs.returning import go_back
from app.actions.runs.stepping import hand_over, note_on, skip_step
from app.models import Run, ScheduledEntry
from tests import cast as casting
from tests.cast import NOW
from tests.running import RUN, finish, later, start
from tests.web.conftest import Site
from tests.web.runs.nights import Night
from tests.web.runs.walls import end, link, main_of, said, screen, t_of

CANARY = "canary-of-the-night-3f"


def walk(night: Night, *acts: tuple[object, ...]) -> None:
    """Acts of steps: what is done, the step, by whom, and in which minute."""
    with night.site.database.writing() as session:
        run = session.get_one(Run, night.run)
        for act, step, who, minute in acts:
            act(session, night.site.cast, run, step, who, minute)  # type: ignore[operator]


def with_everything_written(night: Night) -> None:
    """A run with a canary in all that people wrote, in a minute in which something is blocked."""
    walk(night, (start, "freeze", "itl", 1))
    with night.site.database.writing() as session:
        by = night.site.cast.viewer(session, "opm", later(5))
        given = {"by": by, "now": later(5)}
        note_on(session, night.run, text=f"{CANARY} note", **given)
        skip_step(session, night.run, "try-out", reason=f"{CANARY} skipped", seen=None, **given)
        hand_over(session, night.run, "patients", person=night.site.cast.people["cto"], seen=None, **given)
        block_step(
            session, night.run, "freeze", reason=f"{CANARY} blocked", severity="normal", until=later(60), seen=None,
            **given,
        )  # fmt: skip
    link(night, f"{CANARY} title")
    night.minute(10)


def test_the_wall_says_where_a_night_stands(begun: Night) -> None:
    walk(begun, (start, "freeze", "itl", 0))
    begun.minute(12)
    page = begun.get("chA", "wall")
    words = said(page)
    assert t_of(page) == "T+00:12"
    for sentence in (
        "On time, 1 h 40 in hand.",
        "0 of 8 steps done, 1 running, none blocked. Longest chain: 1, 2, 4, 5, 6 and 2 more.",
        "Forecast end 11:55 Inside the window window shuts 13:35",
        "Last safe decision 10:50 in 1 h 38 back by 11:20, less 15 min to back out, less 15 min margin",
        "If we back out now 09:27 back in 15 min in the worst case back at 12:00",
        "The run, 09:00 to 13:35",
        "0 of 8 steps are over. Now 09:12. Running: 1.",
        "Last safe 10:50, no return 11:35, forecast end 11:55, window shuts 13:35.",
        "Step 1 Freeze settings Ivo Tanaka 12 of 30 min ends 09:30 Longest chain, no slack",
        "Step 2 Patients Ivo Tanaka 09:30 after 1",
        "Step 7 First patient Abena Boateng, Chiara Amato 11:35 point of no return",
        "09:00 Step 1: Freeze settings. Began. Ivo Tanaka",
        "Green now. Red: the last safe decision is past",
    ):
        assert sentence in words, words
    assert "Cutover, Alder" in page and "Rehearsal 1, straight through" in page


def test_what_takes_longer_and_what_waits_for_a_check_is_said(begun: Night) -> None:
    walk(begun, (start, "freeze", "itl", 0))
    begun.minute(37)
    assert "37 of 30 min 7 min over" in said(begun.get("chA", "wall"))
    walk(begun, (finish, "freeze", "itl", 38))
    begun.minute(39)
    assert "Step 1 Freeze settings Waits for a check Abena Boateng, Chiara Amato" in said(begun.get("chA", "wall"))


def test_a_block_is_said_with_its_issue_and_until_when(begun: Night) -> None:
    with_everything_written(begun)
    words = said(begun.get("chA", "wall"))
    assert "Blocked, issue 1 Ivo Tanaka 4 of 30 min until 10:00" in words
    assert "Amber now." in words
    assert "Blocked : “Freeze settings”, and the end waits for it." in words
    assert "Step 2 Patients Carla Toivonen" in words


def test_nothing_that_people_wrote_is_on_it(begun: Night) -> None:
    with_everything_written(begun)
    _, address = link(begun)
    for page in (begun.get("dir", "wall"), screen(begun).get(address).text):
        assert CANARY not in page
        assert "A note was written." in said(page)


def test_who_is_signed_in_and_a_link_show_the_same_wall(begun: Night) -> None:
    _, address = link(begun)
    page = screen(begun).get(address)
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
    assert main_of(page.text) == main_of(begun.get("exe", "wall"))
    assert f'data-stream="{address}/live"' in page.text
    assert 'data-stream="/live"' in begun.get("exe", "wall")


def test_a_link_leads_nowhere_into_the_product(begun: Night) -> None:
    _, address = link(begun)
    page = screen(begun).get(address).text
    assert re.findall(r'<a [^>]*href="([^"]*)"', page) == ["#main"]
    assert not re.search(r"<(form|button|input|select|textarea)\b", page)
    for name in ("Two sites", "Birch", "Bengt Holm", "Edith Okafor", "Sign out"):
        assert name not in page
    assert '<meta name="robots" content="noindex, nofollow">' in page
    assert '<meta name="referrer" content="no-referrer">' in page


def test_names_on_a_wall_are_those_of_its_place(begun: Night) -> None:
    walk(begun, (finish, "freeze", "itl", 20))
    begun.minute(21)
    words = said(begun.get("dir", "wall"))
    assert "Abena Boateng, Chiara Amato" in words
    assert "Bengt Holm" not in words


def test_going_back_has_its_own_way_and_forecast(begun: Night) -> None:
    walk(begun, (start, "freeze", "itl", 0), (finish, "freeze", "itl", 20))
    with begun.site.database.writing() as session:
        by = begun.site.cast.proven(session, "dir", later(30))
        go_back(session, begun.run, reason=CANARY, by=by, now=later(30))
    begun.minute(31)
    page = begun.get("chA", "wall")
    words = said(page)
    assert "Back out ends 1 h 34 before 11:20." in words
    assert "Running on the way back" in words and "Step 1 Tell everyone" in words
    assert "While backing out, red means that it ends after the time to be back by" in words
    assert CANARY not in page


def test_after_its_end_a_wall_says_how_it_went(begun: Night) -> None:
    walk(begun, (start, "freeze", "itl", 0))
    with begun.site.database.writing() as session:
        end_run(session, begun.run, reason=CANARY, by=begun.site.cast.viewer(session, "opm"), now=later(45))
    begun.minute(90)
    page = begun.get("chA", "wall")
    words = said(page)
    assert t_of(page) == "T+00:45" and "held since 09:45" in words
    assert "Abandoned Tue 5 Jan, 09:45 Central" in words
    assert "Began 09:00 8 steps, none skipped" in words
    assert "Next" not in words and CANARY not in page


def test_a_link_works_for_a_day_and_more_without_being_signed_out(begun: Night) -> None:
    """Asked every ten minutes of a day and a half; T is always right."""
    key, address = link(begun)
    browser = screen(begun)
    for number in range(36 * 6):
        begun.site.now = NOW + timedelta(minutes=10 * number)
        page = browser.get(address)
        assert page.status_code == 200
        assert t_of(page.text) == f"T+{number // 6:02d}:{10 * (number % 6):02d}"
    assert not browser.cookies
    end(begun, key)
    assert browser.get(address).status_code == 404


def test_a_wall_of_the_network_names_people_of_single_places_by_their_roles(bare_site: Site) -> None:
    wide = RUN.replace("    zero: cutover\n", "    scope: network\n    zero: first cutover\n", 1)
    wide = wide.replace("    rehearse: cutover - 6d\n", "")
    bare_site.cast = casting.running(bare_site.database, wide)
    with bare_site.database.writing() as session:
        dated = session.exec(select(ScheduledEntry.id).where(ScheduledEntry.kind == "runbook")).one()
        run = make_run(session, dated or 0, by=bare_site.cast.viewer(session, "opm"), now=NOW)
        finish(session, bare_site.cast, run, "freeze")
    page = bare_site.client("chA").get(f"/runs/{run.id}/wall")
    words = said(page.text)
    assert "Cutover, Two sites" in page.text
    assert "Step 1 Freeze settings Waits for a check Site champion" in words
    assert "Step 2 Patients Ivo Tanaka" in words
    assert "Chiara Amato" not in words


def test_a_page_without_script_is_fetched_anew_by_itself(begun: Night) -> None:
    assert '<noscript><meta http-equiv="refresh" content="30"></noscript>' in begun.get("chA", "wall")
