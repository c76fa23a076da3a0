"""Uploading playbooks: kept as they came, or refused whole."""

from __future__ import annotations

import pytest
from sqlmodel import func, select

from app.actions.playbooks import upload_playbook
from app.actions.rollouts.drafting import draft_rollout
from app.db import Database
from app.errors import Forbidden, Refused
from app.models import Event, PlaybookVersion
from app.plan import PlaybookError
from tests.cast import NOW, PLAYBOOK, Cast


def test_a_playbook_is_kept_as_it_came_and_once(db: Database, people: Cast) -> None:
    with db.writing() as session:
        by = people.viewer(session, "dir")
        rows = [upload_playbook(session, PLAYBOOK.encode(), by=by, now=NOW) for _ in range(2)]
        assert rows[0].id == rows[1].id
        assert (rows[0].text, rows[0].playbook_id, rows[0].version) == (PLAYBOOK, "two-sites", "1.0")
        assert len(session.exec(select(Event).where(Event.verb == "playbook.uploaded")).all()) == 1


def test_other_content_and_lower_versions_are_refused(db: Database, people: Cast) -> None:
    with db.writing() as session:
        by = people.viewer(session, "dir")
        upload_playbook(session, PLAYBOOK.replace('"1.0"', '"1.10"').encode(), by=by, now=NOW)
        with pytest.raises(Refused, match="V1"):
            upload_playbook(
                session, PLAYBOOK.replace('"1.0"', '"1.10"').replace("Garden", "Yard").encode(), by=by, now=NOW
            )
        with pytest.raises(Refused, match="V2"):
            upload_playbook(session, PLAYBOOK.replace('"1.0"', '"1.9"').encode(), by=by, now=NOW)
        upload_playbook(session, PLAYBOOK.replace('"1.0"', '"2.0"').encode(), by=by, now=NOW)
        assert session.exec(select(func.count()).select_from(PlaybookVersion)).one() == 2


def test_a_playbook_with_mistakes_is_refused_whole(db: Database, people: Cast) -> None:
    with db.writing() as session:
        with pytest.raises(PlaybookError) as refusal:
            upload_playbook(session, b"muster: 1\nid: x\n", by=people.viewer(session, "dir"), now=NOW)
        assert refusal.value.report.errors
        assert session.exec(select(PlaybookVersion)).all() == []


@pytest.mark.parametrize("who", ["opm", "cto", "chA", "ch0", "exe", "adm"])
def test_only_the_director_uploads_and_drafts(db: Database, drafted: Cast, who: str) -> None:
    with db.writing() as session:
        by = drafted.viewer(session, who)
        with pytest.raises(Forbidden):
            upload_playbook(session, PLAYBOOK.encode(), by=by, now=NOW)
        with pytest.raises(Forbidden):
            draft_rollout(session, title="X", playbook_version_id=drafted.playbook, by=by, now=NOW)
