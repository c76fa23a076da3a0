"""What stands on the timeline: the places of a rollout under their waves, or the tasks of a place under their groups.
Levels fold, so that a page never holds more than it can show.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.plan import Playbook
from app.queries.rollouts.chains import stretches
from app.queries.rollouts.facts import PlaceFacts
from app.queries.rollouts.folded import Folded
from app.queries.rollouts.timeline import Mark, Timelines
from app.queries.tasks.counted import Counted, spot_of
from app.rules.clock import count
from app.rules.tasks.filter_texts import query_of
from app.rules.tasks.filtering import SHARED, PlanFilter
from app.rules.tasks.progress import State
from app.rules.tasks.waiting import Spot
from app.web.rollouts.arrows import draw
from app.web.rollouts.bars import Ruler, diamond, mark_line, pennant, place_line, task_line
from app.web.site import Desk

MOST_PLACES: Final = 80
MOST_TASKS: Final = 60
MOST_LINES: Final = 150
Line = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """Who asks for what: the filter, the measure, the group that is opened, and the task whose arrows are drawn."""

    desk: Desk
    wanted: PlanFilter
    ruler: Ruler
    group: str
    entry: int
    weeks: Mapping[str, str]

    def href(self, **more: str) -> str:
        """The same page with something else opened."""
        query = query_of(self.wanted, **{**self.weeks, **more})
        return f"/rollouts/{self.desk.rollout.slug}/plan/timeline?{query}"


def overview(asked: Asked, found: Timelines) -> list[dict[str, Any]]:
    """The network and the waves, each with its places."""
    rollout = asked.desk.rollout
    places = [place for place in rollout.locations if not asked.wanted.wave or place.wave == asked.wanted.wave]
    closed = len(places) > MOST_PLACES
    at = {(one.location_id, one.wave if one.location_id is None else ""): one for one in found.folded}
    groups = []
    network = _network(asked, found, at.get((None, "")))
    if network["rows"] and not asked.wanted.wave:
        groups.append(network)
    waves = {id_: wave.title for id_, wave in rollout.playbook.waves.items()}
    waves[""] = "Without a wave" if rollout.goes_live else "Centres"
    for wave, title in waves.items():
        inside = [place for place in places if place.wave == wave]
        if inside and wave in (asked.wanted.wave, wave) and (not asked.wanted.wave or wave == asked.wanted.wave):
            groups.append(_wave(asked, found, wave, title, inside, at, closed=closed))
    return [group for group in groups if group["rows"]]


def _network(asked: Asked, found: Timelines, folded: Folded | None) -> dict[str, Any]:
    rows = []
    if folded:
        row = place_line(asked.ruler, "row-network", "Work of the network", [folded], asked.href(location=SHARED))
        rows.append({**row, "chain": _chain(asked, found, "")})
    rows += [
        mark_line(asked.ruler, f"row-{mark.entry}", mark)
        for mark in found.marks
        if mark.location_id is None and not mark.wave
    ]
    return _group("network", "For all centres", "", rows)


def _wave(
    asked: Asked,
    found: Timelines,
    wave: str,
    title: str,
    inside: Sequence[PlaceFacts],
    at: Mapping[tuple[int | None, str], Folded],
    *,
    closed: bool,
) -> dict[str, Any]:
    names = [at[key] for key in ((place.id, "") for place in inside) if key in at]
    shared = at.get((None, wave)) if wave else None
    rows: list[Line] = []
    if closed:
        rows.append(place_line(asked.ruler, f"row-wave-{wave}", title, names, asked.href(wave=wave)))
    else:
        rows += [_place(asked, found, place, at.get((place.id, ""))) for place in inside[:MOST_LINES]]
    if shared:
        rows.append(place_line(asked.ruler, f"row-of-{wave}", "For the wave", [shared], asked.href(location=SHARED)))
    marks = [mark for mark in found.marks if mark.location_id is None and mark.wave == wave and wave]
    rows += [mark_line(asked.ruler, f"row-{mark.entry}-{wave}", mark) for mark in marks]
    if rows:
        rows[0]["chain"] = _chain(asked, found, wave)
    left = len(inside) - MOST_LINES
    note = count(len(inside), "centre") + (f", {left} of them not drawn" if left > 0 and not closed else "")
    return _group(f"wave-{wave or 'none'}", title, note, rows)


def _place(asked: Asked, found: Timelines, place: PlaceFacts, folded: Folded | None) -> Line:
    href = asked.href(location=place.slug)
    row = place_line(asked.ruler, f"row-at-{place.slug}", place.name, [folded] if folded else [], href)
    gates = [diamond(asked.ruler, mark) for mark in found.marks if mark.kind == "gate" and mark.location_id == place.id]
    flag = pennant(asked.ruler, place.cutover.date()) if place.cutover else None
    return {**row, "gates": [one for one in gates if one], "flags": [] if flag is None else [flag]}


def _chain(asked: Asked, found: Timelines, wave: str) -> list[tuple[float, float]]:
    """The underline of the longest chain inside a wave."""
    bars = (asked.ruler.window.bar(first, last) for first, last in stretches(found.chains, wave))
    return [bar for bar in bars if bar]


def place_view(asked: Asked, found: Timelines) -> list[dict[str, Any]]:
    """The dated entries of a place, and its tasks by their groups; groups are closed where there are too many tasks."""
    rollout = asked.desk.rollout
    place = next((one for one in rollout.locations if one.slug == asked.wanted.location), None)
    marks = [mark for mark in found.marks if _belongs(mark, place)]
    rows = [mark_line(asked.ruler, f"row-{mark.entry}-{number}", mark) for number, mark in enumerate(marks)]
    groups = [_group("dates", "Gates and dates", "", rows)] if rows and found.tasks else []
    members: dict[str, list[Counted]] = {}
    for task in found.tasks:
        members.setdefault(top_group(rollout.playbook, task), []).append(task)
    closed = len(found.tasks) > MOST_TASKS
    for id_, tasks in members.items():
        groups.append(_tasks(asked, found, id_, tasks, closed=closed and id_ != asked.group))
    _draw(asked, found, groups)
    return groups


def _belongs(mark: Mark, place: PlaceFacts | None) -> bool:
    return mark.meant_for(place) if place else mark.location_id is None


def top_group(playbook: Playbook, task: Counted) -> str:
    """The outermost group a task lies in; its own id where it lies in none and `added` where somebody added it."""
    if task.row.added:
        return "added"
    entry = playbook.entries.get(task.row.entry)
    found = ""
    while entry is not None and (parent := getattr(entry, "parent", "")):
        found, entry = parent, playbook.entries.get(parent)
    return found


def _tasks(asked: Asked, found: Timelines, id_: str, tasks: Sequence[Counted], *, closed: bool) -> dict[str, Any]:
    playbook = asked.desk.rollout.playbook
    entry = playbook.entries.get(id_)
    title = entry.title if entry else "Added by hand" if id_ == "added" else "Other work"
    done = sum(task.state is State.DONE for task in tasks)
    if closed:
        parts = [Folded(None, "", Counter([(task.row.due, task.state)]), found.first[task.row.id]) for task in tasks]
        row = place_line(asked.ruler, f"row-group-{id_}", title, parts, asked.href(group=id_))
        return _group(f"group-{id_ or 'other'}", "", "", [row])
    rows = [_task(asked, found, task) for task in tasks[:MOST_LINES]]
    note = f"{done} of {len(tasks)} done" + (
        f", {len(tasks) - MOST_LINES} not drawn" if len(tasks) > MOST_LINES else ""
    )
    return _group(f"group-{id_ or 'other'}", title, note, rows)


def _task(asked: Asked, found: Timelines, task: Counted) -> Line:
    row = task_line(asked.ruler, task, found.first.get(task.row.id))
    spot = spot_of(task.row)
    longest = found.chains.longest
    if longest and spot in longest.work and row["bar"]:
        row["chain"] = [row["bar"]]
    selected = task.row.id == asked.entry
    if spot in found.chains.linked:
        row["select"] = asked.href(group=asked.group, entry="" if selected else str(task.row.id)) + f"#{row['id']}"
    return {**row, "selected": selected}


def _draw(asked: Asked, found: Timelines, groups: Sequence[dict[str, Any]]) -> None:
    """The arrows of the selected task, and in words what it waits for and what waits for it."""
    chosen = next((task for task in found.tasks if task.row.id == asked.entry), None)
    if chosen is None:
        return
    spot = spot_of(chosen.row)
    earlier = found.chains.before.get(spot, ())
    later = tuple(one for one, before in found.chains.before.items() if spot in before)
    ids: dict[Spot, list[str]] = {}
    for task in found.tasks:
        ids.setdefault(spot_of(task.row), []).append(f"row-{task.row.id}")
    own = f"row-{chosen.row.id}"
    lines = [line for group in groups for line in ([group] if group["title"] else []) + group["rows"]]
    draw(lines, [(id_, own) for one in earlier for id_ in ids.get(one, ())])
    draw(lines, [(own, id_) for one in later for id_ in ids.get(one, ())])
    line = next((line for line in lines if line["id"] == own), None)
    if line is not None:
        line["waits"] = " ".join(_waits(asked, earlier, later))


def _waits(asked: Asked, earlier: Sequence[Spot], later: Sequence[Spot]) -> Iterator[str]:
    for words, spots in (("Waits for", earlier), ("Before", later)):
        titles = list(dict.fromkeys(_title(asked, spot) for spot in spots))
        if titles:
            rest = f" and {len(titles) - 6} more" if len(titles) > 6 else ""
            yield f"{words} {', '.join(titles[:6])}{rest}."


def _title(asked: Asked, spot: Spot) -> str:
    entry = asked.desk.rollout.playbook.entries.get(spot.entry)
    return entry.title if entry else spot.entry


def _group(id_: str, title: str, note: str, rows: Sequence[Line]) -> dict[str, Any]:
    return {"id": id_, "title": title, "note": note, "rows": list(rows), "rails": [], "arms": []}
