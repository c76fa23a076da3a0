"""The API as an application of its own: its routers, its refusals, its description."""

from __future__ import annotations

from typing import Any, Final

from fastapi import FastAPI

from app.api import events, moves, playbooks, preview, refusals, search
from app.api.describing import description_of
from app.api.figures import baselines, readings
from app.api.figures import withdrawal as reading_withdrawal
from app.api.gates import answers as gate_answers
from app.api.gates import conditions as gate_conditions
from app.api.gates import files as gate_files
from app.api.gates import gates, voting
from app.api.guards import Anybody
from app.api.issues import boards, causes, files, help_desks, issues, notes
from app.api.issues import changes as issue_changes
from app.api.lessons import lessons, proposals
from app.api.meetings import meetings, recording, remarks
from app.api.metrics import costs as return_costs
from app.api.metrics import returns
from app.api.people import accounts, channels, invitations, leaves, mail, members, notices, rights, tokens
from app.api.presence import duties, mentors, rota
from app.api.productivity import files as value_files
from app.api.productivity import periods as productivity_periods
from app.api.reconciliations import changes as day_changes
from app.api.reconciliations import days
from app.api.reconciliations import files as day_files
from app.api.rollouts import closing, figures, rollouts, running, set_up, sharing, timeline, views
from app.api.runs import files as run_files
from app.api.runs import holding, review, runbooks, runs, stepping
from app.api.runs import links as wall_links
from app.api.selection import selections
from app.api.tasks import added, changes, comments, evidence, many, signatures, tasks, today
from app.api.training import counts as training_counts
from app.api.training import results as training_results
from app.api.training import sessions as training_sessions
from app.api.training import staff as staff_lists
from app.api.upgrades import upgrades

ADDRESS: Final = "/api/v1"
ROUTERS: Final = (
    tokens.router,
    rollouts.router,
    set_up.router,
    running.router,
    sharing.router,
    views.router,
    closing.router,
    moves.router,
    figures.router,
    timeline.router,
    returns.router,
    return_costs.router,
    tasks.router,
    changes.router,
    added.router,
    many.router,
    comments.router,
    evidence.router,
    signatures.router,
    issues.router,
    issue_changes.router,
    notes.router,
    files.router,
    boards.router,
    causes.router,
    help_desks.router,
    upgrades.router,
    lessons.router,
    proposals.router,
    selections.router,
    gates.router,
    gate_answers.router,
    gate_files.router,
    voting.router,
    gate_conditions.router,
    runbooks.router,
    runs.router,
    stepping.router,
    holding.router,
    run_files.router,
    wall_links.router,
    review.router,
    meetings.router,
    recording.router,
    days.router,
    day_changes.router,
    day_files.router,
    remarks.router,
    today.router,
    search.router,
    playbooks.router,
    preview.router,
    members.router,
    invitations.router,
    mail.router,
    notices.router,
    channels.router,
    leaves.router,
    accounts.router,
    rights.router,
    events.router,
    training_counts.router,
    staff_lists.router,
    training_sessions.router,
    training_results.router,
    readings.router,
    reading_withdrawal.router,
    baselines.router,
    productivity_periods.router,
    value_files.router,
    rota.router,
    duties.router,
    mentors.router,
)
TAGS: Final = (
    ("you", "Who a token acts for, and your tokens."),
    ("rollouts", "Rollouts, their locations, and setting up a draft."),
    ("figures", "What the pages count: the board, readiness, the curve, the timeline."),
    ("return", "Where each figure stands against its baseline and target, what was saved, and what the change cost."),
    ("tasks", "The plan, one task, and what is said of it."),
    ("moves", "Dates, moved in two steps: first shown, then done."),
    ("comments", "What people say to each other about a task."),
    ("evidence", "Files, photos and links that prove the work."),
    ("signatures", "What was signed. A token never signs."),
    ("issues", "Operational trouble: its clock, whom it climbs to, what became of it, its boards and its help desks."),
    ("selections", "Which locations go in a wave: scored, proposed, signed. A token neither signs nor waives."),
    ("gates", "Evidence, answers, votes, conditions and decisions of gates. A token never votes, accepts or decides."),
    (
        "runs",
        "Runbooks, and their runs, rehearsed or live: steps, log, way back, review. A token never turns one round.",
    ),
    ("meetings", "Meetings with their agenda and what came of them, and the wins and concerns that they talk about."),
    ("reconciliations", "Counts that must agree each day: entered, handed in, closed by a second person, or missed."),
    ("lessons", "What was learnt, what became of it, and the changes of the playbook that are proposed for it."),
    ("training", "Who is to be trained, their sessions, what they have shown, and who covers go-live day."),
    ("metrics", "Figures that are captured and compared: readings, and the baselines of places. A token never signs."),
    (
        "productivity",
        "Hours of radiologists, procedures by their work, the three indices, and benchmarks to compare them with.",
    ),
    ("presence", "Who is wanted where and when, who is on duty, what is missing, and who learns from whom."),
    ("playbooks", "Playbooks: checked, kept, compared, dated."),
    ("people", "Accounts, who holds which role, the mail to them, your inbox and your channels."),
    ("search", "Everything that you may see, by its words."),
    ("events", "The feed of changes."),
)
DESCRIPTION: Final = """\
Everything that the pages do, for programs, through the same changes and the same questions.

Send a personal token as `Authorization: Bearer …`: it acts for you, with your rights of that moment, and never more.
Instants are in UTC; days are those of the place. Lists come in pages, in an order that does not move: follow `next`.
Every single thing has an `ETag`. To change it, send that as `If-Match`: without it nothing is changed (428), and when
somebody was quicker you are told who, when and what (412). A request that makes something may carry an
`Idempotency-Key`: sent twice, it is made once. Every refusal is a problem document (RFC 9457).
"""


def create_api() -> FastAPI:
    """The application; whoever mounts it gives it the state of the installation."""
    api = FastAPI(
        title="Muster API",
        version="1.0",
        summary="Everything that the pages do, for programs.",
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        openapi_tags=[{"name": name, "description": say} for name, say in TAGS],
    )
    api.openapi = lambda: description_of(api, ADDRESS)  # type: ignore[method-assign]
    for router in ROUTERS:
        api.include_router(router)

    def description(_door: Anybody) -> dict[str, Any]:
        return api.openapi()

    api.router.add_api_route("/openapi.json", description, include_in_schema=False)
    refusals.install(api)
    return api
