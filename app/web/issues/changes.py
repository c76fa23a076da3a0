"""Forms that change an issue. One address a change; those that another change outdates name the version they showed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.responses import Response

from app.actions.issues import changes, solving, talking
from app.errors import Invalid
from app.queries.issues.page import issue_page
from app.rules.tasks.mentions import mentioned
from app.web.forms import Line
from app.web.issues.identifiers import Confirmed, warned
from app.web.issues.page import IssueForm, Solving
from app.web.tasks.forms import Key, Typed, key_of
from app.web.told import Told

router = APIRouter()
Choice = Annotated[str, Form(max_length=80)]
Part = Annotated[str, Form(pattern=r"^([a-z]{0,20}|(note|file)-[0-9]{1,10})$")]
"""A text of the issue as its action names it, or a note or a file by its id: `note-3`."""


def _told(form: str, label: str, yours: str, **sent: str) -> Told:
    return Told(form=form, label=label, yours=yours, typed=sent, sent=tuple(sent.items()))


def _checked(
    form: IssueForm, told: Told, texts: dict[str, str], confirmed: str, go_on: Callable[[], Response]
) -> Response:
    """Stored only where nothing looks like a patient's data, or somebody says that it is none."""
    found = warned(texts, confirmed)
    if not found:
        return go_on()
    return form.answer(Told(form=told.form, typed=told.typed, warning=found))


@router.post("/issues/{issue_id}/acknowledgement")
def take(form: Solving) -> Response:
    return form.make(changes.acknowledge)


@router.post("/issues/{issue_id}/assignment")
def give(form: Solving, person: Key = "") -> Response:
    told = _told("give", "Who has it", "The person that you chose", person=person)
    return form.make_seen(changes.assign_issue, told, person=key_of(person))


@router.post("/issues/{issue_id}/waiting")
def wait(
    form: Solving, waits_for: Line = "", reason: Typed = "", stops: Choice = "", confirmed: Confirmed = ""
) -> Response:
    told = _told("wait", "What it waits for", f"{waits_for}: {reason}", waits_for=waits_for, reason=reason, stops=stops)

    def act() -> Response:
        given = {"waits_for": waits_for, "reason": reason, "stops_clock": stops == "yes"}
        return form.make_seen(changes.wait_on, told, **given)

    return _checked(form, told, {"waits_for": waits_for, "reason": reason}, confirmed, act)


@router.post("/issues/{issue_id}/going-on")
def go_on(form: Solving) -> Response:
    return form.make(changes.go_on)


@router.post("/issues/{issue_id}/solution")
def solve(form: Solving, cause: Typed = "", fix: Typed = "", confirmed: Confirmed = "") -> Response:
    told = _told("solve", "The solution", f"{cause} {fix}", cause=cause, fix=fix)

    def act() -> Response:
        return form.make_seen(solving.resolve_issue, told, cause=cause, fix=fix)

    return _checked(form, told, {"cause": cause, "fix": fix}, confirmed, act)


@router.post("/issues/{issue_id}/confirmation")
def confirm(form: Solving) -> Response:
    return form.make(solving.confirm_issue)


@router.post("/issues/{issue_id}/reopening")
def reopen(form: Solving, reason: Typed = "", confirmed: Confirmed = "") -> Response:
    told = _told("reopen", "Open again", reason, reason=reason)
    return _checked(
        form, told, {"reason": reason}, confirmed, lambda: form.make(solving.reopen_issue, told, reason=reason)
    )


@router.post("/issues/{issue_id}/judgement")
def judge(
    form: Solving, severity: Choice = "", kind: Choice = "", reason: Typed = "", confirmed: Confirmed = ""
) -> Response:
    told = _told("judge", "How bad it is", reason, severity=severity, kind=kind, reason=reason)

    def act() -> Response:
        return form.make_seen(changes.change_severity, told, severity=severity, kind=kind, reason=reason)

    return _checked(form, told, {"reason": reason}, confirmed, act)


@router.post("/issues/{issue_id}/escalation")
def escalate(form: Solving, reason: Typed = "", confirmed: Confirmed = "") -> Response:
    told = _told("escalate", "Tell the next one", reason, reason=reason)
    return _checked(
        form, told, {"reason": reason}, confirmed, lambda: form.make(changes.escalate_by_hand, told, reason=reason)
    )


@router.post("/issues/{issue_id}/notes")
def note(
    form: Solving,
    text: Typed = "",
    tell: Annotated[list[Key], Form(max_length=200)] = [],  # noqa: B006 (FastAPI copies it)
    token: Line = "",
    confirmed: Confirmed = "",
) -> Response:
    """The same form again is quiet: a second click, a phone that sends once more."""
    chosen = [key_of(one) or 0 for one in tell]
    told = Told(form="note", label="Your note", yours=text, typed={"text": text, "tell": chosen})

    def act() -> Response:
        return form.make(_say, told, text=text, chosen=chosen, token=token)

    return _checked(form, told, {"text": text}, confirmed, act)


def _say(*where: Any, text: str, chosen: list[int], token: str, **who: Any) -> object:
    """Whoever is called by name, or chosen from the list, is told."""
    session, issue_id = where
    readers = issue_page(session, issue_id, who["by"], who["now"]).readers
    found = mentioned(text, readers, chosen)
    if found.unclear:
        raise Invalid({"tell": f"Several people are called {found.unclear[0]}: choose whom you mean."})
    return talking.say(session, issue_id, text=text, tell_too=found.people, token=token, **who)


@router.post("/issues/{issue_id}/elsewhere")
def same_elsewhere(form: Solving, location: Key = "") -> Response:
    told = _told("elsewhere", "Also at another place", "The place that you chose", location=location)
    return form.make(talking.same_elsewhere, told, location_id=key_of(location))


@router.post("/issues/{issue_id}/redaction")
def redact(form: Solving, part: Part = "") -> Response:
    kind, _, number = part.partition("-")
    which = {f"{kind}_id": key_of(number)} if number else {}
    return form.make(talking.redact, Told(form="redact"), part=kind, **which)
