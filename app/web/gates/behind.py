"""Where what a criterion asks for is shown, where that is no task."""

from __future__ import annotations

from app.plan.format.gates import Criterion, Test
from app.queries.gates.rolls import tests_of
from app.queries.rollouts.board import Board, Centre
from app.rules.rollouts.readiness import Bar


def shown_sources(seen: Board, centre: Centre, bar: Bar) -> list[dict[str, str]]:
    """Links for `listing`: to the training, the issues, the days or the cover of the location that it asks for."""
    roll = centre.roll
    criterion = seen.rollout.book_at(centre.place.id).gates[roll.gate].criteria[bar.id] if roll else Criterion()
    found = (_source(seen, centre, test) for test in tests_of(criterion))
    return [{"text": text, "href": href} for text, href in dict(one for one in found if one).items()]


def _source(seen: Board, centre: Centre, test: Test) -> tuple[str, str] | None:
    place, base = centre.place, f"/rollouts/{seen.rollout.slug}"
    book, at = seen.rollout.book_at(place.id), f"{base}/locations/{place.slug}"
    match test.source:
        case "training":
            return f"Training at {place.name}", f"{at}/training"
        case "issues":
            titles = [book.issues.severities[one].title for one in test.issues] if book.issues else []
            chosen = f"&severity={test.issues[0]}" if len(test.issues) == 1 else ""
            return f"Open issues at {place.name}: {', '.join(titles)}", f"{base}/issues?location={place.slug}{chosen}"
        case "reconciliation":
            title = book.reconciliation[test.reconciliation].title
            return f"{title} at {place.name}", f"{at}/reconciliation"
        case "coverage":
            return f"{book.coverage[test.coverage].title} at {place.name}", f"{base}/rota?location={place.slug}"
    return None
