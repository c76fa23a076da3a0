"""Playbooks: checked, kept, read and compared."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from app.actions.playbooks import upload_playbook
from app.api.callers import Caller, Db, OpeningEverywhereGuard
from app.api.describing import Responses, changing, reading
from app.api.fields import PlaybookId, PlaybookVersion
from app.api.guards import EverywhereGuard, Reader
from app.api.kinds import MEDIA_TYPE, MISTAKES, TOO_LARGE
from app.api.paging import Page, Paged, page_of
from app.api.playbook_shapes import (
    ChangeItem,
    Judged,
    Mistake,
    PlaybookItem,
    PlaybookWhole,
    ShippedPlaybook,
    ShippedPlaybooks,
    Wanted,
    mistake_facts,
)
from app.api.problems import Malformed
from app.api.reading import StrictRoute
from app.api.tags import answer, tagged
from app.plan.terms import MAX_BYTES
from app.plan.versions import changes
from app.queries.playbooks import VersionLine, VersionPage, judged_beside, readable_version, version_page, versions
from app.rules.people.access import Permission, Viewer
from app.rules.playbooks import checked
from app.shipped import shipped, shipped_text

router = APIRouter(tags=["playbooks"], route_class=StrictRoute)
Keeper = Annotated[Viewer, Depends(EverywhereGuard(Permission.CHANGE_PLAYBOOK))]
Judging = Annotated[Caller, Depends(OpeningEverywhereGuard(Permission.CHANGE_PLAYBOOK))]
YAML: Final = "application/yaml"
_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": f"The text of the playbook, in UTF-8, at most {MAX_BYTES // 1000} kB.",
        "content": {YAML: {"schema": {}, "example": 'muster: 1\nid: move\ntitle: The move\nversion: "1.0"\n'}},
    }
}
TEXT: Responses = {200: {"description": "The text as it came.", "content": {YAML: {"schema": {}}}}}


async def text_of_body(request: Request) -> bytes:
    """The body as it came. Raises Malformed for another kind of body."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != YAML:
        raise Malformed(f"Send the text as {YAML}.", "body", status=415)
    return await request.body()


Text = Annotated[bytes, Depends(text_of_body)]


@router.get("/playbooks", summary="The playbooks", response_model=Page[PlaybookItem], responses=reading())
def list_playbooks(viewer: Keeper, page: Paged, session: Db) -> Response:
    """Every version of every playbook."""
    return page_of(page, "playbooks", PlaybookItem, versions(session), lambda one: one.row, _line)


def _line(one: VersionLine) -> PlaybookItem:
    return PlaybookItem(
        id=one.row, playbook=one.playbook, version=one.version, title=one.title, uploaded_at=one.uploaded_at,
        uploaded_by=one.uploaded_by,
    )  # fmt: skip


@router.post(
    "/playbooks", summary="Keep a version", status_code=201, response_model=PlaybookWhole, openapi_extra=_BODY,
    responses=changing(MISTAKES, TOO_LARGE, MEDIA_TYPE),
)  # fmt: skip
def upload(request: Request, caller: Judging, text: Text) -> Response:
    """The same version with the same content is quiet; with other content, or a lower one, it is refused."""
    return _keep(request, caller, text)


def _keep(request: Request, caller: Caller, text: bytes) -> Response:
    checked(text)  # judged before the transaction that keeps it: a large text takes a while
    with caller.writing() as (session, viewer):
        row = upload_playbook(session, text, by=viewer, now=caller.now)
        session.flush()
        page = version_page(session, row.playbook_id, row.version)
    location = f"/api/v1/playbooks/{page.playbook.id}/{page.playbook.version}"
    return answer(request, _whole(page), status=201, location=location)


@router.post(
    "/playbooks/check", summary="Check a text", response_model=Judged, openapi_extra=_BODY,
    responses=changing(TOO_LARGE, MEDIA_TYPE),
)  # fmt: skip
def judge(request: Request, caller: Judging, text: Text) -> Response:
    """Every mistake at once, also those against the newest version that is kept. Nothing is kept."""
    report = checked(text)
    if report.playbook is not None:
        with caller.reading() as (session, _viewer):
            report, _ = judged_beside(session, text, report)
    mistakes = [Mistake(**mistake_facts(one)) for one in report.problems]
    return answer(request, Judged(ok=report.ok, mistakes=mistakes, more=report.more))


@router.get(
    "/playbooks/shipped", summary="Those that come with Muster", response_model=ShippedPlaybooks, responses=reading()
)
def list_shipped(request: Request, viewer: Keeper) -> Response:
    return answer(request, ShippedPlaybooks(playbooks=[ShippedPlaybook(**vars(one)) for one in shipped()]))


@router.post(
    "/playbooks/shipped", summary="Keep one that comes with Muster", status_code=201, response_model=PlaybookWhole,
    responses=changing(MISTAKES),
)  # fmt: skip
def keep_shipped(request: Request, caller: Judging, given: Wanted) -> Response:
    """As it is. Kept already is quiet."""
    return _keep(request, caller, shipped_text(given.name))


@router.get(
    "/playbooks/{playbook_id}/{version}", summary="One version", response_model=PlaybookWhole, responses=reading()
)
def show(request: Request, viewer: Reader, playbook_id: PlaybookId, version: PlaybookVersion, session: Db) -> Response:
    """For whoever keeps playbooks, and for everybody in a rollout that follows it."""
    return answer(request, _whole(readable_version(session, playbook_id, version, viewer)))


def _whole(page: VersionPage) -> PlaybookWhole:
    playbook = page.playbook
    return PlaybookWhole(
        id=page.row, playbook=playbook.id, version=playbook.version, title=playbook.title,
        uploaded_at=page.uploaded_at, uploaded_by=page.uploaded_by, sha256=page.sha256, summary=playbook.summary,
        weeks=playbook.length,
    )  # fmt: skip


@router.get("/playbooks/{playbook_id}/{version}/text", summary="Its text", responses={**reading(), **TEXT})
def show_text(
    request: Request, viewer: Reader, playbook_id: PlaybookId, version: PlaybookVersion, session: Db
) -> Response:
    """As it came, byte by byte."""
    page = readable_version(session, playbook_id, version, viewer)
    return tagged(request, page.text.encode(), f'"0-{page.sha256[:16]}"', media_type=f"{YAML}; charset=utf-8")


@router.get(
    "/playbooks/{playbook_id}/{version}/changes", summary="What changed since another version",
    response_model=Page[ChangeItem], responses=reading(),
)  # fmt: skip
def show_changes(
    viewer: Keeper,
    playbook_id: PlaybookId,
    version: PlaybookVersion,
    since: Annotated[str, Query(pattern=r"^[0-9]{1,5}\.[0-9]{1,5}$", description="The earlier version.")],
    page: Paged,
    session: Db,
) -> Response:
    """In the kinds that decide what an upgrade does."""
    old, new = version_page(session, playbook_id, since), version_page(session, playbook_id, version)
    found = [
        ChangeItem(id=no, kind=one.kind, section=one.section, entry=one.entry, key=one.key, old=one.old, new=one.new)
        for no, one in enumerate(changes(old.playbook, new.playbook), start=1)
    ]
    return page_of(page, "changes", ChangeItem, found, lambda one: one.id, lambda one: one)
