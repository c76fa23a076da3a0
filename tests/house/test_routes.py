"""Every route names its permission, and the matrix of routes × users × places holds, with canaries in every text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from sqlmodel import Session, col, select
from starlette.testclient import TestClient

from app.actions.issues.files import attach_issue_file
from app.actions.issues.reporting import report_issue
from app.actions.issues.talking import say
from app.actions.lessons.capturing import capture_lesson
from app.actions.lessons.proposing import propose_change
from app.actions.locations.consents import give_consent
from app.actions.meetings.holding import hold_meeting
from app.actions.meetings.remarks import say_remark
from app.actions.meetings.settling import withdraw_remark
from app.actions.signoffs.signing import sign_task
from app.actions.tasks.answers import answer_task
from app.actions.tasks.blocks import block_task
from app.actions.tasks.comments import comment_on_task
from app.actions.tasks.completion import complete_task
from app.actions.tasks.evidence import attach_file
from app.main import create_app
from app.models import Comment, Evidence, IssueFile, Lesson, Membership, Occasion, Proposal, Remark, Signature, Task
from app.plan.draft.guided import AddTask
from app.request import Open
from app.rules.people.access import Permission, Viewer
from app.settings import Settings
from app.web.routers import ROUTERS
from tests import cast as casting
from tests.cast import NOW, email
from tests.engines import ONE_ENGINE
from tests.house import policy
from tests.house.counted import COUNTS, count_addresses, count_at
from tests.house.figure_routes import FIGURES, figure_addresses, read_at
from tests.house.gate_routes import gate_addresses
from tests.house.held_gates import GATED, hold
from tests.house.measured import measure_at, productivity_addresses
from tests.house.policy import AT, COMMENT, DO, OWN_COMMENT, SEE_EVIDENCE, SIGN, USERS, Address
from tests.house.record_routes import record_addresses
from tests.house.return_routes import return_addresses
from tests.house.reviewed_runs import NIGHT, review_addresses, review_at
from tests.house.run_routes import run_addresses, run_at
from tests.house.selected import FIRSTS, select_at, selection_addresses
from tests.house.training_routes import train, training_addresses, with_staff
from tests.web.conftest import SAME_SITE, Site

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
ENDS_SESSIONS = {"/sign-out", "/account/sign-out-everywhere"}
SHARING = """\
sharing:
  progress-view: {title: Progress, consent: champion, tasks: [migration, scanners, photos], workstreams: [technical]}
  second-view: {title: Not agreed to, consent: champion, tasks: [line-speed]}
"""
MEETINGS = """\
meetings:
  huddle: {title: Huddle, owner: champion, who: champion, when: week 1, every: working day 07:15}
"""
COVER = """\
coverage:
  on-site: {title: Helper on site, owner: it-lead, scope: location, when: live week 1 .. live week 2}
"""
ISSUES = {"alder": "trouble-alder-90c4", "birch": "trouble-birch-1b7a"}
CANARY = {"alder": "canary-alder-7d31", "birch": "canary-birch-52fe"}


def guards(route: APIRoute) -> list[object]:
    """What the route names: the permissions of every guard among its dependencies."""
    found, waiting = [], [route.dependant]
    while waiting:
        dependant = waiting.pop()
        waiting += dependant.dependencies
        if hasattr(dependant.call, "permission"):
            found.append(dependant.call.permission)
    return found


def routes() -> list[APIRoute]:
    """Everything the application serves but its stylesheets: it must lie in one of the routers."""
    found = [route for router in ROUTERS for route in router.routes]
    assert all(isinstance(route, APIRoute) for route in found)
    return [route for route in found if isinstance(route, APIRoute)]


def test_nothing_is_served_outside_of_the_routers() -> None:
    app = create_app(Settings(data=Path("unused"), worker="separate"))
    included = [getattr(route, "original_router", None) for route in app.routes]
    other = [route for route, router in zip(app.routes, included, strict=True) if router is None]
    assert [router for router in included if router] == list(ROUTERS)
    assert [getattr(route, "path", "") for route in other] == ["/api/v1", "/static"]


def test_every_route_names_exactly_one_permission() -> None:
    named = {f"{sorted(route.methods)} {route.path}": guards(route) for route in routes()}
    assert {name: found for name, found in named.items() if len(found) != 1} == {}
    assert all(isinstance(found[0], Permission | Open) for found in named.values())


def test_no_route_changes_anything_on_a_safe_method() -> None:
    assert {frozenset(route.methods) for route in routes()} == {frozenset({"GET"}), frozenset({"POST"})}


@pytest.fixture(params=ONE_ENGINE)
def database_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def site(database_url: str, tmp_path: Path) -> Iterator[Site]:
    found = Site(database_url, tmp_path / "data")
    furnish(found)
    yield found
    found.close()


def furnish(found: Site) -> None:
    """The cast in its rollout, with a canary in every text, name and file of both locations."""
    sections = SHARING + MEETINGS + COVER + COUNTS + FIRSTS + NIGHT + FIGURES
    found.cast = casting.running(found.database, with_staff(GATED) + sections)
    with found.database.writing() as session:
        for who, place in (("chA", "alder"), ("chB", "birch")):
            by = found.cast.viewer(session, who)
            give_consent(session, found.cast.locations[place], "progress-view", by=by, now=NOW)
        by = found.cast.viewer(session, "dir")
        for place, canary in CANARY.items():
            task = found.cast.task(session, "photos", place)
            stored = found.app.state.store.keep(BytesIO(f"{canary} content".encode()), "a.txt")
            attach_file(session, task.id or 0, stored=stored, file_name=f"{canary}-name.txt", seen=task.version, by=by,
                        now=NOW)  # fmt: skip
            task = found.cast.task(session, "scanners", place)
            block_task(session, task.id or 0, reason=f"{canary} reason", seen=task.version, by=by, now=NOW)
            task = found.cast.task(session, "walk-through", place)
            answer_task(session, task.id or 0, "fail", path="reading-room.phones", seen=task.version, by=by, now=NOW)
            comment_on_task(session, task.id or 0, text=f"{canary} remark @Omar Haddad", by=by, now=NOW)
            issue = report_issue(session, found.cast.rollout, location_id=found.cast.locations[place], title="Trouble",
                                 details=f"{ISSUES[place]} details", by=by, now=NOW)  # fmt: skip
            found.issues[place] = issue.id or 0
            say(session, found.issues[place], text=f"{ISSUES[place]} note @Omar Haddad", by=by, now=NOW)
            kept = found.app.state.store.keep(BytesIO(f"{ISSUES[place]} content".encode()), "b.txt")
            attach_issue_file(session, found.issues[place], stored=kept, file_name=f"{ISSUES[place]}.txt", by=by,
                              now=NOW)  # fmt: skip
            meet(found, session, place, by)
            count_at(found, session, place, {"alder": "chA", "birch": "chB"}[place], canary)
            train(found.cast, session, place, canary, by)
            hold(found, session, place, {"alder": "chA", "birch": "chB"}[place], canary)
            select_at(found, session, place, canary)
            review_at(found, session, place, canary)
            run_at(found, session, place, canary)
            measure_at(found, session, place, canary)
            read_at(found, session, place, {"alder": "chA", "birch": "chB"}[place], canary)
        for place, canary in ISSUES.items():
            capture_lesson(session, found.cast.rollout, said=f"{canary} learnt", subject="location",
                           subject_id=found.cast.locations[place], by=by, now=NOW)  # fmt: skip
        first = capture_lesson(session, found.cast.rollout, said="Of everybody", by=by, now=NOW)
        propose_change(
            session, first.id or 0, change=AddTask(title="More", group="readiness"), seen=None, by=by, now=NOW
        )
        task = found.cast.task(session, "migration")
        complete_task(session, task.id or 0, seen=task.version, by=found.cast.viewer(session, "itl"), now=NOW)
        sign_task(session, task.id or 0, kind="sign_off", seen=2, by=found.cast.proven(session, "dir"), now=NOW)


def meet(site: Site, session: Session, place: str, by: Viewer) -> None:
    """The huddle of today is held, and two concerns are said there: the second is taken back."""
    given = {"attended": [], "agenda": (), "seen": 0, "by": by, "now": NOW}
    hold_meeting(session, meetings_at(site, session)[place], notes=f"{CANARY[place]} notes", **given)
    about = {"kind": "concern", "location_id": site.cast.locations[place], "by": by, "now": NOW}
    say_remark(session, site.cast.rollout, said=f"{ISSUES[place]} concern", **about)
    gone = say_remark(session, site.cast.rollout, said=f"{ISSUES[place]} gone", **about)
    withdraw_remark(session, gone.id or 0, by=by, now=NOW)


def meetings_at(site: Site, session: Session) -> dict[str, int]:
    """The huddle of today at each location."""
    today = select(Occasion.location_id, Occasion.id).where(Occasion.kind == "meeting", Occasion.due == NOW.date())
    found = dict(session.exec(today).all())
    return {place: found[id_] or 0 for place, id_ in site.cast.locations.items()}


def remarks_at(site: Site, session: Session, *, gone: bool) -> dict[str, int]:
    """The concern at each location, or the one that was taken back."""
    which = col(Remark.withdrawn_at).is_not(None) if gone else col(Remark.withdrawn_at).is_(None)
    found = dict(session.exec(select(Remark.location_id, Remark.id).where(which)).all())
    return {place: found[id_] or 0 for place, id_ in site.cast.locations.items()}


def addresses(site: Site) -> dict[str, list[Address]]:
    """For every route its addresses at the own, at the other, and at no location."""
    rollout = "/rollouts/two-sites"
    people, old = site.cast.people, {"version": "0"}
    with site.database.reading() as session:
        files = dict(
            session.exec(select(Task.location_id, Evidence.id).join(Evidence, Evidence.task_id == Task.id)).all()
        )  # type: ignore[arg-type]
        signature = session.exec(select(Signature.id)).one()
        remarks = dict(
            session.exec(select(Task.location_id, Comment.id).join(Comment, Comment.task_id == Task.id)).all()
        )  # type: ignore[arg-type]
        lost = session.exec(select(Membership.id).where(Membership.person_id == people["off"])).one()
        attached = {
            place: session.exec(select(IssueFile.id).where(IssueFile.issue_id == issue)).one()
            for place, issue in site.issues.items()
        }
    tasks = {place: site.task("walk-through", place) for place in ("alder", "birch")}
    tasks[""] = site.task("sso", "")
    remark = {place: remarks[site.cast.locations[place]] for place in ("alder", "birch")}
    file = {place: files[site.cast.locations[place]] for place in ("alder", "birch")}
    each = {
        "/healthz": [Address("/healthz", policy.everybody())],
        "/styles/{name}": [Address("/styles/any.css", policy.everybody())],
        "/scripts/{name}": [Address("/scripts/any.js", policy.everybody())],
        "/live": [Address("/live", policy.ALL)],
        "/search": [Address("/search?q=canary", policy.ALL), Address("/search?q=e", policy.ALL)],
        "/readyz": [Address("/readyz", policy.everybody())],
        "/health": [Address("/health", policy.everybody())],
        "/patterns": [Address("/patterns", policy.ALL)],
        "/sign-in": [Address("/sign-in", policy.everybody(), {"email": "nobody@example.org", "password": "x"})],
        "/sign-out": [Address("/sign-out", policy.ALL)],
        "/setup/{token}": [Address("/setup/unknown", policy.everybody(), {"password": "x"}, gone=True)],
        "/invitations/{token}": [Address("/invitations/unknown", policy.everybody(), {"password": "x"}, gone=True)],
        "/forgotten": [Address("/forgotten", policy.everybody(), {"email": "nobody@example.org"})],
        "/password/{token}": [Address("/password/unknown", policy.everybody(), {"password": "x"}, gone=True)],
        "/account": [Address("/account", policy.ALL)],
        "/account/tokens": [Address("/account/tokens", policy.ALL, {"name": ""})],
        "/account/tokens/{token_id}/end": [Address("/account/tokens/99999/end", policy.ALL, gone=True)],
        "/api/v1/": [Address("/api/v1/", policy.everybody())],
        "/account/mail": [Address("/account/mail", policy.ALL, {"mail": "x"})],
        "/account/channels": [Address("/account/channels", policy.ALL, {"name": ""})],
        "/account/channels/{channel_id}/test": [Address("/account/channels/99999/test", policy.ALL, gone=True)],
        "/account/channels/{channel_id}/end": [Address("/account/channels/99999/end", policy.ALL, gone=True)],
        "/account/ways": [Address("/account/ways", policy.ALL, {"mail": "x"})],
        "/inbox": [Address("/inbox", policy.ALL), Address("/inbox?before=3", policy.ALL)],
        "/inbox/bell": [Address("/inbox/bell", policy.ALL)],
        "/inbox/seen": [Address("/inbox/seen", policy.ALL)],
        "/inbox/{notice_id}/open": [Address("/inbox/99999/open", policy.ALL, gone=True)],
        "/acknowledge/{token}": [Address("/acknowledge/unknown", policy.everybody(), gone=True)],
        "/account/sign-out-others": [Address("/account/sign-out-others", policy.ALL)],
        "/account/sign-ins/{sign_in_id}/end": [Address("/account/sign-ins/99999/end", policy.ALL, gone=True)],
        "/account/sign-out-everywhere": [Address("/account/sign-out-everywhere", policy.ALL)],
        "/account/password": [Address("/account/password", policy.ALL, {"current": "wrong", "new": "x"})],
        "/account/leave": [Address("/account/leave", policy.ALL)],
        "/account/leave/{leave_id}/end": [Address("/account/leave/99999/end", policy.ALL, gone=True)],
        "/": [Address("/", policy.ALL)],
        "/today": [Address("/today", policy.ALL)],
        "/rollouts": [Address("/rollouts", policy.ALL)],
        "/rollouts/new": [Address("/rollouts/new", policy.KEEP_PLAYBOOKS, {"title": "", "playbook": "1"})],
        "/rollouts/{slug}/start": [Address(f"{rollout}/start", policy.DIRECT, old)],
        "/rollouts/{slug}/retry": [Address(f"{rollout}/retry", policy.DIRECT)],
        "/people": [Address("/people", policy.KEEP_ACCOUNTS, {"name": "", "email": ""})],
        "/people/{person_id}/deactivation": [Address(f"/people/{people['off']}/deactivation", policy.KEEP_ACCOUNTS)],
        "/people/{person_id}/reactivation": [Address(f"/people/{people['dir']}/reactivation", policy.KEEP_ACCOUNTS)],
        "/people/{person_id}": [Address(f"/people/{people['off']}", policy.KEEP_ACCOUNTS)],
        "/people/{person_id}/invitation": [Address(f"/people/{people['off']}/invitation", policy.KEEP_ACCOUNTS)],
        "/people/{person_id}/password-link": [Address(f"/people/{people['off']}/password-link", policy.KEEP_ACCOUNTS)],
        "/people/{person_id}/sign-out": [Address(f"/people/{people['off']}/sign-out", policy.KEEP_ACCOUNTS)],
        "/people/{person_id}/sign-ins/{sign_in_id}/end": [
            Address(f"/people/{people['off']}/sign-ins/99999/end", policy.KEEP_ACCOUNTS, gone=True)
        ],
        "/mail": [Address("/mail", policy.KEEP_ACCOUNTS)],
        "/mail/{delivery_id}/again": [Address("/mail/99999/again", policy.KEEP_ACCOUNTS, gone=True)],
        "/rollouts/{slug}/mail": [Address(f"{rollout}/mail", policy.KEEP_MEMBERS)],
        "/rollouts/{slug}/mail/{delivery_id}/again": [
            Address(f"{rollout}/mail/99999/again", policy.KEEP_MEMBERS, gone=True)
        ],
        "/people/memberships/{membership_id}/removal": [
            Address("/people/memberships/99999/removal", policy.KEEP_ACCOUNTS, gone=True)
        ],
        "/playbooks": [Address("/playbooks", policy.KEEP_PLAYBOOKS)],
        "/playbooks/new": [Address("/playbooks/new", policy.KEEP_PLAYBOOKS, {"text": "muster: 2"})],
        "/playbooks/shipped": [Address("/playbooks/shipped", policy.KEEP_PLAYBOOKS, {"name": "none"})],
        "/playbooks/edit": [Address("/playbooks/edit", policy.KEEP_PLAYBOOKS, {"text": "muster: 2", "do": "keep"})],
        "/playbooks/offers": [Address("/playbooks/offers", policy.KEEP_PLAYBOOKS, {"text": "mu", "column": "3"})],
        "/playbooks/{playbook_id}/versions": [Address("/playbooks/two-sites/versions", policy.KEEP_PLAYBOOKS)],
        "/playbooks/{playbook_id}/changes": [Address("/playbooks/two-sites/changes", policy.KEEP_PLAYBOOKS)],
        "/playbooks/{playbook_id}/{version}/edit": [Address("/playbooks/two-sites/1.0/edit", policy.KEEP_PLAYBOOKS)],
        "/playbooks/{playbook_id}/{version}/dates": [
            Address("/playbooks/two-sites/1.0/dates", policy.KEEP_PLAYBOOKS, {"start": "2027-01-04", "text": "[]"})
        ],
        "/playbooks/{playbook_id}/{version}": [Address("/playbooks/two-sites/1.0", policy.PLAN)],
        "/rollouts/{slug}/people": [Address(f"{rollout}/people", policy.KEEP_MEMBERS, {"name": "", "email": ""})],
        "/rollouts/{slug}/people/leave": [Address(f"{rollout}/people/leave", policy.KEEP_MEMBERS)],
        "/rollouts/{slug}/people/leave/{leave_id}/cover": [
            Address(f"{rollout}/people/leave/99999/cover", policy.KEEP_MEMBERS, gone=True)
        ],
        "/rollouts/{slug}/people/leave/{leave_id}/end": [
            Address(f"{rollout}/people/leave/99999/end", policy.KEEP_MEMBERS, gone=True)
        ],
        "/rollouts/{slug}/plan/bulk": [
            Address(f"{rollout}/plan/bulk", policy.PLAN, {"act": "complete", "task": str(tasks[at])}) for at in tasks
        ],
        "/rollouts/{slug}/plan/assignment": [
            Address(f"{rollout}/plan/assignment", policy.GIVE[at], {"person": str(people["cto"]), "task": f"{task}-0"})
            for at, task in tasks.items()
        ],
        "/rollouts/{slug}/plan/completion": [
            Address(f"{rollout}/plan/completion", DO[at], {"task": f"{task}-0"}) for at, task in tasks.items()
        ],
        "/rollouts/{slug}/plan/setting-aside": [
            Address(f"{rollout}/plan/setting-aside", DO[at], {"task": f"{task}-0", "reason": "x"})
            for at, task in tasks.items()
        ],
        "/rollouts/{slug}/plan/views": [Address(f"{rollout}/plan/views", policy.PLAN, {"name": ""})],
        "/rollouts/{slug}/plan/views/{view_id}/name": [
            Address(f"{rollout}/plan/views/99999/name", policy.PLAN, {"name": "x"}, gone=True)
        ],
        "/rollouts/{slug}/plan/views/{view_id}/removal": [
            Address(f"{rollout}/plan/views/99999/removal", policy.PLAN, gone=True)
        ],
        "/rollouts/{slug}/people/{person_id}/invitation": [
            Address(f"{rollout}/people/{people['off']}/invitation", policy.KEEP_MEMBERS)
        ],
        "/rollouts/{slug}/people/{person_id}/link": [
            Address(f"{rollout}/people/{people['off']}/link", policy.KEEP_MEMBERS)
        ],
        "/rollouts/{slug}/people/invitations": [Address(f"{rollout}/people/invitations", policy.KEEP_MEMBERS)],
        "/rollouts/{slug}/people/memberships/{membership_id}/removal": [
            Address(f"{rollout}/people/memberships/{lost}/removal", policy.KEEP_MEMBERS, gone=True)
        ],
        "/rollouts/{slug}/readiness/{location}": [Address(f"{rollout}/readiness/{at}", AT[at]) for at in AT],
        "/rollouts/{slug}/readiness/{location}/{criterion}": [
            Address(f"{rollout}/readiness/{at}/ready", AT[at]) for at in AT
        ],
        "/tasks/{task_id}": [
            *(Address(f"/tasks/{tasks[at]}", AT[at]) for at in AT),
            Address(f"/tasks/{tasks['']}", policy.PLAN),
        ],
        "/tasks/{task_id}/move": [
            Address(f"/tasks/{tasks[at]}/move", policy.MOVE[at], {"due": "never"}) for at in policy.MOVE
        ],
        "/rollouts/{slug}/locations/{location}": [Address(f"{rollout}/locations/{at}", AT[at]) for at in AT],
        "/rollouts/{slug}/locations/{location}/print": [
            Address(f"{rollout}/locations/{at}/print", AT[at]) for at in AT
        ],
        "/rollouts/{slug}/locations/{location}/cutover": [
            Address(f"{rollout}/locations/{at}/cutover", policy.MOVE_CUTOVER[at], {"day": "never"}) for at in AT
        ],
        "/signatures/{signature_id}/content": [Address(f"/signatures/{signature}/content", policy.SEE_SIGNED)],
        "/signatures/{signature_id}/withdrawal": [
            Address(f"/signatures/{signature}/withdrawal", policy.WITHDRAW, {**old, "reason": ""})
        ],
        "/evidence/{evidence_id}": [Address(f"/evidence/{file[at]}", SEE_EVIDENCE[at]) for at in AT],
        "/comments/{comment_id}/reading": [Address(f"/comments/{remark[at]}/reading", COMMENT[at]) for at in AT],
        "/comments/{comment_id}/removal": [Address(f"/comments/{remark[at]}/removal", OWN_COMMENT[at]) for at in AT],
        "/comments/{comment_id}/restoring": [
            Address(f"/comments/{remark[at]}/restoring", OWN_COMMENT[at]) for at in AT
        ],
        "/tasks/{task_id}/comments": [
            Address(f"/tasks/{tasks[at]}/comments", COMMENT[at], {"text": ""}) for at in COMMENT
        ],
        "/tasks/{task_id}/readers": [Address(f"/tasks/{tasks[at]}/readers", COMMENT[at]) for at in COMMENT],
        "/tasks/{task_id}/details": [
            Address(f"/tasks/{tasks[at]}/details", DO[at], {**old, "title": "x"}, gone=True) for at in DO
        ],
        "/rollouts/{slug}/tasks/new": [Address(f"{rollout}/tasks/new", policy.ADD)],
        "/rollouts/{slug}/tasks": [Address(f"{rollout}/tasks", DO[at], {"location": at}) for at in AT],
        "/evidence/{evidence_id}/removal": [Address(f"/evidence/{file[at]}/removal", DO[at], old) for at in AT],
        "/evidence/{evidence_id}/restoring": [Address(f"/evidence/{file[at]}/restoring", DO[at], old) for at in AT],
    }
    each |= {
        "/rollouts/{slug}/manage": [Address(f"{rollout}/manage", policy.DIRECT)],
        "/rollouts/{slug}/locations/new": [Address(f"{rollout}/locations/new", policy.DIRECT)],
        "/rollouts/{slug}/close": [Address(f"{rollout}/close", policy.DIRECT, {**old, "note": ""})],
        "/rollouts/{slug}/reopening": [Address(f"{rollout}/reopening", policy.DIRECT, {**old, "reason": ""})],
        "/rollouts/{slug}/next": [Address(f"{rollout}/next", policy.DIRECT, {"title": "", "playbook": "1"})],
        "/rollouts/{slug}/shared": [Address(f"{rollout}/shared", policy.PLAN)],
    }
    each |= {
        "/rollouts/{slug}/issues": [Address(f"{rollout}/issues?q={words}", policy.PLAN) for words in ("", "trouble")],
        "/rollouts/{slug}/issues/new": [Address(f"{rollout}/issues/new", policy.REPORT)],
        "/issues/{issue_id}": [Address(f"/issues/{site.issues[at]}", AT[at]) for at in AT],
        "/issues/{issue_id}/readers": [Address(f"/issues/{site.issues[at]}/readers", policy.SOLVE[at]) for at in AT],
        "/issues/{issue_id}/files/{file_id}": [
            Address(f"/issues/{site.issues[at]}/files/{attached[at]}", policy.SOLVE[at], gone=True) for at in AT
        ],
        "/issues/{issue_id}/files/{file_id}/removal": [
            Address(f"/issues/{site.issues[at]}/files/{attached[at]}/removal", policy.SOLVE[at], old) for at in AT
        ],
    }
    for act in (
        "acknowledgement", "assignment", "waiting", "going-on", "solution", "confirmation", "reopening", "judgement",
        "escalation", "notes", "elsewhere", "redaction", "evidence",
    ):  # fmt: skip
        each[f"/issues/{{issue_id}}/{act}"] = [
            Address(f"/issues/{site.issues[at]}/{act}", policy.SOLVE[at], old) for at in AT
        ]
    each |= _lessons(site)
    with site.database.reading() as session:
        each |= training_addresses(site.cast, session)
    for board in ("top", "top/pdf", "promises", "causes"):
        each[f"/rollouts/{{slug}}/issues/{board}"] = [Address(f"{rollout}/issues/{board}", policy.PLAN)]
    # Ended before it is made anew: the poster is there, and not there.
    for act in ("", "/end", "/poster"):
        each[f"/rollouts/{{slug}}/locations/{{location}}/help-desk{act}"] = [
            Address(f"{rollout}/locations/{at}/help-desk{act}", policy.OVERSEE, {"link": "0"}, gone=act == "/poster")
            for at in AT
        ]
    each["/help/{token}"] = [Address("/help/unknown", policy.everybody(), {"title": ""}, gone=True)]
    each |= _presence(site, rollout)
    each |= count_addresses(site, rollout)
    each |= gate_addresses(site)
    each |= record_addresses(site)
    each |= selection_addresses(site)
    each |= review_addresses(site)
    each |= run_addresses(site)
    each |= productivity_addresses(site)
    each |= figure_addresses(rollout)
    each |= return_addresses(rollout)
    for act in ("facts", "pause", "resumption", "leave", "rejoining", "retry"):
        each[f"/rollouts/{{slug}}/locations/{{location}}/{act}"] = [
            Address(f"{rollout}/locations/{at}/{act}", policy.DIRECT) for at in AT
        ]
    for act, entry in (("consent", "progress-view"), ("withdrawal", "second-view")):
        each[f"/rollouts/{{slug}}/locations/{{location}}/sharing/{{sharing}}/{act}"] = [
            Address(f"{rollout}/locations/{at}/sharing/{entry}/{act}", policy.SHARE[at]) for at in AT
        ]
    for page in ("board", "readiness", "plan", "plan/timeline", "progress"):
        each[f"/rollouts/{{slug}}/{page}"] = [Address(f"{rollout}/{page}", policy.PLAN)]
    for step in ("playbook", "start", "locations", "people", "preview"):
        each[f"/rollouts/{{slug}}/set-up/{step}"] = [
            Address(f"{rollout}/set-up/{step}", policy.DIRECT, {**old, "playbook": "1", "start": "2027-01-04"})
        ]
    with site.database.reading() as session:
        met, said, gone = (
            meetings_at(site, session),
            remarks_at(site, session, gone=False),
            remarks_at(site, session, gone=True),
        )
    each["/rollouts/{slug}/meetings"] = [Address(f"{rollout}/meetings", policy.PLAN)]
    each["/rollouts/{slug}/remarks"] = [
        Address(f"{rollout}/remarks?shown=all", policy.PLAN), Address(f"{rollout}/remarks?shown=open", policy.PLAN),
    ]  # fmt: skip
    each["/rollouts/{slug}/remarks/new"] = [Address(f"{rollout}/remarks/new", policy.REPORT)]
    each["/meetings/{occasion_id}"] = [Address(f"/meetings/{met[at]}", AT[at]) for at in AT]
    each["/meetings/{occasion_id}/calendar"] = [Address(f"/meetings/{met[at]}/calendar", AT[at]) for at in AT]
    for act, form in (("holding", {}), ("calling-off", {}), ("actions", {}), ("redaction", {"part": "reason"})):
        each[f"/meetings/{{occasion_id}}/{act}"] = [
            Address(f"/meetings/{met[at]}/{act}", DO[at], {**old, **form}) for at in AT
        ]
    each["/remarks/{remark_id}"] = [Address(f"/remarks/{said[at]}", AT[at]) for at in AT]
    each["/remarks/{remark_id}/settlement"] = [
        Address(f"/remarks/{said[at]}/settlement", policy.SOLVE[at]) for at in AT
    ]
    each["/remarks/{remark_id}/redaction"] = [
        Address(f"/remarks/{said[at]}/redaction", policy.GIVE[at], {"part": "outcome"}) for at in AT
    ]
    each["/remarks/{remark_id}/withdrawal"] = [Address(f"/remarks/{gone[at]}/withdrawal", OWN_COMMENT[at]) for at in AT]
    changes = {
        "completion": {}, "reopening": {}, "block": {"reason": "x"}, "unblocking": {}, "block/again": {},
        "setting-aside": {"reason": "x"}, "table": {"column": "x"}, "answer": {"answer": "x"},
        "checklist/{path}/tick": {}, "checklist/{path}/untick": {}, "evidence": {}, "evidence/link": {"url": "x"},
    }  # fmt: skip
    for act, form in changes.items():
        each[f"/tasks/{{task_id}}/{act}"] = [
            Address(f"/tasks/{tasks[at]}/{act}".replace("{path}", "front-desk"), DO[at], {**old, **form})
            for at in DO
            if at or "{path}" not in act
        ]
    for act in ("verification", "signature"):
        each[f"/tasks/{{task_id}}/{act}"] = [
            Address(f"/tasks/{site.task('migration', at)}/{act}", SIGN[at], old) for at in AT
        ]
    return each


def lessons_of(site: Site) -> tuple[dict[str, int], int]:
    """The lesson of each location, and the proposal, by their keys."""
    with site.database.reading() as session:
        lessons = dict(session.exec(select(Lesson.location_id, Lesson.id)).all())
        proposal = session.exec(select(Proposal.id)).one() or 0
    return {at: lessons[site.cast.locations[at]] or 0 for at in AT}, proposal


def _lessons(site: Site) -> dict[str, list[Address]]:
    lessons, proposal = lessons_of(site)
    old, rollout = {"version": "0"}, "/rollouts/two-sites/lessons"
    each = {
        "/rollouts/{slug}/lessons": [
            Address(rollout, policy.PLAN), Address(f"{rollout}?state=waiting", policy.PLAN)
        ],
        "/rollouts/{slug}/lessons/new": [Address(f"{rollout}/new", policy.REPORT)],
        "/rollouts/{slug}/upgrades": [Address("/rollouts/two-sites/upgrades", policy.PLAN)],
        "/rollouts/{slug}/upgrades/new": [
            Address("/rollouts/two-sites/upgrades/new?to=1&place=alder", policy.DIRECT, {"to": "1", "place": "nowhere"})
        ],
        "/lessons/{lesson_id}": [Address(f"/lessons/{lessons[at]}", AT[at]) for at in AT],
        "/proposals/{proposal_id}": [Address(f"/proposals/{proposal}", policy.PLAN)],
    }  # fmt: skip
    acts = {
        "judgement": (policy.JUDGE, {**old, "outcome": "noted"}), "passing-on": (policy.JUDGE, {}),
        "joining": (policy.PROPOSE, old), "proposal": (policy.PROPOSE, old), "redaction": (DO, {"part": "reason"}),
    }  # fmt: skip
    for act, (rules, form) in acts.items():
        each[f"/lessons/{{lesson_id}}/{act}"] = [Address(f"/lessons/{lessons[at]}/{act}", rules[at], form) for at in AT]
    each["/lessons/{lesson_id}/text"] = [Address(f"/lessons/{lessons[at]}/text", policy.KEEP_PLAYBOOKS) for at in AT]
    for act in ("acceptance", "rejection", "renewal", "redaction", "change"):
        form = {**old, "part": "reason"}
        each[f"/proposals/{{proposal_id}}/{act}"] = [Address(f"/proposals/{proposal}/{act}", policy.DIRECT, form)]
    each["/proposals/{proposal_id}/text"] = [Address(f"/proposals/{proposal}/text", policy.KEEP_PLAYBOOKS, old)]
    return each


def covers_at(site: Site) -> dict[str, int]:
    """The cover of each location."""
    with site.database.reading() as session:
        rows = session.exec(select(Occasion.location_id, Occasion.id).where(Occasion.kind == "coverage")).all()
    found = dict(rows)
    return {place: found[key] or 0 for place, key in site.cast.locations.items()}


def _presence(site: Site, rollout: str) -> dict[str, list[Address]]:
    covers, one, turn = covers_at(site), "/rollouts/{slug}/rota/{occasion_id}", "2027-02-08"
    pages = {at: f"{rollout}/rota/{key}/{turn}" for at, key in covers.items()}
    found = {
        "/rollouts/{slug}/rhythm": [Address(f"{rollout}/rhythm", policy.PLAN)],
        "/rollouts/{slug}/rota": [Address(f"{rollout}/rota", policy.PLAN)],
        "/rollouts/{slug}/rota/proposal": [Address(f"{rollout}/rota/proposal", policy.ADD)],
        f"{one}/{{turn}}": [Address(pages[at], AT[at]) for at in AT],
        f"{one}/outside/calling-off": [
            Address(f"{rollout}/rota/{covers[at]}/outside/calling-off", policy.GIVE[at]) for at in AT
        ],
        "/rollouts/{slug}/mentors": [Address(f"{rollout}/mentors", policy.ADD)],
        "/duties.ics": [Address("/duties.ics", policy.ALL)],
    }
    for act in ("assignment", "calling-off", "substitution"):
        found[f"{one}/{{turn}}/{act}"] = [Address(f"{pages[at]}/{act}", policy.GIVE[at]) for at in AT]
    for act in ("holding", "end"):
        found[f"/mentorships/{{mentorship_id}}/{act}"] = [Address(f"/mentorships/99999/{act}", policy.ALL, gone=True)]
    return found


def test_the_matrix_of_routes_users_and_places_holds(site: Site) -> None:
    declared = addresses(site)
    assert set(declared) == {route.path for route in routes()}
    answered: dict[str, set[str]] = {}
    for route in routes():
        answered.setdefault(route.path, set()).update(route.methods)
    faults, cells = [], Counter[str]()
    for who in USERS:
        client = _client(site, who)
        for path, known in sorted(declared.items(), key=lambda one: one[0] in ENDS_SESSIONS):
            for address in known:
                for method in METHODS:
                    fault = _cell(site, client, who, address, method, answered[path])
                    cells[address.rule.cell(who)] += 1
                    faults += [fault] if fault else []
    print(f"{sum(cells.values())} cells: {dict(cells)}")
    assert faults == []
    assert sum(cells.values()) >= 2_000


def _client(site: Site, who: str) -> TestClient:
    if who != "off":
        return site.client(who)
    client = TestClient(site.app, follow_redirects=False, headers=SAME_SITE)
    answer = client.post("/sign-in", data={"email": email("off"), "password": casting.PASSWORD})
    assert answer.status_code == 401
    return client


def _cell(site: Site, client: TestClient, who: str, address: Address, method: str, methods: set[str]) -> str:
    if method in methods and address.path in ENDS_SESSIONS and who not in ("", "off"):
        client = _fresh(site, who)
    if address.path.endswith("/evidence") and method == "POST":
        answer = client.request(method, address.path, data=address.form, files={"file": ("x.txt", b"x")})
    else:
        answer = client.request(method, address.path, data=address.form if method == "POST" else None)
    read = [name for name, canary in ISSUES.items() if canary in answer.text or canary in str(answer.headers)]
    if told := [name for name in read if who not in policy.SOLVE[name].may]:
        return f"{who or 'nobody'} {method} {address.path}: what is said of an issue of {told}"
    leaked = [name for name, canary in CANARY.items() if canary in answer.text or canary in str(answer.headers)]
    shown = [name for name in leaked if who not in DO[name].may]
    if shown:
        return f"{who or 'nobody'} {method} {address.path}: canary of {shown}"
    if method not in methods:
        return "" if answer.status_code == 405 else f"{who} {method} {address.path}: {answer.status_code}, not 405"
    found, wanted = _said(answer.status_code, answer.headers.get("location", "")), address.rule.cell(who)
    if address.path in ENDS_SESSIONS and found == "sign-in":
        found = wanted
    if found == wanted or (wanted == "yes" and found == "hidden" and address.gone):
        return ""
    return f"{who or 'nobody'} {method} {address.path}: {answer.status_code}, wanted {wanted}"


def _fresh(site: Site, who: str) -> TestClient:
    client = TestClient(site.app, follow_redirects=False, headers=SAME_SITE)
    assert client.post("/sign-in", data={"email": email(who), "password": casting.PASSWORD}).status_code == 303
    return client


def _said(status: int, location: str) -> str:
    if status == 303 and location.startswith("/sign-in"):
        return "sign-in"
    return {403: "no", 404: "hidden"}.get(status, "yes" if status < 500 else f"failed {status}")


def test_a_foreign_and_an_unknown_thing_look_the_same(site: Site) -> None:
    foreign = site.client("chA").get(f"/tasks/{site.task('photos', 'birch')}")
    unknown = site.client("chA").get("/tasks/987654")
    assert (foreign.status_code, foreign.text) == (unknown.status_code, unknown.text)
    assert foreign.status_code == 404
