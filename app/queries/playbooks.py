"""Stored playbooks: the list, one version, and the parsed object of a version without reading its text again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from app.errors import NotFound
from app.models import Location, Person, PlaybookVersion, Rollout
from app.plan import Playbook, Report
from app.plan.draft.versions import order_of
from app.plan.uploads import judged_after
from app.rules.people.access import Extent, Permission, Viewer
from app.rules.playbooks import parsed
from app.stored import playbook_of

# Half a megabyte each, that no list needs.
_TEXT: Any = PlaybookVersion.text


@dataclass(frozen=True)
class VersionLine:
    """One version of a playbook as a list shows it."""

    row: int
    playbook: str
    version: str
    title: str
    uploaded_at: datetime
    uploaded_by: str | None
    rollouts: tuple[str, ...]


@dataclass(frozen=True)
class VersionPage:
    """One stored version whole: the text as it came, and what it says."""

    row: int
    playbook: Playbook
    text: str
    sha256: str
    uploaded_at: datetime
    uploaded_by: str | None


def versions(session: Session, playbook_id: str = "") -> list[VersionLine]:
    """Every stored version, or those of one playbook, by playbook, the newest upload of each first. Three queries."""
    used = _used(session)
    statement = (
        select(PlaybookVersion, Person.name)
        .options(defer(_TEXT))
        .outerjoin(Person, col(Person.id) == col(PlaybookVersion.uploaded_by))
        .order_by(col(PlaybookVersion.playbook_id), col(PlaybookVersion.id).desc())
    )
    if playbook_id:
        statement = statement.where(PlaybookVersion.playbook_id == playbook_id)
    return [_version_line(row, name, tuple(used.get(row.id or 0, ()))) for row, name in session.exec(statement)]


def _used(session: Session) -> dict[int, list[str]]:
    """Titles of the rollouts that follow a version, as a whole or at one of their locations, by the version's key."""
    pinned = (
        select(Location.playbook_version_id, Rollout.title)
        .join(Rollout, col(Rollout.id) == col(Location.rollout_id))
        .where(col(Location.playbook_version_id).is_not(None))
        .distinct()
    )
    pairs = {*session.exec(select(Rollout.playbook_version_id, Rollout.title)), *session.exec(pinned)}
    used: dict[int, list[str]] = {}
    for version_id, title in sorted((key or 0, title) for key, title in pairs):
        used.setdefault(version_id, []).append(title)
    return used


@dataclass(frozen=True)
class Newest:
    """The highest stored version of a playbook: its number and what it says."""

    version: str
    playbook: Playbook


def newest_version(session: Session, playbook_id: str) -> Newest | None:
    """The highest version of a playbook that is here; None for a playbook that is new."""
    found = session.exec(
        select(PlaybookVersion.version, PlaybookVersion.id).where(PlaybookVersion.playbook_id == playbook_id)
    ).all()
    if not found:
        return None
    version, id_ = max(found, key=lambda pair: order_of(pair[0]))
    return Newest(version, playbook_of(session, id_ or 0))


def is_stored(session: Session, digest: str) -> bool:
    """Whether a text with this hash is kept under some version."""
    return session.exec(select(PlaybookVersion.id).where(PlaybookVersion.sha256 == digest).limit(1)).first() is not None


def _version_line(row: PlaybookVersion, name: str | None, rollouts: tuple[str, ...]) -> VersionLine:
    return VersionLine(row.id or 0, row.playbook_id, row.version, row.title, row.uploaded_at, name, rollouts)


def judged_beside(session: Session, data: bytes, report: Report) -> tuple[Report, Newest | None]:
    """What is wrong with a text, also against the newest version that is kept of the same playbook, and that version.

    None where there is none yet, or where this very text is kept already.
    """
    if report.playbook is None or is_stored(session, sha256(data).hexdigest()):
        return report, None
    newest = newest_version(session, report.playbook.id)
    return (judged_after(newest.playbook, report), newest) if newest else (report, None)


def followed(session: Session, version_id: int, rollouts: Extent) -> bool:
    """Whether one of these rollouts follows a version, as a whole or at one of its locations."""
    pinned = select(Location.rollout_id).where(Location.playbook_version_id == version_id)
    ids = {*session.exec(select(Rollout.id).where(Rollout.playbook_version_id == version_id)), *session.exec(pinned)}
    return any(id_ is not None and id_ in rollouts for id_ in ids)


def readable_version(session: Session, playbook_id: str, version: str, viewer: Viewer) -> VersionPage:
    """One version, for whoever keeps playbooks and for everybody in a rollout that follows it. Raises NotFound."""
    page = version_page(session, playbook_id, version)
    if not viewer.can(Permission.CHANGE_PLAYBOOK) and not followed(session, page.row, viewer.rollouts()):
        raise NotFound("playbook")
    return page


def version_page(session: Session, playbook_id: str, version: str) -> VersionPage:
    """One version. Raises NotFound."""
    found = session.exec(
        select(PlaybookVersion, Person.name)
        .outerjoin(Person, col(Person.id) == col(PlaybookVersion.uploaded_by))
        .where(PlaybookVersion.playbook_id == playbook_id, PlaybookVersion.version == version)
    ).one_or_none()
    if found is None:
        raise NotFound("playbook")
    row, uploader = found
    return VersionPage(row.id or 0, parsed(row.text), row.text, row.sha256, row.uploaded_at, uploader)
