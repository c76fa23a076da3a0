"""The page of a session as values for its template."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from app.queries.training.session import Asked, SessionPage
from app.rules.clock import count, moment
from app.rules.rollouts.sentences import Part
from app.rules.training.standing import Standing
from app.web.training.shown import SESSION_STATES
from app.web.training.words import CLASHES, MARKS, catch_up_words, local, seats_words, span_words, standing_words


def shown(page: SessionPage, now: datetime) -> dict[str, Any]:
    """Everything but the frame."""
    row, zone = page.line.row, page.place.zone
    day, time = local(row.starts_at, zone)
    begun = row.starts_at <= now
    return {
        "session": _session(page, begun, now),
        "say": _say(page, begun),
        "fields": {
            "day": day,
            "time": time,
            "minutes": row.minutes,
            "seats": row.seats or "",
            "room": row.place,
            "trainer": row.trainer_id or "",
        },
        "begun": begun,
        "asked": [_asked(page, one, now) for one in page.asked or ()],
        "others": _others(page),
        "present": [one.id for one in page.asked or () if one.attended],
        "named": page.asked is not None,
        "may_hold": page.may_hold,
        "own": f"/training/people/{page.own.id}" if page.own else "",
        "history": [
            {
                "when": moment(one.at, zone, now),
                "instant": one.at.isoformat(),
                "who": one.who or "Muster",
                "what": f"{VERBS.get(one.verb.partition('.')[2], 'changed it')}.",
                "status": None,
            }
            for one in page.history
        ],
    }


def _session(page: SessionPage, begun: bool, now: datetime) -> dict[str, Any]:
    row, line, zone = page.line.row, page.line, page.place.zone
    state, label = SESSION_STATES[line.state]
    return {
        "id": line.id,
        "version": row.version,
        "title": page.demand.title,
        "place": page.place.name,
        "state": state,
        "state_label": label if line.state != "coming" or not begun else "To be noted",
        "when": span_words(row.starts_at, row.minutes, zone, now),
        "room": row.place,
        "trainer": line.trainer,
        "seats": seats_words(line),
        "recording": row.recording,
        "recorded": page.demand.recorded,
        "catch_up": catch_up_words(page.days, page.place.today(now)),
        "reason": row.called_off_reason if page.asked is not None else "",
        "topics": page.demand.topics,
        "clashes": [CLASHES[one] for one in line.clashes],
        "uninvited": line.uninvited,
    }


VERBS: Final = {
    "planned": "planned it",
    "changed": "changed it",
    "called_off": "called it off",
    "enrolled": "asked people to it",
    "unenrolled": "took somebody off its list",
    "invited": "sent the date",
    "held": "noted who was there",
    "corrected": "corrected who was there",
}


def _say(page: SessionPage, begun: bool) -> list[Part]:
    line, title = page.line, f"{page.demand.title} at {page.place.name}"
    if line.state == "off":
        return [Part(f"{title} was "), Part("called off", "void"), Part(".")]
    if line.state == "held":
        return [Part(f"{line.present} of {line.enrolled} came to the training {title}.")]
    if begun:
        return [Part(f"{title} has begun: "), Part("who is there", "risk"), Part("?")]
    return [Part(f"{count(line.enrolled, 'person is', 'people are')} asked to {title}.")]


_CAME: Final = {
    True: ("done", "Was there", ""), False: ("missed", "Was not there", ""), None: ("wait", "Enrolled", ""),
}  # fmt: skip


def _asked(page: SessionPage, one: Asked, now: datetime) -> dict[str, Any]:
    mark, word, rest = _CAME[one.attended]
    if one.progress is not None and one.attended is not None:
        found = standing_words(one.progress, page.demand, page.place.zone, now)
        if one.attended:
            mark, (word, rest) = MARKS[one.progress.standing], found
        else:
            rest = ", ".join(filter(None, found))
    mailed = "invited" if one.invited else "not invited" if one.has_email else "no e-mail"
    return {
        "id": one.id,
        "name": one.name,
        "href": f"/training/people/{one.id}",
        "mark": mark,
        "label": word,
        "said": rest,
        "about": ", ".join(filter(None, (one.shift, mailed))),
        "left": one.left,
    }


def _others(page: SessionPage) -> list[dict[str, Any]]:
    """Whom one may ask, those who need it first."""
    order = list(Standing)
    found = sorted(page.others or (), key=lambda pair: (order.index(pair[1].standing), pair[0].name))
    return [
        {"value": line.id, "label": line.name, "hint": _hint(standing.standing)}
        for line, standing in found
        if standing.standing is not Standing.PASSED
    ]


def _hint(standing: Standing) -> str:
    return {
        Standing.UNASKED: "not asked yet",
        Standing.MISSED: "missed a session",
        Standing.RECORDING: "owes the recording",
        Standing.ENROLLED: "has a seat in another session",
    }.get(standing, "was in a session")
