"""Uploading a playbook: the text is kept as it came, with its hash."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app.actions.events import record
from app.actions.loading import key_of
from app.errors import Forbidden, Refused
from app.models import PlaybookVersion
from app.plan import Playbook, load
from app.rules.access import Permission, Viewer


def upload_playbook(session: Session, data: bytes, *, by: Viewer, now: datetime) -> PlaybookVersion:
    """Keep a playbook. The same version with the same content is quiet.

    Raises PlaybookError with every mistake, and Refused for other content under a version that exists (V1) and for a
    version lower than the newest (V2). Nothing is kept then.
    """
    if not by.can(Permission.CHANGE_PLAYBOOK):
        raise Forbidden
    playbook = load(data)
    sha256 = hashlib.sha256(data).hexdigest()
    same = _kept(session, playbook, sha256)
    if same is not None:
        return same
    try:
        with session.begin_nested():
            return _keep(session, playbook.id, playbook.version, playbook.title, data, sha256, by, now)
    except IntegrityError:
        # Somebody else has uploaded this version at the same moment.
        same = _kept(session, playbook, sha256)
        if same is None:
            raise
        return same


def _kept(session: Session, playbook: Playbook, sha256: str) -> PlaybookVersion | None:
    """The version when it is here with this content; None when it may be added. Raises Refused (V1, V2)."""
    earlier = session.exec(
        select(PlaybookVersion).where(PlaybookVersion.playbook_id == playbook.id).order_by(col(PlaybookVersion.id))
    ).all()
    same = next((row for row in earlier if row.version == playbook.version), None)
    if same is not None and same.sha256 != sha256:
        raise Refused(f"V1: version {playbook.version} exists with other content; raise the version.")
    newest = max((_order(row.version) for row in earlier), default=(0, 0))
    if same is None and _order(playbook.version) < newest:
        raise Refused(f"V2: version {playbook.version} is lower than {newest[0]}.{newest[1]}, which is already here.")
    return same


def _order(version: str) -> tuple[int, int]:
    major, _, minor = version.partition(".")
    return int(major), int(minor)


def _keep(
    session: Session, playbook_id: str, version: str, title: str, data: bytes, sha256: str, by: Viewer, now: datetime
) -> PlaybookVersion:
    row = PlaybookVersion(
        playbook_id=playbook_id,
        version=version,
        title=title,
        text=data.decode(),
        sha256=sha256,
        uploaded_by=by.person,
        uploaded_at=now,
    )
    session.add(row)
    session.flush()
    after = {"playbook": playbook_id, "version": version, "sha256": sha256}
    record(session, "playbook.uploaded", ("playbook", key_of(row)), by=by, now=now, after=after)
    return row
