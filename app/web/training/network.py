"""Training over the whole rollout: centres × trainings, what is short by name, and how go-live day is covered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.queries.training.network import Counted, PlaceCounted, network
from app.rules.clock import count, in_days, long_day
from app.rules.people.access import Permission
from app.rules.rollouts.sentences import Part
from app.web.frame import in_rollout, rail
from app.web.kept import Kept, by_the_minute
from app.web.rhythm.ways import TRAINING, rhythm_ways
from app.web.site import Db, Desk, Now, Seeing
from app.web.templating import html
from app.web.training.words import TALLY_LABELS, due_words, named, tally_mark, tally_words

router = APIRouter()


@router.get("/rollouts/{slug}/training")
@by_the_minute
def show(kept: Kept, desk: Seeing, session: Db, now: Now) -> Response:
    at, rollout = desk.rollout.as_of(now), desk.rollout
    found = network(session, rollout, desk.viewer, at)
    trainings = list(dict.fromkeys((one.demand.entry, one.demand.title) for place in found for one in place.trainings))
    there = rollout.today(at)
    return kept.answer(
        html(
            "training/network.html",
            **in_rollout(desk, "Rhythm"),
            weeks=rail(rollout, now),
            ways=rhythm_ways(desk, TRAINING),
            when=long_day(there, there),
            say=lead_sentence(found, at),
            titles=[title for _, title in trainings],
            rows=[_row(desk, place, [entry for entry, _ in trainings], at) for place in found],
            short=[one for place in found if (one := _short(desk, place, at))],
            import_href=f"/rollouts/{rollout.slug}/training/staff" if imports(desk) else "",
            people=any(place.people for place in found),
            goes_live=rollout.goes_live,
        )
    )


def imports(desk: Desk) -> bool:
    """Whether the reader keeps a staff list somewhere in a rollout that runs."""
    return desk.rollout.state == "running" and desk.can_somewhere(Permission.CHECK_OFF)


def lead_sentence(found: Sequence[PlaceCounted], now: datetime) -> list[Part]:
    """What is late first, then what is due next."""
    everything = [(place, one) for place in found for one in place.trainings]
    if not everything:
        return [Part("The playbook asks for no training here.")]
    if not any(place.people for place in found):
        return [Part("Nobody is on a staff list yet, so nobody can be asked to a training.")]
    late = [(place, one) for place, one in everything if one.tally.late]
    if late:
        places = list(dict.fromkeys(place.place.name for place, _ in late))
        return [Part(f"{count(len(late), 'training')} {'is' if len(late) == 1 else 'are'} "), Part("late", "late"),
                Part(f" at {named(places, 3)}.")]  # fmt: skip
    open_ = [(place, one) for place, one in everything if not one.tally.met and one.days.due]
    if not open_:
        return [Part("Everybody who is asked for has "), Part("passed", "done"), Part(".")]
    place, one = min(open_, key=lambda pair: pair[1].days.due or now.date())
    due = in_days(one.days.due, place.place.today(now)) if one.days.due else ""
    short = max(0, one.tally.needed - one.tally.passed)
    missing = f"{count(short, 'person', 'people')} short" if one.tally.wanted else "nobody on its list"
    return [Part(f"Next due: {one.demand.title} at {place.place.name}, {due}, "), Part(missing, "risk"), Part(".")]


def address(desk: Desk, place: PlaceCounted) -> str:
    return f"/rollouts/{desk.rollout.slug}/locations/{place.place.slug}/training"


def _row(desk: Desk, place: PlaceCounted, entries: Sequence[str], now: datetime) -> dict[str, Any]:
    by_entry = {one.demand.entry: one for one in place.trainings}
    share = place.cover.percent
    return {
        "name": place.place.name,
        "href": address(desk, place),
        "cells": [_cell(by_entry[entry], place, now) if entry in by_entry else None for entry in entries],
        "people": place.people,
        "cover": "nobody on the roster" if share is None else f"{int(share)}%",
        "cover_mark": "todo" if share is None else "done" if share >= 100 else "risk",
    }


def _cell(one: Counted, place: PlaceCounted, now: datetime) -> dict[str, str]:
    today = place.place.today(now)
    mark = tally_mark(one.tally, one.days, today)
    return {
        "mark": mark,
        "label": TALLY_LABELS[mark],
        "said": tally_words(one.tally),
        "due": "" if one.tally.met else due_words(one.days, today),
    }


def _short(desk: Desk, place: PlaceCounted, now: datetime) -> dict[str, Any] | None:
    """Who has not passed, by name, where a training is due within two weeks or late."""
    lines = []
    for one in place.trainings:
        today = place.place.today(now)
        near = one.days.due is not None and (one.days.due - today).days <= 14
        if one.tally.met or not one.tally.short or not near:
            continue
        who = named(line.name for line in one.short) if one.short is not None else count(len(one.tally.short), "person",
                                                                                         "people")  # fmt: skip
        lines.append({"text": f"{one.demand.title}: {who}", "end": due_words(one.days, today)})
    return {"name": place.place.name, "href": address(desk, place), "lines": lines} if lines else None
