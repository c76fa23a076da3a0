"""From a playbook to a running rollout, page by page, as a director goes through it."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from app.actions.jobs import claim_job, fail_job
from app.models import Job, Location, Membership, Person, Rollout
from app.worker import tick
from tests.cast import PLAYBOOK
from tests.web.conftest import Site

ROOT = Path(__file__).resolve().parents[2]
SEATS = "\n  seats: {title: Seats, answer: {type: number}}"
LOCATIONS = """\
- {id: alder, name: Alder, zone: America/Chicago, wave: pilot, attributes: {legacy: true}}
- {id: birch, name: Birch, zone: America/New_York, wave: pilot, attributes: {legacy: false}, open: mon .. sat}
"""


def version(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]


def test_a_director_goes_from_text_to_a_running_rollout(draft_site: Site) -> None:
    director = draft_site.client("dir")
    text = PLAYBOOK.replace("id: two-sites", "id: clinic-move")
    kept = director.post("/playbooks/new", data={"text": text}, files={"file": ("", b"")})
    assert kept.headers["location"] == "/playbooks/clinic-move/1.0"
    row = re.search(r'name="playbook" value="(\d+)"', director.get("/playbooks/clinic-move/1.0").text)
    assert row is not None
    begun = director.post("/rollouts/new", data={"title": "Clinic move", "playbook": row[1]})
    base = begun.headers["location"].removesuffix("/start")
    assert base == "/rollouts/clinic-move/set-up"

    form = {"version": version(director.get(f"{base}/start").text), "start": "2027-01-04"}
    assert director.post(f"{base}/start", data=form).headers["location"] == f"{base}/locations"
    form = {"version": version(director.get(f"{base}/locations").text), "list": LOCATIONS, "read": "yes"}
    assert director.post(f"{base}/locations", data=form).headers["location"] == f"{base}/people"
    page = director.get(f"{base}/people").text
    assert "Nobody is Site champion for Alder yet." in page
    people = {
        "version": version(page),
        "role-0": "champion",
        "location-0": "alder",
        "name-0": "Nora",
        "email-0": "n@x.org",
    }
    assert director.post(f"{base}/people", data=people).headers["location"] == f"{base}/preview"

    preview = director.get(f"{base}/preview").text
    assert "Scanners" in preview or "Label printers and scanners work" in preview
    assert "Mon 8 Feb, 07:00 Central" in preview
    assert "before cutover" in preview
    started = director.post("/rollouts/clinic-move/start", data={"version": version(preview)})
    assert started.headers["location"] == "/rollouts/clinic-move/progress"
    waiting = director.get("/rollouts/clinic-move/progress")
    assert "The dates are being worked out." in waiting.text
    with draft_site.database.writing() as session:
        tick(session, draft_site.now)
    done = director.get("/rollouts/clinic-move/progress", headers={"HX-Request": "true"})
    assert done.headers["hx-redirect"] == "/rollouts/clinic-move/board"
    assert "Alder" in director.get("/rollouts/clinic-move/board").text
    with draft_site.database.reading() as session:
        birch = session.exec(select(Location).where(Location.slug == "birch").order_by(Location.id.desc())).first()  # type: ignore[union-attr]
        assert birch is not None
        assert birch.calendar == {"open": "mon .. sat"}


def test_every_fault_of_a_playbook_stands_beside_its_line_and_the_text_is_kept(draft_site: Site) -> None:
    text = PLAYBOOK.replace("owner: it-lead, due: week 1 fri", "owner: nobody, due: week 99 fri")
    answer = draft_site.client("dir").post("/playbooks/new", data={"text": text}, files={"file": ("", b"")})
    assert answer.status_code == 422
    line = next(number for number, row in enumerate(text.splitlines(), 1) if "week 99" in row)
    assert f'href="#L{line}"' in answer.text
    assert f'id="L{line}"' in answer.text
    assert "W1" in answer.text
    assert "D5" in answer.text
    assert "week 99 fri" in answer.text[answer.text.index("<textarea") :]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[" * 50_000,
        "a: &a [*a]",
        "muster: 1\n\x00",
        "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
        "x" * 600_000,
    ],
)
def test_hostile_text_is_refused_with_a_page(draft_site: Site, text: str) -> None:
    answer = draft_site.client("dir").post("/playbooks/new", data={"text": text}, files={"file": ("", b"")})
    assert answer.status_code == 422
    assert "What has to change" in answer.text or "cannot be taken" in answer.text


def test_the_same_version_with_other_content_is_refused(draft_site: Site) -> None:
    text = PLAYBOOK.replace("Choose one sign-on provider", "Choose a sign-on provider")
    answer = draft_site.client("dir").post("/playbooks/new", data={"text": text}, files={"file": ("", b"")})
    assert answer.status_code == 409
    assert "V1" in answer.text


def test_a_shipped_playbook_shows_the_caution_of_its_sources(draft_site: Site) -> None:
    director = draft_site.client("dir")
    kept = director.post("/playbooks/shipped", data={"name": "ray-medical"})
    page = director.get(kept.headers["location"]).text
    assert kept.status_code == 303
    assert "verify" in page.lower()


def test_a_start_on_another_weekday_is_told_the_near_ones(draft_site: Site) -> None:
    director, base = draft_site.client("dir"), "/rollouts/two-sites/set-up"
    form = {"version": version(director.get(f"{base}/start").text), "start": "2027-01-06"}
    answer = director.post(f"{base}/start", data=form)
    assert answer.status_code == 422
    assert "Wednesday 6 January is no Monday: take Monday 4 January or Monday 11 January." in answer.text
    assert 'value="2027-01-06"' in answer.text


@pytest.mark.parametrize(
    "typed", ["0001-01-01", "9999-12-27", "2200-01-06", "2027-W01-1", "20270104", "4 January 2027"]
)
def test_a_start_that_no_plan_can_have_is_told_beside_the_field(draft_site: Site, typed: str) -> None:
    director, address = draft_site.client("dir"), "/rollouts/two-sites/set-up/start"
    answer = director.post(address, data={"version": version(director.get(address).text), "start": typed})
    assert answer.status_code == 422
    in_form = len(typed) == 10 and typed[4] == typed[7] == "-"
    said = "Write a day in the years 2000 to 2199." if in_form else "Write a day, such as 2027-01-04."
    assert said in answer.text[answer.text.index("<form") :]
    with draft_site.database.reading() as session:
        assert session.get_one(Rollout, draft_site.cast.rollout).start is not None


def test_a_start_that_failed_says_why_and_can_be_tried_again(draft_site: Site) -> None:
    director, progress = draft_site.client("dir"), "/rollouts/two-sites/progress"
    seen = version(director.get("/rollouts/two-sites/set-up/preview").text)
    assert director.post("/rollouts/two-sites/start", data={"version": seen}).status_code == 303
    with draft_site.database.writing() as session:
        job = session.exec(select(Job)).one()
        fail_job(session, job.id or 0, "the disk is full", now=draft_site.now)
    assert "The last try failed, the next follows by itself." in director.get(progress).text
    with draft_site.database.writing() as session:
        fail_job(session, job.id or 0, "the disk is full", now=draft_site.now, final=True)
    page = director.get(progress, headers={"HX-Request": "true"}).text
    assert "the disk is full" in page
    assert "being worked out" not in page
    assert 'action="/rollouts/two-sites/retry"' in page
    other = draft_site.client("chA").get(progress).text
    assert "the disk is full" in other
    assert "/retry" not in other
    assert draft_site.client("chA").post("/rollouts/two-sites/retry").status_code == 403
    assert director.post("/rollouts/two-sites/retry").headers["location"] == progress
    with draft_site.database.writing() as session:
        assert tick(session, draft_site.now) == 1
    assert director.get(progress).headers["location"] == "/rollouts/two-sites/board"


def test_a_start_whose_worker_was_killed_says_so_and_goes_on_by_itself(draft_site: Site) -> None:
    director, progress = draft_site.client("dir"), "/rollouts/two-sites/progress"
    seen = version(director.get("/rollouts/two-sites/set-up/preview").text)
    director.post("/rollouts/two-sites/start", data={"version": seen})
    with draft_site.database.writing() as session:
        claim_job(session, now=draft_site.now)
    draft_site.now += timedelta(seconds=19)
    assert "Interrupted" not in director.get(progress).text
    draft_site.now += timedelta(seconds=1)
    assert "Interrupted: its worker stopped. Another goes on at today 09:02, by itself." in director.get(progress).text
    draft_site.now += timedelta(seconds=100)
    with draft_site.database.writing() as session:
        assert tick(session, draft_site.now) == 1
    assert director.get(progress).headers["location"] == "/rollouts/two-sites/board"


@pytest.mark.parametrize("typed", ["1.0e999", "-1.0e999", "9" * 5_000, "many"])
def test_a_figure_that_is_none_is_told_beside_its_field(draft_site: Site, typed: str) -> None:
    director, base = draft_site.client("dir"), "/rollouts/two-sites/set-up"
    text = PLAYBOOK.replace('version: "1.0"', 'version: "1.3"').replace("attributes:", f"attributes:{SEATS}", 1)
    assert director.post("/playbooks/new", data={"text": text}, files={"file": ("", b"")}).status_code == 303
    page = director.get(f"{base}/playbook").text
    newest = re.findall(r'name="playbook" value="(\d+)"', page)[0]
    director.post(f"{base}/playbook", data={"version": version(page), "playbook": newest})
    rows = {
        "version": version(director.get(f"{base}/locations").text),
        "name-0": "Alder", "id-0": "alder", "zone-0": "America/Chicago", "wave-0": "pilot", "attribute-0-seats": typed,
    }  # fmt: skip
    answer = director.post(f"{base}/locations", data=rows)
    assert answer.status_code == 422
    assert "Seats is a figure." in answer.text
    assert director.post(f"{base}/locations", data={**rows, "attribute-0-seats": "12.5"}).status_code == 303


def test_locations_are_kept_row_by_row_and_faults_stand_in_their_row(draft_site: Site) -> None:
    director, address = draft_site.client("dir"), "/rollouts/two-sites/set-up/locations"
    rows = {
        "version": version(director.get(address).text),
        "name-0": "Alder", "id-0": "alder", "zone-0": "America/Chicago", "wave-0": "pilot", "attribute-0-legacy": "yes",
        "name-1": "Cedar Point", "id-1": "", "zone-1": "Mars/Olympus", "wave-1": "", "attribute-1-legacy": "",
        "name-2": "", "id-2": "", "zone-2": "America/Chicago", "wave-2": "",
        "keep": "yes",
    }  # fmt: skip
    answer = director.post(address, data=rows)
    assert answer.status_code == 422
    assert "Choose its wave." in answer.text
    assert 'value="Mars/Olympus"' in answer.text
    more = director.post(address, data={**rows, "more": "yes"})
    assert more.status_code == 200
    assert more.text.count('name="name-') == 5
    assert director.post(address, data={**rows, "wave-1": "pilot"}).status_code == 422
    good = {**rows, "zone-1": "America/Denver", "wave-1": "pilot"}
    assert director.post(address, data=good).headers["location"] == "/rollouts/two-sites/set-up/people"
    with draft_site.database.reading() as session:
        found = session.exec(select(Location).order_by(Location.position)).all()
    assert [(row.slug, row.zone, row.attributes) for row in found] == [
        ("alder", "America/Chicago", {"legacy": True}),
        ("cedar-point", "America/Denver", {}),
    ]


def test_a_pasted_list_with_faults_is_told_line_by_line_and_kept(draft_site: Site) -> None:
    director, address = draft_site.client("dir"), "/rollouts/two-sites/set-up/locations"
    text = LOCATIONS.replace("wave: pilot, attributes: {legacy: false}", "wave: pilto, attributes: {legacy: maybe}")
    form = {"version": version(director.get(address).text), "list": text, "read": "yes"}
    answer = director.post(address, data=form)
    assert answer.status_code == 422
    assert "did you mean `pilot`" in answer.text
    assert "pilto" in answer.text[answer.text.index("<textarea") :]


def test_people_who_have_an_account_are_found_again_and_keep_their_links(draft_site: Site) -> None:
    director, address = draft_site.client("dir"), "/rollouts/two-sites/set-up/people"
    with draft_site.database.reading() as session:
        before = len(session.exec(select(Person.id)).all())
    form = {
        "version": version(director.get(address).text),
        "role-0": "director", "location-0": "", "name-0": "Dana", "email-0": "DIR@example.org",
        "role-1": "champion", "location-1": "birch", "name-1": "Wanda", "email-1": "wanda@example.org",
        "role-2": "champion", "location-2": "alder", "name-2": "", "email-2": "",
    }  # fmt: skip
    assert director.post(address, data=form).status_code == 303
    with draft_site.database.reading() as session:
        assert len(session.exec(select(Person.id)).all()) == before + 1
        held = session.exec(
            select(Membership.role, Person.name)
            .join(Person, Person.id == Membership.person_id)  # type: ignore[arg-type]
            .where(Membership.rollout_id == draft_site.cast.rollout)
            .order_by(Membership.id)
        ).all()
    assert held == [("director", "Dana Whitfield"), ("champion", "Wanda")]


def test_a_line_without_an_address_is_marked(draft_site: Site) -> None:
    director, address = draft_site.client("dir"), "/rollouts/two-sites/set-up/people"
    form = {
        "version": version(director.get(address).text),
        "role-0": "cto",
        "location-0": "",
        "name-0": "Zed",
        "email-0": "",
    }
    answer = director.post(address, data=form)
    assert answer.status_code == 422
    assert "Give the name and the e-mail address." in answer.text
    assert 'value="Zed"' in answer.text


@pytest.mark.parametrize("step", ["start", "locations", "people"])
def test_a_step_that_somebody_else_changed_is_told_and_keeps_what_was_typed(draft_site: Site, step: str) -> None:
    director, address = draft_site.client("dir"), f"/rollouts/two-sites/set-up/{step}"
    typed = {
        "start": {"start": "2027-02-01"},
        "locations": {"name-0": "Yew", "id-0": "yew", "zone-0": "America/Denver", "wave-0": "pilot", "keep": "yes"},
        "people": {"role-0": "cto", "location-0": "", "name-0": "Yew", "email-0": "yew@example.org"},
    }[step]
    answer = director.post(address, data={"version": "1", **typed})
    assert answer.status_code == 409
    assert "Dana Whitfield changed this in the meantime" in answer.text
    assert ("2027-02-01" if step == "start" else 'value="Yew"') in answer.text


def test_a_plan_that_cannot_be_is_settled_before_it_starts(draft_site: Site) -> None:
    director, base = draft_site.client("dir"), "/rollouts/two-sites/set-up"
    one = LOCATIONS.splitlines()[0]
    form = {"version": version(director.get(f"{base}/locations").text), "list": one, "read": "yes"}
    assert director.post(f"{base}/locations", data=form).status_code == 303
    preview = director.get(f"{base}/preview").text
    assert "Pilot takes 2 locations, 1 is assigned to it" in preview
    assert re.search(r"<button[^>]* disabled[^>]*>Start the rollout</button>", preview)
    director.post("/rollouts/two-sites/start", data={"version": version(preview)})
    with draft_site.database.writing() as session:
        tick(session, draft_site.now)
    assert "The last start was sent back." in director.get(f"{base}/preview").text
    with draft_site.database.reading() as session:
        assert session.get_one(Rollout, draft_site.cast.rollout).state == "draft"


def test_starting_twice_is_one_start(draft_site: Site) -> None:
    director = draft_site.client("dir")
    seen = version(director.get("/rollouts/two-sites/set-up/preview").text)
    for _ in range(2):
        assert director.post("/rollouts/two-sites/start", data={"version": seen}).status_code == 303
    with draft_site.database.reading() as session:
        assert len(session.exec(select(Job.id)).all()) == 1


def test_one_person_on_two_rungs_of_a_ladder_is_told(draft_site: Site) -> None:
    director = draft_site.client("dir")
    text = PLAYBOOK.replace('version: "1.0"', 'version: "1.1"').partition("issues:")[0] + (
        "issues:\n  types: {defect: Defect}\n  default: normal\n"
        "  ladder: [{to: champion, at: opened}, {to: ops-manager, at: 50 %}]\n"
        "  severities: {normal: {title: Normal, targets: [{resolve: 24h, clock: elapsed}]}}\n"
    )
    assert director.post("/playbooks/new", data={"text": text}, files={"file": ("", b"")}).status_code == 303
    base = "/rollouts/two-sites/set-up"
    page = director.get(f"{base}/playbook").text
    newest = re.findall(r'name="playbook" value="(\d+)"', page)[0]
    director.post(f"{base}/playbook", data={"version": version(page), "playbook": newest})
    form = {
        "version": version(director.get(f"{base}/people").text),
        "role-0": "champion", "location-0": "alder", "name-0": "C", "email-0": "cha@example.org",
        "role-1": "ops-manager", "location-1": "", "name-1": "C", "email-1": "cha@example.org",
    }  # fmt: skip
    director.post(f"{base}/people", data=form)
    page = director.get(f"{base}/people").text
    assert "Chiara Amato is both Site champion and Operations manager for Alder" in page


def test_sixty_locations_are_kept_and_planned(draft_site: Site) -> None:
    director, base = draft_site.client("dir"), "/rollouts/two-sites/set-up"
    text = PLAYBOOK.replace('version: "1.0"', 'version: "1.2"').replace("locations: 2}", "locations: 60}")
    director.post("/playbooks/new", data={"text": text}, files={"file": ("", b"")})
    page = director.get(f"{base}/playbook").text
    newest = re.findall(r'name="playbook" value="(\d+)"', page)[0]
    director.post(f"{base}/playbook", data={"version": version(page), "playbook": newest})
    rows = {"version": version(director.get(f"{base}/locations").text), "keep": "yes"}
    for no in range(60):
        name = f"Centre number {no} with a name that is longer than any sign above a door could ever show"
        rows |= {f"name-{no}": name, f"id-{no}": f"c{no}", f"zone-{no}": "America/Chicago", f"wave-{no}": "pilot"}
    assert director.post(f"{base}/locations", data=rows).status_code == 303
    assert director.get(f"{base}/people").text.count("Centre number") >= 60
    assert director.get(f"{base}/preview?location=c59").status_code == 200


def test_the_repository_ships_the_playbooks_it_offers() -> None:
    names = {path.stem for path in (ROOT / "playbooks").glob("*.yaml")}
    assert {"ray-medical", "group-collaboration"} <= names
