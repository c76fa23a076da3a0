"""Places are brought to a newer version: the page that shows all that it brings with it, and the step that does it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query
from sqlmodel import Session
from starlette.responses import Response

from app.actions.schedule.moves import Move
from app.actions.upgrades.preview import Preview
from app.actions.upgrades.previewing import preview_upgrade
from app.actions.upgrades.upgrading import FIELD, upgrade
from app.errors import Invalid, Refused, Stale
from app.rules.upgrades.lines import Outcome
from app.web.answers import see_other
from app.web.forms import LARGEST_ID
from app.web.frame import in_rollout, rail
from app.web.moved import shown_move
from app.web.playbooks.problems import shown_change
from app.web.setup.locations import Form, Typed
from app.web.site import Db, Desk, Directing, Now
from app.web.templating import html
from app.web.upgrades.asked import place_rows, shown_conflicts, shown_late
from app.web.upgrades.overview import NETWORK
from app.web.upgrades.words import FOR_ALL, Words, shown_outcomes

router = APIRouter()
Version = Annotated[int, Query(ge=1, le=LARGEST_ID)]
Places = Annotated[list[Annotated[str, Query(max_length=100)]], Query(max_length=2_000)]
Wave = Annotated[str, Query(max_length=60)]
MOST_BESIDE = 100


@dataclass(frozen=True)
class Asked:
    """What somebody wants to bring where: a version, places (empty: the network), and the choices made so far."""

    to: int
    places: tuple[str, ...]
    choices: Mapping[str, str] = field(default_factory=dict)
    shown: str = ""


@router.get("/rollouts/{slug}/upgrades/new")
def ask(desk: Directing, session: Db, now: Now, to: Version, place: Places = [], wave: Wave = "") -> Response:  # noqa: B006
    """The preview. A wave stands for all its centres."""
    inside = [one.slug for one in desk.rollout.locations if wave and one.wave == wave and one.planned]
    asked = Asked(to, (*("" if one == NETWORK else one for one in place), *inside))
    if not asked.places:
        return see_other(f"/rollouts/{desk.rollout.slug}/upgrades")
    return _shown(desk, session, asked, now)


@router.post("/rollouts/{slug}/upgrades/new")
def accept(form: Form, desk: Directing, session: Db, now: Now) -> Response:
    """Do what was shown; show it again where it was asked for, where something is not settled or has changed."""
    asked = _asked(form)
    if "again" in form:
        return _shown(desk, session, asked, now)
    try:
        upgrade(
            session, desk.rollout.id, places=asked.places, to=asked.to, choices=asked.choices, shown=asked.shown,
            by=desk.viewer, now=now,
        )  # fmt: skip
    except (Invalid, Refused, Stale) as refusal:
        session.rollback()
        return _shown(desk, session, asked, now, refusal)
    return see_other(f"/rollouts/{desk.rollout.slug}/upgrades")


def _asked(form: Typed) -> Asked:
    to = next(iter(form.get("to", ())), "")
    if not (to.isascii() and to.isdigit()) or int(to) > LARGEST_ID:
        raise HTTPException(422)
    places = tuple("" if one == NETWORK else one for one in form.get("place", ()))
    given = {name.removeprefix(FIELD): values[0] for name, values in form.items() if name.startswith(FIELD) and values}
    return Asked(int(to), places, given, next(iter(form.get("shown", ())), ""))


def _shown(
    desk: Desk, session: Session, asked: Asked, now: datetime, refusal: Invalid | Refused | Stale | None = None
) -> Response:
    try:
        found = preview_upgrade(
            session, desk.rollout.id, places=asked.places, to=asked.to, choices=asked.choices, by=desk.viewer, now=now
        )
    except (Invalid, Refused) as refused:
        return _refused(desk, refused, now)
    errors = refusal.fields if isinstance(refusal, Invalid) else {}
    words = Words(desk.rollout, now)
    move = shown_move(Move(found.elsewhere, found.told), desk.rollout, now)
    return html(
        "upgrades/new.html",
        422 if errors else 409 if refusal else 200,
        **_frame(desk, now),
        to=asked.to,
        version=found.to_version,
        shown=found.fingerprint,
        chosen=[place.slug or NETWORK for place in found.places],
        say=_say(found, words),
        more=_more(found),
        stale=isinstance(refusal, Stale),
        refusal=refusal if isinstance(refusal, Refused) else None,
        errors=[{"href": f"#f-{name}", "text": text} for name, text in errors.items()],
        conflicts=shown_conflicts(found, asked.choices, errors, words),
        late=shown_late(found, asked.choices, errors, words),
        by_place=place_rows(found, words),
        outcomes=shown_outcomes(found, words),
        elsewhere=move if _moves(found) else None,
        cutovers=move_cutovers(found, desk, now),
        warnings=found.warnings,
        beside=[shown_change(change) for change in found.beside[:MOST_BESIDE]],
        told=[name for _, name in found.told],
        back=f"/rollouts/{desk.rollout.slug}/upgrades",
    )


def _moves(found: Preview) -> bool:
    return bool(found.elsewhere.shifts or found.elsewhere.new or found.elsewhere.gone)


def move_cutovers(found: Preview, desk: Desk, now: datetime) -> Sequence[str]:
    """The cutovers that move with the version, in words."""
    moved = Move(type(found.elsewhere)(cutovers=found.cutovers), ())
    words: Sequence[str] = shown_move(moved, desk.rollout, now)["cutovers"]
    return words


def _say(found: Preview, words: Words) -> str:
    if not found.places:
        return f"Everything that you chose is on version {found.to_version}."
    who = words.names(place.slug for place in found.places)
    return f"Bring {who.replace(FOR_ALL, 'what is done for all centres')} to version {found.to_version}?"


def _more(found: Preview) -> str:
    """How many rows follow, stay, come and go, and how many are to be decided."""
    counted = {outcome: sum(line.outcome is outcome for line in found.lines) for outcome in Outcome}
    late = sum(line.asks_due for line in found.lines)
    parts = [
        (counted[Outcome.APPLIED], "follows the new version", "follow the new version"),
        (counted[Outcome.KEPT], "stays as it is", "stay as they are"),
        (counted[Outcome.ADDED], "comes", "come"),
        (counted[Outcome.REMOVED], "goes", "go"),
        (counted[Outcome.CONFLICT], "is to be decided", "are to be decided"),
        (late, "needs a day", "need a day"),
    ]
    said = [f"{number:,} {one if number == 1 else many}" for number, one, many in parts if number]
    return f"{', '.join(said) or 'No row of the plan changes'}. Nothing has changed yet; nothing done is undone."


def _refused(desk: Desk, refusal: Invalid | Refused, now: datetime) -> Response:
    said = "; ".join(refusal.fields.values()) if isinstance(refusal, Invalid) else refusal.reason
    lines = refusal.missing if isinstance(refusal, Refused) else ()
    back = f"/rollouts/{desk.rollout.slug}/upgrades"
    return html("upgrades/refused.html", 409, **_frame(desk, now), reason=said, lines=lines, back=back)


def _frame(desk: Desk, now: datetime) -> dict[str, Any]:
    base = f"/rollouts/{desk.rollout.slug}"
    return {
        **in_rollout(desk, "Rhythm"),
        "weeks": rail(desk.rollout, now),
        "crumbs": [("Lessons", f"{base}/lessons"), ("Versions", f"{base}/upgrades"), ("Bring to a version", None)],
        "address": f"{base}/upgrades/new",
    }
