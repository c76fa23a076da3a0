"""The routes and operations of training in the matrices: staff with canaries in their names at both sites."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session, col, select

from app.actions.training.enrolling import enrol
from app.actions.training.results import note_practice, withdraw_result
from app.actions.training.sessions import plan_session
from app.actions.training.sitting import Sitting
from app.actions.training.staff import Entry, add_staff
from app.models import StaffMember, TrainingResult, TrainingSession
from app.rules.people.access import Viewer
from tests.cast import NOW, Cast
from tests.house import policy
from tests.house.policy import AT, DO, PLAN, Address, Rule

TRAINING = """\
training:
  desk-basics:
    title: Front desk basics
    for: desk
    owner: ops-manager
    due: cutover - 3d
    checklist: {bookings: Sample bookings}
"""
R = "/rollouts/two-sites"
STARTS = datetime(2027, 2, 3, 16, 0, tzinfo=UTC)
OTHER = {"number": "x", "name": " ", "role": "desk"}


def with_staff(playbook: str) -> str:
    """A playbook of the cast with a role of many people, who are trained."""
    return (
        playbook.replace(
            "      champion: Site champion\n",
            "      champion: Site champion\n      desk: {title: Front desk, staff: true}\n",
        )
        + TRAINING
    )


def train(cast: Cast, session: Session, place: str, canary: str, by: Viewer) -> None:
    """Somebody is asked to a session and has a note that was taken back; somebody else will leave."""
    location = cast.locations[place]
    pupil, _leaver = (
        add_staff(session, location, Entry(number, f"{canary} {number}", "desk"), by=by, now=NOW) for number in "12"
    )
    sitting = plan_session(session, location, "desk-basics", Sitting(STARTS), by=by, now=NOW)
    enrol(session, sitting.id or 0, [pupil.id or 0], by=by, now=NOW)
    note = note_practice(session, pupil.id or 0, "desk-basics", "bookings", passed=1, note=f"{canary} note", by=by,
                         now=NOW)  # fmt: skip
    withdraw_result(session, note.id or 0, by=by, now=NOW)


class Known:
    """Keys of what was furnished, by location."""

    def __init__(self, cast: Cast, session: Session) -> None:
        slugs = {key: slug for slug, key in cast.locations.items()}
        staff = session.exec(select(StaffMember).order_by(col(StaffMember.id))).all()
        self.pupil = {slugs[one.location_id]: one.id or 0 for one in staff if one.number == "1"}
        self.leaver = {slugs[one.location_id]: one.id or 0 for one in staff if one.number == "2"}
        sittings = session.exec(select(TrainingSession)).all()
        self.session = {slugs[one.location_id or 0]: one.id or 0 for one in sittings}
        of = {key: slug for slug, key in self.pupil.items()}
        self.result = {of[one.staff_id]: one.id or 0 for one in session.exec(select(TrainingResult))}


def training_addresses(cast: Cast, session: Session) -> dict[str, list[Address]]:
    """Every page and form of training."""
    known = Known(cast, session)
    base = "/rollouts/{slug}/locations/{location}/training"
    each = {
        "/rollouts/{slug}/training": [Address(f"{R}/training", PLAN)],
        "/training/mine/calendar": [Address("/training/mine/calendar", policy.ALL)],
        base: [Address(f"{R}/locations/{at}/training", AT[at]) for at in AT],
        "/training/{session_id}": [Address(f"/training/{known.session[at]}", AT[at]) for at in AT],
        "/training/{session_id}/calendar": [Address(f"/training/{known.session[at]}/calendar", AT[at]) for at in AT],
        "/training/people/{staff_id}": [Address(f"/training/people/{known.pupil[at]}", DO[at]) for at in AT],
        "/training/people/{staff_id}/leaving": [
            Address(f"/training/people/{known.leaver[at]}/leaving", DO[at]) for at in AT
        ],
        "/training/results/{result_id}/withdrawal": [
            Address(f"/training/results/{known.result[at]}/withdrawal", DO[at]) for at in AT
        ],
    }
    for act in ("", "/preview", "/import"):
        each[f"/rollouts/{{slug}}/training/staff{act}"] = [Address(f"{R}/training/staff{act}", policy.ADD)]
    when = {"day": "2027-02-03", "time": "10:00", "minutes": "0"}
    for act, form in {
        "staff": {"number": ""}, "staff.csv": {}, "roster": {}, "shift": {"shift": "no such"},
        "buddies": {"entry": "desk-basics"}, "sessions": {"entry": "desk-basics", **when},
    }.items():  # fmt: skip
        each[f"{base}/{act}"] = [Address(f"{R}/locations/{at}/training/{act}", DO[at], form) for at in AT]
    old = {"version": "0", **when}
    for act, form in {
        "enrolments": {}, "enrolments/removal": {}, "invitations": {}, "attendance": old, "change": old,
        "calling-off": old,
    }.items():  # fmt: skip
        each[f"/training/{{session_id}}/{act}"] = [
            Address(f"/training/{known.session[at]}/{act}", DO[at], form) for at in AT
        ]
    for act in ("details", "practice", "check", "recording", "buddy"):
        form = {"version": "0", "entry": "desk-basics"}
        each[f"/training/people/{{staff_id}}/{act}"] = [
            Address(f"/training/people/{known.pupil[at]}/{act}", DO[at], form) for at in AT
        ]
    return each


Asked = tuple[str, Rule, Any]
"""Path, rule and body of one request."""


def training_operations(cast: Cast, session: Session) -> dict[str, list[Asked]]:
    """Every operation of training: the address, who may, and a body that changes nothing."""
    known = Known(cast, session)
    place = "/rollouts/{slug}/locations/{location}"
    entry = {"training": "desk-basics"}
    sitting = {**entry, "starts_at": "2027-02-03T16:00:00Z", "trainer": 99999}
    found: dict[str, list[Asked]] = {
        "GET /me/training": [("/me/training", policy.ALL, None)],
        "GET /rollouts/{slug}/training": [(f"{R}/training", PLAN, None)],
        "POST /rollouts/{slug}/staff-list": [(f"{R}/staff-list", policy.ADD, {"text": ""})],
    }
    for key, rules, body in (
        ("GET coverage", AT, None), ("PUT roster", DO, {"works": []}), ("GET staff", DO, None),
        ("POST staff", DO, OTHER), ("GET training-sessions", AT, None), ("POST training-sessions", DO, sitting),
        ("POST buddies", DO, entry),
    ):  # fmt: skip
        method, act = key.split(" ")
        found[f"{method} {place}/{act}"] = [(f"{R}/locations/{at}/{act}", rules[at], body) for at in AT]
    for key, rules, body in (
        ("GET ", AT, None), ("GET /calendar", AT, None), ("PUT ", DO, sitting),
        ("PUT /calling-off", DO, {"reason": "x"}), ("PUT /attendance", DO, {"present": []}),
        ("POST /enrolments", DO, {}), ("DELETE /enrolments/99999", DO, None),
    ):  # fmt: skip
        method, end = key.split(" ")
        path = f"/training-sessions/{{session_id}}{end}".replace("99999", "{staff_id}")
        found[f"{method} {path}"] = [(f"/training-sessions/{known.session[at]}{end}", rules[at], body) for at in AT]
    for key, body in (
        ("GET ", None), ("PUT ", OTHER), ("POST /practice", {**entry, "line": "no-such", "passed": 1}),
        ("POST /checks", {**entry, "score": 1}), ("PUT /recordings/desk-basics", None),
        ("PUT /buddies/desk-basics", {"person": 99999}), ("DELETE /buddies/desk-basics", None),
    ):  # fmt: skip
        method, end = key.split(" ")
        path = f"/staff/{{staff_id}}{end}".replace("desk-basics", "{training}")
        found[f"{method} {path}"] = [(f"/staff/{known.pupil[at]}{end}", DO[at], body) for at in AT]
    found["PUT /staff/{staff_id}/leaving"] = [(f"/staff/{known.leaver[at]}/leaving", DO[at], None) for at in AT]
    found["PUT /training-results/{result_id}/withdrawal"] = [
        (f"/training-results/{known.result[at]}/withdrawal", DO[at], None) for at in AT
    ]
    return found
