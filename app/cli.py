"""The command `muster`: check, plan and compare playbooks; serve and work."""

from __future__ import annotations

import csv
import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from app.plan import Playbook, Report, check, load
from app.plan.check import PlaybookError
from app.plan.format.locations import read_places
from app.plan.language.dates import parse_iso_date
from app.plan.problems import Problem, Wrong
from app.plan.terms import MAX_BYTES
from app.plan.versions import changes
from app.rules.schedule.dated import Item
from app.rules.schedule.schedule import Plan, plan_rollout

cli = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Muster takes an organisation of many sites through a go-live."
)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
LEVELS = ("error", "warning", "note")


def main() -> None:
    cli()


def _read(path: Path) -> bytes:
    """The file, or one byte more than is allowed: a huge file is judged, not read."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        typer.echo(f"{path}: cannot be read: {error.strerror}", err=True)
        raise typer.Exit(2) from None


def _checked(path: Path) -> Report:
    return check(_read(path), str(path), datetime.now(UTC).date())


def _playbook(path: Path) -> Playbook:
    try:
        return load(_read(path), str(path))
    except PlaybookError as error:
        _tell(error.report, sys.stderr)
        raise typer.Exit(1) from None


@cli.command("check")
def check_files(files: list[Path], as_json: AsJson = False) -> None:
    """List every mistake of playbooks as FILE:LINE:COLUMN: ID message; exit code 1 on errors."""
    reports = [_checked(path) for path in files]
    if as_json:
        typer.echo(
            json.dumps({"ok": all(r.ok for r in reports), "files": [_report_json(r) for r in reports]}, indent=2)
        )
    else:
        for report in reports:
            _tell(report, sys.stdout)
    if not all(report.ok for report in reports):
        raise typer.Exit(1)


def _tell(report: Report, out: Any) -> None:
    for level in LEVELS:
        found = [problem for problem in report.problems if problem.level == level]
        if found:
            print(f"{level.capitalize()}s", file=out)
        for problem in found:
            path = f" ({problem.path})" if problem.path else ""
            print(f"{report.name}:{problem.line}:{problem.column}: {problem.id} {problem.message}{path}", file=out)
    counted = ", ".join(_counted(report, level) for level in LEVELS)
    more = f" and {report.more} more, shown when these are mended" if report.more else ""
    print(f"{report.name}: {counted}{more}", file=out)


def _counted(report: Report, level: str) -> str:
    number = sum(problem.level == level for problem in report.problems)
    return f"{number or 'no'} {level}{'' if number == 1 else 's'}"


def _report_json(report: Report) -> dict[str, Any]:
    by_level = {f"{level}s": [_problem_json(p) for p in report.problems if p.level == level] for level in LEVELS}
    return {"file": report.name, "ok": report.ok, **by_level, "more": report.more}


def _problem_json(problem: Problem) -> dict[str, Any]:
    return {name: getattr(problem, name) for name in ("id", "line", "column", "path", "message")}


@cli.command("plan")
def plan_file(
    file: Path,
    start: Annotated[str, typer.Option(help="First day, as 2027-01-04.")],
    locations: Annotated[Path, typer.Option(help="YAML list of {id, name, zone, wave, attributes, ...}.")],
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV: id,location,begins,due.")] = False,
) -> None:
    """Print the dated plan of a playbook for a start day and locations. Needs no database."""
    playbook = _playbook(file)
    try:
        day = parse_iso_date(start)
    except Wrong:
        typer.echo(f"--start {start}: write a day as 2027-01-04", err=True)
        raise typer.Exit(2) from None
    read = read_places(_read(locations), playbook)
    for problem in read.problems:
        typer.echo(f"{locations}:{problem.line}:{problem.column}: {problem.id} {problem.message}", err=True)
    if read.errors:
        raise typer.Exit(1)
    plan = plan_rollout(playbook, day, read.places)
    for finding in plan.problems:
        typer.echo(
            f"{'To settle before the start' if finding.settle else 'Warning'}: {finding.id} {finding.message}", err=True
        )
    _print_plan(plan, as_json=as_json, as_csv=as_csv)
    if any(finding.settle for finding in plan.problems):
        raise typer.Exit(1)


def _print_plan(plan: Plan, *, as_json: bool, as_csv: bool) -> None:
    items = (*plan.items, *plan.rhythm)
    if as_csv:
        rows = csv.writer(sys.stdout, lineterminator="\n")
        rows.writerow(("id", "location", "begins", "due"))
        rows.writerows((item.name, _place(item), _begins(item), _due(item)) for item in items)
    elif as_json:
        typer.echo(json.dumps(_plan_json(plan, items), indent=2, ensure_ascii=False))
    else:
        _table(sorted(items, key=lambda item: (item.due or date.max, item.late_at or datetime.max.replace(tzinfo=UTC))))


def _place(item: Item) -> str:
    """The location's id; `wave pilot` for what exists once a wave; empty for the network."""
    return item.location or (f"wave {item.wave}" if item.wave else "")


def _begins(item: Item) -> str:
    return _local(item, item.begins_at) or (item.begins.isoformat() if item.begins else "")


def _due(item: Item) -> str:
    return _local(item, item.due_at) or (item.due.isoformat() if item.due else "")


def _local(item: Item, at: datetime | None) -> str:
    """An instant as wall time of the item's place, with its offset."""
    if at is None or item.moment is None:
        return ""
    return at.astimezone(item.timeline.calendar(item.moment.spot).zone).isoformat(timespec="minutes")


def _plan_json(plan: Plan, items: tuple[Item, ...]) -> dict[str, Any]:
    return {
        "start": plan.start.isoformat(),
        "end": plan.end.isoformat(),
        "cutovers": {name: at.isoformat(timespec="minutes") for name, at in plan.cutovers.items()},
        "waves": {name: [day.isoformat() for day in window] for name, window in plan.wave_windows.items()},
        "findings": [{"id": f.id, "path": f.path, "message": f.message, "settle": f.settle} for f in plan.problems],
        "items": [_item_json(item) for item in items],
    }


def _item_json(item: Item) -> dict[str, Any]:
    return {
        "id": item.name, "kind": item.kind, "title": item.title, "scope": item.scope.value, "location": item.location,
        "wave": item.wave, "value": item.value, "begins": _begins(item), "due": _due(item),
        "late_at": item.late_at.isoformat(timespec="minutes") if item.late_at else "", "unclear": item.unclear,
        "why": item.why,
    }  # fmt: skip


def _table(items: list[Item]) -> None:
    rows = [("Due", "Begins", "Where", "What", "Title")]
    for item in items:
        unclear = " (unclear)" if item.unclear else ""
        rows.append(
            (
                _due(item) or "undated",
                _begins(item),
                _place(item) or "network",
                f"{item.kind} {item.name}",
                item.title + unclear,
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        typer.echo("  ".join([*(text.ljust(width) for text, width in zip(row, widths, strict=False)), row[4]]).rstrip())


@cli.command("diff")
def diff_files(old: Path, new: Path, as_json: AsJson = False) -> None:
    """Say what changed between two playbooks: wording, demand, date, place, who, added, removed."""
    found = changes(_playbook(old), _playbook(new))
    if as_json:
        rows = [
            {"kind": c.kind.value, "section": c.section, "entry": c.entry, "key": c.key, "old": c.old, "new": c.new}
            for c in found
        ]
        typer.echo(json.dumps({"changes": rows}, indent=2, ensure_ascii=False))
        return
    for change in found:
        typer.echo(str(change))
    typer.echo(f"{len(found) or 'no'} change{'' if len(found) == 1 else 's'}")


@cli.command("schema")
def print_schema() -> None:
    """Print the JSON Schema (draft 7) of the format, as published in playbooks/schema.json."""
    from app.plan.schema import json_schema

    typer.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))


Host = Annotated[str | None, typer.Option(help="Address to listen on; MUSTER_HOST else.")]
Port = Annotated[int | None, typer.Option(help="Port to listen on; MUSTER_PORT else.")]


@cli.command()
def serve(host: Host = None, port: Port = None) -> None:
    """Run the web application for a real installation; the first start prints the link that sets it up."""
    from app.serving import serve as run

    run(host=host, port=port)


@cli.command()
def demo(host: Host = None, port: Port = None) -> None:
    """Run a demo with invented people and centres, on a SQLite database of its own."""
    from app.serving import demo as run

    run(host=host, port=port)


@cli.command()
def work() -> None:
    """Run the background work alone, where the web processes do not."""
    from app.serving import work as run

    run()


if __name__ == "__main__":
    main()
