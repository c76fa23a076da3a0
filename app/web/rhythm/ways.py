"""The rooms of a rollout's rhythm, side by side: each is there where the playbook has something for it."""

from __future__ import annotations

from app.web.site import Desk

Way = tuple[str, str, bool, int]

OVERVIEW = "This week"
TRAINING = "Training"
RECONCILIATION = "Daily counts"
MEETINGS = "Meetings"
PRESENCE = "On duty"
LESSONS = "Lessons"
PRODUCTIVITY = "Productivity"
FIGURES = "Figures"


def rhythm_ways(desk: Desk, current: str) -> list[Way]:
    """For `subnav`: label, address, whether it is the page, and how many things wait there (none are counted yet)."""
    base, book = f"/rollouts/{desk.rollout.slug}", desk.rollout.playbook
    rooms = [
        (OVERVIEW, f"{base}/rhythm", True),
        (TRAINING, f"{base}/training", bool(book.training)),
        (RECONCILIATION, f"{base}/reconciliation", bool(book.reconciliation)),
        (MEETINGS, f"{base}/meetings", bool(book.meetings)),
        (PRESENCE, f"{base}/rota", bool(book.coverage)),
        (LESSONS, f"{base}/lessons", True),
        (FIGURES, f"{base}/figures", bool(book.figures)),
        (PRODUCTIVITY, f"{base}/productivity", True),
    ]
    return [(label, href, label == current, 0) for label, href, there in rooms if there]
