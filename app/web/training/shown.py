"""Training at one centre as values for its template."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from app.queries.training.facts import StaffLine
from app.queries.training.place import OneTraining, PairLine, PlacePage
from app.queries.training.sessions import SessionLine
from app.rules.clock import count, long_day, near_day, short_day
from app.rules.rollouts.sentences import Part
from app.rules.training.cover import Cell, Helpers
from app.rules.training.standing import Progress, Standing
from app.web.training.words import (
    CLASHES,
    MARKS,
    TALLY_LABELS,
    catch_up_words,
    demand_words,
    due_words,
    named,
    seats_words,
    span_words,
    standing_words,
    tally_mark,
    tally_words,
)

_ORDER = list(Standing)
SESSION_STATES = {"off": ("void", "Called off"), "held": ("done", "Held"), "coming": ("wait", "To come")}


def place_sentence(page: PlacePage, now: datetime) -> list[Part]:
    """How training stands here: what is late, or what share has passed, and the day."""
    place, trainings = page.place, page.counted.trainings
    if not trainings:
        return [Part(f"The playbook asks for no training at {place.name}.")]
    if not page.counted.people:
        return [Part(f"Nobody is on the staff list of {place.name} yet.")]
    late = [one.demand.title for one in trainings if one.tally.late]
    if late:
        verb = "is" if len(late) == 1 else "are"
        return [Part(f"{named(late, 3)} {verb} "), Part("late", "late"), Part(f" at {place.name}.")]
    passed, wanted = (sum(getattr(one.tally, name) for one in trainings) for name in ("passed", "wanted"))
    if all(one.tally.met for one in trainings):
        return [Part(f"{place.name}: training is "), Part("done", "done"), Part(f", {passed} of {wanted} passed.")]
    dues = [one.days.due for one in trainings if one.days.due and not one.tally.met]
    due = f"; due {near_day(min(dues), place.today(now))}" if dues else ""
    return [Part(f"{place.name}: {passed} of {wanted} passed{due}.")]


def shown_place(page: PlacePage, now: datetime) -> dict[str, Any]:
    """Everything but the frame and the forms."""
    there = page.place.today(now)
    roles = titles_of(page)
    return {
        "when": long_day(there, there),
        "say": place_sentence(page, now),
        "trainings": [_training(page, one, roles, now) for one in page.trainings],
        "cover": _cover(page, roles),
        "people": page.counted.people,
        "named": page.staff is not None,
        "may_keep": page.may_keep,
    }


def titles_of(page: PlacePage) -> dict[str, str]:
    """The titles of roles."""
    return {id_: role.title or id_ for id_, role in page.facts.playbook(page.place).people.items()}


def _training(page: PlacePage, one: OneTraining, roles: dict[str, str], now: datetime) -> dict[str, Any]:
    today = page.place.today(now)
    counted = next(found for found in page.counted.trainings if found.demand is one.demand or
                   found.demand.entry == one.demand.entry)  # fmt: skip
    mark = tally_mark(counted.tally, counted.days, today)
    people = sorted(one.people or (), key=lambda pair: (_ORDER.index(pair[1].standing), pair[0].name))
    lines = [shown_person(page, line, found, one, now) for line, found in people]
    return {
        "entry": one.demand.entry,
        "title": one.demand.title,
        "demand": demand_words(one.demand, roles),
        "topics": one.demand.topics,
        "mark": mark,
        "label": TALLY_LABELS[mark],
        "said": tally_words(counted.tally),
        "due": "" if counted.tally.met else due_words(counted.days, today),
        "catch_up": catch_up_words(counted.days, today) if one.demand.recorded else "",
        "owed": counted.tally.owed,
        "sessions": [shown_session(page.place.zone, line, now) for line in one.sessions],
        "open": [line for line in lines if line["mark"] != "done"],
        "passed": [line for line in lines if line["mark"] == "done"],
        "named": one.people is not None,
        "may_hold": one.may_hold,
        "minutes": one.demand.minutes,
        "seats": one.demand.seats,
        "waiting": named(line.name for line in one.waiting),
        "proposed": one.proposed,
        "proposal": _proposal(one),
        "buddy": roles.get(one.demand.buddy, ""),
        "alone": sum(line.id not in one.pairs for line, _ in one.people or ()) if one.demand.buddy else 0,
    }


def _proposal(one: OneTraining) -> str:
    """`2 more sessions of 12 seats for 20 people who have none.`"""
    if not one.proposed:
        return ""
    of = f" of {count(one.demand.seats, 'seat')}" if one.demand.seats else ""
    whom = count(len(one.waiting), "person", "people")
    return f"{count(one.proposed, 'more session')}{of} would do for {whom} who have none."


def shown_person(page: PlacePage, line: StaffLine, found: Progress, one: OneTraining, now: datetime) -> dict[str, Any]:
    """One of the people of a training."""
    roles, words = titles_of(page), standing_words(found, one.demand, page.place.zone, now)
    return {
        "id": line.id,
        "name": line.name,
        "href": f"/training/people/{line.id}",
        "role": roles.get(line.role, line.role),
        "shift": line.shift or "no shift",
        "mark": MARKS[found.standing],
        "label": words[0],
        "said": words[1],
        "buddy": _buddy(one.pairs.get(line.id), page, page.place.today(now)) if one.demand.buddy else "",
    }


def _buddy(pair: PairLine | None, page: PlacePage, today: date) -> str:
    if pair is None:
        return "no buddy yet"
    said = f"{pair.buddy}, {short_day(pair.row.first, today)} to {short_day(pair.row.last, today)}"
    if pair.trouble is None:
        return said
    wrong = [f"away on {count(pair.trouble.away, 'day')}"] if pair.trouble.away else []
    known = {line.id: line.name for line in page.staff or ()}
    others = [known.get(key, "somebody at another centre") for key in pair.trouble.shared]
    wrong += [f"also with {named(others, 3)}"] if others else []
    return f"{said}: {', '.join(wrong)}"


def shown_session(zone: str, line: SessionLine, now: datetime) -> dict[str, Any]:
    """One session in a list."""
    state, label = SESSION_STATES[line.state]
    if line.state == "coming" and line.row.starts_at <= now:
        state, label = "risk", "To be noted"
    there = f"{line.present} of {line.enrolled} came" if line.state == "held" else seats_words(line)
    return {
        "href": f"/training/{line.id}",
        "text": span_words(line.row.starts_at, line.row.minutes, zone, now),
        "status": state,
        "status_label": label,
        "end": ", ".join(filter(None, (line.row.place, line.trainer, there))),
        "clashes": [CLASHES[clash] for clash in line.clashes],
    }


def _cover(page: PlacePage, roles: dict[str, str]) -> dict[str, Any]:
    cover, names = page.counted.cover, {line.id: line.name for line in page.staff or ()}
    share = cover.percent
    return {
        "day": long_day(cover.day, cover.day) if cover.day else "",
        "percent": None if share is None else f"{int(share)}%",
        "mark": "todo" if share is None else "done" if share >= 100 else "risk",
        "cells": [_cell(cell, roles, names) for cell in cover.cells],
        "helpers": [_helpers(one, names) for one in cover.helpers],
        "rostered": sorted(cover.rostered or ()),
        "shifts": _shifts(page.staff or (), cover.rostered or {}),
        "staff": [
            {"value": one.id, "label": one.name, "hint": f"{roles.get(one.role, one.role)}, {one.shift or 'no shift'}"}
            for one in page.staff or ()
        ],
    }


def _cell(cell: Cell, roles: dict[str, str], names: dict[int, str]) -> dict[str, Any]:
    short = named(names[key] for key in cell.untrained if key in names)
    return {
        "role": roles.get(cell.role, cell.role),
        "shift": cell.shift or "no shift",
        "mark": "risk" if cell.untrained else "done",
        "said": f"{cell.covered} of {len(cell.rostered)} trained",
        "short": short or (count(len(cell.untrained), "person", "people") if cell.untrained else "nobody"),
    }


def _helpers(one: Helpers, names: dict[int, str]) -> dict[str, Any]:
    untrained = named(names[key] for key in one.untrained if key in names)
    lacking = f"{one.short} more wanted" if one.short else "enough"
    return {
        "title": one.title,
        "shift": one.shift or "no shift",
        "mark": "risk" if one.short else "done",
        "said": f"{len(one.there)} of {one.needed} for {count(one.people, 'person', 'people')}",
        "short": lacking + (f"; not trained: {untrained}" if untrained else ""),
    }


def _shifts(staff: Sequence[StaffLine], rostered: Any) -> list[dict[str, Any]]:
    """Every shift, with how many of it work on go-live day."""
    found: dict[str, list[StaffLine]] = {}
    for line in staff:
        found.setdefault(line.shift, []).append(line)
    return [
        {
            "shift": shift,
            "label": shift or "no shift",
            "all": len(lines),
            "works": sum(line.id in rostered for line in lines),
        }
        for shift, lines in sorted(found.items())
    ]
