"""Pages of training: what each reader sees, and every form on them."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlmodel import select
from starlette.testclient import TestClient

from app.actions.training.attendance import close_attendance
from app.actions.training.results import note_check, note_practice
from app.models import StaffMember, TrainingSession
from tests.actions.training.school import AFTER, SESSION, School, school
from tests.web.conftest import Site
from tests.web.forms import forms_of

HERE = "/rollouts/two-sites/locations/alder/training"
NETWORK = "/rollouts/two-sites/training"


@pytest.fixture
def pupils(bare_site: Site) -> School:
    found = school(bare_site.database)
    bare_site.cast = found.cast
    return found


@pytest.fixture
def site(bare_site: Site, pupils: School) -> Site:
    return bare_site


def text_of(client: TestClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.text[:400]
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())


def test_the_network_says_what_is_short_by_name_to_those_who_may_know(site: Site, pupils: School) -> None:
    site.now = AFTER
    site.sign_everybody_in_anew()
    said = text_of(site.client("dir"), NETWORK)
    assert "Next due: Front desk basics at Birch, in 2 days, 1 person short" in said
    assert "Front desk basics: Ann Abel, Ben Bauer and Cora Cho" in said
    seen = text_of(site.client("exe"), NETWORK)
    assert "Ann Abel" not in seen
    assert "Front desk basics: 3 people" in seen
    local = text_of(site.client("chA"), NETWORK)
    assert "Finn Fox" not in local
    assert "Next due: Front desk basics at Alder, in 2 days, 3 people short" in local
    assert "Birch" not in local
    site.now = AFTER.replace(day=6)
    site.sign_everybody_in_anew()
    assert "trainings are late" in text_of(site.client("dir"), NETWORK)


def test_a_centre_without_staff_asks_for_a_list(site: Site, pupils: School) -> None:
    with site.database.writing() as session:
        for row in session.exec(select(StaffMember)):
            row.left_at = SESSION
    assert "Nobody is on a staff list yet" in text_of(site.client("dir"), NETWORK)
    assert "Nobody is on the staff list of Alder yet." in text_of(site.client("chA"), HERE)


def test_sessions_are_planned_behind_each_other_and_people_asked_to_them(site: Site, pupils: School) -> None:
    chiara = site.client("chA")
    form = {"entry": "desk-basics", "day": "2027-02-03", "time": "10:00", "sessions": "2", "seats": "2", "token": "a"}
    for _ in range(2):
        assert chiara.post(f"{HERE}/sessions", data=form).status_code == 303
    with site.database.reading() as session:
        rows = session.exec(select(TrainingSession).order_by(TrainingSession.starts_at)).all()  # type: ignore[arg-type]
        assert [(row.starts_at.hour, row.seats, row.minutes) for row in rows] == [(16, 2, 120), (18, 2, 120)]
        first = rows[0].id
    answer = chiara.post(f"/training/{first}/enrolments", data={"everybody": "yes", "invite": "yes"})
    assert answer.status_code == 200
    assert "No seat left</b> for Cora Cho" in answer.text
    assert "Ann Abel" in text_of(chiara, f"/training/{first}")
    assert "Ann Abel" not in text_of(site.client("exe"), f"/training/{first}")
    assert "2 of 2 seats" in text_of(site.client("exe"), f"/training/{first}")
    assert site.client("chB").get(f"/training/{first}").status_code == 404


def test_what_speaks_against_a_session_is_said(site: Site, pupils: School) -> None:
    form = {"entry": "desk-basics", "day": "2027-02-06", "time": "10:00", "trainer": str(site.cast.people["itl"])}
    for _ in range(2):
        site.client("dir").post(f"{HERE}/sessions", data=form)
    said = text_of(site.client("dir"), HERE)
    assert "It ends after the training is due." in said
    assert "The centre is closed that day." in said
    assert "The trainer holds another session at that time." in said
    wrong = site.client("dir").post(f"{HERE}/sessions", data={**form, "day": "soon"})
    assert wrong.status_code == 422
    assert "Write a day" in wrong.text


def test_attendance_is_noted_on_a_phone_in_one_form_and_a_stale_one_is_told(site: Site, pupils: School) -> None:
    at = pupils.session(seats=3)
    pupils.enrol(at, "Ann", "Ben")
    site.now = AFTER
    site.sign_everybody_in_anew()
    form = next(one for one in forms_of(site.client("chA").get(f"/training/{at}").text) if "attendance" in one.action)
    sent = {"version": form.fields["version"], "present": [str(pupils.ids["Ann"])], "recording": "On the share"}
    assert site.client("chA").post(form.action, data=sent).status_code == 303
    assert pupils.progress("Ben").standing == "recording"
    lately = text_of(site.client("dir"), "/rollouts/two-sites/locations/alder")
    assert "Chiara Amato noted who was at a training" in lately
    assert "Dana Whitfield asked people to a training" in lately
    stale = site.client("dir").post(form.action, data={"version": form.fields["version"]})
    assert stale.status_code == 409
    assert "Chiara Amato changed this" in stale.text
    warned = site.client("chA").post(
        form.action, data={"version": str(pupils.version(at)), "recording": "MRN 12345678"}
    )
    assert (warned.status_code, pupils.progress("Ann").standing) == (422, "practising")


def test_a_person_is_noted_by_others_and_sees_their_own(site: Site, pupils: School) -> None:
    at = pupils.session()
    pupils.enrol(at, "Ann", "Ben")
    pupils.act(close_attendance, at, [pupils.ids["Ann"]], seen=pupils.version(at), at=AFTER)
    ann, ben = (f"/training/people/{pupils.ids[name]}" for name in ("Ann", "Ben"))
    with site.database.writing() as session:
        session.get_one(StaffMember, pupils.ids["Ben"]).person_id = site.cast.people["cto"]
    practice = {"entry": "desk-basics", "line": "bookings", "passed": "3", "failed": "1", "token": "p"}
    for _ in range(2):
        assert site.client("itl").post(f"{ann}/practice", data=practice).status_code == 303
    for score, said in (("79", "attempt 1, 79%"), ("95", "Passed")):
        site.client("itl").post(f"{ann}/check", data={"entry": "desk-basics", "score": score})
        assert said in text_of(site.client("itl"), ann)
    assert "3 of 3" not in text_of(site.client("cto"), ben)
    assert site.client("cto").get(ann).status_code == 403
    assert site.client("cto").post(f"{ben}/recording", data={"entry": "desk-basics"}).status_code == 303
    assert pupils.progress("Ben").standing == "practising"
    with site.database.reading() as session:
        assert site.cast.people["cto"] == session.get_one(StaffMember, pupils.ids["Ben"]).person_id


def test_go_live_day_is_covered_by_who_is_trained_and_works(site: Site, pupils: School) -> None:
    pupils.act(close_attendance, pupils.session(), [pupils.ids["Ann"]], seen=1, at=AFTER)
    pupils.act(note_practice, pupils.ids["Ann"], "desk-basics", "bookings", passed=3, at=AFTER)
    pupils.act(note_check, pupils.ids["Ann"], "desk-basics", score=80, at=AFTER)
    chiara = site.client("chA")
    assert "Nobody is on the roster" in text_of(chiara, HERE)
    chiara.post(f"{HERE}/shift", data={"shift": "early", "works": "yes"})
    said = text_of(chiara, HERE)
    assert "1 of 2 trained" in said
    assert "Ben Bauer" in said
    chiara.post(f"{HERE}/roster", data={"works": [str(pupils.ids["Ann"])]})
    assert "1 of 1 trained" in text_of(chiara, HERE)
    assert site.client("exe").post(f"{HERE}/roster", data={}).status_code == 403


LIST = "number,name,role,email,shift,location\n"


def brought(site: Site, text: str, who: str = "chA", **given: str) -> str:
    answer = site.client(who).post(f"{NETWORK}/staff/preview", data={"text": text, **given})
    assert answer.status_code in (200, 422), answer.text[:300]
    return str(answer.text)


def test_a_list_with_faults_names_each_in_its_line_and_stores_nothing(site: Site, pupils: School) -> None:
    rows = "1,Ann,desk,,,alder\n1,Anna,desk,,,alder\n7,Gil,pilot,not-mail,,birch\n,,desk,,,\n"
    said = " ".join(re.sub(r"<[^>]+>", " ", brought(site, LIST + rows)).split())
    assert "3 rows of the list cannot be taken." in said
    for fault in (
        "1 stands in line 2 too", "Write one of desk, billing, helper.", "Write an e-mail address",
        "Write one of alder.", "Say something here.",
    ):  # fmt: skip
        assert fault in said
    assert 'id="take-over"' not in brought(site, LIST + rows)


def test_a_list_is_taken_over_whole_and_is_quiet_the_second_time(site: Site, pupils: School) -> None:
    rows = "1,Ann Abel,desk,ann@example.org,late,\n9,=HYPERLINK(1),desk,,early,\n"
    page = brought(site, LIST + rows)
    assert "1 new, 1 changed, 0 as before." in page
    form = next(one for one in forms_of(page) if one.action.endswith("/import"))
    text = re.search(r'<textarea name="text"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert text is not None
    sent = {"shown": form.fields["shown"], "location": "", "text": text[1].replace("&#39;", "'"), "left": ["1"]}
    sent["left"] = [str(pupils.ids["Ben"])]
    answer = site.client("chA").post(f"{NETWORK}/staff/import", data=sent)
    assert answer.status_code == 303, answer.text[:300]
    with site.database.reading() as session:
        found = session.exec(select(StaffMember.name).where(StaffMember.location_id == site.cast.locations["alder"],
                             StaffMember.left_at.is_(None))).all()  # type: ignore[union-attr]  # fmt: skip
    assert sorted(found) == ["=HYPERLINK(1)", "Ann Abel", "Cora Cho", "Dev Das", "Eli Ek"]
    again = site.client("chA").post(f"{NETWORK}/staff/import", data={**sent, "left": []})
    assert again.status_code == 303
    assert pupils.verbs("location").count("staff.imported") == 1
    exported = site.client("chA").get(f"{HERE}/staff.csv").text
    assert "9,'=HYPERLINK(1),desk,,early,alder,no" in exported
    changed = site.client("chA").post(f"{NETWORK}/staff/import", data={**sent, "text": LIST + "1,Other,desk,,,\n"})
    assert changed.status_code == 409


def test_a_workbook_is_read_and_a_file_that_is_none_is_refused(site: Site, pupils: School) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["Number", "Name", "Role", "Go-live"],
        [12, "Una Uhl", "Front desk", True],
        ["13", "=1+1", "desk", None],
    ):
        sheet.append(row)
    kept = io.BytesIO()
    book.save(kept)
    for data, said in ((kept.getvalue(), "2 new"), (b"PK\x03\x04 not a workbook", "cannot be read")):
        answer = site.client("chA").post(f"{NETWORK}/staff/preview", files={"file": ("s.xlsx", data)}, data={})
        assert said in answer.text


def test_the_staff_list_has_pages_is_searched_and_added_to(site: Site, pupils: School) -> None:
    chiara = site.client("chA")
    form = {"number": "8", "name": "Hana Hu", "role": "helper", "token": "s"}
    for _ in range(2):
        assert chiara.post(f"{HERE}/staff", data=form).status_code == 303
    assert "6 people work at Alder." in text_of(chiara, f"{HERE}/staff")
    assert "1 person like that" in text_of(chiara, f"{HERE}/staff?q=hana")
    wrong = chiara.post(f"{HERE}/staff", data={**form, "token": "t"})
    assert wrong.status_code == 422
    assert "8 is Hana Hu already" in wrong.text
    assert site.client("exe").get(f"{HERE}/staff").status_code == 403
    assert site.client("exe").get(f"{HERE}/staff.csv").status_code == 403


def test_a_session_goes_into_a_calendar(site: Site, pupils: School) -> None:
    at = pupils.session(trainer_id=site.cast.people["itl"], place="Room 2")
    answer = site.client("exe").get(f"/training/{at}/calendar")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert f"UID:training-{at}@testserver\r\n" in answer.text
    assert "LOCATION:Room 2\\, Alder\r\n" in answer.text
    assert f"UID:training-{at}@" in site.client("itl").get("/training/mine/calendar").text
    assert "VEVENT" not in site.client("chA").get("/training/mine/calendar").text


def test_what_is_off_the_paths_is_not_there(site: Site, pupils: School, tmp_path: Path) -> None:
    for path in ("/training/999999", "/training/people/999999", "/training/999999/calendar"):
        assert site.client("dir").get(path).status_code == 404
