"""What the page of a run says to whom, and that it says nothing to others."""

from __future__ import annotations

import re

from tests.web.runs.nights import LIST, Night, text_of


def own(page: str) -> str:
    """The card of the reader's own next step."""
    found = re.search(r'<section class="now run__own".*?</section>', page, re.DOTALL)
    return text_of(found[0]) if found else ""


def test_each_has_one_button_for_the_own_next_step(begun: Night) -> None:
    page = begun.get("itl")
    assert own(page) == "Your next step 30 min 1. Freeze settings Start"
    assert page.count('data-kind="primary" data-size="lg"') == 1
    assert own(begun.get("chA")) == "Your next step, not yet about 10:30, after 2, 3 4. Tell everybody Look at it"
    assert own(begun.get("exe")) == ""
    begun.done("itl", "freeze", "start")
    begun.minute(20)
    assert own(begun.get("itl")) == "Your next step 20 of 30 min, ends 09:30 1. Freeze settings Done"
    begun.done("itl", "freeze", "completion")
    assert own(begun.get("chA")) == "To be checked by you finished by Ivo Tanaka 1. Freeze settings It is right"
    begun.done("chA", "freeze", "verification")
    assert own(begun.get("itl")) == "Your next step 1 h 00 2. Patients Start"


def test_the_sentence_the_figures_and_the_rule_stand_in_words(begun: Night) -> None:
    page = begun.get("chA")
    said = '<h1 class="lead__say"><em class="say" data-status="done">On time</em>, 1 h 40 in hand.</h1>'
    assert said in page.replace("\xa0", " ")
    words = text_of(page)
    assert "Green 0 of 8 steps done" in words and "T+ 00:00 since the beginning" in words
    assert "Forecast end 11:55 Inside the window window shuts 13:35" in words
    assert "back by 11:20, less 15 min to back out, less 15 min margin" in words
    assert "If we back out now 09:15 back in 15 min in the worst case back at 12:00" in words
    assert "Why it is green" in words and "Red:" in words
    begun.minute(190)
    words = begun.words("chA")
    assert "Red 0 of 8 steps done" in words and "Past the last safe decision" in words


def test_whoever_does_not_see_the_place_finds_nothing(begun: Night) -> None:
    for who in ("chB", "ch0", "adm"):
        for path in ("", "steps/freeze", f"/runbooks/{begun.runbook}"):
            begun.get(who, path, 404)
    assert "Alder" not in begun.words("chB", LIST)
    begun.get("chA", "steps/no-such", 404)
    begun.get("chA", "/runs/99999", 404)
    begun.get("chA", "/runbooks/99999", 404)


def test_texts_are_for_those_who_take_part_and_are_escaped(begun: Night) -> None:
    begun.done("itl", "freeze", "start")
    until = {"day": "2027-01-05", "time": "09:40", "severity": "normal"}
    begun.done("itl", "freeze", "block", reason="<b>Console</b> & desk hang", **until)
    begun.done("itl", "freeze", "notes", text="<script>alert(1)</script>")
    for path in ("", "steps/freeze"):
        page = begun.get("chA", path)
        assert "&lt;b&gt;Console&lt;/b&gt; &amp; desk hang" in page and "<b>Console" not in page
        assert "&lt;script&gt;alert(1)" in page and "<script>alert" not in page
        executive = begun.get("exe", path)
        assert "Console" not in executive and "alert(1)" not in executive
        assert "Blocked" in text_of(executive)


def test_what_is_locked_stands_until_it_is_taken_back(begun: Night) -> None:
    assert "To be taken back" not in begun.words("itl")
    begun.done("itl", "freeze", "completion")
    assert "To be taken back" not in begun.words("itl")
    begun.done("chA", "freeze", "verification")
    assert "To take back 1. Freeze settings by step 8, until 21:00, in 12 h 00" in begun.words("itl")


def test_paper_and_corrected_hours_are_marked_in_the_log(begun: Night) -> None:
    begun.minute(20)
    begun.done("itl", "freeze", "start", day="2027-01-05", time="09:05")
    entry = begun.seen("freeze")
    begun.minute(25)
    path = f"steps/freeze/entries/{entry}/correction"
    sent = {"version": str(entry), "on": "step", "day": "2027-01-05", "time": "09:02"}
    assert begun.post("itl", path, **sent).status_code == 422
    assert begun.post("chA", path, **sent, why="So I saw it").status_code == 403
    assert begun.post("itl", path, **sent, why="The clock was slow").status_code == 303
    words = begun.words("chA")
    assert "Step 1: Freeze settings. Began, 5 min late. Ivo Tanaka From paper, entered 09:20 Set right later" in words
    assert "Step 1: Freeze settings. Began 09:02, not 09:05. Ivo Tanaka The clock was slow" in words
    assert "As it was Begins First planned 09:00 Planned 09:00 Forecast 09:02" in begun.words("itl", "steps/freeze")


def test_a_run_without_anything_says_so(begun: Night) -> None:
    words = begun.words("opm")
    assert "Nothing runs at the moment." in words and "Nothing has happened yet." in words
    assert "Nothing yet." in begun.words("opm", "steps/freeze")
