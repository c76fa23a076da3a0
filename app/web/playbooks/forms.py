"""What every form about playbooks sends: a text of up to half a megabyte, a file, and a few short fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, HTTPException, Request
from starlette.datastructures import FormData, UploadFile

from app.actions.people.sign_ins import note_sign_in, recognise
from app.errors import Forbidden
from app.plan.terms import MAX_BYTES
from app.rules.people.access import Permission, Viewer
from app.web.forms import one_line
from app.web.security import PLAYBOOK_LIMIT
from app.web.site import Base, Guard, Now, SignInWanted, Token

LONGEST = 300


@dataclass(frozen=True)
class Typed:
    """`text` with line ends as in a file; `file` is what was uploaded, empty where nothing was; `fields` the rest."""

    text: str
    file: bytes
    fields: Mapping[str, str]

    @property
    def data(self) -> bytes:
        return self.file or self.text.encode("utf-8", "replace")

    def number(self, name: str, otherwise: int = 1) -> int:
        """A small whole number of a field."""
        found = self.fields.get(name, "")
        return int(found) if found.isascii() and found.isdigit() and len(found) < 7 else otherwise


async def typed_playbook(request: Request) -> Typed:
    """The form, whole. Raises 422 for what no form of ours sends, 400 for a field that is too long."""
    try:
        async with request.form(max_files=1, max_fields=20, max_part_size=PLAYBOOK_LIMIT) as form:
            return await _typed(form)
    except (UnicodeError, LookupError, ValueError):  # a charset that names no encoding of text, control characters
        raise HTTPException(422) from None


async def _typed(form: FormData) -> Typed:
    text, file, fields = "", b"", {}
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            file = await value.read(MAX_BYTES + 1) if value.filename else b""
        elif name == "text":
            text = value.replace("\r\n", "\n")
        else:
            fields[name] = one_line(value) if len(value) <= LONGEST else ""
    return Typed(text, file, fields)


class KeeperGuard(Guard):
    """The guard of a route that judges a text: whoever may keep playbooks. It opens its own transactions, so that the
    time a large text takes holds nobody up. Typing is use: it keeps the sign-in alive.
    """

    permission = Permission.CHANGE_PLAYBOOK

    def __init__(self) -> None:
        super().__init__(self.permission)

    def __call__(self, base: Base, token: Token, now: Now) -> Viewer:  # type: ignore[override]
        with base.reading() as session:
            found = recognise(session, token, now=now) if token else None
        if found is None or token is None:
            raise SignInWanted
        if found.note:
            with base.writing() as session:
                note_sign_in(session, token, now=now)
        if not found.viewer.can(self.permission):
            raise Forbidden
        return found.viewer


Form = Annotated[Typed, Depends(typed_playbook)]
Keeper = Annotated[Viewer, Depends(KeeperGuard())]
