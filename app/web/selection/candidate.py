"""The page of one candidate: every exclusion and criterion with what was found, its questions, and its waivers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.queries.selection.page import SelectionPage
from app.rules.selection.judging import Judged, Part, Scored, Stand
from app.rules.selection.words import out_words, score_words, unknown_words
from app.rules.signoffs import is_fresh
from app.web.selection.shown import conflict, shown_rule
from app.web.selection.waivers import shown_waivers
from app.web.selection.whole_set import asked_of
from app.web.selection.words import STANDS, by_words
from app.web.told import Told


def shown_candidate(page: SelectionPage, one: Scored, told: Told, now: datetime) -> dict[str, Any]:
    """Everything the template of a candidate needs."""
    status, label = STANDS[one.stand]
    slug = one.candidate.slug
    return {
        "selection": {"id": page.id, "version": page.version, "title": page.selection.title},
        "candidate": {
            "slug": slug,
            "name": one.name,
            "status": status,
            "label": label,
            "score": score_words(one),
            "say": _say(one),
            "href": f"/rollouts/{page.rollout.slug}/locations/{slug}",
            "facts_href": f"/rollouts/{page.rollout.slug}/locations/{slug}/facts" if page.rights.place else "",
        },
        "exclusions": [_rule(page, one, Part.EXCLUDE, rule, told, now) for rule in one.exclusions],
        "criteria": [_rule(page, one, Part.CRITERIA, rule, told, now) for rule in one.criteria],
        "waivers": shown_waivers(page, now, one.id),
        "waivable": _waivable(page, one),
        "password": not is_fresh(page.proven_at, now),
        "rights": page.rights,
        "told": told,
        "conflict": conflict(page, told, now),
    }


def _say(one: Scored) -> str:
    if one.stand is Stand.OUT:
        return out_words(one)
    if one.stand is Stand.UNCLEAR:
        return f"Not known yet: {'; '.join(unknown_words(one))}."
    return f"Nothing keeps {one.name} out."


def _rule(page: SelectionPage, one: Scored, part: Part, rule: Judged, told: Told, now: datetime) -> dict[str, Any]:
    form = f"{part}-{rule.id}"
    answers = page.answers(one.id)
    given = next((row for row in answers if (row.part, row.criterion) == (part, rule.id)), None)
    return {
        **shown_rule(part, rule),
        "part": part.value,
        "form": form,
        "by": by_words(page, page.name(given.by_id), given.at, now) if given else "",
        "note": given.note if given and one.id in page.readable else "",
        "seen": given.id if given else 0,
        "asked": asked_of(rule, given.value if given else None, form, told) if page.rights.answer else None,
    }


def _waivable(page: SelectionPage, one: Scored) -> list[tuple[str, str]]:
    """The exclusions that apply and are not waived, for whoever may lift them."""
    return [(rule.id, rule.rule.title) for rule in one.exclusions if rule.excludes and page.rights.waive]
