"""One step of the pack in words: when, who, what is special about it, and the blanks to fill in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from app.documents.runbook_pack import Asked, Grid, PackStep
from app.plan.format.answers import RESULTS, Answer
from app.plan.format.who import Who
from app.plan.minutes import length
from app.queries.runs.pack import PackSheet
from app.rules.clock import count, duration, short_day
from app.rules.runbooks.acts import lines
from app.rules.runbooks.steps import RunStep
from app.rules.tasks.tables import row_titles
from app.web.runs.steps import after_words, t_words, takes_words
from app.web.tasks.tables import table_field

MOST_ROUNDS: Final = 8
BLANK_ROWS: Final = 5
_CHOICES: Final = {"yes-no": ("yes", "no"), "result": RESULTS}
_GOOD: Final = {"yes-no": "yes", "result": "pass"}


def pack_step(
    found: PackSheet, step: RunStep, numbers: Mapping[str, int], base: str, *, back: bool = False
) -> PackStep:
    """`numbers` are those of all steps by their ids, `base` is the address of the run (empty: there is none yet)."""
    asked, begins = step.asked, found.begins.get(step.id)
    since = found.after_decision.get(step.id) if back else None
    repeat = asked.repeat
    return PackStep(
        number=step.number,
        title=step.title,
        group=": ".join(step.group),
        t=f"+{duration(since)}" if since is not None else t_words(begins, found.plan.zero) if begins else "",
        at=_hour(found, begins) if begins and since is None else "",
        minutes=takes_words(step),
        waits=_waits(found, step, numbers),
        who=_who(found, step),
        check=_holders(found, asked.checked_by),
        marks=tuple(_marks(found, step, numbers)),
        texts=tuple(_texts(found, step)),
        lines=tuple(_line(one.title, one.answer) for _, one in lines(asked.checklist)),
        asked=tuple(_asked(asked.answer)),
        grid=_grid(found, asked.answer),
        begins=min(repeat.at_most or MOST_ROUNDS, MOST_ROUNDS) if repeat else 1,
        address=f"{base}/steps/{step.id}" if base else "",
    )


def _hour(found: PackSheet, at: datetime) -> str:
    """`Sun 7 Feb, 07:30`: on paper the day always stands beside it."""
    there = at.astimezone(ZoneInfo(found.zone))
    return f"{short_day(there.date(), there.date())}, {there:%H:%M}"


def role_title(found: PackSheet, role: str) -> str:
    known = found.playbook.people.get(role)
    return known.title if known else role


def _who(found: PackSheet, step: RunStep) -> str:
    """Who does it; who takes over."""
    if step.id in found.handed:
        return f"Handed to {found.handed[step.id]}"
    known = [found.playbook.people.get(role) for role in (step.asked.owner.roles if step.asked.owner else ())]
    backups = dict.fromkeys(role.backup for role in known if role and role.backup)
    over = "; ".join(_held(found, role) for role in backups)
    return f"{_holders(found, step.asked.owner)}{f' · takes over: {over}' if over else ''}"


def _holders(found: PackSheet, who: Who | None) -> str:
    return "; ".join(_held(found, role) for role in (who.roles if who else ()))


def _held(found: PackSheet, role: str) -> str:
    names = ", ".join(found.holders.names([role], found.location))
    return f"{role_title(found, role)}: {names or 'nobody yet'}"


def _marks(found: PackSheet, step: RunStep, numbers: Mapping[str, int]) -> Iterator[str]:
    """What has to be known before it begins, the gravest first."""
    if step.no_return:
        yield "Point of no return: once it has begun there is no way back"
    if step.critical:
        good = "" if step.asked.answer.type == "tick" else ", and its answer must be good enough"
        yield f"Critical: it may not be skipped{good}"
    if step.asked.optional and not step.critical:
        yield "May be left out"
    if step.unclear:
        yield "Whether it is for this place is not known yet"
    yield from _pairs(found, step, numbers)


def _waits(found: PackSheet, step: RunStep, numbers: Mapping[str, int]) -> str:
    """`after 12, not before Sun 7 Feb, 14:00`."""
    hour = f"not before {_hour(found, step.not_before)}" if step.not_before else ""
    return ", ".join(filter(None, (after_words(step, numbers, _last(found, step).__contains__), hour)))


def _last(found: PackSheet, step: RunStep) -> set[str]:
    """What a step waits for, without those that another one of these waits for itself."""
    waits = {one.step for one in step.after}
    known = (one for one in (*found.steps, *found.back) if one.id in waits)
    return waits - {link.step for one in known for link in one.after if not link.start}


def _pairs(found: PackSheet, step: RunStep, numbers: Mapping[str, int]) -> Iterator[str]:
    """What it takes back, and what takes it back until when."""
    if step.undoes:
        yield f"Takes back step {numbers[step.undoes]}" if step.undoes in numbers else "Takes an earlier step back"
    undoing = [one.number for one in found.steps if one.undoes == step.id]
    returning = [one.number for one in found.back if one.undoes == step.id]
    if step.undo_within is not None:
        by = [f"by step {number}" for number in undoing] + [f"on the way back by step {number}" for number in returning]
        yield f"Must be taken back within {duration(step.undo_within)}{', ' if by else ''}{', '.join(by)}"


def _texts(found: PackSheet, step: RunStep) -> Iterator[tuple[str, str]]:
    """Labels, and what the playbook says."""
    asked = step.asked
    yield from ((label, text) for label, text in (("How", step.how), ("Why", asked.why)) if text)
    if asked.wait_until:
        most = f" At most {duration(length(asked.at_most))}." if asked.at_most else ""
        yield "Wait until", f"{asked.wait_until}{most}"
    if asked.repeat is not None:
        most = f", at most {asked.repeat.at_most}" if asked.repeat.at_most else ""
        rounds = f"at least {count(asked.repeat.at_least, 'round')}{most}"
        yield "Again and again", f"Every {duration(length(asked.repeat.every))} until: {asked.repeat.until} ({rounds})"
    if step.wait:
        yield "After it", f"Wait {duration(step.wait)} before whatever comes next."
    if asked.evidence:
        pieces = (
            f"{one.title or f'a {one.type}'}{f' × {one.at_least}' if one.at_least > 1 else ''}"
            for one in asked.evidence
        )
        yield "Attach", ", ".join(pieces)
    if asked.broadcast is not None:
        yield "Message to send", asked.broadcast.text
    yield from _beyond(found, step)
    if asked.back_out:
        takes = f" ({duration(step.back_out_takes)})" if step.back_out_takes else ""
        yield "To undo it alone", f"{asked.back_out}{takes}"


def _beyond(found: PackSheet, step: RunStep) -> Iterator[tuple[str, str]]:
    """What a live run asks for elsewhere."""
    gate = found.playbook.gates.get(step.asked.gate)
    record = found.playbook.reconciliation.get(step.asked.reconcile)
    if gate is not None:
        yield "Asks for", f"A go that stands at “{gate.title}”, in a live run."
    if record is not None:
        yield "Asks for", f"“{record.title}” of that day, closed, in a live run."


def _line(title: str, answer: Answer) -> str:
    options = _CHOICES.get(answer.type, answer.options)
    if options:
        return f"{title}: {' / '.join(options)}"
    return title if answer.type == "tick" else f"{title}: ________ {answer.unit}".rstrip()


def _asked(answer: Answer) -> Iterator[Asked]:
    """The blank of an answer; a table has one of its own."""
    if answer.type in ("tick", "table"):
        return
    good = answer.passes.text if answer.passes else _GOOD.get(answer.type, "")
    yield Asked("Answer", answer.unit, good, _CHOICES.get(answer.type, answer.options))


def _grid(found: PackSheet, answer: Answer) -> Grid | None:
    if answer.type != "table":
        return None
    rows = row_titles(answer, found.place.attributes if found.place else {})
    columns = table_field(answer, None, "pack", rows)["columns"]
    return Grid(tuple(one["label"] for one in columns), rows or ("",) * BLANK_ROWS)
