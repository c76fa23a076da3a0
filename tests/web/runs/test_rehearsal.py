"""A rehearsal from the runbook's page to its end, by the people whose steps they are."""

from __future__ import annotations

from tests.web.runs.nights import LIST, Night


def test_a_rehearsal_is_made_walked_and_ended(night: Night) -> None:
    answer = night.rehearse()
    assert (answer.status_code, answer.headers["location"]) == (303, f"/runs/{night.run}")
    words = night.words("itl")
    assert "Cutover, Alder · Rehearsal 1, straight through · 09:00 Central" in words
    assert "0 of 8 steps done, none running, none blocked. Longest chain: 1, 2, 4, 5, 6 and 2 more." in words
    assert "Your next step 30 min 1. Freeze settings" in words
    night.done("itl", "freeze", "start", on="run")
    night.minute(25)
    night.done("itl", "freeze", "completion", on="run")
    assert "To be checked by you" in night.words("chA")
    night.minute(28)
    night.done("chA", "freeze", "verification", on="run")
    night.done("itl", "orders", "start")
    night.done("itl", "patients", "start")
    night.minute(60)
    night.done("itl", "orders", "completion")
    night.done("itl", "patients", "completion", answer="412")
    night.done("chA", "tell", "completion")
    night.done("chA", "try-out", "skipping")
    night.done("chA", "pulse", "start")
    night.done("chA", "pulse", "completion", part="round")
    assert "round 2" in night.words("chA")
    night.done("chA", "pulse", "completion")
    night.done("chA", "open", "completion")
    night.done("itl", "thaw", "completion")
    words = night.words("opm")
    assert "8 of 8 steps done" in words and "End the run" in words
    assert night.post("opm", "ending").status_code == 303
    words = night.words("chA")
    assert "Finished Tue 5 Jan, 10:00 Central" in words and "The run is over. Omar Haddad, today 10:00." in words
    assert "Start" not in words
    assert "Rehearsed once, on 5 January: inside its window, nothing blocked." in night.words("chA", LIST)
