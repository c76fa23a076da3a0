"""Views of a plan under a name: one's own, and no two of the same name."""

from __future__ import annotations

import pytest
from sqlmodel import Session, select

from app.actions.rollouts.views import MOST, delete_filter, rename_filter, save_filter
from app.db import Database
from app.errors import Invalid, NotFound, Refused
from app.models import SavedFilter
from app.queries.tasks.views import views
from tests.cast import NOW, Cast


def keep(session: Session, cast: Cast, name: str, query: str = "state=late", who: str = "dir") -> SavedFilter:
    return save_filter(session, cast.rollout, name=name, query=query, by=cast.viewer(session, who), now=NOW)


def names(session: Session, cast: Cast, who: str = "dir") -> list[tuple[str, str]]:
    return [(one.name, one.query) for one in views(session, cast.rollout, cast.people[who])]


def test_views_are_kept_by_name_for_oneself(db: Database, running: Cast) -> None:
    with db.writing() as session:
        keep(session, running, "  My   late ones ")
        keep(session, running, "Alder", "location=alder")
        keep(session, running, "Alder", "location=alder&state=all", who="chA")
        assert names(session, running) == [("Alder", "location=alder"), ("My late ones", "state=late")]
        assert names(session, running, "chA") == [("Alder", "location=alder&state=all")]
        assert names(session, running, "chB") == []


def test_the_same_is_quiet_and_another_of_that_name_is_told(db: Database, running: Cast) -> None:
    with db.writing() as session:
        first = keep(session, running, "Late")
        assert keep(session, running, "Late").id == first.id
        with pytest.raises(Invalid, match="You have a view called Late already"):
            keep(session, running, "Late", "state=all")
        second = keep(session, running, "All", "state=all")
        with pytest.raises(Invalid, match="called Late already"):
            rename_filter(session, second.id or 0, name="Late", by=running.viewer(session, "dir"), now=NOW)
        assert (
            rename_filter(session, second.id or 0, name="All", by=running.viewer(session, "dir"), now=NOW).name == "All"
        )
        rename_filter(session, second.id or 0, name="Every one", by=running.viewer(session, "dir"), now=NOW)
        assert [name for name, _ in names(session, running)] == ["Every one", "Late"]


def test_nobody_touches_the_view_of_somebody_else(db: Database, running: Cast) -> None:
    with db.writing() as session:
        row = keep(session, running, "Late")
        for who in ("opm", "chA", "adm"):
            by = running.viewer(session, who)
            with pytest.raises(NotFound):
                rename_filter(session, row.id or 0, name="Mine", by=by, now=NOW)
            with pytest.raises(NotFound):
                delete_filter(session, row.id or 0, by=by, now=NOW)
        delete_filter(session, row.id or 0, by=running.viewer(session, "dir"), now=NOW)
        session.flush()
        assert session.exec(select(SavedFilter)).all() == []


def test_who_sees_no_plan_keeps_no_view(db: Database, running: Cast) -> None:
    with db.writing() as session:
        for who in ("ch0", "adm"):
            with pytest.raises(NotFound):
                keep(session, running, "Late", who=who)
        for name in ("", "x" * 61, "tab\x00"):
            with pytest.raises(Invalid):
                keep(session, running, name)


def test_views_are_not_without_bound(db: Database, running: Cast) -> None:
    with db.writing() as session:
        for number in range(MOST):
            keep(session, running, f"View {number}")
        with pytest.raises(Refused):
            keep(session, running, "One more")
