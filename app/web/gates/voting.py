"""Forms of the vote: it is opened and called off, votes are cast and taken back, the gate is decided."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Form
from starlette.responses import Response

from app.actions.gates.deciding import decide_gate
from app.actions.gates.voting import cast_vote, close_vote, open_vote, withdraw_vote
from app.rules.gates.voting import OUTCOME_WORDS, VOTE_WORDS
from app.web.forms import Password, RowId
from app.web.gates.page import Proving, Sending
from app.web.issues.identifiers import Confirmed, warned
from app.web.tasks.forms import Key, Seen, Typed, key_of
from app.web.told import Told

router = APIRouter()
Word = Annotated[str, Form(max_length=40)]
Role = Annotated[str, Form(pattern=r"^[a-z0-9-]{0,48}$")]


@router.post("/gates/{gate_id}/opening")
def open_it(form: Sending) -> Response:
    told = Told(form="open", label="The vote", yours="Open it")
    waits = form.waits()
    return form.make(open_vote, told, measure=form.measure, waits=waits, seen=form.seen)


@router.post("/gates/{gate_id}/closing")
def close_it(form: Sending) -> Response:
    return form.make(close_vote, Told(form="close", label="The vote", yours="Call it off"), seen=form.seen)


@router.post("/gates/{gate_id}/votes")
def cast(
    form: Proving,
    vote: Word = "",
    role: Role = "",
    comment: Typed = "",
    pack: Key = "",
    password: Password = "",
    confirmed: Confirmed = "",
) -> Response:
    typed = {"vote": vote, "role": role, "comment": comment}
    told = Told(form="cast", label="Your vote", yours=_word(VOTE_WORDS, vote), typed=typed)
    if found := warned({"comment": comment}, confirmed):
        return form.warned(Told(form="cast", typed=typed, warning=found))
    given = {"vote": vote, "role": role, "comment": comment, "pack": key_of(pack) or 0}
    return form.make(lambda inside: partial(cast_vote, measure=inside.measure), told, password, **given)


def _word(words: Mapping[Any, str], value: str) -> str:
    """The word for what was chosen; what is no choice as it was sent."""
    return words.get(value, value)


@router.post("/gates/{gate_id}/votes/{vote_id}/withdrawal")
def withdraw(form: Sending, vote_id: RowId) -> Response:
    return form.make(withdraw_vote, Told(form="withdraw", label="Your vote", yours="Take it back"), vote_id)


@router.post("/gates/{gate_id}/decision")
def decide(
    form: Proving,
    seen: Seen,
    outcome: Word = "",
    reason: Typed = "",
    pack: Key = "",
    password: Password = "",
    confirmed: Confirmed = "",
) -> Response:
    """The version is the key of the last decision that the form showed."""
    typed, sent = {"outcome": outcome, "reason": reason}, (("outcome", outcome), ("reason", reason), ("pack", pack))
    told = Told(form="decide", label="The decision", yours=_word(OUTCOME_WORDS, outcome), typed=typed, sent=sent)
    if found := warned({"reason": reason}, confirmed):
        return form.warned(Told(form="decide", typed=typed, warning=found))
    return form.make(
        lambda inside: partial(decide_gate, measure=inside.measure, waits=inside.waits()),
        told, password, outcome=outcome, reason=reason, pack=key_of(pack), seen=seen,
    )  # fmt: skip
