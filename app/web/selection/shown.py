"""The page of a selection as values for its template."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.queries.selection.page import SelectionPage, wanted_roles
from app.rules.clock import NBSP, count, near_day
from app.rules.selection.contents import found_of
from app.rules.selection.faults import unsettled
from app.rules.selection.judging import Judged, Part, Scored, Stand
from app.rules.selection.sentence import Situation, selection_sentence
from app.rules.selection.words import out_reasons, score_words, unknown_words, wanted_words
from app.web.held import listed
from app.web.prose import prose
from app.web.selection.signed import shown_signatures, wanted_signature
from app.web.selection.waivers import shown_waivers
from app.web.selection.whole_set import shown_set
from app.web.selection.words import FOUND, STANDS, act_words, by_words, history_line, set_names
from app.web.told import Told

PLACES: Final = 50
"""So many candidates stand on a page."""


def shown(page: SelectionPage, told: Told, now: datetime, number: int = 1) -> dict[str, Any]:
    """Everything the template of a selection needs; `number` is the page of the candidates."""
    first = (number - 1) * PLACES
    return {
        "selection": _head(page),
        "say": selection_sentence(_situation(page)),
        "how": prose(page.selection.how),
        "candidates": [_candidate(page, one) for one in page.candidates[first : first + PLACES]],
        "hidden": f"{count(page.hidden, 'candidate')} more at other centres." if page.hidden else "",
        "pager": _pager(page, number),
        "of_set": shown_set(page, told),
        "signatures": shown_signatures(page, now),
        "wanted": wanted_signature(page, now),
        "waivers": shown_waivers(page, now),
        "placing": _placing(page),
        "rights": page.rights,
        "facts": _facts(page, now),
        "history": [history_line(page, one, now) for one in page.history],
        "told": told,
        "conflict": conflict(page, told, now),
    }


def _head(page: SelectionPage) -> dict[str, Any]:
    status, label = ("wait", "Not chosen yet") if page.choice is None else ("wait", "Proposed")
    if page.stored.settled:
        status, label = "done", "Chosen"
    elif page.stored.choice is not None and (page.stored.changes or page.fallen):
        status, label = "void", "To be signed anew"
    return {"id": page.id, "version": page.version, "title": page.selection.title, "status": status, "label": label}


def _situation(page: SelectionPage) -> Situation:
    choice = page.choice
    roles = page.rollout.playbook.people
    titles = [roles[role].title if role in roles else role for role in page.stored.wanted]
    waits = f"the signature of {' or '.join(titles)}" if titles else ""
    return Situation(
        candidates=page.candidates,
        wave=page.wave.title,
        chosen=set_names(page, choice.locations) if choice else (),
        proposed=choice is not None,
        settled=page.stored.settled,
        waits="answers" if unsettled(page.stored.faults) else waits,
    )


def _candidate(page: SelectionPage, one: Scored) -> dict[str, Any]:
    status, label = STANDS[one.stand]
    why = {Stand.OUT: out_reasons, Stand.UNCLEAR: unknown_words}.get(one.stand)
    wave = page.rollout.playbook.waves.get(one.candidate.facts.wave)
    return {
        "slug": one.candidate.slug,
        "name": one.name,
        "href": f"/selections/{page.id}/candidates/{one.candidate.slug}",
        "wave": wave.title if wave else "",
        "chosen": bool(page.choice) and one.id in page.set_ids,
        "score": score_words(one).replace(" ", NBSP),
        "status": status,
        "label": label,
        "why": "; ".join(why(one)) if why else "",
        "exclusions": [shown_rule(Part.EXCLUDE, rule) for rule in one.exclusions],
        "criteria": [shown_rule(Part.CRITERIA, rule) for rule in one.criteria],
    }


def shown_rule(part: Part, one: Judged) -> dict[str, Any]:
    """One rule with its mark and its word."""
    status, label = FOUND[found_of(part, one)]
    return {
        "id": one.id,
        "title": one.rule.title,
        "status": status,
        "label": label,
        "critical": one.rule.critical,
        "weight": f"{one.rule.weight:g}" if part is Part.CRITERIA else "",
        "said": one.said,
    }


def _pager(page: SelectionPage, number: int) -> dict[str, Any] | None:
    total = len(page.candidates)
    pages = max(1, -(-total // PLACES))
    if pages == 1:
        return None
    first = (number - 1) * PLACES
    address = f"/selections/{page.id}?page="
    return {
        "page": number,
        "pages": pages,
        "prev_href": f"{address}{number - 1}" if number > 1 else None,
        "next_href": f"{address}{number + 1}" if number < pages else None,
        "said": f"{first + 1} to {min(first + PLACES, total)} of {total:,} candidates",
    }


def _placing(page: SelectionPage) -> dict[str, Any] | None:
    """Who is still in another wave than the set asks for."""
    needed = page.placing
    if needed is None or not needed.needed:
        return None
    lines = [f"{name} comes into {page.wave.title}" for one in needed.coming if (name := _name(page, one))]
    lines += [f"{name} leaves {page.wave.title}" for one, _ in needed.going if (name := _name(page, one))]
    return {"lines": lines, "href": f"/selections/{page.id}/waves" if page.rights.place else ""}


def _name(page: SelectionPage, one: Scored) -> str:
    place = page.place(one.id)
    return place.name if place else ""


def _facts(page: SelectionPage, now: datetime) -> dict[str, Any]:
    owner = page.selection.owner
    today = now.astimezone(ZoneInfo(page.zone)).date()
    at_once = ", all on one day" if page.wave.at_once else ""
    choice = page.choice
    return {
        "wave": f"{page.wave.title}: {wanted_words(page.scoring.wanted)}{at_once}",
        "due": near_day(page.dated.due, today) if page.dated.due else "no date",
        "owner": listed(page.holders.names(owner.roles if owner else (), None)) or "nobody holds it",
        "signs": _signs(page),
        "proposed": by_words(page, choice.name, choice.proposed_at, now) if choice else "",
    }


def _signs(page: SelectionPage) -> str:
    roles = wanted_roles(page)
    if not page.selection.sign_off:
        return "nobody is asked to"
    return listed(page.holders.names(roles, None)) or ("everybody has" if page.stored.settled else "nobody holds it")


def conflict(page: SelectionPage, told: Told, now: datetime) -> dict[str, Any] | None:
    """Who was quicker, what they did beside what was meant, and the form once more with the version that stands now."""
    if told.stale is None:
        return None
    when = by_words(page, "", told.stale.when, now).removeprefix(", ") if told.stale.when else "the same moment"
    change = {"label": told.label, "theirs": act_words(told.stale.what), "yours": told.yours or "nothing"}
    fields = [("version", str(page.version)), *told.sent]
    mine = {"action": told.action, "fields": fields}
    return {"who": told.stale.who, "when": when.removeprefix("today "), "changes": [change], "mine": mine}
