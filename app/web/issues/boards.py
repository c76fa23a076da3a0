"""The boards of issues: the top ten at ten as a page and as a PDF, promises kept, and what goes wrong where."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from app.documents import top_ten as document
from app.documents.typesetting import Paper
from app.queries.issues.boards import promised, top_ten
from app.queries.issues.list import IssueLine
from app.queries.issues.promises import by_place, by_wave, by_week
from app.queries.rollouts.facts import PlaceFacts, RolloutFacts
from app.rules.clock import count, duration, short_day, spelled
from app.rules.issues.attainment import Attained, Promised, attained, percent
from app.rules.issues.standing import Ticking
from app.rules.rollouts.sentences import Part
from app.web.frame import as_of, in_rollout, rail
from app.web.kept import Kept, by_the_minute
from app.web.site import Db, Desk, Now, Seeing
from app.web.templating import html

router = APIRouter()


def frame(desk: Desk, here: str, now: datetime) -> dict[str, Any]:
    """The frame of a board of issues, and the ways to the others."""
    base = f"/rollouts/{desk.rollout.slug}/issues"
    boards = [("Top ten", f"{base}/top"), ("Promises", f"{base}/promises"), ("Causes", f"{base}/causes")]
    return {
        **in_rollout(desk, "Issues"),
        "weeks": rail(desk.rollout, now),
        "crumbs": [("Issues", base), (here, None)],
        "boards": [(label, href) for label, href in boards if label != here],
        "here": here,
        "when": as_of(desk.rollout, now),
    }


# --- the top ten ----------------------------------------------------------------------------------------------------


@router.get("/rollouts/{slug}/issues/top")
@by_the_minute
def show_top(kept: Kept, desk: Seeing, session: Db, now: Now) -> Response:
    now = desk.rollout.as_of(now)
    lines = [_top_line(one) for one in top_ten(session, desk.rollout, desk.extent, now)]
    pdf = f"/rollouts/{desk.rollout.slug}/issues/top/pdf"
    page = html("issues/top.html", **frame(desk, "Top ten", now), say=_top_say(lines), lines=lines, pdf=pdf)
    return kept.answer(page)


@router.get("/rollouts/{slug}/issues/top/pdf")
def print_top(desk: Seeing, session: Db, now: Now, paper: Paper = "a4") -> Response:
    now = desk.rollout.as_of(now)
    lines = [_top_line(one) for one in top_ten(session, desk.rollout, desk.extent, now)]
    keys = ("number", "title", "place", "severity", "holder", "time", "over")
    made = document.top_ten(
        document.TopTen(
            rollout=desk.rollout.title,
            when=as_of(desk.rollout, now),
            say="".join(part.text for part in _top_say(lines)),
            lines=tuple(document.TopLine(**{key: line[key] for key in keys}) for line in lines),
            paper=paper,
        )
    )
    return pdf_answer(made, f"top-ten-{desk.rollout.slug}-{desk.rollout.today(now)}")


def pdf_answer(made: bytes, name: str) -> Response:
    """A PDF that a browser opens, and keeps under that name."""
    return Response(
        made, media_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}.pdf"'}
    )


def _top_line(one: IssueLine) -> dict[str, Any]:
    return {
        "number": f"#{one.number}",
        "href": f"/issues/{one.id}",
        "title": one.title,
        "place": one.place.name if one.place else "The whole network",
        "severity": one.law.title,
        "holder": one.holder[1] if one.holder else "Nobody has it",
        "time": _time(one),
        "over": one.standing.ticking is Ticking.BREACHED,
    }


def _time(one: IssueLine) -> str:
    length = duration(timedelta(seconds=abs(one.standing.left)))
    if one.standing.ticking is Ticking.PAUSED:
        return f"stands still, {length} left"
    return f"{length} {'over' if one.standing.ticking is Ticking.BREACHED else 'left'}"


def _top_say(lines: list[dict[str, Any]]) -> list[Part]:
    if not lines:
        return [Part("Nothing is open, so there is nothing to talk about.")]
    over = sum(line["over"] for line in lines)
    head = f"{spelled(len(lines))} {'issue' if len(lines) == 1 else 'issues'} to talk about"
    if not over:
        return [Part(f"{head}, all of them in time." if len(lines) > 1 else f"{head}, in time.")]
    words = f"{spelled(over).lower()} {'is' if over == 1 else 'are'} out of time"
    return [Part(f"{head}; "), Part(words, "late"), Part(".")]


# --- promises -------------------------------------------------------------------------------------------------------


@router.get("/rollouts/{slug}/issues/promises")
@by_the_minute
def show_promises(kept: Kept, desk: Seeing, session: Db, now: Now) -> Response:
    now, rollout = desk.rollout.as_of(now), desk.rollout
    found = promised(session, rollout, desk.extent, now)
    page = html(
        "issues/promises.html",
        **frame(desk, "Promises", now),
        say=_promise_say(attained(found)),
        tables=[
            {"id": "places", "title": "By location", "head": "Location", "rows": _by_place(rollout, found)},
            {"id": "waves", "title": "By wave", "head": "Wave", "rows": _by_wave(rollout, found)},
            {"id": "weeks", "title": "By week of the report", "head": "Week of", "rows": _by_week(rollout, found, now)},
        ],
    )
    return kept.answer(page)


def _promise_say(whole: Attained) -> list[Part]:
    if whole.share is None:
        more = f" {count(len(whole.running), 'issue')} still in time." if whole.running else ""
        return [Part(f"No issue has been decided yet.{more}")]
    status = "done" if not whole.broken else "late" if whole.share * 100 < 90 else "risk"
    figure = f"{len(whole.kept)} of {whole.counted}"
    return [Part("Solved within the time promised: "), Part(figure, status), Part(f", {percent(whole.share)}%.")]


def _row(name: str, one: Attained) -> dict[str, Any]:
    return {
        "name": name,
        "words": one.words,
        "status": "late" if one.broken else "",
        "broken": _links(one.broken),
        "kept": _links(one.kept),
        "running": _links(one.running),
    }


def _links(issues: tuple[Promised, ...]) -> list[tuple[str, str]]:
    return [(f"#{one.number}", f"/issues/{one.id}") for one in issues]


def _by_place(rollout: RolloutFacts, found: list[Promised]) -> list[dict[str, Any]]:
    return [_row(_named(rollout, place), one) for place, one in by_place(rollout, found)]


def _named(rollout: RolloutFacts, place: PlaceFacts | None) -> str:
    if place is None:
        return "The whole network"
    return f"{place.name} (left)" if place in rollout.left else place.name


def _by_wave(rollout: RolloutFacts, found: list[Promised]) -> list[dict[str, Any]]:
    return [_row(rollout.playbook.waves[wave].title or wave, one) for wave, one in by_wave(rollout, found)]


def _by_week(rollout: RolloutFacts, found: list[Promised], now: datetime) -> list[dict[str, Any]]:
    return [_row(short_day(day, rollout.today(now)), one) for day, one in by_week(rollout, found, now)]
