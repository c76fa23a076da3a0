"""The forms of a step's page as values: what may be done with it now, and what was typed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.queries.runs.room import Room, StepLine
from app.rules.clock import zone_name
from app.rules.people.responsibility import backups
from app.rules.runbooks.acts import before_finish, lines
from app.rules.runbooks.ledger import Act, StepState
from app.rules.tasks.tables import row_titles
from app.web.prose import prose
from app.web.tasks.answers import asked_field
from app.web.told import Told

TIMED: Final = (Act.STARTED, Act.FINISHED, Act.VERIFIED, Act.SKIPPED, Act.BLOCKED, Act.UNBLOCKED)
"""Entries whose hour can be set right."""


def step_forms(room: Room, line: StepLine, told: Told, now: datetime) -> dict[str, Any]:
    """What may be done; each form opens again with what was typed where it was refused."""
    can, lead = line.doing, room.rights.lead
    today = now.astimezone(ZoneInfo(room.zone)).date().isoformat()
    repeat = line.planned.asked.repeat
    return {
        "can": can,
        "lead": lead,
        "able": line.able and not room.rollout.closed_at,
        "today": today,
        "zone": zone_name(room.zone, now),
        "waits": list(line.waits),
        "ends_after": list(_ends_after(room, line)),
        "running": line.state is StepState.RUNNING,
        "field": _field(room, line, told) if can.finish and line.planned.asked.answer.type != "tick" else None,
        "ticks": _ticks(line, told),
        "repeat": {"until": repeat.until, "more": repeat.at_most is None or line.told.round < repeat.at_most}
        if repeat
        else None,
        "severities": _severities(room),
        "people": _people(room, line) if can.hand_over else [],
        "returns": can.verify,
    }


def _ends_after(room: Room, line: StepLine) -> Sequence[str]:
    """What must be before it may end."""
    return before_finish(line.planned, room.found.told, room.found.steps)


def _field(room: Room, line: StepLine, told: Told) -> dict[str, Any]:
    """The field that asks for the answer."""
    asked = line.planned.asked.answer
    attributes = room.place.attributes if room.place else {}
    titles = row_titles(asked, attributes) if asked.type == "table" else None
    typed = told.value("completion", "answer", None)
    return asked_field(asked, "Answer", typed, told.fault("completion", "answer"), "answer", titles)


def _ticks(line: StepLine, told: Told) -> list[dict[str, Any]]:
    """The lines of its checklist, as boxes."""
    typed = told.value("completion", "ticks", ())
    return [
        {
            "path": path,
            "title": f"{one.title}{' (may stay open)' if one.optional else ''}",
            "how": prose(one.how),
            "checked": path in typed,
        }
        for path, one in lines(line.planned.asked.checklist)
    ]


def _severities(room: Room) -> list[tuple[str, str]]:
    issues = room.found.playbook.issues
    return [(id_, one.title) for id_, one in issues.severities.items()] if issues else []


def _people(room: Room, line: StepLine) -> list[tuple[str, str]]:
    """Whom it can be handed to: the backups of its roles first, then who holds one, then everybody else."""
    roles = set(line.planned.asked.owner.roles if line.planned.asked.owner else ())
    here = [one for one in room.holders.members() if one.sees(room.run.location_id)]
    there = {one.person: one.name for one in here if one.person in room.people}
    second = {one.person for one in here for each in backups(one.steps_in) if each.role in roles}
    holding = {one.person for one in here if one.role in roles}
    ranked = sorted(there.items(), key=lambda one: (one[0] not in second, one[0] not in holding, one[1]))
    words = {**dict.fromkeys(holding, ", holds the role"), **dict.fromkeys(second, ", backup")}
    return [(str(key), f"{name}{words.get(key, '')}") for key, name in ranked if key != line.row.holder_id]


def correctable(room: Room, log: list[dict[str, Any]], told: Told) -> list[dict[str, Any]]:
    """The entries of a step, each with the form that sets its hour right, for whoever may."""
    known = {f"entry-{one.id}": one for one in room.entries}
    found = []
    for line in log:
        entry = known[line["id"]]
        there = entry.happened_at.astimezone(ZoneInfo(room.zone))
        may = Act(entry.kind) in TIMED and (room.rights.lead or entry.by_id == room.reader)
        form = f"correction-{entry.id}"
        fix = {
            "entry": entry.id,
            "form": form,
            "open": told.form == form,
            "day": told.value(form, "day", there.date().isoformat()),
            "time": told.value(form, "time", f"{there:%H:%M}"),
            "why": told.value(form, "why"),
            "when_error": told.fault(form, "happened"),
            "why_error": told.fault(form, "why"),
        }
        found.append({**line, "fix": fix if may and room.rollout.closed_at is None else None})
    return found
