"""The criteria of a location's next gate as lines of a table: state, count, and what stands behind each."""

from __future__ import annotations

from typing import Any, Final

from app.queries.rollouts.board import Board, Centre
from app.rules.rollouts.readiness import Bar, BarState
from app.web.rollouts.centres import readiness_address

BAR_WORDS: Final = {
    BarState.MET: ("met", "Met"),
    BarState.OPEN: ("open", "Open"),
    BarState.RISK: ("risk", "At risk"),
    BarState.VETO: ("blocked", "Veto"),
    BarState.WAIVED: ("waived", "Waived"),
    BarState.UNKNOWN: ("unknown", "Unknown"),
}


def shown_bars(seen: Board, centre: Centre) -> list[dict[str, Any]]:
    return [shown_bar(seen, centre, bar) for bar in (centre.roll.bars if centre.roll else ())]


def shown_bar(seen: Board, centre: Centre, bar: Bar) -> dict[str, Any]:
    status, label = BAR_WORDS[bar.state]
    return {
        "title": bar.title,
        "critical": bar.critical,
        "status": status,
        "label": label,
        "said": bar.said,
        "href": readiness_address(seen.rollout, centre.place, bar.id),
    }
