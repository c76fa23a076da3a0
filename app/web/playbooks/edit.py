"""Writing a playbook in the browser: from nothing, from a shipped one, from any version; checked as one types."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from app.plan.draft.completions import completions, keys_of_line
from app.plan.draft.starter import STARTER
from app.plan.draft.versions import with_version
from app.queries.playbooks import newest_version, version_page
from app.shipped import shipped_text
from app.web.answers import is_fragment
from app.web.playbooks.editor import Draft, Said, checked_words, judged, keep, page
from app.web.playbooks.forms import Form, Keeper
from app.web.playbooks.pages import ListKeeper, PlaybookId, Version
from app.web.site import Base, Db, Now
from app.web.templating import html

router = APIRouter()
_VERSION = re.compile(r"[0-9]{1,5}\.[0-9]{1,5}")
Name = Annotated[str, Query(pattern=r"^[a-z0-9-]{0,60}$")]


@router.get("/playbooks/edit")
def begin(viewer: ListKeeper, session: Db, shipped: Name = "") -> Response:
    """The editor with a small valid playbook, or with one that comes with the product."""
    text = shipped_text(shipped).decode() if shipped else STARTER
    newest = newest_version(session, shipped) if shipped else None
    return page(viewer, Draft(text, shipped, newest.version if newest else ""), None, Said(), 200)


@router.get("/playbooks/{playbook_id}/{version}/edit")
def begin_from(viewer: ListKeeper, playbook_id: PlaybookId, version: Version, session: Db) -> Response:
    """The editor with the text of a stored version."""
    stored = version_page(session, playbook_id, version)
    newest = newest_version(session, playbook_id)
    return page(viewer, Draft(stored.text, playbook_id, newest.version if newest else ""), None, Said(), 200)


@router.post("/playbooks/edit")
def edit(request: Request, form: Form, viewer: Keeper, base: Base, now: Now) -> Response:
    """Check the text, show the keys of a line, raise its version, or keep it: which, says the button."""
    fields = form.fields
    draft = Draft(form.text, fields.get("playbook", ""), fields.get("seen", ""))
    raised = _VERSION.fullmatch(fields.get("raise", ""))
    if raised:
        draft = replace(draft, text=with_version(form.text, raised[0]))
    if raised or fields.get("do") == "keep":
        return keep(draft, draft.data, viewer, base, now)
    keys = keys_of_line(draft.text, form.number("line")) if fields.get("do") == "keys" else None
    said, found = Said(keys=keys), judged(draft, base)
    if is_fragment(request):
        return html("playbooks/_checked.html", listing=False, **checked_words(draft, found, said))
    return page(viewer, draft, found, said, 200)


@router.post("/playbooks/offers")
def offers(form: Form, _viewer: Keeper) -> Response:
    """What may be written at a place of the text, for the list under the caret."""
    found = completions(form.text, form.number("line"), form.number("column"))
    return html("playbooks/_offers.html", found=found)
