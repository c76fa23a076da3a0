"""Every page of the web application, in the order in which addresses are looked for."""

from __future__ import annotations

from app.web import deliveries, health, live, reference, search, styles
from app.web.figures import baseline as figure_baseline
from app.web.figures import entering as figure_entering
from app.web.figures import metric as figure_metric
from app.web.figures import overview as figure_overview
from app.web.figures import place as figure_place
from app.web.figures import upload as figure_upload
from app.web.gates import answers as gate_answers
from app.web.gates import conditions as gate_conditions
from app.web.gates import list as gate_list
from app.web.gates import page as gate_page
from app.web.gates import readiness
from app.web.gates import record as gate_record
from app.web.gates import voting as gate_voting
from app.web.issues import boards as issue_boards
from app.web.issues import causes as issue_causes
from app.web.issues import changes as issue_changes
from app.web.issues import files as issue_files
from app.web.issues import help_desk, intake, taking
from app.web.issues import list as issue_list
from app.web.issues import page as issue_page
from app.web.issues import report as issue_report
from app.web.lessons import guided as lesson_guided
from app.web.lessons import list as lesson_list
from app.web.lessons import page as lesson_page
from app.web.lessons import proposal as lesson_proposal
from app.web.lessons import written as lesson_written
from app.web.locations import sheet
from app.web.locations import show as place_page
from app.web.meetings import calendar as meeting_calendar
from app.web.meetings import changes as meeting_changes
from app.web.meetings import list as meeting_list
from app.web.meetings import page as meeting_page
from app.web.meetings import remark, remarks, saying
from app.web.metrics import costs as return_costs
from app.web.metrics import metric as return_metric
from app.web.metrics import network as return_network
from app.web.metrics import place as return_place
from app.web.people import (
    account,
    accounts,
    channels,
    inbox,
    invitations,
    leaves,
    members,
    passwords,
    person,
    sign_in,
    tokens,
)
from app.web.playbooks import dates, edit, history, pages
from app.web.presence import mentors as presence_mentors
from app.web.presence import mine as presence_mine
from app.web.presence import proposal as presence_proposal
from app.web.presence import rota, turn
from app.web.productivity import changes as period_changes
from app.web.productivity import files as period_files
from app.web.productivity import overview as productivity
from app.web.productivity import page as period_page
from app.web.productivity import sheet_files as worksheet_files
from app.web.productivity import worksheets
from app.web.reconciliations import changes as count_changes
from app.web.reconciliations import files as count_files
from app.web.reconciliations import network as count_network
from app.web.reconciliations import page as count_page
from app.web.reconciliations import place as count_place
from app.web.reconciliations import upload as count_upload
from app.web.rhythm import show as rhythm
from app.web.rollouts import board, closing, cutovers, manage, places, rollouts, shared, stays, timeline
from app.web.runs import files as run_files
from app.web.runs import holding as run_holding
from app.web.runs import links as run_links
from app.web.runs import list as run_list
from app.web.runs import pack as run_pack
from app.web.runs import page as run_page
from app.web.runs import review as run_review
from app.web.runs import runbook as run_runbook
from app.web.runs import stepping as run_stepping
from app.web.runs import wall as run_wall
from app.web.runs import whole as run_whole
from app.web.selection import changes as selection_changes
from app.web.selection import page as selection_page
from app.web.selection import waves as selection_waves
from app.web.setup import locations, people, preview, start
from app.web.tasks import added, changes, comments, evidence, moves, page, plan, plan_bulk, plan_views, signoffs, today
from app.web.training import importing as staff_import
from app.web.training import network as training_network
from app.web.training import person as staff_person
from app.web.training import person_changes as staff_changes
from app.web.training import place as training_place
from app.web.training import session as training_session
from app.web.training import session_changes
from app.web.training import staff as staff_pages
from app.web.upgrades import overview as version_list
from app.web.upgrades import stepping as version_step

ROUTERS = (
    health.router,
    styles.router,
    live.router,
    search.router,
    reference.router,
    sign_in.router,
    passwords.router,
    account.router,
    inbox.router,
    channels.router,
    taking.router,
    tokens.router,
    leaves.router,
    members.router,
    invitations.router,
    accounts.router,
    person.router,
    deliveries.router,
    edit.router,
    history.router,
    dates.router,
    pages.router,
    start.router,
    locations.router,
    people.router,
    preview.router,
    rollouts.router,
    manage.router,
    places.router,
    place_page.router,
    sheet.router,
    stays.router,
    closing.router,
    shared.router,
    board.router,
    timeline.router,
    readiness.router,
    selection_page.router,
    selection_changes.router,
    selection_waves.router,
    return_network.router,
    return_costs.router,
    return_place.router,
    return_metric.router,
    gate_list.router,
    gate_page.router,
    gate_answers.router,
    gate_conditions.router,
    gate_voting.router,
    gate_record.router,
    issue_boards.router,
    issue_causes.router,
    run_list.router,
    run_runbook.router,
    run_page.router,
    run_stepping.router,
    run_holding.router,
    run_whole.router,
    run_files.router,
    run_review.router,
    run_pack.router,
    run_wall.router,
    run_links.router,
    help_desk.router,
    intake.router,
    plan.router,
    plan_bulk.router,
    plan_views.router,
    today.router,
    page.router,
    changes.router,
    signoffs.router,
    moves.router,
    cutovers.router,
    evidence.router,
    comments.router,
    added.router,
    meeting_list.router,
    meeting_page.router,
    meeting_changes.router,
    meeting_calendar.router,
    remarks.router,
    saying.router,
    remark.router,
    rhythm.router,
    training_network.router,
    training_place.router,
    staff_import.router,
    staff_pages.router,
    training_session.router,
    session_changes.router,
    staff_person.router,
    staff_changes.router,
    issue_list.router,
    issue_report.router,
    issue_page.router,
    issue_changes.router,
    issue_files.router,
    count_network.router,
    count_place.router,
    count_upload.router,
    count_page.router,
    count_changes.router,
    count_files.router,
    figure_overview.router,
    figure_upload.router,
    figure_place.router,
    figure_entering.router,
    figure_metric.router,
    figure_baseline.router,
    productivity.router,
    period_files.router,
    period_page.router,
    period_changes.router,
    worksheet_files.router,
    worksheets.router,
    version_list.router,
    version_step.router,
    lesson_list.router,
    lesson_page.router,
    lesson_guided.router,
    lesson_written.router,
    lesson_proposal.router,
    rota.router,
    presence_proposal.router,
    turn.router,
    presence_mentors.router,
    presence_mine.router,
)
