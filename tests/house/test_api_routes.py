"""Every operation of the API names its permission, and the matrix of operations × users × places holds there too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi.routing import APIRoute
from sqlmodel import select
from starlette.testclient import TestClient

from app.actions.issues.changes import acknowledge
from app.actions.issues.intakes import make_intake
from app.actions.people.secrets import new_token
from app.actions.people.tokens import make_token
from app.actions.tasks.evidence import attach_link, remove_evidence
from app.api.application import ADDRESS, ROUTERS, create_api
from app.models import Evidence, IssueFile, Signature, Task, Token
from app.request import Open
from app.rules.people.access import Permission
from tests.cast import NOW
from tests.house import policy
from tests.house.counted import count_asks
from tests.house.figure_routes import figure_asks
from tests.house.held_gates import gate_asks
from tests.house.measured import productivity_asks
from tests.house.policy import ALL, AT, DIRECT, DO, GIVE, KEEP_ACCOUNTS, KEEP_MEMBERS, KEEP_PLAYBOOKS, PLAN, USERS, Rule
from tests.house.return_routes import return_asks
from tests.house.reviewed_runs import review_asks
from tests.house.run_routes import run_asks
from tests.house.selected import selection_asks
from tests.house.test_routes import CANARY, ISSUES, covers_at, guards, lessons_of, meetings_at, remarks_at
from tests.house.test_routes import site as site  # the installation with its canaries
from tests.house.training_routes import training_operations
from tests.web.conftest import Site

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
R = "/rollouts/two-sites"
OLD = {"If-Match": '"0-0000000000000000"'}
# Of the whole network: for those who work in the hub.
REPORT = Rule(policy.MEMBERS, policy.NETWORK - {"exe"})
YAML = {"Content-Type": "application/yaml"}
PRESENCE_PAGES = ("covers", "on-duty", "rota/troubles", "rota/proposal", "mentorships")


@dataclass(frozen=True)
class Ask:
    """One request of an operation that changes nothing: outdated, or of something that cannot be taken.

    `gone`: the thing is not there, so that a yes may read "not found".
    """

    path: str
    rule: Rule
    body: Any = None
    gone: bool = False


def operations() -> list[APIRoute]:
    found = [route for router in ROUTERS for route in router.routes]
    assert all(isinstance(route, APIRoute) for route in found)
    return [route for route in found if isinstance(route, APIRoute)]


def test_nothing_is_served_outside_of_the_routers() -> None:
    api = create_api()
    included = [getattr(route, "original_router", None) for route in api.routes]
    other = [route for route, router in zip(api.routes, included, strict=True) if router is None]
    assert [router for router in included if router] == list(ROUTERS)
    assert [getattr(route, "path", "") for route in other] == ["/openapi.json"]


def test_every_operation_names_exactly_one_permission() -> None:
    named = {f"{sorted(route.methods)} {route.path}": guards(route) for route in operations()}
    assert {name: found for name, found in named.items() if len(found) != 1} == {}
    assert all(isinstance(found[0], Permission | Open) for found in named.values())


def test_no_operation_changes_anything_on_a_safe_method() -> None:
    assert {method for route in operations() for method in route.methods} == {"GET", "POST", "PUT", "DELETE"}


def asks(site: Site) -> dict[tuple[str, str], list[Ask]]:
    """For every operation its requests at the own, at the other, and at no location."""
    declared = {
        **_own(),
        **_rollouts(site),
        **_playbooks(),
        **_people(site),
        **_tasks(site),
        **_lessons(site),
        **_issues(site),
    }
    declared |= _meetings(site)
    with site.database.reading() as session:
        known = training_operations(site.cast, session)
    declared |= {key: [Ask(path, rule, body) for path, rule, body in found] for key, found in known.items()}
    declared |= {key: [Ask(*one) for one in found] for key, found in gate_asks(site, R).items()}
    declared |= _presence(site)
    declared |= {key: [Ask(*one) for one in found] for key, found in count_asks(site, R).items()}
    declared |= {key: [Ask(*one) for one in found] for key, found in selection_asks(site, R).items()}
    declared |= {key: [Ask(*one) for one in found] for key, found in run_asks(site, R).items()}
    declared |= {key: [Ask(*one) for one in found] for key, found in review_asks(site).items()}
    declared |= {key: [Ask(*one) for one in found] for key, found in productivity_asks(site).items()}
    declared |= {key: [Ask(*one) for one in found] for key, found in figure_asks(R).items()}
    declared |= {key: [Ask(*one) for one in found] for key, found in return_asks(R).items()}
    return {(method, path): found for key, found in declared.items() for method, path in [key.split(" ")]}


def _own() -> dict[str, list[Ask]]:
    found = {
        f"GET {path}": [Ask(path, ALL)] for path in ("/me", "/tokens", "/today", "/events", "/leaves", "/rollouts")
    }
    found["GET /search"] = [Ask("/search?q=canary", ALL), Ask("/search?q=e&limit=50", ALL)]
    found["GET /me/mail"], found["GET /me/messages"] = [Ask("/me/mail", ALL)], [Ask("/me/messages", ALL)]
    found["GET /me/notices"] = [Ask("/me/notices", ALL)]
    found["PUT /me/notices/seen"] = [Ask("/me/notices/seen", ALL)]
    found["PUT /me/notices/{notice_id}/seen"] = [Ask("/me/notices/99999/seen", ALL, gone=True)]
    found["PUT /me/mail"] = [Ask("/me/mail", ALL, {"mail": "never"})]
    found["GET /me/channels"] = found["POST /me/channels"] = [Ask("/me/channels", ALL)]
    found["GET /me/ways"], found["PUT /me/ways"] = [Ask("/me/ways", ALL)], [Ask("/me/ways", ALL, {"mail": []})]
    for key in ("GET ", "DELETE ", "PUT /test"):
        method, end = key.split(" ")
        found[f"{method} /me/channels/{{channel_id}}{end}"] = [Ask(f"/me/channels/99999{end}", ALL, gone=True)]
    found["POST /tokens"] = [Ask("/tokens", ALL, {"name": "\u0020"})]
    found["POST /leaves"] = [Ask("/leaves", ALL, {"first": "2027-01-09", "last": "2027-01-08"})]
    for name in ("token", "leave"):
        one = [Ask(f"/{name}s/99999", ALL, gone=True)]
        found[f"GET /{name}s/{{{name}_id}}"] = found[f"DELETE /{name}s/{{{name}_id}}"] = one
    found["PUT /leaves/{leave_id}/cover"] = [Ask("/leaves/99999/cover", ALL, {"person": None}, gone=True)]
    return found


def _rollouts(site: Site) -> dict[str, list[Ask]]:
    found = {"POST /rollouts": [Ask("/rollouts", policy.KEEP_PLAYBOOKS, {"title": " ", "playbook": 1})]}
    found["GET /rollouts/{slug}"] = [Ask(R, PLAN)]
    pages = (
        "locations",
        "board",
        "burn-up",
        "needs",
        "tasks",
        "progress",
        "timeline",
        "sharing",
        "neighbours",
    )
    for page in (*pages, "views"):
        found[f"GET /rollouts/{{slug}}/{page}"] = [Ask(f"{R}/{page}", PLAN)]
    none = {"tasks": [{"id": 99999, "version": 1}]}
    for act in ("assignment", "completion", "skip"):
        found[f"POST /rollouts/{{slug}}/many/{act}"] = [Ask(f"{R}/many/{act}", PLAN, none, gone=True)]
    found["POST /rollouts/{slug}/tasks"] = [Ask(f"{R}/tasks", GIVE[""], {"title": " ", "role": "champion"})]
    place = "/rollouts/{slug}/locations/{location}"
    found[f"GET {place}"] = [Ask(f"{R}/locations/{at}", AT[at]) for at in AT]
    found["GET /rollouts/{slug}/readiness/{location}"] = [Ask(f"{R}/readiness/{at}", AT[at]) for at in AT]
    found["GET /rollouts/{slug}/readiness/{location}/{criterion}/tasks"] = [
        Ask(f"{R}/readiness/{at}/ready/tasks", AT[at]) for at in AT
    ]
    for method in ("PUT", "DELETE"):
        found[f"{method} {place}/pause"] = [Ask(f"{R}/locations/alder/pause", DIRECT, {"reason": " "})]
    for method in ("GET", "PUT"):
        found[f"{method} {place}/plan"] = [Ask(f"{R}/locations/alder/plan", DIRECT)]
    for method in ("GET", "PUT", "DELETE"):
        found[f"{method} {place}/consents/{{sharing}}"] = [
            Ask(f"{R}/locations/{at}/consents/none", AT[at], gone=True) for at in AT
        ]
    for act in ("cutover", "drop", "return", "facts"):
        found[f"POST {place}/{act}"] = [Ask(f"{R}/locations/alder/{act}", DIRECT, {})]
    bodies = {
        "PUT playbook": {"playbook": 1}, "PUT start-day": {"start": "2027-01-11"}, "PUT locations": {"locations": []},
        "PUT holders": {"people": []}, "PUT start": None, "PUT closing": {"note": "x"},
        "PUT reopening": {"reason": "x"},
        "POST next": {"title": " ", "playbook": 1}, "POST locations": {"location": {}},
    }  # fmt: skip
    for key, body in bodies.items():
        method, page = key.split(" ")
        found[f"{method} /rollouts/{{slug}}/{page}"] = [Ask(f"{R}/{page}", DIRECT, body)]
    found["POST /rollouts/{slug}/views"] = [Ask(f"{R}/views", PLAN, {"name": " "})]
    for method in ("GET", "PUT", "DELETE"):
        found[f"{method} /rollouts/{{slug}}/views/{{view_id}}"] = [
            Ask(f"{R}/views/99999", PLAN, {"name": "x"}, gone=True)
        ]
    return found


def _playbooks() -> dict[str, list[Ask]]:
    one = "/playbooks/{playbook_id}/{version}"
    return {
        "GET /playbooks": [Ask("/playbooks", KEEP_PLAYBOOKS)],
        "POST /playbooks": [Ask("/playbooks", KEEP_PLAYBOOKS, b"muster: 2")],
        "POST /playbooks/check": [Ask("/playbooks/check", KEEP_PLAYBOOKS, b"muster: 2")],
        "GET /playbooks/shipped": [Ask("/playbooks/shipped", KEEP_PLAYBOOKS)],
        "POST /playbooks/shipped": [Ask("/playbooks/shipped", KEEP_PLAYBOOKS, {"name": "none"}, gone=True)],
        f"GET {one}": [Ask("/playbooks/two-sites/1.0", PLAN)],
        f"GET {one}/text": [Ask("/playbooks/two-sites/1.0/text", PLAN)],
        f"GET {one}/changes": [Ask("/playbooks/two-sites/1.0/changes?since=1.0", KEEP_PLAYBOOKS)],
        f"POST {one}/preview": [
            Ask("/playbooks/two-sites/1.0/preview", KEEP_PLAYBOOKS, {"start": "2027-01-04", "locations": []})
        ],
    }


def _people(site: Site) -> dict[str, list[Ask]]:
    off, dana = f"/people/{site.cast.people['off']}", f"/people/{site.cast.people['dir']}"
    role = {"person": 99999, "role": "champion"}
    return {
        "GET /rollouts/{slug}/people": [Ask(f"{R}/people", KEEP_MEMBERS)],
        "GET /rollouts/{slug}/memberships": [Ask(f"{R}/memberships", KEEP_MEMBERS)],
        "POST /rollouts/{slug}/memberships": [Ask(f"{R}/memberships", KEEP_MEMBERS, role, gone=True)],
        "GET /rollouts/{slug}/memberships/{membership_id}": [Ask(f"{R}/memberships/99999", KEEP_MEMBERS, gone=True)],
        "DELETE /rollouts/{slug}/memberships/{membership_id}": [Ask(f"{R}/memberships/99999", KEEP_MEMBERS, gone=True)],
        "GET /people": [Ask("/people", KEEP_ACCOUNTS)],
        "GET /people/{person_id}": [Ask(dana, KEEP_ACCOUNTS)],
        **_mail(),
        "POST /rollouts/{slug}/invitations": [Ask(f"{R}/invitations", KEEP_MEMBERS, {"name": " ", "email": "x"})],
        "POST /rollouts/{slug}/invitations/waiting": [Ask(f"{R}/invitations/waiting", KEEP_MEMBERS)],
        "POST /invitations": [Ask("/invitations", KEEP_ACCOUNTS, {"name": " ", "email": "x"})],
        "PUT /people/{person_id}/deactivation": [Ask(f"{off}/deactivation", KEEP_ACCOUNTS)],
        "DELETE /people/{person_id}/deactivation": [Ask(f"{dana}/deactivation", KEEP_ACCOUNTS)],
        "GET /people/{person_id}/rights": [Ask(f"{dana}/rights", KEEP_ACCOUNTS)],
        "POST /people/{person_id}/rights": [Ask(f"{off}/rights", KEEP_ACCOUNTS, {"role": "nobody"})],
        "GET /people/{person_id}/rights/{right_id}": [Ask(f"{dana}/rights/99999", KEEP_ACCOUNTS, gone=True)],
        "DELETE /people/{person_id}/rights/{right_id}": [Ask(f"{dana}/rights/99999", KEEP_ACCOUNTS, gone=True)],
    }


def _mail() -> dict[str, list[Ask]]:
    found = {}
    for base, template, rule in (("", "", KEEP_ACCOUNTS), (R, "/rollouts/{slug}", KEEP_MEMBERS)):
        found[f"GET {template}/mail"] = [Ask(f"{base}/mail", rule)]
        found[f"GET {template}/mail/{{delivery_id}}"] = [Ask(f"{base}/mail/99999", rule, gone=True)]
        found[f"PUT {template}/mail/{{delivery_id}}/again"] = [Ask(f"{base}/mail/99999/again", rule, gone=True)]
    return found


def _tasks(site: Site) -> dict[str, list[Ask]]:
    tasks = {place: site.task("walk-through", place) if place else site.task("sso", "") for place in DO}
    seen = {**AT, "": PLAN}
    sign = {**policy.SIGN, "": policy.DIRECT}
    link = {"url": "http://example.org"}
    bodies: dict[str, tuple[dict[str, Rule], Any]] = {
        "GET ": (seen, None), "GET history": (DO, None), "GET comments": (DO, None),
        "POST comments": (DO, {"text": " "}),
        "PUT completion": (DO, None), "DELETE completion": (DO, None), "PUT skip": (DO, {"reason": "x"}),
        "PUT block": (DO, {"reason": " "}), "DELETE block": (DO, None), "PUT block/again": (DO, None),
        "PUT answer": (DO, {"value": "x"}),
        "POST evidence": (DO, {"file": b""}), "POST links": (DO, link), "POST signatures": (sign, {"kind": "sign_off"}),
        "PUT assignment": (GIVE, {"person": site.cast.people["dir"]}), "DELETE assignment": (GIVE, None),
        "POST move": (policy.MOVE, {"due": "2027-01-12"}),
    }  # fmt: skip
    found = {}
    for key, (rules, body) in bodies.items():
        method, act = key.split(" ")
        end = f"/{act}" if act else ""
        found[f"{method} /tasks/{{task_id}}{end}"] = [Ask(f"/tasks/{tasks[at]}{end}", rules[at], body) for at in DO]
    details = {"title": "x"}
    found["PUT /tasks/{task_id}/details"] = [
        Ask(f"/tasks/{tasks[at]}/details", DO[at], details, gone=True) for at in DO
    ]
    for method in ("PUT", "DELETE"):
        found[f"{method} /tasks/{{task_id}}/checklist/{{path}}"] = [
            Ask(f"/tasks/{tasks[at]}/checklist/front-desk", DO[at]) for at in AT
        ]
        found[f"{method} /tasks/{{task_id}}/evidence/{{evidence_id}}"] = [
            Ask(f"/tasks/{tasks[at]}/evidence/{_removed(site, tasks[at])}", DO[at]) for at in AT
        ]
    with site.database.reading() as session:
        files = dict(session.exec(select(Task.location_id, Evidence.id).join(Evidence).where(Evidence.url == "")).all())
        signature = session.exec(select(Signature.id)).one()
    found["GET /evidence/{evidence_id}/content"] = [
        Ask(f"/evidence/{files[site.cast.locations[at]]}/content", policy.SEE_EVIDENCE[at]) for at in AT
    ]
    found["GET /signatures/{signature_id}/content"] = [Ask(f"/signatures/{signature}/content", policy.SEE_SIGNED)]
    found["PUT /signatures/{signature_id}/withdrawal"] = [
        Ask(f"/signatures/{signature}/withdrawal", policy.WITHDRAW, {"reason": " "})
    ]
    for key in ("GET ", "PUT ", "DELETE ", "PUT /seen"):
        method, end = key.split(" ")
        found[f"{method} /comments/{{comment_id}}{end}"] = [Ask(f"/comments/99999{end}", ALL, gone=True)]
    return found


def _issues(site: Site) -> dict[str, list[Ask]]:
    issues, files = site.issues, _taken(site)
    why = {"reason": " "}
    bodies: dict[str, tuple[dict[str, Rule], Any]] = {
        "GET ": (AT, None), "GET history": (policy.SOLVE, None), "PUT acknowledgement": (policy.SOLVE, None),
        "PUT assignment": (policy.SOLVE, {"person": site.cast.people["dir"]}),
        "DELETE assignment": (policy.SOLVE, None), "DELETE standstill": (policy.SOLVE, None),
        "PUT standstill": (policy.SOLVE, {"waits_for": "x", "reason": "x"}),
        "PUT resolution": (policy.SOLVE, {"cause": "x", "fix": "x"}), "PUT confirmation": (policy.SOLVE, None),
        "PUT reopening": (policy.SOLVE, {"reason": "x"}),
        "PUT severity": (policy.SOLVE, {"severity": "critical", "reason": "x"}),
        "POST escalation": (policy.SOLVE, why), "POST notes": (policy.SOLVE, {"text": " "}),
        "POST files": (policy.SOLVE, {"file": b""}),
    }  # fmt: skip
    found = {"GET /rollouts/{slug}/issues": [Ask(f"{R}/issues", PLAN), Ask(f"{R}/issues?state=open&q=canary", PLAN)]}
    report = {"title": " ", "location": None}
    found["POST /rollouts/{slug}/issues"] = [Ask(f"{R}/issues", REPORT, report)]
    for key, (rules, body) in bodies.items():
        method, act = key.split(" ")
        end = f"/{act}" if act else ""
        found[f"{method} /issues/{{issue_id}}{end}"] = [Ask(f"/issues/{issues[at]}{end}", rules[at], body) for at in AT]
    one = "/issues/{issue_id}"
    note = {"part": "note", "note": 99999}
    for method, end, body in (("PUT", "redaction", note), ("DELETE", "files/{file_id}", None)):
        path = end.format(file_id=99999)
        found[f"{method} {one}/{end}"] = [
            Ask(f"/issues/{issues[at]}/{path}", policy.SOLVE[at], body, gone=True) for at in AT
        ]
    found[f"GET {one}/files/{{file_id}}/content"] = [
        Ask(f"/issues/{issues[at]}/files/{files[at]}/content", policy.SOLVE[at]) for at in AT
    ]
    found[f"PUT {one}/same/{{location}}"] = [Ask(f"/issues/{issues[at]}/same/{at}", policy.SOLVE[at]) for at in AT]
    for board in ("open", "top", "promises", "causes"):
        found[f"GET /rollouts/{{slug}}/issues/{board}"] = [Ask(f"{R}/issues/{board}", PLAN)]
    return {**found, **_help_desks(site)}


def _meetings(site: Site) -> dict[str, list[Ask]]:
    with site.database.reading() as session:
        met, said, gone = (
            meetings_at(site, session),
            remarks_at(site, session, gone=False),
            remarks_at(site, session, gone=True),
        )
    found = {f"GET /rollouts/{{slug}}/{page}": [Ask(f"{R}/{page}", PLAN)] for page in ("meetings", "remarks")}
    bodies: dict[str, tuple[dict[str, Rule], Any]] = {
        "GET ": (AT, None), "GET /calendar": (AT, None), "PUT /holding": (DO, {"attended": [], "notes": "x"}),
        "PUT /calling-off": (DO, {"reason": "x"}), "POST /actions": (DO, {"title": " ", "role": "champion"}),
        "PUT /redaction": (DO, {"part": "reason"}),
    }  # fmt: skip
    for key, (rules, body) in bodies.items():
        method, end = key.split(" ")
        found[f"{method} /meetings/{{occasion_id}}{end}"] = [
            Ask(f"/meetings/{met[at]}{end}", rules[at], body) for at in AT
        ]
    found["POST /rollouts/{slug}/remarks"] = [Ask(f"{R}/remarks", REPORT, {"kind": "win", "said": " "})]
    one = "/remarks/{remark_id}"
    found[f"GET {one}"] = [Ask(f"/remarks/{said[at]}", AT[at]) for at in AT]
    found[f"DELETE {one}"] = [Ask(f"/remarks/{gone[at]}", policy.OWN_COMMENT[at]) for at in AT]
    for end, rules, body in (("settlement", policy.SOLVE, {"outcome": " "}), ("redaction", GIVE, {"part": "outcome"})):
        found[f"PUT {one}/{end}"] = [Ask(f"/remarks/{said[at]}/{end}", rules[at], body) for at in AT]
    return found


def _presence(site: Site) -> dict[str, list[Ask]]:
    covers = covers_at(site)
    found = {f"GET /rollouts/{{slug}}/{page}": [Ask(f"{R}/{page}", PLAN)] for page in PRESENCE_PAGES}
    found["GET /me/duties"] = [Ask("/me/duties", ALL)]
    found["GET /covers/{occasion_id}"] = [Ask(f"/covers/{covers[at]}", AT[at]) for at in AT]
    none = {"duties": [99999]}
    bodies: dict[str, tuple[Any, bool]] = {
        "POST duties": ({"person": 99999, "turn": "2027-02-08"}, False), "PUT outside": ({"reason": "x"}, False),
        "PUT calling-off": ({**none, "reason": "x"}, True), "PUT substitution": ({**none, "person": 99999}, True),
    }  # fmt: skip
    for key, (body, gone) in bodies.items():
        method, act = key.split(" ")
        found[f"{method} /covers/{{occasion_id}}/{act}"] = [
            Ask(f"/covers/{covers[at]}/{act}", GIVE[at], body, gone=gone) for at in AT
        ]
    turns = {"turns": [{"cover": 99999, "turn": "2027-02-08", "person": 1}]}
    found["POST /rollouts/{slug}/rota/proposal"] = [Ask(f"{R}/rota/proposal", PLAN, turns, gone=True)]
    pair = {"kind": "visit", "location": "nowhere", "live": "alder"}
    found["POST /rollouts/{slug}/mentorships"] = [Ask(f"{R}/mentorships", policy.ADD, pair)]
    for key in ("PUT /holding", "DELETE "):
        method, end = key.split(" ")
        found[f"{method} /mentorships/{{mentorship_id}}{end}"] = [Ask(f"/mentorships/99999{end}", ALL, gone=True)]
    return found


def _lessons(site: Site) -> dict[str, list[Ask]]:
    lessons, proposal = lessons_of(site)
    one, made, change = (
        "/lessons/{lesson_id}",
        "/proposals/{proposal_id}",
        {"do": "add-task", "title": "x", "group": "y"},
    )
    found = {
        "GET /rollouts/{slug}/lessons": [Ask(f"{R}/lessons", PLAN), Ask(f"{R}/lessons?state=waiting", PLAN)],
        "GET /rollouts/{slug}/upgrades": [Ask(f"{R}/upgrades", PLAN)],
        "POST /rollouts/{slug}/upgrades": [Ask(f"{R}/upgrades", DIRECT, {"to": 1, "locations": ["nowhere"]})],
        "POST /rollouts/{slug}/lessons": [Ask(f"{R}/lessons", policy.REPORT, {"said": " "})],
        "GET /rollouts/{slug}/proposals": [Ask(f"{R}/proposals", PLAN)],
        f"GET {one}": [Ask(f"/lessons/{lessons[at]}", AT[at]) for at in AT],
        f"GET {made}": [Ask(f"/proposals/{proposal}", PLAN)],
        f"PUT {one}/proposal/{{proposal_id}}": [
            Ask(f"/lessons/{lessons[at]}/proposal/{proposal}", policy.PROPOSE[at]) for at in AT
        ],
        f"POST {made}/changes": [Ask(f"/proposals/{proposal}/changes", DIRECT, change)],
        f"PUT {made}/redaction": [Ask(f"/proposals/{proposal}/redaction", DIRECT, {"part": "reason"})],
    }
    bodies: dict[str, tuple[dict[str, Rule], Any]] = {
        "PUT judgement": (policy.JUDGE, {"outcome": "noted"}), "PUT passing-on": (policy.JUDGE, None),
        "PUT redaction": (DO, {"part": "reason"}), "POST proposals": (policy.PROPOSE, change),
    }  # fmt: skip
    for key, (rules, body) in bodies.items():
        method, act = key.split(" ")
        found[f"{method} {one}/{act}"] = [Ask(f"/lessons/{lessons[at]}/{act}", rules[at], body) for at in AT]
    for act, body in (("renewal", None), ("acceptance", {}), ("rejection", {"reason": "x"})):
        found[f"PUT {made}/{act}"] = [Ask(f"/proposals/{proposal}/{act}", DIRECT, body)]
    return found


def _help_desks(site: Site) -> dict[str, list[Ask]]:
    """Both locations have a link already, so that one made from no link is outdated."""
    with site.database.writing() as session:
        for at in AT:
            by = site.cast.viewer(session, "dir")
            make_intake(session, site.cast.locations[at], seen=None, by=by, now=NOW)
    found = {"GET /rollouts/{slug}/help-desks": [Ask(f"{R}/help-desks", policy.OVERSEE)]}
    for key in ("GET ", "PUT ", "DELETE ", "GET /poster"):
        method, end = key.split(" ")
        found[f"{method} /rollouts/{{slug}}/locations/{{location}}/help-desk{end}"] = [
            Ask(f"{R}/locations/{at}/help-desk{end}", policy.OVERSEE) for at in AT
        ]
    return found


def _taken(site: Site) -> dict[str, int]:
    """The files of both issues, which somebody has taken: then taking one changes nothing."""
    with site.database.writing() as session:
        for issue in site.issues.values():
            acknowledge(session, issue, by=site.cast.viewer(session, "dir"), now=NOW)
        files = dict(session.exec(select(IssueFile.issue_id, IssueFile.id)).all())
    return {at: files[issue] or 0 for at, issue in site.issues.items()}


def _removed(site: Site, task_id: int) -> int:
    """A link that was taken away: putting it back and taking it away leaves everything as it was."""
    with site.database.writing() as session:
        found = session.exec(select(Evidence.id).where(Evidence.task_id == task_id, Evidence.url != "")).first()
        if found:
            return found
        by = site.cast.viewer(session, "dir")
        seen = session.get_one(Task, task_id).version
        row = attach_link(session, task_id, url="https://example.org/x", seen=seen, by=by, now=NOW)
        remove_evidence(session, row.id or 0, seen=seen + 1, by=by, now=NOW)
        return row.id or 0


@pytest.fixture
def client_of(site: Site) -> Iterator[dict[str, TestClient]]:
    """A program for each user of the matrix; that of the deactivated one has a token that was his."""
    found = {}
    for who in USERS:
        headers = {"Authorization": f"Bearer {_token(site, who)}"} if who else {}
        found[who] = TestClient(site.app, base_url=f"http://testserver{ADDRESS}", headers=headers)
    yield found


def _token(site: Site, who: str) -> str:
    with site.database.writing() as session:
        if who != "off":
            by = site.cast.proven(session, who)
            return make_token(session, name="matrix", days=30, by=by, now=NOW)[1] or ""
        text, hashed = new_token("muster_")
        until = NOW.replace(year=2028)
        person = site.cast.people["off"]
        session.add(Token(person_id=person, name="old", token_hash=hashed, created_at=NOW, expires_at=until))
        return text


def test_the_matrix_of_operations_users_and_places_holds(site: Site, client_of: dict[str, TestClient]) -> None:
    declared = asks(site)
    known = {(method, route.path) for route in operations() for method in route.methods}
    assert set(declared) == known
    methods: dict[str, set[str]] = {}
    for method, path in known:
        methods.setdefault(path, set()).add(method)
    faults, cells = [], Counter[str]()
    for who, client in client_of.items():
        for (method, _path), found in sorted(declared.items(), key=lambda one: (one[0][1], METHODS.index(one[0][0]))):
            for ask in found:
                cells[ask.rule.cell(who)] += 1
                faults += _cell(client, who, ask, method)
    for path, allowed in methods.items():
        for method in set(METHODS) - allowed:
            for who in ("dir", ""):
                faults += _refused(client_of[who], declared, path, method)
                cells["no method"] += 1
    print(f"{sum(cells.values())} cells: {dict(cells)}")
    assert faults == []
    assert sum(cells.values()) >= 2_000


def _cell(client: TestClient, who: str, ask: Ask, method: str) -> list[str]:
    answer = _send(client, ask, method)
    leaked = [name for name, canary in CANARY.items() if canary in answer.text or canary in str(answer.headers)]
    shown = [name for name in leaked if who not in DO[name].may]
    told = [name for name, canary in ISSUES.items() if canary in answer.text or canary in str(answer.headers)]
    shown += [name for name in told if who not in policy.SOLVE[name].may]
    if shown:
        return [f"{who or 'nobody'} {method} {ask.path}: canary of {shown}"]
    # Too many tokens that are none are told so, from one place.
    found = {401: "sign-in", 429: "sign-in", 403: "no", 404: "hidden"}.get(answer.status_code, "yes")
    found = f"failed {answer.status_code}" if answer.status_code >= 500 else found
    proof = answer.status_code == 403 and answer.json()["type"].endswith("#proof-wanted")
    wanted = ask.rule.cell(who)
    if found == wanted or (wanted == "yes" and ((found == "hidden" and ask.gone) or proof)):
        return []
    return [f"{who or 'nobody'} {method} {ask.path}: {answer.status_code}, wanted {wanted}: {answer.text[:150]}"]


def _send(client: TestClient, ask: Ask, method: str) -> Any:
    headers = OLD if method != "GET" else {}
    if isinstance(ask.body, bytes):
        return client.request(method, ask.path, headers={**headers, **YAML}, content=ask.body)
    if isinstance(ask.body, dict) and "file" in ask.body:
        return client.request(method, ask.path, headers=headers, files={"file": ("x.txt", ask.body["file"])})
    with_body = ask.body is not None and method not in ("GET", "DELETE")
    return client.request(method, ask.path, headers=headers, json=ask.body if with_body else None)


def _refused(client: TestClient, declared: dict[tuple[str, str], list[Ask]], path: str, method: str) -> list[str]:
    ask = next(found[0] for (_, known), found in declared.items() if known == path)
    answer = client.request(method, ask.path)
    allowed = {known for known, one in declared if one == path}
    said = set(answer.headers.get("allow", "").split(", "))
    if answer.status_code == 405 and said == allowed:
        return []
    return [f"{method} {ask.path}: {answer.status_code} {said}, not 405 {allowed}"]


def test_a_foreign_and_an_unknown_thing_look_the_same(site: Site, client_of: dict[str, TestClient]) -> None:
    foreign = client_of["chA"].get(f"/tasks/{site.task('photos', 'birch')}")
    unknown = client_of["chA"].get("/tasks/987654")
    assert (foreign.status_code, foreign.text) == (unknown.status_code, unknown.text)
    assert foreign.status_code == 404
