"""An installation opens its own database, and no other."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from app.actions.installation import MARKER, first_run_token, open_installation
from app.db import Database
from app.errors import DatabaseProblem
from app.settings import Settings

NOW = datetime(2027, 1, 5, 15, tzinfo=UTC)


def settings(folder: Path, url: str) -> Settings:
    return Settings(data=folder, database_url=url)


def test_a_new_installation_gets_its_tables_and_remembers_them(bare_database_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    open_installation(settings(folder, bare_database_url), now=NOW).dispose()
    marked = (folder / MARKER).read_text()
    open_installation(settings(folder, bare_database_url), now=NOW).dispose()
    assert (folder / MARKER).read_text() == marked


def test_an_emptied_database_is_refused(bare_database_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    opened = open_installation(settings(folder, bare_database_url), now=NOW)
    with opened.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    opened.dispose()
    if bare_database_url.startswith("sqlite"):
        Path(bare_database_url.removeprefix("sqlite:///")).unlink()
    with pytest.raises(DatabaseProblem, match="missing"):
        open_installation(settings(folder, bare_database_url), now=NOW)
    if bare_database_url.startswith("sqlite"):
        assert not Path(bare_database_url.removeprefix("sqlite:///")).exists()


def test_an_empty_file_in_place_of_the_database_is_refused(tmp_path: Path) -> None:
    here = Settings(data=tmp_path)
    open_installation(here, now=NOW).dispose()
    for path in tmp_path.glob("muster.db*"):
        path.unlink()
    (tmp_path / "muster.db").touch()
    with pytest.raises(DatabaseProblem, match="missing"):
        open_installation(here, now=NOW)
    assert (tmp_path / "muster.db").stat().st_size in (0, 4096)


def test_a_newer_database_is_refused_and_left_alone(bare_database_url: str, tmp_path: Path) -> None:
    opened = open_installation(settings(tmp_path, bare_database_url), now=NOW)
    with opened.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseProblem, match="newer"):
        open_installation(settings(tmp_path, bare_database_url), now=NOW)
    with opened.engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "9999"
    opened.dispose()


def test_a_database_of_something_else_is_refused(bare_database_url: str, tmp_path: Path) -> None:
    database = Database(bare_database_url)
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE orders (id INTEGER)"))
    with pytest.raises(DatabaseProblem, match="something else"):
        open_installation(settings(tmp_path, bare_database_url), now=NOW)
    database.dispose()


def test_the_database_of_another_installation_is_refused(bare_database_url: str, tmp_path: Path) -> None:
    open_installation(settings(tmp_path / "one", bare_database_url), now=NOW).dispose()
    open_installation(Settings(data=tmp_path / "two"), now=NOW).dispose()
    with pytest.raises(DatabaseProblem, match="another installation"):
        open_installation(settings(tmp_path / "two", bare_database_url), now=NOW)


def test_a_database_that_cannot_be_reached_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(DatabaseProblem, match="cannot be reached"):
        open_installation(settings(tmp_path, f"sqlite:///{tmp_path}/no/such/folder/muster.db"), now=NOW)


def test_every_start_before_the_first_run_gives_a_link_and_none_after(bare_database_url: str, tmp_path: Path) -> None:
    from app.actions.people.first_run import first_run, first_run_open

    opened = open_installation(settings(tmp_path, bare_database_url), now=NOW)
    with opened.writing() as session:
        first, second = first_run_token(session, now=NOW), first_run_token(session, now=NOW)
    assert first is not None and second is not None
    with opened.writing() as session:
        assert first_run_open(session, first, now=NOW)
        first_run(session, second, name="Ada", email="Ada@Example.org", password="correct horse battery", now=NOW)
    with opened.writing() as session:
        assert first_run_token(session, now=NOW) is None
        assert not first_run_open(session, first, now=NOW)
    opened.dispose()


@pytest.mark.skipif(os.name == "nt", reason="rights of files are POSIX")
def test_the_data_folder_and_its_database_are_for_their_owner_only(tmp_path: Path) -> None:
    opened = open_installation(Settings(data=tmp_path / "data"), now=NOW)
    with opened.writing() as session:
        first_run_token(session, now=NOW)
        rights = {path.name: path.stat().st_mode & 0o777 for path in (tmp_path / "data").glob("muster.db*")}
    opened.dispose()
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    assert "muster.db" in rights and set(rights.values()) == {0o600}


def test_rubbish_in_place_of_the_database_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "muster.db").write_bytes(b"rubbish " * 2_000)
    with pytest.raises(DatabaseProblem, match="cannot be reached or read"):
        open_installation(Settings(data=tmp_path), now=NOW)
    assert (tmp_path / "muster.db").read_bytes() == b"rubbish " * 2_000
