"""The pack of a runbook in words: its cover, and who takes part. What people typed is never on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final

from app.documents.runbook_pack import RoleLine, RunbookPack
from app.documents.typesetting import Paper
from app.plan.format.who import Who
from app.queries.runs.pack import PackSheet
from app.rules.runbooks.back_out import BackOut
from app.web.gates.recorded import dated
from app.web.runs.pack_steps import pack_step, role_title
from app.web.runs.steps import numbered
from app.web.runs.words import clock_words, kind_words, where_words

NOBODY: Final = "nobody yet"


def sheet(found: PackSheet, site: str, paper: Paper, now: datetime) -> RunbookPack:
    """The facts of the pack. `site` is the address of this installation."""
    run, plan = found.run, found.plan
    base = f"{site}/runs/{run.id}" if run else f"{site}/runbooks/{found.dated}"
    numbers, leads_to = numbered((*found.back, *found.steps)), base if run else ""
    return RunbookPack(
        title=plan.title,
        place=where_words(found.rollout, found.place, found.wave),
        kind=kind_words(run) if run else "Live run, not made yet",
        facts=tuple(_facts(found)),
        safe=tuple(_safe(found)),
        prompt=plan.prompt,
        roles=tuple(_role(found, role) for role in _roles(found)),
        steps=tuple(pack_step(found, one, numbers, leads_to) for one in found.steps),
        back_title=plan.back_title,
        back=tuple(pack_step(found, one, numbers, leads_to, back=True) for one in found.back),
        printed=f"Printed {dated(now, found.zone)}, from playbook {found.playbook.id} {found.playbook.version}.",
        address=base,
        paper=paper,
    )


def _facts(found: PackSheet) -> Iterator[tuple[str, str]]:
    """Label and words: T, the window, when it is planned to end, who leads, who decides on the way back."""
    plan, zone = found.plan, found.zone
    yield "T", f"{dated(plan.zero, zone)}{', its beginning' if plan.straight else ''}"
    yield "Clock", f"{zone}: every time here is that of the place"
    if plan.window:
        yield "Window", f"{dated(plan.window[0], zone)}, until {dated(plan.window[1], zone)}"
    yield "Planned end", dated(plan.planned.end, zone)
    yield "Leads it", _holders(found, found.runbook.owner)
    if plan.decide:
        yield "Decides to go back", _held(found, plan.decide)


def _safe(found: PackSheet) -> Iterator[tuple[str, str]]:
    """The last safe decision by its formula, before anything is done and with everything done."""
    back = found.safe
    if back is None or back.last_safe is None:
        return
    yield "Before anything is done", _spelled(back, found)
    if back.worst_minutes != back.minutes:
        yield "With everything done", _spelled(replace(back, minutes=back.worst_minutes), found)


def _spelled(back: BackOut, found: PackSheet) -> str:
    zero = found.plan.zero

    def at(when: datetime) -> str:
        return clock_words(when, found.zone, zero)

    return f"{dated(back.last_safe or zero, found.zone)}: {back.spelled(at)}"


def _roles(found: PackSheet) -> list[str]:
    """Every role that leads, decides, does or checks something, in the order in which they come."""
    roles = dict.fromkeys(found.runbook.owner.roles if found.runbook.owner else ())
    roles |= dict.fromkeys([found.plan.decide] if found.plan.decide else [])
    for step in (*found.steps, *found.back):
        for who in (step.asked.owner, step.asked.checked_by):
            roles |= dict.fromkeys(who.roles if who else ())
    return list(roles)


def _role(found: PackSheet, role: str) -> RoleLine:
    known = found.playbook.people.get(role)
    backup = known.backup if known else ""
    return RoleLine(role_title(found, role), _names(found, role), _held(found, backup) if backup else "")


def _holders(found: PackSheet, who: Who | None) -> str:
    return "; ".join(_held(found, role) for role in (who.roles if who else ())) or NOBODY


def _held(found: PackSheet, role: str) -> str:
    return f"{role_title(found, role)}: {_names(found, role)}"


def _names(found: PackSheet, role: str) -> str:
    """Everybody by name: on paper nobody can look up who else it was."""
    return ", ".join(found.holders.names([role], found.location)) or NOBODY
