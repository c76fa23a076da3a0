"""The sentence a page opens with: a stranger could act on it. Pure: facts in, parts of a sentence out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from app.rules.clock import in_days, spelled
from app.rules.rollouts.readiness import Bar, BarState, Roll, Stand

STAND_IN_SENTENCE: Final = {
    Stand.LIVE: "live",
    Stand.NOT_READY: "not ready",
    Stand.RISK: "at risk",
    Stand.READY: "ready",
    Stand.TRACK: "on track",
    Stand.STALE: "out of date",
    Stand.TODO: "not started",
}


@dataclass(frozen=True)
class Part:
    """A piece of a sentence; with a status it is the one coloured phrase."""

    text: str
    status: str = ""


@dataclass(frozen=True)
class Standing:
    """A location as a sentence needs it: its opening in the zone of the place, how it stands, its roll, and whether it
    has left its first weeks behind.
    """

    name: str
    opening: datetime | None
    today: date
    stand: Stand
    roll: Roll | None
    handed: bool = False


def _gravest(standings: Sequence[Standing]) -> Standing:
    order = (Stand.NOT_READY, Stand.RISK, Stand.STALE, Stand.TODO, Stand.TRACK, Stand.READY, Stand.LIVE)
    return min(standings, key=lambda one: order.index(one.stand))


def soonest(standings: Sequence[Standing]) -> list[Standing]:
    """The locations that open next: all of the earliest day."""
    ahead = [one for one in standings if one.stand is not Stand.LIVE and one.opening is not None]
    first = min((one.opening.date() for one in ahead if one.opening), default=None)
    return [one for one in ahead if one.opening and one.opening.date() == first]


def board_sentence(standings: Sequence[Standing]) -> list[Part]:
    """The director's sentence: who opens next, when, and how they stand."""
    if not standings:
        return [Part("No centre belongs to this rollout yet.")]
    opening = soonest(standings)
    if not opening:
        return _nothing_ahead(standings)
    worst = _gravest(opening)
    state = Part(STAND_IN_SENTENCE[worst.stand], worst.stand.value)
    return [*_who_opens(opening, worst), state, Part("." + _in_the_way(worst))]


def _nothing_ahead(standings: Sequence[Standing]) -> list[Part]:
    live = sum(one.stand is Stand.LIVE for one in standings)
    if live == len(standings):
        whole = "The one centre is " if live == 1 else f"All {spelled(live).lower()} centres are "
        return [Part(whole), Part("live", Stand.LIVE.value), Part(f"{_handed(standings)}.")]
    if len(standings) == 1:
        return [Part("The one centre has no date to open yet.")]
    waiting, of = len(standings) - live, spelled(len(standings)).lower()
    return [Part(f"{spelled(waiting)} of {of} centres {'has' if waiting == 1 else 'have'} no date to open yet.")]


def _handed(standings: Sequence[Standing]) -> str:
    """How many of those that are live were handed over: `; two are handed over`, ` and handed over`."""
    live = [one for one in standings if one.stand is Stand.LIVE]
    number = sum(one.handed for one in live)
    if not number or number == len(live):
        return " and handed over" if number else ""
    return f"; {spelled(number).lower()} {'is' if number == 1 else 'are'} handed over"


def _who_opens(opening: Sequence[Standing], worst: Standing) -> list[Part]:
    when = in_days(worst.opening.date(), worst.today) if worst.opening else "soon"
    if len(opening) == 1:
        return [Part(f"{worst.name} opens on the new system {when} and is ")]
    return [Part(f"{spelled(len(opening))} centres open on the new system {when}; {worst.name} is ")]


def _in_the_way(one: Standing) -> str:
    if one.roll is None or not one.roll.bars:
        return ""
    if one.roll.vetoes:
        stand = "criterion stands" if one.roll.vetoes == 1 else "criteria stand"
        return f" {spelled(one.roll.vetoes)} {stand} in the way."
    if one.stand is Stand.READY:
        return " Nothing stands in the way."
    if len(one.roll.bars) == 1:
        return " Its one criterion is still open."
    still, of = one.roll.in_the_way, spelled(len(one.roll.bars)).lower()
    return f" {spelled(still)} of {of} criteria {'is' if still == 1 else 'are'} still open."


def readiness_sentence(standings: Sequence[Standing]) -> list[Part]:
    """The executive's sentence: how many are live, and how the next ones stand."""
    if not standings:
        return [Part("No centre belongs to this rollout yet.")]
    live = sum(one.stand is Stand.LIVE for one in standings)
    if not live or live == len(standings):
        return board_sentence(standings)
    verb = "is" if live == 1 else "are"
    of = spelled(len(standings)).lower()
    head = [Part(f"{spelled(live)} of {of} centres {verb} "), Part("live", Stand.LIVE.value)]
    opening = soonest(standings)
    if not opening:
        return [*head, Part(f"{_handed(standings)}. The others have no date to open yet.")]
    return [*head, Part(f"{_handed(standings)}. "), *board_sentence(standings)]


def why_words(stand: Stand, roll: Roll | None, holders: Sequence[str] = ()) -> str:
    """One line for a centre: what stands in the way first, and who holds it."""
    if roll is None or not roll.bars:
        return "Nothing is asked of it by a gate yet."
    worst = [bar for bar in roll.bars if bar.state is BarState.VETO] or [
        bar for bar in roll.bars if bar.state is BarState.RISK
    ]
    if worst:
        return f"{_listed(worst, holders)}."
    if stand is Stand.READY:
        return f"Every criterion of {roll.title} is met{' or waived' if roll.waived else ''}."
    rest = f"{roll.unknown} cannot be measured yet" if roll.unknown else "none in trouble"
    return f"{roll.title}: {roll.met} of {len(roll.bars)} criteria met, {rest}."


def _listed(bars: Sequence[Bar], holders: Sequence[str]) -> str:
    """The first two, the first one with who holds its work."""
    shown = [f"{bar.title}, {bar.said}" for bar in bars[:2]]
    shown[0] += f" ({holders[0]})" if holders else ""
    return "; ".join([*shown, *([f"and {len(bars) - 2} more"] if len(bars) > 2 else [])])
