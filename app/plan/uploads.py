"""Which version of a playbook may follow which on a server (V1, V2, V3, V5, M7)."""

from __future__ import annotations

from dataclasses import replace

from app.plan.check import Report
from app.plan.format.metrics import Metric
from app.plan.playbook import Playbook
from app.plan.problems import Problem
from app.plan.reading import Reading
from app.plan.versions import bare, changes


def judge_upload(old: Playbook, new: Playbook, reading: Reading) -> tuple[Problem, ...]:
    """Whether `new` may follow `old` on a server that has it (V1, V2, V3, V5, M7).

    `reading` is the new file's, which knows the places. Same version and same content is no problem: nothing happens.
    """
    judged = Reading()
    judged.marks = reading.marks
    before, after = _number(old.version), _number(new.version)
    if after < before:
        judged.at_value("V2", ("version",), f"version {new.version} is lower than {old.version}, which the server has")
    elif after == before and changes(old, new):
        judged.at_value("V1", ("version",), f"version {new.version} exists with other content; raise the version")
    _gone(old, new, judged)
    for name, metric in new.figures.items():
        earlier = old.figures.get(name)
        if earlier is not None and metric.definition <= earlier.definition:
            _redefined(earlier, metric, judged)
    return tuple(sorted(judged.problems, key=lambda p: (p.line, p.column)))


def judged_after(old: Playbook, report: Report) -> Report:
    """A file's report with what speaks against it as the next version of `old`. A file with errors stays as it is."""
    if report.playbook is None:
        return report
    found = judge_upload(old, report.playbook, report.reading)
    problems = tuple(sorted((*report.problems, *found), key=lambda p: (p.line, p.column, p.id)))
    failed = any(problem.level == "error" for problem in found)
    return replace(report, problems=problems, playbook=None if failed else report.playbook)


def _redefined(earlier: Metric, metric: Metric, judged: Reading) -> None:
    keys = ("how", "unit", "formula")
    changed = [key for key in keys if bare(getattr(earlier, key)) != bare(getattr(metric, key))]
    if changed:
        say = f"`{metric.id}`: {', '.join(changed)} changed; raise `definition` to {earlier.definition + 1}"
        judged.at_key("M7", metric.path, say)


def _gone(old: Playbook, new: Playbook, judged: Reading) -> None:
    lives_on = {getattr(entry, "was", "") for entry in new.entries.values()}
    gone = [name for name in old.entries if name not in {*new.entries, *new.retired, *lives_on}]
    if gone:
        named = ", ".join(f"`{name}`" for name in gone)
        are = "is" if len(gone) == 1 else "are"
        judged.at_key("V3", (), f"{named} {are} gone; add to `retired`, or `was: {gone[0]}` where it lives on")
    for entry in new.entries.values():
        was = getattr(entry, "was", "")
        if was and was not in old.entries and entry.id not in old.entries:
            judged.at_value("V5", (*entry.path, "was"), f"`was: {was}` names nothing of version {old.version}")


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
