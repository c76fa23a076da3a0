"""The answer to a form of training: on to the next page, or the same once more."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlmodel import Session
from starlette.responses import Response

from app.web.answers import see_other
from app.web.told import NOTHING, Told, attempted

Page = Callable[[Told], Response]


def answered(session: Session, form: str, typed: Mapping[str, Any], act: Callable[[], object], page: Page, to: str
             ) -> Response:  # fmt: skip
    """Make the change and go on to `to`; a refusal shows the page again, with what was typed in that form."""
    told = attempted(session, act, Told(form=form, typed=typed))
    return see_other(to) if told is NOTHING else page(told)
