"""What each room of the rhythm has to say, in one sentence: for the whole network and for one place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.queries.figures.overview import baselines
from app.queries.lessons.list import sums_of
from app.queries.lessons.proposals import proposal_lines
from app.queries.meetings.lines import Wanted
from app.queries.meetings.list import meetings_page
from app.queries.presence.now import today_of
from app.queries.presence.rota import rota
from app.queries.presence.troubles import troubles
from app.queries.reconciliations.network import network_days
from app.queries.rollouts.facts import PlaceFacts
from app.queries.training.network import network
from app.queries.upgrades.deviations import deviations
from app.rules.clock import count
from app.rules.people.access import Extent
from app.rules.rollouts.sentences import Part
from app.web.figures.overview import baselines_sentence, place_sentence
from app.web.lessons.words import lessons_sentence
from app.web.meetings.list import sentence as meetings_sentence
from app.web.presence.address import rota_of
from app.web.presence.lines import rota_sentence
from app.web.reconciliations.words import sums_sentence
from app.web.rhythm.ways import FIGURES, LESSONS, MEETINGS, PRESENCE, RECONCILIATION, TRAINING
from app.web.site import Desk
from app.web.training.network import lead_sentence

Sentence = Sequence[Any]


def sentences(desk: Desk, session: Session, extent: Extent, now: datetime) -> Iterator[tuple[str, Sentence]]:
    """By the name of the room, and only of the rooms that the playbook fills."""
    rollout, book = desk.rollout, desk.rollout.playbook
    yield from _counted(desk, session, extent, now)
    if book.meetings:
        yield MEETINGS, meetings_sentence(meetings_page(session, rollout, Wanted(), 1, now), now)
    if book.coverage:
        yield PRESENCE, _rota(desk, session, extent, now)
    if book.figures:
        yield FIGURES, baselines_sentence(baselines(session, rollout, extent, 1))
    undecided = sum(not one.outcome for one in proposal_lines(session, rollout, desk.viewer))
    yield LESSONS, lessons_sentence(sums_of(session, rollout, desk.viewer), undecided)


def place_sentences(desk: Desk, session: Session, place: PlaceFacts, now: datetime) -> list[tuple[str, str, Sentence]]:
    """Of one location: name, address, sentence; what it changed of its own plan at the end."""
    here = Extent(False, frozenset({place.id}))
    narrow = replace(desk, rollout=desk.rollout.within(here))
    book, base = desk.rollout.book_at(place.id), f"/rollouts/{desk.rollout.slug}"
    at = f"{base}/locations/{place.slug}"
    hrefs = {TRAINING: f"{at}/training", RECONCILIATION: f"{at}/reconciliation"}
    found = [(label, hrefs[label], said) for label, said in _counted(narrow, session, here, now)]
    if book.coverage:
        found.append((PRESENCE, f"{rota_of(desk)}?location={place.slug}", _rota(narrow, session, here, now)))
    if book.figures:
        found.append((FIGURES, f"{at}/figures", place_sentence(session, narrow)))
    own, version = len(deviations(session, narrow.rollout)[place.id]), f"version {book.version} of the playbook"
    said = [Part(f"It follows {version}, unchanged.")]
    if own:
        said = [Part(count(own, "thing")), Part(f" {'is' if own == 1 else 'are'} done otherwise than {version} says.")]
    return [*found, ("Its own way", f"{base}/upgrades", said)]


def _counted(desk: Desk, session: Session, extent: Extent, now: datetime) -> Iterator[tuple[str, Sentence]]:
    rollout, book = desk.rollout, desk.rollout.playbook
    if book.training:
        yield TRAINING, lead_sentence(network(session, rollout, desk.viewer, now), now)
    if book.reconciliation:
        days = network_days(session, rollout, extent, "", 1, now)
        yield RECONCILIATION, sums_sentence(days.sums, "here", " of the last three weeks")


def _rota(desk: Desk, session: Session, extent: Extent, now: datetime) -> Sentence:
    known = rota(session, desk.rollout, extent, since=now)
    return rota_sentence(known, today_of(known, now), troubles(known, now), now)
