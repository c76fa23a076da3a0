"""The page of a day: counted on a phone, handed in, closed by a second person; and what it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlmodel import select

from app.actions.reconciliations.counting import enter_counts
from app.actions.reconciliations.missing import miss_day
from app.models import Issue, Occasion, ReconciliationFile
from tests import cast as casting
from tests.cast import NOW
from tests.reconciling import LATE, RECONCILED, close_day, count_day, counts, given, occasion, record
from tests.web.conftest import Site

FIELDS = {
    "left-claims": "412", "right-claims": "412", "left-cash": "40,00", "right-cash": "40.00", "answer-link": "pass",
}  # fmt: skip


@pytest.fixture
def counting(bare_site: Site) -> Iterator[Site]:
    bare_site.cast = casting.running(bare_site.database, RECONCILED)
    yield bare_site


def day_of(site: Site, place: str = "alder") -> int:
    with site.database.reading() as session:
        return occasion(session, site.cast, place)


def version_of(site: Site, day: int) -> str:
    with site.database.reading() as session:
        row = record(session, day)
        return str(row.version if row else 0)


def post(
    site: Site, who: str, day: int, act: str, fields: dict[str, str] | None = None, **given: str
) -> tuple[int, str]:
    sent = {"version": version_of(site, day), **(fields or {}), **given}
    answer = site.client(who).post(f"/reconciliations/{day}/{act}", data=sent)
    return answer.status_code, answer.text


def page(site: Site, who: str, day: int) -> str:
    answer = site.client(who).get(f"/reconciliations/{day}")
    assert answer.status_code == 200, answer.text
    return answer.text


def test_a_day_is_counted_handed_in_and_closed(counting: Site) -> None:
    day = day_of(counting)
    assert 'inputmode="decimal"' in page(counting, "chA", day)
    assert post(counting, "chA", day, "counts", {"left-claims": "412", "right-claims": "409"})[0] == 303
    shown = page(counting, "chA", day)
    assert "−3 (−0.73%), 4.12 allowed" in shown
    assert "Alder is" in shown
    assert post(counting, "chA", day, "counts", FIELDS, hand_in="yes")[0] == 303
    assert "waits for a second person" in page(counting, "chA", day)
    assert "Close the day" not in page(counting, "chA", day)
    assert "Close the day" in page(counting, "opm", day)
    assert post(counting, "chA", day, "closing")[0] == 403
    assert post(counting, "opm", day, "closing")[0] == 303
    shown = page(counting, "chA", day)
    assert "Clean" in shown
    assert "every line within its tolerance" in shown
    assert "Before it was corrected" in shown


def test_what_is_missing_keeps_what_was_typed_and_what_was_counted(counting: Site) -> None:
    day = day_of(counting)
    status, shown = post(counting, "chA", day, "counts", {"left-claims": "412"})
    assert (status, "Both counts are needed." in shown, 'value="412"' in shown) == (422, True, True)
    status, shown = post(counting, "chA", day, "counts", {"left-claims": "many", "right-claims": "1"})
    assert (status, "Give a figure" in shown, 'value="many"' in shown) == (422, True, True)
    status, shown = post(counting, "chA", day, "counts", {"left-cash": "1", "right-cash": "1"}, hand_in="yes")
    assert (status, "What you counted is kept." in shown) == (409, True)
    assert "<ul><li>Claims</li><li>PACS reachable all day</li></ul>" in shown
    status, shown = post(counting, "chA", day, "counts", {**FIELDS, "right-cash": "39"}, hand_in="yes")
    assert (status, "Say why this is outside its tolerance." in shown, 'value="39"' in shown) == (422, True, True)
    with counting.database.reading() as session:
        assert sorted(one.line for one in counts(session, day)) == ["cash", "cash", "claims", "link"]
        row = record(session, day)
        assert row is not None
        assert row.counted_at is None


def test_what_looks_like_a_patients_is_asked_about_first(counting: Site) -> None:
    day = day_of(counting)
    sent = {"left-cash": "1", "right-cash": "2", "reason-cash": "MRN 00123456 was billed twice"}
    status, shown = post(counting, "chA", day, "counts", sent)
    assert (status, "looks like" in shown, "MRN 00123456 was billed twice" in shown) == (422, True, True)
    with counting.database.reading() as session:
        assert counts(session, day) == []
    assert post(counting, "chA", day, "counts", sent, no_patient="yes")[0] == 303


def test_a_stale_form_is_told_who_was_quicker_and_may_win(counting: Site) -> None:
    day = day_of(counting)
    with counting.database.writing() as session:
        by = counting.cast.viewer(session, "chAB")
        enter_counts(session, day, given()[:2], seen=0, by=by, now=NOW)
    sent = {**FIELDS, "left-cash": "7", "right-cash": "7", "version": "0"}
    answer = counting.client("chA").post(f"/reconciliations/{day}/counts", data=sent)
    assert answer.status_code == 409
    assert "Abena Boateng changed this" in answer.text
    assert 'name="left-cash" value="7"' in answer.text
    assert post(counting, "chA", day, "counts", {**sent, "version": version_of(counting, day)})[0] == 303


def test_a_script_gets_the_element_alone(counting: Site) -> None:
    day = day_of(counting)
    answer = counting.client("chA").post(
        f"/reconciliations/{day}/counts", data={**FIELDS, "version": "0"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200
    assert answer.text.startswith('<div id="day">')


def test_a_day_is_sent_back_and_a_closed_one_opened_again(counting: Site) -> None:
    day = day_of(counting)
    with counting.database.writing() as session:
        count_day(session, counting.cast, day)
    assert post(counting, "opm", day, "return", reason=" ")[0] == 422
    assert post(counting, "opm", day, "return", reason="The till of desk 2 is missing.")[0] == 303
    shown = page(counting, "chA", day)
    assert "Omar Haddad sent this day back" in shown
    assert "The till of desk 2 is missing." in shown
    with counting.database.writing() as session:
        close_day(session, counting.cast, day)
    assert post(counting, "chA", day, "reopening", reason="x")[0] == 403
    assert post(counting, "opm", day, "reopening", reason="The ledger was wrong.")[0] == 303
    assert "Omar Haddad opened this closed day again" in page(counting, "chA", day)


def test_a_line_outside_links_to_its_issue(counting: Site) -> None:
    day = day_of(counting)
    sent = {**FIELDS, "right-claims": "300", "reason-claims": "Batch 7"}
    assert post(counting, "chA", day, "counts", sent, hand_in="yes")[0] == 303
    with counting.database.reading() as session:
        issue = session.exec(select(Issue)).one()
    shown = page(counting, "opm", day)
    assert f'<a href="/issues/{issue.id}">Issue 1</a>' in shown
    told = counting.client("opm").get(f"/issues/{issue.id}").text
    assert "Variance: −112 (−27.18%)" in told
    assert "Batch 7" in told
    assert f'<a href="/reconciliations/{day}">' in told


def test_what_is_learnt_on_a_day_is_about_that_day(counting: Site) -> None:
    day = day_of(counting)
    assert f'name="about" value="reconciliation-{day}"' in page(counting, "chA", day)
    assert 'name="about"' not in page(counting, "exe", day)
    learnt = {"said": "Count after the last patient", "about": f"reconciliation-{day}"}
    answer = counting.client("chA").post("/rollouts/two-sites/lessons/new", data=learnt)
    shown = counting.client("dir").get(answer.headers["location"]).text
    assert f'href="/reconciliations/{day}"' in shown


def test_the_page_of_the_place_says_how_its_days_went(counting: Site) -> None:
    with counting.database.writing() as session:
        close_day(session, counting.cast, day_of(counting), given(claims=("412", "300"), claims_reason="Batch 7"))
    shown = counting.client("chA").get("/rollouts/two-sites/locations/alder").text
    assert "1 out of tolerance" in shown
    assert "unchanged." in shown


def test_executives_see_how_it_stands_and_not_what_was_written(counting: Site) -> None:
    day = day_of(counting)
    with counting.database.writing() as session:
        close_day(session, counting.cast, day, given(claims=("412", "300"), claims_reason="canary-3"))
    shown = page(counting, "exe", day)
    assert "with variance" in shown
    assert "canary-3" not in shown
    assert "412" in shown
    assert "canary-3" in page(counting, "chA", day)


def test_a_missed_day_says_so_for_ever(counting: Site) -> None:
    day = day_of(counting)
    with counting.database.writing() as session:
        miss_day(session, session.get_one(Occasion, day), now=LATE)
    counting.now = LATE + timedelta(hours=12)
    counting.sign_everybody_in_anew()
    shown = page(counting, "chA", day)
    assert "it can still be entered" in shown
    assert "/issues/1" in shown
    assert post(counting, "chA", day, "counts", FIELDS, hand_in="yes")[0] == 303
    assert post(counting, "opm", day, "closing")[0] == 303
    assert "Missed, entered later" in page(counting, "chA", day)


def test_files_are_attached_fetched_and_taken_away(counting: Site) -> None:
    day = day_of(counting)
    client = counting.client("chA")
    answer = client.post(f"/reconciliations/{day}/evidence", data={"version": "0", "line": "cash"},
                         files={"file": ("till.txt", b"40.00", "text/plain")})  # fmt: skip
    assert answer.status_code == 303
    with counting.database.reading() as session:
        key = session.exec(select(ReconciliationFile.id)).one()
    assert "till.txt" in page(counting, "chA", day)
    assert "till.txt" not in page(counting, "exe", day)
    fetched = client.get(f"/reconciliations/{day}/files/{key}")
    assert (fetched.content, fetched.headers["content-disposition"]) == (
        b"40.00", f'attachment; filename="count-file-{key}.txt"',
    )  # fmt: skip
    assert counting.client("exe").get(f"/reconciliations/{day}/files/{key}").status_code == 403
    assert counting.client("chB").get(f"/reconciliations/{day}/files/{key}").status_code == 404
    other = day_of(counting, "birch")
    assert counting.client("opm").get(f"/reconciliations/{other}/files/{key}").status_code == 404
    assert post(counting, "chA", day, f"files/{key}/removal")[0] == 303
    assert client.get(f"/reconciliations/{day}/files/{key}").status_code == 404


def test_a_reason_is_taken_away_for_good(counting: Site) -> None:
    day = day_of(counting)
    sent = {**FIELDS, "right-claims": "300", "reason-claims": "canary-8"}
    post(counting, "chA", day, "counts", sent, hand_in="yes")
    with counting.database.reading() as session:
        key = counts(session, day)[0].id
    assert f'value="count-{key}"' in page(counting, "chA", day)
    assert post(counting, "chA", day, "redaction", part=f"count-{key}")[0] == 303
    assert "canary-8" not in page(counting, "chA", day)
    assert "canary-8" not in counting.client("chA").get("/issues/1").text
    assert post(counting, "chA", day, "redaction", part="")[0] == 422


def test_a_day_elsewhere_is_not_there(counting: Site) -> None:
    day = day_of(counting, "birch")
    assert counting.client("chA").get(f"/reconciliations/{day}").status_code == 404
    assert counting.client("chA").get("/reconciliations/987654").status_code == 404
    assert post(counting, "chA", day, "counts", FIELDS)[0] == 404


def test_days_to_come_show_their_lines_and_take_nothing(counting: Site) -> None:
    with counting.database.reading() as session:
        day = occasion(session, counting.cast, day=date(2027, 1, 6))
    assert "Nothing to count yet" in page(counting, "chA", day)
    assert post(counting, "chA", day, "counts", FIELDS)[0] == 409
