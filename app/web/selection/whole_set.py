"""The set that a selection speaks of, as values for its template: who fills the mix, what is asked of all together, and
the form that proposes it.
"""

from __future__ import annotations

from typing import Any, Final

from app.queries.selection.page import SelectionPage
from app.rules.selection.contents import found_of
from app.rules.selection.faults import Weight, faults_of
from app.rules.selection.judging import Judged, Part, Scored, answer_of
from app.rules.selection.words import score_words, wanted_words
from app.web.selection.words import FOUND, STANDS, set_names
from app.web.tasks.answers import asked_field
from app.web.told import Told

MOST_OFFERED: Final = 60
"""So many candidates are offered, the first by rank; a set of others is proposed by a program."""
_FAULTS: Final = {Weight.BARS: "blocked", Weight.OPEN: "unknown", Weight.AGAINST: "risk"}


def shown_set(page: SelectionPage, told: Told) -> dict[str, Any]:
    """The proposed set, else the best one; `whole`: the reader sees all of it."""
    ids = list(page.set_ids)
    known = all(page.place(one) for one in ids)
    chosen = page.scoring.chosen(ids)
    wanted = wanted_words(page.scoring.wanted)
    return {
        "proposed": page.choice is not None,
        "names": set_names(page, ids),
        "none": "" if ids else f"No set of {wanted} fits: too many are out, or a line of the mix is filled by none.",
        "whole": known and bool(ids),
        "mix": [
            {"title": line.mix.title, "by": line.by.name if line.by else ""} for line in page.scoring.mixed(chosen)
        ] if known else [],
        "together": [_question(page, one, told) for one in page.scoring.together(chosen)] if known and ids else [],
        "faults": [
            {"status": _FAULTS[one.weight], "said": one.said} for one in faults_of(page.scoring, ids)
        ] if known and ids else [],
        "locations": " ".join(one.candidate.slug for one in chosen),
        "offer": _offer(page, ids, told) if page.rights.propose else None,
    }  # fmt: skip


def _question(page: SelectionPage, one: Judged, told: Told) -> dict[str, Any]:
    """A question about the set with what was answered, and the field that asks."""
    status, label = FOUND[found_of(Part.TOGETHER, one)]
    given = next((answer for answer in page.answers(None) if answer.criterion == one.id), None)
    return {
        "id": one.id,
        "title": one.rule.title,
        "critical": one.rule.critical,
        "status": status,
        "label": label,
        "said": one.said,
        "by": page.name(given.by_id) if given else "",
        "note": given.note if given and page.detail else "",
        "seen": given.id if given else 0,
        "asked": asked_of(one, given.value if given else None, f"together-{one.id}", told)
        if page.rights.answer
        else None,
    }


def asked_of(one: Judged, value: Any, form: str, told: Told) -> dict[str, Any] | None:
    """The field that asks a rule; None for one that follows from facts. `form` is the id of its form."""
    answer = answer_of(one.rule)
    if answer is None:
        return None
    typed = told.value(form, "answer", value)
    return asked_field(answer, one.rule.title, typed, told.fault(form, "answer"), f"f-{form}", None)


def _offer(page: SelectionPage, ids: list[int], told: Told) -> dict[str, Any]:
    """The candidates that can be proposed, the set that the page speaks of chosen."""
    offered = [one for one in page.candidates if not one.out or one.id in ids]
    near = [one for one in offered[:MOST_OFFERED] if one.id not in ids]
    slugs = {one.id: one.candidate.slug for one in offered}
    return {
        "options": [_option(one) for one in (*(one for one in offered if one.id in ids), *near)],
        "value": told.value("propose", "location", [slugs[one] for one in ids if one in slugs]),
        "error": told.fault("propose", "locations"),
        "verb": "Propose this set" if page.choice is None else "Propose another set",
    }


def _option(one: Scored) -> dict[str, Any]:
    return {
        "value": one.candidate.slug,
        "label": one.name,
        "hint": f"{score_words(one)}, {STANDS[one.stand][1].lower()}",
    }
