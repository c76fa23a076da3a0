"""Uploading a playbook: the text is kept as it came, with its hash."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.actions.events import record
from app.actions.loading import key_of
from app.errors import Forbidden, Refused
from app.models import Person, PlaybookVersion
from app.plan import Playbook, PlaybookError
from app.plan.draft.versions import next_minor, order_of
from app.plan.uploads import judged_after
from app.rules.people.access import Permission, Viewer
from app.rules.playbooks import checked, parsed


class VersionTaken(Refused):
    """Other content stands under the version (V1), or a higher one is here (V2).

    `stands` is the version that is in the way, `offer` the next one that is free.
    """

    def __init__(self, reason: str, stands: str, offer: str) -> None:
        super().__init__(reason)
        self.stands = stands
        self.offer = offer


def upload_playbook(session: Session, data: bytes, *, by: Viewer, now: datetime) -> PlaybookVersion:
    """Keep a playbook. The same version with the same content is quiet.

    Raises PlaybookError with every mistake, also those against the version before it (V5, M7), and VersionTaken for
    other content under a version that exists (V1) and for a version lower than the newest (V2). Nothing is kept then.
    """
    if not by.can(Permission.CHANGE_PLAYBOOK):
        raise Forbidden
    report = checked(data)
    playbook = report.playbook
    if playbook is None:
        raise PlaybookError(report)
    sha256 = hashlib.sha256(data).hexdigest()
    earlier = _earlier(session, playbook)
    same = _kept(session, earlier, playbook, sha256)
    if same is not None:
        return same
    if earlier:
        judged = judged_after(parsed(earlier[-1].text), report)
        if judged.playbook is None:
            raise PlaybookError(judged)
    try:
        with session.begin_nested():
            return _keep(session, playbook, data, sha256, by, now)
    except IntegrityError:
        # Somebody else has uploaded this version at the same moment.
        same = _kept(session, _earlier(session, playbook), playbook, sha256)
        if same is None:
            raise
        return same


def _earlier(session: Session, playbook: Playbook) -> list[PlaybookVersion]:
    """Every version of this playbook that is here, the lowest first."""
    found = session.exec(
        select(PlaybookVersion).where(PlaybookVersion.playbook_id == playbook.id).order_by(col(PlaybookVersion.id))
    )
    return sorted(found, key=lambda row: order_of(row.version))


def _kept(session: Session, earlier: list[PlaybookVersion], playbook: Playbook, sha256: str) -> PlaybookVersion | None:
    """The version when it is here with this content; None when it may be added. Raises VersionTaken."""
    version = playbook.version
    same = next((row for row in earlier if row.version == version), None)
    if same is not None and same.sha256 == sha256:
        return same
    newest = earlier[-1].version if earlier else "0.0"
    offer = next_minor(newest)
    if same is not None:
        by = session.get(Person, same.uploaded_by) if same.uploaded_by else None
        kept = f"version {version} of {by.name if by else 'Muster'} is here with other content"
        raise VersionTaken(f"V1: {kept}; raise the version, to {offer} for example.", version, offer)
    if order_of(version) < order_of(newest):
        reason = f"V2: version {version} is lower than {newest}, which is already here; make it {offer}, for example."
        raise VersionTaken(reason, newest, offer)
    return None


def _keep(session: Session, playbook: Playbook, data: bytes, sha256: str, by: Viewer, now: datetime) -> PlaybookVersion:
    row = PlaybookVersion(
        playbook_id=playbook.id,
        version=playbook.version,
        title=playbook.title,
        text=data.decode(),
        sha256=sha256,
        uploaded_by=by.person,
        uploaded_at=now,
    )
    session.add(row)
    session.flush()
    after = {"playbook": playbook.id, "version": playbook.version, "sha256": sha256}
    record(session, "playbook.uploaded", ("playbook", key_of(row)), by=by, now=now, after=after)
    return row
