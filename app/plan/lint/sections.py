"""Gates, runbooks, issues, reconciliation and metrics (G2, G4, R1-R6, S1-S3, X2, M1-M3, M5-M6, M8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.plan.facts import satisfied
from app.plan.format.gates import DAILY, SOURCES, Gate, Test
from app.plan.format.issues import Rung, Severity
from app.plan.format.metrics import Baseline, Metric
from app.plan.format.rhythm import Meeting
from app.plan.format.runbooks import Runbook, Step
from app.plan.inherit import leaves
from app.plan.playbook import Playbook
from app.plan.reading import Path, Reading


def lint_sections(book: Playbook, reading: Reading) -> None:
    for gate in book.gates.values():
        _gate(gate, reading)
    for runbook in book.runbooks.values():
        _runbook(runbook, reading)
    for reconciliation in book.reconciliation.values():
        for line in (reconciliation.lines or {}).values():
            _line(line.path, reading)
    for meeting in book.meetings.values():
        _meeting(meeting, reading)
    _issues(book, reading)
    _metrics(book, reading)


def _meeting(meeting: Meeting, reading: Reading) -> None:
    if reading.written((*meeting.path, "rounds")):
        return
    for name in ("when", "every"):
        if not reading.written((*meeting.path, name)):
            reading.at_key("F13", meeting.path, f"`{meeting.id}` needs `{name}`, or `rounds`")


def _gate(gate: Gate, reading: Reading) -> None:
    criteria = (gate.criteria or {}).values()
    if gate.votes and gate.approve and gate.approve > len(gate.votes.roles):
        reading.at_value("W3", (*gate.path, "approve"), f"{gate.approve} of {len(gate.votes.roles)} votes")
    for criterion in criteria:
        _source(criterion, criterion.path, reading)
    if criteria and not any(criterion.critical for criterion in criteria):
        reading.at_key("G4", gate.path, f"nothing can veto gate `{gate.id}`; mark a criterion `critical: true`")


def _source(test: Test, path: Path, reading: Reading) -> None:
    given = [name for name in SOURCES if reading.written((*path, name))]
    if len(given) > 1:
        listed = " and ".join(f"`{name}`" for name in given)
        reading.at_key("G2", path, f"exactly one source, not {listed}")
    elif not given:
        reading.at_key("G2", path, f"what is measured? one of {', '.join(SOURCES)}")
    elif given == ["answer"] and not reading.written((*path, "owner")):
        reading.at_key("F13", path, f"`{path[-1]}` needs `owner`: whose answer is it?")
    if len(given) == 1:
        _counted(test, path, reading)
    for number, each in enumerate(test.any):
        _source(each, (*path, "any", str(number)), reading)


def _counted(test: Test, path: Path, reading: Reading) -> None:
    """What is counted of issues, and over which days."""
    counts, over = (*path, "counts"), (*path, "over")
    if reading.written(counts) and test.source != "issues":
        reading.at_key("G2", counts, f"`counts` says what is counted of issues, not of {test.source}")
    elif test.counts == DAILY:
        missing = [name for name in ("over", "pass") if not reading.written((*path, name))]
        if missing:
            listed = " and ".join(f"`{name}`" for name in missing)
            reading.at_key("F13", path, f"`{path[-1]}` needs {listed}: at most how many a day, and for how many days?")
    elif reading.written(over):
        reading.at_key("G2", over, f"`over` belongs to `counts: {DAILY}`")


def _runbook(runbook: Runbook, reading: Reading) -> None:
    steps: list[Step] = list(leaves(runbook.steps))
    back: list[Step] = list(leaves(runbook.back_out.steps)) if runbook.back_out else []
    final = [step for step in steps if step.no_return]
    for later in final[1:]:
        reading.at_key("R1", later.path, f"two points of no return: `{final[0].id}`, `{later.id}`")
    if final and runbook.back_out is None and not reading.written((*runbook.path, "back_out")):
        reading.at_key("R6", runbook.path, "a point of no return without a back-out")
    undone = {step.undoes for step in steps + back}
    for step in steps + back:
        _step(step, undone, reading)


def _step(step: Step, undone: set[str], reading: Reading) -> None:
    if step.takes is None and not reading.written((*step.path, "takes")):
        reading.at_key("R2", step.path, f"`{step.id}` has no minutes; say what it `takes`")
    if step.undoes and step.undoes == step.id:
        reading.at_value("R4", (*step.path, "undoes"), f"`{step.id}` cannot undo itself")
    if step.undo_within is not None and step.id not in undone:
        reading.at_key("R3", step.path, f"`{step.id}` has `undo_within` but no step undoes it")
    if step.wait_until and step.at_most is None and not reading.written((*step.path, "at_most")):
        reading.at_value("R5", (*step.path, "wait_until"), "waits without limit; say `at_most`")
    if step.repeat is not None and step.repeat.at_most is None and step.at_most is None:
        reading.at_value("R5", (*step.path, "repeat"), "repeats without limit; say `at_most`")


def _line(path: Path, reading: Reading) -> None:
    compares, answers = (reading.written((*path, name)) for name in ("compare", "answer"))
    if compares == answers:
        reading.at_key(
            "X2", path, "compare two sources or ask for an answer, " + ("not both" if compares else "one of them")
        )


def _issues(book: Playbook, reading: Reading) -> None:
    if book.issues is None:
        return
    default = (book.issues.severities or {}).get(book.issues.default)
    _ladder(book.issues.ladder, ("issues", "ladder"), default, reading)
    for severity in (book.issues.severities or {}).values():
        if severity.targets and not any(target.always for target in severity.targets):
            outside = "; ".join(f"outside {t.when.text}" if t.when else "of other types" for t in severity.targets)
            reading.at_key(
                "S1", severity.path, f"severity `{severity.id}` has no target {outside}; add one without conditions"
            )
        if severity.ladder:
            _ladder(severity.ladder, (*severity.path, "ladder"), severity, reading)
    for severity in (book.issues.severities or {}).values():
        for number, target in enumerate(severity.targets):
            _clock(target, (*severity.path, "targets", str(number)), reading)


def _clock(target: Any, path: Path, reading: Reading) -> None:
    if target.clock != "elapsed":
        return
    for name in ("respond", "update", "resolve"):
        duration = getattr(target, name)
        if duration is not None and duration.unit == "wd":
            reading.at_value(
                "D2", (*path, name), "an elapsed clock knows no working days; write 24h, or `clock: business`"
            )


def _ladder(ladder: Sequence[Rung], path: Path, severity: Severity | None, reading: Reading) -> None:
    resolve = _elapsed(severity)
    before: dict[str, float] = {}
    for number, rung in enumerate(ladder):
        for scale, at in _rung_at(rung, resolve).items():
            if at < before.get(scale, 0):
                reading.at_key("S2", (*path, str(number)), f"rung {number + 1} fires before rung {number}")
            before[scale] = at
    roles = {(to.kind, to.name) for rung in ladder for to in rung.to}
    if ladder and len(roles) == 1:
        reading.at_value("S3", path, f"the ladder never leaves `{next(iter(roles))[1] or next(iter(roles))[0]}`")


def _elapsed(severity: Severity | None) -> float | None:
    """Seconds to resolve on the target that always holds, where it is a plain duration."""
    found = [t.resolve for t in severity.targets if t.always and t.resolve] if severity else []
    if not found:
        return None
    days = {"d": 86_400, "w": 604_800, "s": 1}.get(found[0].unit)
    return found[0].amount * days if days else None


def _rung_at(rung: Rung, resolve: float | None) -> dict[str, float]:
    """When a rung fires, on each scale it can be compared on: its share, its seconds."""
    if rung.at is None:
        return {}
    if rung.at.share is not None:
        seconds = {"seconds": rung.at.share / 100 * resolve} if resolve else {}
        return {"share": rung.at.share, **seconds}
    if rung.at.after is None:
        return {"seconds": 0.0}
    unit = {"d": 86_400, "w": 604_800, "s": 1}.get(rung.at.after.unit, 86_400)
    return {"seconds": float(unit * rung.at.after.amount)}


def _metrics(book: Playbook, reading: Reading) -> None:
    for metric in book.figures.values():
        _metric(metric, reading)
    waits = {name: m.formula.metrics if m.formula else () for name, m in book.figures.items()}
    reported: set[str] = set()
    for name in waits:
        circle = _formula_circle(name, waits)
        if circle and not reported & set(circle):
            reported.update(circle)
            first = min(circle, key=lambda n: reading.key_mark(book.figures[n].path).line)
            reading.at_key("M6", book.figures[first].path, f"circle of formulas: {' -> '.join([*circle, circle[0]])}")


def _formula_circle(name: str, waits: Mapping[str, tuple[str, ...]]) -> list[str]:
    """The way from a metric back to itself; empty where there is none."""
    stack: list[tuple[str, list[str]]] = [(name, [name])]
    seen: set[str] = set()
    while stack:
        current, way = stack.pop()
        for follow in waits.get(current, ()):
            if follow == name:
                return way
            if follow not in seen and follow in waits:
                seen.add(follow)
                stack.append((follow, [*way, follow]))
    return []


def _metric(metric: Metric, reading: Reading) -> None:
    path = (*metric.path, "target")
    if metric.target is not None:
        if metric.better is None and not reading.written((*metric.path, "better")):
            reading.at_value("M1", path, "a target needs `better: higher` or `better: lower`")
        by = metric.target.by
        if not reading.written((*path, "by")) or (by is not None and by.undated):
            reading.at_value("M2", path, 'target without a date; shown as "no date stated"')
        value = metric.target.value
        if metric.accept and value is not None and satisfied(metric.accept, value) is False:
            reading.at_value("M3", (*path, "value"), f"the target {value:g} is outside `accept: {metric.accept.text}`")
    if isinstance(metric.baseline, Baseline) and metric.baseline.stated == 0:
        say = "baseline 0: a change in percent is not defined and will be shown so"
        reading.at_value("M8", (*metric.path, "baseline", "stated"), say)
