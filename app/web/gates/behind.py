"""Where what a criterion asks for is shown: at a location, or (without one) over the whole rollout."""

from __future__ import annotations

from app.plan.format.gates import Criterion, Test
from app.plan.playbook import Playbook
from app.queries.rollouts.board import Board, Centre
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.gates.needed import tests_of
from app.rules.rollouts.readiness import Bar
from app.rules.tasks.filtering import OPEN
from app.web.rollouts.centres import plan_address


def shown_sources(seen: Board, centre: Centre, bar: Bar) -> list[dict[str, str]]:
    """Links for `listing`: to the training, the issues, the days or the cover of the location that it asks for."""
    roll = centre.roll
    if roll is None:
        return []
    criterion = seen.rollout.book_at(centre.place.id).gates[roll.gate].criteria[bar.id]
    tests = tests_of(criterion)
    found = [source_of(seen.rollout, centre.place, test) for _, test in tests]
    answers = [anchor_of(name) for name, test in tests if test.answer]
    found += [(f"Answered at the gate: {roll.title}", f"/gates/{roll.dated}#{answers[0]}")] if answers else []
    return [{"text": text, "href": href} for text, href in dict(one for one in found if one).items()]


def links_of(rollout: RolloutFacts, place: PlaceFacts | None, criterion: Criterion) -> list[dict[str, str]]:
    """The same for the page of a gate, with the tasks as the plan shows them and the answers as its own page does."""
    found: dict[str, str] = {}
    for name, test in tests_of(criterion):
        source = _on_the_page(rollout, place, name, test) or source_of(rollout, place, test)
        found |= dict([source]) if source else {}
    return [{"text": text, "href": href} for text, href in found.items()]


def _on_the_page(rollout: RolloutFacts, place: PlaceFacts | None, name: str, test: Test) -> tuple[str, str] | None:
    if test.source == "answer":
        return "The answer", f"#{anchor_of(name)}"
    if test.source == "gate":
        return "The gates", f"/rollouts/{rollout.slug}/gates"
    if test.source == "tasks":
        streams = _streams(rollout.book_at(place.id if place else None), test)
        only, at = next(iter(streams)) if len(streams) == 1 else "", place.slug if place else ""
        return "The open tasks", plan_address(rollout, location=at, workstream=only, state=OPEN)
    return None


def _streams(playbook: Playbook, test: Test) -> set[str]:
    """The workstreams of the tasks that it asks for."""
    asked = {leaf for name in test.names for leaf in playbook.inside.get(name, ())}
    return {task.workstream or "" for task in playbook.work if task.id in asked}


def anchor_of(name: str) -> str:
    """Where on the page of its gate a criterion is answered."""
    return f"answer-{name.replace('.', '-')}"


def source_of(rollout: RolloutFacts, place: PlaceFacts | None, test: Test) -> tuple[str, str] | None:
    """What is shown elsewhere, in words, and where; None for tasks, answers, gates, and what is not recorded yet."""
    base, book = f"/rollouts/{rollout.slug}", rollout.book_at(place.id if place else None)
    at, where = (f"{base}/locations/{place.slug}", f" at {place.name}") if place else (base, "")
    match test.source:
        case "training":
            return f"Training{where}", f"{at}/training"
        case "issues":
            titles = [book.issues.severities[one].title for one in test.issues] if book.issues else []
            chosen = [f"location={place.slug}"] if place else []
            chosen += [f"severity={test.issues[0]}"] if len(test.issues) == 1 else []
            query = f"?{'&'.join(chosen)}" if chosen else ""
            return f"Open issues{where}: {', '.join(titles)}", f"{base}/issues{query}"
        case "reconciliation":
            return f"{book.reconciliation[test.reconciliation].title}{where}", f"{at}/reconciliation"
        case "coverage":
            query = f"?location={place.slug}" if place else ""
            return f"{book.coverage[test.coverage].title}{where}", f"{base}/rota{query}"
        case "rehearsal":
            # Where the runbook stands is in its own line; a location's may be its wave's or the network's.
            return f"Rehearsals: {book.runbooks[test.rehearsal].title}", f"{base}/runbooks"
        case "unmodified":
            return "What was changed by hand", f"{base}/upgrades"
    return None
